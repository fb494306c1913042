"""The family of lists that satisfy the constraints: what is forced, what is open.

The criterion is the number of papers in the edition; the report names no threshold. A list of the
family satisfies every hard constraint and has at least (1 - tolerance) of the largest criterion
that any list has. Solved by integer programming (HiGHS, through scipy). This proposes a family,
never one list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from bibliometrics.lists.constraints import Constraint

Array = npt.NDArray[np.float64]
_MANY = 1_000_000
_HALF = 0.5


@dataclass(frozen=True)
class Candidate:
    institution_id: str
    name_en: str
    province: str
    authority: str
    criterion: float


@dataclass(frozen=True)
class Row:
    """``low`` ≤ Σ weights · variables ≤ ``high``, under the name of its constraint.

    ``is_link`` marks rows that only say what a province in use is: they ask for nothing.
    """

    name: str
    weights: tuple[tuple[int, float], ...]
    low: float
    high: float
    is_link: bool = False


@dataclass(frozen=True)
class Problem:
    """Candidates and linear rows. Variables: one a candidate, then one a province (1: in use)."""

    candidates: tuple[Candidate, ...]
    rows: tuple[Row, ...]
    fixed: frozenset[str]

    @cached_property
    def provinces(self) -> tuple[str, ...]:
        return tuple(sorted({candidate.province for candidate in self.candidates}))

    @cached_property
    def criterion(self) -> Array:
        return np.array([candidate.criterion for candidate in self.candidates])

    @cached_property
    def cells(self) -> dict[tuple[str, str, bool], list[int]]:
        """Candidates by province, authority and whether named: within one they can be exchanged."""
        cells: dict[tuple[str, str, bool], list[int]] = {}
        for at, c in enumerate(self.candidates):
            cell = c.province, c.authority, c.institution_id in self.fixed
            cells.setdefault(cell, []).append(at)
        return cells

    @cached_property
    def room(self) -> dict[str, int]:
        """The most members that a row on one province alone, or on all, lets it have."""
        room: dict[str, int] = {}
        for row in self.rows:
            touched = {
                self.candidates[at].province for at, _ in row.weights if at < len(self.candidates)
            }
            is_plain = all(weight == 1 and at < len(self.candidates) for at, weight in row.weights)
            if is_plain and len(touched) == 1 and len(row.weights) > 1:
                province = touched.pop()
                room[province] = min(room.get(province, _MANY), int(row.high))
        return room

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the constraints, each once, in order."""
        return tuple(dict.fromkeys(row.name for row in self.rows))

    def without(self, names: frozenset[str]) -> Problem:
        """The problem with the constraints of these names left out."""
        kept = tuple(row for row in self.rows if row.name not in names)
        return replace(self, rows=kept)


def problem_of(candidates: Sequence[Candidate], constraints: Sequence[Constraint]) -> Problem:
    """The hard, linear constraints on a list of ``candidates``; the others stay verdicts."""
    chosen = tuple(sorted(candidates, key=lambda c: (-c.criterion, c.institution_id)))
    empty = Problem(chosen, (), frozenset())
    named = tuple(c.place for c in constraints if c.place and c.operator == "==")
    rows: list[Row] = []
    fixed: set[str] = set()
    for constraint in constraints:
        rows += _rows(constraint, empty, named)
        if constraint.operator == "all of" and constraint.kind != "soft":
            wanted = {name.strip() for name in constraint.value.split(";")}
            fixed |= {c.institution_id for c in chosen if c.name_en in wanted}
    return Problem(chosen, tuple(rows), frozenset(fixed))


def _rows(constraint: Constraint, problem: Problem, named: tuple[str, ...]) -> Iterator[Row]:
    size = len(problem.candidates)
    name, operator = constraint.constraint_id, constraint.operator

    def chosen(belongs: Callable[[Candidate], bool]) -> tuple[tuple[int, float], ...]:
        return tuple((at, 1.0) for at, c in enumerate(problem.candidates) if belongs(c))

    if operator == "all of" and constraint.kind != "soft":
        for wanted in (name_.strip() for name_ in constraint.value.split(";")):
            yield Row(name, chosen(lambda c, w=wanted: c.name_en == w), 1, 1)  # type: ignore[misc]
        return
    if operator not in {"==", "<="} or not constraint.value.isdigit():
        return
    value = float(constraint.value)
    low = value if operator == "==" else 0.0
    if constraint.key == "all":
        yield Row(name, chosen(lambda _: True), low, value)
    elif constraint.place:
        yield Row(name, chosen(lambda c: c.province == constraint.place), low, value)
    elif constraint.authority:
        yield Row(name, chosen(lambda c: c.authority == constraint.authority), low, value)
    elif constraint.key == "distinct province":
        yield Row(name, tuple((size + n, 1.0) for n in range(len(problem.provinces))), low, value)
        for number, province in enumerate(problem.provinces):
            inside = chosen(lambda c, p=province: c.province == p)  # type: ignore[misc]
            yield Row(name, (*inside, (size + number, -1.0)), 0, _MANY, is_link=True)
            most = (*inside, (size + number, -float(len(inside))))
            yield Row(name, most, -_MANY, 0, is_link=True)
    elif constraint.key.startswith("each province other than"):
        for province in problem.provinces:
            if province not in named:
                yield Row(
                    name,
                    chosen(lambda c, p=province: c.province == p),  # type: ignore[misc]
                    0,
                    value,
                )


@dataclass(frozen=True)
class Solution:
    value: float
    members: tuple[str, ...]


