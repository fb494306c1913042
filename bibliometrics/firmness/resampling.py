"""Resampling the papers of a corpus: what its counts would be, had other papers been written.

A stratified bootstrap over papers (Efron & Tibshirani 1993): each resample draws, within every
stratum, as many papers as it has, with replacement, so that the weights are multinomial. All
columns see the same resample: papers that two institutions share keep them tied together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

# Strata of fewer papers are joined: of 20 papers at most a twentieth of the variance is lost.
FEWEST = 20


@dataclass(frozen=True)
class Strata:
    """Papers laid out by stratum: ``order`` sorts them so, ``sizes`` tells how many each has."""

    order: Whole
    sizes: Whole

    @classmethod
    def of(cls, labels: Whole) -> Strata:
        """From one whole number a paper, e.g. its publication year.

        A stratum of n papers shows (n - 1)/n of its variance, and one of a single paper none at
        all, so that a few papers a year would look firm. Strata are joined with the following ones
        until they have ``FEWEST`` papers (collapsed strata: Cochran 1977); the last joins the one
        before.
        """
        sizes: list[int] = []
        open_ = 0
        for size in np.unique(labels, return_counts=True)[1].tolist():
            open_ += size
            if open_ >= FEWEST:
                sizes.append(open_)
                open_ = 0
        if open_ and sizes:
            sizes[-1] += open_
        elif open_:
            sizes.append(open_)
        order = np.argsort(labels, kind="stable").astype(np.int64)
        return cls(order, np.array(sizes, dtype=np.int64))


def resample(weights: sparse.csr_array, strata: Strata, draws: int, seed: int) -> Floats:
    """Column sums (resamples × columns) of ``weights`` (papers × columns) in each resample.

    One resample at a time: memory is the result's, whatever the number of papers, and additions
    have one order, so that the same seed gives the same bytes.
    """
    by_column = _by_column(weights, strata)
    number = len(strata.order)
    sizes = np.repeat(strata.sizes, strata.sizes)
    starts = np.repeat(np.cumsum(strata.sizes) - strata.sizes, strata.sizes)
    rng = np.random.default_rng(seed)
    sums = np.empty((draws, weights.shape[1]))
    for draw in range(draws):
        # A double below one times a whole number below 2^53 stays below it: no paper of the next
        # stratum is drawn.
        chosen = starts + (rng.random(number) * sizes).astype(np.int64)
        times = np.bincount(chosen, minlength=number).astype(np.float64)
        sums[draw] = by_column @ times
    return sums


def covariance(weights: sparse.csr_array, strata: Strata) -> Floats:
    """Covariance of the column sums under resampling: reckoned, not simulated.

    Within a stratum of n papers Σ x_j x_k − (Σ x_j)(Σ x_k)/n, summed over strata: the papers that
    two columns share make it positive.
    """
    by_column = _by_column(weights, strata)
    total: Floats = (by_column @ by_column.T).toarray().astype(np.float64)
    starts = np.cumsum(strata.sizes) - strata.sizes
    for start, size in zip(starts, strata.sizes, strict=True):
        of_stratum = by_column[:, start : start + size].sum(axis=1)
        filled = np.flatnonzero(of_stratum)
        total[np.ix_(filled, filled)] -= np.outer(of_stratum[filled], of_stratum[filled]) / size
    return total


def _by_column(weights: sparse.csr_array, strata: Strata) -> sparse.csr_array:
    by_column = weights[strata.order].T.tocsr()
    by_column.sort_indices()
    return by_column
