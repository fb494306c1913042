"""Agreement of rankings: by hand, and what must hold of any two lists."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from bibliometrics.firmness.rank_agreement import rank_biased_overlap, tau_b

LISTS = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1)
P = st.floats(0.1, 0.99)


def brute(one: str, other: str, p: float, depth: int = 4000) -> float:
    """The sum to a great depth, agreement beyond the ends as equation 30 of the paper assumes."""
    short, long = sorted((one, other), key=len)
    s, l_ = len(short), len(long)
    x_s = len(set(short) & set(long[:s]))
    x_l = len(set(short) & set(long))
    total = 0.0
    for d in range(1, depth):
        if d <= s:
            agreement = len(set(short[:d]) & set(long[:d])) / d
        elif d <= l_:
            # Of the items the short list does not show, x_s/s are taken to agree.
            agreement = (len(set(short) & set(long[:d])) + x_s / s * (d - s)) / d
        else:
            agreement = (x_l + x_s / s * (l_ - s)) / l_
        total += (1 - p) * p ** (d - 1) * agreement
    return total


@given(LISTS, LISTS, P)
def test_overlap_is_the_long_sum(one: list[str], other: list[str], p: float) -> None:
    found = rank_biased_overlap(one, other, p)
    assert found == pytest.approx(brute("".join(one), "".join(other), p), abs=1e-9)
    assert found == rank_biased_overlap(other, one, p)
    assert -1e-12 <= found <= 1 + 1e-12


def test_the_first_ranks_weigh_most() -> None:
    base = list("abcdefghij")
    top, end = list("bacdefghij"), list("abcdefghji")
    assert rank_biased_overlap(base, base, 0.9) == pytest.approx(1)
    assert rank_biased_overlap(base, list("klmnopqrst"), 0.9) == 0
    assert rank_biased_overlap(base, top, 0.9) < rank_biased_overlap(base, end, 0.9) < 1
    numbers = {letter: place for place, letter in enumerate(base)}
    order = [numbers[letter] for letter in base]
    # Kendall sees one pair exchanged, wherever it stands.
    assert tau_b(order, [numbers[i] for i in top]) == tau_b(order, [numbers[i] for i in end])


def test_what_cannot_be_compared_has_no_number() -> None:
    assert rank_biased_overlap([], ["a"], 0.9) is None
    assert tau_b([1], [1]) is None
    assert tau_b([1, 1], [1, 2]) is None


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=30))
def test_tau_b_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    one, other = zip(*pairs, strict=True)
    expected = kendalltau(one, other, variant="b").statistic
    found = tau_b(one, other)
    assert (found is None and math.isnan(expected)) or found == expected


def test_tau_b_of_a_list_longer_than_the_rows_compared_at_a_time() -> None:
    drawn = np.random.default_rng(1).integers(0, 700, (2, 1300)).tolist()
    assert tau_b(*drawn) == kendalltau(*drawn, variant="b").statistic


def test_ties_are_no_disagreement_of_tau_b() -> None:
    # Concordant 5, tied in one list 1: 5/√(6·5).
    assert tau_b([1, 2, 3, 4], [1, 2, 3, 3]) == pytest.approx(5 / 30**0.5)
