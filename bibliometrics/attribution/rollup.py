"""Policies: to whom the papers of campuses, hospitals, laboratories and academies count.

An attribution gives the most specific institutions; `counted` turns it into the institutions
that count under a study's policy and says of each one left out why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bibliometrics.attribution.institutions import Registry
from bibliometrics.attribution.model import YIELDS_TO_PART, Attribution, Match

ACADEMY = "chinese-academy-of-sciences"
ACADEMY_UNIVERSITY = "university-of-chinese-academy-of-sciences"
_ACADEMY_KINDS = frozenset({"academy", "cas"})
_HOSPITAL = re.compile(r"hospital|\bhosp\b|infirmary|\bclinics?\b|医院|醫院|病院", re.IGNORECASE)
_IF_NAMED = (
    "hospitals = if_paper_names_university: the string names the hospital, so it counts only on"
    " papers where another address names the university"
)


@dataclass(frozen=True)
class RollUp:
    """The switches of a study.

    campuses: "merge" counts a campus for its university (`campus_of`; independent colleges never).
    hospitals: "as_in_source" counts a hospital for its university only where the string names the
    university, "if_paper_names_university" also where another string of the paper does (Leiden
    Ranking), "roll_up" always, "exclude" never counts a hospital's string for a university.
    laboratories: "roll_up" counts a laboratory for its host, "as_in_source" only where the string
    names the host. academy_institutes: "one" counts institutes for their academy.
    ucas: whether the University of the Chinese Academy of Sciences stands apart from the Academy.
    """

    campuses: Literal["merge", "split"] = "merge"
    hospitals: Literal["as_in_source", "if_paper_names_university", "roll_up", "exclude"] = (
        "as_in_source"
    )
    laboratories: Literal["roll_up", "as_in_source"] = "roll_up"
    academy_institutes: Literal["one", "each_institute"] = "one"
    ucas: Literal["separate", "merge_into_cas", "merge_cas_institutes_into_ucas"] = "separate"


@dataclass(frozen=True, slots=True)
class Counted:
    """The distinct ids that count, sorted, and each id dropped with its reason.

    ``if_named``: of the dropped ones, those that count on a paper that names them elsewhere.
    """

    ids: tuple[str, ...]
    dropped: tuple[tuple[str, str], ...]
    if_named: tuple[str, ...] = ()


def counted(
    attribution: Attribution, registry: Registry, policy: RollUp, affiliation: str
) -> Counted:
    """The institutions for which a string counts under a policy; nothing is left out in silence."""
    if attribution.decision != "matched":
        return Counted((), ())
    ids: set[str] = set()
    dropped: set[tuple[str, str]] = set()
    hospital = is_hospital(affiliation)
    for match in attribution.matches:
        reason = _dropped(match, attribution, registry, policy, is_of_hospital=hospital)
        if reason:
            dropped.add((match.institution_id, reason))
        else:
            ids.add(counted_id(match.institution_id, registry, policy))
    waiting = {counted_id(i, registry, policy) for i, reason in dropped if reason == _IF_NAMED}
    return Counted(tuple(sorted(ids)), tuple(sorted(dropped)), tuple(sorted(waiting - ids)))


def counted_ids(
    attribution: Attribution, registry: Registry, policy: RollUp, affiliation: str
) -> tuple[str, ...]:
    """The ids of `counted` alone."""
    return counted(attribution, registry, policy, affiliation).ids


# More than a corpus has strings: they are gone through in order again and again, and a cache that
# holds less than all of them would never find one.
@lru_cache(maxsize=1 << 21)
def is_hospital(affiliation: str) -> bool:
    """Whether a string speaks of a hospital."""
    return _HOSPITAL.search(affiliation) is not None


def _dropped(
    match: Match, attribution: Attribution, registry: Registry, policy: RollUp, *,
    is_of_hospital: bool,
) -> str:  # fmt: skip
    institution = registry.institutions[match.institution_id]
    if match.rule == "human-decision":
        return ""
    if (
        policy.hospitals == "exclude"
        and institution.group == "university"
        and (is_of_hospital or match.via == "hospital")
    ):
        return "hospitals = exclude: the string is a hospital's"
    if match.via == "hospital" and policy.hospitals == "as_in_source":
        return "hospitals = as_in_source: the string names the hospital, not its institution"
    if match.via == "hospital" and policy.hospitals == "if_paper_names_university":
        return _IF_NAMED
    if match.via in {"laboratory", "unit"} and policy.laboratories == "as_in_source":
        named = _named_owners(attribution)
        if not named & {match.institution_id, *registry.ancestors(match.institution_id)}:
            return "laboratories = as_in_source: the string names the unit, not its host"
    return ""


def _named_owners(attribution: Attribution) -> set[str]:
    """The institutions whose own name the string holds, those yielding to a part included."""
    named = {match.institution_id for match in attribution.matches if match.via == "name"}
    return named | {
        candidate.institution_id
        for candidate in attribution.candidates
        if candidate.why_not.startswith(YIELDS_TO_PART)
    }


def depends_on_policy(attribution: Attribution, affiliation: str) -> bool:
    """Whether a policy can drop a match of the string; whom it counts for is another matter."""
    return is_hospital(affiliation) or any(m.via != "name" for m in attribution.matches)


def counted_id(institution_id: str, registry: Registry, policy: RollUp) -> str:
    """The institution that an institution's papers count for under a policy."""
    rows = registry.institutions
    current = rows[institution_id]
    if policy.campuses == "merge":
        while current.campus_of:
            current = rows[current.campus_of]
    if policy.laboratories == "roll_up" and current.kind == "national_lab" and current.parent_id:
        current = rows[current.parent_id]
    if policy.academy_institutes == "one" and current.group == "institute":
        owners = [current.id, *registry.ancestors(current.id)]
        academies = [i for i in owners if rows[i].kind in _ACADEMY_KINDS]
        if academies:
            current = rows[academies[-1]]
    if policy.ucas == "merge_into_cas" and current.id == ACADEMY_UNIVERSITY:
        return ACADEMY
    if policy.ucas == "merge_cas_institutes_into_ucas" and (
        current.id == ACADEMY or ACADEMY in registry.ancestors(current.id)
    ):
        return ACADEMY_UNIVERSITY
    return current.id
