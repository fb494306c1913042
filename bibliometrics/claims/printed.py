"""Printed numbers: what a figure with so many decimals can have been before it was rounded.

All arithmetic is exact: a claim is reproduced or not by a whole paper, never by a float.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Literal

Rounding = Literal["half_up", "half_even", "truncate"]
_NUMBER = re.compile(r"-?\d+(?:\.(\d+))?")


@dataclass(frozen=True)
class Printed:
    """A number as printed: ``3.70`` has two decimals and is not ``3.7``."""

    value: Fraction
    decimals: int

    @property
    def unit(self) -> Fraction:
        """One in the last printed place."""
        return Fraction(1, 10**self.decimals)

    @cached_property
    def units(self) -> int:
        """The number in units of the last printed place."""
        return int(self.value * 10**self.decimals)

    def __str__(self) -> str:
        return written(self.value, self.decimals)


def parse(text: str) -> Printed | None:
    """``text`` as a printed number; ``None`` where it is none (a date, a name, nothing)."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return None
    return Printed(Fraction(text.strip()), len(found.group(1) or ""))


def units(value: Fraction, decimals: int, rounding: Rounding) -> int:
    """``value`` as it prints with so many decimals, in units of the last place."""
    return _units(value.numerator, value.denominator, decimals, rounding)


def percent_units(
    count: Fraction | int, denominator: Fraction | int, decimals: int, rounding: Rounding
) -> int:
    """``units`` of ``count`` in percent of ``denominator``, without a fraction in between."""
    above = 100 * count.numerator * denominator.denominator
    return _units(above, count.denominator * denominator.numerator, decimals, rounding)


def _units(above: int, below: int, decimals: int, rounding: Rounding) -> int:
    whole, rest = divmod(above * int(10**decimals), below)
    if rounding == "half_up":
        whole += 2 * rest >= below
    elif rounding == "half_even":
        whole += 2 * rest + (whole % 2 == 1) > below
    return whole


def rounded(value: Fraction, decimals: int, rounding: Rounding) -> Fraction:
    """``value`` as it prints with so many decimals."""
    return Fraction(units(value, decimals, rounding), 10**decimals)


def prints(value: Fraction, printed: Printed, rounding: Rounding) -> bool:
    """Whether ``value`` prints as ``printed``."""
    return units(value, printed.decimals, rounding) == printed.units


@lru_cache(maxsize=10_000)
def interval(printed: Printed, rounding: Rounding) -> tuple[Fraction, Fraction]:
    """The ends of the real values that print so; whether an end belongs to them ``prints`` says."""
    if rounding == "truncate":
        return printed.value, printed.value + printed.unit
    return printed.value - printed.unit / 2, printed.value + printed.unit / 2


def percent(count: Fraction | int, denominator: Fraction | int) -> Fraction:
    return Fraction(100 * count) / denominator


@lru_cache(maxsize=100_000)
def counts(printed: Printed, denominator: Fraction | int, rounding: Rounding) -> tuple[int, int]:
    """Least and largest whole count that print as ``printed`` percent of ``denominator``.

    Where no whole count does, the second is one less than the first.
    """
    low, high = interval(printed, rounding)
    above, below = denominator.numerator, 100 * denominator.denominator
    least = -(-low.numerator * above // (low.denominator * below))
    most = high.numerator * above // (high.denominator * below)
    if least <= most and not _prints(least, denominator, printed, rounding):
        least += 1
    if least <= most and not _prints(most, denominator, printed, rounding):
        most -= 1
    return least, max(most, least - 1)


def _prints(
    count: Fraction | int, denominator: Fraction | int, printed: Printed, rounding: Rounding
) -> bool:
    """Whether ``count`` in percent of ``denominator`` prints as ``printed``."""
    return percent_units(count, denominator, printed.decimals, rounding) == printed.units


def outside(
    count: Fraction, denominator: Fraction, printed: Printed, rounding: Rounding
) -> Fraction:
    """By how much ``count`` lies outside the whole counts that print as ``printed`` percent.

    Zero where it prints so, else one at least: a single paper decides.
    """
    if _prints(count, denominator, printed, rounding):
        return Fraction(0)
    low, high = counts(printed, denominator, rounding)
    return max(low - count, count - high, Fraction(1))


def whole_counts(
    shares: Sequence[Printed], denominator: int, rounding: Rounding
) -> list[int | None]:
    """For each share the whole count behind it; ``None`` where there is none, or more than one."""
    found: list[int | None] = []
    for share in shares:
        low, high = counts(share, denominator, rounding)
        found.append(low if low == high else None)
    return found


def fits(shares: Iterable[Printed], denominator: int, rounding: Rounding) -> bool:
    """Whether a whole count stands behind each of the shares."""
    return all(low <= high for low, high in (counts(s, denominator, rounding) for s in shares))


def fitting_denominators(
    shares: Sequence[Printed], candidates: Iterable[int], rounding: Rounding
) -> list[int]:
    """The candidates of which every share is that of a whole count."""
    return [denominator for denominator in candidates if fits(shares, denominator, rounding)]


def written(value: Fraction, decimals: int) -> str:
    """``value`` with so many decimals, rounded half up, without a float in between."""
    whole = rounded(abs(value), decimals, "half_up") * 10**decimals
    digits = str(int(whole)).rjust(decimals + 1, "0")
    sign = "-" if value < 0 and int(whole) else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)
