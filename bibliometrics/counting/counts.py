"""Papers counted for institutions by every rule, and the rules checked on the way.

What part of a paper an institution gets is written in ``weights``; here the parts are added.
Fractions are added as whole numerators by denominator, in a fixed order and with one rounding
(``math.fsum``): the same total whatever the order of papers, authors, threads or partitions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import ibis
import numpy as np
import numpy.typing as npt
import pandas as pd

from bibliometrics import schema
from bibliometrics.counting import rules, weights
from bibliometrics.counting.weights import NONE, RULES
from bibliometrics.engine import Engine, EngineName, compiled, declared, duckdb_engine
from bibliometrics.errors import InvariantError

TOLERANCE = 1e-9
# What these rules give of a paper adds up to the paper, nobody's part included.
EXCLUSIVE = tuple(rule.name for rule in rules.RULES if rule.splits)
# Rules whose papers are brought out one by one; of the others only totals are.
_BY_PAPER = ("full", "author_fractional", "first_author", "corresponding_author")
# Below this many bits the least common multiple of a paper's denominators is a 64-bit number.
_BITS = 62
_PAPERS = ["paper_id", "year", "authors_announced", "tie"]
_AUTHORSHIPS = ["paper_id", "author_position", "affiliation_id", "is_corresponding"]
_TOTALS = ["counting", "year", "institution_id", "denominator", "numerator"]
_REPORT = "this is a fault of the program: please report it"


@dataclass(frozen=True)
class Counts:
    """Credits of a corpus.

    ``credits`` conforms to ``schema.CREDITS``. ``shares`` has a row for each paper_id ×
    institution_id × denominator with its whole ``numerator`` (author-fractional); *none* has the id
    ''. ``first`` and ``corresponding`` list (paper_id, institution_id) of these authors. ``untied``
    is the number of papers whose source ties affiliations to no author: their weight belongs to
    *none*.

    ``totals`` holds whole numerators by counting × year × institution_id × denominator, for each of
    ``weights.RULES``; ``counted`` the papers that each rule can count.
    """

    credits: pd.DataFrame
    shares: pd.DataFrame
    first: pd.DataFrame
    corresponding: pd.DataFrame
    untied: int
    totals: pd.DataFrame
    counted: Mapping[str, int]

    @property
    def has_fractional(self) -> bool:
        """False where no paper of the corpus ties affiliations to authors."""
        return not self.shares.empty


def count(
    papers: pd.DataFrame,
    authorships: pd.DataFrame,
    entities: Mapping[int, tuple[str, ...]],
    scopes: Mapping[str, str],
    engine: Engine | None = None,
) -> Counts:
    """Credit every paper to the institutions and partners on it.

    Parameters
    ----------
    papers, authorships : as ``schema.PAPERS`` and ``schema.AUTHORSHIPS``.
    entities : affiliation_id → ids it is credited to; absent or empty: nobody.
    scopes : id → domestic, foreign or hk_mo_tw.
    engine : what computes; DuckDB, opened for this, by default.

    Raises
    ------
    InvariantError : the weights of a paper do not sum to one, or a rule gives an institution more
        than full counting does.
    """
    named = pd.DataFrame(
        [(affiliation, entity) for affiliation, ids in entities.items() for entity in ids],
        columns=["affiliation_id", "institution_id"],
    ).astype({"affiliation_id": "int64", "institution_id": "string"})
    with duckdb_engine() if engine is None else nullcontext(engine) as used:
        used.put("papers", papers[_PAPERS])
        used.put("authorships", authorships[_AUTHORSHIPS])
        used.put("credited", named)
        asked = questions(used.name)
        keep(used, asked)
        by_paper = {rule: used.ask(asked.by_paper[rule]) for rule in _BY_PAPER}
        others = [rule for rule in RULES if rule not in _BY_PAPER]
        in_engine = totals(used, asked, others)
    tied = papers["tie"] == "author"
    says = authorships.loc[authorships["is_corresponding"] == 1, "paper_id"]
    counted = counted_by_rule(len(papers), int(tied.sum()), int(says.nunique()))
    summed = pd.concat([*(_totals_of(*each) for each in by_paper.items()), in_engine])
    summed = summed.astype({"counting": "string"}).reset_index(drop=True)
    named_by = {rule: rows[["paper_id", "institution_id"]] for rule, rows in by_paper.items()}
    shares = by_paper["author_fractional"].drop(columns="year")
    check_conserved(shares)
    check_totals(summed, counted)
    credited = named_by["full"].merge(
        _weights(shares), on=["paper_id", "institution_id"], how="left"
    )
    credited["scope"] = credited["institution_id"].map(dict(scopes))
    return Counts(
        credits=schema.conform(credited, schema.CREDITS),
        shares=shares,
        first=named_by["first_author"],
        corresponding=named_by["corresponding_author"],
        untied=int((~tied).sum()),
        totals=summed,
        counted=counted,
    )


@dataclass(frozen=True)
class Questions:
    """The SQL of one engine over its tables papers, authorships and credited.

    ``kept`` is what the others read, by name; ``by_paper`` and ``totals`` have one for each rule.
    """

    kept: dict[str, str]
    by_paper: dict[str, str]
    totals: dict[str, str]


@cache
def questions(engine: EngineName) -> Questions:
    """Every rule of ``weights`` in the SQL of an engine."""
    seen = weights.mentions(
        declared(schema.PAPERS, _PAPERS),
        declared(schema.AUTHORSHIPS, _AUTHORSHIPS),
        declared(schema.CREDITED, ["affiliation_id", "institution_id"]),
    )
    kept = {"authors": seen.authors, "strings": seen.strings}
    named = {name: ibis.table(table.schema(), name=name) for name, table in kept.items()}
    short = weights.Mentions(seen.papers, named["authors"], named["strings"])
    rows = {name: rule(short) for name, rule in RULES.items()}
    key = ("year", "institution_id", "denominator")
    return Questions(
        {name: compiled(table, engine) for name, table in kept.items()},
        {
            name: compiled(
                weights.summed(table) if name in EXCLUSIVE else table, engine, weights.KEY
            )
            for name, table in rows.items()
        },
        {name: compiled(weights.totals(table), engine, key) for name, table in rows.items()},
    )


def keep(engine: Engine, asked: Questions) -> None:
    """Compute once, inside the engine, what all rules read."""
    for name, sql in asked.kept.items():
        engine.keep(name, sql)


def totals(engine: Engine, asked: Questions, chosen: Sequence[str] = tuple(RULES)) -> pd.DataFrame:
    """Whole numerators by counting × year × institution_id × denominator, added in the engine."""
    parts = [engine.ask(asked.totals[rule]).assign(counting=rule) for rule in chosen]
    return pd.concat(parts, ignore_index=True)[_TOTALS].astype({"counting": "string"})


def _totals_of(rule: str, rows: pd.DataFrame) -> pd.DataFrame:
    """As ``totals``, of weights that are here already."""
    by = rows.groupby(["year", "institution_id", "denominator"], dropna=False)["numerator"]
    return by.sum().reset_index().assign(counting=rule)[_TOTALS]


def counted_by_rule(papers: int, tied: int, says_corresponding: int) -> dict[str, int]:
    """How many papers each rule can count; the others are not available, never approximated."""
    return {
        "full": papers,
        "author_fractional": tied,
        "first_author": tied,
        "first_author_fractional": tied,
        "corresponding_author": says_corresponding,
        "institution_fractional": papers,
    }


def _weights(shares: pd.DataFrame) -> pd.DataFrame:
    known = shares[shares["institution_id"] != NONE]
    parts = known.assign(weight_author=known["numerator"] / known["denominator"])
    by = parts.groupby(["paper_id", "institution_id"], sort=False)["weight_author"]
    return by.sum().reset_index()


def check_conserved(shares: pd.DataFrame) -> None:
    """Every paper's weights, *none* included, sum to one exactly: in whole numbers.

    Raises
    ------
    InvariantError : naming the first paper whose do not.
    """
    if shares.empty:
        return
    paper, ids = pd.factorize(shares["paper_id"])
    order = np.argsort(paper, kind="stable")
    below = shares["denominator"].to_numpy("int64")[order]
    above = shares["numerator"].to_numpy("int64")[order]
    starts = np.flatnonzero(np.diff(paper[order], prepend=-1))
    sizes = np.diff(starts, append=len(order))
    is_small = np.add.reduceat(np.log2(below), starts) < _BITS
    common = np.ones(len(starts), dtype="int64")
    small = np.repeat(is_small, sizes)
    if small.any():
        common[is_small] = np.lcm.reduceat(
            below[small], np.flatnonzero(np.diff(paper[order][small], prepend=-1))
        )
    whole = np.repeat(common, sizes)
    sums = np.add.reduceat(np.where(small, above * (whole // below), 0), starts)
    wrong = [int(place) for place in np.flatnonzero(is_small & (sums != common))]
    for place in np.flatnonzero(~is_small):
        rows = slice(starts[place], starts[place] + sizes[place])
        parts = zip(above[rows].tolist(), below[rows].tolist(), strict=True)
        if sum((Fraction(n, d) for n, d in parts), Fraction()) != 1:
            wrong.append(int(place))
    if wrong:
        raise InvariantError(
            f"the weights of {len(wrong)} papers do not sum to one",
            where=f"first: {ids[min(wrong)]}",
            hint=_REPORT,
        )


def check_totals(
    summed: pd.DataFrame, counted: Mapping[str, int], chosen: Sequence[str] = tuple(RULES)
) -> None:
    """What must hold of the totals of the rules ``chosen``.

    The rules that share a paper out give as many papers as they counted, exactly; no rule gives an
    institution more papers of a year than full counting does.

    Raises
    ------
    InvariantError : naming the rule, and the institution.
    """
    for rule in (rule for rule in EXCLUSIVE if rule in chosen):
        own = summed[summed["counting"] == rule]
        by = own.groupby("denominator")["numerator"].sum()
        parts = zip(by.tolist(), by.index.tolist(), strict=True)
        whole = sum((Fraction(n, d) for n, d in parts), Fraction())
        if whole != counted[rule]:
            raise InvariantError(
                f"{rule} gives {float(whole)} papers of {counted[rule]}", hint=_REPORT
            )
    known = summed[summed["institution_id"] != NONE]
    added = add(known, ["counting", "year", "institution_id"]).unstack("counting")
    if "full" not in added:
        return
    above = added.sub(added["full"].fillna(0), axis=0).max(axis=1) > TOLERANCE
    if above.any():
        year, institution = added.index[above][0]
        raise InvariantError(
            "a rule counts more papers than full counting",
            where=f"{institution}, {year}",
            hint=_REPORT,
        )


def add(summed: pd.DataFrame, by: list[str]) -> pd.Series[float]:
    """Papers for each combination of the columns ``by`` of whole numerators by denominator."""
    grouped = summed.groupby([*by, "denominator"], dropna=False)["numerator"].sum().reset_index()
    # Sorted by the keys: rows of one combination stand together.
    number = grouped.groupby(by, dropna=False).ngroup().to_numpy()
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    parts = (grouped["numerator"] / grouped["denominator"]).to_numpy("float64")
    index = grouped.iloc[starts].set_index(by).index
    return pd.Series(sums_of_stretches(parts, starts), index=index, name="part", dtype="float64")


def sums_of_stretches(parts: npt.NDArray[np.float64], starts: npt.NDArray[np.int64]) -> list[float]:
    """Sums of the stretches of ``parts`` that begin at ``starts``, each with one rounding."""
    values, places = parts.tolist(), starts.tolist()
    ends = [*places[1:], len(values)][: len(places)]
    return [
        values[a] if b - a == 1 else math.fsum(values[a:b])
        for a, b in zip(places, ends, strict=True)
    ]


def fractional_totals(shares: pd.DataFrame, by: list[str]) -> pd.Series[float]:
    """Author-fractional counts for each combination of the columns ``by``."""
    return add(shares, by)


def full_totals(credits_: pd.DataFrame, by: list[str]) -> pd.Series[int]:
    """Distinct papers for each combination of the columns ``by``."""
    distinct = credits_[["paper_id", *by]].drop_duplicates()
    return distinct.groupby(by, sort=True).size()
