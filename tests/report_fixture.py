"""The made-up edition with every table of the report filled; numbers of nobody, SIMULATED."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pandas as pd

from bibliometrics import schema
from bibliometrics.edition import Edition
from pages_fixture import COUNTED, HOSTILE, frame, hostile_edition, made_up_edition

# Columns whose values a page takes for codes it knows, or ids: hostile text goes everywhere else.
_CODES = {
    "group", "status", "counting", "denominator", "as_of", "source", "scope", "stratum",
    "weighting", "measure", "marked_on", "is_above_chance", "is_drawn", "institution_id",
    "institution_a", "institution_b", "members_ids", "country", "largest_mover", "field",
}  # fmt: skip


def _row(table: schema.Table, number: int, **given: Any) -> dict[str, Any]:
    """A row with something in every column, and what is ``given``."""
    made: dict[str, Any] = {}
    for column in table.columns:
        if column.kind == "text":
            made[column.name] = f"made-up {column.name} {number}"
        elif column.kind == "integer":
            made[column.name] = number + 1
        else:
            made[column.name] = (number % 9 + 1) / 10
    return made | COUNTED | given


def _ranks(edition: Edition) -> list[dict[str, Any]]:
    ranking = edition.tables["ranking"]
    return ranking[ranking["rank"].notna()].to_dict("records")


def full_edition(universities: int = 117, institutes: int = 14, partners: int = 350) -> Edition:
    """Universities and institutes, and every other table a report can show."""
    edition = made_up_edition(universities, institutes, partners)
    ranked = _ranks(edition)
    leading = [row for row in ranked if row["group"] == "universities"]
    sets = [
        _row(
            schema.INTERVALS, place, group=row["group"], institution_id=row["institution_id"],
            counting=counting, rank=row["rank"], papers=row["papers"], share=row["share"],
            rank_low=max(1, int(row["rank"]) - spread), rank_high=int(row["rank"]) + spread,
        )
        for counting, spread in (("full", 2), ("fractional", 4))
        for place, row in enumerate(ranked)
    ]  # fmt: skip
    pairs = [
        _row(
            schema.PAIRWISE, place, group="universities", institution_a=a["institution_id"],
            institution_b=b["institution_id"], rank_a=a["rank"], rank_b=b["rank"],
            difference=0.002, z=1.4, p_a_above_b=0.91,
        )
        for place, (a, b) in enumerate(pairwise(leading))
    ]  # fmt: skip
    ids = [row["institution_id"] for row in ranked]
    made: dict[schema.Table, list[dict[str, Any]]] = {
        schema.INTERVALS: sets,
        schema.PAIRWISE: pairs,
        schema.SENSITIVITY_SUMMARY: [
            _row(
                schema.SENSITIVITY_SUMMARY, n, group="universities", largest_mover=ids[n % len(ids)],
                largest_move=4 - n, option=f"option_{n}",
                status=("computed", "the study's own", "not available")[n % 3],
            )
            for n in range(12)
        ],
        schema.SENSITIVITY_MOVES: [
            _row(schema.SENSITIVITY_MOVES, n, group="universities", institution_id=ids[n % len(ids)], moved=5)
            for n in range(8)
        ],
        schema.COMMUNITIES: [
            _row(schema.COMMUNITIES, n, community=n + 1, members_ids="|".join(ids[n::6]))
            for n in range(6)
        ],
        schema.NETWORK_MEASURES: [
            _row(schema.NETWORK_MEASURES, n, institution_id=i, name_en=f"Made-up {n}")
            for n, i in enumerate(ids)
        ],
        schema.CONCENTRATION: [
            _row(schema.CONCENTRATION, n, quantity=quantity, measure=measure)
            for quantity in ("papers", "strength")
            for n, measure in enumerate(("gini", "hhi", "share of the top 10"))
        ],
        schema.BACKBONE: [
            _row(schema.BACKBONE, n, source_id=ids[n], target_id=ids[n + 1], is_drawn="yes",
                 is_above_chance="yes")
            for n in range(5)
        ],
        schema.NETWORK_CHANGE: [
            _row(
                schema.NETWORK_CHANGE, n, scope="domestic", source_id=ids[n], target_id=ids[n + 1],
                change="grown", window_before="2012-2015", window_after="2016-2019",
            )
            for n in range(min(14, len(ids) - 1))
        ],
        schema.COLLABORATION_INDICES: [
            _row(schema.COLLABORATION_INDICES, 0, country="US", papers=1204, index=1.08),
            _row(schema.COLLABORATION_INDICES, 1, country="SG", papers=49, index=1.77),
        ],
        schema.GROWTH: [_row(schema.GROWTH, n, year=2010 + n) for n in range(10)],
        schema.KEYWORD_OVERLAPS: [
            _row(schema.KEYWORD_OVERLAPS, n, field="any", keyword_a=f"a {n}", keyword_b=f"b {n}")
            for n in range(6)
        ],
        schema.SUBJECT_AREAS: [_row(schema.SUBJECT_AREAS, n) for n in range(14)],
        schema.DELINEATION: [
            _row(schema.DELINEATION, n, keyword=k) for n, k in enumerate(("all", "robot"))
        ],
        schema.ATTRIBUTION_ERROR: [
            _row(schema.ATTRIBUTION_ERROR, n, decision="matched") for n in range(4)
        ],
        schema.AUDIT: [
            _row(
                schema.AUDIT, n, measure=measure, stratum="all", weighting="papers",
                estimate=0.987, shown_at_least=0.951, marked_on="2026-10-02",
            )
            for n, measure in enumerate(("precision", "recall"))
        ],
        schema.WINDOWS: [
            _row(schema.WINDOWS, n, window_kind="four_years", first_year=2016, last_year=2019,
                 group="universities", institution_id=i, rank=n + 1, papers=900 - n)
            for n, i in enumerate(ids[:25])
        ],
        schema.SPECIALISATION: [
            _row(schema.SPECIALISATION, n, institution_id=i, year="all") for n, i in enumerate(ids[:4])
        ],
        schema.RETRACTIONS: [
            _row(schema.RETRACTIONS, n, institution_id=i, year=2017) for n, i in enumerate(ids[:4])
        ],
        schema.CHOICE_SEARCH: [_row(schema.CHOICE_SEARCH, n) for n in range(4)],
        schema.CHOICE_OPTIONS: [_row(schema.CHOICE_OPTIONS, n, is_study=1) for n in range(4)],
        schema.DECISIONS_USED: [_row(schema.DECISIONS_USED, n) for n in range(3)],
        schema.CLAIMS: [
            _row(
                schema.CLAIMS, n, verdict=(
                    "reproduced", "reproduced under X", "not reproduced", "not identifiable",
                    "not computable",
                )[n % 5],
            )
            for n in range(20)
        ],
    }  # fmt: skip
    tables = dict(edition.tables)
    tables |= {table.name: frame(table, rows) for table, rows in made.items()}
    ranks = {row["institution_id"]: row["rank_low"] for row in sets if row["counting"] == "full"}
    ranking = tables["ranking"].copy()
    ranking["rank_low"] = ranking["institution_id"].map(ranks).astype("Int64")
    ranking["rank_high"] = (ranking["rank_low"] + 4).astype("Int64")
    first = ranking["papers_fractional_author"].rank(ascending=True, method="first")
    # A spread of ratios that moves some institutions far, as students who sign twice do.
    ratios = [0.4 + 0.07 * (place % 8) for place in range(len(ranking))]
    ranking["papers_fractional_author"] = ranking["papers"] * ratios
    ranking["papers_first_author"] = (ranking["papers"] * 0.6 + first % 17).round().astype("Int64")
    tables["ranking"] = ranking
    tables["ranking_by_year"] = frame(
        schema.RANKING_BY_YEAR,
        [
            {**COUNTED, "year": 2010 + y, "institution_id": i, "papers": 2 + (y * 3 + n) % 11}
            for n, i in enumerate(ranking["institution_id"])
            for y in range(10)
        ],
    )
    return replace(edition, tables=tables)


def hostile_full_edition() -> Edition:
    """Every text cell of every table that is not a code holds something hostile."""
    edition, full = hostile_edition(), full_edition()
    tables = dict(edition.tables)
    for table in schema.EDITION_TABLES:
        if len(tables[table.name]):
            continue
        rows = full.tables[table.name].copy()
        for column in table.columns:
            if column.kind == "text" and column.name not in _CODES:
                rows[column.name] = pd.Series(
                    [f"{HOSTILE[n % len(HOSTILE)]} {n}" for n in range(len(rows))], dtype="string"
                )
        tables[table.name] = rows
    return replace(edition, tables=tables)
