"""Whom a wrong string goes to: what names leave open, and what an audit saw confused."""

from __future__ import annotations

import numpy as np
import pytest

from bibliometrics.firmness.confusers import NOBODY, Confused, Confusers, marks_by_place

PLACES = {"jilin": 0, "jinan": 1, "jinan-medical": 2}


def wrong(given: str, true: str, weight: float = 1.0) -> Confused:
    return Confused(frozenset(given.split()), frozenset(true.split()), weight)


def place(name: str) -> int:
    return PLACES.get(name, NOBODY)


@pytest.mark.parametrize(
    ("strings", "expected"),
    [
        ([wrong("jilin", "jinan")], {0: {1: 1}}),
        ([wrong("jilin", "")], {0: {NOBODY: 1}}),
        ([wrong("jilin", "x-fr-abroad")], {0: {NOBODY: 1}}),
        ([wrong("", "jinan")], {NOBODY: {1: 1}}),
        ([wrong("jilin", "jinan jinan-medical")], {0: {1: 0.5, 2: 0.5}}),
        # A right institution beside the wrong one; one that lacks; two outside the ranking.
        ([wrong("jilin jinan", "jinan")], {0: {NOBODY: 1}}),
        ([wrong("jilin", "jilin jinan")], {}),
        ([wrong("x-fr-abroad", "")], {}),
        # Of equal weight two strings are two; of unequal ones, by Kish, fewer.
        ([wrong("jilin", "jinan", 7), wrong("jilin", "", 7)], {0: {NOBODY: 1, 1: 1}}),
        ([wrong("jilin", "jinan", 3), wrong("jilin", "", 1)], {0: {NOBODY: 0.4, 1: 1.2}}),
    ],
)  # fmt: skip
def test_strings_say_who_was_taken_for_whom(
    strings: list[Confused], expected: dict[int, dict[int, float]]
) -> None:
    found = marks_by_place(strings, place)
    assert {taken: dict(each) for taken, each in found.items()} == {
        taken: pytest.approx(each) for taken, each in expected.items()
    }


def shares(confusers: Confusers, claim: int, draws: int = 4000) -> dict[int, float]:
    """How often the claim went where, a single wrong string a draw."""
    lists, rng = confusers.lists(), np.random.default_rng(1)
    to = np.concatenate([lists.drawn(np.array([claim]), rng) for _ in range(draws)])
    return {int(p): float((to == p).mean()) for p in np.unique(to)}


def test_without_marks_each_is_as_likely_as_nobody() -> None:
    confusers = Confusers({})
    assert confusers.add(0, [0], {1, 2})
    assert confusers.lists()[0].tolist() == [1, 2, NOBODY]
    assert shares(confusers, 0) == pytest.approx({1: 1 / 3, 2: 1 / 3, NOBODY: 1 / 3}, abs=0.03)


def test_strings_of_the_audit_count_beside_one_for_each_that_is_possible() -> None:
    """Jilin could be 1 by its name; the audit saw it taken for 2 three times: of 1 + 1 + 3."""
    confusers = Confusers({0: {2: 3.0}})
    assert confusers.add(5, [5], {0})  # another institution, of which the audit saw nothing
    assert confusers.add(0, [0], {1})
    assert confusers.lists()[1].tolist() == [1, 2, NOBODY]
    assert shares(confusers, 1) == pytest.approx({1: 0.2, 2: 0.6, NOBODY: 0.2}, abs=0.03)
    assert shares(confusers, 0) == pytest.approx({0: 0.5, NOBODY: 0.5}, abs=0.03)


def test_all_strings_of_a_draw_see_the_same_parts() -> None:
    """The parts are uncertain: that 40 strings go to 2 together is no rarity, as it would be if each
    were drawn alone (0.5 to the power of 40)."""
    confusers = Confusers({0: {2: 1.0}})
    for _ in range(40):
        confusers.add(0, [0], set())
    lists, rng = confusers.lists(), np.random.default_rng(1)
    all_ = np.arange(40)
    gone = np.array([(lists.drawn(all_, rng) == 2).sum() for _ in range(2000)])
    # Beta-binomial with parameters 1 and 1: every number from 0 to 40 alike.
    assert (gone == 40).mean() == pytest.approx(1 / 41, abs=0.012)
    assert gone.mean() == pytest.approx(20, abs=1)


def test_an_ambiguous_string_goes_to_its_own_candidates_by_the_marks() -> None:
    confusers = Confusers({NOBODY: {1: 2.0, 7: 50.0, NOBODY: 9.0}})
    assert not confusers.add(NOBODY, [], set())
    assert confusers.add(NOBODY, [], {0, 1})
    assert shares(confusers, 0) == pytest.approx({0: 0.25, 1: 0.75}, abs=0.03)


def test_what_the_string_counts_for_too_is_no_place_to_go() -> None:
    confusers = Confusers({0: {1: 3.0}})
    assert confusers.add(0, [0, 1], {1, 2})
    assert confusers.lists()[0].tolist() == [2, NOBODY]
