"""Ties of two windows of years, side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd

_KEY = ["source_id", "target_id", "scope"]


def windows(last_year: int, years: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last year of the window before and the window that ends with ``last_year``."""
    start = last_year - years + 1
    return (start - years, start - 1), (start, last_year)


def change(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Every pair of either window: new, lost, grown, shrunk or level by papers together.

    ``before`` and ``after`` are as ``cooccurrence.pairs`` gives them. ``papers_expected`` is what
    the pair would have had it grown as all ties of its scope did: a corpus that doubles makes most
    ties grow. It is empty where the scope had no tie before.
    """
    columns = [*_KEY, "papers", "weight_fractional"]
    # Arrow strings of two empty windows cannot be joined: they have no chunk to join.
    keys = dict.fromkeys(_KEY, object)
    both = (
        before[columns]
        .astype(keys)
        .merge(after[columns].astype(keys), on=_KEY, how="outer", suffixes=("_before", "_after"))
    )
    for name in ("papers", "weight_fractional"):
        for side in ("before", "after"):
            both[f"{name}_{side}"] = both[f"{name}_{side}"].fillna(0)
    old, new = both["papers_before"].astype(int), both["papers_after"].astype(int)
    both["change"] = np.select(
        [old == 0, new == 0, new > old, new < old], ["new", "lost", "grown", "shrunk"], "level"
    )
    sums = both.groupby("scope")[["papers_before", "papers_after"]].transform("sum").astype(float)
    grown = sums["papers_after"] / sums["papers_before"].where(sums["papers_before"] > 0)
    both["papers_expected"] = old * grown
    shares = [
        both[side].astype(float) / sums[side].where(sums[side] > 0)
        for side in ("papers_after", "papers_before")
    ]
    both["share_change"] = shares[0].fillna(0) - shares[1].fillna(0)
    return both.rename(
        columns={
            "weight_fractional_before": "weight_before",
            "weight_fractional_after": "weight_after",
        }
    )
