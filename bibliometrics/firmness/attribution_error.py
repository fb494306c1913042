"""What wrong attributions could do to the counts: simulated by string, confuser and rule.

Each rule of attribution has a rate of error. A draw takes every rule's rate from its posterior,
makes each string wrong with that probability, moves the string's papers to an institution it could
be confused with (``confusers``), or to none, and counts again. The string is what is right or
wrong: its papers move together. The result stands beside the stability interval and is never
merged with it.

Posterior: Beta with the marks of the rule, and as much as ten strings of the rate of all rules of
the same decision. Marks are those of the study's audit; a rule that it lacks keeps the figures
measured on strings labelled by others, and the table says that this is an assumption.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd
from scipy import special

from bibliometrics import schema
from bibliometrics.attribution import policies
from bibliometrics.attribution.answers import Answered
from bibliometrics.attribution.rollup import counted_id
from bibliometrics.counting import ranking
from bibliometrics.firmness.confusers import (
    NOBODY,
    Confused,
    Confusers,
    Floats,
    Lists,
    Marks,
    Whole,
    marks_by_place,
    ranges,
)
from bibliometrics.firmness.intervals import middle, ranks_in, rivals
from bibliometrics.firmness.sensitivity import Base

# How many strings the rate of the other rules counts for in the posterior of one.
_PRIOR_STRINGS = 10
_RULES = ("full", "fractional")


@dataclass(frozen=True)
class Rate:
    """The marks behind a rule's rate of error, and its posterior Beta(``a``, ``b``)."""

    rule: str
    decision: str
    marked: int
    wrong: int
    is_audited: bool
    a: float
    b: float


def rates(audit: pd.DataFrame, used: set[tuple[str, str]]) -> dict[tuple[str, str], Rate]:
    """The rate of every (decision, rule) of ``used``; ``audit`` as ``schema.AUDIT``."""
    marks = {key: (marked, wrong, False) for key, (marked, wrong) in _measured().items()}
    exact = audit[(audit["measure"] == "exact") & (audit["weighting"] == "strings")]
    for row in exact.dropna(subset=["estimate"]).to_dict("records"):
        decision, _, rule = str(row["stratum"]).partition(", ")
        marked = int(row["strings"])
        if rule and marked:
            marks[decision, rule] = marked, round(marked * (1 - float(row["estimate"]))), True
    found = {}
    for decision, rule in sorted(used):
        alike = [m for (other, _), m in marks.items() if other == decision]
        of_all = sum(m[0] for m in alike)
        pooled = (sum(m[1] for m in alike) + 0.5) / (of_all + 1)
        marked, wrong, is_audited = marks.get((decision, rule), (0, 0, False))
        found[decision, rule] = Rate(
            rule, decision, marked, wrong, is_audited,
            _PRIOR_STRINGS * pooled + wrong, _PRIOR_STRINGS * (1 - pooled) + marked - wrong,
        )  # fmt: skip
    return found


