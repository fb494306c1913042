"""validate at the command line: verdicts explained, lists judged, families proposed, refusals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bibliometrics.cli import main
from conftest import ROOT, export_row

STUDY = str(ROOT / "queries" / "cingai-2020.toml")
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition of three SIMULATED papers."""
    folder = tmp_path_factory.mktemp("validate")
    rows = [export_row(n, Source="SIMULATED") for n in (1, 2, 3)]
    import csv

    with (folder / "e.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    arguments = ["run", STUDY, "--edition", "e", "--output", str(folder / "out")]
    assert main([*arguments, "--input", str(folder / "e.csv")]) == 0
    return folder / "out"


@pytest.fixture
def say(output: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    def run(*arguments: object) -> tuple[int, str, str]:
        status = main(["validate", STUDY, "--output", str(output), *map(str, arguments)])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_verdicts_on_simulated_records_say_so_in_every_line(say: Say) -> None:
    status, told, _ = say()
    assert status == 0
    assert told.startswith("SIMULATED records: these verdicts test the program")
    lines = [line for line in told.splitlines() if line.startswith(("share-", "rank-", "query-"))]
    assert lines
    assert all("SIMULATED · " in line for line in lines)
    assert "joint choices tried" in told
    assert "not computable: 130 claims" in told
    assert say("--strict")[0] == 1


def test_one_claim_comes_with_the_words_of_the_report(say: Say) -> None:
    _, told, _ = say("--claim", "share-tsinghua")
    assert "3.70%;其次是上海交通大学" in told
    status, _, error = say("--claim", "nothing")
    assert status == 2
    assert "without --claim" in error


def test_the_report_against_itself(say: Say) -> None:
    status, told, _ = say("--consistency", "--strict")
    assert status == 1
    assert "581/797 = 72.90% is not 72.8%" in told
    assert "5 contradiction" in told or "contradiction" in told


def test_a_list_is_judged_and_its_names_told(say: Say, tmp_path: Path) -> None:
    names = tmp_path / "l.csv"
    names.write_text("name,ai_unit\n清华大学,yes\nZhejiang University,\nNo Such Place,\n", "utf-8")
    status, told, _ = say("--list", names, "--out", tmp_path / "o", "--strict")
    assert status == 1
    assert "not met       total" in told
    assert "not observed  criterion-unit" in told
    assert "row 2, Zhejiang University: no papers here" in told
    assert "row 3, No Such Place: not found" in told
    assert "aiuniv-total" in told
    assert (tmp_path / "o" / "list_evidence.csv").is_file()
    assert (tmp_path / "o" / "list_verdicts.csv").is_file()


def test_patents_are_held_against_the_claims(say: Say, tmp_path: Path) -> None:
    patents = tmp_path / "p.csv"
    patents.write_text(
        "assignee,number,year\n中国科学院自动化研究所,CN1,2018\nNobody,CN2,2018\n", "utf-8"
    )
    _, told, _ = say("--patents", patents)
    assert "inst-patents-top10" in told
    assert "not reproduced" in told
    assert "patents whose assignees name no institution: 1" in told


def test_where_no_list_exists_the_conflict_is_named(say: Say) -> None:
    status, told, _ = say("--propose", "--draws", 2, "--strict")
    assert status == 1
    assert "no list of these candidates" in told
    assert "total: at best 108 too few  (asked: all == 109)" in told
    assert "--least-papers 0" in told
    assert "candidates with 1 papers or more: 1" in told


def test_a_family_is_proposed_and_never_called_the_list(say: Say, tmp_path: Path) -> None:
    rules = tmp_path / "c.csv"
    rules.write_text("constraint_id,kind,key,operator,value\ntotal,count,all,==,1\n", "utf-8")
    status, told, _ = say("--propose", "--constraints", rules, "--draws", 3, "--out", tmp_path)
    assert status == 0
    assert "none of which is the list" in told
    assert "forced in" in told
    assert "Tsinghua University" in told
    assert (tmp_path / "proposal.csv").read_text("utf-8").count("\n") == 2


def test_a_study_without_claims_says_how_to_give_some(
    output: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    study = ROOT / "queries" / "ai-education-2025.toml"
    rows = tmp_path / "e.csv"
    import csv

    with rows.open("w", encoding="utf-8", newline="") as lines:
        row = export_row(1, Year="2025", Source="SIMULATED")
        writer = csv.DictWriter(lines, list(row))
        writer.writeheader()
        writer.writerow(row)
    arguments = [str(study), "--output", str(tmp_path / "o")]
    assert main(["run", *arguments, "--input", str(rows)]) == 0
    assert main(["validate", *arguments]) == 2
    assert ".claims.csv beside the study" in capsys.readouterr().err


def test_a_list_of_another_country_is_matched_and_not_judged_by_chinas_constraints(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    names = tmp_path / "l.csv"
    names.write_text("name\nKyiv Polytechnic Institute\n", "utf-8")
    asked = ["validate", str(ROOT / "queries" / "ai-ukraine.toml"), "--output", str(tmp_path)]
    assert main([*asked, "--list", str(names), "--strict"]) == 0
    told = capsys.readouterr()
    assert "constraints are of Chinese lists, and ai-ukraine is a study of UA" in told.err
    assert "--constraints FILE" in told.err
    assert "not met" not in told.out
    assert "row 1, Kyiv Polytechnic Institute" in told.out
    assert main([*asked, "--propose"]) == 2
    assert "constraints are of Chinese lists" in capsys.readouterr().err
