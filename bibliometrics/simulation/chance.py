"""Draws that give the same sequence on every machine and in every Python version."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Chance:
    """A seeded source of draws.

    Everything is built on ``Random.random``, the only method whose sequence Python promises to
    keep from version to version.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random

    def below(self, bound: int) -> int:
        """A whole number from 0 to ``bound`` - 1."""
        return int(self._random() * bound)

    def between(self, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``, both included."""
        return least + self.below(most - least + 1)

    def fraction(self) -> float:
        """A number from 0 up to, not including, 1."""
        return self._random()

    def happens(self, probability: float) -> bool:
        """True with the given probability."""
        return self._random() < probability

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items, each as likely as the others."""
        return items[self.below(len(items))]

    def place(self, cumulative: Sequence[float]) -> int:
        """A position, drawn by the running sums of the weights."""
        return min(bisect_right(cumulative, self._random() * cumulative[-1]), len(cumulative) - 1)

    def shuffled(self, items: Iterable[Item]) -> list[Item]:
        """The items in a drawn order."""
        drawn = list(items)
        for last in range(len(drawn) - 1, 0, -1):
            other = self.below(last + 1)
            drawn[last], drawn[other] = drawn[other], drawn[last]
        return drawn


def running(weights: Iterable[float]) -> tuple[float, ...]:
    """The running sums that ``Chance.place`` reads."""
    return tuple(accumulate(weights))
