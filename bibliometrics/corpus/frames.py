"""The tables of a corpus out of the columns of its records.

Rows are put in order by numbers (the place of a paper among the ids, of a word among the words),
which is many times faster than sorting the strings of every row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bibliometrics import schema
from bibliometrics.corpus.duplicates import Duplicate
from bibliometrics.corpus.joined import ABSENT, Flags, Joined, Numbers, Pointing
from bibliometrics.corpus.keywords import Hits
from bibliometrics.sources.record import AffiliationFacts, Quarantined, Record

_AS_THEY_ARE = (
    "title", "year", "source_title", "document_type", "language", "authors_announced", "tie",
    "database",
)  # fmt: skip
_NAMED_BY = ("eid", "doi", "source_id", "title", "year", "source_title")


@dataclass(frozen=True)
class Chosen:
    """Some records in the order of their ids: the papers of the corpus, or those set aside.

    ``numbers`` are their places among all records; ``changed`` has those that merging changed.
    """

    whole: Joined
    numbers: Numbers
    ids: list[str]
    changed: Mapping[int, Record]

    def values(self, name: str) -> list[Any]:
        """A field of theirs, with what merging filled."""
        found: list[Any] = self.column(name).to_pylist()
        return found

    def column(self, name: str) -> pa.Array:
        """The same as a column."""
        return _column(self.whole, self.numbers, self.changed, name)

    def places(self) -> Numbers:
        """For each record its place here; ``ABSENT`` where it is not here."""
        return _places(self.whole, self.numbers)


def choose(whole: Joined, chosen: Flags, changed: Mapping[int, Record]) -> Chosen:
    """The records where ``chosen`` is true."""
    numbers = np.flatnonzero(chosen)
    named: list[str] = _column(whole, numbers, changed, "eid").to_pylist()
    without = [place for place, eid in enumerate(named) if not eid]
    told = (_column(whole, numbers[without], changed, name).to_pylist() for name in _NAMED_BY)
    for place, each in zip(without, zip(*told, strict=True), strict=True):
        named[place] = paper_id(*each)
    ids = _numbered(named)
    order = sorted(range(len(ids)), key=ids.__getitem__)
    return Chosen(whole, numbers[order], [ids[place] for place in order], changed)


def _column(whole: Joined, numbers: Numbers, changed: Mapping[int, Record], name: str) -> pa.Array:
    """A field of the records of these numbers; where ``changed`` has a record, as it has it."""
    found = _taken(whole.records[name], numbers)
    if not changed:
        return found
    places = _places(whole, numbers)
    by_place = {int(places[n]): getattr(record, name) for n, record in changed.items()}
    by_place.pop(ABSENT, None)
    if not by_place:
        return found
    order = sorted(by_place)
    is_changed = np.zeros(len(found), dtype=bool)
    is_changed[order] = True
    new = pa.array([by_place[place] for place in order], found.type)
    return pc.replace_with_mask(found, pa.array(is_changed), new)


def _places(whole: Joined, numbers: Numbers) -> Numbers:
    places: Numbers = np.full(len(whole), ABSENT, dtype=np.int64)
    places[numbers] = np.arange(len(numbers))
    return places


def paper_id(
    eid: str, doi: str, source_id: str, title: str, year: int, source_title: str | None
) -> str:
    """EID, else DOI, else a hash of title, year and source: the same from run to run."""
    if eid:
        return eid
    if doi:
        return f"doi:{doi}"
    if source_id:
        return source_id
    known = f"{title}|{year}|{source_title or ''}"
    return f"title:{hashlib.sha256(known.encode()).hexdigest()[:16]}"


def _numbered(ids: Sequence[str]) -> list[str]:
    if len(set(ids)) == len(ids):
        return [*ids]
    seen: dict[str, int] = {}
    numbered = []
    for first in ids:
        seen[first] = seen.get(first, 0) + 1
        # Two records that only a short title identifies are two papers until somebody says not.
        numbered.append(first if seen[first] == 1 else f"{first}-{seen[first]}")
    return numbered


def papers(chosen: Chosen, notes: Mapping[int, str]) -> pd.DataFrame:
    """``schema.PAPERS``; ``notes`` says what was merged, by the record's number."""
    columns = {name: _shown(chosen.column(name)) for name in _AS_THEY_ARE}
    types = chosen.column("document_type").dictionary_encode()
    by_type = [_retracted(None, each) for each in (*types.dictionary.to_pylist(), None)]
    codes = types.indices.fill_null(len(by_type) - 1)
    by_type_ = pa.array(by_type, pa.int64()).take(codes)
    said = chosen.column("is_retracted").cast(pa.int64())
    row = chosen.column("row").cast(pa.string())
    where = pc.binary_join_element_wise(chosen.column("file"), row, " row ")
    return schema.in_order(
        pd.DataFrame(
            {
                "paper_id": pd.Series(chosen.ids, dtype="string"),
                "eid": _shown(_known(chosen.column("eid"))),
                "doi": _shown(_known(chosen.column("doi"))),
                **columns,
                "is_cut": _shown(chosen.column("is_cut").cast(pa.int64())),
                "is_retracted": _shown(pc.coalesce(said, by_type_)),
                "merged": pd.Series(
                    [notes.get(n) for n in chosen.numbers.tolist()], dtype="string"
                ),
                "location": _shown(where),
            }
        ),
        schema.PAPERS,
    )