def _measured() -> dict[tuple[str, str], tuple[int, int]]:
    """Strings labelled by others, and how many of these were answered wrongly, by rule."""
    text = (files("bibliometrics") / "data" / "attribution_rates.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {(r["decision"], r["rule"]): (int(r["marked"]), int(r["wrong"])) for r in rows}


def rates_table(found: Mapping[tuple[str, str], Rate], base: Base, source: str) -> pd.DataFrame:
    """``schema.ATTRIBUTION_ERROR``: what the simulation draws from, and what that rests on."""
    told = base.credited.attribution
    by = told.groupby(["decision", "rule"])["papers"]
    strings, papers = by.size(), by.sum()
    rows = []
    for key, rate in found.items():
        low, high = (float(special.betaincinv(rate.a, rate.b, point)) for point in (0.025, 0.975))
        if rate.is_audited:
            en, zh = "marks of this study's audit", "本研究的审核标注"
        elif rate.marked:
            en = "assumption: measured on strings that others labelled, not on this corpus"
            zh = "假设：依据他人标注的地址测得，并非本语料"
        else:
            en = "assumption: the rate of the other rules; this one was never measured"
            zh = "假设：取其他规则的错误率；该规则未经测量"
        rows.append(
            {
                "rule": rate.rule, "decision": rate.decision,
                "strings": strings.get(key, 0), "papers": papers.get(key, 0),
                "marked": rate.marked, "wrong": rate.wrong,
                "share_wrong": rate.a / (rate.a + rate.b),
                "share_wrong_low": low, "share_wrong_high": high,
                "basis_en": en, "basis_zh": zh, "source": source,
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=schema.ATTRIBUTION_ERROR.column_names)
    return schema.conform(frame, schema.ATTRIBUTION_ERROR)


@dataclass(frozen=True)
class _Claims:
    """What each string gives: ``start``/``size`` of its rows for each claim (a string × an
    institution, or × none for a string that counts for nobody); ``to`` lists the confusers."""

    rate: Whole
    start: Whole
    size: Whole
    to: Lists
    paper: Whole
    pair: Whole
    institution: Whole
    weight: Floats


def simulate(
    base: Base, audit: pd.DataFrame, confused: Sequence[Confused] = ()
) -> tuple[pd.DataFrame, dict[tuple[str, str], Rate]]:
    """Counts, shares and ranks under simulated errors, and the rates they were drawn from.

    ``confused`` are the strings that the audit found answered wrongly.

    The frame has counting, institution_id and the ``…_attribution_low``/``_high`` columns of
    ``schema.INTERVALS``. Shares keep the denominator of the study.
    """
    study, counts = base.study, base.counts
    used = set(_rules(base))
    found = rates(audit, {key for key in used if key[0] != "out_of_scope"})
    standing = {
        rule: ranking.standings(
            base.corpus.papers, counts, base.credited.entities,
            study.model_copy(update={"counting": study.counting.model_copy(update={"rule": rule})}),
        )
        for rule in _RULES if rule == "full" or counts.has_fractional
    }  # fmt: skip
    frames = {
        rule: each.frame.sort_values("institution_id").reset_index(drop=True)
        for rule, each in standing.items()
    }
    ids = pd.Index(frames["full"]["institution_id"].astype(object))
    draws = _Simulation(base, ids, found, confused).draws(
        study.uncertainty.draws, study.uncertainty.seed
    )
    level = study.uncertainty.level
    parts = []
    for rule, frame in frames.items():
        drawn = draws[rule]
        value = standing[rule].denominator.value or np.nan
        told = frame[["institution_id"]].assign(counting=rule)
        for name, values in (("papers", drawn), ("share", drawn / value)):
            low, high = middle(values, level)
            told[f"{name}_attribution_low"], told[f"{name}_attribution_high"] = low, high
        for group in sorted(set(frame["group"])):
            among, shown = rivals(frame, group)
            if shown.any():
                low, high = middle(ranks_in(drawn, among)[:, shown].astype(np.float64), level)
                rows = frame.index[among[shown]]
                told.loc[rows, "rank_attribution_low"] = low
                told.loc[rows, "rank_attribution_high"] = high
        parts.append(told)
    return pd.concat(parts, ignore_index=True), found


class _Simulation:
    """The corpus laid out so that one draw touches only the papers of its wrong strings."""

    def __init__(
        self,
        base: Base,
        ids: pd.Index[str],
        found: Mapping[tuple[str, str], Rate],
        confused: Sequence[Confused] = (),
    ) -> None:
        self._rates = list(found.values())
        self._ids = ids
        self._place = {str(name): place for place, name in enumerate(ids)}
        credits_ = base.counts.credits
        paper_ids = pd.Index(base.corpus.papers["paper_id"].astype(object))
        inside = credits_[schema.among(credits_["institution_id"], ids)]
        key = (
            paper_ids.get_indexer(pd.Index(inside["paper_id"].astype(object))) * len(ids)
            + ids.get_indexer(pd.Index(inside["institution_id"].astype(object)))
        )  # fmt: skip
        order = np.argsort(key, kind="stable")
        self._pairs: Whole = key[order].astype(np.int64)
        weights = inside["weight_author"].to_numpy(dtype=np.float64, na_value=0.0)[order]
        marks = marks_by_place(confused, lambda name: self._place.get(_counted(name, base), NOBODY))
        self._claims = self._laid_out(base, paper_ids, found, weights, marks)
        self._support = np.bincount(
            self._claims.pair[self._claims.pair >= 0], minlength=len(self._pairs)
        )
        self._full = np.bincount(self._pairs % len(ids), minlength=len(ids)).astype(np.float64)
        self._fractional = np.bincount(self._pairs % len(ids), weights=weights, minlength=len(ids))

    def _laid_out(
        self,
        base: Base,
        paper_ids: pd.Index[str],
        found: Mapping[tuple[str, str], Rate],
        weights: Floats,
        marks: Marks,
    ) -> _Claims:
        authorships = base.corpus.authorships.dropna(subset=["affiliation_id"])
        papers = paper_ids.get_indexer(pd.Index(authorships["paper_id"].astype(object)))
        strings = authorships["affiliation_id"].to_numpy(dtype=np.int64)
        # One row for each string on a paper, with how many authors name it there.
        named, mentions = np.unique(strings * len(paper_ids) + papers, return_counts=True)
        of_string, of_paper = named // len(paper_ids), named % len(paper_ids)
        place = {key: number for number, key in enumerate(found)}
        neighbours = _neighbours(base, self._ids)
        columns: dict[str, list[int]] = {"rate": [], "start": [], "size": []}
        confusers = Confusers(marks)
        parts: list[Whole] = []
        claimants: list[int] = []
        lost: dict[int, list[int]] = {}
        reached = 0
        bounds = np.searchsorted(of_string, np.arange(len(base.corpus.affiliations) + 1)).tolist()
        for row, key in zip(base.answers.rows, _rules(base), strict=True):
            rate = place.get(key)
            if rate is None:
                continue
            claimed = self._known(base.credited.by_affiliation[row.affiliation_id])
            if id(row.answer) not in lost:  # many strings have the same answer
                lost[id(row.answer)] = self._known(_lost(row, base))
            others = lost[id(row.answer)]
            start, end = bounds[row.affiliation_id], bounds[row.affiliation_id + 1]
            for institution in claimed or [NOBODY]:
                alike = set(others) | neighbours.get(institution, set())
                if not confusers.add(institution, claimed, alike):
                    continue  # nothing says whose it could be
                parts.append(np.arange(start, end))
                columns["rate"].append(rate)
                columns["start"].append(reached)
                columns["size"].append(end - start)
                reached += end - start
                claimants.append(institution)
        laid = {name: np.array(values, dtype=np.int64) for name, values in columns.items()}
        at = np.concatenate(parts) if parts else np.array([], dtype=np.int64)
        institution_of = np.repeat(np.array(claimants, dtype=np.int64), laid["size"])
        paper = of_paper[at]
        pair = np.where(
            institution_of >= 0,
            np.searchsorted(self._pairs, paper * len(self._ids) + institution_of), NOBODY,
        )  # fmt: skip
        # The weight of a pair is dealt to its strings by the authors that name them.
        own = np.where(institution_of >= 0, mentions[at], 0)
        total = np.bincount(pair[pair >= 0], weights=own[pair >= 0], minlength=len(self._pairs))
        weight = np.zeros(len(at))
        known = pair >= 0
        weight[known] = weights[pair[known]] * own[known] / total[pair[known]]
        return _Claims(laid["rate"], laid["start"], laid["size"], confusers.lists(), paper, pair,
                       institution_of, weight)  # fmt: skip

    def _known(self, names: tuple[str, ...]) -> list[int]:
        return [self._place[name] for name in names if name in self._place]

    def draws(self, number: int, seed: int) -> dict[str, Floats]:
        """Counts (draws × institutions), full and fractional, of each simulated corpus."""
        rng = np.random.default_rng([seed, 1])
        claims, size = self._claims, len(self._ids)
        full, fractional = np.empty((number, size)), np.empty((number, size))
        a, b = (np.array([getattr(r, name) for r in self._rates]) for name in ("a", "b"))
        for draw in range(number):
            rate = rng.beta(a, b)
            wrong = np.flatnonzero(rng.random(len(claims.rate)) < rate[claims.rate])
            to = np.repeat(claims.to.drawn(wrong, rng), claims.size[wrong])
            rows = ranges(claims.start[wrong], claims.size[wrong])
            full[draw] = self._full + self._moved(rows, to)
            gone = np.bincount(claims.institution[rows][claims.institution[rows] >= 0],
                               weights=claims.weight[rows][claims.institution[rows] >= 0],
                               minlength=size)  # fmt: skip
            came = np.bincount(to[to >= 0], weights=claims.weight[rows][to >= 0], minlength=size)
            fractional[draw] = self._fractional - gone + came
        return {"full": full, "fractional": fractional}

    def _moved(self, rows: Whole, to: Whole) -> Floats:
        """Change of the full counts: a paper leaves when its last string does, comes once."""
        claims, size = self._claims, len(self._ids)
        pair = claims.pair[rows]
        removed = np.bincount(pair[pair >= 0], minlength=len(self._pairs))
        lost = np.flatnonzero((removed > 0) & (removed == self._support))
        gone = np.bincount(self._pairs[lost] % size, minlength=size)
        came = np.unique(claims.paper[rows][to >= 0] * size + to[to >= 0])
        place = np.minimum(np.searchsorted(self._pairs, came), max(len(self._pairs) - 1, 0))
        is_there = (self._pairs[place] == came) & (removed[place] < self._support[place])
        fresh = np.bincount(came[~is_there] % size, minlength=size)
        change: Floats = (fresh - gone).astype(np.float64)
        return change


def _rules(base: Base) -> list[tuple[str, str]]:
    """Decision and rule by which each string counts, as tables and the audit tell it: a string that
    counts as the organisation it writes is no unmatched one."""
    told = base.credited.attribution
    return list(zip(told["decision"].tolist(), told["rule"].tolist(), strict=True))


def _lost(row: Answered, base: Base) -> tuple[str, ...]:
    """The institutions that a string came close to, under the study's roll-up."""
    names = (candidate.institution_id for candidate in row.answer.candidates)
    known = base.registry.institutions
    return tuple(dict.fromkeys(_counted(name, base) for name in names if name in known))


def _counted(name: str, base: Base) -> str:
    """Whom an institution's papers count for; an organisation outside the registry stays itself."""
    if name not in base.registry.institutions:
        return name
    return counted_id(name, base.registry, policies.roll_up_policy(base.study))


def _neighbours(base: Base, ids: pd.Index[str]) -> dict[int, set[int]]:
    """Institutions of the ranking whose English name holds another's, or is held by it."""
    names = [base.credited.entities[str(name)].name_en.casefold() for name in ids]
    found: dict[int, set[int]] = {}
    if base.study.institutions.known_by == "open":
        return found  # thousands of names as written: only what came into question counts
    padded = [f" {name} " for name in names]
    for one, name in enumerate(padded):
        for other, whole in enumerate(padded):
            if one != other and name in whole:
                found.setdefault(one, set()).add(other)
                found.setdefault(other, set()).add(one)
    return found
