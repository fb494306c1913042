"""The command line as a user meets it: words, exit statuses, files."""

from __future__ import annotations

import csv
import html
import io
import re
import shlex
from pathlib import Path

import pytest

from bibliometrics.cli import main
from conftest import ROOT, WriteExport, export_row

FLAGSHIP = str(ROOT / "queries" / "cingai-2020.toml")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with the flagship study in queries/."""
    (tmp_path / "queries").mkdir()
    text = Path(FLAGSHIP).read_text(encoding="utf-8").replace("rank_floor = 100", "rank_floor = 1")
    (tmp_path / "queries" / "cingai-2020.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows() -> list[dict[str, str]]:
    other = "Unheard-of Works, Nanjing, China"
    return [
        export_row(1),
        export_row(2, Year="2018"),
        export_row(3, Affiliations=other, **{"Authors with affiliations": f"Li W., {other}"}),
    ]


def test_run_papers_review_and_a_decision_that_settles(
    desk: Path, write_export: WriteExport, capsys: pytest.CaptureFixture[str]
) -> None:
    export = str(write_export(rows()))
    run = ["run", "cingai-2020", "--input", export, "--edition"]
    assert main([*run, "e1"]) == 0
    out = capsys.readouterr().out
    assert "Tsinghua University" in out
    assert "清华大学" in out
    assert "! the condition on source type could not be tested for 3 of 3 rows" in out
    assert main([*run, "e1"]) == 0
    assert "verified, identical" in capsys.readouterr().out

    papers = ["papers", "cingai-2020", "--institution", "tsinghua-university"]
    assert main([*papers, "--year", "2019"]) == 0
    listed = capsys.readouterr()
    assert "1 paper of Tsinghua University 清华大学" in listed.err
    assert "[exact-name]" in listed.out
    assert "2-s2.0-1" in listed.out
    assert "School of Software, Tsinghua University" in listed.out
    assert main([*papers, "--out", "papers.csv"]) == 0
    assert len((desk / "papers.csv").read_text(encoding="utf-8").splitlines()) == 3
    capsys.readouterr()
    ruled = ["papers", "cingai-2020", "--list", "institution=tsinghua-university&lang=zh"]
    assert main([*ruled, "--rule", "author_fractional", "--csv"]) == 0
    told = capsys.readouterr()
    assert "counted by author_fractional" in told.err
    assert "sum of weights by author_fractional: 2.00" in told.err
    assert [row["weight"] for row in csv.DictReader(io.StringIO(told.out))] == ["1.0", "1.0"]
    assert main(["papers", "cingai-2020", "--country", "CN", "--from", "2018", "--to", "2018"]) == 0
    assert "1 paper of country CN in 2018–2018" in capsys.readouterr().err
    assert main(["papers", "cingai-2020", "--unmatched", "1"]) == 0
    assert "2-s2.0-3" in capsys.readouterr().out
    assert main([*papers, "--country", "CN"]) == 2
    assert "a list is of one thing" in capsys.readouterr().err

    assert main(["papers", "cingai-2020", "--institution", "Tsinghua"]) == 2
    assert "did you mean tsinghua-university" in capsys.readouterr().err

    form = desk / "queries" / "cingai-2020.decisions.csv"
    assert main(["review", "cingai-2020", "--out", str(form)]) == 0
    assert "Unheard-of Works, Nanjing, China" in capsys.readouterr().out
    filled = form.read_text(encoding="utf-8").replace(
        '"Unheard-of Works, Nanjing, China",CN,,,,',
        '"Unheard-of Works, Nanjing, China",CN,nanjing-university,Reader,2026-01-01,page',
    )
    form.write_text(filled, encoding="utf-8")
    assert main([*run, "e2"]) == 0
    assert "Nanjing University" in capsys.readouterr().out
    assert main([*run, "e1"]) == 2
    assert "made from other decisions" in capsys.readouterr().err


def test_strict_turns_warnings_into_exit_status_1(desk: Path, write_export: WriteExport) -> None:
    export = str(write_export(rows()))
    assert main(["run", "cingai-2020", "--input", export, "--edition", "e", "--strict"]) == 1


def test_an_empty_corpus_is_no_failure_but_says_why(
    desk: Path, write_export: WriteExport, capsys: pytest.CaptureFixture[str]
) -> None:
    export = str(write_export([export_row(1, Title="On cats")]))
    assert main(["run", "cingai-2020", "--input", export, "--edition", "e"]) == 0
    assert "The corpus is empty" in capsys.readouterr().out
    header = str(write_export([], name="header.csv"))
    assert main(["run", "cingai-2020", "--input", header, "--edition", "h", "--strict"]) == 1
    # No record is neither real nor simulated.
    made = desk / "outputs" / "cingai-2020" / "h"
    assert '"is_simulated": null' in (made / "manifest.json").read_text(encoding="utf-8")
    with (made / "tables" / "flow.csv").open(encoding="utf-8", newline="") as lines:
        assert {row["source"] for row in csv.DictReader(lines)} == {"no records"}
    assert main(["verify", "cingai-2020/h", "--input", header]) == 0


@pytest.mark.parametrize("kind", ["files", "simulated"])
def test_the_command_of_the_report_makes_the_edition_again(
    desk: Path, write_export: WriteExport, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    study = desk / "queries" / "cingai-2020.toml"
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace("[source]", "[source]\nsimulated_papers = 500"), "utf-8")
    given = []
    if kind == "files":
        write_export(rows(), name="my export.csv").rename(desk / "my export.csv")
        given = ["--input", "my export.csv"]
    assert main(["run", "cingai-2020", *given, "--edition", "e"]) == 0
    page = (desk / "outputs" / "cingai-2020" / "e" / "report.html").read_text(encoding="utf-8")
    pasted = re.search(r"<pre class=\"iso\">(bibliometrics run [^<]+)</pre>", page)
    assert pasted
    words = shlex.split(html.unescape(pasted[1]))
    assert ("--input" in words) == (kind == "files")
    capsys.readouterr()
    assert main(words[1:]) == 0
    assert "verified, identical" in capsys.readouterr().out


def test_a_name_no_edition_can_have_is_refused_before_anything_is_read(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("../x", ""):
        for command in ("run", "refresh"):
            assert main([command, "cingai-2020", "--edition", name]) == 2
            assert capsys.readouterr().err.startswith(f"bibliometrics: {name!r} cannot be the name")


def test_an_unknown_option_is_refused_by_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["run", "cingai-2020", "--foo"])
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert "usage: bibliometrics run" in said
    assert "unknown here: --foo; its --help lists what it takes" in said


def test_explain_tells_the_country_it_was_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "Peking University", "--country", "China"]) == 0
    assert "country     CN (given beside the string)" in capsys.readouterr().out
    assert main(["explain", "Peking University", "--country", "QQ"]) == 2
    assert "no country is known by it" in capsys.readouterr().err
    assert main(["explain", " "]) == 2
    assert "the affiliation is empty" in capsys.readouterr().err


def test_plan_prints_the_query_and_its_slices(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", "cingai-2020", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert 'TITLE-ABS-KEY("Artificial Intelligence" OR' in out
    assert out.count("PUBYEAR = ") == 30


def test_match_keeps_rows_and_adds_four_columns(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in.csv").write_text(
        'note,affiliation\na,"Tsinghua Univ, Beijing, China"\nb,\n"=c","MIT, Cambridge, MA, USA"\n',
        encoding="utf-8",
    )
    assert main(["match", "in.csv", "--out", "out.csv"]) == 0
    text = Path("out.csv").read_text(encoding="utf-8")
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    assert list(found[0]) == [
        "note", "affiliation", "institution_ids", "decision", "rule", "evidence",
    ]  # fmt: skip
    assert [row["institution_ids"] for row in found] == ["tsinghua-university", "", ""]
    assert [row["note"] for row in found] == ["a", "b", "=c"]


def test_match_overwrites_neither_the_input_nor_its_columns(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in.csv").write_text("affiliation\nTsinghua University\n", encoding="utf-8")
    assert main(["match", "in.csv", "--out", "in.csv"]) == 2
    assert "the file to write is the file to read" in capsys.readouterr().err
    Path("in.csv").write_text("affiliation,decision\nTsinghua University,x\n", encoding="utf-8")
    assert main(["match", "in.csv", "--out", "out.csv"]) == 2
    assert "would be overwritten" in capsys.readouterr().err


def test_explain_tells_decision_rule_and_losers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "Anhui University of Technology, Maanshan, China"]) == 0
    out = capsys.readouterr().out
    assert "anhui-university-of-technology" in out
    assert "anhui-university:" in out or "- anhui-university" in out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run", "nonesuch"], "there is no study 'nonesuch'"),
        (["run", "cingai-2020", "--input", "absent.csv"], "cannot be read"),
        (["papers", "cingai-2020", "--institution", "x"], "there is no edition"),
        (["run", "cingai-2020", "--input", "x.csv"], "x.csv: cannot be read"),
        (["match", "absent.csv", "--out", "o.csv"], "absent.csv"),
        (["simulate", "--papers", "200", "--out", "queries/cingai-2020.toml"], "cingai-2020.toml"),
        (["simulate", "--papers", "0", "--out", "s"], "--papers 0"),
    ],
)
def test_wrong_input_ends_with_2_and_one_clear_message(
    desk: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert told.startswith("bibliometrics: ")
    assert expected in told
    assert "Traceback" not in told


def test_a_study_without_records_says_what_to_give(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "queries" / "bipv-korea.toml").write_text(
        (ROOT / "queries" / "bipv-korea.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert main(["run", "bipv-korea"]) == 2
    assert "bibliometrics run bipv-korea --input FILE" in capsys.readouterr().err


def test_every_command_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("run", "plan", "match", "explain", "review", "papers", "simulate"):
        with pytest.raises(SystemExit) as done:
            main([verb, "--help"])
        assert done.value.code == 0
        assert f"example: bibliometrics {verb}" in " ".join(capsys.readouterr().out.split())
