"""How papers are counted for institutions: full, author-fractional, first author.

Author-fractional weights follow the Leiden Ranking Open Edition: author *a*, affiliation string *s*
and institution *i* give w = 1/N_authors × 1/n_affiliations(a) × 1/n_institutions(s); what belongs
to nobody goes to *none*, and the weights of a paper sum to one.

Fractions are added as whole numerators by denominator, in a fixed order and with one rounding
(``math.fsum``): the same total whatever the order of papers, authors or threads.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from bibliometrics import schema
from bibliometrics.errors import InvariantError

TOLERANCE = 1e-9
NONE = ""


@dataclass(frozen=True)
class Counts:
    """Credits of a corpus.

    ``credits`` conforms to ``schema.CREDITS``. ``shares`` has a row for each paper_id ×
    institution_id × denominator with its whole ``numerator``; *none* has the id ''. ``first`` lists
    (paper_id, institution_id) of first authors. ``untied`` is the number of papers whose source
    ties affiliations to no author: their weight belongs to *none*.
    """

    credits: pd.DataFrame
    shares: pd.DataFrame
    first: pd.DataFrame
    untied: int

    @property
    def has_fractional(self) -> bool:
        """False where no paper of the corpus ties affiliations to authors."""
        return not self.shares.empty


def count(
    papers: pd.DataFrame,
    authorships: pd.DataFrame,
    entities: Mapping[int, tuple[str, ...]],
    scopes: Mapping[str, str],
) -> Counts:
    """Credit every paper to the institutions and partners on it.

    Parameters
    ----------
    papers, authorships : as ``schema.PAPERS`` and ``schema.AUTHORSHIPS``.
    entities : affiliation_id → ids it is credited to; absent or empty: nobody.
    scopes : id → domestic, foreign or hk_mo_tw.

    Raises
    ------
    InvariantError : the weights of a paper do not sum to one, or one of them is above one.
    """
    named = pd.DataFrame(
        [
            (affiliation, entity, len(ids))
            for affiliation, ids in sorted(entities.items())
            for entity in ids
        ],
        columns=["affiliation_id", "institution_id", "n_institutions"],
    ).astype({"affiliation_id": "int64", "institution_id": "string", "n_institutions": "int64"})
    rows = authorships.assign(affiliation_id=authorships["affiliation_id"].fillna(-1).astype(int))
    placed = rows.merge(named, on="affiliation_id", how="inner")
    full = placed[["paper_id", "institution_id"]].drop_duplicates()
    shares = _shares(papers, rows, placed, named)
    _check_conserved(shares)
    weights = (
        shares[shares["institution_id"] != NONE]
        .assign(weight_author=lambda frame: frame["numerator"] / frame["denominator"])
        .groupby(["paper_id", "institution_id"], sort=True)["weight_author"]
        .sum()
        .reset_index()
    )
    credited = full.merge(weights, on=["paper_id", "institution_id"], how="left")
    credited["scope"] = credited["institution_id"].map(dict(scopes))
    if (credited["weight_author"] > 1 + TOLERANCE).any():
        raise InvariantError("a fractional weight is above one paper")
    first = placed.loc[placed["author_position"] == 1, ["paper_id", "institution_id"]]
    return Counts(
        credits=schema.conform(credited, schema.CREDITS),
        shares=shares,
        first=first.drop_duplicates().reset_index(drop=True),
        untied=int((papers["tie"] != "author").sum()),
    )


def _shares(
    papers: pd.DataFrame, rows: pd.DataFrame, placed: pd.DataFrame, named: pd.DataFrame
) -> pd.DataFrame:
    """Numerator and denominator of every paper × institution, *none* included."""
    tied = papers.loc[papers["tie"] == "author", ["paper_id", "authors_announced"]]
    announced = tied.set_index("paper_id")["authors_announced"].astype(int)
    authored = rows[
        rows["author_position"].notna() & schema.among(rows["paper_id"], announced.index)
    ]
    has_string = authored[authored["affiliation_id"] >= 0]
    per_author = (
        has_string.groupby(["paper_id", "author_position"]).size().rename("n_affiliations")
    ).reset_index()

    def weighed(frame: pd.DataFrame, institution: str | None) -> pd.DataFrame:
        joined = frame.merge(per_author, on=["paper_id", "author_position"], how="inner")
        joined["denominator"] = joined["paper_id"].map(announced).astype(int) * joined[
            "n_affiliations"
        ].astype(int)
        if institution is None:
            joined["denominator"] *= joined["n_institutions"]
        else:
            joined["institution_id"] = institution
        joined["numerator"] = 1
        return joined[["paper_id", "institution_id", "denominator", "numerator"]]

    of_institutions = weighed(placed[schema.among(placed["paper_id"], announced.index)], None)
    unresolved = weighed(
        has_string[~has_string["affiliation_id"].isin(named["affiliation_id"])], NONE
    )
    listed = authored.groupby("paper_id")["author_position"].nunique()
    placeless = authored[authored["affiliation_id"] < 0].groupby("paper_id").size()
    whole = pd.DataFrame({"denominator": announced})
    absent = whole["denominator"] - listed.reindex(whole.index).fillna(0).astype(int)
    whole["numerator"] = absent + placeless.reindex(whole.index).fillna(0).astype(int)
    nobody = whole[whole["numerator"] > 0].reset_index()
    nobody["institution_id"] = NONE
    columns = ["paper_id", "institution_id", "denominator"]
    joined = pd.concat([of_institutions, unresolved, nobody[[*columns, "numerator"]]])
    joined = joined.astype({"paper_id": "string", "institution_id": "string"})
    return joined.groupby(columns, sort=True)["numerator"].sum().reset_index()


def _check_conserved(shares: pd.DataFrame) -> None:
    totals = (
        (shares["numerator"] / shares["denominator"]).groupby(shares["paper_id"], sort=True).sum()
    )
    wrong = totals[(totals - 1).abs() > TOLERANCE]
    if not wrong.empty:
        raise InvariantError(
            f"the weights of {len(wrong)} papers do not sum to one",
            where=f"first: {wrong.index[0]} with {wrong.iloc[0]}",
            hint="this is a fault of the program: please report it",
        )


def fractional_totals(shares: pd.DataFrame, by: list[str]) -> pd.Series[float]:
    """Author-fractional counts for each combination of the columns ``by``."""
    grouped = shares.groupby([*by, "denominator"], sort=True)["numerator"].sum().reset_index()
    grouped["part"] = grouped["numerator"] / grouped["denominator"]
    return grouped.groupby(by, sort=True)["part"].agg(math.fsum)


def full_totals(credits_: pd.DataFrame, by: list[str]) -> pd.Series[int]:
    """Distinct papers for each combination of the columns ``by``."""
    distinct = credits_[["paper_id", *by]].drop_duplicates()
    return distinct.groupby(by, sort=True).size()
