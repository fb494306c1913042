"""Records as columns: a slice of the input, judged row by row and laid down in Arrow tables.

A record as an object takes some kilobytes and a place in Python's memory for each of its words;
as columns it takes some hundred bytes, and its texts, once searched, are gone. Whatever needs
several records at once works on the columns; the few that need a ``Record`` again get it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from operator import attrgetter
from typing import Any

import pyarrow as pa

from bibliometrics.duplicates import title_key
from bibliometrics.keywords import Hits, KeywordRule
from bibliometrics.selection import CountryOf, Selection
from bibliometrics.sources.record import AffiliationFacts, Quarantined, Record
from bibliometrics.study import Study

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
ROWS_IN_A_SLICE = 4_096
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


@dataclass
class _Laid:
    """The columns of a slice while they grow."""

    records: list[tuple[Any, ...]] = field(default_factory=list)
    authors: list[tuple[Any, ...]] = field(default_factory=list)
    listed: list[tuple[int, int]] = field(default_factory=list)
    facts: list[tuple[int, int, int]] = field(default_factory=list)
    hits: list[tuple[int, str, str]] = field(default_factory=list)
    subjects: list[tuple[int, str, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    strings: dict[str, int] = field(default_factory=dict)
    countries: list[str | None] = field(default_factory=list)
    known: dict[AffiliationFacts, int] = field(default_factory=dict)


def lay_down(rows: Iterable[Record | Quarantined], judge: Judge) -> Slice:
    """Judge every row and lay it down; the order of the rows is kept."""
    laid = _Laid()
    quarantined: list[Quarantined] = []
    for row in rows:
        if isinstance(row, Quarantined):
            quarantined.append(row)
        else:
            _lay(laid, row, judge)
    return _slice(laid, quarantined)


def slices_of(rows: Iterable[Record | Quarantined], judge: Judge) -> Iterator[Slice]:
    """The rows laid down a slice at a time."""
    remaining = iter(rows)
    while (part := lay_down(islice(remaining, ROWS_IN_A_SLICE), judge)).rows:
        yield part


def nothing() -> Slice:
    """A slice without rows."""
    return _slice(_Laid(), ())


def _slice(laid: _Laid, quarantined: Sequence[Quarantined]) -> Slice:
    return Slice(
        _table(laid.records, _RECORDS),
        _table(laid.authors, _AUTHORS),
        _table(laid.listed, _LISTED),
        _table(laid.facts, _FACTS),
        _table(laid.hits, _PAIRS),
        _table(laid.subjects, _PAIRS),
        _table(laid.notes, _NOTES),
        _table([*zip(laid.strings, laid.countries, strict=True)], _STRINGS),
        _table([(each.afid, each.ror, each.city, each.country) for each in laid.known], _KNOWN),
        tuple(quarantined),
    )


_plain = attrgetter(*AS_IS)


def _lay(laid: _Laid, record: Record, judge: Judge) -> None:
    number = len(laid.records)
    hits = judge.hits(record)
    verdict = judge.selection.verdict(record, hits)
    strings, countries = laid.strings, laid.countries

    def place(item: str) -> int:
        found = strings.get(item)
        if found is None:
            found = strings[item] = len(strings)
            countries.append(judge.country_of(item))
        return found

    listed = [place(item) for item in record.affiliations or ()]
    laid.listed += [(number, string) for string in listed]
    _lay_authors(laid.authors, record, number, listed, place)
    for item, facts in record.facts.items():
        fact = laid.known.setdefault(facts, len(laid.known))
        laid.facts.append((number, place(item), fact))
    if hits.found:
        laid.hits += [(number, keyword, where) for keyword, where in hits.found]
    if record.subjects:
        laid.subjects += [(number, scheme, subject) for scheme, subject in record.subjects]
    if record.findings:
        laid.notes += [(number, note) for note in dict.fromkeys(record.findings)]
    laid.records.append(
        (
            *_plain(record),
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
            None in [countries[string] for string in listed],
        )
    )


def _lay_authors(
    rows: list[tuple[Any, ...]],
    record: Record,
    number: int,
    listed: Sequence[int],
    place: Callable[[str], int],
) -> None:
    """A row for each author × affiliation, and for each affiliation that is tied to no author."""
    if record.tie != "author":
        rows += [(number, None, None, string, None) for string in dict.fromkeys(listed)]
        return
    ids, told = record.author_ids, record.corresponding
    tied: set[int] = set()
    for position, items in enumerate(record.author_affiliations or (), 1):
        author = ids[position - 1] if ids else None
        flag = None if told is None else int(position in told)
        if not items:
            rows.append((number, position, author, None, flag))
        elif len(items) == 1:
            string = place(items[0])
            tied.add(string)
            rows.append((number, position, author, string, flag))
        else:
            distinct = [place(item) for item in dict.fromkeys(items)]
            tied.update(distinct)
            rows += [(number, position, author, string, flag) for string in distinct]
    if len(tied) < len(listed):
        rows += [
            (number, None, None, string, None)
            for string in dict.fromkeys(listed)
            if string not in tied
        ]


def _table(rows: Sequence[tuple[Any, ...]], columns: pa.Schema) -> pa.Table:
    if not rows:
        return columns.empty_table()
    arrays = [pa.array(values, kind) for values, kind in zip(zip(*rows), columns.types)]
    return pa.Table.from_arrays(arrays, schema=columns)
