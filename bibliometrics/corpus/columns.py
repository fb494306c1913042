"""Records as columns: a slice of the input, judged row by row and laid down in Arrow tables.

A record as an object takes some kilobytes and a place in Python's memory for each of its words;
as columns it takes some hundred bytes, and its texts, once searched, are gone. Whatever needs
several records at once works on the columns; the few that need a ``Record`` again get it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bibliometrics.corpus.duplicates import title_key
from bibliometrics.corpus.keywords import Hits, KeywordRule
from bibliometrics.corpus.selection import CountryOf, Selection
from bibliometrics.sources.record import AffiliationFacts, Quarantined, Record, Tie
from bibliometrics.study.model import Study

_TEXT, _NUMBER, _FLAG, _KEY = pa.string(), pa.int32(), pa.bool_(), pa.int64()
# Fields that go into a column as they are.
AS_IS: dict[str, Any] = {
    "file": _TEXT, "row": _NUMBER, "database": _TEXT, "is_simulated": _FLAG, "eid": _TEXT,
    "doi": _TEXT, "source_id": _TEXT, "title": _TEXT, "year": _NUMBER, "source_title": _TEXT,
    "document_type": _TEXT, "source_type": _TEXT, "publication_stage": _TEXT, "language": _TEXT,
    "authors_announced": _NUMBER, "filled": _NUMBER, "is_cut": _FLAG, "is_retracted": _FLAG,
    "tie": _TEXT,
}  # fmt: skip
_JUDGED: dict[str, Any] = {
    "title_key": _KEY, "has_list": _FLAG, "has_authors": _FLAG, "has_subjects": _FLAG,
    "has_corresponding": _FLAG, "in_copyright": _FLAG, "is_testable": _FLAG, "stop": _NUMBER,
    "untested": _NUMBER, "is_unknown": _FLAG, "is_stateless": _FLAG,
}  # fmt: skip
_RECORDS = pa.schema([*AS_IS.items(), *_JUDGED.items()])
_AUTHORS = pa.schema(
    [("record", _NUMBER), ("position", _NUMBER), ("author", _TEXT), ("string", _NUMBER),
     ("is_corresponding", _NUMBER)]
)  # fmt: skip
_LISTED = pa.schema([("record", _NUMBER), ("string", _NUMBER)])
_FACTS = pa.schema([("record", _NUMBER), ("string", _NUMBER), ("fact", _NUMBER)])
_PAIRS = pa.schema([("record", _NUMBER), ("first", _TEXT), ("second", _TEXT)])
_NOTES = pa.schema([("record", _NUMBER), ("note", _TEXT)])
_STRINGS = pa.schema([("string", _TEXT), ("country", _TEXT)])
_KNOWN = pa.schema([("afid", _TEXT), ("ror", _TEXT), ("city", _TEXT), ("country", _TEXT)])
TABLES = {
    "records": _RECORDS, "authors": _AUTHORS, "listed": _LISTED, "facts": _FACTS, "hits": _PAIRS,
    "subjects": _PAIRS, "notes": _NOTES, "strings": _STRINGS, "known": _KNOWN,
}  # fmt: skip
"""The columns of each table of a slice."""
ROWS_IN_A_SLICE = 4_096
Counted = npt.NDArray[np.int32]
Item = TypeVar("Item")
# A database that has no keywords at all is searched without them; an export that lacks them
# although its database has them cannot tell.
_WITHOUT_KEYWORDS = ("OpenAlex",)


@dataclass(frozen=True)
class Slice:
    """Some consecutive rows of the input.

    ``records`` has a row for each record; the other tables point into it by ``record`` (from 0
    within the slice), into ``strings`` by ``string`` and into ``known`` by ``fact``: ``authors``
    (record × author × affiliation), ``listed`` (record × affiliation in order), ``facts`` (what the
    source says of a string), ``hits`` (keyword, field), ``subjects`` (scheme, subject), ``notes``.
    """

    records: pa.Table
    authors: pa.Table
    listed: pa.Table
    facts: pa.Table
    hits: pa.Table
    subjects: pa.Table
    notes: pa.Table
    strings: pa.Table
    known: pa.Table
    quarantined: tuple[Quarantined, ...]

    @property
    def rows(self) -> int:
        return int(self.records.num_rows) + len(self.quarantined)

    def behind(self, before: int) -> Slice:
        """The same rows, numbered from ``before`` on."""
        place = self.records.schema.get_field_index("row")
        moved = pa.array(self.records["row"].to_numpy() + before, _NUMBER)
        return replace(
            self,
            records=self.records.set_column(place, _RECORDS.field(place), moved),
            quarantined=tuple(replace(row, row=row.row + before) for row in self.quarantined),
        )


class Judge:
    """What is told of a record alone: its keywords, and which step of the filter it ends at."""

    def __init__(self, study: Study, country_of: CountryOf) -> None:
        self.rule = KeywordRule(study.query)
        self.country_of = cache(country_of)
        self.selection = Selection(study, self.country_of)

    def hits(self, record: Record) -> Hits:
        absent = "" if record.database in _WITHOUT_KEYWORDS else None
        author, index = record.author_keywords, record.index_keywords
        return self.rule.hits(
            {
                "title": record.title,
                "abstract": record.abstract,
                "author_keywords": absent if author is None else author,
                "index_keywords": absent if index is None else index,
            }
        )


class _Numbered(dict[str, int]):
    """Strings, each with the number of its first mention; a new one gets the next."""

    def __missing__(self, item: str) -> int:
        number = self[item] = len(self)
        return number


@dataclass
class _Authors:
    """The columns of ``authors``; ``rows`` says how many rows each record has, in their order."""

    rows: list[int] = field(default_factory=list)
    position: list[int | None] = field(default_factory=list)
    author: list[str | None] = field(default_factory=list)
    string: list[int | None] = field(default_factory=list)
    is_corresponding: list[int | None] = field(default_factory=list)

    def lay(self, record: Record, tie: Tie, listed: Sequence[int], strings: _Numbered) -> None:
        """A row for each author × affiliation, and for each affiliation tied to no author."""
        before = len(self.position)
        untied = listed
        if tie == "author" and record.author_affiliations is not None:
            tied = self._lay_tied(record, record.author_affiliations, strings)
            untied = () if tied.issuperset(listed) else [s for s in listed if s not in tied]
        if untied:
            self.string += dict.fromkeys(untied)
            nothing = [None] * (len(self.string) - len(self.position))
            self.position += nothing
            self.author += nothing
            self.is_corresponding += nothing
        self.rows.append(len(self.position) - before)

    def _lay_tied(
        self, record: Record, affiliations: Sequence[tuple[str, ...]], strings: _Numbered
    ) -> set[int | None]:
        ids, told = record.author_ids, record.corresponding
        positions: Sequence[int] = range(1, len(affiliations) + 1)
        authors: Sequence[str | None] = ids or [None] * len(affiliations)
        flags: Sequence[int | None] = [None] * len(affiliations)
        if told is not None:
            flags = [int(position in told) for position in positions]
        sizes = set(map(len, affiliations))
        placed: list[int | None]
        if sizes == {1}:
            placed = [*map(strings.__getitem__, chain.from_iterable(affiliations))]
        else:
            each: list[Sequence[int | None]] = [
                [*map(strings.__getitem__, dict.fromkeys(items))] or _NO_STRING
                for items in affiliations
            ]
            placed = [*chain.from_iterable(each)]
            times = [*map(len, each)]
            positions = _each_as_often(positions, times)
            authors = _each_as_often(authors, times)
            flags = _each_as_often(flags, times)
        self.position += positions
        self.author += authors
        self.string += placed
        self.is_corresponding += flags
        return set(placed)


def _each_as_often(items: Sequence[Item], times: Sequence[int]) -> list[Item]:
    return [*chain.from_iterable(map(repeat, items, times))]


_NO_STRING: tuple[None] = (None,)


@dataclass
class _Laid:
    """The columns of a slice while they grow."""

    records: list[tuple[Any, ...]] = field(default_factory=list)
    authors: _Authors = field(default_factory=_Authors)
    listed: list[int] = field(default_factory=list)
    listed_by: list[int] = field(default_factory=list)
    facts: list[tuple[int, int, int]] = field(default_factory=list)
    hits: list[tuple[int, str, str]] = field(default_factory=list)
    subjects: list[tuple[int, str, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    strings: _Numbered = field(default_factory=_Numbered)
    known: dict[AffiliationFacts, int] = field(default_factory=dict)
    # Facts by identity: readers give the same object again and again, and its hash is slow.
    seen: dict[int, tuple[AffiliationFacts, int]] = field(default_factory=dict)

    def fact(self, facts: AffiliationFacts) -> int:
        """The number of ``facts`` within the slice."""
        found = self.seen.get(id(facts))
        if found is None:
            found = self.seen[id(facts)] = facts, self.known.setdefault(facts, len(self.known))
        return found[1]


def lay_down(rows: Iterable[Record | Quarantined], judge: Judge) -> Slice:
    """Judge every row and lay it down; the order of the rows is kept."""
    laid = _Laid()
    quarantined: list[Quarantined] = []
    for row in rows:
        if isinstance(row, Quarantined):
            quarantined.append(row)
        else:
            _lay(laid, row, judge)
    return _slice(laid, quarantined, [*map(judge.country_of, laid.strings)])


def slices_of(rows: Iterable[Record | Quarantined], judge: Judge) -> Iterator[Slice]:
    """The rows laid down a slice at a time."""
    remaining = iter(rows)
    while (part := lay_down(islice(remaining, ROWS_IN_A_SLICE), judge)).rows:
        yield part


def nothing() -> Slice:
    """A slice without rows."""
    return _slice(_Laid(), (), ())


def _slice(
    laid: _Laid, quarantined: Sequence[Quarantined], countries: Sequence[str | None]
) -> Slice:
    return Slice(
        _table(laid.records, _RECORDS),
        _columns(
            _AUTHORS,
            _repeated(laid.authors.rows),
            laid.authors.position,
            laid.authors.author,
            laid.authors.string,
            laid.authors.is_corresponding,
        ),
        _columns(_LISTED, _repeated(laid.listed_by), laid.listed),
        _table(laid.facts, _FACTS),
        _table(laid.hits, _PAIRS),
        _table(laid.subjects, _PAIRS),
        _table(laid.notes, _NOTES),
        _columns(_STRINGS, [*laid.strings], countries),
        _table([(each.afid, each.ror, each.city, each.country) for each in laid.known], _KNOWN),
        tuple(quarantined),
    )


_plain = attrgetter(*(name for name in AS_IS if name != "tie"))


def _lay(laid: _Laid, record: Record, judge: Judge) -> None:
    number = len(laid.records)
    hits = judge.hits(record)
    verdict = judge.selection.verdict(record, hits)
    strings = laid.strings
    names, tie = record.affiliations or (), record.tie
    listed = [*map(strings.__getitem__, names)]
    laid.listed += listed
    laid.listed_by.append(len(listed))
    laid.authors.lay(record, tie, listed, strings)
    for item, facts in record.facts.items():
        laid.facts.append((number, strings[item], laid.fact(facts)))
    if hits.found:
        laid.hits += [(number, keyword, where) for keyword, where in hits.found]
    if record.subjects:
        laid.subjects += [(number, scheme, subject) for scheme, subject in record.subjects]
    if record.findings:
        laid.notes += [(number, note) for note in dict.fromkeys(record.findings)]
    laid.records.append(
        (
            *_plain(record),
            tie,
            title_key(record),
            record.affiliations is not None,
            record.author_affiliations is not None,
            record.subjects is not None,
            record.corresponding is not None,
            hits.only_in_copyright,
            hits.is_testable,
            verdict.stop,
            verdict.untested,
            verdict.is_unknown,
            None in map(judge.country_of, names),
        )
    )


def _table(rows: Sequence[tuple[Any, ...]], columns: pa.Schema) -> pa.Table:
    if not rows:
        return columns.empty_table()
    arrays = [pa.array(values, kind) for values, kind in zip(zip(*rows), columns.types)]
    return pa.Table.from_arrays(arrays, schema=columns)


def _columns(schema: pa.Schema, *columns: Sequence[Any] | Counted) -> pa.Table:
    arrays = [pa.array(values, kind) for values, kind in zip(columns, schema.types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _repeated(rows: Sequence[int]) -> Counted:
    """The number of each record as often as it has rows."""
    return np.repeat(np.arange(len(rows), dtype=np.int32), rows)