def solve(
    problem: Problem, criterion: Array | None = None, force: Mapping[int, int] | None = None,
    *, break_ties: bool = True,
) -> Solution | None:  # fmt: skip
    """The list of largest criterion; ``None``: no list satisfies the constraints.

    ``force`` sets candidates (by place) to 0 or 1. Among lists of one value, the one whose members
    stand first by criterion and id: solvers, and versions of one, then agree.
    """
    size, width = len(problem.candidates), len(problem.candidates) + len(problem.provinces)
    weight = problem.criterion if criterion is None else criterion
    low, high = np.zeros(width), np.ones(width)
    high[:size] = _worth_asking(problem, weight)
    for at, set_to in (force or {}).items():
        low[at] = high[at] = set_to
    matrix = matrix_of(problem.rows, width)
    objective = np.concatenate([-weight, np.zeros(width - size)])
    found = minimise(objective, matrix, low, high)
    if found is None:
        return None
    value = float(weight @ found[:size])
    if break_ties:
        weights = tuple((at, float(w)) for at, w in enumerate(weight) if w)
        keep = Row("value", weights, value - 0.5e-6 * max(value, 1), np.inf)
        order = np.concatenate([np.arange(1, size + 1, dtype=float), np.zeros(width - size)])
        again = minimise(order, matrix_of((*problem.rows, keep), width), low, high)
        found = found if again is None else again
    members = tuple(c.institution_id for c, x in zip(problem.candidates, found[:size]) if x > 0.5)
    return Solution(value, members)


def _worth_asking(problem: Problem, weight: Array) -> Array:
    """1 for the best of each province and authority, one more than the province can hold.

    The others can be in no best list, even where one of these is kept out: another of them could
    stand in their place.
    """
    asked = np.zeros(len(weight))
    for (province, _, _), places in problem.cells.items():
        falling = sorted(places, key=lambda at: (-weight[at], at))
        asked[falling[: problem.room.get(province, len(places)) + 1]] = 1
    return asked


def matrix_of(rows: Sequence[Row], width: int) -> LinearConstraint:
    """The rows over ``width`` variables."""
    down = [n for n, row in enumerate(rows) for _ in row.weights]
    across = [at for row in rows for at, _ in row.weights]
    values = [weight for row in rows for _, weight in row.weights]
    matrix = coo_array((values, (down, across)), shape=(len(rows), width)).tocsr()
    return LinearConstraint(matrix, [row.low for row in rows], [row.high for row in rows])


def minimise(objective: Array, matrix: LinearConstraint, low: Array, high: Array) -> Array | None:
    """The whole-number solution of least objective; ``None``: there is none."""
    answer = milp(
        objective,
        constraints=matrix,
        bounds=Bounds(low, high),
        integrality=np.ones(len(objective), dtype="int64"),
        options={"mip_rel_gap": 0.0},
    )
    return None if answer.x is None else np.round(answer.x)


@dataclass(frozen=True)
class Family:
    """``forced`` maps an id to in, out or open; ``frequency`` to its part of perturbed optima."""

    best: Solution
    floor: float
    forced: dict[str, str]
    frequency: dict[str, float]
    draws: int


def family(
    problem: Problem, tolerance: float, draws: int, seed: int, spread: float
) -> Family | None:
    """All lists within ``tolerance`` of the best, seen through what they share.

    ``draws`` optima are taken with every criterion, half a paper added (or those without a paper
    could not be told apart), multiplied by exp(spread · N(0, 1)), ``seed`` fixing them: how often
    a candidate is in says how much hangs on small differences.
    """
    best = solve(problem)
    if best is None:
        return None
    floor = best.value * (1 - tolerance)
    forced = _forced(problem, floor)
    generator = np.random.default_rng(seed)
    hits = dict.fromkeys((c.institution_id for c in problem.candidates), 0)
    for _ in range(draws):
        noise = np.exp(spread * generator.standard_normal(len(problem.candidates)))
        found = solve(problem, (problem.criterion + _HALF) * noise, break_ties=False)
        for member in found.members if found else ():
            hits[member] += 1
    frequency = {who: n / draws if draws else 0.0 for who, n in hits.items()}
    return Family(best, floor, forced, frequency, draws)


def _forced(problem: Problem, floor: float) -> dict[str, str]:
    """Who is in every list of the family, and who in none.

    Candidates of one province and authority can be exchanged: who is better than one that must be
    in must be in, who is worse than one that cannot be in cannot be. So a search by halves in each
    such cell finds where it begins.
    """
    forced: dict[str, str] = {}
    for places in problem.cells.values():

        def reaches(at: int, value: int) -> bool:
            found = solve(problem, force={at: value}, break_ties=False)
            return found is not None and found.value >= floor - 1e-6

        first_free = _first(places, lambda at: reaches(at, 0))
        first_out = _first(places, lambda at: not reaches(at, 1))
        for place, at in enumerate(places):
            who = problem.candidates[at].institution_id
            forced[who] = "forced in" if place < first_free else "open"
            if place >= first_out:
                forced[who] = "forced out"
    return forced


def _first(cell: Sequence[int], holds: Callable[[int], bool]) -> int:
    """The place of the first in ``cell`` for which it holds; it then holds for all after."""
    low, high = 0, len(cell)
    while low < high:
        middle = (low + high) // 2
        if holds(cell[middle]):
            high = middle
        else:
            low = middle + 1
    return low


def reading(status: str, frequency: float) -> str:
    """in, out, or toss-up: forced, or in (out of) more than nineteen of twenty perturbed optima."""
    if status != "open":
        return status.removeprefix("forced ")
    if frequency > 0.95:
        return "in"
    return "out" if frequency < 0.05 else "toss-up"