def _retracted(said: bool | None, document_type: str | None) -> int | None:
    if said is not None:
        return int(said)
    return None if document_type is None else int(document_type.lower() == "retracted")


def affiliations(whole: Joined, chosen: Chosen) -> tuple[pd.DataFrame, Numbers]:
    """``schema.AFFILIATIONS``, and the affiliation_id of each string (``ABSENT``: of no paper)."""
    places = chosen.places()
    rows = whole.listed.of(places != ABSENT)
    strings = whole.listed.columns["string"][rows]
    width = max(1, len(whole.strings))
    # A paper that lists a string twice carries it once. Rows are nearly in order: sorting is faster
    # than the hashing of ``np.unique``.
    ordered = np.sort(whole.listed.record[rows] * width + strings)
    distinct = ordered[np.diff(ordered, prepend=-1) > 0] % width
    papers_ = np.bincount(distinct, minlength=width)
    used = sorted(map(int, np.flatnonzero(papers_)), key=whole.strings.__getitem__)
    facts = _facts(whole, places)
    nothing = AffiliationFacts()
    told = [facts.get(string, nothing) for string in used]
    frame = pd.DataFrame(
        {
            "affiliation_id": range(len(used)),
            "affiliation": pd.Series([whole.strings[string] for string in used], dtype="string"),
            "country": pd.Series(
                [whole.countries[s] or each.country or None for s, each in zip(used, told)],
                dtype="string",
            ),
            "papers": papers_[used] if used else [],
            "afid": [each.afid or None for each in told],
            "ror": [each.ror or None for each in told],
        }
    )
    ids: Numbers = np.full(width + 1, ABSENT, dtype=np.int64)
    ids[used] = np.arange(len(used))
    return schema.conform(frame, schema.AFFILIATIONS), ids


def _facts(whole: Joined, places: Numbers) -> dict[int, AffiliationFacts]:
    """For each string what its source says most often; ties by identifier, then as first read."""
    rows = whole.facts.of(places != ABSENT)
    width = max(1, len(whole.known))
    keys = whole.facts.columns["string"][rows] * width + whole.facts.columns["fact"][rows]
    distinct, first, times = np.unique(keys, return_index=True, return_counts=True)
    best: dict[int, tuple[int, str, str, int]] = {}
    said: dict[int, AffiliationFacts] = {}
    for key, at, count in zip(distinct.tolist(), first.tolist(), times.tolist(), strict=True):
        string, fact = divmod(key, width)
        facts = whole.known[fact]
        rank = (-count, facts.afid, facts.ror, at)
        if string not in best or rank < best[string]:
            best[string], said[string] = rank, facts
    return said


def authorships(chosen: Chosen, ids: Numbers) -> pd.DataFrame:
    """``schema.AUTHORSHIPS``; ``ids`` gives the affiliation_id of a string."""
    table = chosen.whole.authors
    places = chosen.places()
    rows = table.of(places != ABSENT)
    paper = places[table.record[rows]]
    position = table.columns["position"][rows]
    affiliation = ids[table.columns["string"][rows]]
    order = np.lexsort((_last(affiliation), _last(position), paper))
    rows, paper = rows[order], paper[order]
    frame = pd.DataFrame(
        {
            "paper_id": _texts(pa.array(chosen.ids, pa.string()), paper),
            "author_position": _integers(position[order]),
            "author_id_scopus": _texts(table.texts["author"], rows),
            "affiliation_id": _integers(affiliation[order]),
            "is_corresponding": _integers(table.columns["is_corresponding"][rows]),
        }
    )
    return schema.in_order(frame, schema.AUTHORSHIPS)


def keyword_hits(chosen: Chosen, joined: Mapping[int, Hits]) -> pd.DataFrame:
    """``schema.KEYWORD_HITS``; ``joined`` has what merged records match together."""
    replaced = {number: hits.found for number, hits in joined.items()}
    return _pairs(chosen, chosen.whole.hits, replaced, schema.KEYWORD_HITS)


