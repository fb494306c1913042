"""Sums of whole numerators, and the checks that stop a run whose counts cannot be right."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibliometrics.counting.counts import (
    add,
    check_conserved,
    check_totals,
    counted_by_rule,
    sums_of_stretches,
)
from bibliometrics.errors import InvariantError
from numbers_fixture import Paper, entity, written

ENTITIES = {"a": entity("a"), "b": entity("b"), "x": entity("x", scope="foreign")}


def shares(*rows: tuple[str, int, int]) -> pd.DataFrame:
    """(paper, numerator, denominator) rows."""
    return pd.DataFrame(rows, columns=["paper_id", "numerator", "denominator"])


def totals(*rows: tuple[str, int, str, int, int]) -> pd.DataFrame:
    """(rule, year, institution, numerator, denominator) rows."""
    columns = ["counting", "year", "institution_id", "numerator", "denominator"]
    return pd.DataFrame(rows, columns=columns)


def test_papers_whose_weights_sum_to_one_pass_in_any_order() -> None:
    check_conserved(shares())
    check_conserved(shares(("p", 1, 1)))
    check_conserved(shares(("p", 1, 2), ("q", 2, 3), ("p", 1, 3), ("q", 1, 3), ("p", 1, 6)))


@pytest.mark.parametrize(
    ("rows", "says", "first"),
    [
        ([("p", 1, 1), ("q", 1, 2)], "of 1 papers", "first: q"),
        ([("p", 1, 3), ("q", 2, 2), ("r", 4, 3)], "of 2 papers", "first: p"),
        ([("p", 1, 2), ("q", 1, 1), ("p", 2, 3)], "of 1 papers", "first: p"),
        # Too long for 64 bits, and wrong by less than a float can tell.
        ([("p", 1, 1), ("q", 2**61 - 2, 2**61 - 1), ("q", 1, 2**59 - 55)], "of 1 papers", "first: q"),
        # Of a paper checked by fractions and one checked by whole numbers, the earlier is named.
        ([("p", 1, 2), ("q", 1, 2**61 - 1), ("q", 1, 2**59 - 55)], "of 2 papers", "first: p"),
    ],
)  # fmt: skip
def test_a_paper_whose_weights_do_not_sum_to_one_is_named(
    rows: list[tuple[str, int, int]], says: str, first: str
) -> None:
    with pytest.raises(InvariantError) as told:
        check_conserved(shares(*rows))
    assert says in str(told.value)
    assert first in str(told.value)


def test_large_denominators_that_sum_to_one_pass() -> None:
    large = 2**40 - 87
    other = 2**39 - 7
    # 1/a + (a-1)/a in parts of two long denominators, beside a paper checked in 64 bits.
    check_conserved(
        shares(("p", 1, 2), ("q", 1, large), ("q", large - 1, large), ("p", 1, 2), ("r", 1, 1))
    )
    check_conserved(
        shares(
            ("q", 1, 2), ("q", 1, large), ("q", 1, other),
            ("r", 1, 1), *_rest(1 - Fraction(1, 2) - Fraction(1, large) - Fraction(1, other), other),
        )
    )  # fmt: skip


def _rest(left: Fraction, first: int) -> list[tuple[str, int, int]]:
    """``left`` in two parts with denominators of less than 63 bits."""
    second = left.denominator // first
    # n/first + m/second = left, by the inverse of second modulo first.
    n = left.numerator * pow(second, -1, first) % first
    m = (left - Fraction(n, first)) * second
    if m < 0:
        n, m = n - first, m + second
    assert m.denominator == 1
    return [("q", n, first), ("q", int(m), second)]


RIGHT = (
    ("full", 2019, "a", 2, 1),
    ("author_fractional", 2019, "a", 3, 2),
    ("author_fractional", 2019, "", 1, 2),
)


def test_totals_that_can_be_right_pass() -> None:
    check_totals(totals(*RIGHT), {"author_fractional": 2}, ["full", "author_fractional"])
    # Nothing is asked of rules that were not chosen, nor of an institution without full counts.
    check_totals(totals(*RIGHT), {"author_fractional": 9}, ["full"])
    check_totals(totals(*RIGHT[1:]), {"author_fractional": 2}, ["author_fractional"])


def test_as_much_as_full_counting_is_not_more() -> None:
    rows = [("full", 2019, "a", 2, 1), ("first_author", 2019, "a", 2, 1)]
    check_totals(totals(*rows), {}, ["full", "first_author"])
    # Three thirds differ from one by rounding at most.
    thirds = [("full", 2019, "a", 1, 1), ("institution_fractional", 2019, "a", 3, 3)]
    check_totals(totals(*thirds), {"institution_fractional": 1}, ["institution_fractional"])


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (("first_author", 2019, "a", 3, 1), "a, 2019"),
        # Enough papers over both years, too many in one.
        (("first_author", 2020, "a", 1, 1), "a, 2020"),
        (("first_author", 2019, "b", 1, 100), "b, 2019"),
    ],
)
def test_more_papers_of_a_year_than_full_counting_stop_the_run(
    row: tuple[str, int, str, int, int], where: str
) -> None:
    with pytest.raises(InvariantError, match="more papers than full counting") as told:
        check_totals(totals(*RIGHT, row), {"author_fractional": 2}, ["full", "author_fractional"])
    assert where in str(told.value)


@pytest.mark.parametrize("rule", ["author_fractional", "first_author_fractional"])
def test_a_rule_that_shares_out_must_give_the_papers_it_counted(rule: str) -> None:
    rows = [("full", 2019, "a", 1, 1), (rule, 2019, "a", 1, 3), (rule, 2019, "", 1, 3)]
    with pytest.raises(InvariantError, match=f"{rule} gives 0.66.* papers of 1"):
        check_totals(totals(*rows), {rule: 1}, [rule])


def test_numerators_are_added_by_what_is_asked() -> None:
    rows = totals(
        ("full", 2019, "a", 1, 2), ("full", 2020, "a", 1, 3), ("full", 2019, "b", 5, 1),
        ("full", 2020, "a", 1, 2),
    )  # fmt: skip
    assert add(rows, ["institution_id"]).to_dict() == {"a": pytest.approx(4 / 3), "b": 5.0}
    assert add(rows, ["year", "institution_id"]).to_dict() == {
        (2019, "a"): 0.5, (2019, "b"): 5.0, (2020, "a"): pytest.approx(5 / 6),
    }  # fmt: skip
    found = add(rows.assign(year=pd.array([2019, None, 2019, None], dtype="Int64")), ["year"])
    assert found.tolist() == [pytest.approx(5.5), pytest.approx(5 / 6)]
    assert (found.name, found.dtype) == ("part", "float64")


parts_and_cuts = st.lists(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=6), min_size=0, max_size=6
)


@settings(deadline=None, max_examples=60)
@given(parts_and_cuts)
def test_every_stretch_is_summed_with_one_rounding(stretches: list[list[float]]) -> None:
    parts = np.array([value for stretch in stretches for value in stretch], dtype="float64")
    starts = np.cumsum([0, *(len(stretch) for stretch in stretches)])[:-1]
    found = sums_of_stretches(parts, starts)
    assert found == [math.fsum(stretch) for stretch in stretches]


def test_each_rule_counts_the_papers_whose_source_says_enough() -> None:
    assert counted_by_rule(10, 7, 3) == {
        "full": 10, "author_fractional": 7, "first_author": 7, "first_author_fractional": 7,
        "corresponding_author": 3, "institution_fractional": 10,
    }  # fmt: skip


def test_what_count_tells_of_a_corpus() -> None:
    papers = [
        Paper(("a", "b x"), 2019, corresponding=2),
        Paper(("a", "a"), 2020, announced=4),
        Paper(("a b", "?"), 2020, tie="paper"),
        Paper(("", ""), 2020),
    ]
    counts = written(papers, ENTITIES).counts
    credited = counts.credits.astype(object).where(counts.credits.notna(), None)
    assert credited.to_numpy().tolist() == [
        ["p0", "a", "domestic", 0.5],
        ["p0", "b", "domestic", 0.25],
        ["p0", "x", "foreign", 0.25],
        ["p1", "a", "domestic", 0.5],
        ["p2", "a", "domestic", None],
        ["p2", "b", "domestic", None],
    ]
    assert counts.untied == 1
    assert counts.has_fractional
    assert counts.counted == counted_by_rule(4, 3, 1)
    by_first = sorted(counts.first.itertuples(index=False, name=None))
    assert by_first == [("p0", "a"), ("p1", "a")]
    by_mail = sorted(counts.corresponding.itertuples(index=False, name=None))
    assert by_mail == [("p0", "b"), ("p0", "x")]
    nobody = counts.shares[counts.shares["institution_id"] == ""]
    parts = {row.paper_id: Fraction(row.numerator, row.denominator) for row in nobody.itertuples()}
    assert parts == {"p1": Fraction(1, 2), "p3": 1}
    whole = add(counts.totals, ["counting", "institution_id"])
    assert whole["institution_fractional"].to_dict() == {
        "": pytest.approx(4 / 3), "a": pytest.approx(5 / 3), "b": pytest.approx(2 / 3),
        "x": pytest.approx(1 / 3),
    }  # fmt: skip
    assert whole["first_author_fractional"].to_dict() == {"": 1, "a": 2}
    assert whole["full"].to_dict() == {"a": 3, "b": 2, "x": 1}
    assert set(counts.totals["year"]) == {2019, 2020}


def test_papers_of_no_year_are_counted_too() -> None:
    counts = written([Paper(("a",), None), Paper(("a",), 2019)], ENTITIES).counts
    assert add(counts.totals, ["counting", "institution_id"])["full", "a"] == 2
