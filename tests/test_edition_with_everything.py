"""An edition with all that can stand beside a study: decisions that join and settle, a ROR registry,
claims of one's own, an audit, a delineation. It is verified, packed, rebuilt and compared."""

from __future__ import annotations

import csv
import json
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from bibliometrics import schema, store
from bibliometrics.cli import main
from bibliometrics.editions import stored
from bibliometrics.editions.replication import TABLES
from comparison_fixture import HARBIN, TSINGHUA, paper
from conftest import ROOT
from spark_fixture import spark  # noqa: F401
from test_ror import own_id, second, written

COLLEGE = "School of Robots, Wholly Unlisted College of Testing, Beijing, China"
WORKS = "Unheard-of Works, Harbin, China"
NORTH = "Institute of Machines, University of Northfield, Northfield, Canada"
SPELT = "Polar Robotics Centre, Northfield, Canada"
STUDY = "cingai-2020"


def fill(form: Path, **cells: str) -> None:
    with form.open(encoding="utf-8", newline="") as lines:
        rows = [row | cells for row in csv.DictReader(lines)]
    with form.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def rows_of(number: int) -> list[dict[str, str]]:
    """Three papers of everybody, and ``number`` of Tsinghua alone."""
    return [
        paper(1, TSINGHUA, NORTH), paper(2, HARBIN, COLLEGE, SPELT), paper(3, WORKS, TSINGHUA),
        *(paper(10 + n, TSINGHUA) for n in range(number)),
    ]  # fmt: skip


def decide(home: Path, *lines: str) -> None:
    head = "affiliation,country,institution_ids,decided_by,decided_on,reason\n"
    text = head + "".join(f"{line}\n" for line in lines)
    (home / "queries" / f"{STUDY}.decisions.csv").write_text(text, encoding="utf-8")


JOINED = "x-ca-polar-robotics-center,,x-ca-university-of-northfield,Li Wei,2026-11-24,one house"
SETTLED = f'"{WORKS}",CN,harbin-institute-of-technology,Li Wei,2026-11-24,"{WORKS} says so"'


