"""The ledger of a cache folder: append-only lines of what was asked and what came of it.

Each line is one JSON object with the time (UTC). A line counts once its line end is written: a
process killed while it writes leaves a torn last line, which is not read and is cut off by the next
writer. Page files are whole before their line is written, so a lost line loses no page: the harvest
finds the file and enters it again.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import IO, Any, Literal

from bibliometrics.errors import InputError
from bibliometrics.sources.paged import HarvestStoppedError

NAME = "ledger.jsonl"

Outcome = Literal["accepted", "incomplete", "rejected", "cursor expired"]


@dataclass(frozen=True, slots=True)
class Planned:
    """A search divided into slices; the last one of a search is in force.

    ``fresh_since``: slices fetched before are to be fetched again ("": none); ``division``: by
    which rule the search was divided.
    """

    at: str
    source: str
    view: str
    query: str
    software: str
    slices: tuple[str, ...]
    labels: tuple[str, ...]
    queries: tuple[str, ...]
    fresh_since: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class CountTold:
    """The total a service announced for a query."""

    at: str
    source: str
    query: str
    label: str
    purpose: str
    total: int


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt at a slice begins, or goes on at ``page`` after a stop."""

    at: str
    slice: str
    attempt: int
    page: int
    source: str
    view: str
    label: str
    query: str
    software: str


@dataclass(frozen=True, slots=True)
class PageKept:
    """A page lies in the cache. ``at``: when it was received. ``sha256`` is of its content."""

    at: str
    slice: str
    attempt: int
    page: int
    total: int
    rows: int
    sha256: str
    next_cursor: str
    is_simulated: bool | None
    quota_remaining: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt at a slice ended. ``sequence`` is a hash of its ids in order of arrival."""

    at: str
    slice: str
    attempt: int
    outcome: Outcome
    announced: int
    rows: int
    distinct: int
    pages: int
    content: str
    sequence: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileKept:
    """The profile of an affiliation id lies in the cache."""

    at: str
    afid: str
    sha256: str


Line = Planned | CountTold | Begun | PageKept | Ended | ProfileKept
_KINDS: dict[str, type[Line]] = {
    "planned": Planned,
    "counted": CountTold,
    "begun": Begun,
    "page": PageKept,
    "ended": Ended,
    "profile": ProfileKept,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


@dataclass(slots=True)
class Attempt:
    """What the ledger knows of one attempt at a slice."""

    number: int
    pages: list[PageKept] = field(default_factory=list)
    ended: Ended | None = None


@dataclass(slots=True)
class Known:
    """The ledger, folded: plans by (source, view, query), counts, slices, profiles."""

    plans: dict[tuple[str, str, str], Planned] = field(default_factory=dict)
    counts: dict[tuple[str, str], CountTold] = field(default_factory=dict)
    begun: dict[str, Begun] = field(default_factory=dict)
    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    profiles: dict[str, ProfileKept] = field(default_factory=dict)

    def latest_plan(self) -> Planned | None:
        return next(reversed(self.plans.values()), None)

    def accepted(self, key: str) -> Attempt | None:
        """The newest whole attempt at a slice."""
        for attempt in reversed(self.attempts.get(key, [])):
            if attempt.ended and attempt.ended.outcome == "accepted":
                return attempt
        return None

    def usable(self, key: str) -> Attempt | None:
        """The newest whole attempt, else the newest one that was reported as incomplete."""
        if (whole := self.accepted(key)) is not None:
            return whole
        for attempt in reversed(self.attempts.get(key, [])):
            if attempt.ended and attempt.ended.outcome == "incomplete":
                return attempt
        return None

    def learn(self, line: Line) -> None:
        """Take one more line into account."""
        match line:
            case Planned():
                where = (line.source, line.view, line.query)
                self.plans.pop(where, None)  # the newest stands last
                self.plans[where] = line
            case CountTold():
                self.counts[line.source, line.query] = line
            case Begun():
                self.begun[line.slice] = line
                self._attempt(line.slice, line.attempt)
            case PageKept():
                pages = self._attempt(line.slice, line.attempt).pages
                del pages[line.page - 1 :]  # a damaged page was received again
                pages.append(line)
            case Ended():
                self._attempt(line.slice, line.attempt).ended = line
            case ProfileKept():
                self.profiles[line.afid] = line

    def _attempt(self, key: str, number: int) -> Attempt:
        attempts = self.attempts.setdefault(key, [])
        for attempt in attempts:
            if attempt.number == number:
                return attempt
        attempts.append(Attempt(number))
        attempts.sort(key=lambda attempt: attempt.number)
        return next(attempt for attempt in attempts if attempt.number == number)


def fold(lines: Iterable[Line]) -> Known:
    known = Known()
    for line in lines:
        known.learn(line)
    return known


def stamp(seconds: float) -> str:
    """Seconds since 1970 as the ledger writes time."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(folder: Path) -> Iterator[Line]:
    """The lines of a folder's ledger in order; none where there is no ledger.

    Raises
    ------
    InputError : a line other than a torn last one is damaged.
    """
    path = folder / NAME
    if not path.is_file():
        return
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            if not raw.endswith(b"\n"):
                return
            yield _line(raw, path, number)


def _line(raw: bytes, path: Path, number: int) -> Line:
    try:
        found: dict[str, Any] = json.loads(raw)
        kind: Any = _KINDS[found.pop("what")]
        known = {item.name for item in fields(kind)}
        values = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in found.items()
            if name in known  # a later version may say more
        }
        line: Line = kind(**values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"line {number} of the ledger is damaged",
            where=f"{path.parent.name}/{path.name}",
            hint=f"move {path.name} away and harvest again: the pages beside it are taken up again"
            " without a request",
        ) from error
    return line


def as_text(line: Line) -> str:
    """A line as it is written, with its line end."""
    said = {"what": _NAMES[type(line)], **asdict(line)}
    return json.dumps(said, separators=(",", ":")) + "\n"  # ASCII: a service may send half a sign


Append = Callable[[Line], None]


@contextmanager
def writing(folder: Path) -> Iterator[Append]:
    """Append to a folder's ledger; one process at a time, and the end of an attempt to the disk.

    Raises
    ------
    InputError : another process harvests into this folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / NAME).open("ab+") as file:
        _hold(file, folder)
        _cut_torn_line(file)

        def append(line: Line) -> None:
            try:
                file.write(as_text(line).encode())
                file.flush()
                # Pages are found again without their lines; how an attempt ended, only here.
                if not isinstance(line, PageKept):
                    os.fsync(file.fileno())
            except OSError as error:
                raise HarvestStoppedError(
                    f"the ledger cannot be written: {error.strerror or 'the disk refuses'}",
                    hint="make room on the disk, then run the same command: it goes on here",
                ) from error

        yield append


def _cut_torn_line(file: IO[bytes]) -> None:
    file.seek(0)
    whole = file.read().rfind(b"\n") + 1
    file.truncate(whole)
    file.seek(0, os.SEEK_END)


def _hold(file: IO[bytes], folder: Path) -> None:
    """Keep other processes out; the system lets go of it however this one ends."""
    if sys.platform == "win32":  # appending there is exclusive enough: a page has one name
        return
    import fcntl  # noqa: PLC0415

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError(
            "another harvest is at work in this folder",
            where=folder.name,
            hint="wait for it to end, or stop it",
        ) from None
