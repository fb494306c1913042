"""Which records are the same paper: by EID, then DOI, then title with year and source."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bibliometrics.sources.record import Record

MatchedBy = Literal["eid", "doi", "title"]
_IDENTIFIERS: tuple[MatchedBy, ...] = ("eid", "doi")
# Who wrote a paper and where is what is counted: no other field makes up for it.
_TIES = {"author": 2, "paper": 1, "none": 0}
_NOT_WORD = re.compile(r"[\W_]+")
_ASCII_WORDS = bytes(
    ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else ord(" ")
    for code in range(256)
)
# "Editorial" or "Preface" stands over many papers of one journal and year.
LEAST_TITLE = 16


@dataclass(frozen=True)
class Duplicate:
    """A record set aside: its index, that of the record that won, and why."""

    index: int
    kept: int
    matched_by: MatchedBy
    reason: str
    titles_differ: bool


def find_duplicates(records: Sequence[Record]) -> list[Duplicate]:
    """Every record that is another one's paper.

    Of the records of one paper the one wins that ties affiliations to authors, then to the paper;
    among equals the one with most filled fields, then the one read first. Records of one title,
    year and source are joined only where they know one DOI at most; two EIDs without DOI are then
    one paper that the database holds twice.
    """
    parent = list(range(len(records)))
    matched_by: dict[int, MatchedBy] = {}

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    def join(first: int, second: int, how: MatchedBy) -> None:
        a, b = root(first), root(second)
        if a != b:
            parent[max(a, b)] = min(a, b)
            matched_by.setdefault(second, how)

    for how in _IDENTIFIERS:
        seen: dict[Hashable, int] = {}
        for index, record in enumerate(records):
            key = _key(record, how)
            if key is not None:
                first = seen.setdefault(key, index)
                if first != index:
                    join(first, index, how)

    dois: dict[int, set[str]] = {}
    titles: dict[Hashable, list[int]] = {}
    for index, record in enumerate(records):
        if record.doi:
            dois.setdefault(root(index), set()).add(record.doi)
        key = _key(record, "title")
        if key is not None:
            titles.setdefault(key, []).append(index)
    for members in titles.values():
        # Judged over all at once: which of two DOIs a record without one belongs to, nobody knows.
        known = {doi for index in members for doi in dois.get(root(index), ())}
        if len(members) > 1 and len(known) < 2:
            for index in members[1:]:
                join(members[0], index, "title")

    groups: dict[int, list[int]] = {}
    for index in range(len(records)):
        groups.setdefault(root(index), []).append(index)
    found = [
        duplicate
        for members in groups.values()
        if len(members) > 1
        for duplicate in _judged(records, members, matched_by)
    ]
    return sorted(found, key=lambda duplicate: duplicate.index)


def _judged(
    records: Sequence[Record], members: list[int], matched_by: dict[int, MatchedBy]
) -> list[Duplicate]:
    def rank(index: int) -> tuple[int, int, int]:
        return -_TIES[records[index].tie], -records[index].filled, index

    kept = min(members, key=rank)
    found = []
    for index in members:
        if index == kept:
            continue
        more, less = records[kept].filled, records[index].filled
        reason = f"more fields filled ({more} against {less})" if more > less else "read first"
        if _TIES[records[kept].tie] > _TIES[records[index].tie]:
            reason = "tells more of who wrote it where"
        # The first of a group has no link of its own: it is joined by whoever joined it.
        how = matched_by.get(index) or matched_by.get(kept) or "eid"
        differ = plain_title(records[kept].title) != plain_title(records[index].title)
        found.append(Duplicate(index, kept, how, reason, differ))
    return found


def _key(record: Record, how: MatchedBy) -> Hashable | None:
    if how == "eid":
        own = (record.database, record.source_id) if record.source_id else None
        return record.eid or own
    if how == "doi":
        return record.doi or None
    title = plain_title(record.title)
    if len(title) < LEAST_TITLE or not record.source_title:
        return None
    return title, record.year, _plain_source(record.source_title)


def title_key(record: Record) -> int | None:
    """A number that records of one title, year and source share; others hardly ever do.

    It picks who may be a duplicate; ``find_duplicates`` compares the titles themselves.
    """
    source = record.source_title
    if not source:
        return None
    title = plain_title(record.title)
    if len(title) < LEAST_TITLE:
        return None
    where = f"{record.year} {_plain_source(source)}".encode("utf-8", "surrogatepass")
    return zlib.crc32(title.encode("utf-8", "surrogatepass")) << 31 ^ zlib.crc32(where)


def plain_title(text: str) -> str:
    """A title's words alone, case and marks aside: what titles are compared by."""
    if text.isascii():  # the same, several times faster
        return " ".join(text.encode("ascii").translate(_ASCII_WORDS).decode("ascii").split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_WORD.sub(" ", folded).strip()


# Sources come again and again, titles hardly ever.
_plain_source = lru_cache(maxsize=1 << 14)(plain_title)
