"""Kills a harvest at random moments, again and again, and goes on: is anything lost or repeated?

A small process imports everything once, then forks a harvest for each order it reads from its
standard input and kills it (SIGKILL) after the time the order says.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bibliometrics.harvesting.harvest import harvest
from harvest_fixture import contents, source_at, study_of
from scopus_emulator import ScopusEmulator, papers

PAGES = 40
LONGEST = 0.25  # seconds: about what a straight harvest of 40 pages takes


@dataclass(frozen=True)
class Killed:
    """What came of a series: harvests finished, kills, requests beyond those of straight runs."""

    harvests: int
    kills: int
    repeated: int
    worst: int  # most repeated requests less kills of one harvest: never above 0
    different: int
    kills_within_pages: int


def series(kills: int, seed: int, folder: Path) -> Killed:
    """At least ``kills`` kills; each harvest is brought to its end and compared."""
    chance = random.Random(seed)
    harvests = done = repeated = different = within = 0
    worst = -kills
    with ScopusEmulator(papers(PAGES * 25)) as service:
        harvest(study_of(), source_at(service.address), folder / "straight", lambda _: None)
        straight, needed = contents(folder / "straight"), len(service.requests)
        runner = subprocess.Popen(
            [sys.executable, __file__, service.address],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with runner:
            while done < kills:
                place, mine, before = folder / f"{harvests}", 0, len(service.requests)
                while True:
                    order = {"folder": str(place), "seconds": chance.uniform(0, LONGEST)}
                    if not _was_killed(runner, order):
                        break
                    mine += 1
                    within += any((place / "pages").rglob("*")) if place.exists() else 0
                more = len(service.requests) - before - needed
                harvests, done, repeated = harvests + 1, done + mine, repeated + more
                worst = max(worst, more - mine)
                different += contents(place) != straight
            assert runner.stdin is not None
            runner.stdin.close()
    return Killed(harvests, done, repeated, worst, different, within)


def _was_killed(runner: subprocess.Popen[str], order: dict[str, object]) -> bool:
    assert runner.stdin is not None and runner.stdout is not None
    runner.stdin.write(json.dumps(order) + "\n")
    runner.stdin.flush()
    status = int(runner.stdout.readline())
    assert status in {0, -signal.SIGKILL}, f"the harvest failed by itself: {status}"
    return status != 0


def _serve(address: str) -> None:
    """Fork a harvest for each order; print how it ended."""
    source_at(address)  # what is imported late is imported once
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                harvest(study_of(), source_at(address), Path(order["folder"]), lambda _: None)
                status = 0
            finally:
                os._exit(status)
        ends = time.monotonic() + order["seconds"]
        status = 0
        while True:
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                break
            left = ends - time.monotonic()
            if left <= 0:
                os.kill(child, signal.SIGKILL)
                _, status = os.waitpid(child, 0)
                break
            time.sleep(min(left, 0.002))
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve(sys.argv[1])
