"""What commands say to wrong words: refused before the work, and nothing lost in silence."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from bibliometrics import doctor, store
from bibliometrics.cli import main
from bibliometrics.corpus.findings import REMEDIES
from bibliometrics.corpus.selection import Selection
from bibliometrics.errors import EditionError
from bibliometrics.firmness.variants import variants
from bibliometrics.sources.paged import PassingError, Quota, QuotaSpentError
from bibliometrics.study.file import load_study
from bibliometrics.study.model import Study
from conftest import ROOT, WriteExport, export_row

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command in an empty folder that has the flagship: its status, and what it says."""
    (tmp_path / "queries").mkdir()
    text = (ROOT / "queries" / "cingai-2020.toml").read_text(encoding="utf-8")
    (tmp_path / "queries" / "cingai-2020.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as refused:
            status = int(str(refused.code))
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def made(say: Say, write_export: WriteExport) -> Path:
    """An edition of three papers, one of them by nobody the registry knows."""
    other = "Unheard-of Works, Nanjing, China"
    rows = [
        export_row(1),
        export_row(2, Year="2018"),
        export_row(3, Affiliations=other, **{"Authors with affiliations": f"Li W., {other}"}),
    ]
    export = write_export(rows)
    assert say("run", "cingai-2020", "--input", export, "--edition", "e1")[0] == 0
    return export


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("review cingai-2020 --top -3", "'-3' is no whole number of 0 or more"),
        ("run cingai-2020 --processes 0", "'0' is no whole number of 1 or more"),
        ("audit cingai-2020 --size 0", "'0' is no whole number of 1 or more"),
        ("delineate cingai-2020 --size x", "'x' is no whole number of 1 or more"),
        ("harvest cingai-2020 --max-age -1", "'-1' is no number of 0 or more"),
        ("validate cingai-2020 --propose --draws 0", "'0' is no whole number of 1 or more"),
        ("validate cingai-2020 --propose --tolerance nan", "'nan' is no number of 0 to 1"),
        ("validate cingai-2020 --propose --spread -1", "'-1' is no number of 0 or more"),
        ("validate cingai-2020 --propose --least-papers -2", "no whole number of 0 or more"),
        ("validate cingai-2020 --propose --consistency", "were given together"),
        ("validate cingai-2020 --claim x --list y", "--claim and --list or --patents were given"),
        ("validate cingai-2020 --propose --patents p", "--propose makes nothing of patents"),
        ("totals cingai-2020 --source openalex --country United", "give ISO codes of two"),
        ("registry ror.json --country Taiwan --out r", "give ISO codes of two letters"),
        ("verify nothere.zip", "there is no such file"),
    ],
)
def test_a_value_that_means_nothing_is_refused(say: Say, words: str, told: str) -> None:
    status, out, err = say(*words.split())
    assert (status, out) == (2, "")
    assert told in err


@pytest.mark.parametrize(
    "words",
    [
        "match in.csv --out folder",
        "measure in.csv --out folder",
        "registry in.csv --country UA --out folder",
        "papers cingai-2020 --out folder.csv",
        "review cingai-2020 --out folder",
        "package cingai-2020/e1 --out folder",
        "delineate cingai-2020 --out folder",
    ],
)
def test_a_folder_is_not_written_over_and_refused_before_the_work(say: Say, words: str) -> None:
    for name in ("folder", "folder.csv"):
        Path(name).mkdir()
    status, out, err = say(*words.split())
    assert (status, out) == (2, "")
    assert "is a folder\n  what to do: give the name of a file to write" in err
    with pytest.raises(EditionError, match="is a folder"):
        store.write_text(Path("folder"), "text")


@pytest.mark.parametrize(
    "words",
    [
        "run cingai-2020 --output file/deeper",
        "refresh cingai-2020 --output file",
        "simulate --out file/deeper",
        "validate cingai-2020 --out file",
        "match in.csv --out file/out.csv",
    ],
)
def test_a_file_is_no_folder_and_refused_before_the_work(say: Say, words: str) -> None:
    Path("file").write_text("mine", encoding="utf-8")
    status, out, err = say(*words.split())
    assert (status, out) == (2, "")
    assert "is a file, not a folder" in err
    assert Path("file").read_text(encoding="utf-8") == "mine"


