"""The report against itself: sums, percentages, and the whole counts behind its shares.

``facts/checks.csv`` names an operation for each check; the operation computes from the claims as
printed and decides. Comparisons of wording, which a person made, are carried with basis *read*.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from bibliometrics import schema
from bibliometrics.claims import printed
from bibliometrics.claims.claim_file import ClaimSet, facts_rows
from bibliometrics.claims.printed import Printed, Rounding, written
from bibliometrics.errors import InvariantError

Outcome = tuple[str, bool]
"""What was computed, in words, and whether the check holds."""


@dataclass(frozen=True)
class Check:
    """The numbers of one check as printed, and what they are held against."""

    of: tuple[Printed, ...]
    against: tuple[Printed, ...]
    rounding: Rounding


Operation = Callable[[Check], Outcome]


def consistency_table(claims: ClaimSet, rounding: Rounding, source: str) -> pd.DataFrame:
    """``schema.CONSISTENCY`` for the carried report."""
    plans = {row["check_id"]: row for row in facts_rows("checks.csv")}
    values = _Values(claims)
    rows = []
    for fact in facts_rows("consistency.csv"):
        plan = plans.get(fact["check_id"])
        told = {name: fact[name] for name in ("check_id", "kind", "claims", "statement", "stated")}
        if plan is None:
            told |= {"computed": fact["computed"], "verdict": fact["verdict"], "basis": "read"}
        else:
            check = Check(values.of(plan["of"]), values.of(plan["against"]), rounding)
            computed, holds = OPERATIONS[plan["operation"]](check)
            verdict = plan["holds"] if holds else plan["fails"]
            told |= {"computed": computed, "verdict": verdict, "basis": "computed"}
        rows.append(told | {"note": fact["note"], "source": source})
    return schema.conform(pd.DataFrame(rows), schema.CONSISTENCY)


class _Values:
    """Looks numbers up: a claim id, ``=`` and a number, or an edition and its measure."""

    def __init__(self, claims: ClaimSet) -> None:
        self._claims = {claim.claim_id: claim.value for claim in claims.claims}
        self._editions = {
            f"{row['edition']}:{row['measure']}": row["value"] for row in facts_rows("editions.csv")
        }

    def of(self, text: str) -> tuple[Printed, ...]:
        return tuple(self._one(part) for part in text.split("|") if part)

    def _one(self, part: str) -> Printed:
        if part.startswith("="):
            found = printed.parse(part[1:])
        elif ":" in part:
            found = printed.parse(self._editions[part])
        else:
            found = printed.parse(self._claims[part])
        if found is None:
            raise InvariantError(f"{part} is not a number", where="facts/checks.csv")
        return found


def _values(numbers: Sequence[Printed]) -> list[Fraction]:
    return [number.value for number in numbers]


def _decimals(numbers: Sequence[Printed]) -> int:
    return max(number.decimals for number in numbers)


def _sum(check: Check) -> Outcome:
    total = sum(_values(check.of), Fraction(0))
    told = written(total, _decimals(check.of))
    return told, not check.against or total == check.against[0].value


def _rest(check: Check) -> Outcome:
    """Named parts, and what they leave of the whole (and of the number of places)."""
    named = sum(_values(check.of), Fraction(0))
    rest = check.against[0].value - named
    told = f"{int(named)}; {int(rest)} elsewhere"
    holds = rest >= 0
    if len(check.against) > 1:
        places = int(check.against[1].value) - len(check.of)
        told = f"{int(named)}; {int(rest)} in the other {places}"
        holds = rest >= places >= 0
    return told, holds


def _descending(check: Check) -> Outcome:
    values = _values(check.of)
    told = " > ".join(map(str, check.of))
    return told, all(one > two for one, two in pairwise(values))


def _percent(check: Check) -> Outcome:
    part, whole = _values(check.of)
    share = check.against[0]
    exact = printed.percent(part, whole)
    seen = printed.rounded(exact, share.decimals, check.rounding)
    told = f"{written(exact, 4)} -> {written(seen, share.decimals)}"
    return told, seen == share.value


def _ratio(check: Check) -> Outcome:
    """Each over the sum of the others; a percentage where the other is one, or is larger."""
    below = sum(_values(check.against), Fraction(0))
    above = check.of[0].value
    if check.against[0].decimals:
        return written(100 * above / below, 2), True
    if above < below:
        return f"{written(100 * above / below, 2)}%", True
    return written(above / below, 1 if above / below > 100 else 2), True


def _difference(check: Check) -> Outcome:
    one, two = _values(check.of)
    return written(one - two, _decimals(check.of)), True


def _growth(check: Check) -> Outcome:
    new, old = _values(check.of)
    sign = "+" if new >= old else ""
    return f"{int(new - old):+d}, {sign}{written(100 * (new - old) / old, 2)}%", True


def _at_most(check: Check) -> Outcome:
    one, two = check.of[0], check.against[0]
    return f"{one} <= {two}", one.value <= two.value


def _undecided(_: Check) -> Outcome:
    return "cannot be decided from the text: see total_meanings", True


def _other_sets(check: Check) -> Outcome:
    return f"{' and '.join(map(str, check.of))}: counts of different things", True


def _count_interval(check: Check) -> Outcome:
    low, high = printed.counts(check.of[0], check.against[0].value, check.rounding)
    return f"{low}-{high}", low <= high


def _whole_behind(check: Check) -> Outcome:
    """The wholes of which a count prints as a share."""
    part, share = check.of[0].value, check.against[0]
    low, high = printed.interval(share, check.rounding)
    candidates = range(math.floor(100 * part / high), math.ceil(100 * part / low) + 1)
    shares = {n: printed.percent(part, n) for n in candidates}
    fitting = [n for n in candidates if printed.prints(shares[n], share, check.rounding)]
    return (f"{fitting[0]}-{fitting[-1]}", True) if fitting else ("none", False)


def _whole_counts(check: Check) -> Outcome:
    denominator = int(check.against[0].value)
    found = printed.whole_counts(check.of, denominator, check.rounding)
    told = "; ".join(
        f"{share}%: {'none' if count is None else count}"
        for share, count in zip(check.of, found, strict=True)
    )
    return told, all(count is not None for count in found)


def _only_denominator(check: Check) -> Outcome:
    """The stated denominator against those that fit every share."""
    stated, low, high = (int(value) for value in _values(check.against))
    fitting = printed.fitting_denominators(check.of, range(low, high + 1), check.rounding)
    told = f"{', '.join(map(str, fitting)) or 'none'} of {low} to {high} fit all shares"
    return told, stated in fitting


def _least_denominator(check: Check) -> Outcome:
    low, high = (int(value) for value in _values(check.against))
    fitting = printed.fitting_denominators(check.of, range(low, high + 1), check.rounding)
    if not fitting:
        return "none", False
    counts = printed.whole_counts(check.of, fitting[0], check.rounding)
    total = sum(count or 0 for count in counts)
    told = f"{fitting[0]} is the smallest: {'+'.join(map(str, counts))} = {total}"
    return told, total == fitting[0]


def _same_share(check: Check) -> Outcome:
    whole = check.against[0].value
    shares = [written(printed.percent(value, whole), 2) for value in _values(check.of)]
    pairs = zip(check.of, shares, strict=True)
    told = "; ".join(f"{number}/{check.against[0]} = {share}%" for number, share in pairs)
    return told, len(set(shares)) == 1


def _same_count(check: Check) -> Outcome:
    """Two counts stated for one share: which of them prints as it."""
    share, whole = check.against
    exact = [printed.percent(number.value, whole.value) for number in check.of]
    fits = [printed.prints(value, share, check.rounding) for value in exact]
    told = ", ".join(
        f"{number}/{whole} = {written(value, 2)}%{'' if fit else f' is not {share}%'}"
        for number, value, fit in zip(check.of, exact, fits, strict=True)
    )
    return told, all(fits)


def _in_units(check: Check) -> Outcome:
    """Numbers in the unit of the other language (``against``: unit, number, unit, number …)."""
    units, stated = check.against[::2], check.against[1::2]
    exact = [n.value / unit.value for n, unit in zip(check.of, units, strict=True)]
    told, holds = [], True
    for number, value, other in zip(check.of, exact, stated, strict=True):
        told.append(f"{number} -> {written(value, other.decimals)}")
        holds &= printed.prints(value, other, check.rounding)
    return "; ".join(told), holds


OPERATIONS: dict[str, Operation] = {
    "sum": _sum,
    "rest": _rest,
    "descending": _descending,
    "percent": _percent,
    "ratio": _ratio,
    "difference": _difference,
    "growth": _growth,
    "at_most": _at_most,
    "undecided": _undecided,
    "other_sets": _other_sets,
    "count_interval": _count_interval,
    "whole_behind": _whole_behind,
    "whole_counts": _whole_counts,
    "only_denominator": _only_denominator,
    "least_denominator": _least_denominator,
    "same_share": _same_share,
    "same_count": _same_count,
    "in_units": _in_units,
    "edition_sum": _sum,
}
