"""From a key to an edition: plan, harvest, run and doctor against the emulator."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from pathlib import Path

import pytest

from bibliometrics import simulation
from bibliometrics.cli import main
from conftest import ROOT
from scopus_emulator import Entry, Fault, ScopusEmulator

KEY = "fedcba9876543210fedcba9876543210"
STUDY = """
[study]
name = "small"
title_en = "A small study"
title_zh = "小型研究"
question_en = "Who?"
question_zh = "谁？"

[query]
keywords = ["Artificial Intelligence", "Machine learning", "robot", "Speech Recognition", "pattern recognition"]
end_date = 2019-12-31
slices_from = 2017

[thresholds]
rank_floor = 1
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "small.toml").write_text(STUDY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCOPUS_API_KEY", KEY)
    return tmp_path


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Entry], Path]:
    folder = tmp_path_factory.mktemp("api")
    drawn = simulation.simulate(400)
    found = []
    for page in simulation.write_api_pages(drawn, folder):
        body = json.loads(page.read_text(encoding="utf-8"))
        found += body["search-results"]["entry"]
    # The service sends an id once; our files hold some twice, as exports of several files do.
    found = list({entry["eid"]: entry for entry in found}.values())
    simulation.write_truth(drawn, folder)
    return found, folder / "truth"


def test_plan_harvest_run_and_doctor(
    desk: Path,
    entries: tuple[list[Entry], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows, truth = entries
    with ScopusEmulator(rows) as service:
        monkeypatch.setenv("BIBLIOMETRICS_SCOPUS_URL", service.address)
        assert main(["plan", "small", "--dry-run"]) == 0
        assert not service.requests
        assert main(["plan", "small"]) == 0
        assert "records" in capsys.readouterr().out
        assert main(["run", "small", "--source", "scopus", "--edition", "e"]) == 0
        asked = len(service.requests)
        assert main(["harvest", "small"]) == 0
        assert len(service.requests) == asked, "a whole and fresh cache asks for nothing"
        assert main(["run", "small", "--edition", "e"]) == 0
        assert "verified, identical" in capsys.readouterr().out
        page = Path("outputs/small/e/report.html").read_text(encoding="utf-8")
        assert '<pre class="iso">bibliometrics run small --edition e</pre>' in page
        assert main(["run", "small", "--source", "scopus", "--input", "x.csv"]) == 2
        assert "given together" in capsys.readouterr().err
        text = Path("queries/small.toml").read_text(encoding="utf-8")
        changed = text.replace('"robot", ', "")
        Path("queries/small.toml").write_text(changed, encoding="utf-8")
        assert main(["run", "small", "--edition", "other"]) == 2
        assert "harvested with another query" in capsys.readouterr().err
        Path("queries/small.toml").write_text(text, encoding="utf-8")
        assert main(["doctor"]) == 0
        shown = capsys.readouterr()
        assert KEY not in shown.out + shown.err
    edition = desk / "outputs" / "small" / "e"
    manifest = json.loads((edition / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["is_simulated"] is True
    assert manifest["sources"][0]["kind"] == "Scopus Search API"
    assert [part["label"] for part in manifest["slices"]] == ["before 2017", "2017", "2018", "2019"]
    with (edition / "tables" / "ranking.csv").open(encoding="utf-8", newline="") as file:
        ranked = {row["institution_id"]: int(row["papers"]) for row in csv.DictReader(file)}
    with (truth / "institutions.csv").open(encoding="utf-8", newline="") as file:
        drawn = {
            row["institution_id"]: int(row["papers"])
            for row in csv.DictReader(file)
            if row["scope"] == "domestic"
        }
    assert ranked == drawn
    for path in desk.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path


def test_a_spent_quota_stops_cleanly_and_the_same_command_goes_on(
    desk: Path,
    entries: tuple[list[Entry], Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with ScopusEmulator(entries[0]) as service:
        monkeypatch.setenv("BIBLIOMETRICS_SCOPUS_URL", service.address)
        service.script(Fault("quota", page=1, query="PUBYEAR = 2018"))
        assert main(["harvest", "small"]) == 3
        told = capsys.readouterr().err
        assert "bibliometrics harvest small" in told
        assert main(["run", "small", "--edition", "part"]) == 0
        assert "slices of the query were not fetched" in capsys.readouterr().out
        service.quota = 20_000
        assert main(["harvest", "small"]) == 0
        assert main(["run", "small", "--edition", "whole"]) == 0


def test_without_a_key_a_harvest_says_where_to_get_one(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SCOPUS_API_KEY")
    assert main(["harvest", "small"]) == 2
    assert "SCOPUS_API_KEY is not set" in capsys.readouterr().err


def test_a_snapshot_folder_is_filtered_while_it_is_read(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(ROOT / "queries" / "cingai-2020.toml", desk / "queries")
    part = desk / "snapshot" / "works" / "updated_date=2024-01-01"
    part.mkdir(parents=True)
    work = {
        "id": "https://openalex.org/W1", "doi": "https://doi.org/10.5555/w.1",
        "title": "A robot", "publication_year": 2018, "type": "article", "language": "en",
        "primary_location": {"source": {"display_name": "J", "type": "journal"}},
        "authorships": [
            {
                "author": {"id": "https://openalex.org/A1", "display_name": "W. Li"},
                "countries": ["CN"], "institutions": [],
                "raw_affiliation_strings": ["Tsinghua University, Beijing, China"],
            }
        ],
    }  # fmt: skip
    lines = [work, work | {"id": "https://openalex.org/W2", "title": "Cats", "doi": None}]
    text = "\n".join(map(json.dumps, lines)) + "\n"
    (part / "part_000.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    assert main(["run", "cingai-2020", "--input", "snapshot", "--edition", "s"]) == 0
    flow = (desk / "outputs" / "cingai-2020" / "s" / "tables" / "flow.csv").read_text("utf-8")
    assert "1,snapshot,done,2,1," in flow
    assert "Tsinghua" in (
        desk / "outputs" / "cingai-2020" / "s" / "tables" / "ranking.csv"
    ).read_text("utf-8")
