"""Editions on disk: whole, immutable, verified, the same bytes everywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from bibliometrics import store
from bibliometrics.editions import making as editions
from bibliometrics.errors import EditionError, StudyError
from bibliometrics.pipeline import Plan, make_edition, open_inputs
from bibliometrics.study.model import Study
from conftest import ROOT, WriteExport, export_row, with_options

HOME = "School of Software, Tsinghua University, Beijing, 100084, China"
AWAY = "Department of Physics, University of Northfield, Northfield, France"
HARBIN = "School of Astronautics, Harbin Institute of Technology, Harbin, 150001, China"
HONG_KONG = "The University of Hong Kong, Pokfulam, Hong Kong"


def together(number: int, *addresses: str, **cells: str) -> dict[str, str]:
    names = [f"A{place}" for place in range(len(addresses))]
    return export_row(
        number,
        **{
            "Authors": "; ".join(f"{name} X." for name in names),
            "Author(s) ID": "; ".join(str(place) for place in range(len(addresses))),
            "Affiliations": "; ".join(dict.fromkeys(addresses)),
            "Authors with affiliations": "; ".join(
                f"{name} X., {address}" for name, address in zip(names, addresses, strict=True)
            ),
        }
        | cells,
    )


@pytest.fixture
def export(write_export: WriteExport) -> Path:
    return write_export(
        [
            together(1, HOME, HARBIN),
            together(2, HOME, HOME, AWAY, Year="2018"),
            together(3, HARBIN, HONG_KONG),
            together(4, HOME),
            together(
                5, "Unheard-of Works, Nanjing, China", Title='=HYPERLINK("x") robot </script>'
            ),
        ]
    )


def plan(study: Study, *paths: Path, edition: str = "e1") -> Plan:
    return Plan(with_options(study, thresholds={"rank_floor": 1}), edition, open_inputs(paths))


def test_the_tables_say_what_the_papers_hold(export: Path, flagship: Study) -> None:
    tables = make_edition(plan(flagship, export)).edition.tables
    ranking = tables["ranking"].set_index("institution_id")
    assert ranking["papers"].to_dict() == {
        "tsinghua-university": 3, "harbin-institute-of-technology": 2,
    }  # fmt: skip
    assert ranking["rank"].to_dict() == {
        "tsinghua-university": 1, "harbin-institute-of-technology": 2,
    }  # fmt: skip
    assert ranking.loc["tsinghua-university", "share"] == pytest.approx(3 / 5)
    assert ranking.loc["tsinghua-university", "papers_fractional_author"] == pytest.approx(
        1 / 2 + 2 / 3 + 1
    )
    assert ranking.loc["tsinghua-university", "papers_international"] == 1
    partners = tables["partners"].set_index("partner_id")
    assert partners["scope"].to_dict() == {
        "x-fr-university-of-northfield": "foreign", "university-of-hong-kong": "hk_mo_tw",
    }  # fmt: skip
    assert tables["collaborations"][["source_id", "target_id"]].to_numpy().tolist() == [
        ["harbin-institute-of-technology", "tsinghua-university"],
        ["harbin-institute-of-technology", "university-of-hong-kong"],
        ["tsinghua-university", "x-fr-university-of-northfield"],
    ]
    assert tables["unmatched"]["affiliation"].tolist() == ["Unheard-of Works, Nanjing, China"]
    assert tables["unmatched"]["papers_uncounted"].tolist() == [1]
    assert tables["provinces"]["papers"].sum() == 5
    assert tables["years"].set_index("year")["papers"].to_dict() == {2018: 1, 2019: 4}


def test_an_edition_is_whole_and_its_manifest_tells_every_file(
    export: Path, flagship: Study, tmp_path: Path
) -> None:
    result = editions.run(plan(flagship, export), tmp_path / "out")
    manifest = store.read_manifest(result.folder)
    assert manifest["files"] == store.digests(result.folder)
    assert {"report.html", "map.html", "tables/ranking.csv", "corpus/papers.parquet"} <= set(
        manifest["files"]
    )
    text = json.dumps(manifest)
    assert str(tmp_path) not in text
    papers = (result.folder / "tables" / "attribution.csv").read_text(encoding="utf-8")
    assert "Tsinghua" in papers


def test_an_existing_edition_is_verified_and_never_overwritten(
    export: Path, write_export: WriteExport, flagship: Study, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = editions.run(plan(flagship, export), out)
    assert first.outcome == "made"
    assert editions.run(plan(flagship, export), out).outcome == "identical"
    other = write_export([export_row(9)], name="other.csv")
    with pytest.raises(EditionError, match="made from other sources"):
        editions.run(plan(flagship, other), out)
    changed = with_options(flagship, network={"seed": 7})
    with pytest.raises(EditionError, match="made from other policies"):
        editions.run(plan(changed, export), out)
    (first.folder / "tables" / "ranking.csv").write_text("edited", encoding="utf-8")
    with pytest.raises(EditionError, match=r"other files: tables/ranking\.csv"):
        editions.run(plan(flagship, export), out)


def test_a_half_written_edition_is_recognised_and_made_anew(
    export: Path, flagship: Study, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    left = out / flagship.name / ".e1.999999999.partial"
    left.mkdir(parents=True)
    (left / "report.html").write_text("half", encoding="utf-8")
    said: list[str] = []
    result = editions.run(plan(flagship, export), out, tell=said.append)
    assert result.outcome == "made"
    assert said == ["an unfinished run of e1 is removed"]
    assert not left.exists()


@pytest.mark.parametrize("name", ["../x", "", "a b", ".hidden", "x" * 99])
def test_an_edition_cannot_be_called_what_is_no_folder(name: str) -> None:
    with pytest.raises(EditionError):
        editions.check_name(name)


def test_an_empty_corpus_still_makes_an_edition_that_says_why(
    write_export: WriteExport, flagship: Study, tmp_path: Path
) -> None:
    path = write_export([export_row(1, Title="On cats")])
    result = editions.run(plan(flagship, path), tmp_path / "out")
    assert result.made.edition.papers == 0
    report = (result.folder / "report.html").read_text(encoding="utf-8")
    assert "keywords" in report
    ranking = pd.read_csv(result.folder / "tables" / "ranking.csv")
    assert len(ranking) == 0


def test_an_export_without_affiliations_makes_an_edition_too(
    write_export: WriteExport, flagship: Study, tmp_path: Path
) -> None:
    header = ["Authors", "Title", "Year", "Link", "EID", "Document Type", "Abstract"]
    path = write_export([export_row(1)], header=header)
    edition = editions.run(plan(flagship, path), tmp_path / "out").made.edition
    assert (edition.papers, edition.papers_attributed) == (1, 0)
    findings = set(edition.tables["findings"]["finding"])
    assert {"fractional not available", "not testable: country", "tie: none"} <= findings


def test_profiles_of_scopus_are_refused_where_no_record_tells_them(
    export: Path, flagship: Study
) -> None:
    study = with_options(flagship, roll_up={"campuses": "as_in_scopus"})
    with pytest.raises(StudyError, match="no record gives affiliation ids"):
        make_edition(plan(study, export))


@pytest.mark.parametrize("rule", ["full", "fractional", "first_affiliation"])
@pytest.mark.parametrize(
    "denominator",
    ["papers_total", "sum_over_institutions", "sum_over_mainland_universities",
     "distinct_mainland_universities"],
)  # fmt: skip
def test_shares_follow_rule_and_denominator(
    export: Path, flagship: Study, rule: str, denominator: str
) -> None:
    study = with_options(flagship, counting={"rule": rule, "share_denominator": denominator})
    edition = make_edition(plan(study, export)).edition
    ranking = edition.tables["ranking"]
    column = {
        "full": "papers", "fractional": "papers_fractional_author",
        "first_affiliation": "papers_first_author",
    }[rule]  # fmt: skip
    basis = ranking[column].astype(float)
    expected = {
        "papers_total": 5, "distinct_mainland_universities": 4,
        "sum_over_institutions": basis.sum(), "sum_over_mainland_universities": basis.sum(),
    }[denominator]  # fmt: skip
    assert ranking["share"].astype(float).tolist() == pytest.approx((basis / expected).tolist())
    assert set(ranking["counting"]) == {rule}


def test_the_same_bytes_under_other_circumstances(
    export: Path, flagship: Study, tmp_path: Path
) -> None:
    program = (
        "import sys; from pathlib import Path; from bibliometrics.cli import main;"
        "sys.exit(main(sys.argv[1:]))"
    )
    seen = []
    for number, (seed, zone, locale, threads) in enumerate(
        [("0", "Asia/Shanghai", "C", "1"), ("7", "America/Lima", "C.UTF-8", "2")]
    ):
        folder = tmp_path / f"place {number}"
        folder.mkdir()
        environment = os.environ | {
            "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "OMP_NUM_THREADS": threads,
        }  # fmt: skip
        study = ROOT / "queries" / "cingai-2020.toml"
        command = ["run", str(study), "--input", str(export), "--edition", "e"]
        done = subprocess.run(
            [sys.executable, "-c", program, *command],
            cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        seen.append(store.digests(folder / "outputs" / "cingai-2020" / "e"))
    assert seen[0] == seen[1]


def test_simulated_records_are_marked_in_every_file(
    write_export: WriteExport, flagship: Study, tmp_path: Path
) -> None:
    path = write_export([together(1, HOME, HARBIN, Source="SIMULATED")], name="s.csv")
    folder = editions.run(plan(flagship, path), tmp_path / "out").folder
    for name in ("report.html", "map.html", "network/network.graphml", "network/network.gexf"):
        assert "SIMULATED" in (folder / name).read_text(encoding="utf-8"), name
    assert store.read_manifest(folder)["is_simulated"] is True
    for table in sorted((folder / "tables").glob("*.csv")):
        lines = table.read_text(encoding="utf-8").splitlines()
        assert len(lines) == 1 or all("SIMULATED" in line for line in lines[1:]), table.name


def test_a_folder_of_somebody_elses_is_left_alone(
    export: Path, flagship: Study, tmp_path: Path
) -> None:
    notes = tmp_path / "out" / flagship.name / "e1" / "notes.txt"
    notes.parent.mkdir(parents=True)
    notes.write_text("mine", encoding="utf-8")
    with pytest.raises(EditionError, match="other files"):
        editions.run(plan(flagship, export), tmp_path / "out")
    assert notes.read_text(encoding="utf-8") == "mine"


def test_two_runs_of_one_edition_at_once_are_refused(
    export: Path, flagship: Study, tmp_path: Path
) -> None:
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        folder = tmp_path / "out" / flagship.name / f".e1.{other.pid}.partial"
        folder.mkdir(parents=True)
        with pytest.raises(EditionError, match="another run"):
            editions.run(plan(flagship, export), tmp_path / "out")
    finally:
        other.kill()
        other.wait()


def test_the_order_in_which_files_are_given_does_not_matter(
    write_export: WriteExport, flagship: Study
) -> None:
    first = write_export([export_row(1), export_row(2, Abstract="")], name="a.csv")
    second = write_export([export_row(2, Abstract=""), export_row(3)], name="b.csv")
    one, other = (make_edition(plan(flagship, *p)) for p in ((first, second), (second, first)))
    assert one.edition.inputs == other.edition.inputs
    assert one.corpus.papers.equals(other.corpus.papers)
    assert one.corpus.duplicates.equals(other.corpus.duplicates)


def test_two_files_of_one_name_are_told_apart(write_export: WriteExport, tmp_path: Path) -> None:
    first = write_export([export_row(1)])
    other = tmp_path / "elsewhere"
    other.mkdir()
    second = other / first.name
    second.write_bytes(first.read_bytes() + b"x\r\n")
    assert [file.name for file in open_inputs([first, second])] == ["export.csv", "export.csv (2)"]


def test_listing_fewer_institutions_changes_no_other_table(export: Path, flagship: Study) -> None:
    short = with_options(flagship, institutions={"selection": "top_n", "top_n": 1})
    whole, cut = (make_edition(plan(study, export)).edition.tables for study in (flagship, short))
    assert (len(whole["ranking"]), len(cut["ranking"])) == (2, 1)
    for table in ("provinces", "authorities", "years", "partners", "collaborations"):
        assert whole[table].equals(cut[table]), table


def test_an_umbrella_body_and_the_university_beside_it_both_count(
    write_export: WriteExport, flagship: Study
) -> None:
    away = "LRI, CNRS, University of Northfield, Northfield, France"
    path = write_export([together(1, HOME, away)])
    partners = make_edition(plan(flagship, path)).edition.tables["partners"]
    assert sorted(partners["partner_id"]) == ["cnrs", "x-fr-university-of-northfield"]


def test_papers_of_a_hundred_authors_and_more_rank_and_make_no_ties(
    write_export: WriteExport, flagship: Study
) -> None:
    path = write_export([together(1, *([HOME, HARBIN] * 51)), together(2, HOME, HARBIN)])
    tables = make_edition(plan(flagship, path)).edition.tables
    assert tables["ranking"]["papers"].tolist() == [2, 2]
    assert tables["collaborations"]["papers"].tolist() == [1]
    assert "papers without pairs" in set(tables["findings"]["finding"])
    keep = with_options(flagship, network={"many_authors": "keep"})
    assert make_edition(plan(keep, path)).edition.tables["collaborations"]["papers"].tolist() == [2]
