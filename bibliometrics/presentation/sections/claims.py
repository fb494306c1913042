"""Published claims against the figures of this edition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bibliometrics.edition import Edition
from bibliometrics.presentation import counting_rules, links, rows
from bibliometrics.presentation.bilingual import Text, capital, count, name, say, term
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
                unit=term("unit", row["unit"]),
                computed=rows.words(row["computed"]),
                href=_href(edition, row),
                no_list=_no_list(edition, row),
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


def _asked(edition: Edition, row: Mapping[Any, Any]) -> dict[str, object] | None:
    """The list of papers that a claim's figure was computed from; None: it is of no such list."""
    name_, _, of = rows.words(row["computation"]).partition(" ")
    rule = counting_rules.canonical(edition.counting)
    own = None if rule == "full" else rule
    source, _, target = (part.strip() for part in of.partition("|"))
    lists: dict[str, dict[str, object]] = {
        "papers": {"institution": of},
        "papers_fractional": {"institution": of, "rule": "author_fractional"},
        "papers_first_author": {"institution": of, "rule": "first_author"},
        "papers_international": {"institution": of, "abroad": 1},
        "international_share": {"institution": of, "abroad": 1},
        "share": {"institution": of, "rule": own},
        "rank": {"institution": of, "rule": own},
        "partner_position": {"institution": of},
        "partner_papers": {"institution": of},
        "pair_papers": {"institution": source, "other": target},
        "country_papers": {"country": of},
        "province_papers": {"province": of},
        "year_papers": {"year": of},
        "corpus_papers": {},
        "corpus_international_share": {"abroad": 1},
    }
    return lists.get(name_)


def _href(edition: Edition, row: Mapping[Any, Any]) -> str | None:
    asked = _asked(edition, row)
    computed = rows.words(row["computed"])
    if asked is None or not links.has_evidence(edition) or computed in ("", "0"):
        return None
    return links.to_papers(**asked)


def _no_list(edition: Edition, row: Mapping[Any, Any]) -> Text | None:
    """Why a figure that was computed opens no list of papers."""
    if not rows.words(row["computed"]) or _asked(edition, row) is not None:
        return None
    name_ = rows.words(row["computation"]).partition(" ")[0]
    if name_ == "institutions":
        return say("claim_counts_institutions")
    if name_ == "total":
        return say("claim_counts_total")
    return say("claim_counts_others")


def _told_first(table: pd.DataFrame) -> pd.DataFrame:
    """Claims in the order of their verdicts: what the edition can tell before what it cannot."""
    if not len(table):
        return table
    place = table["verdict"].map(_place)
    return table.loc[place.sort_values(kind="stable").index]


def _place(verdict: object) -> int:
    return _ORDER.index(str(verdict)) if str(verdict) in _ORDER else len(_ORDER)
