"""Pages as received: one compressed file each, written whole or not at all, checked when read.

    <folder>/ledger.jsonl
    <folder>/pages/<slice>/<attempt>/00001.json.gz
    <folder>/profiles/<afid>.json.gz

``<slice>`` is a hash of source, view and query. Nothing is ever overwritten by another content: a
slice that is fetched again gets a folder of its own, so an edition can name what it was made from.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from bibliometrics.errors import InputError
from bibliometrics.harvesting import ledger
from bibliometrics.sources.paged import HarvestStoppedError
from bibliometrics.sources.reading import every
from bibliometrics.sources.record import Quarantined, Record

_LEVEL = 4  # a third slower than 1 for a quarter less; 9 takes four times as long for 4 % less
_PARTIAL = ".partial"
_PAGES_IN_A_BLOCK = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """One fetched slice, as an edition names it: enough to find it again and to prove it."""

    label: str
    slice: str
    attempt: int
    content: str
    view: str
    announced: int
    rows: int
    distinct: int
    hashes: tuple[str, ...]
    newest: str
    is_complete: bool
    reasons: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        return len(self.hashes)

    @property
    def doubled(self) -> int:
        """Rows whose id had come before in the slice."""
        return self.rows - self.distinct


@dataclass(frozen=True, slots=True)
class Held:
    """What a cache folder holds of a search; ``missing`` labels slices not fetched yet."""

    query: str
    entries: tuple[Entry, ...]
    missing: tuple[str, ...]
    is_simulated: bool | None

    @property
    def incomplete(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if not entry.is_complete)

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.incomplete

    @property
    def newest(self) -> str:
        """When the newest page of them was received (UTC); "" where there is none."""
        return max((entry.newest for entry in self.entries), default="")


def slice_key(source: str, view: str, query: str) -> str:
    """The name of a slice in the cache."""
    return hashlib.sha256(f"{source}\n{view}\n{query}".encode()).hexdigest()[:20]


def page_path(folder: Path, key: str, attempt: int, page: int) -> Path:
    return folder / "pages" / key / f"{attempt:02d}" / f"{page:05d}.json.gz"


def profile_path(folder: Path, afid: str) -> Path:
    return folder / "profiles" / f"{afid}.json.gz"


def write_whole(path: Path, body: bytes) -> str:
    """Keep ``body`` compressed at ``path`` and return its sha256; on disk when this returns.

    Raises
    ------
    HarvestStoppedError : the disk is full or refuses.
    """
    partial = path.with_name(f".{path.name}{_PARTIAL}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(gzip.compress(body, _LEVEL, mtime=0))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        _settle(path.parent)
    except OSError as error:
        raise HarvestStoppedError(
            f"a page cannot be kept: {error.strerror or 'the disk refuses'}",
            hint="make room on the disk, then run the same command: it goes on here",
        ) from error
    return hashlib.sha256(body).hexdigest()


def _settle(folder: Path) -> None:
    """Put the folder's list of names on disk, where the system lets one ask for it."""
    try:
        place = os.open(folder, os.O_RDONLY)
    except PermissionError:  # Windows opens no folder
        return
    try:
        os.fsync(place)
    finally:
        os.close(place)


def read_whole(path: Path) -> bytes | None:
    """The content of a page file; None where it is missing or torn."""
    try:
        packed = path.read_bytes()
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            return file.read()
    except (FileNotFoundError, EOFError, gzip.BadGzipFile, zlib.error):
        return None


def sweep(folder: Path) -> None:
    """Remove what a killed process left half-written."""
    for path in sorted(folder.glob(f"*/**/.*{_PARTIAL}")):
        path.unlink()


