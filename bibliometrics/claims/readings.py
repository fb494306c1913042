"""A corpus counted again under other choices, without matching or reading anything again.

Affiliations that name the same institutions in the same way are one *signature*; a roll-up policy
is applied to signatures, not to strings, and papers are counted on arrays. The definitions are
those of ``counting`` and ``ranking``: at the study's own choices the figures are the edition's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from bibliometrics.attribution.entities import Answered
from bibliometrics.attribution.institutions import Registry
from bibliometrics.attribution.rollup import RollUp, counted, is_hospital

Array = npt.NDArray[Any]
Signature = tuple[Any, ...]
Groups = tuple[tuple[str, ...], ...]


class Policy(NamedTuple):
    """A roll-up; ``by_profile``: a campus stands apart where Scopus's profiles have it so."""

    roll_up: RollUp
    by_profile: bool = False


class Whom(NamedTuple):
    """Whom each signature counts for, and whom only on papers that name them elsewhere."""

    ids: Groups
    if_named: Groups


class Signatures:
    """The distinct ways in which the strings of a corpus name institutions.

    ``of`` maps an affiliation id to one of ``number`` signatures; ``apart`` are the affiliations
    whose campus has a profile of its own. A study without registry has no policy to vary: ``fixed``
    then gives the ids of each affiliation.
    """

    def __init__(
        self,
        answered: Iterable[Answered],
        registry: Registry,
        apart: Container[int] = frozenset(),
    ) -> None:
        self._registry = registry
        self._examples: list[tuple[Answered, bool]] = []
        self.of: dict[int, int] = {}
        numbers: dict[Signature, int] = {}
        # Many strings have the same answer, which lives as long as the rows do.
        rows = list(answered)
        known: dict[tuple[int, bool, bool], int] = {}
        for row in rows:
            is_apart = row.affiliation_id in apart
            same = (id(row.answer), is_hospital(row.affiliation), is_apart)
            if same not in known:
                key = (*_signature(row), is_apart)
                if key not in numbers:
                    numbers[key] = len(numbers)
                    self._examples.append((row, is_apart))
                known[same] = numbers[key]
            self.of[row.affiliation_id] = known[same]
        self.number = len(numbers)
        self._whom: dict[Policy, Whom] = {}
        self._fixed: list[tuple[str, ...]] | None = None

    @classmethod
    def fixed(cls, ids: Mapping[int, tuple[str, ...]], registry: Registry) -> Signatures:
        """Signatures of affiliations whose institutions no policy changes."""
        made = cls((), registry)
        distinct = {group: number for number, group in enumerate(sorted(set(ids.values())))}
        made.of = {affiliation: distinct[group] for affiliation, group in ids.items()}
        made.number = len(distinct)
        made._fixed = list(distinct)
        return made

    @property
    def has_policies(self) -> bool:
        return self._fixed is None

    def whom(self, policy: Policy) -> Whom:
        """Whom each signature counts for under ``policy``."""
        if self._fixed is not None:
            return Whom(tuple(self._fixed), ((),) * self.number)
        if policy not in self._whom:
            split = replace(policy.roll_up, campuses="split")
            found = [
                counted(
                    row.answer,
                    self._registry,
                    split if policy.by_profile and is_apart else policy.roll_up,
                    row.affiliation,
                )
                for row, is_apart in self._examples
            ]
            self._whom[policy] = Whom(
                tuple(each.ids for each in found), tuple(each.if_named for each in found)
            )
        return self._whom[policy]


