"""How much a fit is worth: fake sets of claims, tried on the same joint choices.

A search over thousands of choices fits something by chance. Each fake set has the form of the
published one (as many claims, the same decimals); each of its numbers is drawn evenly from the
range that the choices themselves span for that claim, widened by half of it on either side and by
one in the last printed place. How often some single choice fits a fake set as well as the best one
fits the published set says what a fit is worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bibliometrics.claims.search import NO_FIGURE, Search


@dataclass(frozen=True)
class Placebo:
    """``as_well`` of ``sets`` fake sets are met as well as the published one; ``whole`` wholly."""

    sets: int
    as_well: int
    whole: int


def placebo(search: Search, sets: int, seed: int) -> Placebo:
    """Draw ``sets`` fake sets of claims with ``seed`` and try every effect on each."""
    shown = search.printed
    if not shown.size or not sets:
        return Placebo(sets, 0, 0)
    best = min(effect.missed for effect in search.effects)
    generator = np.random.default_rng(seed)
    low, high = _ranges(shown)
    by_claim = np.ascontiguousarray(shown.T)
    as_well = whole = 0
    for _ in range(sets):
        fake = generator.integers(low, high + 1)
        missed = int((by_claim != fake[:, None]).sum(axis=0, dtype="int32").min())
        as_well += missed <= best
        whole += missed == 0
    return Placebo(sets, as_well, whole)


def _ranges(shown: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    has_figure = shown != NO_FIGURE
    low = np.where(has_figure, shown, np.iinfo("int64").max).min(axis=0)
    high = np.where(has_figure, shown, np.iinfo("int64").min).max(axis=0)
    empty = ~has_figure.any(axis=0)
    low, high = np.where(empty, 0, low), np.where(empty, 0, high)
    room = (high - low) // 2 + 1
    return low - room, high + room
