"""Stability intervals: what they hold, what they leave out, and that a seed fixes every byte."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bibliometrics import schema
from bibliometrics.firmness.intervals import Firmness, firmness, rivals
from bibliometrics.store import csv_text
from numbers_fixture import STAMP, Small, small, with_sections

MANY = ["a"] * 120 + ["b"] * 100 + ["ab"] * 30 + ["c"] * 20 + ["d"] * 20 + [""] * 40
YEARS = [2015 + n % 4 for n in range(len(MANY))]


def firm(made: Small, study, **sections: dict[str, object]) -> Firmness:
    options = {"thresholds": {"rank_floor": 20}, "uncertainty": {"draws": 400}} | sections
    changed = with_sections(study, **options)
    listed = pd.Series(sorted(made.entities), dtype="string")
    return firmness(made.papers, made.counts, made.entities, listed, changed, STAMP)


def rows(found: Firmness, counting: str) -> pd.DataFrame:
    frame = found.intervals
    return frame[frame["counting"] == counting].set_index("institution_id").sort_index()


def test_each_rule_has_its_interval_around_its_count(flagship) -> None:
    found = firm(small(MANY, YEARS), flagship)
    full, fractional = rows(found, "full"), rows(found, "fractional")
    assert list(full["papers"]) == [150, 130, 20, 20]
    assert list(fractional["papers"]) == [135, 115, 20, 20]
    for frame in (full, fractional):
        assert (frame["papers_low"] < frame["papers"]).all()
        assert (frame["papers"] < frame["papers_high"]).all()
        assert (frame["share"] * len(MANY)).tolist() == pytest.approx(frame["papers"].tolist())
        assert (frame["share_low"] * len(MANY)).tolist() == pytest.approx(
            frame["papers_low"].tolist()
        )
    # Half papers move less than whole ones.
    width = [frame.loc["a", "papers_high"] - frame.loc["a", "papers_low"]
             for frame in (full, fractional)]  # fmt: skip
    assert width[1] < width[0]


def test_the_interval_is_the_middle_of_a_plain_bootstrap(flagship) -> None:
    made = small(MANY, YEARS)
    full = rows(firm(made, flagship, uncertainty={"draws": 4000}), "full")
    rng = np.random.default_rng(99)
    holds = np.array(["a" in paper for paper in MANY])
    years = np.array(YEARS)
    sums = [sum(holds[rng.choice(np.flatnonzero(years == year), (years == year).sum())].sum()
                for year in np.unique(years)) for _ in range(4000)]  # fmt: skip
    low, high = np.quantile(sums, [0.025, 0.975])
    assert full.loc["a", "papers_low"] == pytest.approx(low, abs=2)
    assert full.loc["a", "papers_high"] == pytest.approx(high, abs=2)


def test_equals_share_a_rank_and_a_rank_set(flagship) -> None:
    full = rows(firm(small(MANY, YEARS), flagship), "full")
    assert list(full["rank"]) == [1, 2, 3, 3]
    assert list(full["rank_low"]) == [1, 1, 3, 3]
    assert list(full["rank_high"]) == [2, 2, 4, 4]
    assert (full["rank_stability_high"] >= full["rank"]).all()
    assert (full["rank_low"] <= full["rank_marginal_low"]).all()


def test_below_the_floor_there_is_an_interval_and_no_rank(flagship) -> None:
    found = firm(small(MANY, YEARS), flagship, thresholds={"rank_floor": 100})
    full = rows(found, "full")
    assert full.loc["c", "papers_high"] > 20
    ranks = ["rank", "rank_low", "rank_high", "rank_stability_low", "rank_marginal_high"]
    assert full.loc["c", ranks].isna().all()
    assert set(found.pairwise["institution_a"]) == {"a"}


def test_groups_are_ranked_apart(flagship) -> None:
    full = rows(firm(small(MANY, YEARS, institutes="b"), flagship), "full")
    assert full.loc["b", ["rank", "rank_low", "rank_high"]].tolist() == [1, 1, 1]
    assert full.loc["a", ["rank", "rank_low", "rank_high"]].tolist() == [1, 1, 1]


@pytest.mark.parametrize("chosen", ["sum_over_institutions", "sum_over_mainland_universities"])
def test_what_is_the_whole_of_its_denominator_never_moves(flagship, chosen) -> None:
    counting = {"share_denominator": chosen}
    full = rows(firm(small(["a"] * 30 + [""] * 30), flagship, counting=counting), "full")
    assert full.loc["a", ["share", "share_low", "share_high"]].tolist() == [1, 1, 1]
    assert full.loc["a", "papers_low"] < 30


def test_distinct_papers_of_universities_as_denominator_are_recounted(flagship) -> None:
    counting = {"share_denominator": "distinct_mainland_universities"}
    made = small(["ab"] * 30 + ["a"] * 10 + [""] * 9)
    full = rows(firm(made, flagship, counting=counting), "full")
    assert full.loc["a", ["share", "share_low", "share_high"]].tolist() == [1, 1, 1]
    assert full.loc["b", "share"] == 0.75
    assert full.loc["b", "share_low"] < 0.75 < full.loc["b", "share_high"]


def test_a_pair_says_how_often_the_first_is_above(flagship) -> None:
    pairs = firm(small(MANY, YEARS), flagship).pairwise.set_index(
        ["institution_a", "institution_b"]
    )
    assert len(pairs) == 6
    first = pairs.loc[("a", "b")]
    assert first["papers_together"] == 30
    # Only the 220 papers that one of them has alone move the difference.
    assert first["z"] == pytest.approx(20 / np.sqrt(220), abs=0.02)
    assert 0.8 < first["p_a_above_b"] < 1
    even = pairs.loc[("c", "d")]
    assert even["z"] == 0
    assert even["p_a_above_b"] == pytest.approx(0.5, abs=0.1)


def test_two_on_the_same_papers_have_no_z(flagship) -> None:
    pair = firm(small(["ab"] * 40 + [""] * 10), flagship).pairwise.iloc[0]
    assert pd.isna(pair["z"])
    assert pair["p_a_above_b"] == 0.5


def test_only_neighbours_are_compared_beyond_the_first_thirty(flagship) -> None:
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 33)]
    papers = [letter for place, letter in enumerate(letters) for _ in range(60 - place)]
    pairs = firm(small(papers), flagship).pairwise
    assert len(pairs) == 30 * 29 // 2 + 3
    beyond = pairs[pairs["rank_b"] > 30]
    assert (beyond["rank_b"] - beyond["rank_a"]).eq(1).all()


def test_the_seed_fixes_every_byte_and_another_seed_moves_little(flagship) -> None:
    made = small(MANY, YEARS)
    first, again, other = (
        firm(made, flagship, uncertainty={"draws": 400, "seed": seed}) for seed in (1, 1, 2)
    )
    for table in (schema.INTERVALS, schema.PAIRWISE):
        texts = [csv_text(getattr(found, table.name), table) for found in (first, again, other)]
        assert texts[0] == texts[1] != texts[2]
    moved = rows(first, "full")["papers_low"] - rows(other, "full")["papers_low"]
    assert moved.abs().max() <= 5


def test_without_ties_to_authors_there_is_no_fractional_interval(flagship) -> None:
    made = small(MANY, YEARS)
    counted = dict.fromkeys(made.counts.counted, 0) | {"full": len(MANY)}
    untied = replace(made.counts, shares=made.counts.shares.iloc[:0], counted=counted)
    found = firm(Small(made.papers, untied, made.entities), flagship)
    assert set(found.intervals["counting"]) == {"full"}
    # By the study's own rule nothing can be said: neither a pair nor a rank set.
    by_part = {"rule": "fractional"}
    found = firm(Small(made.papers, untied, made.entities), flagship, counting=by_part)
    assert set(found.intervals["counting"]) == {"full"}
    assert found.pairwise.empty
    assert found.sets.empty


def test_rivals_below_the_floor_are_those_that_cannot_move_an_order() -> None:
    frame = pd.DataFrame(
        {
            "group": ["u"] * 4 + ["i"],
            "rank": [1, 2, pd.NA, pd.NA, 1],
            # By fractional count the third is above a ranked one, although it has fewer papers.
            "basis": [50.0, 20.0, 30.0, 10.0, 99.0],
        }
    )
    places, ranked = rivals(frame, "u")
    assert list(places) == [0, 1, 3]
    assert list(ranked) == [True, True, False]


def test_an_empty_corpus_has_empty_tables(flagship) -> None:
    found = firm(small([""] * 3), flagship)
    assert found.intervals.empty
    assert found.pairwise.empty
