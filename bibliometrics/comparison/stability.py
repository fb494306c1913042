"""How a change of share would vary had other papers been drawn: both editions at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from bibliometrics.comparison.credits import Recounted
from bibliometrics.comparison.history import History
from bibliometrics.comparison.shapley import Values
from bibliometrics.comparison.states import Credits
from bibliometrics.firmness.resampling import Strata, resample
from bibliometrics.study.model import Study

DRAWS = 1_000


def change_interval(
    past: History, recounted: Recounted, studies: Mapping[str, Study], of_china: Sequence[bool]
) -> tuple[Values, Values]:
    """2.5 and 97.5 % of the change of each share over resamples of the union of both corpora.

    A paper that stands in both editions is drawn for both at once, within its year: the interval is
    of the change, and far narrower than that of two unrelated corpora. It tells how stable the
    change is, not how wrong it may be.
    """
    union = past.papers
    years = union["year_after"].fillna(union["year_before"]).fillna(0).to_numpy(dtype=np.int64)
    sides = ("before", "after")
    columns = [
        _columns(credits_, credits_.rows(union[side]))
        for side in sides
        for credits_ in (recounted.credited[side, side, side],)
    ]
    # The seed of the later study: it is the one whose page this is.
    seed = studies["after"].uncertainty.seed
    drawn = resample(sparse.csr_array(sparse.hstack(columns)), Strata.of(years), DRAWS, seed)
    halves = np.split(drawn, 2, axis=1)
    shares = {
        side: _shares(half, studies[side], np.array(of_china, dtype=bool))
        for side, half in zip(sides, halves, strict=True)
    }
    low, high = np.quantile(shares["after"] - shares["before"], (0.025, 0.975), axis=0)
    return low, high


def _columns(
    credits_: Credits, rows: np.ndarray[Any, np.dtype[np.intp]]
) -> sparse.coo_array[Any, Any]:
    """Union of papers × (each institution's weight, is there, is of a mainland university)."""
    there = rows >= 0
    chosen = sparse.csr_array(
        (np.ones(int(there.sum())), (np.flatnonzero(there), rows[there])),
        shape=(len(rows), len(credits_.papers)),
    )
    own = sparse.csr_array(credits_.basis.astype(np.float64))
    marks = np.column_stack([np.ones(len(credits_.papers)), credits_.of_universities])
    whole = sparse.hstack([own, sparse.csr_array(marks.astype(np.float64))])
    return sparse.coo_array(chosen @ sparse.csr_array(whole))


def _shares(sums: Values, study: Study, of_china: np.ndarray[Any, np.dtype[np.bool_]]) -> Values:
    counts, papers, named = sums[:, :-2], sums[:, -2], sums[:, -1]
    denominator = {
        "papers_total": papers,
        "sum_over_institutions": counts.sum(axis=1),
        "sum_over_mainland_universities": counts[:, of_china].sum(axis=1),
    }.get(study.counting.share_denominator, named)
    whole = denominator[:, None]
    shares: Values = np.divide(counts, whole, out=np.zeros_like(counts), where=whole > 0)
    return shares
