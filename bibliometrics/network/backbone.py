"""Which ties stand out: for the eye (disparity filter), and against chance (with correction).

The two answer different questions. The disparity filter compares the ties of one node with each
other and thins a picture. A network of institutions is a projection of papers, in which large
papers tie everybody on them: whether two institutions work together more than chance is asked of
the papers (Neal, Domagalski & Sagan, 2021).
"""

from __future__ import annotations

import numpy as np
from scipy import special

from bibliometrics.network.graph import Floats, TieList

LEVEL = 0.05


def disparity(ties: TieList) -> Floats:
    """(1 − w/s)^(k−1) at the end where it is smaller (Serrano, Boguñá & Vespignani, 2009).

    The chance of a tie of that weight or more if a node dealt its strength at random over its k
    ties; 1 at an end with one tie, which has nothing to compare.
    """
    strength, degree = ties.strength, ties.degree
    ends = []
    for end in (ties.source, ties.target):
        rest = np.clip(1 - ties.weight / strength[end], 0, 1)
        ends.append(np.where(degree[end] > 1, rest ** (degree[end] - 1), 1.0))
    return np.minimum(*ends)


def expected(ties: TieList) -> Floats:
    """Papers together if pairs were drawn by chance, each end by its strength, without repetition.

    ``ties`` with full weights (papers together). s_i·s_j/2·(1/(S−s_i) + 1/(S−s_j)), S = Σ s: the
    form corrected after Steijn (2021). It sums to the number of pairs, where s_i·s_j/S, which
    association strength divides by, sums to less, because nobody pairs with itself.
    """
    strength = ties.strength
    whole = strength.sum()
    a, b = strength[ties.source], strength[ties.target]
    met: Floats = a * b / 2 * (1 / (whole - a) + 1 / (whole - b))
    return met


def chance(ties: TieList, papers: int) -> Floats:
    """Chance of as many papers together or more if institutions met as in ``expected``.

    The count is a sum over ``papers`` (those of two institutions or more) of unequal chances whose
    mean is expected/papers. A binomial of that mean bounds its tail from above wherever the count
    is one above the expectation or more (Hoeffding, 1956): the test errs towards chance.
    """
    mean = np.clip(expected(ties) / max(papers, 1), 0, 1)
    # The tail of a binomial from w on is the incomplete beta function I(mean; w, papers - w + 1).
    return np.asarray(
        special.betainc(ties.weight, papers - ties.weight + 1, mean), dtype=np.float64
    )


def holm(values: Floats, tested: int) -> Floats:
    """``values`` corrected for ``tested`` tests (Holm, 1979); those not given had the value 1."""
    order = np.argsort(values, kind="stable")
    left = tested - np.arange(len(values))
    raised = np.minimum(1.0, np.maximum.accumulate(values[order] * left))
    corrected = np.empty(len(values))
    corrected[order] = raised
    return corrected
