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
from bibliometrics.study import Study

DRAWS = 1_000
_SEED = 2020


def change_interval(
    past: History, recounted: Recounted, studies: Mapping[str, Study], of_china: Sequence[bool]
) -> tuple[Values, Values]:
    """2.5 and 97.5 % of the change of each share over resamples of the union of both corpora.

    A paper that stands in both editions is drawn for both at once, within its year: the interval is
    of the change, and far narrower than that of two unrelated corpora. It tells how stable the
    change is, not how wrong it may be.
    """
    union = past.papers
    places = {
        side: recounted.credited[side, side, side].rows(union[side]) for side in ("before", "after")
    }
    years = union["year_after"].fillna(union["year_before"]).fillna(0).to_numpy(dtype=np.int64)
    strata = [np.flatnonzero(years == year) for year in np.unique(years)]
    random = np.random.default_rng(_SEED)
    drawn = np.empty((DRAWS, len(recounted.institutions)))
    shares = {
        side: _Share(recounted.credited[side, side, side], places[side], studies[side], of_china)
        for side in ("before", "after")
    }
    for draw in range(DRAWS):
        weights = np.zeros(len(union))
        for stratum in strata:
            chosen = random.integers(0, len(stratum), len(stratum))
            weights[stratum] = np.bincount(chosen, minlength=len(stratum))
        drawn[draw] = shares["after"].of(weights) - shares["before"].of(weights)
    low, high = np.quantile(drawn, (0.025, 0.975), axis=0)
    return low, high


class _Share:
    """Shares of one edition under weights of the union's papers."""

    def __init__(
        self,
        credits_: Credits,
        places: np.ndarray[Any, np.dtype[np.intp]],
        study: Study,
        of_china: Sequence[bool],
    ) -> None:
        there = np.flatnonzero(places >= 0)
        self._there = there
        self._basis: sparse.csr_matrix[Any] = (
            credits_.basis[places[there]].T.tocsr().astype(np.float64)
        )
        self._named = credits_.of_universities[places[there]]
        self._by = study.counting.share_denominator
        self._of_china = np.array(of_china, dtype=bool)

    def of(self, weights: Values) -> Values:
        own = weights[self._there]
        counts: Values = self._basis @ own
        denominator = {
            "papers_total": own.sum(),
            "sum_over_institutions": counts.sum(),
            "sum_over_mainland_universities": counts[self._of_china].sum(),
        }.get(self._by, own[self._named].sum())
        return counts / denominator if denominator else np.zeros(len(counts))
