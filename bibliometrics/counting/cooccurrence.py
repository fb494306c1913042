"""Pairs of institutions with papers together, and the strength of their ties.

Written as Ibis expressions, which DuckDB and Spark compute alike: papers together are counted by
the size of the paper, as whole numbers, and fractions are added afterwards. Only ties with an
institution of the geography are seen whole, so normalised strengths are of the domestic graph.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd

from bibliometrics import schema
from bibliometrics.counting.counts import sums_of_stretches
from bibliometrics.engine import Engine, EngineName, compiled, duckdb_engine
from bibliometrics.errors import EngineError, InvariantError

_PAIRS = [
    "source_id", "target_id", "scope", "papers", "weight_fractional", "association_strength",
]  # fmt: skip
_TYING = {"paper": "int64", "institution": "int32", "is_domestic": "int8"}
Whole = npt.NDArray[np.int64]
_SHIFT = 2**31
_KEYS = 2**63


@dataclass(frozen=True)
class Institutions:
    """The ids of institutions in code-point order, and their scopes."""

    ids: pd.Series[str]
    scopes: pd.Series[str]

    @property
    def is_domestic(self) -> npt.NDArray[np.bool_]:
        return np.array(self.scopes == "domestic", dtype=bool)


def pairs(credits_: pd.DataFrame, engine: Engine | None = None) -> pd.DataFrame:
    """Unordered pairs of institutions with a paper together, at least one of them domestic.

    Returns columns source_id < target_id, scope, papers (distinct papers together),
    weight_fractional and association_strength.

    ``weight_fractional`` is Σ 1/(n_k - 1) over the papers k of the pair, n_k the institutions on
    paper k (Perianes-Rodríguez, Waltman & van Eck, 2016): a domestic institution's strength is its
    number of papers with another institution. ``association_strength`` is 2m·c_ij/(s_i·s_j) with
    s_i = Σ_j c_ij and 2m = Σ_i s_i over domestic pairs (van Eck & Waltman, 2009; it overestimates
    slightly, since i cannot pair with itself: Steijn, 2021); empty for a pair with a partner
    outside, whose other ties the corpus does not hold.

    Raises
    ------
    InvariantError : the pairs of an institution are not as many as its papers with others.
    """
    tying, known = _numbered(credits_)
    with duckdb_engine() if engine is None else nullcontext(engine) as used:
        used.put("tying", tying)
        counted, expected = ask_pairs(used)
    check_pairs(counted, expected, known.is_domestic)
    return strengths(counted, known)


def _numbered(credits_: pd.DataFrame) -> tuple[pd.DataFrame, Institutions]:
    """paper × institution × is_domestic in numbers, and the institutions of these."""
    paper = pd.factorize(credits_["paper_id"])[0]
    found, ids = pd.factorize(credits_["institution_id"])
    order = np.argsort(ids.to_numpy(object), kind="stable")
    place = np.empty(len(order), dtype="int64")
    place[order] = np.arange(len(order))
    first = np.empty(len(order), dtype="int64")
    first[found[::-1]] = np.arange(len(found))[::-1]
    scopes = credits_["scope"].iloc[first[order]].reset_index(drop=True)
    known = Institutions(pd.Series(ids.take(order)), scopes)
    institution = place[found]
    tying = pd.DataFrame(
        {"paper": paper, "institution": institution, "is_domestic": known.is_domestic[institution]}
    )
    return tying.astype("int64"), known


@dataclass(frozen=True)
class _Questions:
    sized: str
    expected: str
    widths: str


def _kept() -> ir.Table:
    return ibis.table(sized(ibis.table(_TYING, name="tying")).schema(), name="sized")


@cache
def _questions(engine: EngineName) -> _Questions:
    rows = _kept()
    return _Questions(
        compiled(sized(ibis.table(_TYING, name="tying")), engine),
        compiled(expected_pairs(rows), engine, ("others",)),
        compiled(widths(rows), engine),
    )


@cache
def _together(engine: EngineName, institutions: int, others: int) -> str:
    return compiled(together(_kept(), institutions, others), engine, ("key",))


def ask_pairs(engine: Engine) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers to ``together`` and ``expected_pairs`` over the engine's table tying.

    tying has paper × institution × is_domestic (1 or 0), all numbers. The first answer has columns
    source < target (institutions), others and papers, in their order; the second others and
    mentions.

    Raises
    ------
    EngineError : more institutions, on papers of more of them, than 63 bits can tell apart.
    """
    asked = _questions(engine.name)
    engine.keep("sized", asked.sized)
    # Powers of two: few shapes of corpora differ, and each is compiled once.
    institutions, others = (
        1 << int(most).bit_length() for most in engine.ask(asked.widths).iloc[0]
    )
    if institutions**2 * others > _KEYS:
        raise EngineError(
            f"pairs of {institutions} institutions on papers of {others} do not fit one number",
            hint="leave out papers of many authors: [network] many_authors = leave_out",
        )
    found = engine.ask(_together(engine.name, institutions, others))
    pair, other = np.divmod(found["key"].to_numpy("int64"), others)
    source, target = np.divmod(pair, institutions)
    counted = {"source": source, "target": target, "others": other}
    counted["papers"] = found["papers"].to_numpy("int64")
    return pd.DataFrame(counted), engine.ask(asked.expected)


