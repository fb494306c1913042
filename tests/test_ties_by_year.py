"""Ties by year: the same papers and weights as the ties, parted by year."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibliometrics.counting.cooccurrence import pairs, pairs_by_year

PEOPLE = {"a": "domestic", "b": "domestic", "c": "domestic", "x": "foreign", "y": "foreign"}


def credited(papers: list[set[str]]) -> pd.DataFrame:
    rows = [(f"p{n}", who, PEOPLE[who]) for n, names in enumerate(papers) for who in sorted(names)]
    return pd.DataFrame(rows, columns=["paper_id", "institution_id", "scope"]).astype("string")


def years(values: list[int | None]) -> pd.Series:
    index = pd.Index([f"p{n}" for n in range(len(values))], dtype="string")
    return pd.Series(values, index=index, dtype="Int64")


def test_a_third_institution_on_the_paper_counts_though_it_is_not_on_the_map():
    found = pairs_by_year(
        credited([{"a", "b"}, {"a", "b", "c"}]), years([2019, 2020]), pd.Index(["a", "b"])
    )
    assert found.to_numpy().tolist() == [["a", "b", 2019, 1, 1.0], ["a", "b", 2020, 1, 0.5]]


def test_two_partners_outside_make_no_tie_and_a_paper_without_a_year_no_row():
    found = pairs_by_year(
        credited([{"x", "y", "a"}, {"a", "b"}]), years([2019, None]), pd.Index(list(PEOPLE))
    )
    assert set(zip(found["source_id"], found["target_id"], strict=True)) == {("a", "x"), ("a", "y")}


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from(sorted(PEOPLE))), st.integers(2010, 2013)), max_size=25
    )
)
def test_over_all_years_they_are_the_ties(papers):
    given_ = credited([names for names, _ in papers])
    found = pairs_by_year(given_, years([year for _, year in papers]), pd.Index(list(PEOPLE)))
    key = ["source_id", "target_id"]
    whole = pairs(given_).set_index(key)
    summed = found.groupby(key)[["papers", "weight_fractional"]].sum()
    assert summed["papers"].to_dict() == whole["papers"].to_dict()
    for tie, weight in whole["weight_fractional"].items():
        assert summed["weight_fractional"][tie] == pytest.approx(weight)