def test_the_totals_are_not_written_over(say: Say) -> None:
    Path("pairs.csv").write_text("source,target,weight\nUS,CN,100\n", encoding="utf-8")
    totals = Path("totals.csv")
    totals.write_text("country,international\nUS,1000\nWorld,5000\n", encoding="utf-8")
    before = totals.read_bytes()
    asked = ("collaboration", "pairs.csv", "--totals", "totals.csv", "--out", "totals.csv")
    status, _, err = say(*asked)
    assert status == 2
    assert "the file to write is the file to read" in err
    assert totals.read_bytes() == before


def test_a_review_form_keeps_what_somebody_filled(say: Say, made: Path) -> None:
    """The command of the yearly checklist, given again a year later."""
    form = Path("queries/cingai-2020.decisions.csv")
    ask = ("review", "cingai-2020", "--out", form)
    assert f"fill {form}\n" in say(*ask)[1]
    rows = list(csv.DictReader(io.StringIO(form.read_text(encoding="utf-8"))))
    assert [row["affiliation"] for row in rows] == ["Unheard-of Works, Nanjing, China"]
    rows[0] |= {"decided_by": "Li", "decided_on": "2026-11-24", "reason": "a company"}
    mine = rows[0] | {"affiliation": "Other Works, Wuhan, China", "my note": "seen, by phone"}
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, mine.keys(), restval="")
    writer.writeheader()
    writer.writerows([*rows, mine])
    form.write_text(out.getvalue(), encoding="utf-8")

    status, told, _ = say(*ask)
    assert status == 0
    assert "kept: the 2 rows" in told
    again = list(csv.DictReader(io.StringIO(form.read_text(encoding="utf-8"))))
    assert again == [rows[0] | {"my note": ""}, mine]

    Path("notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    status, _, err = say("review", "cingai-2020", "--out", "notes.csv")
    assert status == 2
    assert "is there already, and is no decisions file" in err


def test_a_sample_in_somebodys_hands_is_not_drawn_over(say: Say, made: Path) -> None:
    draw = ("delineate", "cingai-2020", "--out")
    status, told, _ = say(*draw, "form.csv", "--size", "1")
    assert status == 0
    assert "more than 1: ten papers a keyword are the least that can be judged" in told
    assert "is there already, and may hold marks" in say(*draw, "form.csv")[2]
    Path("queries/cingai-2020.delineation.key.csv").write_text("another", encoding="utf-8")
    status, _, err = say(*draw, "new.csv")
    assert status == 2
    assert "is the key of another sample" in err
    assert not Path("new.csv").exists()


def test_an_audit_without_marks_is_not_kept(say: Say, made: Path) -> None:
    assert say("audit", "cingai-2020")[0] == 0
    status, out, err = say("audit", "cingai-2020", "--read", "queries/cingai-2020.audit-first.csv")
    assert (status, out) == (2, "")
    assert "no row is marked" in err
    assert not Path("queries/cingai-2020.audit.csv").exists()
    assert "cannot be read: Is a directory" in say("audit", "cingai-2020", "--read", "queries")[2]


def test_an_edition_without_affiliations_has_nothing_to_audit_or_settle(
    say: Say, write_export: WriteExport
) -> None:
    nothing = write_export([])
    assert say("run", "cingai-2020", "--input", nothing, "--edition", "none")[0] == 0
    assert "there is nothing to settle" in say("review", "cingai-2020")[1]
    assert "has no affiliation to draw" in say("audit", "cingai-2020")[2]


def test_papers_are_asked_for_as_the_how_to_does(say: Say, made: Path) -> None:
    ask = ("papers", "cingai-2020")
    status, _, err = say(*ask, "--keyword", "MACHINE learning", "--also", "machine learning")
    assert status == 0
    assert "3 papers with the keyword" in err
    refused = {
        ("--out", "papers.xlsx"): "end the name with .csv or .ris",
        ("--with", "peking-university"): "'with' narrows a list of one institution",
        ("--from", "2019", "--to", "2018"): "no year lies from 2019 to 2018",
        ("--institution", "tsinghua-university", "--with", "tsinghua-university"): (
            "an institution has no tie with itself"
        ),
    }
    for words, told in refused.items():
        status, out, err = say(*ask, *words)
        assert (status, out) == (2, "")
        assert told in err
    assert not Path("papers.xlsx").exists()


def test_an_edition_is_not_compared_with_itself(say: Say, made: Path) -> None:
    status, _, err = say("compare", "cingai-2020/e1", "outputs/cingai-2020/e1")
    assert status == 2
    assert "e1 was given twice" in err


def test_where_nobody_has_a_rank_the_terminal_says_why(say: Say, made: Path) -> None:
    _, out, _ = say("run", "cingai-2020", "--input", made, "--edition", "e1")
    assert "no rank: fewer than 100 papers" in out


def test_explain_works_before_there_is_an_edition(say: Say) -> None:
    status, out, err = say("explain", "Tsinghua Univ., Beijing, China", "--study", "cingai-2020")
    assert status == 0
    assert "tsinghua-university" in out
    assert "has no edition yet" in err


def test_validate_shows_figures_without_the_guard_of_spreadsheets(say: Say, made: Path) -> None:
    status, out, err = say("validate", "cingai-2020", "--consistency", "--out", "checked")
    assert status == 0
    assert "+86, +10.45%" in out
    assert "'+86" not in out
    assert "'+86" in Path("checked/consistency.csv").read_text(encoding="utf-8")
    assert "consistency.csv" in err
    assert "claims.csv" in say("validate", "cingai-2020", "--out", "checked")[2]
    for cell in ("=1+1", "-0.03", "plain", "'quoted'", "@x"):
        assert store.as_it_was(store.harmless(cell)) == cell


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (PassingError("the connection to Scopus failed"), "check the network, then ask again"),
        (QuotaSpentError(Quota(limit=20_000)), "wait until it is renewed"),
    ],
)
def test_doctor_tells_a_silent_service_and_a_spent_allowance(
    fault: Exception, says: str, tmp_path: Path
) -> None:
    def ask() -> Quota:
        raise fault

    line = next(c for c in doctor.checks({}, tmp_path, ask) if c.name == "Scopus")
    assert (line.verdict, line.remedy) == ("bad", says)


