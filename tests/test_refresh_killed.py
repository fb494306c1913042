"""A refresh that is killed, wherever, and begun again ends where an undisturbed one ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bibliometrics import store
from conftest import ROOT
from refresh_kills import POINTS
from scopus_emulator import Entry, ScopusEmulator
from test_harvest_cli import KEY, STUDY, entries  # noqa: F401

HERE = Path(__file__).resolve().parent


def bibliometrics(home: Path, service: ScopusEmulator, *words: str, dies_at: str = "") -> int:
    """The status of a command run in a process of its own."""
    start = [str(HERE / "refresh_kills.py"), dies_at] if dies_at else ["-m", "bibliometrics"]
    environment = os.environ | {
        "SCOPUS_API_KEY": KEY, "BIBLIOMETRICS_SCOPUS_URL": service.address,
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, *start, *words],
        cwd=home, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    return done.returncode


def set_years(home: Path, last: int) -> None:
    (home / "queries").mkdir(exist_ok=True)
    text = STUDY.replace("2019-12-31", f"{last}-12-31")
    (home / "queries" / "small.toml").write_text(text, encoding="utf-8")


def hidden(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "outputs" / "small").glob(".*"))


def test_a_refresh_killed_at_every_point_ends_as_one_that_was_not(
    tmp_path: Path,
    entries: tuple[list[Entry], Path],  # noqa: F811
) -> None:
    home, straight = tmp_path / "killed", tmp_path / "straight"
    home.mkdir()
    set_years(home, 2018)
    with ScopusEmulator(entries[0]) as service:
        first = ("run", "small", "--source", "scopus", "--edition", "2018")
        assert bibliometrics(home, service, *first) == 0
        shutil.copytree(home, straight)
        asked = ("refresh", "small", "--edition", "2019")
        for folder in (home, straight):
            set_years(folder, 2019)
        before = len(service.requests)
        assert bibliometrics(straight, service, *asked) == 0
        needed = len(service.requests) - before
        before = len(service.requests)
        edition = home / "outputs" / "small" / "2019"
        page = home / "outputs" / "small" / "comparisons" / "2018--2019" / "comparison.html"
        for point in POINTS:
            assert bibliometrics(home, service, *asked, dies_at=point) == -signal.SIGKILL, point
            # A half-written edition never has its name, nor a manifest.
            assert store.is_finished(edition) is (point in {"compare", "page"}), point
            assert edition.exists() is store.is_finished(edition), point
            assert len(hidden(home)) == (point in {"tables", "manifest"}), point
            assert not page.exists()
        assert bibliometrics(home, service, *asked) == 0
        # What was fetched before a kill is not fetched again, but for the page in hand.
        assert len(service.requests) - before <= needed + 1
    assert hidden(home) == []
    for name in ("2019", "comparisons/2018--2019"):
        ends = [store.digests(folder / "outputs" / "small" / name) for folder in (home, straight)]
        assert ends[0] == ends[1], name
        assert any(path.startswith("tables/") for path in ends[0])


def test_what_a_killed_run_left_is_removed_and_said(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from bibliometrics.cli import main

    monkeypatch.chdir(tmp_path)
    set_years(tmp_path, 2019)
    done = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                          capture_output=True, text=True, check=True)  # fmt: skip
    left = tmp_path / "outputs" / "small" / f".e.{done.stdout.strip()}.partial"
    left.mkdir(parents=True)
    (left / "report.html").write_text("half", encoding="utf-8")
    study = tmp_path / "queries" / "small.toml"
    source = '[source]\nwithout_records = "simulated"\nsimulated_papers = 500\n'
    study.write_text(f"{study.read_text('utf-8')}\n{source}", "utf-8")
    assert main(["run", "small", "--edition", "e"]) == 0
    assert "an unfinished run of e is removed" in capsys.readouterr().err
    assert hidden(tmp_path) == []
