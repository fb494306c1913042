"""How many papers each institution has: whole counts that fulfil the published shares."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from bibliometrics.errors import InputError
from bibliometrics.simulation.cast import (
    ACADEMY,
    OTHER_INSTITUTES,
    OTHER_UNIVERSITIES,
    PUBLISHED_SHARES,
)

STRICT_FROM = 4_130
LEAST_PAPERS = 150


def domestic_quotas(papers: int) -> dict[str, int]:
    """Papers of each mainland institution, universities first, in falling order.

    A share of two decimals leaves a range of counts as wide as a ten-thousandth of the corpus,
    so below 10,000 papers some sizes hold no whole count for it; then the nearest is taken. From
    4,130 papers on, the counts after the fifth university fall strictly until they reach one.

    Raises
    ------
    InputError : fewer papers than the institutions need.
    """
    if papers < LEAST_PAPERS:
        raise InputError(
            f"a simulated corpus of {papers} papers is too small for its 131 institutions",
            hint=f"ask for at least {LEAST_PAPERS} papers",
        )
    counts = {who: max(1, nearest(share, papers)) for who, share in PUBLISHED_SHARES.items()}
    last = list(counts.values())[-1]
    ranks = len(OTHER_UNIVERSITIES)
    for rank, who in enumerate(OTHER_UNIVERSITIES):
        share = 0.0012 + 0.0186 * (1 - rank / (ranks - 1)) ** 1.3
        room = last - 1 if papers >= STRICT_FROM else last
        last = max(1, min(room, int(share * papers + 0.5)))
        counts[who] = last
    counts[ACADEMY] = max(1, papers * 65 // 1_000)
    for rank, who in enumerate(OTHER_INSTITUTES):
        counts[who] = max(1, int(papers * 0.009 * 0.82**rank))
    return counts


def partner_quotas(
    papers: int, report: Sequence[str], greater: Sequence[str], others: Sequence[str]
) -> dict[str, int]:
    """Papers of each partner: the report's eight lead, in its order, before all other foreigners.

    A small corpus has fewer of the others.
    """
    counts = {}
    for rank, who in enumerate(report):
        counts[who] = max(len(report) + 1 - rank, papers * (130 - 10 * rank) // 10_000)
    for rank, who in enumerate(greater):
        counts[who] = max(1, int(papers * 0.012 * 0.8**rank))
    ceiling = counts[report[-1]] - 1
    for rank, who in enumerate(others[: max(5, papers // 20)]):
        counts[who] = max(1, min(ceiling, int(papers * 0.004 * 0.975**rank)))
    return counts


def nearest(hundredths: int, papers: int) -> int:
    """The count that prints as ``hundredths`` of a percent, rounded half up; else the nearest."""
    exact = Fraction(hundredths * papers, 10_000)
    count = int(exact + Fraction(1, 2))
    fitting = [
        near for near in (count - 1, count, count + 1) if printed(near, papers) == hundredths
    ]
    return min(fitting, key=lambda near: abs(near - exact), default=count)


def printed(count: int, papers: int) -> int:
    """A share in hundredths of a percent, rounded half up."""
    return int(Fraction(count * 10_000, papers) + Fraction(1, 2))