def test_a_reader_that_leaves_early_is_no_failure(say: Say, made: Path) -> None:
    """``run | head -1``: the edition is made, and the status says so."""
    run = [sys.executable, "-m", "bibliometrics", "run", "cingai-2020", "--input", str(made)]
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [*run, "--edition", "e2"],
        stdout=writing,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    os.close(writing)
    assert ended.returncode == 0
    assert b"Traceback" not in ended.stderr
    assert Path("outputs/cingai-2020/e2/manifest.json").is_file()


def test_a_condition_that_cannot_be_tested_names_what_to_do(say: Say, made: Path) -> None:
    out = say("run", "cingai-2020", "--input", made, "--edition", "e1")[1]
    assert "paste the query that `bibliometrics plan` prints" in " ".join(out.split())


def test_every_step_of_the_filter_has_its_remedy_in_both_languages() -> None:
    text = (ROOT / "queries" / "cingai-2020.toml").read_text(encoding="utf-8")
    for before, after in (
        ('as_of = "none"', "as_of = 2020-06-01"),
        ('articles_in_press = "include"', 'articles_in_press = "final_only"\nretracted = "drop"'),
        ('"any_in_scopus"', '"english_only"'),
    ):
        assert before in text
        text = text.replace(before, after, 1)
    study = Study.model_validate(tomllib.loads(text))
    steps = {step.name for step in Selection(study, lambda _: None).steps}
    assert steps == set(REMEDIES)
    assert all(en and zh for en, zh in REMEDIES.values())


def test_roll_up_of_names_as_written_is_told_to_be_no_choice() -> None:
    study = load_study(ROOT / "queries" / "ai-ukraine.toml")
    assert study.institutions.known_by == "open"
    counted = dict.fromkeys(
        ("full", "author_fractional", "first_author", "corresponding_author"), 9
    )
    lacks = {v.dimension: v.lacks for v in variants(study, counted, lambda _: "")}
    for dimension in ("campuses", "hospitals", "key_laboratories", "academy_institutes", "ucas"):
        en, zh = lacks[dimension]
        assert "this study knows them as written" in en
        assert "按地址书写" in zh
    assert lacks["counting"] == ("", "")
