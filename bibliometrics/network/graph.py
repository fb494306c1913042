"""What a network is: for networkx with its attributes, for igraph with its weights."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import igraph

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class TieList:
    """An undirected weighted graph without self-loops, each tie once.

    ``nodes`` are in code-point order; ``source`` and ``target`` are places in it, source < target,
    in order; ``weight`` is above zero.
    """

    nodes: tuple[str, ...]
    source: Ints
    target: Ints
    weight: Floats

    @property
    def degree(self) -> Ints:
        """Ties of each node."""
        both = np.concatenate([self.source, self.target])
        return np.bincount(both, minlength=len(self.nodes)).astype(np.int64)

    @property
    def strength(self) -> Floats:
        """Weight of the ties of each node."""
        both = np.concatenate([self.source, self.target])
        doubled = np.concatenate([self.weight, self.weight])
        return np.bincount(both, weights=doubled, minlength=len(self.nodes)).astype(np.float64)

    def weighing(self, weight: Floats) -> TieList:
        """The same ties with other weights."""
        return TieList(self.nodes, self.source, self.target, weight)

    def as_igraph(self) -> igraph.Graph:
        """The graph in igraph, its edges in the order of the ties, with ``weight``."""
        edges = np.column_stack([self.source, self.target]).tolist()
        return in_igraph(len(self.nodes), edges, self.weight.tolist())


def in_igraph(
    nodes: int, edges: Sequence[tuple[int, int]], weights: Sequence[float]
) -> igraph.Graph:
    """A graph in igraph, its edges in the order given, with ``weight``."""
    import igraph  # noqa: PLC0415 - it loads matplotlib, which some processes never need

    made = igraph.Graph(n=nodes, edges=edges)
    made.es["weight"] = weights
    return made


def seed_igraph(seed: int) -> None:
    """Have igraph draw its chances from ``seed`` on."""
    import igraph  # noqa: PLC0415 - as above

    igraph.set_random_number_generator(random.Random(seed))


def tie_list(
    nodes: Iterable[str], sources: Sequence[str], targets: Sequence[str], weights: Sequence[float]
) -> TieList:
    """Ties between ``nodes``, each given once, in whatever order; others are left out."""
    ordered = tuple(sorted(set(nodes)))
    place = {node: number for number, node in enumerate(ordered)}
    rows = sorted(
        (min(place[a], place[b]), max(place[a], place[b]), float(weight))
        for a, b, weight in zip(sources, targets, weights, strict=True)
        if a in place and b in place
    )
    return TieList(
        ordered,
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.float64),
    )


def graph(nodes: pd.DataFrame, ties: pd.DataFrame) -> nx.Graph[str]:
    """The co-authorship graph, nodes and edges in a fixed order, attributes plain values."""
    network: nx.Graph[str] = nx.Graph()
    for node in nodes.to_dict("records"):
        attributes = {str(k): v for k, v in node.items() if k != "institution_id" and pd.notna(v)}
        network.add_node(str(node["institution_id"]), **attributes)
    known = set(network)
    for tie in ties.to_dict("records"):
        if tie["source_id"] in known and tie["target_id"] in known:
            network.add_edge(
                str(tie["source_id"]),
                str(tie["target_id"]),
                papers=int(tie["papers"]),
                weight=float(tie["weight_fractional"]),
                scope=str(tie["scope"]),
            )
    return network