def sized(tying: ir.Table) -> ir.Table:
    """``tying`` of papers of several institutions, with how many ``others`` are on the paper."""
    sizes = tying.group_by("paper").agg(institutions=tying.count())
    several = sizes.filter(sizes.institutions > 1)
    others = several.select("paper", others=(several.institutions - 1).cast("int32"))
    return tying.join(others, "paper").select(*_TYING, "others")


def widths(rows: ir.Table) -> ir.Table:
    """The highest number of an institution, and of others on a paper, in ``sized``."""
    highest = (rows.institution.max(), rows.others.max())
    institutions, others = (ibis.coalesce(each.cast("int64"), 0) for each in highest)
    return rows.agg(institutions=institutions, others=others)


def together(rows: ir.Table, institutions: int, others: int) -> ir.Table:
    """Papers of each pair by the number of other institutions on the paper, from ``sized``.

    ``key`` is source, target and others in one number, as digits with ``institutions`` and
    ``others`` above every one of them: grouping and sorting by one column takes two thirds of the
    time of two.
    """
    other = rows.select("paper", target=rows.institution, target_is_domestic=rows.is_domestic)
    joined = rows.join(other, "paper")
    joined = joined.filter(
        joined.institution < joined.target,
        (joined.is_domestic == 1) | (joined.target_is_domestic == 1),
    )
    pair = joined.institution.cast("int64") * institutions + joined.target.cast("int64")
    told = joined.select(key=pair * others + joined.others.cast("int64"))
    return told.group_by("key").agg(papers=told.count())


def expected_pairs(rows: ir.Table) -> ir.Table:
    """For each size of paper: how many ends at domestic institutions its pairs must have."""
    inside = rows.filter(rows.is_domestic == 1)
    found = inside.group_by("others").agg(mentions=inside.count())
    return found.select(others=found.others.cast("int64"), mentions=found.mentions)


def check_pairs(
    counted: pd.DataFrame, expected: pd.DataFrame, is_domestic: npt.NDArray[np.bool_]
) -> None:
    """A domestic institution on a paper of n institutions has n - 1 pairs there, exactly.

    ``counted`` and ``expected`` are as ``ask_pairs`` gives them.

    Raises
    ------
    InvariantError : it has not, or a pair is not in order.
    """
    source, target = (counted[end].to_numpy("int64") for end in ("source", "target"))
    inside = is_domestic[source] & is_domestic[target]
    ends = counted["papers"] * np.where(inside, 2, 1)
    seen = ends.groupby(counted["others"]).sum()
    wanted = expected.set_index("others")["mentions"]
    wrong = (seen.reindex(wanted.index).fillna(0) != wanted * wanted.index).any()
    if wrong or not (source < target).all():
        raise InvariantError(
            "the pairs of institutions do not add up to their papers with others",
            hint="this is a fault of the program: please report it",
        )


