"""All slices of a run as one set of columns, and records taken out of them again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bibliometrics.corpus.columns import AS_IS, Slice, nothing
from bibliometrics.corpus.keywords import Hits
from bibliometrics.sources.record import AffiliationFacts, Quarantined, Record

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Pairs = tuple[tuple[str, str], ...]
ABSENT = -1
_NOT_LAID: dict[str, Any] = {
    "abstract": None, "author_keywords": None, "index_keywords": None, "author_ids": (),
}  # fmt: skip


@dataclass(frozen=True)
class Pointing:
    """A table whose rows point to records, in ascending order of ``record``."""

    record: Numbers
    columns: dict[str, Numbers]
    texts: dict[str, pa.ChunkedArray]

    def of(self, records: Flags) -> Numbers:
        """The rows that point to the records where ``records`` is true."""
        return np.flatnonzero(records[self.record])

    def spans(self, records: Numbers) -> list[slice]:
        """The rows that point to each of some records."""
        starts = np.searchsorted(self.record, records, "left").tolist()
        ends = np.searchsorted(self.record, records, "right").tolist()
        return [*map(slice, starts, ends)]


@dataclass(frozen=True)
class Joined:
    """The slices of a run; numbers of strings and facts are those of the run, not of a slice."""

    records: pa.Table
    authors: Pointing
    listed: Pointing
    facts: Pointing
    hits: Pointing
    subjects: Pointing
    notes: Pointing
    strings: list[str]
    countries: list[str | None]
    known: list[AffiliationFacts]
    quarantined: list[Quarantined]

    def __len__(self) -> int:
        return int(self.records.num_rows)

    def values(self, name: str) -> list[Any]:
        """A column of the records as Python's own values."""
        found: list[Any] = self.records[name].to_pylist()
        return found

    def numbers(self, name: str) -> Numbers:
        """A column of the records as numbers, ``ABSENT`` where it is empty."""
        return _numbers(self.records[name])

    def taken(self, numbers: Numbers) -> list[Record]:
        """Some records as they were laid down: without the texts that were searched."""
        told = self.records.select([*AS_IS, *_HAS]).take(pa.array(numbers)).to_pylist()
        pointing = (self.authors, self.listed, self.facts)
        spans = zip(*(table.spans(numbers) for table in pointing), strict=True)
        subjects = self._pairs(self.subjects, numbers)
        return [*map(self._record, told, spans, subjects)]

    def _record(
        self, told: dict[str, Any], spans: tuple[slice, slice, slice], subjects: Pairs
    ) -> Record:
        tie = told.pop("tie")
        has = {name: told.pop(name) for name in _HAS}
        authors, listed, facts = spans
        strings = self.listed.columns["string"][listed].tolist()
        about = self.facts.columns["string"][facts].tolist()
        said = self.facts.columns["fact"][facts].tolist()
        return Record(
            **told,
            **_NOT_LAID,
            author_affiliations=self._tied(authors, tie) if has["has_authors"] else None,
            affiliations=tuple(self.strings[i] for i in strings) if has["has_list"] else None,
            facts={self.strings[s]: self.known[f] for s, f in zip(about, said, strict=True)},
            subjects=subjects if has["has_subjects"] else None,
        )

    def hits_of(self, numbers: Sequence[int] | Numbers) -> list[Hits]:
        """What the keywords found in some records."""
        which = np.asarray(numbers, dtype=np.int64)
        flags = self.records.select(["in_copyright", "is_testable"]).take(pa.array(which))
        found: list[Any] = self._pairs(self.hits, which)
        return [*map(Hits, found, *(column.to_pylist() for column in flags.columns))]

    def _pairs(self, table: Pointing, numbers: Numbers) -> list[Pairs]:
        spans = table.spans(numbers)
        rows = np.array([row for each in spans for row in range(each.start, each.stop)], np.int64)
        texts = (table.texts[name].take(pa.array(rows)) for name in ("first", "second"))
        pairs = zip(*(column.to_pylist() for column in texts), strict=True)
        return [tuple(islice(pairs, each.stop - each.start)) for each in spans]

    def _tied(self, authors: slice, tie: str) -> tuple[tuple[str, ...], ...]:
        if tie != "author":
            return ()
        positions = self.authors.columns["position"][authors].tolist()
        strings = self.authors.columns["string"][authors].tolist()
        found: list[list[str]] = [[] for _ in range(max(positions))]
        for position, string in zip(positions, strings, strict=True):
            if ABSENT not in {position, string}:
                found[position - 1].append(self.strings[string])
        return tuple(map(tuple, found))


_HAS = ("has_authors", "has_list", "has_subjects")


def join(slices: Iterable[Slice]) -> Joined:
    """All ``slices``, in the order they come."""
    parts = list(slices) or [nothing()]
    strings: dict[str, int] = {}
    countries: list[str | None] = []
    known: dict[AffiliationFacts, int] = {}
    string_numbers, fact_numbers = [], []
    for part in parts:
        numbers = []
        for string, country in zip(*(part.strings[n].to_pylist() for n in ("string", "country"))):
            number = strings.setdefault(string, len(strings))
            if number == len(countries):
                countries.append(country)
            numbers.append(number)
        string_numbers.append(np.array([*numbers, ABSENT], dtype=np.int64))
        told = zip(*(part.known[name].to_pylist() for name in part.known.column_names))
        facts = [known.setdefault(AffiliationFacts(*each), len(known)) for each in told]
        fact_numbers.append(np.array([*facts, ABSENT], dtype=np.int64))
    offsets = np.cumsum([0, *(part.records.num_rows for part in parts)])

    def pointing(name: str) -> Pointing:
        tables: list[pa.Table] = [getattr(part, name) for part in parts]
        columns: dict[str, Numbers] = {}
        texts: dict[str, pa.ChunkedArray] = {}
        for column in tables[0].column_names:
            arrays = [table[column] for table in tables]
            if pa.types.is_string(arrays[0].type):
                texts[column] = pa.chunked_array(
                    [c for array in arrays for c in array.chunks], pa.string()
                )
                continue
            found = [_numbers(array) for array in arrays]
            if column == "record":
                found = [each + offset for each, offset in zip(found, offsets)]
            if column in {"string", "fact"}:
                maps = string_numbers if column == "string" else fact_numbers
                found = [numbers[each] for numbers, each in zip(maps, found, strict=True)]
            columns[column] = np.concatenate(found)
        return Pointing(columns.pop("record"), columns, texts)

    return Joined(
        records=pa.concat_tables([part.records for part in parts]).combine_chunks(),
        authors=pointing("authors"),
        listed=pointing("listed"),
        facts=pointing("facts"),
        hits=pointing("hits"),
        subjects=pointing("subjects"),
        notes=pointing("notes"),
        strings=list(strings),
        countries=countries,
        known=list(known),
        quarantined=[row for part in parts for row in part.quarantined],
    )


def _numbers(column: pa.ChunkedArray) -> Numbers:
    found: Numbers = column.cast(pa.int64()).fill_null(ABSENT).to_numpy()
    return found
