"""Rows of the report's tables: what a cell shows in both languages, and what it sorts by."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pandas as pd

from bibliometrics.edition import Choice, Edition
from bibliometrics.presentation.answer import REGIONS, basis_column, foreign_countries, ranked
from bibliometrics.presentation.bilingual import (
    Text,
    capital,
    clean,
    count,
    day,
    decimal,
    denominator,
    missing,
    name,
    percent,
    reason,
    same,
    say,
    term,
    territory,
    whole,
)

# A page stays readable and small; the whole table lies beside it and the page says so.
MOST_ROWS = 300
_UNMATCHED_SHOWN = 10
_TIES_SHOWN = 25
_LEAST_FOR_ASSOCIATION = 10
_UCAS = "university-of-chinese-academy-of-sciences"
_FIELDS = ("title", "abstract", "author_keywords", "index_keywords", "any")
_DECISIONS = ("matched", "ambiguous", "out_of_scope", "unmatched")

Row = SimpleNamespace


@dataclass(frozen=True)
class Basis:
    """What stands under a table: its counting, denominator, date and source."""

    counting: Text
    denominator: Text
    as_of: Text
    source: Text
    has_shares: bool


@dataclass(frozen=True)
class Listing:
    """Rows shown of a table, its caption, and how many rows it has in all."""

    caption: Text
    rows: list[Row]
    total: int


def basis(edition: Edition, table: str) -> Basis:
    """The table's own columns; where it is empty, the edition's."""
    rows = edition.tables[table]
    first = rows.iloc[0].to_dict() if len(rows) else {}

    def value(column: str, otherwise: str) -> str:
        given = first.get(column)
        return otherwise if missing(given) else str(given)

    named = value("denominator", edition.denominator)
    return Basis(
        counting=term("counting", value("counting", edition.counting)),
        denominator=denominator(named),
        as_of=day(value("as_of", edition.as_of)),
        source=term("source", value("source", "SIMULATED" if edition.is_simulated else "–")),
        has_shares=not named.startswith("none"),
    )


def _fraction(value: object, largest: object) -> float:
    if missing(value) or missing(largest) or not float(str(largest)):
        return 0.0
    return min(1.0, max(0.0, float(str(value)) / float(str(largest))))


def _largest(table: pd.DataFrame, column: str = "papers") -> object:
    return table[column].max() if len(table) else 0


def _key(value: object) -> str:
    """What a column sorts by; empty sorts last."""
    return "" if missing(value) else f"{float(str(value)):.10g}"


def _over(part: object, whole: object) -> float | None:
    if missing(part) or missing(whole) or not float(str(whole)):
        return None
    return float(str(part)) / float(str(whole))


def _institution(row: dict[Any, Any], largest: object, measure: str) -> Row:
    ratio = _over(row["papers_fractional_author"], row["papers"])
    abroad = _over(row["papers_international"], row["papers"])
    return Row(
        rank=same("") if missing(row["rank"]) else count(row["rank"]),
        name=name(row["name_en"], row["name_zh"]),
        province=term("province", row["province"]),
        province_code="" if missing(row["province"]) else clean(str(row["province"])),
        authority=capital(term("authority", row["authority"])),
        papers=count(row["papers"]),
        share=percent(row["share"]),
        fractional=decimal(row["papers_fractional_author"], 1),
        ratio=decimal(ratio, 2),
        international=percent(abroad, 1),
        fraction=_fraction(row[measure], largest),
        sort=Row(
            rank=_key(row["rank"]),
            papers=_key(row["papers"]),
            share=_key(row["share"]),
            fractional=_key(row["papers_fractional_author"]),
            ratio=_key(ratio),
            international=_key(abroad),
        ),
    )


def institutions(edition: Edition, group: str, most: int = MOST_ROWS) -> list[Row]:
    """The ranking of one group: bars by papers."""
    rows = ranked(edition, group)
    largest = _largest(rows)
    return [_institution(row, largest, "papers") for row in rows.head(most).to_dict("records")]


def top(edition: Edition, group: str) -> tuple[list[Row], bool]:
    """The first ten of a group, and whether any of them has a rank; amounts by the study's rule."""
    rows = ranked(edition, group)
    measure = basis_column(edition)
    shown = [
        _institution(r, _largest(rows, measure), measure) for r in rows.head(10).to_dict("records")
    ]
    for row, amount in zip(shown, rows[measure].head(10), strict=True):
        row.papers = count(amount) if measure != "papers_fractional_author" else decimal(amount, 1)
    return shown, bool(rows["rank"].notna().any())


