"""Order, shares and ties: the tables of institutions, years, provinces and authorities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution.entities import Entity
from bibliometrics.counting.counts import Counts, add, fractional_totals, full_totals
from bibliometrics.counting.rules import OF_STUDY
from bibliometrics.study.model import Study

UNKNOWN = "unknown"
# Counts that agree to so many decimals are equal.
EQUAL_DECIMALS = 9
# The study's options for what shares are shares of, as tables print them.
DENOMINATORS = {
    "papers_total": "distinct papers of the corpus",
    "sum_over_institutions": "sum over institutions",
    "sum_over_mainland_universities": "sum over mainland universities",
    "distinct_mainland_universities": "distinct papers of mainland universities",
}


@dataclass(frozen=True)
class Stamp:
    """What a table of numbers says of itself: it leaves its manifest in the first e-mail."""

    counting: str
    as_of: str
    source: str

    def on(
        self, frame: pd.DataFrame, denominator: str, counting: str | None = None
    ) -> pd.DataFrame:
        """``frame`` with the columns that every table of numbers carries."""
        return frame.assign(
            counting=counting or self.counting,
            denominator=denominator,
            as_of=self.as_of,
            source=self.source,
        )


@dataclass(frozen=True)
class Denominator:
    """What shares are shares of."""

    name: str
    value: float

    @property
    def says(self) -> str:
        number = int(self.value) if self.value == int(self.value) else round(self.value, 2)
        return f"{self.name} = {number}"

    def share(self, counts: pd.Series[float]) -> pd.Series[float]:
        """``counts`` over the denominator; empty where it is zero."""
        if not self.value:
            return counts.astype("Float64") * pd.NA
        return counts / self.value


@dataclass(frozen=True)
class Standings:
    """Who stands where under a study's options.

    ``frame`` has a row for each institution of the geography with a paper: institution_id, papers,
    group, kind, country, basis (the count the study ranks by), share and rank.
    """

    frame: pd.DataFrame
    denominator: Denominator


def standings(
    papers: pd.DataFrame, counts: Counts, entities: Mapping[str, Entity], study: Study
) -> Standings:
    """Order the institutions: the one definition of basis, share and rank.

    Ranks are competition ranks (ties share the best) within a group, by the study's counting rule;
    below the floor there is none.
    """
    domestic = counts.credits[counts.credits["scope"] == "domestic"]
    frame = full_totals(domestic, ["institution_id"]).rename("papers").reset_index()
    known = [entities[i] for i in frame["institution_id"]]
    for attribute in ("kind", "country"):
        frame[attribute] = [getattr(entity, attribute) or None for entity in known]
    together = study.institutions.groups == "together"
    frame["group"] = ["institutions" if together else entity.group for entity in known]
    frame["basis"] = basis(study.counting.rule, counts, frame).astype("Float64")
    return placed(frame, len(papers), domestic, study)


def placed(frame: pd.DataFrame, papers: int, domestic: pd.DataFrame, study: Study) -> Standings:
    """Share and rank of each row of ``frame``: institution_id, papers, group, kind, country, basis.

    ``papers`` is the corpus's number, ``domestic`` the credits inside the geography.
    """
    chosen = study.counting.share_denominator
    denominator = denominator_of(chosen, papers, domestic, frame)
    frame = frame.assign(share=denominator.share(frame["basis"]))
    enough = frame["papers"] >= study.thresholds.rank_floor
    ranked = frame["basis"].where(enough)
    frame["rank"] = competition_ranks(ranked, [frame["group"]])
    return Standings(frame, denominator)


def competition_ranks(counts: pd.Series[Any], by: list[pd.Series[Any]]) -> pd.Series[Any]:
    """Ranks within the groups ``by``: equal counts share the best, and a count that is missing has
    none.

    1/5 + 1/10 and 3/10 are the same papers and two floats: what differs by rounding is equal.
    """
    return counts.round(EQUAL_DECIMALS).groupby(by).rank(method="min", ascending=False)


def basis(rule: str, counts: Counts, frame: pd.DataFrame) -> pd.Series[Any]:
    """The count of each institution of ``frame`` (institution_id, papers) by a counting rule."""
    counting = OF_STUDY[rule]
    if not counts.counted[counting]:
        return pd.Series(pd.NA, index=frame.index, dtype="Float64")
    own = counts.totals[counts.totals["counting"] == counting]
    return frame["institution_id"].map(_indexed(add(own, ["institution_id"]))).fillna(0)


def institutions(
    papers: pd.DataFrame, counts: Counts, entities: Mapping[str, Entity], study: Study, stamp: Stamp
) -> tuple[pd.DataFrame, Denominator]:
    """The ranking: every institution of the geography with a paper, and its denominator."""
    standing = standings(papers, counts, entities, study)
    frame = standing.frame
    known = [entities[i] for i in frame["institution_id"]]
    for attribute in ("name_en", "name_zh", "province", "authority"):
        frame[attribute] = [getattr(entity, attribute) or None for entity in known]
    frame["papers_fractional_author"] = basis("fractional", counts, frame)
    frame["papers_first_author"] = basis("first_affiliation", counts, frame)
    frame["papers_corresponding_author"] = basis("corresponding_affiliation", counts, frame)
    domestic = counts.credits[counts.credits["scope"] == "domestic"]
    with_abroad = domestic[schema.among(domestic["paper_id"], international(counts))]
    frame["papers_international"] = (
        frame["institution_id"].map(with_abroad.groupby("institution_id").size()).fillna(0)
    )
    told = stamp.on(frame, standing.denominator.says)
    return schema.conform(told, schema.RANKING), standing.denominator


def _indexed(series: pd.Series[Any]) -> pd.Series[Any]:
    series.index = series.index.astype("string")
    return series


def denominator_of(
    chosen: str, papers: int, domestic: pd.DataFrame, frame: pd.DataFrame
) -> Denominator:
    """What shares are shares of, by the study's option ``chosen``.

    ``papers`` is the corpus's number, ``domestic`` the credits inside the geography, ``frame`` the
    institutions with their basis.
    """
    name = DENOMINATORS[chosen]
    of_universities = (frame["kind"] == "university") & (frame["country"] == "CN")
    if chosen == "papers_total":
        return Denominator(name, papers)
    if chosen == "sum_over_institutions":
        return Denominator(name, float(frame["basis"].sum()))
    if chosen == "sum_over_mainland_universities":
        of_mainland = frame.loc[of_universities, "basis"]
        return Denominator(name, float(of_mainland.sum()))
    universities = frame.loc[of_universities, "institution_id"]
    named = domestic.loc[
        schema.among(domestic["institution_id"], universities), "paper_id"
    ].nunique()
    return Denominator(name, named)


def is_mainland_university(entity: Entity) -> bool:
    """Whether an institution is of those that two of the denominators sum over."""
    return entity.kind == "university" and entity.country == "CN"


def selected(ranked: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The institutions that the study lists; all others stay in every count.

    ``top_n`` is cut by the study's counting rule, within each group, ties at the cut kept.
    """
    rule = study.institutions.selection
    if rule == "minimum_papers":
        return ranked[ranked["papers"] >= study.institutions.minimum_papers]
    if rule == "top_n":
        place = ranked.groupby("group")["share"].rank(method="min", ascending=False)
        return ranked[place <= study.institutions.top_n]
    if rule == "given_list":
        return ranked[ranked["institution_id"].isin(study.institutions.given_list)]
    return ranked


