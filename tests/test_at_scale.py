"""A snapshot counted on Spark: the same answers as ``run`` on the same folder."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from bibliometrics import cli
from bibliometrics.at_scale import count_snapshot
from bibliometrics.attribution.institutions import load_registry
from bibliometrics.counting.cooccurrence import pairs
from bibliometrics.errors import StudyError
from bibliometrics.pipeline import Plan, make_edition
from bibliometrics.study.model import Study
from conftest import with_options
from spark_fixture import spark  # noqa: F401

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.filterwarnings("ignore")

PLACES = [
    ("School of Software, Tsinghua University, Beijing, China", "CN"),
    ("Tsinghua University, Beijing 100084, China", "CN"),
    ("Dept. of Automation, Shanghai Jiao Tong University, Shanghai, China", "CN"),
    ("Institute of Automation, Chinese Academy of Sciences, Beijing, China", "CN"),
    ("Unheard-of Works, Beijing, China", "CN"),
    ("Massachusetts Institute of Technology, Cambridge, MA, United States", "US"),
    ("MIT, Cambridge, MA 02139, USA", "US"),
    ("University of Hong Kong, Hong Kong", "HK"),
]


def works(number: int) -> list[dict[str, object]]:
    chance = random.Random(4)
    made = []
    for serial in range(number):
        authors = []
        for position in range(chance.randint(1, 4)):
            strings = chance.sample(PLACES, chance.choice([0, 1, 1, 1, 2]))
            authors.append(
                {
                    "author": {"id": f"https://openalex.org/A{position}"},
                    "countries": [code for _, code in strings],
                    "raw_affiliation_strings": [text for text, _ in strings],
                    "is_corresponding": position == 0 and serial % 3 > 0,
                }
            )
        made.append(
            {
                "id": f"https://openalex.org/W{serial}",
                "doi": f"https://doi.org/10.5555/t.{serial // 2 if serial % 9 == 1 else serial}",
                "title": f"Machine learning of kind {serial}",
                "publication_year": 2008 + serial % 12,
                "type": "article",
                "simulated": True,
                "primary_location": {"source": {"type": "journal", "display_name": "Invented"}},
                "authorships": authors,
                "authors_count": len(authors) + (serial % 10 == 0),
            }
        )
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("snapshot")
    made = works(160)
    parts = {"2024-01-01": made[:90], "2024-03-01": made[70:]}
    for day, of in parts.items():
        place = top / "works" / f"updated_date={day}"
        place.mkdir(parents=True)
        lines = "".join(json.dumps(work, ensure_ascii=False) + "\n" for work in of)
        (place / "part_000.gz").write_bytes(gzip.compress(lines.encode(), mtime=0))
    return top


def test_the_same_totals_and_pairs_as_the_pipeline(
    folder: Path,
    flagship: Study,
    tmp_path: Path,
    spark: SparkSession,  # noqa: F811
) -> None:
    made = make_edition(Plan(flagship, "e", (), (folder,)))
    scaled = count_snapshot(spark, str(folder), flagship, load_registry(), str(tmp_path / "out"))
    assert scaled.papers == len(made.corpus.papers) > 50
    assert scaled.counted == made.counts.counted
    key = ["counting", "year", "institution_id", "denominator"]

    def ordered(totals: pd.DataFrame) -> pd.DataFrame:
        return totals.sort_values(key, ignore_index=True)

    pd.testing.assert_frame_equal(ordered(scaled.totals), ordered(made.counts.totals))
    cut = made.corpus.papers.loc[made.corpus.papers["is_cut"] == 1, "paper_id"]
    tying = made.counts.credits[~made.counts.credits["paper_id"].isin(cut)]
    pd.testing.assert_frame_equal(scaled.pairs, pairs(tying))
    assert scaled.entities == made.credited.entities


def test_lines_that_are_no_work_are_set_aside_counted_and_cost_only_themselves(
    folder: Path,
    flagship: Study,
    tmp_path: Path,
    spark: SparkSession,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = count_snapshot(spark, str(folder), flagship, load_registry(), str(tmp_path / "whole"))
    assert whole.quarantined == {}
    damaged = tmp_path / "damaged"
    place = damaged / "updated_date=2024-05-01"
    place.mkdir(parents=True)
    for path in sorted(folder.rglob("*.gz")):
        target = damaged / path.parent.name
        target.mkdir(exist_ok=True)
        target.joinpath(path.name).write_bytes(path.read_bytes())
    broken = [
        '{"title": "of something else, whole"}',
        '{"id": "https://openalex.org/W9", "title": "Machine learning, cut in',
        '"machine learning is no work"',
        json.dumps({**works(1)[0], "authorships": "machine learning"}),
        '{"title": "of something else, cut in',
        "",
    ]
    lines = "\n".join(broken).encode() + b"\n"
    (place / "part_000.gz").write_bytes(gzip.compress(lines, mtime=0))
    study = Path("queries/cingai-2020.toml").resolve()
    asked = ["count-snapshot", str(study), "--snapshot", str(damaged), "--out", str(tmp_path / "o")]
    assert cli.main([*asked, "--strict"]) == 1
    told = capsys.readouterr()
    assert f"{whole.papers:,} papers" in told.out
    assert "1 line set aside: not JSON" in told.err
    read = {name: pd.read_csv(tmp_path / "o" / f"snapshot_{name}.csv")
            for name in ("counts", "ties", "quarantine")}  # fmt: skip
    assert dict(zip(read["quarantine"]["reason"], read["quarantine"]["lines"], strict=True)) == {
        "not JSON": 1, "not a work": 1, "not as OpenAlex writes a work": 1,
    }  # fmt: skip
    assert read["ties"]["papers"].sum() == whole.pairs["papers"].sum()
    full = read["counts"][read["counts"]["counting"] == "full"].set_index("institution_id")
    wanted = whole.totals[whole.totals["counting"] == "full"].groupby("institution_id")
    assert full["papers"].to_dict() == {
        name: papers for name, papers in wanted["numerator"].sum().items() if name
    }
    aside = spark.read.parquet(str(tmp_path / "o" / "corpus" / "quarantine")).toPandas()
    assert {Path(path).parent.name for path in aside["path"]} == {"updated_date=2024-05-01"}
    # Lines that are passed over are counted on the way, as a person counts them in the file.
    assert dict(zip(aside["line"], aside["raw"], strict=True)) == {
        number: broken[number - 1] for number in (2, 3, 4)
    }


def test_what_needs_all_strings_of_a_paper_is_refused(
    folder: Path,
    flagship: Study,
    tmp_path: Path,
    spark: SparkSession,  # noqa: F811
) -> None:
    study = with_options(flagship, roll_up={"campuses": "as_in_scopus"})
    with pytest.raises(StudyError, match="cannot be computed on Spark"):
        count_snapshot(spark, str(folder), study, load_registry(), str(tmp_path / "out"))
