"""Where no list satisfies the constraints: which cannot hold together, and by how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bibliometrics.errors import InvariantError
from bibliometrics.lists.proposal import Problem, Row, matrix_of, minimise, solve


@dataclass(frozen=True)
class Gap:
    """How far the lists that satisfy the others of its conflict stay from one constraint.

    ``short`` and ``over`` are universities: too few, too many. Both may be, where a constraint
    asks several things.
    """

    name: str
    short: int
    over: int

    def __str__(self) -> str:
        told = [f"{self.short} too few"] * bool(self.short) + [f"{self.over} too many"] * bool(
            self.over
        )
        return f"{self.name}: at best {' and '.join(told)}"


def conflict(problem: Problem) -> tuple[str, ...]:
    """The names of constraints that cannot hold together, none of which can be left out of them.

    A deletion filter (Chinneck & Dravnieks, 1991) over the named constraints; empty: no conflict.
    """
    if solve(problem, break_ties=False) is not None:
        return ()
    dropped: frozenset[str] = frozenset()
    for name in problem.names:
        if solve(problem.without(dropped | {name}), break_ties=False) is None:
            dropped |= {name}
    return tuple(name for name in problem.names if name not in dropped)


def conflicts(problem: Problem) -> Iterator[tuple[Gap, ...]]:
    """Conflicts that share no constraint, until the constraints in none of them can hold.

    A single one would leave its reader to mend it and meet the next.
    """
    left = problem
    while names := conflict(left):
        yield tuple(_gap(problem, name, frozenset(names)) for name in names)
        left = left.without(frozenset(names))


def _gap(problem: Problem, name: str, together: frozenset[str]) -> Gap:
    """The least by which ``name`` must be missed for the others of ``together`` to hold."""
    width = len(problem.candidates) + len(problem.provinces)
    rows = [row for row in problem.rows if row.name in together]
    asking = [at for at, row in enumerate(rows) if row.name == name and not row.is_link]
    slack = {at: width + 2 * number for number, at in enumerate(asking)}
    elastic = [
        Row(row.name, (*row.weights, (slack[at], 1.0), (slack[at] + 1, -1.0)), row.low, row.high)
        if at in slack
        else row
        for at, row in enumerate(rows)
    ]
    whole = width + 2 * len(asking)
    high = np.ones(whole)
    high[width:] = len(problem.candidates) + max(abs(row.low) for row in rows)
    objective = np.concatenate([np.zeros(width), np.ones(whole - width)])
    found = minimise(objective, matrix_of(elastic, whole), np.zeros(whole), high)
    if found is None:
        raise InvariantError(
            f"{name} belongs to a conflict, and missing it does not end the conflict",
            hint="report this with the file of constraints",
        )
    missed = found[width:]
    return Gap(name, int(missed[::2].sum()), int(missed[1::2].sum()))