def international(counts: Counts) -> pd.Index[str]:
    """Papers with an institution of the geography and a foreign partner."""
    scopes = counts.credits[["paper_id", "scope"]].drop_duplicates()
    domestic = scopes.loc[scopes["scope"] == "domestic", "paper_id"]
    foreign = scopes.loc[scopes["scope"] == "foreign", "paper_id"]
    found: pd.Index[str] = pd.Index(domestic[schema.among(domestic, foreign)])
    return found


def by_year(
    papers: pd.DataFrame, counts: Counts, ranked: pd.DataFrame, stamp: Stamp
) -> pd.DataFrame:
    """Papers of each ranked institution by publication year."""
    year = papers.set_index("paper_id")["year"]
    of_ranked = counts.credits[
        schema.among(counts.credits["institution_id"], ranked["institution_id"])
    ]
    dated = of_ranked.assign(year=of_ranked["paper_id"].map(year))
    frame = full_totals(dated, ["year", "institution_id"]).rename("papers").reset_index()
    if counts.has_fractional:
        shares = counts.shares.assign(year=counts.shares["paper_id"].map(year))
        shares = shares[schema.among(shares["institution_id"], ranked["institution_id"])]
        totals = fractional_totals(shares, ["year", "institution_id"])
        dated_totals = totals.rename("papers_fractional_author").reset_index()
        frame = frame.merge(dated_totals, on=["year", "institution_id"], how="left")
    return schema.conform(stamp.on(frame, "none: counts only", "full"), schema.RANKING_BY_YEAR)


