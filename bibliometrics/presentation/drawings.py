"""Geometry of the report's drawings: the trend by year, and a still picture of the network.

Numbers only; the templates turn them into SVG. Widths of the trend are percentages, so that its
text keeps its size on a narrow screen.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import Any

from bibliometrics.edition import Edition
from bibliometrics.presentation import links, network_view
from bibliometrics.presentation.answer import international_share
from bibliometrics.presentation.bilingual import (
    Text,
    clean,
    count,
    counted,
    join,
    missing,
    percent,
    same,
    say,
    whole,
)

_BASE, _TOP = 216, 22
_LATEST_YEARS = 40
_LABELS_WIDE, _LABELS_NARROW = 16, 7

_WIDTH, _HEIGHT, _MARGIN = 1000, 640, 56
_EDGES_DRAWN = 700


@dataclass(frozen=True)
class Bar:
    year: int
    x: float
    width: float
    middle: float
    y: int
    height: int
    y_international: int
    height_international: int
    label: Text
    year_shown: bool
    minor: bool


@dataclass(frozen=True)
class Tick:
    y: int
    label: Text


@dataclass(frozen=True)
class YearRow:
    year: int
    papers: int
    international: int
    share: Text
    institutions: object


@dataclass(frozen=True)
class Trend:
    bars: list[Bar]
    ticks: list[Tick]
    rows: list[YearRow]
    says: Text
    title: Text
    earlier: int


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Layer:
    css: str
    language: str
    labels: list[Label]


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    r: float
    css: str
    scope: str
    name: Text
    href: str | None


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    opacity: float
    abroad: bool
    href: str | None
    name: str


@dataclass(frozen=True)
class LegendItem:
    css: str
    label: Text


@dataclass(frozen=True)
class Picture:
    nodes: list[Mark]
    edges: list[Line]
    total: int
    layers: list[Layer]
    legend: list[LegendItem]
    scopes: frozenset[str]
    title: Text
    width: int = _WIDTH
    height: int = _HEIGHT


def trend(edition: Edition) -> Trend:
    """Papers by year, those with a foreign partner in front; years without a paper are gaps."""
    table = edition.tables["years"].dropna(subset=["year"]).sort_values("year")
    rows = [_year_row(row) for row in table.to_dict("records")]
    if not rows:
        return Trend([], [], [], same(""), same(""), 0)
    first, last = rows[0], rows[-1]
    start = max(first.year, last.year - _LATEST_YEARS + 1)
    most = max(row.papers for row in rows if row.year >= start)
    step = _step(most)
    top = max(step, math.ceil(most / step) * step)

    def height(value: int) -> int:
        return round((_BASE - _TOP) * value / top)

    by_year = {row.year: row for row in rows}
    years = range(start, last.year + 1)
    every, every_narrow = (math.ceil(len(years) / n) for n in (_LABELS_WIDE, _LABELS_NARROW))
    slot = 100 / len(years)
    bars = []
    for place, year in enumerate(years):
        row = by_year.get(year, YearRow(year, 0, 0, same("–"), 0))
        back = len(years) - 1 - place
        m = count(row.international)
        bars.append(
            Bar(
                year=year,
                x=round(slot * (place + 0.14), 3),
                width=round(slot * 0.72, 3),
                middle=round(slot * (place + 0.5), 3),
                y=_BASE - height(row.papers),
                height=height(row.papers),
                y_international=_BASE - height(row.international),
                height_international=height(row.international),
                label=say("trend_bar", year=same(year), n=counted(row.papers), m=m),
                year_shown=back % every == 0,
                minor=back % every_narrow != 0,
            )
        )
    values = {"year1": same(first.year), "n1": counted(first.papers)}
    ends = values | {"year2": same(last.year), "n2": counted(last.papers)}
    share = percent(international_share(edition), 1)
    return Trend(
        bars=bars,
        ticks=[Tick(_BASE - height(v), count(v)) for v in range(step, top + 1, step)],
        rows=rows,
        says=say("trend_says", share=share, **ends)
        if len(rows) > 1
        else say("trend_says_one", share=share, **values),
        title=say("trend_alt", **ends),
        earlier=sum(row.year < start for row in rows),
    )


def _year_row(row: dict[Any, Any]) -> YearRow:
    papers, international = whole(row["papers"]), whole(row["papers_international"])
    known = papers and not missing(row["papers_international"])
    return YearRow(
        year=whole(row["year"]),
        papers=papers,
        international=international,
        share=percent(international / papers if known else None, 1),
        institutions=row["institutions"],
    )


def _step(most: int) -> int:
    """A round distance of grid lines that gives two to five of them."""
    power = int(10 ** (len(str(max(1, most))) - 1))
    for part in (0.2, 0.5, 1, 2):
        step = max(1, round(power * part))
        if most / step <= 5:
            return step
    return power * 2


def picture(edition: Edition) -> Picture:
    """The layout of ``nodes``, the strongest ties, and as many names as fit."""
    shown = network_view.nodes(edition)
    all_ties = network_view.ties(edition, shown)
    drawn = all_ties[:_EDGES_DRAWN]
    strongest = max((tie.weight for tie in drawn), default=1.0) or 1.0
    spots = {node.index: _spot(node) for node in shown}
    ids = {node.index: node.institution_id for node in shown}
    called = {node.index: _short(node.name.en) for node in shown}
    has_evidence = links.has_evidence(edition)

    def href(institution: str, other: str | None = None) -> str | None:
        return links.to_papers(institution=institution, other=other) if has_evidence else None

    # Weak ties first, so that strong ones lie above them; small nodes above large ones.
    edges = [
        Line(
            *spots[tie.source],
            *spots[tie.target],
            width=round(0.6 + 4.4 * math.sqrt(tie.weight / strongest), 2),
            opacity=round(0.1 + 0.35 * math.sqrt(tie.weight / strongest), 2),
            abroad=tie.scope != "domestic",
            href=href(ids[tie.source], ids[tie.target]),
            name=f"{called[tie.source]} – {called[tie.target]}",
        )
        for tie in reversed(drawn)
    ]
    marks = [
        Mark(*spots[n.index], _radius(n), f"k{n.colour}", n.scope, n.name, href(n.institution_id))
        for n in sorted(shown, key=lambda n: -n.papers)
    ]
    legend = [
        LegendItem(f"k{colour}", say("community_of", name=called.map(_short)))
        for colour, (called, _) in network_view.community_names(shown).items()
    ]
    if network_view.has_other_communities(shown):
        legend.append(LegendItem("k0", say("communities_other")))
    largest = join(node.name.map(_short) for node in shown[:3])
    return Picture(
        nodes=marks,
        edges=edges,
        total=len(all_ties),
        layers=[
            Layer(css, language, _labels(shown, spots, side, size, most))
            for css, size, most in (("broad", 15, 26), ("narrow", 30, 8))
            for side, language in ((0, "en"), (1, "zh-Hans"))
        ],
        legend=legend,
        scopes=frozenset(mark.scope for mark in marks),
        title=say("picture_alt", n=count(len(shown)), names=largest),
    )


def _spot(node: network_view.Node) -> tuple[float, float]:
    return (
        round(_MARGIN + node.x * (_WIDTH - 2 * _MARGIN), 1),
        round(_MARGIN + node.y * (_HEIGHT - 2 * _MARGIN), 1),
    )


def _radius(node: network_view.Node) -> float:
    return network_view.radius(node.share_of_largest, 2.6, 24.0)


def _short(text: str) -> str:
    return clean(text, 40)


def _labels(
    shown: list[network_view.Node],
    spots: dict[int, tuple[float, float]],
    side: int,
    size: int,
    most: int,
) -> list[Label]:
    """Names of the largest nodes, each left out where it would lie on one already placed."""
    boxes: list[tuple[float, float, float, float]] = []
    labels = []
    for node in shown[: most * 3 // 2]:
        text = _short((node.name.en, node.name.zh)[side])
        x, y = spots[node.index]
        half = size * 0.5 * sum(1.0 if _is_wide(c) else 0.56 for c in text) + 3
        if half * 2 > _WIDTH - 8:
            continue
        x = min(_WIDTH - 4 - half, max(4 + half, x))
        below = y + _radius(node) + size
        base = below if below < _HEIGHT - 6 else y - _radius(node) - 5
        box = (x - half, base - size, x + half, base + size * 0.3)
        if any(_overlap(box, other) for other in boxes):
            continue
        boxes.append(box)
        labels.append(Label(round(x, 1), round(base, 1), text))
        if len(labels) == most:
            break
    return labels


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
