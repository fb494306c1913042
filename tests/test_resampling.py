"""Strata of the bootstrap: none so small that it cannot vary."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from bibliometrics.firmness.resampling import FEWEST, Strata, covariance


def test_a_paper_a_year_is_drawn_with_its_neighbours() -> None:
    # 40 years of one paper each, half of them of the institution: Binomial, not certainty.
    held = sparse.csr_array(np.array([[year % 2] for year in range(40)], dtype=float))
    strata = Strata.of(np.arange(1980, 2020))
    assert strata.sizes.tolist() == [20, 20]
    assert covariance(held, strata)[0, 0] == pytest.approx(40 * 0.25)


@pytest.mark.parametrize(
    ("years", "sizes"),
    [
        ({2018: 50, 2019: 60}, [50, 60]),
        ({2000: 3, 2001: 4, 2018: 50, 2019: 60}, [57, 60]),
        ({2018: 50, 2019: 60, 2020: FEWEST - 1}, [50, 60 + FEWEST - 1]),
        ({2018: 2, 2019: 3}, [5]),
        ({}, []),
    ],
)
def test_small_strata_are_joined_in_order_and_none_is_lost(
    years: dict[int, int], sizes: list[int]
) -> None:
    labels = np.repeat(list(years), list(years.values())).astype(np.int64)[::-1]
    strata = Strata.of(labels)
    assert strata.sizes.tolist() == sizes
    assert (np.diff(labels[strata.order]) >= 0).all()