def years(papers: pd.DataFrame, counts: Counts, stamp: Stamp) -> pd.DataFrame:
    """The corpus by publication year."""
    abroad = international(counts)
    year = papers.set_index("paper_id")["year"]
    domestic = counts.credits[counts.credits["scope"] == "domestic"]
    dated = domestic.assign(year=domestic["paper_id"].map(year))
    frame = papers.groupby("year").size().rename("papers").reset_index()
    with_abroad = papers[schema.among(papers["paper_id"], abroad)].groupby("year").size()
    frame["papers_international"] = frame["year"].map(with_abroad).fillna(0)
    frame["institutions"] = (
        frame["year"].map(dated.groupby("year")["institution_id"].nunique()).fillna(0)
    )
    return schema.conform(stamp.on(frame, "none: counts only", "full"), schema.YEARS)


def grouped(
    table: schema.Table,
    attribute: str,
    counts: Counts,
    ranked: pd.DataFrame,
    papers: pd.DataFrame,
    stamp: Stamp,
) -> pd.DataFrame:
    """Distinct papers of the institutions that share ``attribute`` (province, authority).

    A unit's papers are its distinct papers, never the sum of its members.
    """
    unit = ranked.set_index("institution_id")[attribute].dropna()
    of_units = counts.credits[schema.among(counts.credits["institution_id"], unit.index)]
    placed = of_units.assign(**{attribute: of_units["institution_id"].map(unit)})
    frame = full_totals(placed, [attribute]).rename("papers").reset_index()
    members = placed.groupby(attribute)["institution_id"].nunique()
    frame["institutions"] = frame[attribute].map(members)
    whole = Denominator("distinct papers of the corpus", len(papers))
    frame["share"] = whole.share(frame["papers"])
    return schema.conform(stamp.on(frame, whole.says, "full"), table)


def keywords(hits: pd.DataFrame, study: Study, papers: pd.DataFrame, stamp: Stamp) -> pd.DataFrame:
    """What each keyword brings in each field, and what it alone brings."""
    keyed = hits.groupby(["keyword", "field"]).size().rename("papers").reset_index()
    hits_of_paper = hits.groupby("paper_id").size()
    alone = hits[hits["paper_id"].map(hits_of_paper) == 1]
    only = alone.groupby(["keyword", "field"]).size().rename("papers_only_by_it").reset_index()
    by_field = keyed.merge(only, on=["keyword", "field"], how="left")
    pairs = hits[["paper_id", "keyword"]].drop_duplicates()
    anywhere = pairs.groupby("keyword").size().rename("papers").reset_index()
    words_of_paper = pairs.groupby("paper_id").size()
    single = pairs[pairs["paper_id"].map(words_of_paper) == 1]
    anywhere["papers_only_by_it"] = anywhere["keyword"].map(single.groupby("keyword").size())
    anywhere["field"] = "any"
    frame = pd.concat([by_field, anywhere], ignore_index=True)
    searched = set(frame["keyword"])
    absent = [keyword for keyword in study.query.keywords if keyword not in searched]
    if absent and study.query.phrase != "or_before_and":
        nothing = pd.DataFrame({"keyword": absent, "field": "any", "papers": 0})
        frame = pd.concat([frame, nothing], ignore_index=True)
    frame["papers_only_by_it"] = frame["papers_only_by_it"].astype("Int64").fillna(0)
    says = f"distinct papers of the corpus = {len(papers)}"
    return schema.conform(stamp.on(frame, says, "full"), schema.KEYWORDS)


def retractions(
    papers: pd.DataFrame, counts: Counts, ranked: pd.DataFrame, stamp: Stamp
) -> pd.DataFrame:
    """Papers that their database marks as retracted, by institution and year."""
    marked = papers[(papers["is_retracted"] == 1).fillna(value=False)]
    year = marked.set_index("paper_id")["year"]
    of_marked = counts.credits[schema.among(counts.credits["paper_id"], marked["paper_id"])]
    known = of_marked[schema.among(of_marked["institution_id"], ranked["institution_id"])]
    dated = known.assign(year=known["paper_id"].map(year))
    frame = full_totals(dated, ["institution_id", "year"]).rename("papers").reset_index()
    return schema.conform(stamp.on(frame, "none: counts only", "full"), schema.RETRACTIONS)
