"""Verdicts on the claims that only a list or a file of patents of the user's can answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from bibliometrics.claims import printed
from bibliometrics.claims.claim_file import ClaimSet
from bibliometrics.claims.computations import Figures, Member, compute
from bibliometrics.claims.verdicts import NOT_COMPUTABLE, joint, judge, shown
from bibliometrics.study.model import Study


def given_claims(
    claims: ClaimSet,
    study: Study,
    lists: Mapping[str, tuple[Member, ...]],
    patents: Mapping[str, int] | None,
) -> Iterator[tuple[str, str, str, str]]:
    """Claim id, published, computed and verdict, of the claims these files answer."""
    figures = Figures(study, {}, 0, Fraction(0), {}, lists, patents)
    for claim in claims.claims:
        if not claim.computation.startswith(("list_", "patents_")):
            continue
        computed = compute(claim, figures)
        told = judge(claim, computed, joint(None), None, figures)
        if told.verdict != NOT_COMPUTABLE:
            value = printed.parse(claim.value)
            yield claim.claim_id, claim.value, shown(computed, value), told.verdict
