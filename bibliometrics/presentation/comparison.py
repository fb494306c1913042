"""The page of a comparison: what changed between two editions, and why, in both languages."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bibliometrics.presentation.bilingual import Text, clean, count, name, percent, same, say
from bibliometrics.presentation.page import Parts, asset, environment

# The page shows so many rows of each table; the CSV beside it has them all.
_MOST = {"changes": 200, "changed_papers": 200, "changed_strings": 200, "changed_options": 60}
# Characters of a sentence: names of records may stand in it.
_LONGEST = 1000


@dataclass(frozen=True)
class Facts:
    """What the page says beside the tables of ``schema.COMPARISON_TABLES``."""

    study: str
    title_en: str
    title_zh: str
    before: str
    after: str
    is_simulated: bool
    papers: tuple[int, int]
    causes: tuple[str, ...]
    untestable: tuple[str, ...]
    software: str


def render_comparison(facts: Facts, tables: Mapping[str, pd.DataFrame]) -> str:
    """The page as text, to be written as UTF-8 with line ends as they are; it asks for nothing."""
    parts = Parts(
        styles=(asset("page.css"), asset("comparison.css")),
        without_script=asset("nojs.css"),
        scripts=(asset("language.js"),),
    )
    title = name(facts.title_en, facts.title_zh, 300)
    return environment().get_template("comparison.html").render(
        facts=facts,
        parts=parts,
        title=say("compare_title", title=title, before=facts.before, after=facts.after),
        page_title=f"{clean(facts.title_en)}: {facts.before} → {facts.after}",
        first=_first(facts, tables),
        rows=_changes(tables["changes"]),
        causes=_causes(tables["causes"]),
        parts_by=_parts(tables["change_parts"], tables["causes"]),
        papers=_cells(tables["changed_papers"], "changed_papers"),
        strings=_cells(tables["changed_strings"], "changed_strings"),
        options=_cells(tables["changed_options"], "changed_options"),
        totals={table: len(frame) for table, frame in tables.items()},
        has_interval=bool(tables["changes"]["share_change_low"].notna().any()),
    )  # fmt: skip


def _first(facts: Facts, tables: Mapping[str, pd.DataFrame]) -> Text:
    if not facts.causes:
        return say("compare_same")
    changes, causes = tables["changes"], tables["causes"]
    acted = causes[causes["acted"] == 1]
    said = [_says(row) for row in acted.to_dict("records")]
    named = Text("; ".join(t.en for t in said), "；".join(t.zh for t in said))
    moved = int((changes["papers_change"] != 0).sum())
    ranks = int((changes["rank_change"].fillna(0) != 0).sum())
    return say(
        "compare_first", old=count(facts.papers[0]), new=count(facts.papers[1]), causes=named,
        institutions=count(len(changes)), moved=count(moved), ranks=count(ranks),
    )  # fmt: skip


def _says(row: Mapping[Hashable, Any]) -> Text:
    return Text(clean(str(row["says_en"]), _LONGEST), clean(str(row["says_zh"]), _LONGEST))


def _changes(frame: pd.DataFrame) -> list[dict[str, object]]:
    order = frame.assign(size=frame["papers_change"].abs()).sort_values(
        ["size", "papers_after", "institution_id"], ascending=[False, False, True], kind="stable"
    )
    rows: list[dict[str, object]] = []
    for row in order.head(_MOST["changes"]).to_dict("records"):
        native = row["name_zh"] if isinstance(row["name_zh"], str) else row["name_en"]
        rows.append(
            {
                "name": name(row["name_en"], native),
                "old": count(int(row["papers_before"])),
                "new": count(int(row["papers_after"])),
                "change": _signed(int(row["papers_change"])),
                "share_old": percent(row["share_before"]),
                "share_new": percent(row["share_after"]),
                "interval": _interval(row["share_change_low"], row["share_change_high"]),
                "rank_old": _rank(row["rank_before"]),
                "rank_new": _rank(row["rank_after"]),
                "own": _half(row["rank_change_own"]),
                "others": _half(row["rank_change_others"]),
                "says": _says(row),
            }
        )
    return rows


def _interval(low: float, high: float) -> Text | None:
    if pd.isna(low) or pd.isna(high):
        return None
    return same(f"{100 * low:+.2f} … {100 * high:+.2f}")


def _rank(value: float) -> Text:
    return say("compare_unranked") if pd.isna(value) else same(int(value))


def _half(value: float) -> Text | None:
    return None if pd.isna(value) else same(_signed(float(value)))


def _signed(value: float) -> str:
    shown = f"{value:+,.0f}" if value == int(value) else f"{value:+,.2f}"
    return shown.replace("-", "−")


def _causes(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {
            "says": _says(row),
            "acted": bool(row["acted"]),
            "papers": None if pd.isna(row["papers"]) else count(int(row["papers"])),
        }
        for row in frame.to_dict("records")
    ]


def _parts(parts: pd.DataFrame, causes: pd.DataFrame) -> list[dict[str, object]]:
    """Sums over institutions of the gains and losses by each cause, in papers."""
    of_papers = parts[parts["figure"] == "papers"]
    told = []
    for row in causes[causes["acted"] == 1].to_dict("records"):
        own = of_papers.loc[of_papers["cause"] == row["cause"], "part"].astype("float64")
        told.append(
            {
                "says": _says(row),
                "gained": _signed(round(float(own[own > 0].sum()), 2)),
                "lost": _signed(round(float(own[own < 0].sum()), 2)),
            }
        )
    return told


def _cells(frame: pd.DataFrame, table: str) -> list[dict[str, str]]:
    shown = frame.head(_MOST[table]).astype("string").fillna("")
    return [
        {str(key): clean(str(value)) for key, value in row.items()}
        for row in shown.to_dict("records")
    ]
