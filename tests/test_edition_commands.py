"""compare, verify and refresh from the command line, on editions made by hand."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from bibliometrics import store
from bibliometrics.cli import main
from bibliometrics.editions import making as editions
from comparison_fixture import HARBIN, TSINGHUA, paper
from conftest import ROOT, WriteExport

FIRST = [paper(1, TSINGHUA), paper(2, TSINGHUA, HARBIN), paper(3, HARBIN, Year="2018")]
HOSTILE = {"Title": "</script><b>machine learning</b> =HYPERLINK(1) \u202e of robots"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "queries").mkdir()
    shutil.copy(ROOT / "queries" / "cingai-2020.toml", tmp_path / "queries")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_refresh_makes_an_edition_and_tells_what_changed(
    home: Path, write_export: WriteExport, capsys: pytest.CaptureFixture[str]
) -> None:
    old = write_export(FIRST, name="2025.csv")
    new = write_export([*FIRST[1:], paper(4, HARBIN, **HOSTILE)], name="2026.csv")
    asked = ["refresh", "cingai-2020", "--edition"]
    assert main([*asked, "2025", "--input", str(old)]) == 0
    assert "nothing to compare it with yet" in capsys.readouterr().out
    assert main([*asked, "2026", "--input", str(new)]) == 0
    said = capsys.readouterr().out
    assert "2025 → 2026: 3 → 3 papers" in said
    assert (
        "Harbin Institute of Technology: 3 papers, +1 (2 before): +1 by papers of covered" in said
    )
    folder = home / "outputs" / "cingai-2020" / "comparisons" / "2025--2026"
    page = (folder / "comparison.html").read_text(encoding="utf-8")
    assert "</script><b>" not in page
    assert "&lt;/script&gt;&lt;b&gt;machine learning" in page
    assert "检索" in page
    assert {path.name for path in (folder / "tables").iterdir()} == {
        "changes.csv", "change_parts.csv", "causes.csv", "changed_papers.csv",
        "changed_strings.csv", "changed_options.csv",
    }  # fmt: skip
    # The same comparison once more gives the same bytes, and the same refresh verifies.
    before = store.digests(folder)
    assert main([*asked, "2026", "--input", str(new)]) == 0
    assert store.digests(folder) == before
    assert main(["compare", "cingai-2020/2025", "2026"]) == 0
    assert store.digests(folder) == before


def test_an_edition_is_verified_from_its_records(
    home: Path, write_export: WriteExport, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export(FIRST, name="scopus.csv")
    assert main(["run", "cingai-2020", "--edition", "e", "--input", str(export)]) == 0
    capsys.readouterr()
    assert main(["verify", "cingai-2020/e", "--input", str(export)]) == 0
    assert "identical, every file, from its records" in capsys.readouterr().out
    # Without them the figures are recounted from the corpus, and it says so.
    assert main(["verify", "e"]) == 0
    assert "its figures follow from its corpus" in capsys.readouterr().out
    other = write_export(FIRST[:2], name="other.csv")
    assert main(["verify", "e", "--input", str(other)]) == 2
    assert "not the files that the edition was made of" in capsys.readouterr().err


def test_a_figure_edited_by_hand_is_named(
    home: Path, write_export: WriteExport, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export(FIRST, name="scopus.csv")
    assert main(["run", "cingai-2020", "--edition", "e", "--input", str(export)]) == 0
    ranking = home / "outputs" / "cingai-2020" / "e" / "tables" / "ranking.csv"
    text = ranking.read_text(encoding="utf-8")
    ranking.write_text(text.replace(",0.666666666,", ",0.9,").replace("0.6666", "0.9"))
    capsys.readouterr()
    assert main(["verify", "e", "--input", str(export)]) == 1
    assert "tables/ranking.csv was changed" in capsys.readouterr().out
    assert main(["verify", "e"]) == 1
    said = capsys.readouterr().out
    assert "tables/ranking.csv comes out differently" in said
    # A manifest that was forged along with the table does not help.
    manifest = ranking.parents[1] / "manifest.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    facts["files"] = store.digests(ranking.parents[1])
    manifest.write_text(json.dumps(facts), encoding="utf-8")
    assert main(["verify", "e", "--input", str(export)]) == 1
    assert "tables/ranking.csv comes out differently" in capsys.readouterr().out


def test_simulated_editions_are_verified_without_being_given_anything(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = home / "queries" / "cingai-2020.toml"
    text = study.read_text(encoding="utf-8")
    study.write_text(text.replace("[source]", "[source]\nsimulated_papers = 500"), "utf-8")
    assert main(["refresh", "cingai-2020", "--edition", "e"]) == 0
    assert main(["verify", "e"]) == 0
    assert "identical, every file" in capsys.readouterr().out


def test_an_edition_of_fewer_simulated_records_is_verified_without_drawing_the_shipped_ones(
    home: Path, write_export: WriteExport, capsys: pytest.CaptureFixture[str]
) -> None:
    export = write_export([row | {"Source": "SIMULATED"} for row in FIRST], name="few.csv")
    assert main(["run", "cingai-2020", "--edition", "few", "--input", str(export)]) == 0
    capsys.readouterr()
    assert main(["verify", "cingai-2020/few"]) == 0
    told = capsys.readouterr()
    assert "simulating" not in told.err + told.out
    assert "its figures follow from its corpus" in told.out


def test_a_folder_of_exports_is_not_called_a_snapshot(
    home: Path, write_export: WriteExport, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_export(FIRST, name="scopus.csv").parent
    assert main(["run", "cingai-2020", "--edition", "e", "--input", str(folder)]) == 2
    told = capsys.readouterr().err
    assert "reads 1 folder;" in told
    assert "give the files themselves" in told


def test_what_cannot_be_found_or_compared_is_told(
    home: Path, write_export: WriteExport, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "a", "b"]) == 2
    assert "there is no finished edition 'a'" in capsys.readouterr().err
    export = write_export(FIRST, name="scopus.csv")
    assert main(["run", "cingai-2020", "--edition", "e", "--input", str(export)]) == 0
    manifest = home / "outputs" / "cingai-2020" / "e" / "manifest.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    facts["policies"]["counting"]["rule"] = "of another age"
    manifest.write_text(json.dumps(facts), encoding="utf-8")
    capsys.readouterr()
    assert main(["verify", "e"]) == 2
    assert "another version of the software wrote this manifest" in capsys.readouterr().err
    assert main(["run", "cingai-2020", "--edition", "comparisons", "--input", str(export)]) == 2


WORKS = "Unheard-of Works, Harbin, China"


def test_a_public_package_rebuilds_the_tables_and_holds_no_text_of_a_record(
    home: Path, write_export: WriteExport, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [*FIRST, paper(4, WORKS, Title="Machine learning of a secret title")]
    export = write_export(rows, name="scopus.csv")
    decided = "affiliation,country,institution_ids,decided_by,decided_on,reason\n"
    decided += f'"{WORKS}",CN,harbin-institute-of-technology,Li Wei,2026-11-24,"{WORKS} says so"\n'
    (home / "queries" / "cingai-2020.decisions.csv").write_text(decided, encoding="utf-8")
    assert main(["run", "cingai-2020", "--edition", "e", "--input", str(export)]) == 0
    for out in ("p.zip", "q.zip"):
        assert main(["package", "e", "--public", "--out", out]) == 0
    assert (home / "p.zip").read_bytes() == (home / "q.zip").read_bytes()
    with zipfile.ZipFile(home / "p.zip") as packed:
        inside = "\n".join(
            packed.read(name).decode() for name in packed.namelist() if not name.endswith(".gz")
        )
        assert "Li Wei" in inside
        for text in ("Unheard-of", "School of Software", "secret title"):
            assert text not in inside
    # The reviewer's own export has more papers, and other file names.
    more = write_export([*rows, paper(5, TSINGHUA)], name="mine.csv")
    capsys.readouterr()
    assert main(["verify", "p.zip", "--input", str(more)]) == 0
    assert "every table is rebuilt, identical, from 4 papers" in capsys.readouterr().out
    less = write_export(rows[1:], name="less.csv")
    assert main(["verify", "p.zip", "--input", str(less)]) == 1
    said = capsys.readouterr().out
    assert "tables/ranking.csv comes out differently" in said
    assert "1 papers are not among these records; first: 2-s2.0-1" in said
    (home / "bad.zip").write_bytes(b"PK")
    assert main(["verify", "bad.zip", "--input", str(more)]) == 2
    assert main(["verify", "p.zip"]) == 2


def test_an_edition_with_claims_of_ones_own_is_verified_when_run_again(
    home: Path, write_export: WriteExport
) -> None:
    claims = "claim_id,value,computation,of\nall,3,papers,\n"
    (home / "queries" / "cingai-2020.claims.csv").write_text(claims, encoding="utf-8")
    export = write_export(FIRST, name="scopus.csv")
    asked = ["run", "cingai-2020", "--edition", "e", "--input", str(export)]
    assert main(asked) == 0
    assert main(asked) == 0
    assert main(["verify", "e", "--input", str(export)]) == 0
    manifest = home / "outputs" / "cingai-2020" / "e" / "manifest.json"
    versions = json.loads(manifest.read_text(encoding="utf-8"))["versions"]
    assert {"python", "pandas", "numpy", "duckdb"} <= versions.keys()


def test_a_package_finds_again_what_it_made_harmless(
    home: Path, write_export: WriteExport, capsys: pytest.CaptureFixture[str]
) -> None:
    formula = paper(7, f"=1+1 {WORKS}", DOI="=10.5555/7", EID="", Link="")
    export = write_export([*FIRST, formula], name="scopus.csv")
    assert main(["run", "cingai-2020", "--edition", "e", "--input", str(export)]) == 0
    assert main(["package", "e", "--public", "--out", "p.zip"]) == 0
    capsys.readouterr()
    assert main(["verify", "p.zip", "--input", str(export)]) == 0, capsys.readouterr().out


def test_what_was_made_later_is_not_what_came_before(home: Path, write_export: WriteExport) -> None:
    export = write_export(FIRST, name="scopus.csv")
    for number, name in enumerate(("a", "b")):
        assert main(["run", "cingai-2020", "--edition", name, "--input", str(export)]) == 0
        manifest = home / "outputs" / "cingai-2020" / name / "manifest.json"
        os.utime(manifest, (1_000_000 + number, 1_000_000 + number))
    out = home / "outputs"
    assert editions.newest_before(out, "cingai-2020", "a") is None
    assert editions.newest_before(out, "cingai-2020", "b") == out / "cingai-2020" / "a"
    assert editions.newest_before(out, "cingai-2020", "c") == out / "cingai-2020" / "b"


def test_a_rule_that_no_record_supports_has_no_share_in_a_comparison(
    home: Path, write_export: WriteExport, capsys: pytest.CaptureFixture[str]
) -> None:
    """The export says nobody who corresponds: its share is unknown, and not zero."""
    study = home / "queries" / "cingai-2020.toml"
    text = study.read_text(encoding="utf-8")
    export = write_export(FIRST, name="a.csv")
    assert main(["run", "cingai-2020", "--edition", "a", "--input", str(export)]) == 0
    wanted = text.replace('rule = "full"', 'rule = "corresponding_affiliation"')
    assert wanted != text
    study.write_text(wanted, encoding="utf-8")
    more = write_export([*FIRST, paper(5, TSINGHUA)], name="b.csv")
    assert main(["run", "cingai-2020", "--edition", "b", "--input", str(more)]) == 0
    capsys.readouterr()
    assert main(["compare", "a", "b"]) == 0
    assert "Share 66.67% → not available" in capsys.readouterr().out
    folder = home / "outputs" / "cingai-2020" / "comparisons" / "a--b"
    changes = pd.read_csv(folder / "tables" / "changes.csv")
    assert changes["share_before"].notna().all()
    unknown = [name for name in changes if name.startswith(("share_after", "share_change"))]
    assert changes[unknown].isna().all(axis=None)
    parts = pd.read_csv(folder / "tables" / "change_parts.csv")
    assert set(parts["figure"]) == {"papers"}
    page = (folder / "comparison.html").read_text(encoding="utf-8")
    assert "nan" not in page.casefold().replace("finance", "")
    assert "占比 66.67% → 无法计算" in page
