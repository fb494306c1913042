"""Shares estimated from a sample drawn with unequal probabilities, and the agreement of markers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Weighting = Literal["strings", "papers"]
_Z = 1.959964  # 97.5 % point of the normal distribution


@dataclass(frozen=True, slots=True)
class Estimate:
    """A proportion with its interval; `low` is what the sample shows ("shown ≥ low").

    `strings` were marked, `effective` is the size of an equal-probability sample that tells as
    much. `value` is None where no string of the sample could tell.
    """

    measure: str
    weighting: Weighting
    value: float | None
    low: float
    high: float
    strings: int
    effective: float


def hajek(measure: str, weighting: Weighting, shares: Sequence[tuple[float, float]]) -> Estimate:
    """Ratio of weighted totals (Hájek 1971) of (weight > 0, share) with Wilson's interval.

    The effective size is (Σw)²/Σw² (Kish 1965), put into Wilson's interval as Franco, Little,
    Louis and Slud (2019) do.
    """
    if not shares:
        return Estimate(measure, weighting, None, 0.0, 1.0, 0, 0.0)
    total = math.fsum(weight for weight, _ in shares)
    value = min(1.0, math.fsum(weight * share for weight, share in shares) / total)
    effective = total**2 / math.fsum(weight * weight for weight, _ in shares)
    low, high = wilson(value, effective)
    return Estimate(measure, weighting, value, low, high, len(shares), effective)


def wilson(share: float, number: float) -> tuple[float, float]:
    """Wilson's 95 % interval (1927) of a share among `number` (which may be effective) trials."""
    square = _Z * _Z / number
    middle = share + square / 2
    half = math.sqrt(max(0.0, share * (1 - share) * square + square * square / 4))
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))


def cohen_kappa(pairs: Sequence[tuple[object, object]]) -> float | None:
    """Cohen's κ (1960); None without pairs or where chance alone would make both agree."""
    if not pairs:
        return None
    number = len(pairs)
    seen = sum(left == right for left, right in pairs) / number
    lefts, rights = Counter(left for left, _ in pairs), Counter(right for _, right in pairs)
    chance = sum(count * rights[value] for value, count in lefts.items()) / number**2
    return None if chance >= 1 else (seen - chance) / (1 - chance)