def _signature(row: Answered) -> Signature:
    """All that ``counted`` reads of a string."""
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
    and ``first`` their counts; ``papers`` are kept, those that ``keep`` marks. ``pairs`` are the
    distinct papers and institutions of all papers, which the full counts are made of.
    """

    institutions: tuple[str, ...]
    number: Mapping[str, int]
    full: Array
    fractional: Array | None
    first: Array | None
    pairs: tuple[Array, Array]
    keep: Array
    papers: int
    _distinct: dict[bytes, int] = field(default_factory=dict, compare=False, repr=False)

    def distinct(self, chosen: Array) -> int:
        """Papers of at least one of the institutions that the mask ``chosen`` marks."""
        key = chosen.tobytes()
        if key not in self._distinct:
            paper, institution = self.pairs
            seen = np.zeros(len(self.keep), dtype=bool)
            seen[paper[chosen[institution]]] = True
            self._distinct[key] = int(np.count_nonzero(seen & self.keep))
        return self._distinct[key]


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
        named = signature.to_numpy()[inside]
        paper = placed["paper"].to_numpy()[inside]
        position = placed["position"].to_numpy()[inside]
        # What a policy cannot tell apart is counted once for all policies.
        width = max(signatures.number, 1)
        code = paper * width + named
        self._named = np.divmod(_distinct(code), width)
        self._opening = np.divmod(_distinct(code[position == 1]), width)
        is_tied = (position > 0) & tied[paper]
        parts = announced[paper] * each.to_numpy()[inside]
        self._base = int(parts.max(initial=0)) + 1
        ways, way = np.unique((named * self._base + parts)[is_tied], return_inverse=True)
        self._tied = paper[is_tied], way.reshape(-1)
        self._ways = np.divmod(ways, self._base)
        self._times: dict[object, Array] = {}
        self._numbers: dict[Whom, int] = {}
        self._last: tuple[int, _Credited] | None = None

    @property
    def has_policies(self) -> bool:
        return self._signatures.has_policies

    def __len__(self) -> int:
        return len(self._ids)

    def mask(self, paper_ids: Iterable[str]) -> Array:
        """The papers of ``paper_ids`` as a mask."""
        wanted = set(paper_ids)
        return np.fromiter((p in wanted for p in self._ids), dtype=bool, count=len(self._ids))

    def outcome(self, policy: Policy) -> int:
        """A number that policies share which credit the same institutions."""
        return self._numbers.setdefault(self._signatures.whom(policy), len(self._numbers))

    def tally(self, policy: Policy, keep: Array, label: object) -> Tally:
        """Counts under ``policy`` of the papers that the mask ``keep`` marks, named ``label``.

        The credits of one policy are held at a time: ask for all masks of it in a row.
        """
        outcome = self.outcome(policy)
        if self._last is None or self._last[0] != outcome:
            self._last = outcome, self._credit(self._signatures.whom(policy))
        return self._last[1].tally(keep, self._times_of(keep, label))

    def _times_of(self, keep: Array, label: object) -> Array | None:
        """How many of the rows kept are of each way of being named; None where nothing is tied."""
        if not self.has_ties:
            return None
        if label not in self._times:
            paper, way = self._tied
            self._times[label] = np.bincount(way[keep[paper]], minlength=len(self._ways[0]))
        return self._times[label]

    def _credit(self, whom: Whom) -> _Credited:
        known = sorted({one for group in whom.ids for one in group})
        number = {one: at for at, one in enumerate(known)}
        width = max(len(known), 1)
        spread = _spreading([[number[one] for one in group] for group in whom.ids])
        # Whom no string names outright no paper names elsewhere.
        perhaps = _spreading([[number[i] for i in group if i in number] for group in whom.if_named])

        def codes(rows: tuple[Array, Array]) -> Array:
            paper, signature = rows
            at, institution = spread(signature)
            return paper[at] * width + institution

        named = _distinct(codes(self._named))

        def added(rows: tuple[Array, Array]) -> tuple[Array, Array]:
            """The rows that count for more, as their paper names it elsewhere; and for whom."""
            paper, signature = rows
            at, institution = perhaps(signature)
            if not len(at):
                return at, institution
            code = paper[at] * width + institution
            there = named[np.minimum(np.searchsorted(named, code), len(named) - 1)] == code
            return at[there], institution[there]

        at, institution = added(self._opening)
        more = self._opening[0][at] * width + institution
        firsts = _distinct(np.concatenate([codes(self._opening), more]))
        signature, parts = self._ways
        way, who = spread(signature)
        below = parts[way] * np.bincount(way, minlength=len(signature))[way]
        paper, of_row = self._tied
        row, also = added((paper, signature[of_row]))
        # A row that counts for more than its signature is a way of its own.
        moved, place = np.unique(row, return_inverse=True)
        plain = of_row[moved]
        at, own = spread(signature[plain])
        at, own = np.concatenate([at, place.reshape(-1)]), np.concatenate([own, also])
        parts_of = parts[plain] * np.bincount(at, minlength=len(moved))
        way, who = np.concatenate([way, len(signature) + at]), np.concatenate([who, own])
        below = np.concatenate([below, parts_of[at]])
        order = np.lexsort((below, who))
        return _Credited(
            tuple(known), number, np.divmod(named, width), np.divmod(firsts, width),
            way[order], who[order], below[order], (paper[moved], plain),
        )  # fmt: skip


def _spreading(groups: Sequence[Sequence[int]]) -> Callable[[Array], tuple[Array, Array]]:
    """Spreads rows of signatures: each row once for each member of its signature's group."""
    size = np.array([len(group) for group in groups] or [0], dtype="int64")
    flat = np.array([one for group in groups for one in group], dtype="int64")
    start = np.concatenate([[0], np.cumsum(size)[:-1]])

    def spread(signature: Array) -> tuple[Array, Array]:
        each = size[signature]
        at = np.repeat(np.arange(len(each)), each)
        within = np.arange(len(at)) - np.repeat(np.cumsum(each) - each, each)
        return at, flat[start[signature[at]] + within] if len(at) else at

    return spread


