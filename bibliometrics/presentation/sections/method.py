"""The study's choices, and how numbers are computed."""

from __future__ import annotations

from typing import Any

from bibliometrics.edition import Choice, Edition
from bibliometrics.presentation import rows
from bibliometrics.presentation.bilingual import capital, clean, count, name
from bibliometrics.presentation.rows import Row
from bibliometrics.study.option_names import all_called


def view(edition: Edition) -> dict[str, Any]:
    ranking = rows.table(edition, "ranking")
    return {
        "rules": [
            Row(
                name=capital(name(row["name_en"], row["name_zh"])),
                says=name(row["says_en"], row["says_zh"], 600),
                counted=count(row["papers_counted"]),
                lacking=count(row["papers_not_available"]),
            )
            for row in rows.records(rows.table(edition, "counting_rules"))
        ],
        "choices": [_choice(choice) for choice in edition.choices],
        "changed": sum(not choice.is_default for choice in edition.choices),
        "share_sum": float(ranking["share"].fillna(0).sum()),
        "mean_institutions": rows.over(ranking["papers"].sum(), edition.papers_attributed),
    }


def _choice(choice: Choice) -> Row:
    option = choice.place.split()[-1]
    return Row(
        says=name(choice.says_en, choice.says_zh, 600),
        called=name(*all_called(option, choice.value.split(", ")), 2000),
        others=name(*all_called(option, choice.alternatives, (" · ", " · ")), 2000),
        place=clean(choice.place),
        value=clean(choice.value, 2000),
        is_default=choice.is_default,
        alternatives=clean(" · ".join(choice.alternatives), 2000),
    )
