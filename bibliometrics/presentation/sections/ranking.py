"""The ranking under each counting rule: who moves, how firm a rank is, and the years behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from bibliometrics.edition import Edition
from bibliometrics.presentation import answer, counting_rules, links, rows
from bibliometrics.presentation.bilingual import (
    Text,
    capital,
    count,
    counted,
    decimal,
    missing,
    name,
    percent,
    same,
    say,
    term,
    whole,
)
from bibliometrics.presentation.counting_rules import Place, Rule
from bibliometrics.presentation.rows import Row

_UCAS = "university-of-chinese-academy-of-sciences"
_TOP = 10
# Moves of more ranks than this between counting rules are marked.
_MOVED = 3
_SPARK_YEARS = 30
_NEIGHBOURS_SHOWN = 20


@dataclass(frozen=True)
class Spark:
    """Papers by year as a small line: points of an SVG of 100 × 20, and what it says.

    ``papers`` are those of each year from ``first`` on.
    """

    points: str
    says: Text
    first: int
    papers: tuple[int, ...]


def view(edition: Edition) -> dict[str, Any]:
    rules = counting_rules.rules(edition)
    codes = answer.groups(edition)
    ranking = rows.table(edition, "ranking")
    return {
        "rules": rules,
        "groups": [_group(edition, code, rules) for code in codes],
        "has_sets": any(rule.has_sets for rule in rules),
        "unlisted": _unlisted(edition),
        "sets_absent": rows.status(edition, "intervals"),
        "ucas_note": ucas_note(edition),
        "province_options": rows.options(ranking, "province"),
        "authority_options": rows.options(ranking, "authority"),
        "kind_options": rows.options(ranking, "kind"),
        "total_listed": sum(min(rows.MOST_ROWS, len(answer.ranked(edition, c))) for c in codes),
        "moved_at_least": same(_MOVED),
        "neighbours": _neighbours(edition),
        "neighbours_shown": count(_NEIGHBOURS_SHOWN),
    }


def top(edition: Edition) -> list[tuple[Rule, list[Row]]]:
    """The first ten of the leading group under each counting rule, with bars."""
    codes = answer.groups(edition)
    if not codes:
        return []
    table = answer.ranked(edition, codes[0])
    listed = []
    for rule in counting_rules.rules(edition):
        places = [
            (rule.places[str(row["institution_id"])], row) for row in table.to_dict("records")
        ]
        shown = [pair for pair in places if not missing(pair[0].amount)]
        shown.sort(key=lambda pair: (-float(pair[0].amount or 0), str(pair[1]["institution_id"])))
        most = shown[0][0].amount if shown else 0
        listed.append(
            (
                rule,
                [
                    Row(
                        rank=rows.rank(place.rank),
                        moved=_moved(place),
                        far=place.has_moved,
                        name=name(row["name_en"], row["name_zh"]),
                        papers=rule.shown(place.amount),
                        share=percent(place.share),
                        ranks=_set_text(place),
                        fraction=rows.fraction(place.amount, most),
                        href=_href(edition, row, rule),
                    )
                    for place, row in shown[:_TOP]
                ],
            )
        )
    return listed


def _group(edition: Edition, code: str, rules: list[Rule]) -> Row:
    table = answer.ranked(edition, code)
    most = {rule.number: _most(rule, table) for rule in rules}
    deepest = max(1, int(table["rank"].notna().sum()))
    sparks = _sparks(edition)
    shown = [
        _institution(edition, row, rules, most, deepest, sparks) for row in rows.records(table)
    ]
    return Row(
        code=code, rows=shown, total=len(table), ranked=int(table["rank"].notna().sum()),
        moved=sum(row.moves for row in shown),
    )  # fmt: skip


def _most(rule: Rule, table: pd.DataFrame) -> float:
    amounts = [rule.places[str(i)].amount for i in table["institution_id"]]
    return max((float(a) for a in amounts if not missing(a) and a is not None), default=0.0)


def _institution(
    edition: Edition,
    row: dict[Any, Any],
    rules: list[Rule],
    most: dict[int, float],
    deepest: int,
    sparks: dict[str, Spark],
) -> Row:
    identity = str(row["institution_id"])
    ratio = rows.over(row["papers_fractional_author"], row["papers"])
    abroad = rows.over(row["papers_international"], row["papers"])
    has_evidence = links.has_evidence(edition)
    by_rule = []
    for rule in rules:
        place = rule.places[identity]
        by_rule.append(
            Row(
                number=rule.number,
                rank=rows.rank(place.rank),
                moved=_moved(place),
                far=place.has_moved,
                papers=rule.shown(place.amount),
                share=percent(place.share),
                fraction=rows.fraction(place.amount, most[rule.number]),
                href=_href(edition, row, rule),
                set=_set_text(place),
                bar=_set_bar(place, deepest),
                sort=Row(
                    rank=rows.key(place.rank),
                    papers=rows.key(place.amount),
                    share=rows.key(place.share),
                    set=rows.key(place.low),
                ),
            )
        )
    return Row(
        name=name(row["name_en"], row["name_zh"]),
        province=term("province", row["province"]),
        province_code=rows.code(row["province"]),
        authority=capital(term("authority", row["authority"])),
        authority_code=rows.code(row["authority"]),
        kind_code=rows.code(row["kind"]),
        by_rule=by_rule,
        moves=any(rule.places[identity].has_moved for rule in rules),
        spark=sparks.get(identity),
        spark_href=links.to_papers(institution=identity) if has_evidence else None,
        ratio=decimal(ratio, 2),
        international=percent(abroad, 1),
        international_href=links.to_papers(institution=identity, abroad=1)
        if has_evidence and abroad
        else None,
        sort=Row(ratio=rows.key(ratio), international=rows.key(abroad)),
    )


def _href(edition: Edition, row: dict[Any, Any], rule: Rule) -> str | None:
    amount = rule.places[str(row["institution_id"])].amount
    if not links.has_evidence(edition) or missing(amount) or not amount:
        return None
    code = None if rule.code == "full" else rule.code
    return links.to_papers(institution=row["institution_id"], rule=code)


def _unlisted(edition: Edition) -> Text | None:
    """Which numbers of the ranking open no list of papers, and why."""
    return say("ranking_unlisted") if links.has_evidence(edition) else None


def _moved(place: Place) -> Text | None:
    """How far a rank lies from the study's own, with an arrow; None where it is the same."""
    if not place.moved:
        return None
    return same(f"{'▲' if place.moved > 0 else '▼'}{abs(place.moved)}")


