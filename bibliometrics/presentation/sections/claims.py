"""Published claims against the figures of this edition."""

from __future__ import annotations

from typing import Any

from bibliometrics.edition import Edition
from bibliometrics.presentation import rows
from bibliometrics.presentation.bilingual import capital, count, name, term
from bibliometrics.presentation.rows import Row

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
            for row in rows.records(table)
        ],
        "tally": [
            (capital(term("verdict", verdict)), count(number))
            for verdict, number in sorted(verdicts.items())
        ],
        "absent": rows.status(edition, "claims"),
        "total": len(table),
    }
