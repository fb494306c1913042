"""Who stands between groups: participation and constraint."""

from __future__ import annotations

import numpy as np

from bibliometrics.network.graph import Floats, Ints, TieList


def participation(ties: TieList, groups: Ints) -> Floats:
    """1 − Σ_c (s_ic/s_i)² over the groups c a node's strength goes to (Guimerà & Amaral, 2005).

    0 where all of it stays in one group; NaN for a node without ties. ``groups`` are whole numbers
    of zero or more.
    """
    n = len(ties.nodes)
    number = int(groups.max(initial=0)) + 1
    both = np.concatenate([ties.source, ties.target])
    other = np.concatenate([ties.target, ties.source])
    doubled = np.concatenate([ties.weight, ties.weight])
    key = both * number + groups[other]
    held, place = np.unique(key, return_inverse=True)
    parts = np.bincount(place, weights=doubled, minlength=len(held))
    owner = held // number
    strength = ties.strength
    squares = np.bincount(owner, weights=(parts / strength[owner]) ** 2, minlength=n)
    return np.where(strength > 0, 1 - squares, np.nan)


def constraint(ties: TieList) -> Floats:
    """Burt's constraint (1992), weighted: low where a node's partners do not work together.

    Σ_j (p_ij + Σ_q p_iq·p_qj)² with p_ij the share of i's strength that goes to j. NaN for a node
    without ties.
    """
    values = np.array(ties.as_igraph().constraint(weights="weight"), dtype=np.float64)
    return np.where(ties.degree > 0, values, np.nan)
