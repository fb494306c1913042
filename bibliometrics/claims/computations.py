"""The named computations that a claim can ask for, each answered from an edition's own tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pandas as pd

from bibliometrics.claims.claim_file import Claim
from bibliometrics.study.model import Study


@dataclass(frozen=True)
class Member:
    """A member of a list that a user gives: what the constraints and claims read of it."""

    institution_id: str
    province: str
    authority: str
    round: str


@dataclass(frozen=True)
class Figures:
    """What an edition holds that claims can be compared with.

    ``denominator`` is what the edition's shares are shares of. ``totals`` gives the figure of each
    meaning of the published total. ``lists`` and ``patents`` (institution → distinct patents) are
    what the user gave; absent: the claims on them are not computable. ``everybody`` is the ranking
    with those whom the study's selection leaves out; absent: it leaves out nobody.
    """

    study: Study
    tables: Mapping[str, pd.DataFrame]
    papers: int
    denominator: Fraction
    totals: Mapping[str, Fraction]
    lists: Mapping[str, tuple[Member, ...]] = field(default_factory=dict)
    patents: Mapping[str, int] | None = None
    everybody: pd.DataFrame | None = None


@dataclass(frozen=True)
class Computed:
    """A figure, exact; or none, with what it would need, in both languages.

    ``text`` stands for a value that is no number (a date). ``count`` over ``denominator`` is what a
    share was made of. ``institution_id`` says whose stability stands beside it.
    """

    value: Fraction | None = None
    text: str = ""
    count: Fraction | None = None
    denominator: Fraction | None = None
    institution_id: str = ""
    needs_en: str = ""
    needs_zh: str = ""


Computation = Callable[[Figures, str], Computed]
COMPUTATIONS: dict[str, Computation] = {}
# Answered by the search of the open choices too: figures of the corpus under a joint choice.
SEARCHED = frozenset({"total", "institutions", "share", "rank", "papers"})
BASIS = {
    "full": "papers",
    "fractional": "papers_fractional_author",
    "first_affiliation": "papers_first_author",
    "corresponding_affiliation": "papers_corresponding_author",
}


def named(name: str) -> Callable[[Computation], Computation]:
    """Give a computation the name that a claims file calls it by."""

    def register(function: Computation) -> Computation:
        COMPUTATIONS[name] = function
        return function

    return register


def compute(claim: Claim, figures: Figures) -> Computed:
    """The edition's answer to one claim."""
    if not claim.computation:
        return lacking(
            "figures outside a bibliographic corpus: no input of this project holds them",
            "需要文献语料以外的数据，本项目的输入均不含",
        )
    return COMPUTATIONS[claim.computation](figures, claim.of)


def lacking(en: str, zh: str) -> Computed:
    return Computed(needs_en=en, needs_zh=zh)


def _number(value: float) -> Fraction:
    return Fraction(int(value)) if value == int(value) else Fraction(float(value))


def _row(figures: Figures, table: str, key: str, value: str) -> pd.Series[Any] | None:
    frame = figures.tables[table]
    found = frame[frame[key] == value]
    return None if found.empty else found.iloc[0]


@named("total")
def _total(figures: Figures, _: str) -> Computed:
    meaning = figures.study.claims.total_meaning
    if meaning == "unknown":
        return lacking(
            "the meaning of the total: see total_meanings", "总数的含义：见 total_meanings"
        )
    return Computed(figures.totals[meaning])


@named("institutions")
def _institutions(figures: Figures, group: str) -> Computed:
    ranking = figures.tables["ranking"]
    inside = ranking if group == "all" else ranking[ranking["group"] == group]
    return Computed(Fraction(len(inside)))


@named("query_keywords")
def _keywords(figures: Figures, _: str) -> Computed:
    return Computed(Fraction(len(figures.study.query.keywords)))


@named("query_fields")
def _fields(figures: Figures, _: str) -> Computed:
    return Computed(Fraction(len(figures.study.query.fields)))


@named("query_document_types")
def _document_types(figures: Figures, _: str) -> Computed:
    return Computed(Fraction(len(figures.study.query.document_types)))


@named("query_source_types")
def _source_types(figures: Figures, _: str) -> Computed:
    return Computed(Fraction(len(figures.study.query.source_types)))


@named("query_end_date")
def _end_date(figures: Figures, _: str) -> Computed:
    return Computed(text=figures.study.query.end_date.isoformat())


def _of_institution(figures: Figures, institution_id: str, column: str) -> Computed:
    row = _row(figures, "ranking", "institution_id", institution_id)
    if row is None:
        return Computed(Fraction(0), institution_id=institution_id)
    if pd.isna(row[column]):
        if column == BASIS["corresponding_affiliation"]:
            return lacking("records that say who corresponds", "需要写明通讯作者的记录")
        return lacking(
            "affiliations tied to authors, which the source does not give",
            "需要作者与机构的对应关系，来源未提供",
        )
    return Computed(_number(row[column]), institution_id=institution_id)