def group(edition: Edition, code: str) -> Row:
    rows = ranked(edition, code)
    return Row(
        code=code,
        rows=institutions(edition, code),
        total=len(rows),
        ranked=int(rows["rank"].notna().sum()),
    )


def provinces_present(edition: Edition) -> list[tuple[str, Text]]:
    """Codes and names for the province filter, by English name."""
    codes = {clean(str(p)) for p in edition.tables["ranking"]["province"].dropna() if str(p)}
    return [(code, term("province", code)) for code in sorted(codes)]


def ucas_note(edition: Edition) -> Text | None:
    """The warning about double signing, where the University of the Academy is ranked."""
    table = edition.tables["ranking"]
    own = table[table["institution_id"] == _UCAS]
    if not len(own) or missing(own["papers_fractional_author"].iloc[0]):
        return None
    peers = table[(table["group"] == own["group"].iloc[0]) & (table["papers"] > 0)]
    ratios = peers["papers_fractional_author"] / peers["papers"]
    mine = float(own["papers_fractional_author"].iloc[0]) / float(own["papers"].iloc[0])
    return say("ucas_note", ratio=decimal(mine, 2), median=decimal(float(ratios.median()), 2))


def units(edition: Edition, table: str, column: str) -> list[Row]:
    """Provinces or authorities."""
    rows = edition.tables[table]
    largest = _largest(rows)
    return [
        Row(
            name=capital(term(column, row[column])),
            institutions=count(row["institutions"]),
            papers=count(row["papers"]),
            share=percent(row["share"]),
            fraction=_fraction(row["papers"], largest),
        )
        for row in rows.head(MOST_ROWS).to_dict("records")
    ]


def countries(edition: Edition) -> list[Listing]:
    """Foreign countries, then Hong Kong, Macao and Taiwan, each with its own bars."""
    table = edition.tables["countries"]
    regions = table[table["country"].isin(REGIONS) & (table["country"] != edition.country)]
    listings = [_countries("countries_foreign", foreign_countries(edition))]
    if edition.country == "CN" or len(regions):
        listings.append(_countries("countries_hk", regions))
    return listings


def _countries(key: str, rows: pd.DataFrame) -> Listing:
    largest = _largest(rows)
    shown = [
        Row(
            name=territory(row["country"]),
            papers=count(row["papers"]),
            share=percent(row["share"]),
            fraction=_fraction(row["papers"], largest),
        )
        for row in rows.head(MOST_ROWS).to_dict("records")
    ]
    return Listing(say(key), shown, len(rows))


def partners(edition: Edition) -> list[Listing]:
    """Partner institutions by scope, foreign first."""
    table = edition.tables["partners"]
    listings = []
    for key, scope in (("partners_foreign", "foreign"), ("partners_hk", "hk_mo_tw")):
        rows = table[table["scope"] == scope]
        if scope == "hk_mo_tw" and edition.country != "CN" and not len(rows):
            continue
        shown = [
            Row(
                rank=same("") if missing(row["rank"]) else count(row["rank"]),
                name=name(row["name"]),
                country=territory(row["country"]),
                papers=count(row["papers"]),
                share=percent(row["share"]),
                domestic=count(row["domestic_institutions"]),
                sort=Row(
                    rank=_key(row["rank"]),
                    papers=_key(row["papers"]),
                    share=_key(row["share"]),
                    domestic=_key(row["domestic_institutions"]),
                ),
            )
            for row in rows.head(MOST_ROWS).to_dict("records")
        ]
        listings.append(Listing(say(key), shown, len(rows)))
    return listings


def ties(edition: Edition) -> Listing:
    """The strongest domestic ties by papers together, names in both scripts where known."""
    native = {
        str(r.institution_id): r.name_zh for r in edition.tables["ranking"].itertuples(index=False)
    }
    table = edition.tables["collaborations"]
    table = table[table["scope"] == "domestic"]
    shown = []
    for row in table.head(_TIES_SHOWN).to_dict("records"):
        strong = row["papers"] >= _LEAST_FOR_ASSOCIATION
        association = row["association_strength"] if strong else None
        shown.append(
            Row(
                source=name(row["source_name"], native.get(str(row["source_id"]))),
                target=name(row["target_name"], native.get(str(row["target_id"]))),
                papers=count(row["papers"]),
                weight=decimal(row["weight_fractional"], 1),
                association=decimal(association, 2) if strong else same(""),
                sort=Row(
                    papers=_key(row["papers"]),
                    weight=_key(row["weight_fractional"]),
                    association=_key(association),
                ),
            )
        )
    return Listing(say("ties_caption", n=count(len(shown))), shown, len(table))


