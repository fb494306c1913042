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

import numpy as np
import numpy.typing as npt
import pandas as pd

from bibliometrics import schema
from bibliometrics.counting import numbering, questions, rules
from bibliometrics.counting.weights import NOBODY, NONE, RULES
from bibliometrics.engine import Engine, duckdb_engine
from bibliometrics.errors import InvariantError

TOLERANCE = 1e-9
# What these rules give of a paper adds up to the paper, nobody's part included.
EXCLUSIVE = tuple(rule.name for rule in rules.RULES if rule.splits)
# Rules of which only totals are brought out; of the others the papers are, one by one.
_NOT_BY_PAPER = ("first_author_fractional", "institution_fractional")
_PAIR = ["paper_id", "institution_id"]
# Below this many bits the least common multiple of a paper's denominators is a 64-bit number.
_BITS = 62
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
    credited = pd.DataFrame(
        [(affiliation, entity) for affiliation, ids in entities.items() for entity in ids],
        columns=["affiliation_id", "institution_id"],
    ).astype({"affiliation_id": "int64", "institution_id": "string"})
    papers = numbering.numbered(papers)
    with duckdb_engine() if engine is None else nullcontext(engine) as used:
        used.put("numbered_papers", papers)
        used.put("authorships", authorships[questions.AUTHORSHIPS])
        used.put("credited", credited)
        questions.keep(used)
        institutions = numbering.institutions(used)
        named = questions.named(used)
        parts = questions.author_fractional(used)
        others = {rule: questions.total(used, rule) for rule in _NOT_BY_PAPER}
    tied = papers["tie"] == "author"
    says = authorships.loc[authorships["is_corresponding"] == 1, "paper_id"]
    counted = counted_by_rule(len(papers), int(tied.sum()), int(says.nunique()))
    named = named.assign(denominator=1, numerator=1)
    first, corresponding = (
        named[named[flag].to_numpy() == 1] for flag in ("by_first", "by_corresponding")
    )
    by_paper = {
        "full": named, "author_fractional": parts, "first_author": first,
        "corresponding_author": corresponding,
    }  # fmt: skip
    by_rule = {rule: _totals_of(rows) for rule, rows in by_paper.items()} | others
    summed = questions.told(by_rule, institutions)
    shares = _with_ids(parts, papers, institutions)
    check_conserved(shares)
    check_totals(summed, counted)
    return Counts(
        credits=_credits(named, parts, papers, institutions, scopes),
        shares=shares,
        first=_with_ids(first, papers, institutions)[_PAIR],
        corresponding=_with_ids(corresponding, papers, institutions)[_PAIR],
        untied=int((~tied).sum()),
        totals=summed,
        counted=counted,
    )


def _totals_of(rows: pd.DataFrame) -> pd.DataFrame:
    """As the engine's totals of a rule, of weights that are here already."""
    return rows.groupby(questions.CELL, dropna=False)["numerator"].sum().reset_index()


def _with_ids(
    rows: pd.DataFrame, papers: pd.DataFrame, institutions: pd.Series[str]
) -> pd.DataFrame:
    """Weights by paper_id × institution_id × denominator."""
    return pd.DataFrame(
        {
            "paper_id": numbering.ids_of(papers["paper_id"], rows["paper"]),
            "institution_id": numbering.ids_of(institutions, rows["institution"], NONE),
            "denominator": rows["denominator"].array,
            "numerator": rows["numerator"].array,
        }
    )


def _credits(
    named: pd.DataFrame,
    parts: pd.DataFrame,
    papers: pd.DataFrame,
    institutions: pd.Series[str],
    scopes: Mapping[str, str],
) -> pd.DataFrame:
    """Institutions by paper with their author-fractional weight, where there is one."""
    known = parts[parts["institution"].to_numpy() != NOBODY]
    weight = known["numerator"] / known["denominator"]
    by = weight.groupby([known["paper"], known["institution"]], sort=False).sum()
    pair = pd.MultiIndex.from_frame(named[["paper", "institution"]])
    scope = institutions.map(dict(scopes)).astype("string")
    frame = _with_ids(named, papers, institutions)[_PAIR].assign(
        scope=numbering.ids_of(scope, named["institution"]),
        weight_author=by.reindex(pair).array,
    )
    return schema.in_order(frame, schema.CREDITS)


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
    sizes = np.diff(starts, append=len(parts))
    sums = parts[starts]
    two = sizes == 2
    # Of two numbers the plain sum is rounded once.
    sums[two] += parts[starts[two] + 1]
    found: list[float] = sums.tolist()
    longer = np.flatnonzero(sizes > 2)
    first, last = starts[longer].tolist(), (starts + sizes)[longer].tolist()
    values = parts.tolist()
    for place, a, b in zip(longer.tolist(), first, last, strict=True):
        found[place] = math.fsum(values[a:b])
    return found


def fractional_totals(shares: pd.DataFrame, by: list[str]) -> pd.Series[float]:
    """Author-fractional counts for each combination of the columns ``by``."""
    return add(shares, by)


def full_totals(credits_: pd.DataFrame, by: list[str]) -> pd.Series[int]:
    """Distinct papers for each combination of the columns ``by``."""
    distinct = credits_[["paper_id", *by]].drop_duplicates()
    return distinct.groupby(by, sort=True).size()
