"""Which records are the same paper: by EID, then DOI, then title with year and source."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

from bibliometrics.sources.record import Record

MatchedBy = Literal["eid", "doi", "title"]
_NOT_WORD = re.compile(r"[\W_]+")
# "Editorial" or "Preface" stands over many papers of one journal and year.
_LEAST_TITLE = 16


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

    Of the records of one paper the one with most filled fields wins; among equals the one read
    first. Two records with different DOIs are never joined by their title.
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

    ways: tuple[MatchedBy, ...] = ("eid", "doi", "title")
    for how in ways:
        seen: dict[Hashable, int] = {}
        for index, record in enumerate(records):
            key = _key(record, how)
            if key is None:
                continue
            first = seen.setdefault(key, index)
            if first == index or (how == "title" and _contradict(records[first], record)):
                continue
            join(first, index, how)

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
    kept = min(members, key=lambda index: (-records[index].filled, index))
    found = []
    for index in members:
        if index == kept:
            continue
        more, less = records[kept].filled, records[index].filled
        reason = f"more fields filled ({more} against {less})" if more > less else "read first"
        # The first of a group has no link of its own: it is joined by whoever joined it.
        how = matched_by.get(index) or matched_by.get(kept) or "eid"
        differ = _title(records[kept].title) != _title(records[index].title)
        found.append(Duplicate(index, kept, how, reason, differ))
    return found


def _key(record: Record, how: MatchedBy) -> Hashable | None:
    if how == "eid":
        return record.eid or None
    if how == "doi":
        return record.doi or None
    title = _title(record.title)
    if len(title) < _LEAST_TITLE or not record.source_title:
        return None
    return title, record.year, _title(record.source_title)


def _contradict(first: Record, second: Record) -> bool:
    return bool(first.doi and second.doi and first.doi != second.doi)


def _title(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_WORD.sub(" ", folded).strip()
