"""Tables that are asked for less often: windows, specialisation, retractions, open choices."""

from __future__ import annotations

import shlex
from typing import Any

import pandas as pd

from bibliometrics.edition import Edition
from bibliometrics.presentation import answer, counting_rules, links, rows
from bibliometrics.presentation.bilingual import (
    Text,
    clean,
    count,
    decimal,
    missing,
    percent,
    reason,
    same,
    say,
)
from bibliometrics.presentation.rows import Listing, Row

_SHOWN = 20


def view(edition: Edition) -> dict[str, Any]:
    study = clean(edition.study)
    return {
        "windows": _windows(edition),
        "specialised": _specialised(edition),
        "retracted": _retracted(edition),
        "searched": _searched(edition),
        "options": _options(edition),
        "compare": shlex.join(
            ["bibliometrics", "compare", f"{study}/EDITION", f"{study}/{clean(edition.name)}"]
        ),
    }


def _windows(edition: Edition) -> Listing | None:
    """The leading group in the last window of four years, by the study's own rule."""
    table = rows.table(edition, "windows")
    groups = answer.groups(edition)
    if not len(table) or not groups:
        return None
    own = counting_rules.canonical(edition.counting)
    table = table[(table["window_kind"] == "four_years") & (table["group"] == groups[0])]
    table = table[table["counting"].map(counting_rules.canonical) == own]
    if not len(table):
        return None
    last = table[table["last_year"] == table["last_year"].max()]
    first_year, last_year = (int(last[c].iloc[0]) for c in ("first_year", "last_year"))
    known, has_evidence = rows.names(edition), links.has_evidence(edition)
    rule = None if own == "full" else own
    is_whole = own in ("full", "first_author", "corresponding_author")
    shown = [
        Row(
            rank=rows.rank(row["rank"]),
            name=known.get(str(row["institution_id"]), same(rows.words(row["institution_id"]))),
            papers=count(row["papers"]) if is_whole else decimal(row["papers"], 1),
            href=links.to_papers(
                institution=row["institution_id"], rule=rule, year=f"{first_year}-{last_year}"
            )
            if has_evidence
            else None,
            share=percent(row["share"]),
        )
        for row in rows.records(last.sort_values("papers", ascending=False, kind="stable"), _SHOWN)
    ]
    caption = say("windows_caption", years=f"{first_year}–{last_year}")
    return Listing(caption, shown, len(last))


def _specialised(edition: Edition) -> Listing:
    table = rows.table(edition, "specialisation")
    table = table[table["year"] == "all"] if len(table) else table
    known = rows.names(edition)
    ordered = table.sort_values("activity_index", ascending=False) if len(table) else table
    shown = [
        Row(
            name=known.get(str(row["institution_id"]), same(rows.words(row["institution_id"]))),
            papers=count(row["papers"]),
            total=count(row["papers_total"]),
            index=decimal(row["activity_index"], 2),
            told=rows.words(row["totals_from"]),
        )
        for row in rows.records(ordered, _SHOWN)
    ]
    return Listing(say("specialisation_caption"), shown, len(table))


def _retracted(edition: Edition) -> Listing:
    table = rows.table(edition, "retractions")
    known, has_evidence = rows.names(edition), links.has_evidence(edition)
    shown = [
        Row(
            name=known.get(str(row["institution_id"]), same(rows.words(row["institution_id"]))),
            year=same("–") if missing(row["year"]) else same(row["year"]),
            papers=count(row["papers"]),
            href=links.to_papers(
                institution=row["institution_id"],
                year=None if missing(row["year"]) else row["year"],
                retracted=1,
            )
            if has_evidence and not missing(row["year"])
            else None,
        )
        for row in rows.records(table, _SHOWN)
    ]
    return Listing(say("retractions_caption"), shown, len(table))


def _searched(edition: Edition) -> list[Row]:
    """What the search of the open choices tried, and how often a fake report fits as well."""
    return [
        Row(value=_plain(row["value"]), says=reason(row["says_en"], row["says_zh"]))
        for row in rows.records(rows.table(edition, "choice_search"))
    ]


def _plain(value: object) -> Text:
    if missing(value):
        return same("–")
    return count(value) if float(str(value)).is_integer() else decimal(value, 3)


def _options(edition: Edition) -> Listing:
    table = rows.table(edition, "choice_options")
    fitting = table[table["fitting"] > 0] if len(table) else pd.DataFrame()
    shown = [
        Row(
            dimension=rows.words(row["dimension"]),
            option=rows.words(row["option"]),
            says=reason(row["says_en"], row["says_zh"]),
            fitting=count(row["fitting"]),
            share=percent(row["share_of_fitting"], 0),
            own=say("yes_own") if row["is_study"] == 1 else same(""),
        )
        for row in rows.records(fitting, 40)
    ]
    return Listing(say("options_caption"), shown, len(fitting))
