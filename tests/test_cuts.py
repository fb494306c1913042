"""Cuts: the minimums of papers that list just as many institutions as were published."""

from __future__ import annotations

import numpy as np
import pytest

from bibliometrics.claims.cuts import Cut, common, cut_for, listed_at


@pytest.mark.parametrize(
    ("counts", "number", "cut"),
    [
        ([9, 7, 5, 5, 2], 2, Cut(6, 7)),
        ([9, 7, 5, 5, 2], 3, None),
        ([9, 7, 5, 5, 2], 5, Cut(1, 2)),
        ([9, 7, 5, 5, 0], 5, None),
        ([9, 7], 0, None),
        ([9, 7, 1, 0], 1, Cut(8, 9)),
        ([9, 1, 1, 0], 3, Cut(1, 1)),
        ([9, 8], 1, Cut(9, 9)),
        ([9, 7], 2, Cut(1, 7)),
        ([9, 7, 0], 3, None),
    ],
)
def test_a_cut_is_an_interval_of_minimums(counts: list[int], number: int, cut: Cut | None) -> None:
    assert cut_for(np.array(counts), number) == cut
    if cut is not None:
        assert (np.array(counts) >= cut.low).sum() == number == (np.array(counts) >= cut.high).sum()


def test_one_cut_for_both_groups_is_where_the_intervals_meet() -> None:
    assert common({"a": Cut(3, 9), "b": Cut(5, 12)}) == Cut(5, 9)
    assert common({"a": Cut(3, 4), "b": Cut(5, 12)}) is None
    assert common({"a": Cut(3, 4), "b": None}) is None
    assert common({"a": Cut(3, 5), "b": Cut(5, 12)}) == Cut(5, 5)
    assert common({}) is None
    assert listed_at(np.array([9, 7, 5]), Cut(7, 9)) == (1, 2)
    assert listed_at(np.array([9, 7, 5]), Cut(5, 8)) == (1, 3)
