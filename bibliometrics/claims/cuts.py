"""Cuts: which least number of papers lists just as many institutions as were published.

A cut is an interval: every minimum between the papers of the last one listed and one more than
those of the first one left out gives the same list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Cut:
    """Minimums from ``low`` to ``high`` list the same institutions."""

    low: int
    high: int


def cut_for(counts: Array, number: int) -> Cut | None:
    """The minimums of papers that list exactly ``number`` of ``counts``; ``None``: none does."""
    falling = np.sort(counts[counts > 0])[::-1]
    if number < 1 or number > len(falling):
        return None
    high = int(falling[number - 1])
    low = int(falling[number]) + 1 if number < len(falling) else 1
    return Cut(low, high) if low <= high else None


def common(cuts: Mapping[str, Cut | None]) -> Cut | None:
    """The minimums that lie in every one of ``cuts``."""
    found = [cut for cut in cuts.values() if cut is not None]
    if len(found) < len(cuts) or not found:
        return None
    low, high = max(cut.low for cut in found), min(cut.high for cut in found)
    return Cut(low, high) if low <= high else None


def listed_at(counts: Array, cut: Cut) -> tuple[int, int]:
    """Least and most of ``counts`` that a minimum within ``cut`` lists."""
    return int((counts >= cut.high).sum()), int((counts >= cut.low).sum())