def strengths(counted: pd.DataFrame, known: Institutions) -> pd.DataFrame:
    """The weights of ``pairs`` from the first answer of ``ask_pairs``, in its order."""
    if counted.empty:
        return schema.empty(schema.COLLABORATIONS)[_PAIRS]
    source, target, papers = (
        counted[name].to_numpy("int64") for name in ("source", "target", "papers")
    )
    # In the order of the key: rows of one pair stand together.
    starts = np.flatnonzero((np.diff(source, prepend=-1) != 0) | (np.diff(target, prepend=-1) != 0))
    parts = papers / counted["others"].to_numpy("float64")
    source, target, papers = source[starts], target[starts], np.add.reduceat(papers, starts)
    is_domestic = known.is_domestic
    outer = np.where(is_domestic[source], target, source)
    return pd.DataFrame(
        {
            "source_id": known.ids.array.take(source),
            "target_id": known.ids.array.take(target),
            "scope": known.scopes.array.take(outer),
            "papers": papers,
            "weight_fractional": np.array(sums_of_stretches(parts, starts), dtype="float64"),
            "association_strength": _association(source, target, papers, is_domestic),
        }
    )


def _association(
    source: Whole, target: Whole, papers: Whole, is_domestic: npt.NDArray[np.bool_]
) -> pd.arrays.FloatingArray:
    inside = is_domestic[source] & is_domestic[target]
    strength = np.zeros(len(is_domestic), dtype="int64")
    for ends in (source, target):
        np.add.at(strength, ends[inside], papers[inside])
    values = np.zeros(len(papers))
    expected = strength[source[inside]] * strength[target[inside]]
    values[inside] = strength.sum() * papers[inside] / expected
    return pd.arrays.FloatingArray(values, ~inside)


def pairs_by_year(
    credits_: pd.DataFrame, year_of: pd.Series[Any], among: pd.Index[Any]
) -> pd.DataFrame:
    """``pairs`` between institutions of ``among``, by the year of the paper.

    ``year_of`` gives the year by paper_id; papers without one are in no row. Returns columns
    source_id < target_id, year, papers and weight_fractional, whose sums over years are those of
    ``pairs`` less the papers without a year: others on a paper count whether among or not.
    """
    tying, known = _numbered(credits_)
    paper, institution = tying["paper"].to_numpy(), tying["institution"].to_numpy()
    others = np.bincount(paper)[paper] - 1
    year = credits_["paper_id"].map(year_of)
    chosen = schema.among(known.ids, among).to_numpy(dtype=bool)[institution]
    rows = pd.DataFrame(
        {"paper": paper, "institution": institution, "others": others, "year": year.array}
    )[chosen & year.notna().to_numpy()]
    joined = rows.merge(rows[["paper", "institution"]], on="paper", suffixes=("", "_other"))
    source, target = joined["institution"].to_numpy(), joined["institution_other"].to_numpy()
    inside = known.is_domestic
    kept = (source < target) & (inside[source] | inside[target])
    found = pd.DataFrame(
        {"tie": source[kept] * _SHIFT + target[kept], "year": joined["year"].array[kept],
         "others": joined["others"].to_numpy()[kept]}
    )  # fmt: skip
    # Whole numbers by denominator first: sums do not depend on the order of papers.
    counted = found.groupby(["tie", "year", "others"]).size().rename("papers").reset_index()
    tie, by_year = counted["tie"].to_numpy(), counted["year"].to_numpy("int64")
    starts = np.flatnonzero((np.diff(tie, prepend=-1) != 0) | (np.diff(by_year, prepend=-1) != 0))
    papers = counted["papers"].to_numpy("int64")
    parts = papers / counted["others"].to_numpy("float64")
    ends = np.divmod(tie[starts], _SHIFT)
    return pd.DataFrame(
        {
            "source_id": known.ids.array.take(ends[0]),
            "target_id": known.ids.array.take(ends[1]),
            "year": counted["year"].array[starts],
            "papers": np.add.reduceat(papers, starts) if len(starts) else papers,
            "weight_fractional": pd.array(sums_of_stretches(parts, starts), dtype="Float64"),
        }
    )
