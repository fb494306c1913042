"""Where each node stands on the map, the same each time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from bibliometrics.network.graph import in_igraph, seed_igraph

if TYPE_CHECKING:
    import igraph

# Rounds of the layout: each costs the square of the nodes, but on the grid of igraph, which only
# lets near nodes push each other.
_LEAST_ROUNDS, _MOST_ROUNDS, _STEPS = 200, 1_000, 200_000_000
_GRID_FROM = 2_000
_LEAST_PULL, _MOST_PULL = 0.02, 8.0
_PULL_WITHIN, _PULL_ACROSS = 3.0, 0.6
_EVENNESS = 0.6
# Small components stand in rows below the largest: this wide, and at most this much of the picture.
_PER_ROW = 48
_PER_LINE = 0.035
_GAP = 0.06
_MOST_BELOW = 0.3


def lay_out(
    network: nx.Graph[str], *, weight: str, communities: Mapping[str, int], seed: int
) -> dict[str, tuple[float, float]]:
    """Position (0 to 1) of each node of ``network``.

    Those of the largest component are of Fruchterman and Reingold (1991) from a seeded start, with
    ``communities`` drawn together and the middle spread out; the rest stands in rows below.
    ``weight`` names the attribute of ties: 'weight' (fractional) or 'papers' (full).
    """
    if not network:
        return {}
    components = sorted(nx.connected_components(network), key=lambda c: (-len(c), min(c)))
    main = sorted(components[0])
    converted = _igraph(network, main, weight)
    pulls = _pulls(converted, [communities.get(node) for node in main])
    start = np.random.default_rng(seed).uniform(-1, 1, (len(main), 2)) * math.sqrt(len(main))
    seed_igraph(seed)
    drawn = np.array(
        converted.layout_fruchterman_reingold(
            weights=pulls,
            seed=start.tolist(),
            niter=min(_MOST_ROUNDS, max(_LEAST_ROUNDS, _STEPS // len(main) ** 2)),
            grid=len(main) > _GRID_FROM,
        ).coords
    )
    scaled = _spread(drawn)
    rows = _rows([sorted(component) for component in components[1:]])
    floor = min(_MOST_BELOW, _GAP + _PER_LINE * len(rows)) if rows else 0.0
    placed = {
        node: (round(float(x), 4), round(float(y) * (1 - floor), 4))
        for node, (x, y) in zip(main, scaled, strict=True)
    }
    for number, row in enumerate(rows):
        y = 1 - floor + _GAP + (floor - _GAP) * (number + 0.5) / len(rows)
        for place, node in enumerate(row):
            if node is not None:
                placed[node] = (round((place + 0.5) / _PER_ROW, 4), round(y, 4))
    return placed


def _pulls(network: igraph.Graph, communities: list[int | None]) -> list[float]:
    """How strongly each tie pulls its ends together when the picture is drawn.

    Plain weights draw a dense network as one ball. As in VOSviewer, a tie counts against what its
    ends' strengths let expect; ties within a community pull more, so that the colours lie together.
    """
    strength = network.strength(weights="weight")
    whole = sum(strength)
    pulls = []
    for edge in network.es:
        a, b = edge.tuple
        expected = strength[a] * strength[b] / whole
        ratio = min(edge["weight"] / expected, _MOST_PULL) if expected else 1.0
        together = communities[a] is not None and communities[a] == communities[b]
        factor = _PULL_WITHIN if together else _PULL_ACROSS
        pulls.append(_LEAST_PULL + math.log1p(edge["weight"]) * ratio * factor)
    return pulls


def _spread(drawn: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Coordinates from 0 to 1, the crowded middle drawn apart by mixing in each node's order."""
    span = np.ptp(drawn, axis=0)
    span[span == 0] = 1
    scaled = (drawn - drawn.min(axis=0)) / span
    order = drawn.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    mixed: np.ndarray[Any, np.dtype[np.float64]] = (1 - _EVENNESS) * scaled + _EVENNESS * (
        order / max(len(drawn) - 1, 1)
    )
    return mixed


def _rows(components: list[list[str]]) -> list[list[str | None]]:
    """Small components side by side with a gap between two; one is broken only where it must be."""
    rows: list[list[str | None]] = []
    pieces = [
        component[start : start + _PER_ROW]
        for component in components
        for start in range(0, len(component), _PER_ROW)
    ]
    for piece in pieces:
        gap: list[str | None] = [None] if len(piece) > 1 else []
        if not rows or len(rows[-1]) + len(piece) > _PER_ROW:
            rows.append([])
        rows[-1].extend([*piece, *gap])
    return rows


def _igraph(network: nx.Graph[str], nodes: list[str], weight: str) -> igraph.Graph:
    place = {node: number for number, node in enumerate(nodes)}
    edges = sorted(
        (min(place[a], place[b]), max(place[a], place[b]), float(data[weight]))
        for a, b, data in network.edges(data=True)
        if a in place and b in place
    )
    return in_igraph(len(nodes), [(a, b) for a, b, _ in edges], [value for _, _, value in edges])
