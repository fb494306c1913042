"""Pairs of institutions: their papers and weights by hand, and what must hold of any papers."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibliometrics.counting.cooccurrence import (
    Institutions,
    ask_pairs,
    check_pairs,
    pairs,
    pairs_by_year,
    strengths,
)
from bibliometrics.engine import duckdb_engine
from bibliometrics.errors import EngineError, InvariantError
from numbers_fixture import credits_of

KNOWN = Institutions(
    pd.Series(["a", "b", "c", "d", "x-1"], dtype="string"),
    pd.Series([*["domestic"] * 4, "foreign"], dtype="string"),
)
A, B, C, D, X = range(5)


def counted_of(papers: list[set[int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = [(number, name, int(name != X)) for number, paper in enumerate(papers) for name in paper]
    with duckdb_engine() as engine:
        engine.put("tying", pd.DataFrame(rows, columns=["paper", "institution", "is_domestic"]))
        return ask_pairs(engine)


def test_pairs_by_hand() -> None:
    found = pairs(credits_of([{"a", "b"}, {"a", "b", "x-1"}, {"a", "x-1", "x-2"}, {"c"}]))
    told = found[["source_id", "target_id", "scope", "papers", "weight_fractional"]]
    assert told.to_numpy().tolist() == [
        ["a", "b", "domestic", 2, 1.5],
        ["a", "x-1", "foreign", 2, 1.0],
        ["a", "x-2", "foreign", 1, 0.5],
        ["b", "x-1", "foreign", 1, 0.5],
    ]


def test_a_partner_whose_name_comes_first_is_still_the_one_outside() -> None:
    found = pairs(credits_of([{"y", "x-1"}, {"y", "x-1"}, {"y", "z", "x-1"}]))
    told = found[["source_id", "target_id", "scope", "papers", "weight_fractional"]]
    assert told.to_numpy().tolist() == [
        ["x-1", "y", "foreign", 3, 2.5],
        ["x-1", "z", "foreign", 1, 0.5],
        ["y", "z", "domestic", 1, 0.5],
    ]
    assert found["association_strength"].isna().tolist() == [True, True, False]


def test_association_strength_by_hand_and_only_where_the_corpus_can_tell() -> None:
    found = pairs(credits_of([{"a", "b"}, {"a", "b"}, {"a", "c"}, {"a", "x-1"}]))
    strength = found.set_index(["source_id", "target_id"])["association_strength"]
    # s_a = 3, s_b = 2, s_c = 1 and 2m = 6 over the domestic ties.
    assert strength["a", "b"] == pytest.approx(6 * 2 / (3 * 2))
    assert strength["a", "c"] == pytest.approx(6 * 1 / (3 * 1))
    assert pd.isna(strength["a", "x-1"])


def test_ties_with_abroad_alone_have_no_association_strength() -> None:
    found = pairs(credits_of([{"a", "x-1"}, {"a", "x-2"}]))
    assert found["papers"].tolist() == [1, 1]
    assert found["association_strength"].isna().all()
    assert found["association_strength"].dtype == "Float64"


def test_papers_of_one_institution_make_no_pair() -> None:
    found = pairs(credits_of([{"a"}, {"b"}]))
    assert found.empty
    assert list(found.columns) == [
        "source_id", "target_id", "scope", "papers", "weight_fractional", "association_strength",
    ]  # fmt: skip


def test_pairs_are_counted_by_the_others_on_the_paper() -> None:
    counted, expected = counted_of([{A, B}, {A, B}, {A, B, X}])
    assert counted.to_numpy().tolist() == [
        [A, B, 1, 2],
        [A, B, 2, 1],
        [A, X, 2, 1],
        [B, X, 2, 1],
    ]
    # Mentions of domestic institutions on papers with one other, and with two others.
    assert expected.to_numpy().tolist() == [[1, 4], [2, 2]]


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("moved", [1, -1])
def test_a_pair_too_many_or_too_few_stops_the_run(place: int, moved: int) -> None:
    counted, expected = counted_of([{A, B}, {A, B}, {A, B, X}])
    check_pairs(counted, expected, KNOWN.is_domestic)
    counted.loc[place, "papers"] += moved
    with pytest.raises(InvariantError, match="do not add up to their papers with others"):
        check_pairs(counted, expected, KNOWN.is_domestic)


def test_pairs_that_no_number_can_tell_apart_are_refused() -> None:
    rows = [(1, 0, 1), (1, 2**31 - 1, 1), (1, 1, 1)]
    frame = pd.DataFrame(rows, columns=["paper", "institution", "is_domestic"])
    with duckdb_engine() as engine:
        # The last that fits: two institutions on a paper.
        engine.put("tying", frame.head(2))
        assert ask_pairs(engine)[0].to_numpy().tolist() == [[0, 2**31 - 1, 1, 1]]
        engine.put("tying", frame)
        with pytest.raises(EngineError, match="do not fit one number") as told:
            ask_pairs(engine)
    assert "many_authors" in told.value.hint


@pytest.mark.parametrize("high", [1, 6, 7, 8, 1000])
def test_a_pair_is_told_from_its_number_whatever_the_numbers(high: int) -> None:
    papers = [{A, high}, {A, high}, {*range(high + 1)}] if high > 1 else [{A, high}] * 3
    rows = [(number, name, 1) for number, paper in enumerate(papers) for name in paper]
    with duckdb_engine() as engine:
        engine.put("tying", pd.DataFrame(rows, columns=["paper", "institution", "is_domestic"]))
        counted, _ = ask_pairs(engine)
    own = counted[(counted["source"] == A) & (counted["target"] == high)]
    sizes = [[1, 2], [high, 1]] if high > 1 else [[1, 3]]
    assert own[["others", "papers"]].to_numpy().tolist() == sizes
    assert len(counted) == (high + 1) * high // 2 + (high > 1)


def test_a_size_of_paper_without_its_pairs_stops_the_run() -> None:
    counted, expected = counted_of([{A, B}, {A, B, C}])
    with pytest.raises(InvariantError):
        check_pairs(counted[counted["others"] == 1], expected, KNOWN.is_domestic)


def test_a_pair_out_of_order_or_with_itself_stops_the_run() -> None:
    counted, expected = counted_of([{A, B}])
    for source, target in ((B, A), (A, A)):
        with pytest.raises(InvariantError):
            check_pairs(counted.assign(source=source, target=target), expected, KNOWN.is_domestic)


def test_strengths_keep_pairs_apart_that_share_an_end() -> None:
    counted = pd.DataFrame(
        [(A, C, 1, 1), (A, C, 2, 2), (B, C, 1, 1), (B, D, 1, 3)],
        columns=["source", "target", "others", "papers"],
    )  # fmt: skip
    found = strengths(counted, KNOWN)
    assert found[["source_id", "target_id", "papers", "weight_fractional"]].to_numpy().tolist() == [
        ["a", "c", 3, 2.0], ["b", "c", 1, 1.0], ["b", "d", 3, 3.0],
    ]  # fmt: skip


def test_ties_by_year_are_of_the_institutions_asked_for() -> None:
    papers = [{"a", "b"}, {"a", "b", "x-1"}, {"x-1", "x-2"}, {"a", "x-1"}, {"a", "b"}]
    year = pd.Series(
        [2019, 2020, 2020, 2020, None], index=[f"p{n}" for n in range(5)], dtype="Int64"
    )
    found = pairs_by_year(credits_of(papers), year, pd.Index(["a", "b", "x-1", "x-2"]))
    assert found.to_numpy().tolist() == [
        ["a", "b", 2019, 1, 1.0],
        ["a", "b", 2020, 1, 0.5],
        ["a", "x-1", 2020, 2, 1.5],
        ["b", "x-1", 2020, 1, 0.5],
    ]
    assert list(found.columns) == ["source_id", "target_id", "year", "papers", "weight_fractional"]


names = st.sampled_from(["a", "b", "c", "d", "x-1", "x-2"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(names, min_size=1), min_size=1, max_size=15))
def test_fractional_strength_is_the_number_of_papers_with_another(papers: list[set[str]]) -> None:
    found = pairs(credits_of(papers))
    for name in "abcd":
        own = found[(found["source_id"] == name) | (found["target_id"] == name)]
        expected = sum(name in paper and len(paper) > 1 for paper in papers)
        assert own["weight_fractional"].sum() == pytest.approx(expected)
    assert (found["source_id"] < found["target_id"]).all()
    assert not (
        found["source_id"].str.startswith("x-") & found["target_id"].str.startswith("x-")
    ).any()
