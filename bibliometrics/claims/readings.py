"""A corpus counted again under other choices, without matching or reading anything again.

Affiliations that name the same institutions in the same way are one *signature*; a roll-up policy
is applied to signatures, not to strings, and papers are counted on arrays. The definitions are
those of ``counting`` and ``ranking``: at the study's own choices the figures are the edition's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bibliometrics.attribution.rollup import RollUp, counted_ids, is_hospital
from bibliometrics.entities import Answered
from bibliometrics.institutions import Registry

Array = npt.NDArray[Any]
Signature = tuple[Any, ...]


class Signatures:
    """The distinct ways in which the strings of a corpus name institutions.

    ``of`` maps an affiliation id to the number of its signature. A study without registry has no
    policy to vary: ``fixed`` then gives the ids of each affiliation.
    """

    def __init__(self, answered: Iterable[Answered], registry: Registry) -> None:
        self._registry = registry
        self._examples: list[Answered] = []
        self.of: dict[int, int] = {}
        numbers: dict[Signature, int] = {}
        for row in answered:
            key = _signature(row)
            if key not in numbers:
                numbers[key] = len(numbers)
                self._examples.append(row)
            self.of[row.affiliation_id] = numbers[key]
        self._ids: dict[RollUp, tuple[tuple[str, ...], ...]] = {}
        self._fixed: list[tuple[str, ...]] | None = None

    @classmethod
    def fixed(cls, ids: Mapping[int, tuple[str, ...]], registry: Registry) -> Signatures:
        """Signatures of affiliations whose institutions no policy changes."""
        made = cls((), registry)
        distinct = {group: number for number, group in enumerate(sorted(set(ids.values())))}
        made.of = {affiliation: distinct[group] for affiliation, group in ids.items()}
        made._fixed = list(distinct)
        return made

    @property
    def has_policies(self) -> bool:
        return self._fixed is None

    def ids(self, policy: RollUp) -> tuple[tuple[str, ...], ...]:
        """Whom each signature counts for under ``policy``."""
        if self._fixed is not None:
            return tuple(self._fixed)
        if policy not in self._ids:
            self._ids[policy] = tuple(
                counted_ids(row.answer, self._registry, policy, row.affiliation)
                for row in self._examples
            )
        return self._ids[policy]


def _signature(row: Answered) -> Signature:
    """All that ``counted_ids`` reads of a string."""
    answer = row.answer
    matches = tuple((m.institution_id, m.rule, m.via) for m in answer.matches)
    owners = tuple(
        sorted({(c.institution_id, c.why_not) for c in answer.candidates}) if matches else ()
    )
    return answer.decision, matches, owners, is_hospital(row.affiliation)


@dataclass(frozen=True)
class Tally:
    """Counts of one policy over the papers kept.

    ``institutions`` are ids in code-point order, ``number`` their places; ``full``, ``fractional``
    and ``first`` their counts; ``papers`` of ``size`` are kept. ``paper`` and ``institution`` are
    the distinct pairs behind the full counts.
    """

    institutions: tuple[str, ...]
    number: Mapping[str, int]
    full: Array
    fractional: Array | None
    first: Array | None
    paper: Array
    institution: Array
    papers: int
    size: int

    def distinct(self, chosen: Array) -> int:
        """Papers of at least one of the institutions that the mask ``chosen`` marks."""
        seen = np.zeros(self.size, dtype=bool)
        seen[self.paper[chosen[self.institution]]] = True
        return int(seen.sum())


class Readings:
    """A corpus ready to be counted under any policy and any part of its papers."""

    def __init__(
        self, papers: pd.DataFrame, authorships: pd.DataFrame, signatures: Signatures
    ) -> None:
        self._signatures = signatures
        self._ids = papers["paper_id"].astype(object).to_numpy()
        number = {paper: at for at, paper in enumerate(self._ids)}
        self.years = papers["year"].to_numpy(dtype="int64")
        announced = papers["authors_announced"].fillna(0).to_numpy(dtype="int64")
        tied = (papers["tie"] == "author").to_numpy(dtype=bool)
        self.has_ties = bool(tied.any())
        rows = pd.DataFrame(
            {
                "paper": authorships["paper_id"].astype(object).map(number).to_numpy("int64"),
                "position": authorships["author_position"].fillna(0).to_numpy("int64"),
                "affiliation": authorships["affiliation_id"].fillna(-1).to_numpy("int64"),
            }
        )
        placed = rows[rows["affiliation"] >= 0]
        each = placed.groupby(["paper", "position"])["affiliation"].transform("size")
        signature = placed["affiliation"].map(signatures.of).fillna(-1).astype("int64")
        inside = signature.to_numpy() >= 0
        self._signature = signature.to_numpy()[inside]
        self._paper = placed["paper"].to_numpy()[inside]
        position = placed["position"].to_numpy()[inside]
        self._is_first = position == 1
        self._is_tied = (position > 0) & tied[self._paper]
        self._parts = announced[self._paper] * each.to_numpy()[inside]
        self._credited: dict[tuple[tuple[str, ...], ...], _Credited] = {}
        self._tallies: dict[tuple[Any, ...], Tally] = {}

    @property
    def has_policies(self) -> bool:
        return self._signatures.has_policies

    def __len__(self) -> int:
        return len(self._ids)

    def mask(self, paper_ids: Iterable[str]) -> Array:
        """The papers of ``paper_ids`` as a mask."""
        wanted = set(paper_ids)
        return np.fromiter((p in wanted for p in self._ids), dtype=bool, count=len(self._ids))

    def tally(self, policy: RollUp, keep: Array, label: object) -> Tally:
        """Counts under ``policy`` of the papers that the mask ``keep`` marks.

        ``label`` names the mask: policies that credit the same institutions are counted once.
        """
        ids = self._signatures.ids(policy)
        key = (ids, label)
        if key not in self._tallies:
            if ids not in self._credited:
                self._credited[ids] = self._credit(ids)
            self._tallies[key] = self._credited[ids].tally(keep, has_ties=self.has_ties)
        return self._tallies[key]

    def _credit(self, ids: Sequence[tuple[str, ...]]) -> _Credited:
        known = sorted({one for group in ids for one in group})
        number = {one: at for at, one in enumerate(known)}
        width = max(len(known), 1)
        size = np.array([len(group) for group in ids] or [0], dtype="int64")
        flat = np.array([number[one] for group in ids for one in group], dtype="int64")
        start = np.concatenate([[0], np.cumsum(size)[:-1]])
        each = size[self._signature]
        at = np.repeat(np.arange(len(each)), each)
        within = np.arange(len(at)) - np.repeat(np.cumsum(each) - each, each)
        institution = flat[start[self._signature[at]] + within] if len(at) else at
        paper = self._paper[at]
        opening = self._is_first[at]
        tied = self._is_tied[at]
        parts = self._parts[at][tied] * size[self._signature[at[tied]]]
        base = int(parts.max(initial=0)) + 1
        codes, code = np.unique(institution[tied] * base + parts, return_inverse=True)
        return _Credited(
            tuple(known),
            number,
            np.divmod(np.unique(paper * width + institution), width),
            np.divmod(np.unique(paper[opening] * width + institution[opening]), width),
            (paper[tied], code.reshape(-1)),
            np.divmod(codes, base),
        )


@dataclass(frozen=True)
class _Credited:
    """A policy's credits: distinct pairs of paper and institution, all and of first authors.

    ``tied`` are papers with the number of a pair of institution and denominator in ``codes``.
    """

    institutions: tuple[str, ...]
    number: Mapping[str, int]
    pairs: tuple[Array, Array]
    firsts: tuple[Array, Array]
    tied: tuple[Array, Array]
    codes: tuple[Array, Array]

    def tally(self, keep: Array, *, has_ties: bool) -> Tally:
        """The counts over the papers that ``keep`` marks."""
        size = len(self.institutions)
        paper, institution = self.pairs
        inside = keep[paper]
        paper, institution = paper[inside], institution[inside]
        fractional, first = None, None
        if has_ties:
            fractional = self._fractional(keep)
            opening, named = self.firsts
            first = np.bincount(named[keep[opening]], minlength=size)
        full = np.bincount(institution, minlength=size)
        return Tally(
            self.institutions, self.number, full, fractional, first, paper, institution,
            int(keep.sum()), len(keep),
        )  # fmt: skip

    def _fractional(self, keep: Array) -> Array:
        """Sums of 1/parts by institution: whole numerators by denominator, one rounding each."""
        paper, code = self.tied
        who, below = self.codes
        quotients = np.bincount(code[keep[paper]], minlength=len(who)) / below
        edges = np.searchsorted(who, np.arange(len(self.institutions) + 1))
        spans = pairwise(edges.tolist())
        return np.array([math.fsum(quotients[low:high]) for low, high in spans])