def _distinct(codes: Array) -> Array:
    """The distinct ``codes``, ascending: nearly sorted already, they sort faster than they hash."""
    ordered = np.sort(codes)
    return ordered[np.diff(ordered, prepend=-1) > 0]


@dataclass(frozen=True)
class _Credited:
    """A policy's credits: distinct pairs of paper and institution, all and of first authors.

    ``way``, ``who`` and ``below`` are the ways of being named, whom each credits, and the
    denominator of its part, in the order of institutions and denominators. ``moved`` are rows that
    are ways of their own, behind the others: their paper, and the way that they no longer are.
    """

    institutions: tuple[str, ...]
    number: Mapping[str, int]
    pairs: tuple[Array, Array]
    firsts: tuple[Array, Array]
    way: Array
    who: Array
    below: Array
    moved: tuple[Array, Array]

    def tally(self, keep: Array, times: Array | None) -> Tally:
        """The counts over the papers that ``keep`` marks, which name in each way so many times."""
        size = len(self.institutions)
        paper, institution = self.pairs
        inside = institution if keep.all() else institution[keep[paper]]
        fractional, first = None, None
        if times is not None:
            paper_, plain = self.moved
            less = np.bincount(plain[keep[paper_]], minlength=len(times))
            fractional = self._fractional(np.concatenate([times - less, keep[paper_]]))
            opening, named = self.firsts
            first = np.bincount(named[keep[opening]], minlength=size)
        full = np.bincount(inside, minlength=size)
        return Tally(
            self.institutions, self.number, full, fractional, first, self.pairs, keep,
            int(keep.sum()),
        )  # fmt: skip

    def _fractional(self, times: Array) -> Array:
        """Sums of 1/parts by institution: whole numerators by denominator, one rounding each."""
        if not len(self.way):
            return np.zeros(len(self.institutions))
        is_new = (np.diff(self.who, prepend=-1) != 0) | (np.diff(self.below, prepend=-1) != 0)
        starts = np.flatnonzero(is_new)
        quotients = np.add.reduceat(times[self.way], starts) / self.below[starts]
        edges = np.searchsorted(self.who[starts], np.arange(len(self.institutions) + 1))
        parts = quotients.tolist()
        return np.array([math.fsum(parts[low:high]) for low, high in pairwise(edges.tolist())])
