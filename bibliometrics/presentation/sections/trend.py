"""Year by year: papers, and those with a foreign partner."""

from __future__ import annotations

from typing import Any

from bibliometrics.edition import Edition
from bibliometrics.presentation import drawings, links, rows
from bibliometrics.presentation.bilingual import count, percent, same
from bibliometrics.presentation.rows import Row


def view(edition: Edition) -> dict[str, Any]:
    return {
        "trend": drawings.trend(edition),
        "year_href": _href if links.has_evidence(edition) else None,
        "growth": _growth(edition),
    }


def _href(year: int, *, abroad: bool = False) -> str:
    return links.to_papers(year=year, abroad=1 if abroad else None)


def _growth(edition: Edition) -> list[Row]:
    """Growth beside the database's own; only where the study gives the database's totals."""
    table = rows.table(edition, "growth")
    if not len(table) or not table["papers_database"].notna().any():
        return []
    return [
        Row(
            year=same(row["year"]),
            growth=percent(row["growth"], 1),
            database=count(row["papers_database"]),
            growth_database=percent(row["growth_database"], 1),
            relative=percent(row["growth_relative"], 1),
            share=percent(row["share_database"]),
        )
        for row in rows.records(table)
    ]
