"""Counting rules: known cases by hand, and what must hold for any corpus."""

from __future__ import annotations

import math
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibliometrics import schema
from bibliometrics.counting.counts import Counts, count, fractional_totals, full_totals
from bibliometrics.counting.ranking import competition_ranks

# A paper is its authors, each a list of affiliation numbers; an affiliation credits institutions.
Paper = list[list[int]]


def counts_of(
    papers: list[Paper], entities: dict[int, tuple[str, ...]], announced: int = 0
) -> Counts:
    paper_rows = [
        {
            "paper_id": f"p{n}",
            "year": 2010 + n % 3,
            "authors_announced": max(len(authors), announced),
            "tie": "author",
        }
        for n, authors in enumerate(papers)
    ]
    rows = [
        {"paper_id": f"p{n}", "author_position": a, "affiliation_id": s}
        for n, authors in enumerate(papers)
        for a, strings in enumerate(authors, 1)
        for s in (dict.fromkeys(strings) or [None])
    ]
    scopes = {name: "domestic" for ids in entities.values() for name in ids}
    return count(
        schema.conform(pd.DataFrame(paper_rows), schema.PAPERS),
        schema.conform(pd.DataFrame(rows), schema.AUTHORSHIPS),
        entities,
        scopes,
    )


def fractional(counts: Counts) -> dict[str, float]:
    return fractional_totals(counts.shares, ["institution_id"]).to_dict()


def test_an_institution_named_five_times_on_a_paper_has_one_paper() -> None:
    counts = counts_of([[[0], [0], [0], [1], [0]]], {0: ("a",), 1: ("a",)})
    assert full_totals(counts.credits, ["institution_id"]).to_dict() == {"a": 1}
    assert fractional(counts) == {"a": 1.0}


def test_author_fractional_weights_by_hand() -> None:
    # Three announced authors: one at a; one at a and b; one with a string of two institutions,
    # a and c; an announced fourth is missing from the list.
    counts = counts_of([[[0], [0, 1], [2]]], {0: ("a",), 1: ("b",), 2: ("a", "c")}, announced=4)
    quarter = Fraction(1, 4)
    assert fractional(counts) == {
        "a": float(quarter + quarter / 2 + quarter / 2),
        "b": float(quarter / 2),
        "c": float(quarter / 2),
        "": float(quarter),
    }


def test_what_belongs_to_nobody_goes_to_none() -> None:
    counts = counts_of([[[0], [9], []]], {0: ("a",), 9: ()})
    assert fractional(counts) == {"a": pytest.approx(1 / 3), "": pytest.approx(2 / 3)}


def test_papers_without_a_tie_count_full_and_never_fractional() -> None:
    papers = pd.DataFrame([{"paper_id": "p", "authors_announced": 2, "tie": "paper"}])
    rows = pd.DataFrame([{"paper_id": "p", "author_position": None, "affiliation_id": 0}])
    counts = count(
        schema.conform(papers, schema.PAPERS),
        schema.conform(rows, schema.AUTHORSHIPS),
        {0: ("a",)},
        {"a": "domestic"},
    )
    assert full_totals(counts.credits, ["institution_id"]).to_dict() == {"a": 1}
    assert counts.credits["weight_author"].isna().all()
    assert not counts.has_fractional
    assert counts.untied == 1


def test_first_author() -> None:
    counts = counts_of([[[1], [0]], [[0, 1], []]], {0: ("a",), 1: ("b",)})
    assert counts.first.groupby("institution_id").size().to_dict() == {"a": 1, "b": 2}


strings = st.lists(st.integers(0, 7), max_size=3)
papers_strategy = st.lists(st.lists(strings, min_size=1, max_size=5), min_size=1, max_size=12)
entity_strategy = st.dictionaries(
    st.integers(0, 7),
    st.lists(st.sampled_from("abcde"), max_size=3, unique=True).map(tuple),
    max_size=8,
)


@settings(max_examples=20, deadline=None)
@given(papers_strategy, entity_strategy, st.integers(0, 9))
def test_weights_are_conserved_exactly(
    papers: list[Paper], entities: dict[int, tuple[str, ...]], announced: int
) -> None:
    shares = counts_of(papers, entities, announced).shares
    exact: dict[str, Fraction] = {}
    for row in shares.itertuples():
        part = Fraction(int(row.numerator), int(row.denominator))
        exact[row.paper_id] = exact.get(row.paper_id, Fraction()) + part
    assert exact == {f"p{n}": 1 for n in range(len(papers))}


@settings(max_examples=20, deadline=None)
@given(papers_strategy, entity_strategy)
def test_full_is_never_below_fractional(
    papers: list[Paper], entities: dict[int, tuple[str, ...]]
) -> None:
    counts = counts_of(papers, entities)
    full = full_totals(counts.credits, ["institution_id"]).to_dict()
    for name, value in fractional(counts).items():
        if name:
            assert full[name] >= value - 1e-9


@settings(max_examples=20, deadline=None)
@given(papers_strategy, entity_strategy, st.randoms(use_true_random=False))
def test_order_of_papers_authors_and_strings_does_not_matter(
    papers: list[Paper], entities: dict[int, tuple[str, ...]], chance: object
) -> None:
    shuffled = [[list(author) for author in paper] for paper in papers]
    chance.shuffle(shuffled)
    for paper in shuffled:
        chance.shuffle(paper)
        for author in paper:
            chance.shuffle(author)
    one, other = counts_of(papers, entities), counts_of(shuffled, entities)
    assert fractional(one) == fractional(other)
    full = [full_totals(c.credits, ["institution_id"]).to_dict() for c in (one, other)]
    assert full[0] == full[1]


def test_equal_fractions_share_a_rank_whatever_their_denominators() -> None:
    # 1/5 + 1/10 is one bit above 3/10.
    counts = pd.Series([0.3, math.fsum([0.2, 0.1]), 0.1, None], dtype="Float64")
    assert counts[0] != counts[1]
    ranks = competition_ranks(counts, [pd.Series(["a"] * 4)])
    assert ranks.tolist()[:3] == [1, 1, 3]
    assert pd.isna(ranks[3])
