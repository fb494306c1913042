"""Countries and institutions outside the study's geography."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bibliometrics.edition import Edition
from bibliometrics.presentation import links, rows
from bibliometrics.presentation.answer import REGIONS, foreign_countries
from bibliometrics.presentation.bilingual import (
    Text,
    count,
    decimal,
    missing,
    name,
    percent,
    say,
    territory,
)
from bibliometrics.presentation.rows import Listing, Row

# Below this many papers together an index of collaboration is noise.
_LEAST_FOR_INDEX = 50


def view(edition: Edition) -> dict[str, Any]:
    index = _indices(edition)
    return {
        "countries": countries(edition, index),
        "has_index": bool(index),
        "index_note": None if index else say("index_absent", least=count(_LEAST_FOR_INDEX)),
        "least_for_index": count(_LEAST_FOR_INDEX),
        "abroad_says": abroad_says(edition),
        "partners": partners(edition),
    }


def _indices(edition: Edition) -> dict[str, float]:
    """Collaboration index by country, where the world's totals are known and papers suffice."""
    table = rows.table(edition, "collaboration_indices")
    return {
        str(row["country"]): float(row["index"])
        for row in table.to_dict("records")
        if not missing(row["index"]) and row["papers"] >= _LEAST_FOR_INDEX
    }


def countries(edition: Edition, index: dict[str, float]) -> list[Listing]:
    """Foreign countries, then Hong Kong, Macao and Taiwan, each with its own bars."""
    table = rows.table(edition, "countries")
    regions = table[table["country"].isin(REGIONS) & (table["country"] != edition.country)]
    has_evidence = links.has_evidence(edition)

    def listing(key: str, found: pd.DataFrame) -> Listing:
        most = rows.largest(found)
        shown = [
            Row(
                name=territory(row["country"]),
                papers=count(row["papers"]),
                href=links.to_papers(country=rows.code(row["country"])) if has_evidence else None,
                share=percent(row["share"]),
                index=decimal(index.get(str(row["country"])), 2),
                fraction=rows.fraction(row["papers"], most),
                sort=Row(
                    papers=rows.key(row["papers"]),
                    share=rows.key(row["share"]),
                    index=rows.key(index.get(str(row["country"]))),
                ),
            )
            for row in rows.records(found)
        ]
        return Listing(say(key), shown, len(found))

    listings = [listing("countries_foreign", foreign_countries(edition))]
    if edition.country == "CN" or len(regions):
        listings.append(listing("countries_hk", regions))
    return listings


def partners(edition: Edition) -> list[Listing]:
    """Partner institutions by scope, foreign first."""
    table = rows.table(edition, "partners")
    has_evidence = links.has_evidence(edition)
    listings = []
    for key, scope in (("partners_foreign", "foreign"), ("partners_hk", "hk_mo_tw")):
        found = table[table["scope"] == scope]
        if scope == "hk_mo_tw" and edition.country != "CN" and not len(found):
            continue
        shown = [
            Row(
                rank=rows.rank(row["rank"]),
                name=name(row["name"]),
                country=territory(row["country"]),
                papers=count(row["papers"]),
                href=links.to_papers(institution=row["partner_id"]) if has_evidence else None,
                share=percent(row["share"]),
                domestic=count(row["domestic_institutions"]),
                sort=Row(
                    rank=rows.key(row["rank"]),
                    papers=rows.key(row["papers"]),
                    share=rows.key(row["share"]),
                    domestic=rows.key(row["domestic_institutions"]),
                ),
            )
            for row in rows.records(found)
        ]
        listings.append(Listing(say(key), shown, len(found)))
    return listings


def abroad_says(edition: Edition) -> Text | None:
    """One sentence on foreign countries; None where no paper names one."""
    found = foreign_countries(edition)
    together = rows.table(edition, "years")["papers_international"].fillna(0).sum()
    if not len(found) or not together:
        return None
    first = found.iloc[0]
    return say(
        "abroad_says",
        n=say("many_papers", n=count(together)),
        countries=say("many_countries", n=count(len(found))),
        first=territory(first["country"]),
        n1=say("many_papers", n=count(first["papers"])),
        s1=percent(first["share"]),
    )