def flow(edition: Edition) -> list[Row]:
    """Steps in order: what was kept, what was set aside, what could not be tested."""
    steps = []
    for row in edition.tables["flow"].sort_values("order").to_dict("records"):
        out = whole(row["papers_in"]) - whole(row["papers_out"])
        untested = whole(row["not_testable"])
        flag: Text | None = None
        if untested:
            flag = say("flow_untested", n=count(untested))
        elif row["status"] != "done":
            flag = say("flow_untested_bare")
        steps.append(
            Row(
                name=term("step", row["step"]),
                kept=count(row["papers_out"]),
                out=say("flow_out", n=count(out)) if out else None,
                reason=reason(row["reason"], row["reason_zh"]),
                untested=flag,
            )
        )
    return steps


def keywords(edition: Edition) -> tuple[list[str], list[Row]]:
    """Fields present, and a row for each keyword with its papers by field."""
    table = edition.tables["keywords"]
    fields = [field for field in _FIELDS if (table["field"] == field).any()]
    papers = {(r.keyword, r.field): r for r in table.itertuples(index=False)}
    rows = []
    for keyword in dict.fromkeys(table["keyword"].dropna()):
        cells = [papers.get((keyword, field)) for field in fields]
        whole = papers.get((keyword, "any"))
        rows.append(
            Row(
                keyword=clean(str(keyword)),
                fields=[count(cell.papers if cell else None) for cell in cells],
                only=count(whole.papers_only_by_it if whole else None),
            )
        )
    return fields, rows


def decisions(edition: Edition) -> list[Row]:
    """Strings and paper mentions by decision."""
    table = edition.tables["attribution"]
    strings = table.groupby("decision").size()
    mentions = table.groupby("decision")["papers"].sum()
    all_strings, all_mentions = int(strings.sum()), int(mentions.sum())
    known = [d for d in _DECISIONS if d in strings.index]
    others = sorted(str(d) for d in strings.index if d not in _DECISIONS)
    return [
        Row(
            name=capital(term("decision", decision)),
            strings=count(strings[decision]),
            share_strings=percent(_over(strings[decision], all_strings), 1),
            mentions=count(mentions[decision]),
            share_mentions=percent(_over(mentions[decision], all_mentions), 1),
        )
        for decision in known + others
    ]


def unmatched(edition: Edition) -> Listing:
    """The strings without an institution that stand on most papers."""
    table = edition.tables["unmatched"]
    shown = [
        Row(
            affiliation=clean(str(row["affiliation"])),
            papers=count(row["papers"]),
            uncounted=count(row["papers_uncounted"]),
            decision=capital(term("decision", row["decision"])),
            evidence="" if missing(row["evidence"]) else clean(str(row["evidence"]), 300),
        )
        for row in table.head(_UNMATCHED_SHOWN).to_dict("records")
    ]
    return Listing(say("unmatched_title"), shown, len(table))


def choices(edition: Edition) -> list[Row]:
    """The study's options as chosen, with what else each could be."""
    return [_choice(choice) for choice in edition.choices]


def _choice(choice: Choice) -> Row:
    return Row(
        says=name(choice.says_en, choice.says_zh, 600),
        place=clean(choice.place),
        value=clean(choice.value, 2000),
        is_default=choice.is_default,
        alternatives=clean(" · ".join(choice.alternatives), 2000),
    )


def abroad_says(edition: Edition) -> Text | None:
    """One sentence on foreign countries; None where no paper names one."""
    rows = foreign_countries(edition)
    together = edition.tables["years"]["papers_international"].fillna(0).sum()
    if not len(rows) or not together:
        return None
    first = rows.iloc[0]
    return say(
        "abroad_says",
        n=say("many_papers", n=count(together)),
        countries=say("many_countries", n=count(len(rows))),
        first=territory(first["country"]),
        n1=say("many_papers", n=count(first["papers"])),
        s1=percent(first["share"]),
    )
