"""Pairs of institutions with papers together, and the strength of their ties.

Written as Ibis expressions, which DuckDB and Spark compute alike: papers together are counted by
the size of the paper, as whole numbers, and fractions are added afterwards. Only ties with an
institution of the geography are seen whole, so normalised strengths are of the domestic graph.
"""

from __future__ import annotations

import math
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
from bibliometrics.engine import Engine, EngineName, compiled, declared, duckdb_engine
from bibliometrics.errors import InvariantError

_CREDITS = ["paper_id", "institution_id", "scope"]
_PAIRS = [
    "source_id", "target_id", "scope", "papers", "weight_fractional", "association_strength",
]  # fmt: skip
_KEY = ("source", "target", "scope", "others")
_COUNTED = ["source_id", "target_id", "scope", "others", "papers"]


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
    with duckdb_engine() if engine is None else nullcontext(engine) as used:
        used.put("credits", credits_[_CREDITS])
        counted, expected = ask_pairs(used)
    check_pairs(counted, expected)
    return strengths(counted)


@dataclass(frozen=True)
class _Questions:
    names: str
    sized: str
    together: str
    expected: str


@cache
def _questions(engine: EngineName) -> _Questions:
    credited = declared(schema.CREDITS, _CREDITS)
    named = numbered(credited)
    rows = sized(credited, ibis.table(named.schema(), name="numbered"))
    short = ibis.table(rows.schema(), name="sized")
    return _Questions(
        compiled(named, engine),
        compiled(rows, engine),
        compiled(together(short), engine, _KEY),
        compiled(expected_pairs(short), engine, ("others",)),
    )


