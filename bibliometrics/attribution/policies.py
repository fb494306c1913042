"""The policy each string is credited under, and conditions that hold for papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from bibliometrics.attribution.answers import Answered, Answers
from bibliometrics.attribution.institutions import Registry
from bibliometrics.attribution.rollup import RollUp
from bibliometrics.errors import StudyError
from bibliometrics.study.model import Study


def roll_up_policy(study: Study) -> RollUp:
    """The study's roll-up options as the policy that attribution applies."""
    options = study.roll_up
    return RollUp(
        campuses="split" if options.campuses == "split" else "merge",
        hospitals=options.hospitals,
        laboratories=options.key_laboratories,
        academy_institutes=options.academy_institutes,
        ucas=options.ucas,
    )


class Policies:
    """The policy of each string: one for all, but for campuses as Scopus's profiles have them.

    An affiliation id belongs to a university where the registry says so, or where a string that
    names the university itself carries it.
    """

    def __init__(self, answers: Answers, registry: Registry, study: Study) -> None:
        self._merge = roll_up_policy(study)
        self._split = replace(self._merge, campuses="split")
        self._is_told = study.roll_up.campuses == "as_in_scopus"
        self._registry = registry
        self._profiles: set[tuple[str, str]] = set()
        if not self._is_told:
            return
        for known in registry.institutions.values():
            self._profiles |= {(afid, known.id) for afid in known.scopus_afids}
        for row in answers.rows:
            for afid in (row.ids_told or "").split():
                self._profiles |= {(afid, i) for i in row.answer.institution_ids}

    def of(self, row: Answered) -> tuple[RollUp, str]:
        """The policy, and where it is this string's own, the reason."""
        owners = {
            self._registry.institutions[i].campus_of for i in row.answer.institution_ids
        } - {""}  # fmt: skip
        if not self._is_told or not owners:
            return self._merge, ""
        if not row.ids_told:
            return self._merge, "the string has no affiliation id: its campus is merged"
        told = {(afid, owner) for afid in row.ids_told.split() for owner in owners}
        if told & self._profiles:
            return self._merge, f"affiliation id {row.ids_told} is the university's: campus merged"
        return self._split, f"affiliation id {row.ids_told} is the campus's own: it stands apart"


def lacking(answers: Answers, study: Study) -> str:
    """What of a study's options these records cannot tell; empty: nothing."""
    is_asked = study.roll_up.campuses == "as_in_scopus" and len(answers.rows)
    if is_asked and not any(row.ids_told for row in answers.rows):
        return "[roll_up] campuses = as_in_scopus: no record gives affiliation ids"
    return ""


def check_ids(answers: Answers, study: Study) -> None:
    """Refuse a study that asks for Scopus's profiles where no record tells them.

    Raises
    ------
    StudyError : no affiliation has an id.
    """
    if lacking(answers, study):
        raise StudyError(
            lacking(answers, study),
            where=study.name,
            hint="only records of the Search API have them; for exports choose another value",
        )


def for_counting(
    authorships: pd.DataFrame,
    credited: Mapping[int, tuple[str, ...]],
    if_named: Mapping[int, tuple[str, ...]],
) -> tuple[pd.DataFrame, dict[int, tuple[str, ...]]]:
    """Authorships and affiliation → ids as they are counted.

    A string that counts for a university only on papers that name it elsewhere gets a number of its
    own on these papers, with the university added: a condition on papers becomes one on strings.
    """
    if not if_named:
        return authorships, dict(credited)
    by_affiliation = dict(credited)
    strings = authorships["affiliation_id"].fillna(-1).astype(int)
    named: dict[str, set[str]] = defaultdict(set)
    for paper, string in zip(authorships["paper_id"], strings, strict=True):
        named[paper].update(credited.get(string, ()))
    numbers: dict[tuple[int, tuple[str, ...]], int] = {}
    following = max([*by_affiliation, *if_named]) + 1
    counted_as = []
    for paper, string in zip(authorships["paper_id"], strings, strict=True):
        added = tuple(i for i in if_named.get(string, ()) if i in named[paper])
        if added and (string, added) not in numbers:
            numbers[string, added] = following + len(numbers)
            own = credited.get(string, ())
            by_affiliation[numbers[string, added]] = (*own, *added)
        counted_as.append(numbers[string, added] if added else string)
    numbered = pd.Series(counted_as, index=authorships.index, dtype="Int64")
    return authorships.assign(affiliation_id=numbered.mask(numbered < 0)), by_affiliation