def held(folder: Path, query: str | None = None, view: str | None = None) -> Held | None:
    """What the folder holds of a search: of the newest one planned, or of ``query``.

    None where no such search was planned. A slice counts with its newest whole attempt, else with
    the newest one that was reported as incomplete.
    """
    known = ledger.fold(ledger.read(folder))
    plan = known.latest_plan()
    if query is not None:
        plans = [p for p in known.plans.values() if p.query == query and view in {None, p.view}]
        plan = plans[-1] if plans else None
    if plan is None:
        return None
    entries, missing, kinds = [], [], set()
    for key, label in zip(plan.slices, plan.labels, strict=True):
        attempt = known.usable(key)
        if attempt is None or attempt.ended is None:
            missing.append(label)
            continue
        kinds |= {page.is_simulated for page in attempt.pages if page.is_simulated is not None}
        entries.append(_entry(label, plan.view, attempt, attempt.ended))
    if len(kinds) > 1:
        raise InputError(
            "the cache holds simulated and real records of one search",
            where=folder.name,
            hint="give each a cache folder of its own",
        )
    return Held(plan.query, tuple(entries), tuple(missing), next(iter(kinds), None))


def _entry(label: str, view: str, attempt: ledger.Attempt, ended: ledger.Ended) -> Entry:
    return Entry(
        label=label,
        slice=ended.slice,
        attempt=attempt.number,
        content=ended.content,
        view=view,
        announced=ended.announced,
        rows=ended.rows,
        distinct=ended.distinct,
        hashes=tuple(page.sha256 for page in attempt.pages[: ended.pages]),
        newest=max((page.at for page in attempt.pages), default=ended.at),
        is_complete=ended.outcome == "accepted",
        reasons=ended.reasons,
    )


def content_of(hashes: Iterable[str]) -> str:
    """One hash for the pages of an attempt, from theirs."""
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def page_of(folder: Path, entry: Entry, number: int) -> bytes:
    """The page of that number (from 1) of an entry.

    Raises
    ------
    InputError : it is missing, torn, or not what the entry was made from.
    """
    path = page_path(folder, entry.slice, entry.attempt, number)
    body = read_whole(path)
    if body is None or hashlib.sha256(body).hexdigest() != entry.hashes[number - 1]:
        what = "is missing or torn" if body is None else "is not what was received"
        raise InputError(
            f"the page {what}",
            where=path.relative_to(folder).as_posix(),
            hint="harvest again: the slice of a damaged page is fetched anew",
        )
    return body


def pages(folder: Path, entry: Entry) -> Iterator[bytes]:
    """The pages of one entry in order; see ``page_of``."""
    return (page_of(folder, entry, number) for number in range(1, entry.pages + 1))


def named(folder: Path, key: str, attempt: int) -> Entry | None:
    """The entry an edition named, however many were fetched since; None: it is not here."""
    known = ledger.fold(ledger.read(folder))
    for kept in known.attempts.get(key, []):
        begun = known.begun.get(key)
        if kept.number == attempt and kept.ended is not None and begun is not None:
            return _entry(begun.label, begun.view, kept, kept.ended)
    return None


ReadPage = Callable[[bytes, str, str], Iterator[Record | Quarantined]]
"""(body, file name for messages, view) → its rows; ``scopus_json.page_reader`` makes one."""


def cached_records(
    folder: Path, read_page: ReadPage, entries: Iterable[Entry] | None = None
) -> Iterator[Record | Quarantined]:
    """Every row of the entries (by default, of the newest search), in order, nothing merged.

    Rows are named by slice and page, the same for any course the harvest took. An id that comes
    twice comes twice here too: the corpus merges and counts it.
    """
    if entries is None:
        found = held(folder)
        entries = found.entries if found else ()
    for block in cached_blocks(folder, lambda: read_page, tuple(entries), 0, 1):
        yield from block


def cached_blocks(
    folder: Path,
    reader: Callable[[], ReadPage],
    entries: Sequence[Entry],
    first: int,
    step: int,
) -> Iterator[Iterator[Record | Quarantined]]:
    """Every ``step``-th block of pages, from the block ``first``; ``reader`` makes the reader."""
    read_page = reader()
    numbered = ((entry, number) for entry in entries for number in range(1, entry.pages + 1))
    for block in every(numbered, first, step, _PAGES_IN_A_BLOCK):
        yield chain.from_iterable(
            read_page(
                page_of(folder, entry, number),
                f"{'-'.join(entry.label.split())}/{number:05d}.json",
                entry.view,
            )
            for entry, number in block
        )
