"""Every fault of the list, struck against the harvest: what is expected and what is seen.

The table in docs/harvest.md is what these tests saw; ``python tests/test_harvest_faults.py`` writes
it anew.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bibliometrics.errors import BibliometricsError
from bibliometrics.harvesting.harvest import Harvest, harvest
from conftest import ROOT
from harvest_fixture import KEY, Clock, cached_eids, source_at, study_of
from scopus_emulator import FOREVER, Fault, ScopusEmulator, eids, papers

PAGE = ROOT / "docs" / "harvest.md"
BEGIN, END = (
    "<!-- faults: written by tests/test_harvest_faults.py -->\n",
    "<!-- end of faults -->\n",
)
ROWS = 60  # pages of 25, 25 and 10
WHOLE = 1 + 3  # requests without a fault: one count, three pages


@dataclass(frozen=True)
class Case:
    """A fault in words, how to strike it, and what must come of it."""

    fault: str
    expected: str
    faults: Callable[[], list[Fault]]
    quota: int = 20_000
    deadline: float = 10.0


def one(
    kind: str, page: int | None = 2, times: int = 1, value: float = 0.0
) -> Callable[[], list[Fault]]:
    return lambda: [Fault(kind, page, times, value)]


def statuses(*which: int) -> Callable[[], list[Fault]]:
    return lambda: [Fault("status", 2, 1, status) for status in which]


WAITED = "waits are told; slice whole"
AGAIN = "slice fetched again, whole"
INCOMPLETE = "three attempts, then INCOMPLETE"
STOP = "stops, exit 3, resumable"
REFUSED = "exit 2 with advice"

CASES = [
    Case("429 without Retry-After, three times", WAITED, one("busy", times=3)),
    Case("429 with Retry-After: 7", WAITED, one("busy_retry_after", value=7)),
    Case("429 with Retry-After: 86400", STOP, one("busy_retry_after", value=86_400)),
    Case("quota reaches 0 after page 2", STOP, list, quota=3),
    Case("429, quota exceeded", STOP, one("quota")),
    Case("500, 502, 503, 504: nine in a row", WAITED, statuses(*(500, 502, 503, 504) * 2, 500)),
    Case("502 with an HTML body", WAITED, one("html_status", value=502)),
    Case("503 for ever", STOP, one("status", times=FOREVER, value=503)),
    Case("connection reset", WAITED, one("reset")),
    Case("hang: no answer", WAITED, one("hang"), deadline=0.4),
    Case("hang: a byte now and then", WAITED, one("drip"), deadline=0.4),
    Case("body cut, length unknown", WAITED, one("cut_in_body")),
    Case("body shorter than its length", WAITED, one("cut_with_length")),
    Case("HTML instead of JSON", WAITED, one("html")),
    Case("JSON of another type", WAITED, one("json_list")),
    Case("no total", WAITED, one("no_total")),
    Case("no `entry`, once", WAITED, one("missing_entry")),
    Case("no `entry`, always", INCOMPLETE, one("missing_entry", times=FOREVER)),
    Case("empty-result entry beside the rows", "slice whole", one("empty_row")),
    Case("empty-result entry for a row, once", AGAIN, one("empty_row_instead")),
    Case("empty-result entry for a row, always", INCOMPLETE, one("empty_row_instead", times=FOREVER)),
    Case("cursor expired", AGAIN, one("cursor_expired", page=3)),
    Case("page repeated, once", AGAIN, one("repeated_page")),
    Case("page repeated, always", INCOMPLETE, one("repeated_page", times=FOREVER)),
    Case("page shifted back by five", AGAIN, one("shifted", value=-5)),
    Case("page shifted back by one", AGAIN, one("shifted", value=-1)),
    Case("page shifted on by five", AGAIN, one("shifted", value=5)),
    Case("page empty in the middle", AGAIN, one("empty_page")),
    Case("page short in the middle", AGAIN, one("short_page", value=3)),
    Case("no next cursor in the middle", AGAIN, one("no_next")),
    Case("total drifts, once", AGAIN, one("drifting_total", page=3, value=-2)),
    Case("total drifts, always", INCOMPLETE, one("drifting_total", page=3, times=FOREVER, value=-2)),
    Case("total other in the middle alone", "slice whole", one("drifting_total", value=2)),
    Case("an id twice within a page", "merged and counted", one("doubled_row")),
    Case("400: query refused", REFUSED, one("status", page=1, value=400)),
    Case("401: wrong key", REFUSED, one("status", page=1, value=401)),
    Case("403: not allowed", REFUSED, one("status", page=1, value=403)),
    Case("414: query too long", REFUSED, one("status", page=1, value=414)),
    Case("redirect elsewhere", REFUSED, one("redirect", page=1)),
]  # fmt: skip


def run(case: Case, folder: Path) -> tuple[Case, Harvest | BibliometricsError, str]:
    """Strike, harvest, and say in one line what was seen."""
    clock, told = Clock(), []
    with ScopusEmulator(papers(ROWS), quota=case.quota) as service:
        service.script(*case.faults())
        source = source_at(service.address, deadline=case.deadline)
        try:
            done: Harvest | BibliometricsError = harvest(
                study_of(), source, folder, told.append, patience=clock.patience
            )
        except BibliometricsError as error:
            done = error
        asked, entries = len(service.requests), service.entries
    waits = len(clock.slept)
    waited = f"{waits} waits told, {sum(clock.slept):g} s; " if waits else ""
    assert sum("waiting" in line for line in told) == waits
    assert not [line for line in [*told, str(done)] if KEY in line]
    if isinstance(done, BibliometricsError):
        shown = re.sub(r"\s+", " ", done.what)
        return case, done, f"{waited}{asked} requests; exit {done.exit_status}: {shown}"
    [entry] = done.held.entries
    word = "whole" if entry.is_complete else "INCOMPLETE"
    doubled = f", {entry.doubled} doubled" if entry.doubled else ""
    seen = f"{waited}{asked} requests; attempt {entry.attempt} {word}: {entry.rows} of {entry.announced} rows{doubled}"
    if entry.is_complete and not entry.doubled:
        assert cached_eids(folder) == eids(entries)
    why = f" ({'; '.join(entry.reasons)})" if entry.reasons else ""
    return case, done, seen + why


def row(case: Case, seen: str) -> str:
    return f"| {case.fault} | {case.expected} | {seen} |\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
def test_a_fault_is_survived_or_told(case: Case, tmp_path: Path) -> None:
    _, done, seen = run(case, tmp_path)
    if case.expected == STOP:
        assert isinstance(done, BibliometricsError) and done.exit_status == 3
        assert "bibliometrics harvest cingai-2020" in done.hint
    elif case.expected == REFUSED:
        assert isinstance(done, BibliometricsError) and done.exit_status == 2 and done.hint
    else:
        assert isinstance(done, Harvest)
        [entry] = done.held.entries
        assert entry.is_complete == (case.expected != INCOMPLETE)
        if case.expected == AGAIN:
            assert entry.attempt == 2
        elif case.expected == INCOMPLETE:
            assert entry.attempt == 3 and done.held.incomplete and entry.reasons
            assert any("INCOMPLETE" in note for note in done.notes)
        else:
            assert entry.attempt == 1
        if case.expected == WAITED:
            assert "waits told" in seen
        if case.expected == "merged and counted":
            assert (entry.rows, entry.distinct, entry.doubled) == (ROWS, ROWS - 1, 1)
    assert row(case, seen) in PAGE.read_text(encoding="utf-8"), "run this file to write the table"


def test_the_table_has_no_row_that_no_test_wrote() -> None:
    table = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert len(table.splitlines()) == len(CASES) + 2


def write() -> None:
    """Run every case and put the table into the page."""
    rows = ["| fault | expected | seen |\n", "|---|---|---|\n"]
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(row(case, run(case, Path(folder))[2]))
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(before + BEGIN + "".join(rows) + END + after, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
