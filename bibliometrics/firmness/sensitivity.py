"""The ranking under every other option of the study, a choice at a time.

Each variant equals a full run under its option. It costs little because what no option touches is
not computed again: strings are matched once, and only papers with a string that an option credits
otherwise are counted anew, all variants in one go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from bibliometrics.attribution import entities, policies
from bibliometrics.attribution.answers import Answered, Answers
from bibliometrics.attribution.entities import Credited, Entity
from bibliometrics.attribution.institutions import Registry
from bibliometrics.attribution.rollup import counted_id, depends_on_policy, is_hospital
from bibliometrics.corpus.assembling import Corpus
from bibliometrics.counting import ranking
from bibliometrics.counting.counts import Counts, count, fractional_totals
from bibliometrics.counting.rules import OF_STUDY
from bibliometrics.counting.weights import NONE
from bibliometrics.engine import Engine
from bibliometrics.firmness.variants import Variant
from bibliometrics.study.model import Study

Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


# String → whom a variant credits, and whom on papers that name them elsewhere.
_Changed = dict[int, tuple[tuple[str, ...], tuple[str, ...]]]


@dataclass(frozen=True)
class Base:
    """What a run has in its hands when its ranking is made."""

    corpus: Corpus
    answers: Answers
    credited: Credited
    counts: Counts
    registry: Registry
    study: Study


@dataclass(frozen=True)
class Outcome:
    """A variant's standings: ``frame`` of ``ranking.Standings`` with the names of institutions."""

    variant: Variant
    papers: int
    frame: pd.DataFrame
    denominator: ranking.Denominator


def outcomes(
    base: Base, every: list[Variant], engine: Engine | None = None
) -> list[Outcome | Variant]:
    """The standings under each variant; a variant that cannot be computed comes back as it is.

    ``engine`` counts what a variant credits otherwise; DuckDB, opened for this, by default.
    """
    bench = _Bench(base, [v for v in every if not v.lacks[0]], engine)
    return [variant if variant.lacks[0] else bench.outcome(variant) for variant in every]


@dataclass(frozen=True)
class _Cells:
    """What papers give by one rule: ``numerator`` over the denominator of a cell, to its
    institution; papers, institutions and cells are numbers. ``own`` is how many of the rows, at the
    front, are of the study's own options; the rest are the variants', sorted by paper."""

    paper: Whole
    cell: Whole
    numerator: Floats
    own: int
    institution: Whole
    denominator: Whole

    def totals(self, rows: Whole | slice) -> Floats:
        """The whole numerators of each cell over these rows."""
        found = np.bincount(
            self.cell[rows], weights=self.numerator[rows], minlength=len(self.institution)
        )
        return found.astype(np.float64)


