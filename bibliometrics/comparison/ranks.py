"""How much of a change of rank is an institution's own, and how much that of all others."""

from __future__ import annotations

import numpy as np
import pandas as pd


def split(changes: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[float]]:
    """Own part and others' part of each change of rank; empty where a rank is missing.

    A rank is not additive over causes: only these two players are told apart, each taken as the
    average of going first and going second. Ranks are among the institutions ranked in both
    editions or in one of them, in the group, by share; ties share the best.
    """
    own = pd.Series(pd.NA, index=changes.index, dtype="Float64")
    for _, rows in changes.groupby("group"):
        ranked = rows[rows["rank_before"].notna() | rows["rank_after"].notna()]
        old = ranked["share_before"].where(ranked["rank_before"].notna()).to_numpy(dtype=np.float64)
        new = ranked["share_after"].where(ranked["rank_after"].notna()).to_numpy(dtype=np.float64)
        for place, index in enumerate(ranked.index):
            if np.isnan(old[place]) or np.isnan(new[place]):
                continue
            first = _rank(old, place, new[place]) - _rank(old, place, old[place])
            second = _rank(new, place, new[place]) - _rank(new, place, old[place])
            own[index] = (first + second) / 2
    whole = changes["rank_change"].astype("Float64")
    return own, whole - own


def _rank(shares: np.ndarray[tuple[int], np.dtype[np.float64]], place: int, own: float) -> int:
    """Rank of ``own`` among the others' shares (NaN: not ranked)."""
    above = shares > own
    above[place] = False
    return 1 + int(above.sum())