def _set_text(place: Place) -> Text:
    if missing(place.low) or missing(place.high):
        return same("–")
    low, high = whole(place.low), whole(place.high)
    return same(low if low == high else f"{low}–{high}")


def _set_bar(place: Place, deepest: int) -> tuple[float, float] | None:
    """Where a rank set begins and how wide it is, of 100."""
    if missing(place.low) or missing(place.high):
        return None
    low, high = whole(place.low), min(whole(place.high), deepest)
    return round(100 * (low - 1) / deepest, 2), round(100 * max(1, high - low + 1) / deepest, 2)


def _sparks(edition: Edition) -> dict[str, Spark]:
    table = rows.table(edition, "ranking_by_year").dropna(subset=["year"])
    if not len(table) or edition.years is None:
        return {}
    last = int(table["year"].max())
    first = max(int(table["year"].min()), last - _SPARK_YEARS + 1)
    found = {}
    for identity, part in table[table["year"] >= first].groupby("institution_id"):
        papers = {int(y): whole(p) for y, p in zip(part["year"], part["papers"], strict=True)}
        most = max(papers.values(), default=0) or 1
        steps = max(1, last - first)
        points = " ".join(
            f"{100 * (y - first) / steps:.1f},{19 - 18 * papers.get(y, 0) / most:.1f}"
            for y in range(first, last + 1)
        )
        says = say(
            "spark_says",
            year1=same(first), n1=counted(papers.get(first, 0)),
            year2=same(last), n2=counted(papers.get(last, 0)),
        )  # fmt: skip
        each = tuple(papers.get(year, 0) for year in range(first, last + 1))
        found[str(identity)] = Spark(points, says, first, each)
    return found


def ucas_note(edition: Edition) -> Text | None:
    """The warning about double signing, where the University of the Academy is ranked."""
    table = rows.table(edition, "ranking")
    own = table[table["institution_id"] == _UCAS]
    if not len(own) or missing(own["papers_fractional_author"].iloc[0]):
        return None
    peers = table[(table["group"] == own["group"].iloc[0]) & (table["papers"] > 0)]
    ratios = peers["papers_fractional_author"] / peers["papers"]
    mine = float(own["papers_fractional_author"].iloc[0]) / float(own["papers"].iloc[0])
    return say("ucas_note", ratio=decimal(mine, 2), median=decimal(float(ratios.median()), 2))


def _neighbours(edition: Edition) -> list[Row]:
    """Neighbours in the leading group: how often resampling keeps their order."""
    table = rows.table(edition, "pairwise")
    codes = answer.groups(edition)
    if not len(table) or not codes:
        return []
    known = rows.names(edition)
    near = table[(table["group"] == codes[0]) & table["rank_a"].notna() & table["rank_b"].notna()]
    order = {i: place for place, i in enumerate(answer.ranked(edition, codes[0])["institution_id"])}
    gap = near["institution_b"].map(order) - near["institution_a"].map(order)
    near = near[gap.abs() == 1]
    near = near[near["institution_a"].isin(known) & near["institution_b"].isin(known)]
    return [
        Row(
            rank_a=count(row["rank_a"]),
            a=known[str(row["institution_a"])],
            b=known[str(row["institution_b"])],
            difference=percent(row["difference"]),
            z=decimal(row["z"], 1),
            p=percent(row["p_a_above_b"], 0),
        )
        for row in rows.records(near, _NEIGHBOURS_SHOWN)
    ]