class _Bench:
    """The corpus in numbers, with what each variant credits otherwise counted once."""

    def __init__(self, base: Base, computed: list[Variant], engine: Engine | None) -> None:
        self._base = base
        self._paper_ids = pd.Index(base.corpus.papers["paper_id"].astype(object))
        self._number = len(self._paper_ids)
        recredited = {_key(v): self._recredited(v) for v in computed}
        self._changed = {key: found for key, found in recredited.items() if found[0]}
        self._places = {key: place for place, key in enumerate(self._changed, 1)}
        known = {name: e for _, others in self._changed.values() for name, e in others.items()}
        self._known = known | base.credited.entities
        self._ids = pd.Index(sorted(self._known), dtype=object)
        authorships = base.corpus.authorships
        self._author_papers = _numbers(self._paper_ids, authorships["paper_id"])
        self._strings = authorships["affiliation_id"].fillna(-1).to_numpy(dtype=np.int64)
        self._hit = _numbers(self._paper_ids, base.corpus.keyword_hits["paper_id"])
        again = self._count_again(engine)
        rules: set[str] = {"full", *(variant.study.counting.rule for variant in computed)}
        self._cells = {rule: self._cells_of(rule, again) for rule in sorted(rules)}

    def outcome(self, variant: Variant) -> Outcome:
        study = variant.study
        kept = self._kept(variant)
        totals = self._totals("full", variant, kept)
        parts = self._totals(study.counting.rule, variant, kept)
        entities_ = self._entities(variant)
        domestic = np.array([entity.scope == "domestic" for entity in entities_], dtype=bool)
        papers = np.zeros(len(entities_), dtype=np.int64)
        papers[self._cells["full"].institution] = totals.astype(np.int64)
        present = np.flatnonzero((papers > 0) & domestic)
        of = [entities_[code] for code in present]
        together = study.institutions.groups == "together"
        frame = pd.DataFrame(
            {
                "institution_id": present,
                "papers": papers[present],
                "group": ["institutions" if together else entity.group for entity in of],
                "kind": [entity.kind for entity in of],
                "country": [entity.country for entity in of],
            }
        )
        frame["basis"] = pd.array(self._basis(study.counting.rule, parts)[present].tolist(),
                                  dtype="Float64")  # fmt: skip
        if not self._base.counts.counted[OF_STUDY[study.counting.rule]]:
            frame["basis"] = pd.array([pd.NA] * len(frame), dtype="Float64")
        standing = ranking.placed(
            frame, int(kept.sum()), self._domestic(variant, kept, domestic), study
        )
        named = standing.frame.assign(
            institution_id=self._ids[present].astype("string"),
            name_en=[entity.name_en for entity in of],
            name_zh=[entity.name_zh for entity in of],
        )
        return Outcome(variant, int(kept.sum()), named, standing.denominator)

    def _entities(self, variant: Variant) -> list[Entity]:
        """What the institutions are under a variant, in the order of their numbers."""
        study = variant.study
        changed = self._changed.get(_key(variant), ({}, {}))[1]
        of_code = [changed.get(name) or self._known[name] for name in self._ids]
        if study.geography == self._base.study.geography:
            return of_code
        return [entities.under(entity, self._base.registry, study) for entity in of_code]

    def _rows(self, rule: str, variant: Variant, kept: Flags) -> Whole:
        """The rows of a rule's cells that stand under a variant."""
        cells = self._cells[rule]
        place = self._places.get(_key(variant))
        stays = kept if place is None else kept & ~self._affected[_key(variant)]
        own = np.flatnonzero(stays[cells.paper[: cells.own]])
        if place is None:
            return own
        start, end = np.searchsorted(
            cells.paper[cells.own :], [place * self._number, (place + 1) * self._number]
        )
        fresh = np.arange(cells.own + start, cells.own + end)
        return np.concatenate([own, fresh[kept[cells.paper[fresh] - place * self._number]]])

    def _totals(self, rule: str, variant: Variant, kept: Flags) -> Floats:
        cells = self._cells[rule]
        if _key(variant) not in self._places and kept.all():
            return cells.totals(slice(0, cells.own))
        return cells.totals(self._rows(rule, variant, kept))

    def _basis(self, rule: str, totals: Floats) -> Floats:
        """Counts by institution, added as everywhere: whole numerators by denominator."""
        cells = self._cells[rule]
        frame = pd.DataFrame(
            {
                "institution_id": cells.institution,
                "denominator": cells.denominator,
                "numerator": totals.astype(np.int64),
            }
        )
        added = fractional_totals(frame[frame["numerator"] > 0], ["institution_id"])
        found = np.zeros(len(self._ids))
        found[added.index.to_numpy(dtype=np.int64)] = added.to_numpy(dtype=np.float64)
        return found

    def _domestic(self, variant: Variant, kept: Flags, domestic: Flags) -> pd.DataFrame:
        """The credits inside the geography, where the denominator asks for them."""
        if variant.study.counting.share_denominator != "distinct_mainland_universities":
            return pd.DataFrame()
        cells = self._cells["full"]
        rows = self._rows("full", variant, kept)
        institution = cells.institution[cells.cell[rows]]
        frame = pd.DataFrame(
            {"paper_id": cells.paper[rows] % self._number, "institution_id": institution}
        )
        return frame[domestic[institution]]

    def _recredited(self, variant: Variant) -> tuple[_Changed, dict[str, Entity]]:
        """The strings that a variant credits otherwise, with whom, and these as entities."""
        base, study = self._base, variant.study
        codes = set(base.study.geography.codes) ^ set(study.geography.codes)
        if base.study.roll_up == study.roll_up and not codes:
            return {}, {}
        asked = self._asked(study, codes)
        credited = entities.credit(asked, base.registry, study, with_tables=False)
        changed = {
            number: (ids, credited.if_named.get(number, ()))
            for number, ids in credited.by_affiliation.items()
        }
        own = base.credited
        return {
            number: found
            for number, found in changed.items()
            if found != (own.by_affiliation[number], own.if_named.get(number, ()))
        }, credited.entities

    def _asked(self, study: Study, codes: set[str]) -> Answers:
        """The strings that ``study`` may credit otherwise; ``codes``: places that change sides."""
        base = self._base
        if "as_in_scopus" in (base.study.roll_up.campuses, study.roll_up.campuses):
            return base.answers  # which profile is whose is read from all strings
        before, after = (policies.roll_up_policy(each) for each in (base.study, study))
        moved = {
            i for i in base.registry.institutions
            if counted_id(i, base.registry, before) != counted_id(i, base.registry, after)
        }  # fmt: skip
        may_move: dict[tuple[int, bool], bool] = {}  # many strings have the same answer

        def is_asked(row: Answered) -> bool:
            if row.country in codes:
                return True
            if before == after or row.answer.decision != "matched":
                return False
            key = (id(row.answer), is_hospital(row.affiliation))
            if key not in may_move:
                may_move[key] = not moved.isdisjoint(
                    row.answer.institution_ids
                ) or depends_on_policy(row.answer, row.affiliation)
            return may_move[key]

        asked = tuple(row for row in base.answers.rows if is_asked(row))
        return replace(base.answers, rows=asked)

    def _count_again(self, engine: Engine | None) -> Counts | None:
        """The counts of the papers that variants credit otherwise: of all variants in one go, each
        paper under a number of its own in each."""
        papers, authorships = self._base.corpus.papers, self._base.corpus.authorships
        own = self._base.credited
        paper_parts, author_parts = [], []
        credited: dict[int, tuple[str, ...]] = {}
        self._affected: dict[tuple[str, str], Flags] = {}
        first = 0
        for key, (changed, _) in self._changed.items():
            shift = self._places[key] * self._number
            touched = np.isin(self._strings, np.fromiter(changed, dtype=np.int64))
            affected = np.zeros(self._number, dtype=bool)
            affected[self._author_papers[touched]] = True
            self._affected[key] = affected
            rows = affected[self._author_papers]
            strings = np.unique(self._strings[rows & (self._strings >= 0)]).tolist()
            both = {
                s: changed.get(s, (own.by_affiliation[s], own.if_named.get(s, ()))) for s in strings
            }
            counted_as, by_affiliation = policies.for_counting(
                authorships[rows].assign(
                    paper_id=(self._author_papers[rows] + shift).astype(str)),
                {s: ids for s, (ids, _) in both.items()},
                {s: named for s, (_, named) in both.items() if named},
            )  # fmt: skip
            numbers = (np.flatnonzero(affected) + shift).astype(str)
            paper_parts.append(papers[affected].assign(paper_id=numbers))
            moved = counted_as["affiliation_id"].astype("Int64") + first
            author_parts.append(counted_as.assign(affiliation_id=moved))
            credited |= {string + first: ids for string, ids in by_affiliation.items()}
            first += max(by_affiliation) + 1
        if not paper_parts:
            return None
        return count(
            pd.concat(paper_parts, ignore_index=True).astype({"paper_id": "string"}),
            pd.concat(author_parts, ignore_index=True).astype({"paper_id": "string"}),
            credited,
            dict.fromkeys(self._known, "domestic"),
            engine,
        )

    def _cells_of(self, rule: str, again: Counts | None) -> _Cells:
        own = _parts(rule, self._base.counts)
        papers: list[Whole] = [_numbers(self._paper_ids, own["paper_id"])]
        frames = [own]
        if again is not None:
            fresh = _parts(rule, again)
            numbers = np.array(fresh["paper_id"].tolist()).astype(np.int64)
            order = np.argsort(numbers, kind="stable")
            papers.append(numbers[order])
            frames.append(fresh.iloc[order])
        institution = np.concatenate(
            [_numbers(self._ids, frame["institution_id"]) for frame in frames]
        )
        numerator, denominator = (
            np.concatenate([frame[c].to_numpy(dtype=np.int64) for frame in frames])
            for c in ("numerator", "denominator")
        )
        width = int(denominator.max(initial=0)) + 1
        cells, cell = np.unique(institution * width + denominator, return_inverse=True)
        return _Cells(
            np.concatenate(papers), cell, numerator.astype(np.float64), len(own),
            cells // width, cells % width,
        )  # fmt: skip

    def _kept(self, variant: Variant) -> Flags:
        """The papers of the corpus that the variant's corpus has too."""
        corpus, study = self._base.corpus, variant.study
        kept = np.ones(self._number, dtype=bool)
        if variant.keyword:
            hits = corpus.keyword_hits
            kept[self._hit] = False
            kept[self._hit[(hits["keyword"] != variant.keyword).to_numpy(dtype=bool)]] = True
        if variant.dimension == "retracted":
            kept &= ~(corpus.papers["is_retracted"] == 1).fillna(value=False).to_numpy(dtype=bool)
        narrower = set(self._base.study.geography.codes) - set(study.geography.codes)
        if narrower and study.geography.country_filter == "affiliation":
            inside = corpus.affiliations["country"].isin(study.geography.codes)
            numbers = corpus.affiliations.loc[inside, "affiliation_id"].to_numpy(dtype=np.int64)
            with_address = np.zeros(len(kept), dtype=bool)
            with_address[self._author_papers[np.isin(self._strings, numbers)]] = True
            without_any = np.ones(len(kept), dtype=bool)
            without_any[self._author_papers[self._strings >= 0]] = False
            kept &= with_address | without_any
        return kept


def _key(variant: Variant) -> tuple[str, str]:
    return variant.dimension, variant.option


def _numbers(known: pd.Index[str], wanted: pd.Series[str]) -> Whole:
    # Arrow strings are looked up one scalar at a time; plain objects in one go.
    found: Whole = known.get_indexer(pd.Index(wanted.astype(object))).astype(np.int64)
    return found


def _parts(rule: str, counts: Counts) -> pd.DataFrame:
    """What each paper gives to each institution or partner by a rule, as whole numbers."""
    if rule == "fractional":
        return counts.shares[counts.shares["institution_id"] != NONE]
    named = {
        "full": counts.credits,
        "first_affiliation": counts.first,
        "corresponding_affiliation": counts.corresponding,
    }[rule]
    return named[["paper_id", "institution_id"]].assign(numerator=1, denominator=1)