def prepare(home: Path) -> None:
    queries = home / "queries"
    queries.mkdir()
    text = (ROOT / "queries" / f"{STUDY}.toml").read_text(encoding="utf-8")
    text = text.replace("[institutions]", '[institutions]\nregistry_file = "ror.jsonl"', 1)
    text = text.replace("rank_floor = 100", "rank_floor = 1")
    (queries / f"{STUDY}.toml").write_text(text, encoding="utf-8")
    record = second(1, "Wholly Unlisted College of Testing", "Beijing", country="CN")
    written(queries / "ror.jsonl", [record], "lines")
    (queries / f"{STUDY}.claims.csv").write_text(
        "claim_id,value,computation,of\nmine,2,papers,tsinghua-university\n", encoding="utf-8"
    )
    decide(home, JOINED, SETTLED)


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the edition ``e``, made after its draft was audited and delineated."""
    home = tmp_path_factory.mktemp("everything")
    prepare(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        run = ["run", STUDY, "--input", str(write(home / "scopus.csv", rows_of(2))), "--edition"]
        assert main([*run, "draft"]) == 0
        assert main(["audit", STUDY, "--size", "50"]) == 0
        form = home / "queries" / f"{STUDY}.audit-first.csv"
        fill(form, institution_ids="tsinghua-university", marked_by="Zhao", marked_on="2026-11-24")
        assert main(["audit", STUDY, "--read", str(form)]) == 0
        assert main(["delineate", STUDY, "--out", "form.csv"]) == 0
        fill(Path("form.csv"), about="yes", marked_by="Qian", marked_on="2026-11-24")
        assert main(["delineate", STUDY, "--read", "form.csv"]) == 0
        assert main([*run, "e"]) == 0
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copied = tmp_path / "home"
    shutil.copytree(made, copied)
    monkeypatch.chdir(copied)
    return copied


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "outputs" / STUDY / "e"


def test_it_is_verified_from_its_records(
    home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("audit", "delineation", "claims"):
        assert len(pd.read_csv(folder / "tables" / f"{name}.csv")) > 0, name
    ranking = pd.read_csv(folder / "tables" / "ranking.csv").set_index("institution_id")
    assert ranking.loc[f"ror-{own_id(1)}", "papers"] == 1
    partners = pd.read_csv(folder / "tables" / "partners.csv").set_index("partner_id")
    assert partners["papers"].to_dict() == {"x-ca-polar-robotics-center": 2}
    # What stands beside the study now is not asked: the edition keeps its own.
    for path in (home / "queries").glob("*.csv"):
        path.unlink()
    capsys.readouterr()
    assert main(["verify", "e", "--input", "scopus.csv"]) == 0, capsys.readouterr().out
    assert "identical, every file, from its records" in capsys.readouterr().out
    assert main(["verify", "e"]) == 0


@pytest.mark.filterwarnings("ignore")
def test_it_is_verified_on_spark(
    folder: Path,
    spark: object,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    assert main(["verify", "e", "--input", "scopus.csv", "--engine", "spark"]) == 0
    assert "identical, every file, from its records" in capsys.readouterr().out


def test_without_its_records_the_engine_has_nothing_to_count(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["verify", "e", "--engine", "spark"]) == 0
    told = capsys.readouterr()
    assert "nothing is counted on spark" in told.out + told.err
    assert "its figures follow from its corpus" in told.out


@pytest.mark.parametrize("public", [True, False])
def test_its_package_carries_the_marks_and_rebuilds_the_same_hashes(
    folder: Path,
    home: Path,
    capsys: pytest.CaptureFixture[str],
    public: bool,
) -> None:
    flag = ["--public"] if public else []
    assert main(["package", "e", *flag, "--out", "p.zip"]) == 0
    with zipfile.ZipFile(home / "p.zip") as packed:
        inside = {name: packed.read(name) for name in packed.namelist()}
    told = json.loads(inside["package.json"])
    assert {"audit", "delineation", "attribution_error"} <= told["tables"].keys()
    assert {row["marked_by"] for row in told["delineation"]} == {"Qian"}
    assert inside["audit.csv"].decode().count("Zhao") == len(
        pd.read_csv(folder / "tables" / "attribution.csv")
    )
    for table in TABLES:
        assert (
            inside[f"tables/{table.name}.csv"] == (folder / "tables" / table.file_name).read_bytes()
        ), table.name
    texts = "\n".join(text.decode() for name, text in inside.items() if not name.endswith(".gz"))
    titles = set(store.read_parquet(folder / "corpus", schema.PAPERS)["title"])
    assert not any(title in texts for title in titles)
    for address in (TSINGHUA, COLLEGE, WORKS, NORTH, SPELT, "School of Robots"):
        assert (address in texts) is not public, address
    mine = write(home / "mine.csv", [*rows_of(2), paper(50, HARBIN)])
    for path in (home / "queries").glob("*.csv"):
        path.unlink()
    capsys.readouterr()
    assert main(["verify", "p.zip", "--input", str(mine)]) == 0, capsys.readouterr().out
    assert "every table is rebuilt, identical, from 5 papers" in capsys.readouterr().out


def test_two_of_them_are_compared_with_every_id_and_decision(
    folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = folder
    assert [d.decided_by for d in stored.read(before).decisions] == ["Li Wei"] * 2
    later = write(home / "later.csv", [*rows_of(3), paper(60, COLLEGE)])
    decide(home, JOINED)
    assert main(["run", STUDY, "--edition", "f", "--input", str(later)]) == 0
    capsys.readouterr()
    assert main(["compare", "e", "f"]) == 0
    tables = before.parent / "comparisons" / "e--f" / "tables"
    changes = pd.read_csv(tables / "changes.csv").set_index("institution_id")
    assert changes["papers_change"].to_dict() == {
        "harbin-institute-of-technology": -1, f"ror-{own_id(1)}": 1, "tsinghua-university": 1,
    }  # fmt: skip
    parts = pd.read_csv(tables / "change_parts.csv")
    acted = {
        (row.institution_id, row.cause): row.part
        for row in parts[parts["figure"] == "papers"].itertuples()
        if row.part
    }
    assert acted == {
        ("harbin-institute-of-technology", "registry"): -1,
        (f"ror-{own_id(1)}", "newly_indexed"): 1,
        ("tsinghua-university", "newly_indexed"): 1,
    }
    strings = pd.read_csv(tables / "changed_strings.csv")
    assert strings["affiliation"].tolist() == [WORKS]
