"""What an audit found confused with what, as strings that weigh in where a wrong string goes.

Each institution that a string could be confused with counts for one string (what the registry's
ambiguous names and alike names allow); the wrong strings of the audit count beside it, each with
the institution that was right. With the marks of a taken institution the parts are uncertain, so
that they are drawn: Dirichlet, the strings its parameters.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
NOBODY = -1

Marks = Mapping[int, Mapping[int, float]]
"""Place that was given → place that is right → strings; ``NOBODY`` is whoever has no place."""


@dataclass(frozen=True)
class Confused:
    """A string of the audit that was answered wrongly, and how many strings it stands for."""

    given: frozenset[str]
    true: frozenset[str]
    weight: float


def marks_by_place(wrong: Iterable[Confused], place: Callable[[str], int]) -> Marks:
    """How many strings say that an institution was taken for another; ``place`` numbers these.

    The strings of a given institution count as many as their effective number (Kish 1965), each in
    the part of its weight; what is right twice shares it alike. A string that lacks an institution
    beside a right one says nothing here: no claim of its own is wrong.
    """
    seen: dict[int, list[tuple[float, list[int]]]] = defaultdict(list)
    for each in wrong:
        given, true = ({place(name) for name in names} - {NOBODY}
                       for names in (each.given, each.true))  # fmt: skip
        right = sorted(true - given) or [NOBODY]
        for taken in sorted(given - true) if given else [NOBODY]:
            if right != [taken]:
                seen[taken].append((each.weight, right))
    return {taken: _strings(parts) for taken, parts in sorted(seen.items())}


def _strings(parts: Sequence[tuple[float, list[int]]]) -> dict[int, float]:
    total = math.fsum(weight for weight, _ in parts)
    effective = total**2 / math.fsum(weight * weight for weight, _ in parts)
    found: dict[int, float] = defaultdict(float)
    for weight, right in parts:
        for true in right:
            found[true] += effective * weight / total / len(right)
    return dict(sorted(found.items()))


class Confusers:
    """Whom each claim could be confused with: a list for each, in the order they are added."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._lists: list[Whole] = []
        self._keys: list[Whole] = []
        self._numbers: dict[tuple[int, int, bool], int] = {}
        self._strings: list[float] = []

    def add(self, claimed: int, own: Sequence[int], alike: set[int]) -> bool:
        """The list of a claim of ``claimed``, whose string counts for ``own``; ``alike`` are those
        it could be confused with. False, and no list, where there is nobody to go to.
        """
        marks = self._marks.get(claimed, {})
        possible = alike - set(own)
        if claimed == NOBODY:
            # Whose a string could be that counts for nobody, only its own candidates say.
            places = sorted(possible)
            if not places:
                return False
        else:
            others = (possible | set(marks)) - set(own) - {NOBODY}
            places = [*sorted(others), NOBODY]
            possible.add(NOBODY)
        self._lists.append(np.array(places, dtype=np.int64))
        keys = []
        if not marks.keys().isdisjoint(places):
            for place in places:
                key = claimed, place, place in possible
                if key not in self._numbers:
                    self._numbers[key] = len(self._strings)
                    self._strings.append(key[2] + marks.get(place, 0.0))
                keys.append(self._numbers[key])
        self._keys.append(np.array(keys, dtype=np.int64))
        return True

    def lists(self) -> Lists:
        """What was added, to draw from."""
        return Lists(self._lists, self._keys, np.array(self._strings))


class Lists:
    """The lists of ``Confusers``. ``keys`` name, for the lists that marks weigh in, the parameter
    of each place in ``strings``, so that all strings of an institution see the same drawn parts."""

    def __init__(self, lists: Sequence[Whole], keys: Sequence[Whole], strings: Floats) -> None:
        self._places = np.concatenate(lists) if lists else np.array([], dtype=np.int64)
        self._sizes = np.array([len(each) for each in lists], dtype=np.int64)
        self._first = np.cumsum(self._sizes) - self._sizes
        self._keys = np.concatenate(keys) if keys else np.array([], dtype=np.int64)
        marked = np.array([len(each) for each in keys], dtype=np.int64)
        self._first_key = np.cumsum(marked) - marked
        self._is_marked = marked > 0
        self._strings = strings

    def __getitem__(self, claim: int) -> Whole:
        found: Whole = self._places[self._first[claim] :][: self._sizes[claim]]
        return found

    def drawn(self, wrong: Whole, rng: np.random.Generator) -> Whole:
        """Where each of the claims ``wrong`` goes: each place alike where no mark says more."""
        chance = rng.random(len(wrong))
        picked = self._first[wrong] + (chance * self._sizes[wrong]).astype(np.int64)
        if len(self._strings):
            # Gamma variables are the parts of a Dirichlet one, but for their sum.
            parts = rng.standard_gamma(self._strings)
            marked = np.flatnonzero(self._is_marked[wrong])
            picked[marked] = self._by_parts(wrong[marked], chance[marked], parts)
        found: Whole = self._places[picked]
        return found

    def _by_parts(self, wrong: Whole, chance: Floats, parts: Floats) -> Whole:
        sizes = self._sizes[wrong]
        ends = np.cumsum(sizes)
        starts = ends - sizes
        weights = parts[self._keys[ranges(self._first_key[wrong], sizes)]]
        reached = np.concatenate([[0.0], np.cumsum(weights)])
        low, high = reached[starts], reached[ends]
        place = np.searchsorted(reached, low + chance * (high - low), side="right") - 1
        found: Whole = self._first[wrong] + np.clip(place, starts, ends - 1) - starts
        return found


def ranges(starts: Whole, sizes: Whole) -> Whole:
    """The whole numbers of all ranges, one after the other."""
    if not len(sizes):
        return np.array([], dtype=np.int64)
    ends = np.cumsum(sizes)
    found: Whole = np.arange(ends[-1]) + np.repeat(starts - ends + sizes, sizes)
    return found
