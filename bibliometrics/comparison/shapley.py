"""How much of a change each cause made: the average over all orders in which they could come."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from bibliometrics.errors import InvariantError

Values = np.ndarray[Any, np.dtype[Any]]
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Parts:
    """One row a cause, one column a figure; ``least`` and ``most`` over the orders of causes."""

    average: Values
    least: Values
    most: Values


def shapley(values: Values) -> Parts:
    """Split the change from the first to the last state among the causes (Shapley, 1953).

    Parameters
    ----------
    values : (2^n, k). Row s holds k figures in the state in which the causes whose bit is set in s
        have acted; row 0 is before, the last row after.

    Returns
    -------
    Parts of shape (n, k). ``average`` sums over causes to the whole change: exactly for whole
    numbers, whose weights are kept whole until one last division.

    Raises
    ------
    InvariantError : the parts do not sum to the change.
    """
    states = len(values)
    n = states.bit_length() - 1
    whole = np.issubdtype(values.dtype, np.integer)
    orders = math.factorial(n)
    average = np.zeros((n, values.shape[1]), dtype=np.int64 if whole else np.float64)
    least = np.full(average.shape, np.inf)
    most = np.full(average.shape, -np.inf)
    for cause in range(n):
        without = [state for state in range(states) if not state >> cause & 1]
        for state in without:
            step = values[state | 1 << cause] - values[state]
            size = state.bit_count()
            weight = math.factorial(size) * math.factorial(n - size - 1)
            average[cause] += step * weight if whole else step * (weight / orders)
            least[cause] = np.minimum(least[cause], step)
            most[cause] = np.maximum(most[cause], step)
    change = values[-1] - values[0]
    total = average.sum(axis=0)
    if n and np.abs(total - change * (orders if whole else 1)).max(initial=0) > _TOLERANCE:
        raise InvariantError(
            "the parts of a change do not sum to it",
            hint="this is a fault of the program: please report it",
        )
    return Parts(average / orders if whole else average, least, most)
