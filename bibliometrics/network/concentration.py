"""How unevenly papers and ties are held."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bibliometrics.network.graph import Floats

TOP = (1, 5, 10, 20)


@dataclass(frozen=True)
class Measure:
    """A measure of concentration: its name, value and formula."""

    name: str
    value: float
    formula: str


def concentration(amounts: Floats) -> Iterator[Measure]:
    """Shares of the largest, Gini, Herfindahl–Hirschman, and the number of equals that give it.

    ``amounts`` are one a unit, none below zero, zeros included; nothing comes of a sum of zero.
    """
    held = np.sort(amounts)[::-1]
    whole = math.fsum(held)
    if not whole:
        return
    n = len(held)
    for top in TOP:
        if top <= n:
            share = math.fsum(held[:top]) / whole
            yield Measure(f"share of the top {top:02}", share, "sum of the k largest / sum")
    ranks = np.arange(n, 0, -1)
    gini = 2 * math.fsum(ranks * held) / (n * whole) - (n + 1) / n
    yield Measure("gini", gini, "2·Σ r·x/(n·Σx) − (n+1)/n, r the rank from the smallest")
    hhi = math.fsum((held / whole) ** 2)
    yield Measure("hhi", hhi, "Σ (x/Σx)²")
    yield Measure("effective number", 1 / hhi, "1/hhi: so many equal holders give the same hhi")
