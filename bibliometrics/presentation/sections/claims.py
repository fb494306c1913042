"""Published claims against the figures of this edition."""

from __future__ import annotations

from typing import Any

from bibliometrics.edition import Edition
from bibliometrics.presentation import rows
from bibliometrics.presentation.bilingual import capital, count, term
from bibliometrics.presentation.rows import Row


def view(edition: Edition) -> dict[str, Any]:
    table = rows.table(edition, "claims")
    verdicts: dict[str, int] = dict(table["verdict"].value_counts()) if len(table) else {}
    return {
        "claims": [
            Row(
                claim=rows.words(row.get("claim_id")),
                says=rows.words(row.get("says")),
                published=rows.words(row.get("published")),
                computed=rows.words(row.get("computed")),
                difference=rows.words(row.get("difference")),
                verdict=capital(term("verdict", rows.code(row.get("verdict")))),
                note=rows.words(row.get("note"), 600),
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
