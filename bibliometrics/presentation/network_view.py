"""The network as both pages draw it: which nodes and ties, and which colour a community has."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from bibliometrics.edition import Edition
from bibliometrics.presentation.bilingual import Text, missing, name, whole

# Colours are told apart by colour-blind readers up to this many; later communities share grey.
COMMUNITIES_COLOURED = 8


@dataclass(frozen=True)
class Node:
    """A node of the map; ``x`` and ``y`` from 0 to 1, ``share_of_largest`` of its papers."""

    index: int
    institution_id: str
    name: Text
    scope: str
    kind: str
    country: str
    province: str
    papers: int
    partners: int
    community: int
    x: float
    y: float
    share_of_largest: float

    @property
    def colour(self) -> int:
        """1 to 8 for the largest communities, 0 for the others."""
        return self.community if 1 <= self.community <= COMMUNITIES_COLOURED else 0


@dataclass(frozen=True)
class Tie:
    """A tie between two nodes of the map, by index; strongest first in ``ties``.

    ``years`` are year, papers and fractional weight of each year with a paper together.
    """

    source: int
    target: int
    scope: str
    papers: int
    weight: float
    in_backbone: bool = False
    years: tuple[tuple[int, int, float], ...] = ()


def nodes(edition: Edition) -> list[Node]:
    """The rows of ``nodes`` that have a place, largest first."""
    table = edition.tables["nodes"]
    table = table[table["x"].notna() & table["y"].notna()]
    largest = max(1, int(table["papers"].max())) if len(table) else 1
    return [
        Node(
            index=index,
            institution_id=str(row.institution_id),
            name=name(row.name_en, row.name_zh),
            scope=_text(row.scope) or "domestic",
            kind=_text(row.kind),
            country=_text(row.country),
            province=_text(row.province),
            papers=whole(row.papers),
            partners=whole(row.partners),
            community=whole(row.community),
            x=min(1.0, max(0.0, float(str(row.x)))),
            y=min(1.0, max(0.0, float(str(row.y)))),
            share_of_largest=whole(row.papers) / largest,
        )
        for index, row in enumerate(table.itertuples(index=False))
    ]


def ties(edition: Edition, shown: list[Node]) -> list[Tie]:
    """Collaborations among ``shown``, by fractional weight, then papers, then ids."""
    place = {node.institution_id: node.index for node in shown}
    table = edition.tables["collaborations"]
    table = table[table["source_id"].isin(list(place)) & table["target_id"].isin(list(place))]
    ordered = table.sort_values(
        ["weight_fractional", "papers", "source_id", "target_id"],
        ascending=[False, False, True, True],
        kind="stable",
        na_position="last",
    )
    drawn = edition.tables["backbone"]
    drawn = drawn[drawn["is_drawn"] == "yes"]
    backbone = set(zip(drawn["source_id"], drawn["target_id"], strict=True))
    by_year: dict[tuple[str, str], list[tuple[int, int, float]]] = {}
    for row in edition.tables["collaborations_by_year"].itertuples(index=False):
        weight = float(str(row.weight_fractional))
        told = (whole(row.year), whole(row.papers), weight)
        by_year.setdefault((str(row.source_id), str(row.target_id)), []).append(told)
    return [
        Tie(
            source=place[str(row.source_id)],
            target=place[str(row.target_id)],
            scope=_text(row.scope) or "domestic",
            papers=whole(row.papers),
            weight=0.0 if missing(row.weight_fractional) else float(str(row.weight_fractional)),
            in_backbone=(row.source_id, row.target_id) in backbone,
            years=tuple(by_year.get((str(row.source_id), str(row.target_id)), ())),
        )
        for row in ordered.itertuples(index=False)
    ]


def community_names(shown: list[Node]) -> dict[int, tuple[Text, int]]:
    """Coloured community → its largest member's name and its number of members."""
    found: dict[int, tuple[Text, int]] = {}
    for node in shown:
        if node.colour and node.scope == "domestic":
            called, members = found.get(node.colour, (node.name, 0))
            found[node.colour] = (called, members + 1)
    return dict(sorted(found.items()))


def country_colours(shown: list[Node]) -> dict[str, int]:
    """Country → 1 to 8 for those with most nodes; the others have no colour of their own."""
    nodes_of = Counter(node.country for node in shown if node.country)
    most = sorted(nodes_of, key=lambda country: (-nodes_of[country], country))
    return {country: place + 1 for place, country in enumerate(most[:COMMUNITIES_COLOURED])}


def has_other_communities(shown: list[Node]) -> bool:
    return any(node.scope == "domestic" and not node.colour for node in shown)


def radius(share_of_largest: float, least: float, most: float) -> float:
    """A radius whose square, the area, grows with papers."""
    return round(max(least, most * math.sqrt(share_of_largest)), 1)


def _text(value: object) -> str:
    return "" if missing(value) else str(value)
