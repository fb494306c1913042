"""The figures of every state between two editions: some causes have acted, others have not."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from bibliometrics.comparison.history import BEHAVIOUR
from bibliometrics.comparison.shapley import Values
from bibliometrics.study.model import Study

_PRESENCE = {"query": "query", "window": "new_years", "geography": "policy"}


@dataclass(frozen=True)
class Credits:
    """What one side's papers count for under one registry and one policy.

    ``full`` and ``basis`` are papers × institutions (rows as in ``papers``): 0 or 1, and the weight
    by the study's counting rule. ``of_universities`` marks papers of a mainland university.
    ``is_counted``: false where no record supports the rule, so that every weight of it is zero.
    """

    papers: pd.Index[str]
    full: sparse.csr_matrix[Any]
    basis: sparse.csr_matrix[Any]
    of_universities: np.ndarray[Any, np.dtype[np.bool_]]
    is_counted: bool = True

    def rows(self, ids: pd.Series[str]) -> np.ndarray[Any, np.dtype[np.intp]]:
        """The row of each paper id; -1: not among these papers."""
        return self.papers.get_indexer(pd.Index(ids.astype(object)))


# version (before, after), registry of (before, after), policy of (before, after)
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Figures:
    """Of one state: papers and share by institution, and the denominator of the shares."""

    papers: Values
    basis: Values
    denominator: float

    @property
    def share(self) -> Values:
        return self.basis / self.denominator if self.denominator else np.zeros(len(self.basis))


class States:
    """Computes the figures of any state from sums over papers that behave alike."""

    def __init__(
        self,
        papers: pd.DataFrame,
        credited: Mapping[Key, Credits],
        studies: Mapping[str, Study],
        universities: Sequence[bool],
    ) -> None:
        self._studies = studies
        self._universities = np.array(universities, dtype=bool)
        self._groups = [
            _Group(dict(zip(BEHAVIOUR, key, strict=True)), rows, credited)
            for key, rows in papers.groupby(list(BEHAVIOUR), sort=True)
        ]

    def figures(self, acted: frozenset[str]) -> Figures:
        """The figures where just the causes in ``acted`` have acted."""
        registry = "after" if "registry" in acted else "before"
        policy = "after" if "policy" in acted else "before"
        shown = [(group, group.version(acted)) for group in self._groups]
        sums = [group.sums[version, registry, policy] for group, version in shown if version]
        if not sums:
            empty = np.zeros(len(self._universities))
            return Figures(empty.astype(np.int64), empty, 0.0)
        full = np.sum([item.full for item in sums], axis=0)
        basis = np.sum([item.basis for item in sums], axis=0)
        chosen = self._studies[policy].counting.share_denominator
        if chosen == "papers_total":
            denominator = float(sum(item.papers for item in sums))
        elif chosen == "sum_over_institutions":
            denominator = float(basis.sum())
        elif chosen == "sum_over_mainland_universities":
            denominator = float(basis[self._universities].sum())
        else:
            denominator = float(sum(item.papers_of_universities for item in sums))
        return Figures(full.astype(np.int64), basis, denominator)

    def all(self, players: Sequence[str]) -> list[Figures]:
        """2^n states; the bit of player k is set in the states in which it has acted."""
        return [
            self.figures(frozenset(itertools.compress(players, _bits(state, len(players)))))
            for state in range(1 << len(players))
        ]


def _bits(state: int, n: int) -> list[int]:
    return [state >> place & 1 for place in range(n)]


@dataclass(frozen=True)
class _Sums:
    papers: int
    papers_of_universities: int
    full: Values
    basis: Values


class _Group:
    """Papers that are there, or not, in the same states."""

    def __init__(
        self, behaviour: Mapping[str, Any], rows: pd.DataFrame, credited: Mapping[Key, Credits]
    ) -> None:
        self._where = str(behaviour["where"])
        self._cause = str(behaviour["record_cause"])
        self._passes = {
            side: {cause: bool(behaviour[f"{test}_{side}"]) for test, cause in _PRESENCE.items()}
            for side in ("before", "after")
        }
        self.sums = {
            key: _summed(rows[key[0]], credits_)
            for key, credits_ in credited.items()
            if self._where in {"both", key[0]}
        }

    def version(self, acted: frozenset[str]) -> str | None:
        """Which record stands in the state: before, after, or none."""
        moved = self._cause in acted
        if self._where == "before":
            version = None if moved else "before"
        elif self._where == "after":
            version = "after" if moved or not self._cause else None
        else:
            version = "after" if moved else "before"
        if version is None:
            return None
        for cause, passes in self._passes[version].items():
            foreign = (cause in acted) == (version == "before")
            if foreign and not passes:
                return None
        return version


def _summed(ids: pd.Series[str], credits_: Credits) -> _Sums:
    places = credits_.rows(ids)
    return _Sums(
        papers=len(places),
        papers_of_universities=int(credits_.of_universities[places].sum()),
        full=np.asarray(credits_.full[places].sum(axis=0)).ravel(),
        basis=np.asarray(credits_.basis[places].sum(axis=0)).ravel(),
    )
