"""The search of the open choices: every joint choice tried, and what it says of the claims.

The search is fixed in the study beforehand (``[claims] vary, tolerance, loss``). It re-applies
policies to attributions and counts arrays; no string is matched again, no record read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd

from bibliometrics import schema
from bibliometrics.claims.cuts import Cut, common, cut_for
from bibliometrics.claims.effects import (
    Answer,
    Array,
    Effect,
    Effects,
    Judge,
    Listing,
    Target,
    figure_of,
)
from bibliometrics.claims.open_choices import ROLL_UP, SELECTIONS, Choices, policy_of
from bibliometrics.claims.places import Places
from bibliometrics.claims.readings import Readings, Tally
from bibliometrics.counting.ranking import competition_ranks
from bibliometrics.study.model import Study

DIMENSIONS = tuple(name for name in schema.DIMENSIONS if name != "phrase")


NO_FIGURE = -(2**62)
_ONE = Fraction(1)


@dataclass(frozen=True)
class Search:
    """The joint choices tried.

    ``vectors`` has a column for each dimension and ``effect``, the number of an entry of
    ``effects``; one row is a joint choice. ``targets`` are the claims searched.
    """

    vectors: pd.DataFrame
    effects: tuple[Effect, ...]
    targets: tuple[Target, ...]
    choices: Choices
    own: int | None

    @property
    def fitting(self) -> pd.DataFrame:
        """The joint choices under which every claim prints as published."""
        fits = np.array([each.is_fitting for each in self.effects], dtype=bool)
        found: pd.DataFrame = self.vectors[fits[self.vectors["effect"].to_numpy(dtype="int64")]]
        return found

    @cached_property
    def printed(self) -> Array:
        """Distinct printed answers, a row for each, in units of the last printed place."""
        rows = {
            tuple(NO_FIGURE if value is None else value for value in effect.shown)
            for effect in self.effects
        }
        return np.array(sorted(rows), dtype="int64").reshape(len(rows), len(self.targets))

    def losses(self, name: str) -> list[float]:
        return [each.loss(name) for each in self.effects]


@dataclass(frozen=True)
class Papers:
    """Masks of a corpus: by last year, by keyword fields, by geography narrower than its own."""

    end_year: dict[str, Array]
    keyword_fields: dict[str, Array]
    scope: dict[str, Array]


def search(
    readings: Readings,
    papers: Papers,
    places: Places,
    wanted: Sequence[Target],
    choices: Choices,
    study: Study,
) -> Search:
    """Try every joint choice of ``choices`` on the claims ``wanted``."""
    effects = Effects()
    judge = Judge(study.claims)
    rows: list[tuple[object, ...]] = []
    answered: dict[tuple[object, ...], list[tuple[str, str, str, str, int]]] = {}
    tried = choices.tried
    for chosen in choices.policies():
        policy = policy_of(chosen)
        # Policies that credit the same institutions are counted and answered once.
        for scope, year, fields in product(
            tried["scope"], tried["end_year"], tried["keyword_fields"]
        ):
            label = (scope, year, fields)
            key = (readings.outcome(policy), *label)
            if key not in answered:
                keep = papers.scope[scope] & papers.end_year[year] & papers.keyword_fields[fields]
                tally = readings.tally(policy, keep, label)
                answered[key] = list(
                    _answers(tally, scope, places, wanted, choices, judge, effects, study)
                )
            own = tuple(chosen[name] for name in ROLL_UP)
            rows += [
                (counting, denominator, meaning, *own, scope, selection, year, fields, number)
                for counting, denominator, meaning, selection, number in answered[key]
            ]
    vectors = pd.DataFrame(rows, columns=[*DIMENSIONS, "effect"])
    at = np.ones(len(vectors), dtype=bool)
    for name in DIMENSIONS:
        at &= (vectors[name] == choices.own[name]).to_numpy(dtype=bool)
    own_effect = vectors.loc[at, "effect"]
    return Search(
        vectors, tuple(effects.found), tuple(wanted), choices,
        None if own_effect.empty else int(own_effect.iloc[0]),
    )  # fmt: skip


def _answers(
    tally: Tally,
    scope: str,
    places: Places,
    wanted: Sequence[Target],
    choices: Choices,
    judge: Judge,
    effects: Effects,
    study: Study,
) -> Iterator[tuple[str, str, str, str, int]]:
    """Effects of all choices that a tally leaves open."""
    tried = choices.tried
    inside = places.is_domestic(tally.institutions, scope) & (tally.full > 0)
    group = places.groups(tally.institutions)
    mainland = places.is_mainland(tally.institutions)
    bases = {"full": tally.full, "fractional": tally.fractional, "first_affiliation": tally.first}
    cuts = {name: _listed(tally, inside, group, name, wanted) for name in tried["selection"]}
    for counting in tried["counting"]:
        basis = bases.get(counting)
        if basis is None:
            continue
        for selection in tried["selection"]:
            listed, cut = cuts[selection]
            standing = listed
            if selection not in SELECTIONS:
                listed, standing = _selected(tally, inside, group, basis, study), inside
            listing = Listing(tally, listed, group, mainland, basis, cut, standing)
            totals, others = listing.totals(), listing.denominators()
            answers = Answered(listing, wanted, judge)
            for meaning, name in product(tried["total_meaning"], tried["share_denominator"]):
                total = totals[meaning]
                denominator = total if name == "papers_total" else others[name]
                made = Effect(answers.under(total, denominator), cut)
                yield counting, name, meaning, selection, effects.number(made)


class Answered:
    """The answers of one listing: only shares need a denominator, only the total a meaning."""

    def __init__(self, listing: Listing, wanted: Sequence[Target], judge: Judge) -> None:
        self._wanted, self._judge = wanted, judge
        self._counts = listing.counts(wanted)
        self._plain = [
            judge.answer(target, figure_of(target, count, _ONE, _ONE))
            for target, count in zip(wanted, self._counts, strict=True)
        ]
        self._shares = [at for at, target in enumerate(wanted) if target.is_share]
        self._totals = [at for at, t in enumerate(wanted) if t.claim.computation == "total"]
        self._by_denominator: dict[Fraction, list[Answer]] = {}

    def under(self, total: Fraction, denominator: Fraction) -> tuple[Answer, ...]:
        """Every answer, with one meaning of the total and one denominator."""
        if denominator not in self._by_denominator:
            answers = list(self._plain)
            for at in self._shares:
                figure = figure_of(self._wanted[at], self._counts[at], total, denominator)
                answers[at] = self._judge.answer(self._wanted[at], figure)
            self._by_denominator[denominator] = answers
        answers = list(self._by_denominator[denominator])
        for at in self._totals:
            answers[at] = self._judge.answer(self._wanted[at], (total, _ONE))
        return tuple(answers)


def _selected(tally: Tally, inside: Array, group: Array, basis: Array, study: Study) -> Array:
    """Who is listed by the study's own selection, as ``ranking.selected`` has it."""
    rule = study.institutions
    if rule.selection == "minimum_papers":
        return inside & (tally.full >= rule.minimum_papers)
    if rule.selection == "given_list":
        return inside & np.isin(np.array(tally.institutions, dtype=object), list(rule.given_list))
    counts = pd.Series(basis, dtype="Float64").where(inside)
    place = competition_ranks(counts, [pd.Series(group)])
    chosen: Array = (place <= rule.top_n).fillna(value=False).to_numpy(dtype=bool)
    return chosen


def _listed(
    tally: Tally, inside: Array, group: Array, selection: str, wanted: Sequence[Target]
) -> tuple[Array, Cut | None]:
    """Who is listed: all inside, or those above the cut that gives the published numbers.

    Where no cut gives them, that of the first group claimed is taken; where none gives that
    either, all are listed.
    """
    if selection not in {"one_minimum", "minimum_per_group"}:
        return inside, None
    claimed = {
        t.claim.of: int(t.printed.value) for t in wanted if t.claim.computation == "institutions"
    }
    within = {name: inside if name == "all" else inside & (group == name) for name in claimed}
    cuts = {name: cut_for(tally.full[within[name]], claimed[name]) for name in claimed}
    if selection == "one_minimum":
        cut = common(cuts) or next((c for c in cuts.values() if c is not None), None)
        return (inside, None) if cut is None else (inside & (tally.full >= cut.low), cut)
    listed = inside.copy()
    for name, cut in cuts.items():
        if cut is not None:
            listed &= ~within[name] | (tally.full >= cut.low)
    return listed, None
