"""Published claims against the figures of this edition."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bibliometrics.edition import Edition
from bibliometrics.presentation import rows
from bibliometrics.presentation.bilingual import capital, count, name, term
from bibliometrics.presentation.rows import Row

_ORDER = (
    "not reproduced",
    "reproduced under X",
    "reproduced",
    "not identifiable",
    "not computable",
)
# The colour of a verdict: met, missed, or open.
_CSS = {"reproduced": "met", "reproduced under X": "met", "not reproduced": "missed"}


def view(edition: Edition) -> dict[str, Any]:
    table = rows.table(edition, "claims")
    verdicts: dict[str, int] = dict(table["verdict"].value_counts()) if len(table) else {}
    return {
        "claims": [
            Row(
                claim=rows.words(row["claim_id"]),
                says=name(row["quote_en"], row["quote_zh"], 300),
                subject=rows.words(row["subject"]),
                published=rows.words(row["published"]),
                unit=rows.words(row["unit"]),
                computed=rows.words(row["computed"]),
                difference=rows.words(row["difference"]),
                verdict=capital(term("verdict", rows.code(row["verdict"]))),
                css=_CSS.get(rows.code(row["verdict"]), "open"),
                under=rows.words(row["under"]),
                note=name(row["note"], row["note_zh"], 600),
            )
            for row in rows.records(_told_first(table))
        ],
        "tally": [
            (capital(term("verdict", verdict)), count(number))
            for verdict, number in sorted(verdicts.items(), key=lambda pair: _place(pair[0]))
        ],
        "absent": rows.status(edition, "claims"),
        "total": len(table),
    }


def _told_first(table: pd.DataFrame) -> pd.DataFrame:
    """Claims in the order of their verdicts: what the edition can tell before what it cannot."""
    if not len(table):
        return table
    place = table["verdict"].map(_place)
    return table.loc[place.sort_values(kind="stable").index]


def _place(verdict: object) -> int:
    return _ORDER.index(str(verdict)) if str(verdict) in _ORDER else len(_ORDER)
