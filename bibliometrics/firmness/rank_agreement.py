"""How much two rankings agree: over all ranks alike, and with weight on the first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# Rows compared at a time: bounds the memory of long lists.
_ROWS = 512


def tau_b(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Kendall's τ-b (1945) of the ranks of the same items; ``None`` where one side is all ties.

    (C - D) / √((n - t)(n - u)) over all n pairs of items: C in the same order on both sides, D in
    opposite orders, t and u tied on one side.
    """
    if len(one) < 2 or len(set(one)) < 2 or len(set(other)) < 2:
        return None
    first, second = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    balance = unlike_first = unlike_second = 0
    for start in range(0, len(first), _ROWS):
        rows = slice(start, start + _ROWS)
        above = np.sign(first[rows, None] - first).astype(np.int8)
        beside = np.sign(second[rows, None] - second).astype(np.int8)
        balance += int((above * beside).sum(dtype=np.int64))
        unlike_first += int(np.count_nonzero(above))
        unlike_second += int(np.count_nonzero(beside))
    # Each pair was met twice.
    agreement = float(balance / 2 / np.sqrt(unlike_first / 2) / np.sqrt(unlike_second / 2))
    return min(1.0, max(-1.0, agreement))


def rank_biased_overlap(one: Sequence[str], other: Sequence[str], p: float) -> float | None:
    """Rank-biased overlap of two ordered lists, 0 to 1, extrapolated beyond their ends.

    Webber, Moffat and Zobel (2010), equation 32, which lists of unequal length need too: the
    agreement seen at the end is taken to go on. A reader who goes on to the next rank with
    probability ``p`` gives its weight. ``None`` where a list is empty.
    """
    short, long = sorted((one, other), key=len)
    if not short:
        return None
    seen: set[str] = set()
    overlap = 0
    overlaps = [0]
    for depth, item in enumerate(long):
        new = {item, *short[depth : depth + 1]}
        # An item counts where it stands in both lists: when its second mention is met.
        overlap += sum(each in seen for each in new)
        if depth < len(short) and short[depth] == item:
            overlap += 1
        seen |= new
        overlaps.append(overlap)
    s, l_ = len(short), len(long)
    total = sum(overlaps[d] / d * p**d for d in range(1, l_ + 1))
    total += sum(overlaps[s] * (d - s) / (s * d) * p**d for d in range(s + 1, l_ + 1))
    tail = ((overlaps[l_] - overlaps[s]) / l_ + overlaps[s] / s) * p**l_
    return (1 - p) / p * total + tail
