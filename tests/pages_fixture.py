"""A made-up edition for the tests of the pages: names of the registry, numbers of nobody.

Everything is SIMULATED; the numbers only have shapes that a page must cope with.
"""

from __future__ import annotations

import csv
import math
import random
from dataclasses import replace
from importlib import resources
from typing import Any

import pandas as pd

from bibliometrics import schema
from bibliometrics.edition import Choice, Edition, Input
from bibliometrics.schema import Table

HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<!--<script>'\"`&amp;{{7*7}}{% raw %}",
    "right \u202eto left\u202c \u200f\u2028\u2029 mark",
    '=HYPERLINK("http://evil.example","x")',
    "🙂 emoji 名称 \x1b[31mred\x07 \x00",
    "long " * 2000,
)

COUNTED = {
    "counting": "full",
    "denominator": "distinct papers of the corpus = 10000",
    "as_of": "2020-06-24",
    "source": "SIMULATED",
}


def registry(file_name: str) -> list[dict[str, str]]:
    path = resources.files("bibliometrics").joinpath("data", "registry", file_name)
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def frame(table: Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return schema.conform(pd.DataFrame(rows, columns=table.column_names), table)


def empty_tables() -> dict[str, pd.DataFrame]:
    return {table.name: schema.empty(table) for table in schema.EDITION_TABLES}


def empty_edition(**changes: Any) -> Edition:
    """An edition with nothing in it."""
    edition = Edition(
        name="2026-11-23",
        study="made-up-study",
        title_en="Who publishes on artificial intelligence: a made-up study",
        title_zh="谁在发表人工智能论文：虚构研究",
        question_en="Which universities and institutes published most, and with whom?",
        question_zh="哪些高校和科研机构发表论文最多，又与谁合作？",
        country="CN",
        query='TITLE-ABS-KEY("artificial intelligence" OR robot) AND DOCTYPE(ar)',
        years=None,
        is_simulated=True,
        as_of="2020-06-24",
        counting="full",
        denominator="distinct papers of the corpus = 0",
        denominator_papers=0,
        papers=0,
        papers_attributed=0,
        rank_floor=100,
        inputs=(),
        needs_inputs=True,
        choices=(),
        network_says_en="No two institutions share a paper.",
        network_says_zh="没有合作论文。",
        software="bibliometrics 0.1.0",
        registry_version="made-up",
        seed=2020,
        tables=empty_tables(),
    )
    return replace(edition, **changes)


def _institutions(universities: int, institutes: int) -> list[dict[str, Any]]:
    chosen = [row for row in registry("universities.csv") if row["double_first_class"] == "y"]
    rows = [
        {"group": "universities", "kind": "university", "authority": r["authority_class"], **r}
        for r in chosen[:universities]
    ]
    rows += [
        {"group": "institutes", "authority": r["kind"], **r}
        for r in registry("institutes.csv")[:institutes]
    ]
    return [{**row, "institution_id": row["id"]} for row in rows]


def _ranking(rows: list[dict[str, Any]], floor: int) -> list[dict[str, Any]]:
    ranked = []
    for group in ("universities", "institutes"):
        members = [row for row in rows if row["group"] == group]
        for place, row in enumerate(members):
            papers = round((370 if group == "universities" else 210) / (1 + 0.13 * place))
            ratio = 0.25 if row["id"] == "university-of-chinese-academy-of-sciences" else 0.62
            ranked.append(
                {
                    **row,
                    **COUNTED,
                    "papers": papers,
                    "share": papers / 10000,
                    "rank": place + 1 if papers >= floor else None,
                    "papers_fractional_author": papers * (ratio + 0.01 * (place % 9)),
                    "papers_international": round(papers * (0.2 + 0.01 * (place % 11))),
                }
            )
    return ranked


_PARTNERS = (
    ("x-us-made-up-institute-of-technology", "Made-up Institute of Technology", "US", "foreign"),
    ("x-gb-university-of-nowhere", "University of Nowhere", "GB", "foreign"),
    ("x-de-erfundene-hochschule", "Erfundene Hochschule", "DE", "foreign"),
    ("x-jp-invented-university", "Invented University", "JP", "foreign"),
    ("nanyang-technological-university", "Nanyang Technological University", "SG", "foreign"),
    ("university-of-hong-kong", "The University of Hong Kong", "HK", "hk_mo_tw"),
    ("x-tw-invented-academy", "Invented Academy", "TW", "hk_mo_tw"),
    ("x-mo-invented-college", "Invented College of Macao", "MO", "hk_mo_tw"),
)


def _nodes(ranked: list[dict[str, Any]], dice: random.Random) -> list[dict[str, Any]]:
    nodes = []
    for place, row in enumerate(ranked):
        community = place % 6 + 1
        angle = 2 * math.pi * community / 6
        reach = 0.04 + 0.15 * dice.random()
        turn = 2 * math.pi * dice.random()
        nodes.append(
            {
                **row,
                "scope": "domestic",
                "country": "CN",
                "partners": 5,
                "community": community,
                "x": 0.5 + 0.3 * math.cos(angle) + reach * math.cos(turn),
                "y": 0.5 + 0.3 * math.sin(angle) + reach * math.sin(turn),
            }
        )
    for place, (partner, label, country, scope) in enumerate(_PARTNERS):
        nodes.append(
            {
                **COUNTED,
                "institution_id": partner,
                "name_en": label,
                "scope": scope,
                "kind": "partner",
                "country": country,
                "papers": 90 - 9 * place,
                "partners": 4,
                "x": (place + 0.5) / len(_PARTNERS),
                "y": 0.02 if place % 2 else 0.98,
            }
        )
    return nodes


def _ties(nodes: list[dict[str, Any]], dice: random.Random) -> list[dict[str, Any]]:
    pairs: dict[tuple[str, str], dict[str, Any]] = {}
    for place, node in enumerate(nodes):
        others = dice.sample(range(len(nodes)), min(9, len(nodes)))
        for other in (*others, max(0, place - 6)):
            first, second = sorted((node["institution_id"], nodes[other]["institution_id"]))
            scopes = {node["scope"], nodes[other]["scope"]}
            if first == second or "domestic" not in scopes:
                continue
            papers = 1 + int(40 / (1 + place + other) * (1 + dice.random()))
            scope = next(iter(scopes - {"domestic"}), "domestic")
            names = {n["institution_id"]: n["name_en"] for n in (node, nodes[other])}
            pairs[first, second] = {
                **COUNTED,
                "source_id": first,
                "target_id": second,
                "source_name": names[first],
                "target_name": names[second],
                "scope": scope,
                "papers": papers,
                "weight_fractional": papers * (0.4 + 0.6 * dice.random()),
                "association_strength": 0.5 + dice.random() if scope == "domestic" else None,
            }
    return list(pairs.values())


def _units(ranked: list[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    totals: dict[str, list[int]] = {}
    for row in ranked:
        totals.setdefault(row[column], []).append(row["papers"])
    return [
        {
            **COUNTED,
            column: name,
            "institutions": len(papers),
            "papers": round(sum(papers) * 0.9),
            "share": sum(papers) * 0.9 / 10000,
        }
        for name, papers in totals.items()
    ]


def made_up_edition(
    universities: int = 117, institutes: int = 14, extra_partners: int = 0, floor: int = 100
) -> Edition:
    """An edition shaped like the report's result: 117 universities, 14 institutes."""
    dice = random.Random(7)
    ranked = _ranking(_institutions(universities, institutes), floor)
    nodes = _nodes(ranked, dice)
    partners = [
        {"partner_id": p, "name": n, "country": c, "scope": s, "papers": 90 - 9 * i}
        for i, (p, n, c, s) in enumerate(_PARTNERS)
    ] + [
        {
            "partner_id": f"x-us-invented-{i:04d}",
            "name": f"Invented Laboratory {i}",
            "country": "US",
            "scope": "foreign",
            "papers": 8,
        }
        for i in range(extra_partners)
    ]
    for place, partner in enumerate(partners):
        rank = {"rank": place + 1, "share": partner["papers"] / 10000, "domestic_institutions": 7}
        partner.update(COUNTED | rank)
    countries = [("CN", 10000), ("US", 1204), ("GB", 411), ("AU", 380), ("SG", 240), ("DE", 133),
                 ("HK", 402), ("TW", 77), ("MO", 12)]  # fmt: skip
    keywords = ("artificial intelligence", "machine learning", "robot", "speech recognition")
    fields = ("title", "abstract", "author_keywords", "index_keywords", "any")
    years = range(2010, 2020)
    flow = [
        ("rows read", "done", 11250, 11250, 0, "rows of all files"),
        ("quarantine", "done", 11250, 11238, 0, "rows that cannot be used"),
        ("duplicates", "done", 11238, 10830, 0, "the same paper: EID, DOI, or title"),
        ("document type", "done", 10830, 10404, 0, "kept: article"),
        ("source type", "not testable", 10404, 10404, 10404, "kept: journal"),
        ("keywords", "partly testable", 10404, 10000, 310, "one keyword or more, by the rule"),
        ("corpus", "done", 10000, 10000, 0, "distinct papers of the corpus"),
        ("attribution", "done", 10000, 9620, 0, "papers with an institution of the geography"),
    ]
    tables = empty_tables() | {
        "ranking": frame(schema.RANKING, ranked),
        "years": frame(
            schema.YEARS,
            [
                {
                    **COUNTED,
                    "year": y,
                    "papers": 400 + 133 * (y - 2010),
                    "papers_international": 80 + 36 * (y - 2010),
                    "institutions": 60 + 7 * (y - 2010),
                }
                for y in years
            ],
        ),
        "nodes": frame(schema.NODES, nodes),
        "collaborations": frame(schema.COLLABORATIONS, _ties(nodes, dice)),
        "partners": frame(schema.PARTNERS, partners),
        "countries": frame(
            schema.COUNTRIES,
            [{**COUNTED, "country": c, "papers": n, "share": n / 10000} for c, n in countries],
        ),
        "provinces": frame(schema.PROVINCES, _units(ranked, "province")),
        "authorities": frame(schema.AUTHORITIES, _units(ranked, "authority")),
        "keywords": frame(
            schema.KEYWORDS,
            [
                {
                    **COUNTED,
                    "keyword": keyword,
                    "field": field,
                    "papers": 900 + 311 * i + 57 * j,
                    "papers_only_by_it": 100 + 31 * i + 7 * j,
                }
                for i, keyword in enumerate(keywords)
                for j, field in enumerate(fields)
            ],
        ),
        "flow": frame(
            schema.FLOW,
            [
                dict(zip(schema.FLOW.column_names, (i, *step, f"【{step[-1]}】", "SIMULATED"), strict=True))
                for i, step in enumerate(flow, 1)
            ],
        ),
        "attribution": frame(
            schema.ATTRIBUTION,
            [
                {
                    "affiliation": f"Made-up Department {i}, Invented City",
                    "country": "CN",
                    "papers": 1 + i % 5,
                    "decision": ("matched", "matched", "matched", "out_of_scope", "unmatched",
                                 "ambiguous")[i % 6],
                    "rule": "name",
                    "source": "SIMULATED",
                }
                for i in range(600)
            ],
        ),
        "unmatched": frame(
            schema.UNMATCHED,
            [
                {
                    "affiliation": f"Invented Research Centre No. {i}, Nowhere Road, Nowhere",
                    "country": "CN",
                    "papers": 40 - i,
                    "papers_uncounted": 12 - i % 10,
                    "decision": "ambiguous" if i % 3 else "unmatched",
                    "candidates": "",
                    "evidence": "no institution of the registry is named in it",
                    "source": "SIMULATED",
                }
                for i in range(31)
            ],
        ),
        "findings": frame(
            schema.FINDINGS,
            [
                {
                    "finding": "probably cut: made-up.csv",
                    "count": 2000,
                    "says_en": "made-up.csv has exactly 2000 rows: it is probably cut",
                    "says_zh": "made-up.csv 恰有 2000 行，很可能被截断",
                    "severity": "warning",
                    "source": "SIMULATED",
                },
                {
                    "finding": "copyright line",
                    "count": 2,
                    "says_en": "2 rows match only by the copyright line; left out",
                    "says_zh": "2 条记录仅在版权行中命中，已剔除",
                    "severity": "note",
                    "source": "SIMULATED",
                },
            ],
        ),
    }  # fmt: skip
    return empty_edition(
        years=(2010, 2019),
        denominator="distinct papers of the corpus = 10000",
        denominator_papers=10000,
        papers=10000,
        papers_attributed=9620,
        rank_floor=floor,
        inputs=(Input("simulated-10000.csv", "ab" * 32, "Scopus CSV export", 11250),),
        choices=(
            Choice("query.phrase", "phrase", ("phrase", "words_and"), "keywords of two words",
                   "双词检索词", True),
            Choice("geography.scope", "mainland", ("mainland", "with_taiwan"),
                   "which institutions are inside", "纳入哪些地区的机构", False),
        ),
        network_says_en="Communities of the domestic ties by the Leiden algorithm, seed 2020.",
        network_says_zh="境内合作网络按 Leiden 算法划分社区，随机种子 2020。",
        tables=tables,
    )  # fmt: skip


def hostile_edition() -> Edition:
    """The made-up edition with every text cell a record can reach replaced by something hostile."""
    edition = made_up_edition(20, 8)
    reached = {
        "ranking": ("name_en", "name_zh", "province", "authority"),
        "nodes": ("name_en", "name_zh", "kind", "country", "province"),
        "partners": ("name", "country"),
        "collaborations": ("source_name", "target_name"),
        "countries": ("country",),
        "provinces": ("province",),
        "keywords": ("keyword",),
        "flow": ("step", "reason", "reason_zh"),
        "unmatched": ("affiliation", "evidence"),
        "findings": ("says_en", "says_zh"),
        "attribution": ("affiliation", "rule"),
    }
    tables = dict(edition.tables)
    for table, columns in reached.items():
        rows = tables[table].copy()
        for shift, column in enumerate(columns):
            rows[column] = pd.Series(
                [f"{HOSTILE[(i + shift) % len(HOSTILE)]} {i}" for i in range(len(rows))],
                dtype="string",
            )
        tables[table] = rows
    first, second = HOSTILE[0], HOSTILE[1]
    return replace(
        edition,
        title_en=first,
        title_zh=second,
        question_en=second,
        question_zh=first,
        query=HOSTILE[2],
        software=first,
        registry_version=second,
        study=first,
        inputs=(Input(first, second, HOSTILE[2], 1),),
        choices=(Choice(first, second, HOSTILE, first, second, False),),
        network_says_en=first,
        network_says_zh=second,
        tables=tables,
    )
