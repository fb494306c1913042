"""The form in which a reader settles strings and names: a decisions file with rows to fill."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from bibliometrics import kept, lookup
from bibliometrics.attribution.decisions import COLUMNS
from bibliometrics.errors import InputError
from bibliometrics.schema.cells import as_it_was

BESIDE = ("papers", "papers_uncounted", "candidates", "settles")
_FILLED = ("institution_ids", "decided_by", "decided_on", "reason")


def held(path: Path) -> tuple[dict[str, str], ...]:
    """The rows of a form or decisions file that somebody has begun to fill; none where it is not
    there.

    Raises
    ------
    InputError : the file is no decisions file, so that nothing may be written over it.
    """
    if not path.exists():
        return ()
    reader = csv.DictReader(io.StringIO(kept.text_of(path), newline=""))
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        raise InputError(
            "is there already, and is no decisions file", where=path.name, hint="give another --out"
        )
    rows = [{k: v or "" for k, v in row.items() if isinstance(k, str)} for row in reader]
    return tuple(row for row in rows if any(row[column].strip() for column in _FILLED))


def form(queue: pd.DataFrame, names: pd.DataFrame, filled: Sequence[dict[str, str]] = ()) -> str:
    """The queues of ``schema.UNMATCHED`` and ``schema.OPEN_WORLD_REVIEW`` as a decisions file.

    The reader fills who, when and why, and institution_ids: of a string, ids of the registry
    (none, once signed: outside it); of a name outside it, the id it is the same as, or its own,
    which keeps it apart. Rows ``filled`` before stand first, as they are; the others by papers.
    """
    told = queue.assign(settles=queue["evidence"])
    pairs = pd.DataFrame(
        {
            "affiliation": names["other_id"],
            "country": names["country"],
            "papers": names["papers_other"],
            "papers_uncounted": 0,
            "candidates": names["entity_id"],
            "settles": names["other_name"].str.cat(names["name"], sep=" = ")
            + "? "
            + names["reason"],
        }
    )
    columns = ["affiliation", "country", *BESIDE]
    both = pd.concat([told[columns], pairs[columns]]) if len(pairs) else told[columns]
    both = both.sort_values("papers", ascending=False, kind="stable").astype("string").fillna("")
    more = dict.fromkeys(name for row in filled for name in row)
    header = [*COLUMNS, *BESIDE]
    header += [name for name in more if name not in header]
    settled = {(as_it_was(row["affiliation"]), row["country"]) for row in filled}
    rows = [[as_it_was(row.get(name, "")) for name in header] for row in filled]
    rows += [
        [affiliation, country, "", "", "", "", *rest, *[""] * (len(header) - 10)]
        for affiliation, country, *rest in both.to_numpy().tolist()
        if (as_it_was(affiliation), country) not in settled
    ]
    return lookup.csv_of(header, rows)
