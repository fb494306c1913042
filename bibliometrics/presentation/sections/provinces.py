"""Papers by province-level unit and by supervising authority."""

from __future__ import annotations

from typing import Any

from bibliometrics.edition import Edition
from bibliometrics.presentation import links, rows
from bibliometrics.presentation.bilingual import capital, count, percent, say, term
from bibliometrics.presentation.rows import Row


def view(edition: Edition) -> dict[str, Any]:
    return {
        "units": [
            {
                "table": table,
                "caption": say(f"{table}_caption"),
                "head": say(column),
                "rows": _units(edition, table, column),
                "total": len(rows.table(edition, table)),
            }
            for table, column in (("provinces", "province"), ("authorities", "authority"))
        ]
    }


def _units(edition: Edition, name: str, column: str) -> list[Row]:
    table = rows.table(edition, name)
    most = rows.largest(table)
    has_evidence = links.has_evidence(edition)
    return [
        Row(
            name=capital(term(column, row[column])),
            institutions=count(row["institutions"]),
            papers=count(row["papers"]),
            href=links.to_papers(**{column: rows.code(row[column])}) if has_evidence else None,
            share=percent(row["share"]),
            fraction=rows.fraction(row["papers"], most),
        )
        for row in rows.records(table)
    ]
