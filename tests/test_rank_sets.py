"""Resampling and rank sets: against brute force, and against a truth that is known."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from bibliometrics.counting import caveats
from bibliometrics.firmness.rank_sets import RankSets, rank_sets
from bibliometrics.firmness.resampling import Strata, covariance, resample

LEVEL = 0.95


def sets_of(papers: np.ndarray, years: np.ndarray, draws: int = 400, seed: int = 1) -> RankSets:
    """Rank sets of a corpus given as papers × institutions of 0 and 1."""
    weights = sparse.csr_array(papers.astype(float))
    strata = Strata.of(years)
    counts = papers.sum(axis=0).astype(float)
    shown = np.ones(len(counts), dtype=bool)
    drawn = resample(weights, strata, draws, seed)
    return rank_sets(counts, drawn, covariance(weights, strata), shown, LEVEL)


@settings(max_examples=25, deadline=None)
@given(
    papers=st.lists(st.lists(st.sampled_from([0, 0, 1, 0.5]), min_size=3, max_size=3), min_size=4),
    data=st.data(),
)
def test_reckoned_covariance_is_that_of_every_possible_resample(papers, data) -> None:
    papers = np.array(papers[:7])
    years = np.array(data.draw(st.lists(st.integers(0, 1), min_size=len(papers),
                                        max_size=len(papers))))  # fmt: skip
    # Strata of any size, as ``Strata.of`` would join them.
    strata = Strata(np.argsort(years, kind="stable"), np.unique(years, return_counts=True)[1])
    expected = np.zeros((3, 3))
    for year in np.unique(years):
        # One paper drawn from the stratum; n independent draws have n times its covariance.
        rows = papers[years == year]
        expected += np.cov(rows.T, bias=True) * len(rows)
    assert covariance(sparse.csr_array(papers), strata) == pytest.approx(expected, abs=1e-12)


def test_resamples_have_the_reckoned_spread_and_keep_each_years_number() -> None:
    rng = np.random.default_rng(5)
    years = np.repeat([2001, 2002, 2003], [50, 150, 800])
    papers = (rng.random((1000, 4)) < [0.3, 0.1, 0.05, 0]).astype(float)
    papers = np.column_stack([papers, np.ones(1000), years == 2001])
    weights, strata = sparse.csr_array(papers), Strata.of(years)
    drawn = resample(weights, strata, 4000, seed=3)
    assert (drawn[:, 4] == 1000).all()
    assert (drawn[:, 5] == 50).all()
    assert np.cov(drawn.T) == pytest.approx(covariance(weights, strata), abs=12)
    assert drawn.mean(axis=0) == pytest.approx(papers.sum(axis=0), abs=1)


def test_same_seed_same_resamples_whatever_the_order_of_papers_within_a_year() -> None:
    papers = sparse.csr_array(np.eye(6)[:, :3])
    years = np.array([1, 2, 1, 2, 1, 2])
    first = resample(papers, Strata.of(years), 50, seed=9)
    assert (first == resample(papers, Strata.of(years), 50, seed=9)).all()
    assert not (first == resample(papers, Strata.of(years), 50, seed=10)).all()


def test_a_rank_that_is_far_is_surely_known_and_equals_are_not() -> None:
    papers = np.zeros((1000, 4), dtype=int)
    papers[:400, 0] = 1
    papers[400:500, 1] = papers[500:600, 2] = papers[600:610, 3] = 1
    sets = sets_of(papers, np.zeros(1000, dtype=int))
    assert list(zip(sets.low, sets.high, strict=True)) == [(1, 1), (2, 3), (2, 3), (4, 4)]


def test_two_institutions_on_the_same_papers_are_never_told_apart() -> None:
    papers = np.zeros((500, 3), dtype=int)
    papers[:200, :2] = 1
    papers[200:215, 2] = 1
    sets = sets_of(papers, np.zeros(500, dtype=int))
    assert list(zip(sets.low, sets.high, strict=True)) == [(1, 2), (1, 2), (3, 3)]


def test_shared_papers_make_a_difference_firmer() -> None:
    def high_of_first(shared: int) -> int:
        papers = np.zeros((2000, 2), dtype=int)
        papers[:shared, :] = 1
        papers[shared:300, 0] = 1
        papers[300 : 300 + 270 - shared, 1] = 1
        return int(sets_of(papers, np.zeros(2000, dtype=int)).high[0])

    # 300 papers against 270: apart where 250 of them are the same papers, not where none are.
    assert high_of_first(0) == 2
    assert high_of_first(250) == 1


def test_the_report_of_2020s_first_is_firm_and_its_second_to_fourth_are_one_set() -> None:
    number = 52_976
    shares = [0.0370, 0.0312, 0.0308, 0.0303, 0.0206]
    counts = [round(share * number) for share in shares]
    papers = np.zeros((number, 5), dtype=int)
    start = 0
    for column, count in enumerate(counts):
        papers[start : start + count, column] = 1
        start += count
    years = np.random.default_rng(0).integers(2000, 2020, number)
    spread = covariance(sparse.csr_array(papers.astype(float)), Strata.of(years))

    def z(a: int, b: int) -> float:
        return (counts[a] - counts[b]) / np.sqrt(spread[a, a] + spread[b, b] - 2 * spread[a, b])

    assert z(0, 1) == pytest.approx(5, abs=0.3)
    assert z(1, 2) == pytest.approx(0.4, abs=0.05)
    sets = sets_of(papers, years)
    assert list(zip(sets.low, sets.high, strict=True)) == [(1, 1), (2, 4), (2, 4), (2, 4), (5, 5)]


def true_sets(chances: np.ndarray) -> list[tuple[int, int]]:
    """Best and worst rank that ties leave open."""
    return [(1 + int((chances > c).sum()), int((chances >= c).sum())) for c in chances]


@pytest.mark.parametrize("chances", [
    np.array([0.10, 0.10, 0.10, 0.10, 0.10, 0.10]),
    np.array([0.20, 0.12, 0.115, 0.11, 0.05, 0.05]),
], ids=["all equal", "near ties"])  # fmt: skip
def test_rank_sets_hold_the_true_ranks_as_often_as_they_say(chances) -> None:
    """Papers are drawn from a known chance; among equals a tenth of each one's are shared with the
    next. The sets of a replicate hold all true ranks in 95 % of the replicates, less three standard
    deviations of 200 replicates."""
    truth = true_sets(chances)
    rng = np.random.default_rng(17)
    replicates, all_hold, one_holds = 200, 0, np.zeros(len(chances))
    for seed in range(replicates):
        kind = rng.choice(len(chances) + 1, size=1200, p=[*chances, 1 - chances.sum()])
        papers = (kind[:, None] == np.arange(len(chances))).astype(int)
        if not np.ptp(chances):
            shared = (rng.random(1200) < 0.1) & (kind < len(chances))
            papers[shared, (kind[shared] + 1) % len(chances)] = 1
        sets = sets_of(papers, np.zeros(1200, dtype=int), draws=200, seed=seed)
        inside = [low <= best and worst <= high for (best, worst), low, high
                  in zip(truth, sets.low, sets.high, strict=True)]  # fmt: skip
        all_hold += all(inside)
        one_holds += [low <= best and worst <= high for (best, worst), low, high
                      in zip(truth, sets.marginal_low, sets.marginal_high, strict=True)]  # fmt: skip
    floor = LEVEL - 3 * np.sqrt(LEVEL * (1 - LEVEL) / replicates)
    assert all_hold / replicates >= floor
    assert (one_holds / replicates >= floor).all()
    # Were the sets the whole ranking, they would always hold and say nothing.
    if np.ptp(chances):
        assert truth[0] == (1, 1)
        assert sets.high[0] < len(chances)


def test_indistinguishable_is_not_transitive_so_each_row_has_a_set_of_its_own() -> None:
    papers = np.zeros((3000, 3), dtype=int)
    for column, (start, end) in enumerate([(0, 460), (460, 860), (860, 1200)]):
        papers[start:end, column] = 1
    sets = sets_of(papers, np.zeros(3000, dtype=int))
    pairs = list(zip(sets.low, sets.high, strict=True))
    assert pairs == [(1, 2), (1, 3), (2, 3)]


def test_simultaneous_sets_hold_the_marginal_ones() -> None:
    rng = np.random.default_rng(2)
    papers = (rng.random((1500, 8)) < np.linspace(0.2, 0.05, 8)).astype(int)
    sets = sets_of(papers, rng.integers(0, 3, 1500))
    assert (sets.low <= sets.marginal_low).all()
    assert (sets.high >= sets.marginal_high).all()
    assert all(low <= high for low, high in itertools.chain(
        zip(sets.low, sets.high, strict=True),
        zip(sets.marginal_low, sets.marginal_high, strict=True)))  # fmt: skip


def ranked(institutions: int, spread: int) -> pd.DataFrame:
    places = range(1, institutions + 1)
    return pd.DataFrame(
        {
            "group": "universities",
            "rank": places,
            "rank_low": [max(1, p - spread) for p in places],
            "rank_high": [min(institutions, p + spread) for p in places],
        }
    ).astype(dict.fromkeys(("rank", "rank_low", "rank_high"), "Int64"))


def test_a_list_whose_first_ten_are_not_told_apart_is_warned_of() -> None:
    (found,) = caveats.of_rank_sets(ranked(40, 30))
    assert found.is_warning
    assert "quote no rank without its set" in found.says_en
    assert "40 个高校" in found.says_zh
    assert not list(caveats.of_rank_sets(ranked(40, 3)))
    assert not list(caveats.of_rank_sets(ranked(19, 19)))
