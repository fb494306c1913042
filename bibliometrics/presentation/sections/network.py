"""Who works with whom: the picture, the strongest ties, communities, who links them, change."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bibliometrics.edition import Edition
from bibliometrics.presentation import drawings, links, network_view, rows
from bibliometrics.presentation.bilingual import (
    Text,
    capital,
    count,
    decimal,
    missing,
    name,
    percent,
    same,
    say,
    term,
    whole,
)
from bibliometrics.presentation.rows import Listing, Row

_TIES_SHOWN = 25
_LEAST_FOR_ASSOCIATION = 10
_MEASURES_SHOWN = 50
_CHANGES_SHOWN = 10
_MEMBERS_NAMED = 8


def view(edition: Edition) -> dict[str, Any]:
    return {
        "network_says": name(edition.network_says_en, edition.network_says_zh, 2000),
        "picture": drawings.picture(edition),
        "ties": ties(edition),
        "communities": _communities(edition),
        "communities_absent": rows.status(edition, "communities"),
        "measures": _measures(edition),
        "measures_absent": rows.status(edition, "network_measures"),
        "concentration": _concentration(edition),
        "changes": _changes(edition),
        "backbone": _backbone(edition),
    }


def ties(edition: Edition) -> Listing:
    """The strongest domestic ties by papers together, names in both scripts where known."""
    native = rows.native_names(edition)
    table = rows.table(edition, "collaborations")
    table = table[table["scope"] == "domestic"]
    measure = (
        "association_corrected"
        if "association_corrected" in table and table["association_corrected"].notna().any()
        else "association_strength"
    )
    shown = []
    for row in rows.records(table, _TIES_SHOWN):
        strong = row["papers"] >= _LEAST_FOR_ASSOCIATION
        association = row[measure] if strong else None
        shown.append(
            Row(
                source=name(row["source_name"], native.get(str(row["source_id"]))),
                target=name(row["target_name"], native.get(str(row["target_id"]))),
                papers=count(row["papers"]),
                href=_pair(edition, row),
                weight=decimal(row["weight_fractional"], 1),
                association=decimal(association, 2) if strong else same(""),
                sort=Row(
                    papers=rows.key(row["papers"]),
                    weight=rows.key(row["weight_fractional"]),
                    association=rows.key(association),
                ),
            )
        )
    return Listing(say("ties_caption", n=count(len(shown))), shown, len(table))


def _pair(edition: Edition, row: dict[Any, Any]) -> str | None:
    if not links.has_evidence(edition):
        return None
    return links.to_papers(institution=row["source_id"], other=row["target_id"])


def _communities(edition: Edition) -> list[Row]:
    known = rows.names(edition)
    coloured = network_view.COMMUNITIES_COLOURED
    listed = []
    for row in rows.records(rows.table(edition, "communities")):
        ids = [] if missing(row["members_ids"]) else str(row["members_ids"]).split("|")
        number = whole(row["community"])
        has_link = links.has_evidence(edition)
        listed.append(
            Row(
                css=f"k{number if number <= coloured else 0}",
                name=name(row["largest_name_en"], row["largest_name_zh"]),
                members=count(row["members"]),
                named=[known[i] for i in ids if i in known][1 : _MEMBERS_NAMED + 1],
                papers=count(row["papers"]),
                href=links.to_papers(community=number) if has_link else None,
                inside=percent(
                    rows.over(
                        row["weight_internal"], row["weight_internal"] + row["weight_external"]
                    ),
                    0,
                ),
                seeds=decimal(row["stability_seeds"], 2),
                bootstrap=decimal(row["stability_bootstrap"], 2),
            )
        )
    return listed


def _measures(edition: Edition) -> Listing:
    table = rows.table(edition, "network_measures")
    shown = [
        Row(
            name=name(row["name_en"], row["name_zh"]),
            degree=count(row["degree"]),
            strength=decimal(row["strength"], 1),
            betweenness=decimal(row["betweenness"], 1),
            pagerank=decimal(row["pagerank"], 4),
            participation=decimal(row["participation"], 2),
            constraint=decimal(row["constraint"], 2),
            abroad=decimal(row["strength_abroad"], 1),
            closest=rows.words(row["closest_name"]),
            sort=Row(
                **{
                    column: rows.key(row[column])
                    for column in ("degree", "strength", "betweenness", "pagerank",
                                   "participation", "constraint", "strength_abroad")
                }
            ),
        )
        for row in rows.records(table, _MEASURES_SHOWN)
    ]  # fmt: skip
    return Listing(say("measures_caption", n=count(len(shown))), shown, len(table))


def _concentration(edition: Edition) -> list[Row]:
    """A row for each measure, a cell for each quantity."""
    table = rows.table(edition, "concentration")
    if not len(table):
        return []
    quantities = list(dict.fromkeys(table["quantity"]))
    listed = []
    for measure, part in table.groupby("measure", sort=False):
        values = dict(zip(part["quantity"], part["value"], strict=True))
        listed.append(
            Row(
                measure=capital(term("measure", measure)),
                cells=[
                    (capital(term("quantity", q)), _value(measure, values.get(q)))
                    for q in quantities
                ],
            )
        )
    return listed


def _value(measure: object, value: object) -> Text:
    if str(measure).startswith("share"):
        return percent(value, 1)
    return decimal(value, 1 if str(measure).startswith("effective") else 3)


def _changes(edition: Edition) -> Listing | None:
    """Pairs that grew most between the two windows; None where nothing is compared."""
    table = rows.table(edition, "network_change")
    if not len(table):
        return None
    table = table[table["scope"] == "domestic"]
    gained = (table["papers_after"] - table["papers_expected"].fillna(0)).astype("Float64")
    order = gained.sort_values(ascending=False, kind="stable").index
    shown = [_change(edition, row) for row in rows.records(table.loc[order], _CHANGES_SHOWN)]
    windows = table.iloc[0] if len(table) else None
    caption = say(
        "changes_caption",
        n=count(len(shown)),
        before="–" if windows is None else rows.words(windows["window_before"]),
        after="–" if windows is None else rows.words(windows["window_after"]),
    )
    return Listing(caption, shown, len(table))


def _change(edition: Edition, row: dict[Any, Any]) -> Row:
    native = rows.native_names(edition)
    return Row(
        source=name(row["source_name"], native.get(str(row["source_id"]))),
        target=name(row["target_name"], native.get(str(row["target_id"]))),
        before=count(row["papers_before"]),
        after=count(row["papers_after"]),
        expected=decimal(row["papers_expected"], 1),
        change=capital(term("change", row["change"])),
        href=_pair(edition, row),
    )


def _backbone(edition: Edition) -> Text | None:
    """How many ties are above chance, and how many the drawing keeps."""
    table: pd.DataFrame = rows.table(edition, "backbone")
    if not len(table):
        return None
    return say(
        "backbone_says",
        above=count(int((table["is_above_chance"] == "yes").sum())),
        drawn=count(int((table["is_drawn"] == "yes").sum())),
        total=count(len(table)),
    )