def subjects(chosen: Chosen) -> pd.DataFrame:
    """``schema.SUBJECTS``."""
    replaced = {number: record.subjects or () for number, record in chosen.changed.items()}
    return _pairs(chosen, chosen.whole.subjects, replaced, schema.SUBJECTS)


def _pairs(
    chosen: Chosen,
    table: Pointing,
    replaced: Mapping[int, Sequence[tuple[str, str]]],
    declared: schema.Table,
) -> pd.DataFrame:
    """A row for each paper × two words of it; ``replaced``: those of records merging changed."""
    places = chosen.places()
    new = [
        (int(places[number]), *pair)
        for number, pairs in replaced.items()
        if places[number] != ABSENT
        for pair in pairs
    ]
    wanted = places != ABSENT
    wanted[list(replaced)] = False
    rows = table.of(wanted)
    paper = np.concatenate([places[table.record[rows]], [each[0] for each in new]]).astype(int)
    names = declared.column_names
    words = [
        pa.concat_arrays([
            _taken(table.texts[column], rows), pa.array([each[n] for each in new], pa.string())
        ]).dictionary_encode()
        for n, column in enumerate(("first", "second"), 1)
    ]  # fmt: skip
    codes = [_ranks(word) for word in words]
    order = np.lexsort((codes[1], codes[0], paper))
    frame = pd.DataFrame(
        {
            names[0]: _texts(pa.array(chosen.ids, pa.string()), paper[order]),
            names[1]: _texts(words[0].cast(pa.string()), order),
            names[2]: _texts(words[1].cast(pa.string()), order),
        }
    )
    return schema.in_order(frame, declared)


def _ranks(words: pa.DictionaryArray) -> Numbers:
    """For each value the place of its word among the words, in code-point order."""
    known = words.dictionary.to_pylist()
    ranks = np.empty(len(known), dtype=np.int64)
    ranks[sorted(range(len(known)), key=known.__getitem__)] = np.arange(len(known))
    found: Numbers = ranks[words.indices.to_numpy(zero_copy_only=False)]
    return found


def duplicates(records: Sequence[Record], found: Sequence[Duplicate]) -> pd.DataFrame:
    """``schema.DUPLICATES``."""
    rows = [
        (
            records[item.index].location,
            records[item.kept].location,
            paper_id(*(getattr(records[item.kept], name) for name in _NAMED_BY)),
            item.matched_by,
            item.reason,
        )
        for item in found
    ]
    frame = pd.DataFrame(rows, columns=schema.DUPLICATES.column_names, dtype="string")
    return schema.conform(frame, schema.DUPLICATES)


def excluded(chosen: Chosen, stops: Numbers, steps: Sequence[str]) -> pd.DataFrame:
    """``schema.EXCLUDED``; ``stops`` gives for each record the step that set it aside."""
    frame = pd.DataFrame(
        {
            "paper_id": pd.Series(chosen.ids, dtype="string"),
            "eid": [eid or None for eid in chosen.values("eid")],
            "doi": [doi or None for doi in chosen.values("doi")],
            "year": chosen.values("year"),
            "step": pd.Series([steps[stop] for stop in stops[chosen.numbers]], dtype="string"),
        }
    )
    return schema.conform(frame, schema.EXCLUDED)


def quarantine(rows: Sequence[Quarantined]) -> pd.DataFrame:
    """``schema.QUARANTINE``."""
    frame = pd.DataFrame(
        [(row.file, f"row {row.row}", row.reason, row.raw) for row in rows],
        columns=schema.QUARANTINE.column_names,
        dtype="string",
    )
    return schema.conform(frame, schema.QUARANTINE)


def _last(numbers: Numbers) -> Numbers:
    """``numbers`` with what is absent behind all others."""
    found: Numbers = np.where(numbers == ABSENT, np.iinfo(np.int64).max, numbers)
    return found


def _known(column: pa.Array) -> pa.Array:
    """A column of texts, an empty one as unknown."""
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column)


_SHOWN = {pa.string(): pd.StringDtype(), pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int64Dtype()}


def _shown(column: pa.Array) -> pd.Series[Any]:
    """An Arrow column of texts or whole numbers as one of pandas."""
    found: pd.Series[Any] = column.to_pandas(types_mapper=_SHOWN.get)
    return found


def _taken(column: pa.ChunkedArray | pa.Array, rows: Numbers) -> pa.Array:
    taken = column.take(pa.array(rows))
    return taken.combine_chunks() if isinstance(taken, pa.ChunkedArray) else taken


def _texts(column: pa.ChunkedArray | pa.Array, rows: Numbers) -> pd.Series[str]:
    return _shown(_taken(column, rows))


def _integers(numbers: Numbers) -> pd.Series[int]:
    return pd.Series(pd.arrays.IntegerArray(numbers.copy(), numbers == ABSENT))
