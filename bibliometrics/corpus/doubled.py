"""Records that may be one paper: taken out of the columns, judged together, merged.

Only records that share an identifier or a title with another can be somebody's duplicate. These few
become records again; ``duplicates`` and ``merging`` say what they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bibliometrics.corpus.duplicates import Duplicate, find_duplicates
from bibliometrics.corpus.joined import ABSENT, Flags, Joined
from bibliometrics.corpus.keywords import Hits
from bibliometrics.corpus.merging import Other, merge, others_merged
from bibliometrics.corpus.selection import Selection, Verdict
from bibliometrics.sources.record import Record


@dataclass(frozen=True)
class Doubled:
    """What became of the records that share a key with another.

    ``found`` has indices into ``records``. ``changed`` are the winners with what the others filled,
    ``notes`` what came from where, ``hits`` what they match together, all by the record's number;
    ``across`` duplicates are of another database than their winner.
    """

    among: Flags
    set_aside: Flags
    records: list[Record]
    found: list[Duplicate]
    changed: Mapping[int, Record]
    notes: Mapping[int, str]
    hits: Mapping[int, Hits]
    others: tuple[Other, ...]
    across: int
    winners: Mapping[int, tuple[Record, Hits]]

    def verdicts(self, selection: Selection) -> dict[int, Verdict]:
        """What the filter says of those that stand for a paper, now that they are merged."""
        return {
            number: selection.verdict(record, hits)
            for number, (record, hits) in self.winners.items()
        }


def regroup(whole: Joined, own: Flags) -> Doubled:
    """Find the duplicates among the records where ``own`` is true, and merge them."""
    among = own & (_shared_identifiers(whole, own) | _shared_titles(whole, own))
    records = whole.taken(np.flatnonzero(among))
    numbers: list[int] = np.flatnonzero(among).tolist()
    found = find_duplicates(records)
    notes = merge(records, found)
    hits = dict(enumerate(whole.hits_of(numbers)))
    for duplicate in found:
        if duplicate.kept in notes:
            hits[duplicate.kept] = hits[duplicate.kept].joined(hits[duplicate.index])
    gone = {duplicate.index for duplicate in found}
    set_aside = np.zeros(len(whole), dtype=bool)
    set_aside[[numbers[index] for index in sorted(gone)]] = True
    kept = {duplicate.kept for duplicate in found}
    return Doubled(
        among=among,
        set_aside=set_aside,
        records=records,
        found=found,
        changed={numbers[index]: records[index] for index in sorted(kept)},
        notes={numbers[index]: note for index, note in notes.items()},
        hits={numbers[index]: hits[index] for index in notes},
        others=tuple(others_merged(records, found)),
        across=sum(records[d.index].database != records[d.kept].database for d in found),
        winners={
            number: (records[index], hits[index])
            for index, number in enumerate(numbers)
            if index not in gone
        },
    )


def _shared_identifiers(whole: Joined, own: Flags) -> Flags:
    eid, own_id = whole.records["eid"], whole.records["source_id"]
    by_source = pc.binary_join_element_wise(whole.records["database"], own_id, "\0")
    else_ = pc.if_else(pc.equal(own_id, ""), "", by_source)
    ids = pc.if_else(pc.equal(eid, ""), else_, eid)
    return _repeated(ids, own) | _repeated(whole.records["doi"], own)


def _repeated(keys: pa.ChunkedArray, own: Flags) -> Flags:
    """Where a key that is not empty stands on another row of ``own`` too."""
    known = own & pc.not_equal(keys, "").to_numpy()
    codes = keys.combine_chunks().dictionary_encode().indices.to_numpy()
    times = np.bincount(codes[known], minlength=1)
    found: Flags = known & (times[np.minimum(codes, len(times) - 1)] > 1)
    return found


def _shared_titles(whole: Joined, own: Flags) -> Flags:
    keys = whole.numbers("title_key")
    known = own & (keys != ABSENT)
    found = np.zeros(len(keys), dtype=bool)
    found[known] = pd.Series(keys[known]).duplicated(keep=False).to_numpy()
    return found
