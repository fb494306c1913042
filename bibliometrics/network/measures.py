"""What a node is in its network: degree, strength and four centralities.

igraph computes paths; where it and networkx differ (closeness and eigenvector of a network in
several components) the definition of networkx is taken, and stands here.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.linalg import eigh_tridiagonal

from bibliometrics.network.graph import Floats, TieList

if TYPE_CHECKING:
    import igraph

DAMPING = 0.85
# Components whose leading eigenvalues differ by less, relatively, are taken to share the lead.
_EQUAL = 1e-9
_ENOUGH = 1e-15
# 0.85 to this power is below the rounding of a float.
_ROUNDS = 400
_STEPS, _RESTARTS = 40, 100


def measures(ties: TieList) -> pd.DataFrame:
    """Columns node, degree, strength, betweenness, closeness, pagerank, eigenvector.

    Degree, betweenness (unnormalised: shortest paths between others, each pair once) and closeness
    do not see weights. Strength, PageRank (damping 0.85, sum 1; Brin & Page, 1998) and eigenvector
    (Bonacich, 1987) do.
    """
    network = ties.as_igraph()
    return pd.DataFrame(
        {
            "node": pd.Series(ties.nodes, dtype="string"),
            "degree": ties.degree,
            "strength": ties.strength,
            "betweenness": np.array(network.betweenness(directed=False), dtype=np.float64),
            "closeness": _closeness(network),
            "pagerank": _pagerank(ties),
            "eigenvector": _eigenvector(network, ties),
        }
    )


def _closeness(network: igraph.Graph) -> Floats:
    """(r/(n-1))·(r/Σd) over the r others of a node's component (Wasserman & Faust, 1994).

    igraph gives r/Σd; the first factor makes nodes of components of different size comparable, as
    networkx does. Zero for a node without ties.
    """
    n = network.vcount()
    if n < 2:
        return np.zeros(n)
    within = np.nan_to_num(np.array(network.closeness(), dtype=np.float64))
    component = network.connected_components()
    others = np.array(component.sizes(), dtype=np.float64)[component.membership] - 1
    scaled: Floats = within * others / (n - 1)
    return scaled


def _pagerank(ties: TieList) -> Floats:
    """The stationary share of a walk that follows a tie by its weight, or (15 %) starts anew.

    A node without ties passes its share to all. The iteration ends at a float's rounding; igraph's
    own stops at an accuracy that it does not state.
    """
    n = len(ties.nodes)
    if n == 0:
        return np.zeros(0)
    both = np.concatenate([ties.source, ties.target])
    other = np.concatenate([ties.target, ties.source])
    strength = ties.strength
    part = np.concatenate([ties.weight, ties.weight]) / strength[both]
    tied = strength > 0
    rank = np.full(n, 1 / n)
    for _ in range(_ROUNDS):
        passed = np.bincount(other, weights=rank[both] * part, minlength=n)
        stranded = math.fsum(rank[~tied])
        new = DAMPING * (passed + stranded / n) + (1 - DAMPING) / n
        moved = float(np.abs(new - rank).sum())
        rank = new
        if moved < _ENOUGH:
            break
    shares: Floats = rank / math.fsum(rank)
    return shares


def _eigenvector(network: igraph.Graph, ties: TieList) -> Floats:
    """Leading eigenvector of the weighted adjacency matrix, its largest value 1.

    Of several components only that with the largest eigenvalue has values above zero: the limit of
    the power iteration that networkx makes. Components that share the largest eigenvalue share the
    lead as that limit does: each by its vector times the sum of it.
    """
    n = len(ties.nodes)
    both = np.concatenate([ties.source, ties.target])
    other = np.concatenate([ties.target, ties.source])
    doubled = np.concatenate([ties.weight, ties.weight])
    whole = sparse.csr_array((doubled, (both, other)), shape=(n, n))
    vector = np.zeros(n)
    found = []
    for component in network.connected_components():
        members = np.array(component)
        if len(members) == 1:
            found.append((0.0, members, np.ones(1)))
            continue
        values, leading = _leading(sparse.csr_array(whole[members][:, members]))
        found.append((leading, members, values))
    largest = max((leading for leading, _, _ in found), default=0.0)
    for leading, members, values in found:
        if leading >= largest * (1 - _EQUAL):
            vector[members] = values * math.fsum(values)
    top = vector.max(initial=0.0)
    return vector / top if top > 0 else vector


def _leading(network: sparse.csr_array) -> tuple[Floats, float]:
    """Leading eigenvector (all values above zero) and eigenvalue of a connected graph.

    Lanczos's method (1950) from the vector of ones, orthogonalised anew at each step and restarted
    from its best vector. ARPACK, which igraph and scipy call, keeps a state between calls, so that
    its last digits differ from one call to the next.
    """
    best: Floats = np.full(network.shape[0], 1 / math.sqrt(network.shape[0]))
    value, left = 0.0, math.inf
    for _ in range(_RESTARTS):
        found, value = _lanczos(network, best)
        rest = _norm(network @ found - value * found)
        if rest >= left:
            break
        best, left = found, rest
        if rest <= _ENOUGH * value:
            break
    return best, value


def _lanczos(network: sparse.csr_array, start: Floats) -> tuple[Floats, float]:
    basis = [start]
    diagonal: list[float] = []
    beside: list[float] = []
    for _ in range(min(_STEPS, len(start))):
        new = network @ basis[-1]
        diagonal.append(float((new * basis[-1]).sum()))
        for _ in range(2):
            for vector in basis:
                new = new - (new * vector).sum() * vector
        size = _norm(new)
        if size <= _ENOUGH * max(diagonal[0], 1.0) * len(start):
            break
        beside.append(size)
        basis.append(new / size)
    steps = len(diagonal)
    values, vectors = eigh_tridiagonal(
        diagonal, beside[: steps - 1], select="i", select_range=(steps - 1, steps - 1)
    )
    found = np.zeros(len(start))
    for part, vector in zip(vectors[:, 0], basis, strict=False):
        found += part * vector
    found = np.abs(found)
    return found / _norm(found), float(values[0])


def _norm(vector: Floats) -> float:
    return math.sqrt(float((vector * vector).sum()))