def ask_pairs(engine: Engine) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers to ``together`` and ``expected_pairs`` over the engine's table credits.

    Institutions are numbers inside the engine: grouping and bringing out millions of pairs of
    strings takes most of the time. Here they get their ids back, as source_id and target_id.
    """
    asked = _questions(engine.name)
    engine.keep("numbered", asked.names)
    engine.keep("sized", asked.sized)
    names = engine.ask("SELECT institution_id FROM numbered ORDER BY number")["institution_id"]
    counted = engine.ask(asked.together)
    ids = {
        f"{end}_id": names.array.take(counted.pop(end).to_numpy("int64"))
        for end in ("source", "target")
    }
    return counted.assign(**ids)[_COUNTED], engine.ask(asked.expected)


def numbered(credits_: ir.Table) -> ir.Table:
    """Every institution_id with its ``number`` from 0, in code-point order."""
    ids = credits_.select("institution_id").distinct()
    return ids.mutate(number=ibis.row_number().over(order_by=ids.institution_id))


def sized(credits_: ir.Table, numbered_: ir.Table) -> ir.Table:
    """paper_id × number × scope of papers of several institutions, with how many they are."""
    sizes = credits_.group_by("paper_id").agg(institutions=credits_.count())
    several = credits_.join(sizes.filter(sizes.institutions > 1), "paper_id")
    return several.join(numbered_, "institution_id").select(
        "paper_id", "number", "scope", "institutions"
    )


def together(rows: ir.Table) -> ir.Table:
    """Papers of each pair by the number of other institutions on the paper, from ``sized``."""
    other = rows.select("paper_id", target=rows.number, target_scope=rows.scope)
    joined = rows.join(other, "paper_id")
    is_inside = joined.scope == "domestic"
    joined = joined.filter(
        joined.number < joined.target, is_inside | (joined.target_scope == "domestic")
    )
    told = joined.select(
        "target",
        source=joined.number,
        scope=ibis.ifelse(joined.scope == "domestic", joined.target_scope, joined.scope),
        others=joined.institutions - 1,
    )
    return told.group_by(*_KEY).agg(papers=told.count())


def expected_pairs(rows: ir.Table) -> ir.Table:
    """For each size of paper: how many ends at domestic institutions its pairs must have."""
    inside = rows.filter(rows.scope == "domestic")
    return inside.group_by(others=inside.institutions - 1).agg(mentions=inside.count())


def check_pairs(counted: pd.DataFrame, expected: pd.DataFrame) -> None:
    """A domestic institution on a paper of n institutions has n - 1 pairs there, exactly.

    Raises
    ------
    InvariantError : it has not, or a pair is not in order.
    """
    ends = counted["papers"].where(counted["scope"] != "domestic", 2 * counted["papers"])
    seen = ends.groupby(counted["others"]).sum()
    wanted = expected.set_index("others")["mentions"]
    wrong = (seen.reindex(wanted.index).fillna(0) != wanted * wanted.index).any()
    if wrong or not (counted["source_id"] < counted["target_id"]).all():
        raise InvariantError(
            "the pairs of institutions do not add up to their papers with others",
            hint="this is a fault of the program: please report it",
        )


def strengths(counted: pd.DataFrame) -> pd.DataFrame:
    """The weights of ``pairs`` from ``together``, in the order of its key."""
    if counted.empty:
        return schema.empty(schema.COLLABORATIONS)[_PAIRS]
    # In the order of the key: rows of one pair stand together.
    starts = np.flatnonzero(_changes(counted["source_id"]) | _changes(counted["target_id"]))
    papers = counted["papers"].to_numpy("int64")
    parts = papers / counted["others"].to_numpy("float64")
    found = counted.iloc[starts][["source_id", "target_id", "scope"]].reset_index(drop=True)
    found["papers"] = np.add.reduceat(papers, starts)
    found["weight_fractional"] = np.array(sums_of_stretches(parts, starts), dtype="float64")
    return found.assign(association_strength=_association(found))


def _changes(column: pd.Series[Any]) -> npt.NDArray[np.bool_]:
    """Where a value differs from the one before; the first does."""
    codes = pd.factorize(column)[0]
    changed: npt.NDArray[np.bool_] = np.diff(codes, prepend=-1) != 0
    return changed


def _association(found: pd.DataFrame) -> pd.Series[Any]:
    inside = found[found["scope"] == "domestic"]
    if inside.empty:
        return pd.Series(pd.NA, index=found.index, dtype="Float64")
    strength = (
        pd.concat(
            [
                inside.set_index("source_id")["papers"],
                inside.set_index("target_id")["papers"],
            ]
        )
        .groupby(level=0)
        .sum()
    )
    total = int(strength.sum())
    expected = inside["source_id"].map(strength) * inside["target_id"].map(strength)
    values = total * inside["papers"] / expected
    return values.reindex(found.index).astype("Float64")


def pairs_by_year(
    credits_: pd.DataFrame, year_of: pd.Series[Any], among: pd.Index[Any]
) -> pd.DataFrame:
    """``pairs`` between institutions of ``among``, by the year of the paper.

    ``year_of`` gives the year by paper_id; papers without one are in no row. Returns columns
    source_id < target_id, year, papers and weight_fractional, whose sums over years are those of
    ``pairs`` less the papers without a year: others on a paper count whether among or not.
    """
    rows = credits_[_CREDITS].assign(
        others=credits_.groupby("paper_id")["institution_id"].transform("size") - 1,
        year=credits_["paper_id"].map(year_of),
    )
    rows = rows[schema.among(rows["institution_id"], among) & rows["year"].notna()]
    joined = rows.merge(rows[_CREDITS], on="paper_id", suffixes=("", "_other"))
    is_inside = (joined["scope"] == "domestic") | (joined["scope_other"] == "domestic")
    joined = joined[(joined["institution_id"] < joined["institution_id_other"]) & is_inside]
    joined = joined.rename(
        columns={"institution_id": "source_id", "institution_id_other": "target_id"}
    )
    key = ["source_id", "target_id", "year"]
    # Whole numbers by denominator first: sums do not depend on the order of papers.
    counted = joined.groupby([*key, "others"], sort=True).size().rename("papers").reset_index()
    counted["weight_fractional"] = counted["papers"] / counted["others"]
    by_tie = counted.groupby(key, sort=True)
    return (
        by_tie["papers"].sum().to_frame()
        .join(by_tie["weight_fractional"].agg(math.fsum))
        .reset_index()
    )  # fmt: skip
