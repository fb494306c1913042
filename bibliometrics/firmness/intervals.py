"""Stability intervals, rank sets and pairwise probabilities of a ranking.

A corpus is a census: nobody drew its papers from anything. What an interval shows is how far a
number would move had the corpus held other papers of the same kind, which Waltman et al. (2012)
call stability; it is no error bar. Papers are resampled within publication years (``resampling``),
and ranks come with confidence sets (``rank_sets``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from bibliometrics import schema
from bibliometrics.attribution.entities import Entity
from bibliometrics.counting import ranking
from bibliometrics.counting.counts import TOLERANCE, Counts
from bibliometrics.counting.rules import OF_STUDY
from bibliometrics.errors import InvariantError
from bibliometrics.firmness.rank_sets import rank_sets
from bibliometrics.firmness.resampling import Floats, Strata, Whole, covariance, resample
from bibliometrics.study.model import Study

# Of a study without a registry there can be tens of thousands of names with a paper or two: the
# largest this many are resampled, so that memory stays bounded.
MOST = 4000
_FIRST = 30
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Ruled:
    """The standings under one counting rule, and the papers behind them.

    ``frame`` is of ``ranking.Standings``, sorted by id and cut to the largest; ``weights`` (papers
    × its rows) holds what a paper gives to an institution, ``rest`` what it gives to those cut off.
    """

    rule: str
    frame: pd.DataFrame
    denominator: ranking.Denominator
    weights: sparse.csr_array
    rest: Floats

    @property
    def basis(self) -> Floats:
        return self.frame["basis"].to_numpy(dtype=np.float64)

    @property
    def is_mainland_university(self) -> Flags:
        of = (self.frame["kind"] == "university") & (self.frame["country"] == "CN")
        return of.fillna(value=False).to_numpy(dtype=bool)


def rules_of(counts: Counts, study: Study) -> tuple[str, ...]:
    """The counting rules whose numbers are resampled: the study's, full, and fractional, as far as
    the corpus has what they need."""
    wanted = dict.fromkeys((study.counting.rule, "full", "fractional"))
    return tuple(rule for rule in wanted if counts.counted[OF_STUDY[rule]])


def ruled(
    rule: str,
    papers: pd.DataFrame,
    counts: Counts,
    entities: Mapping[str, Entity],
    study: Study,
) -> Ruled:
    """Standings and weights under ``rule``, all else as in the study.

    Raises
    ------
    InvariantError : the weights do not add up to the counts.
    """
    counting = study.counting.model_copy(update={"rule": rule})
    standing = ranking.standings(
        papers, counts, entities, study.model_copy(update={"counting": counting})
    )
    kept = standing.frame.nlargest(MOST, "papers").sort_values("institution_id")
    frame = kept.reset_index(drop=True)
    cells = _cells(rule, counts)
    rows = _places(papers["paper_id"], cells["paper_id"])
    columns = _places(frame["institution_id"], cells["institution_id"])
    value = cells["weight"].to_numpy(dtype=np.float64, na_value=0.0)
    inside = columns >= 0
    weights = sparse.csr_array(
        (value[inside], (rows[inside], columns[inside])), shape=(len(papers), len(frame))
    )
    rest: Floats = np.bincount(rows[~inside], weights=value[~inside], minlength=len(papers)).astype(
        np.float64
    )
    found = Ruled(rule, frame, standing.denominator, weights, rest)
    off = np.abs(weights.sum(axis=0) - found.basis)
    if len(off) and off.max() > TOLERANCE * max(1.0, float(found.basis.max())):
        worst = frame["institution_id"].iloc[int(off.argmax())]
        raise InvariantError(
            f"the weights of {worst} under {rule} counting do not add up to its count",
            hint="this is a fault of the program: please report it",
        )
    return found


def _cells(rule: str, counts: Counts) -> pd.DataFrame:
    """What each paper gives to each institution of the geography: paper_id, institution_id,
    weight."""
    domestic = counts.credits[counts.credits["scope"] == "domestic"]
    if rule == "fractional":
        return domestic.rename(columns={"weight_author": "weight"})
    if rule == "full":
        return domestic.assign(weight=1.0)
    named = counts.first if rule == "first_affiliation" else counts.corresponding
    inside = schema.among(named["institution_id"], domestic["institution_id"])
    return named[inside].assign(weight=1.0)


def _places(known: pd.Series[str], wanted: pd.Series[str]) -> Whole:
    # Arrow strings are looked up one scalar at a time; plain objects in one go.
    found: Whole = pd.Index(known.astype(object)).get_indexer(pd.Index(wanted.astype(object)))
    return found.astype(np.int64)


@dataclass(frozen=True)
class Drawn:
    """Counts and shares (draws × institutions) under one rule."""

    counts: Floats
    shares: Floats


def draw(every: list[Ruled], papers: pd.DataFrame, study: Study) -> list[Drawn]:
    """Resample the papers once, and count them by every rule."""
    blocks: list[sparse.csr_array] = []
    for each in every:
        divides = _of_denominator(each, study.counting.share_denominator)
        blocks += [each.weights, sparse.csr_array(divides[:, None])]
    strata = Strata.of(papers["year"].to_numpy(dtype=np.int64))
    options = study.uncertainty
    sums = resample(sparse.hstack(blocks, format="csr"), strata, options.draws, options.seed)
    drawn, start = [], 0
    for each in every:
        end = start + len(each.frame)
        counts: Floats = sums[:, start:end]
        if study.counting.share_denominator == "papers_total":
            shares: Floats = counts / each.denominator.value
        else:
            whole = np.where(sums[:, end] > 0, sums[:, end], np.nan)
            shares = counts / whole[:, None]
        drawn.append(Drawn(counts, shares))
        start = end + 1
    return drawn


def _of_denominator(each: Ruled, chosen: str) -> Floats:
    """What each paper adds to that which shares are shares of; nothing where it never changes."""
    if chosen == "sum_over_institutions":
        return np.asarray(each.weights.sum(axis=1) + each.rest, dtype=np.float64)
    of_universities = np.asarray(
        each.weights[:, each.is_mainland_university].sum(axis=1), dtype=np.float64
    )
    if chosen == "sum_over_mainland_universities":
        return of_universities
    if chosen == "distinct_mainland_universities":
        return (of_universities > 0).astype(np.float64)
    # Each resample has as many papers as the corpus.
    return np.zeros(each.weights.shape[0])


def rivals(frame: pd.DataFrame, group: str) -> tuple[Whole, Flags]:
    """The rows of a group that ranks are told among, and which of them have one.

    They are the ranked, and those below the floor whose count is below that of every ranked one:
    these can push a rank down, and leave the order as it stands.
    """
    of_group = (frame["group"] == group).to_numpy()
    ranked = of_group & frame["rank"].notna().to_numpy()
    counts = frame["basis"].to_numpy(dtype=np.float64, na_value=0.0)
    least = counts[ranked].min(initial=np.inf)
    places = np.flatnonzero(ranked | (of_group & (counts < least) & ranked.any()))
    return places.astype(np.int64), ranked[places]


def ranks_in(draws: Floats, among: Whole) -> Whole:
    """Competition ranks (draws × the columns ``among``) in each draw."""
    counts = -np.round(draws[:, among], ranking.EQUAL_DECIMALS)
    ordered = np.sort(counts, axis=1)
    found: Whole = np.empty(counts.shape, dtype=np.int64)
    for draw, (row, drawn) in enumerate(zip(ordered, counts, strict=True)):
        found[draw] = np.searchsorted(row, drawn) + 1
    return found


def middle(draws: Floats, level: float) -> tuple[Floats, Floats]:
    """The ends of the middle ``level`` of each column: values that were drawn."""
    low, high = np.quantile(
        draws, [(1 - level) / 2, (1 + level) / 2], axis=0, method="inverted_cdf"
    )
    return low, high


def intervals_of(each: Ruled, drawn: Drawn, papers: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Stability intervals and rank sets of every row of ``each.frame``."""
    level = study.uncertainty.level
    frame = each.frame[["group", "institution_id", "rank", "share"]].copy()
    frame["papers"] = each.basis
    for name, values in (("papers", drawn.counts), ("share", drawn.shares)):
        frame[f"{name}_low"], frame[f"{name}_high"] = middle(values, level)
    strata = Strata.of(papers["year"].to_numpy(dtype=np.int64))
    for group in sorted(set(frame["group"])):
        among, shown = rivals(frame.assign(basis=frame["papers"]), group)
        if not shown.any():
            continue
        rows = frame.index[among[shown]]
        best, worst = middle(ranks_in(drawn.counts, among)[:, shown].astype(np.float64), level)
        sets = rank_sets(
            each.basis[among],
            drawn.counts[:, among],
            covariance(each.weights[:, among], strata),
            shown,
            level,
        )
        told = {
            "rank_stability_low": best, "rank_stability_high": worst,
            "rank_low": sets.low, "rank_high": sets.high,
            "rank_marginal_low": sets.marginal_low, "rank_marginal_high": sets.marginal_high,
        }  # fmt: skip
        frame.loc[rows, list(told)] = np.column_stack(list(told.values()))
    return frame.assign(counting=each.rule, denominator=each.denominator.says)