@named("papers")
def _papers(figures: Figures, institution_id: str) -> Computed:
    return _of_institution(figures, institution_id, "papers")


@named("papers_fractional")
def _fractional(figures: Figures, institution_id: str) -> Computed:
    return _of_institution(figures, institution_id, "papers_fractional_author")


@named("papers_first_author")
def _first(figures: Figures, institution_id: str) -> Computed:
    return _of_institution(figures, institution_id, "papers_first_author")


@named("papers_international")
def _international(figures: Figures, institution_id: str) -> Computed:
    return _of_institution(figures, institution_id, "papers_international")


@named("international_share")
def _international_share(figures: Figures, institution_id: str) -> Computed:
    part = _of_institution(figures, institution_id, "papers_international")
    whole = _of_institution(figures, institution_id, "papers")
    return share_of(part, whole.value or Fraction(0))


def share_of(part: Computed, whole: Fraction) -> Computed:
    if part.value is None:
        return part
    if not whole:
        return lacking("a paper to divide by: there is none", "分母为零")
    return Computed(
        100 * part.value / whole,
        count=part.value,
        denominator=whole,
        institution_id=part.institution_id,
    )


def _basis(figures: Figures) -> str:
    return BASIS[figures.study.counting.rule]


@named("share")
def _share_of_papers(figures: Figures, institution_id: str) -> Computed:
    basis = _basis(figures)
    return share_of(_of_institution(figures, institution_id, basis), figures.denominator)


@named("rank")
def _rank(figures: Figures, institution_id: str) -> Computed:
    """Competition rank among the institutions of its group and country, listed or not, whatever
    the floor."""
    row = _row(figures, "ranking", "institution_id", institution_id)
    if row is None:
        return lacking("a paper of this institution: the edition has none", "该机构在本版中无论文")
    ranking = figures.tables["ranking"] if figures.everybody is None else figures.everybody
    basis = _basis(figures)
    place = _place(ranking, figures)
    home = place[ranking["institution_id"] == institution_id].iloc[0]
    rivals = ranking[(ranking["group"] == row["group"]) & (place == home)]
    if pd.isna(row[basis]):
        return _of_institution(figures, institution_id, basis)
    above = int((rivals[basis] > row[basis]).sum())
    return Computed(Fraction(above + 1), institution_id=institution_id)


def _place(ranking: pd.DataFrame, figures: Figures) -> pd.Series[Any]:
    """Mainland, or one of the other three: the report ranks mainland universities alone."""
    apart = {"HK", "MO", "TW"}
    if figures.study.geography.country != "CN":
        return pd.Series("inside", index=ranking.index)
    return ranking["province"].where(ranking["province"].isin(apart), "mainland").fillna("mainland")


@named("partner_position")
def _partner(figures: Figures, partner_id: str) -> Computed:
    row = _row(figures, "partners", "partner_id", partner_id)
    if row is None:
        return lacking(
            "a joint paper with this partner: the edition has none", "本版中无与该伙伴的合作论文"
        )
    return Computed(Fraction(int(row["rank"])))


@named("partner_papers")
def _partner_papers(figures: Figures, partner_id: str) -> Computed:
    row = _row(figures, "partners", "partner_id", partner_id)
    return Computed(Fraction(0) if row is None else Fraction(int(row["papers"])))


@named("pair_papers")
def _pair(figures: Figures, of: str) -> Computed:
    source, _, target = of.partition("|")
    pairs = figures.tables["collaborations"]
    low, high = sorted((source.strip(), target.strip()))
    found = pairs[(pairs["source_id"] == low) & (pairs["target_id"] == high)]
    return Computed(Fraction(0 if found.empty else int(found.iloc[0]["papers"])))


@named("country_papers")
def _country(figures: Figures, code: str) -> Computed:
    row = _row(figures, "countries", "country", code)
    return Computed(Fraction(0) if row is None else Fraction(int(row["papers"])))


@named("province_papers")
def _province(figures: Figures, province: str) -> Computed:
    row = _row(figures, "provinces", "province", province)
    return Computed(Fraction(0) if row is None else Fraction(int(row["papers"])))


@named("year_papers")
def _year(figures: Figures, year: str) -> Computed:
    years = figures.tables["years"]
    found = years[years["year"].astype("string") == year.strip()]
    return Computed(Fraction(0 if found.empty else int(found.iloc[0]["papers"])))


@named("corpus_papers")
def _corpus(figures: Figures, _: str) -> Computed:
    return Computed(Fraction(figures.papers))


@named("corpus_international_share")
def _corpus_abroad(figures: Figures, _: str) -> Computed:
    abroad = figures.tables["years"]["papers_international"].sum()
    return share_of(Computed(Fraction(int(abroad))), Fraction(figures.papers))
