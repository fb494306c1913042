"""Groups of institutions that work with each other, and how firm they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bibliometrics.network.graph import Floats, Ints, TieList, seed_igraph

if TYPE_CHECKING:
    import igraph

SEEDS = 20


def leiden(network: igraph.Graph, *, resolution: float, seed: int) -> Ints:
    """A group for each node, maximising weighted modularity (Traag, Waltman & van Eck, 2019)."""
    seed_igraph(seed)
    found = network.community_leiden(
        objective_function="modularity", weights="weight", resolution=resolution, n_iterations=-1
    )
    return np.array(found.membership, dtype=np.int64)


def partitions(ties: TieList, *, resolution: float, seed: int, number: int = SEEDS) -> list[Ints]:
    """The groups found from each of ``number`` seeds, the best by modularity first.

    Among equals the smallest seed is first. A node without ties is a group of its own.
    """
    network = ties.as_igraph()
    found = [leiden(network, resolution=resolution, seed=seed + step) for step in range(number)]
    worth = [modularity(network, groups, resolution) for groups in found]
    order = sorted(range(number), key=lambda place: (-round(worth[place], 9), place))
    return [found[place] for place in order]


def modularity(network: igraph.Graph, groups: Ints, resolution: float) -> float:
    """Weighted modularity with ``resolution`` (Reichardt & Bornholdt, 2006); 0 without ties."""
    if network.ecount() == 0:
        return 0.0
    return float(network.modularity(groups.tolist(), weights="weight", resolution=resolution))


def numbered(groups: Ints, nodes: Sequence[str], size: Floats | Ints) -> Ints:
    """``groups`` numbered from 1 in the order of their largest members.

    The number, and with it the colour on a map, follows the largest institution of a group from
    one edition to the next, whatever joins or leaves the group behind it.
    """
    order = sorted(range(len(nodes)), key=lambda place: (-float(size[place]), nodes[place]))
    number: dict[int, int] = {}
    for place in order:
        number.setdefault(int(groups[place]), len(number) + 1)
    return np.array([number[int(group)] for group in groups], dtype=np.int64)


def together(groups: Ints, others: Iterable[Ints]) -> tuple[Floats, dict[int, float]]:
    """How often members of a group are together in ``others``, by node and by group.

    For a node: the share, over its group's other members and over ``others``, of those in one group
    with it. For a group: the same over all pairs of members. NaN for a group of one.
    """
    members = {int(group): np.flatnonzero(groups == group) for group in np.unique(groups)}
    by_node = np.zeros(len(groups))
    number = 0
    for other in others:
        number += 1
        # Members of a group that went to the same place: pairs counted by size, not one by one.
        key = groups * (int(other.max(initial=0)) + 1) + other
        _, place, count = np.unique(key, return_inverse=True, return_counts=True)
        by_node += count[place] - 1
    size = np.array([len(members[int(group)]) for group in groups], dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share: Floats = np.where(size > 1, by_node / (max(number, 1) * (size - 1)), np.nan)
    by_group = {
        group: float(share[places].mean()) if len(places) > 1 else float("nan")
        for group, places in members.items()
    }
    return share, by_group