def pairwise(
    each: Ruled, drawn: Drawn, papers: pd.DataFrame, listed: pd.Series[str]
) -> pd.DataFrame:
    """Neighbours in rank, and all pairs of the first thirty, of each group; without its stamp."""
    frame = each.frame
    shown = frame[frame["rank"].notna() & schema.among(frame["institution_id"], listed)]
    order = shown.sort_values(["basis", "institution_id"], ascending=[False, True])
    strata = Strata.of(papers["year"].to_numpy(dtype=np.int64))
    parts = []
    for group, members in order.groupby("group", sort=True):
        places = members.index.to_numpy()
        spread = covariance(each.weights[:, places], strata)
        names = each.weights[:, places].astype(bool).astype(np.int64)
        together = (names.T @ names).toarray()
        first = combinations(range(min(len(places), _FIRST)), 2)
        neighbours = ((a, a + 1) for a in range(len(places) - 1))
        a, b = np.array(sorted({*first, *neighbours}), dtype=np.int64).reshape(-1, 2).T
        above = drawn.counts[:, places[a]] - drawn.counts[:, places[b]]
        variance = spread[a, a] + spread[b, b] - 2 * spread[a, b]
        gap = each.basis[places[a]] - each.basis[places[b]]
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.where(variance > TOLERANCE, gap / np.sqrt(variance), np.nan)
        ids, ranks, shares = (members[c].to_numpy() for c in ("institution_id", "rank", "share"))
        parts.append(
            pd.DataFrame(
                {
                    "group": group,
                    "institution_a": ids[a],
                    "institution_b": ids[b],
                    "rank_a": ranks[a],
                    "rank_b": ranks[b],
                    "difference": shares[a] - shares[b],
                    "papers_together": together[a, b],
                    "z": pd.Series(z).where(np.isfinite(z)),
                    "p_a_above_b": (above > 0).mean(axis=0) + (above == 0).mean(axis=0) / 2,
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else schema.empty(schema.PAIRWISE)


@dataclass(frozen=True)
class Firmness:
    """How firm a ranking is: the tables ``intervals`` and ``pairwise``, and the rank sets by the
    study's own rule (institution_id, rank_low, rank_high)."""

    intervals: pd.DataFrame
    pairwise: pd.DataFrame
    sets: pd.DataFrame


def firmness(
    papers: pd.DataFrame,
    counts: Counts,
    entities: Mapping[str, Entity],
    listed: pd.Series[str],
    study: Study,
    stamp: ranking.Stamp,
) -> Firmness:
    """Resample the corpus and say how firm the ranking is; ``listed`` are the ids to tell of."""
    every = [ruled(rule, papers, counts, entities, study) for rule in rules_of(counts, study)]
    nothing = schema.empty(schema.INTERVALS)
    if not every or not len(every[0].frame):
        return Firmness(nothing, schema.empty(schema.PAIRWISE), nothing)
    drawn = draw(every, papers, study)
    frames = [
        intervals_of(each, one, papers, study) for each, one in zip(every, drawn, strict=True)
    ]
    whole = pd.concat(frames, ignore_index=True)
    whole = whole[schema.among(whole["institution_id"], listed)]
    whole = whole.assign(as_of=stamp.as_of, source=stamp.source)
    intervals = schema.conform(whole, schema.INTERVALS)
    own = intervals[intervals["counting"] == study.counting.rule]
    # Where the study's own rule cannot be counted, no pair is told by another.
    pairs = schema.empty(schema.PAIRWISE)
    if len(own):
        pairs = pairwise(every[0], drawn[0], papers, listed)
        pairs = stamp.on(pairs, every[0].denominator.says)
    return Firmness(
        intervals,
        schema.conform(pairs, schema.PAIRWISE),
        own[["institution_id", "rank_low", "rank_high"]],
    )


def with_rank_sets(ranked: pd.DataFrame, sets: pd.DataFrame) -> pd.DataFrame:
    """The ranking with the rank set of each row that has a rank."""
    filled = ranked.drop(columns=["rank_low", "rank_high"]).merge(
        sets, on="institution_id", how="left"
    )
    return schema.conform(filled, schema.RANKING)


def with_attribution(intervals: pd.DataFrame, ranges: pd.DataFrame) -> pd.DataFrame:
    """The intervals with what simulated attribution errors do, in columns of their own."""
    key = ["counting", "institution_id"]
    ranges = ranges.astype(dict.fromkeys(key, "string"))
    own = intervals.drop(columns=[c for c in ranges.columns if c not in key])
    return schema.conform(own.merge(ranges, on=key, how="left"), schema.INTERVALS)
