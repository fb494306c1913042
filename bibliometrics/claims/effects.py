"""What one joint choice says of every claim of the search: figures, and how far they lie off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy.typing as npt

from bibliometrics.claims import printed
from bibliometrics.claims.claim_file import Claim
from bibliometrics.claims.computations import SEARCHED
from bibliometrics.claims.cuts import Cut
from bibliometrics.claims.printed import Printed
from bibliometrics.claims.readings import Tally
from bibliometrics.study.claims import Claims

Array = npt.NDArray[Any]
Figure = tuple[Fraction, Fraction]
"""A count and what it is divided by; a figure that is no share is over one."""


@dataclass(frozen=True)
class Target:
    """A claim that a joint choice answers."""

    claim: Claim
    printed: Printed

    @property
    def is_share(self) -> bool:
        return self.claim.computation == "share"

    @property
    def is_of_papers(self) -> bool:
        return self.claim.computation in {"share", "total", "papers"}


def targets(claims: Sequence[Claim]) -> tuple[Target, ...]:
    """The claims with a number that depends on the open choices."""
    found = (
        (claim, printed.parse(claim.value)) for claim in claims if claim.computation in SEARCHED
    )
    return tuple(Target(claim, number) for claim, number in found if number is not None)


@dataclass(frozen=True)
class Answer:
    """What a joint choice says of one claim.

    ``shown`` is the figure as printed, in units of the last place; ``None``: there is no figure.
    ``outside`` is papers (ranks, institutions) outside what prints as published.
    """

    figure: Figure | None
    shown: int | None
    is_met: bool
    outside: float


@dataclass(frozen=True)
class Effect:
    """All that the claims can see of a joint choice: its answers, in the order of the targets."""

    answers: tuple[Answer, ...]
    cut: Cut | None

    @property
    def figures(self) -> tuple[Figure | None, ...]:
        return tuple(answer.figure for answer in self.answers)

    @property
    def shown(self) -> tuple[int | None, ...]:
        return tuple(answer.shown for answer in self.answers)

    @property
    def met(self) -> tuple[bool, ...]:
        return tuple(answer.is_met for answer in self.answers)

    @cached_property
    def outside(self) -> float:
        return math.fsum(answer.outside for answer in self.answers)

    @cached_property
    def missed(self) -> int:
        return sum(not answer.is_met for answer in self.answers)

    @property
    def is_fitting(self) -> bool:
        return all(answer.is_met for answer in self.answers)

    def loss(self, name: str) -> float:
        return float(self.missed) if name == "claims_missed" else self.outside


@dataclass(frozen=True)
class Listing:
    """Who is counted and listed under a joint choice, before a denominator is taken.

    ``group`` and ``is_mainland`` describe the institutions of the tally; ``basis`` are the counts
    of the counting rule. ``standing`` are those that ranks and denominators are taken from: the
    listed, where a cut decides who takes part; everybody inside, where the study's own selection
    only shortens the table.
    """

    tally: Tally
    listed: Array
    group: Array
    is_mainland: Array
    basis: Array
    cut: Cut | None
    standing: Array

    def totals(self) -> dict[str, Fraction]:
        """The figure of each meaning of the published total."""
        return {
            "all_chinese_hits": Fraction(self.tally.papers),
            "distinct": Fraction(self.tally.distinct(self.listed)),
            "sum_over_institutions": self._sum(self.listed),
        }

    def denominators(self) -> dict[str, Fraction]:
        """What shares can be of, but for the published total."""
        universities = self.standing & self.is_mainland & (self.group != "institutes")
        return {
            "sum_over_institutions": self._sum(self.standing),
            "sum_over_mainland_universities": self._sum(universities),
            "distinct_mainland_universities": Fraction(self.tally.distinct(universities)),
        }

    def _sum(self, chosen: Array) -> Fraction:
        return Fraction(math.fsum(self.basis[chosen].tolist()))

    def counts(self, wanted: Sequence[Target]) -> list[Fraction | None]:
        """The answer to each claim before it is divided; ``None``: the total, or no figure."""
        return [self._count(target) for target in wanted]

    def _count(self, target: Target) -> Fraction | None:
        name = target.claim.computation
        if name == "institutions":
            chosen = self.listed
            if target.claim.of != "all":
                chosen = chosen & (self.group == target.claim.of)
            return Fraction(int(chosen.sum()))
        at = self.tally.number.get(target.claim.of)
        if at is None or not self.listed[at]:
            return None if name in {"rank", "total"} else Fraction(0)
        if name == "rank":
            rivals = self.standing & (self.group == self.group[at])
            rivals &= self.is_mainland == self.is_mainland[at]
            return Fraction(int((self.basis[rivals] > self.basis[at]).sum()) + 1)
        counts = self.tally.full if name == "papers" else self.basis
        return Fraction(counts[at].item())


class Judge:
    """Answers the claims under one rounding and tolerance; the same question is answered once.

    Equal answers are one object: ``Effects`` tells effects apart by that.
    """

    def __init__(self, claims: Claims) -> None:
        self._rounding = claims.rounding
        self._tolerance = claims.tolerance
        self._known: dict[tuple[str, int, int, int, int], Answer] = {}

    def answer(self, target: Target, figure: Figure | None) -> Answer:
        """What ``figure`` says of the claim."""
        if figure is None:
            return _NO_ANSWER
        (above, below) = figure
        # Whole numbers hash many times faster than fractions.
        key = (
            target.claim.claim_id,
            above.numerator,
            above.denominator,
            below.numerator,
            below.denominator,
        )
        if key not in self._known:
            off = self._outside(target, figure)
            allowed = self._tolerance if target.is_of_papers else 0
            self._known[key] = Answer(
                figure, self._shown(target, figure), off <= allowed, float(off)
            )
        return self._known[key]

    def _shown(self, target: Target, figure: Figure) -> int:
        decimals = target.printed.decimals
        if target.is_share:
            return printed.percent_units(*figure, decimals, self._rounding)
        return printed.units(figure[0], decimals, self._rounding)

    def _outside(self, target: Target, figure: Figure) -> Fraction:
        if target.is_share:
            return printed.outside(*figure, target.printed, self._rounding)
        if self._shown(target, figure) == target.printed.units:
            return Fraction(0)
        return abs(figure[0] - target.printed.value)


class Effects:
    """The distinct effects met, numbered in the order of their coming."""

    def __init__(self) -> None:
        self.found: list[Effect] = []
        self._numbers: dict[tuple[tuple[int, ...], Cut | None], int] = {}

    def number(self, effect: Effect) -> int:
        key = tuple(map(id, effect.answers)), effect.cut
        if key not in self._numbers:
            self._numbers[key] = len(self.found)
            self.found.append(effect)
        return self._numbers[key]


_NO_ANSWER = Answer(None, None, False, 1.0)
_ONE = Fraction(1)


def figure_of(
    target: Target, count: Fraction | None, total: Fraction, denominator: Fraction
) -> Figure | None:
    """A claim's figure from its count, one meaning of the total, and one denominator."""
    if target.claim.computation == "total":
        return total, _ONE
    if count is None:
        return None
    if not target.is_share:
        return count, _ONE
    return (count, denominator) if denominator else None
