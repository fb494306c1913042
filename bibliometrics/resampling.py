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


@dataclass(frozen=True)
class Resampled:
    """``draws`` (resamples × columns) of the column sums, and ``covariance`` (columns × columns).

    The covariance is the resampling's own, reckoned and not simulated: within a stratum of n papers
    Σ x_j x_k − (Σ x_j)(Σ x_k)/n, summed over strata; only of the columns asked for.
    """

    draws: Floats
    covariance: Floats


def resample(
    weights: sparse.csr_array, strata: Whole, draws: int, seed: int, covariance_of: Whole
) -> Resampled:
    """Resample the rows of ``weights`` (papers × columns) within ``strata`` (one number a paper).

    One resample at a time: memory is the result's, whatever the number of papers, and the order of
    additions is fixed, so that the same seed gives the same bytes.
    """
    order = np.argsort(strata, kind="stable")
    # scipy keeps the order of a row's entries, which is the order in which they are added.
    by_column = weights[order].T.tocsr()
    by_column.sort_indices()
    sizes = np.unique(strata, return_counts=True)[1]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    number = len(strata)
    rng = np.random.default_rng(seed)
    sums = np.empty((draws, weights.shape[1]))
    chosen = np.empty(number, dtype=np.int64)
    for draw in range(draws):
        for start, size in zip(starts, sizes, strict=True):
            chosen[start : start + size] = rng.integers(start, start + size, size)
        times = np.bincount(chosen, minlength=number).astype(np.float64)
        sums[draw] = by_column @ times
    return Resampled(sums, _covariance(by_column[covariance_of], starts, sizes))


def _covariance(by_column: sparse.csr_array, starts: Whole, sizes: Whole) -> Floats:
    together = (by_column @ by_column.T).toarray()
    of_stratum = sparse.csr_array(
        (
            np.ones(int(sizes.sum())),
            (np.arange(int(sizes.sum())), np.repeat(np.arange(len(sizes)), sizes)),
        )
    )
    sums = (by_column @ of_stratum).tocsc()
    for stratum, size in enumerate(sizes):
        column = sums[:, [stratum]]
        together -= (column @ column.T).toarray() / size
    return np.asarray(together, dtype=np.float64)
