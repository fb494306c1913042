"""The open choices of a study: which options can be tried on its records, and which need others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Literal, cast

from bibliometrics.attribution.rollup import RollUp
from bibliometrics.claims.readings import Policy
from bibliometrics.study.choices import allowed_values
from bibliometrics.study.model import Study

MEANINGS = ("all_chinese_hits", "distinct", "sum_over_institutions")
DENOMINATORS = (
    "papers_total", "sum_over_institutions", "sum_over_mainland_universities",
    "distinct_mainland_universities",
)  # fmt: skip
ROLL_UP = ("campuses", "hospitals", "key_laboratories", "academy_institutes", "ucas")
SELECTIONS = ("all", "one_minimum", "minimum_per_group")
_SCOPES = ("mainland", "with_hong_kong_macao", "with_taiwan")
_COUNTING = ("full", "fractional", "first_affiliation")

SAYS = {
    "counting": ("how a paper of several institutions counts", "多机构论文的计数方法"),
    "share_denominator": ("what shares are shares of", "占比的分母"),
    "total_meaning": ("what the published total counts", "公布总数的含义"),
    "campuses": ("campuses", "校区"),
    "hospitals": ("affiliated hospitals", "附属医院"),
    "key_laboratories": ("key laboratories named without their host", "未写明依托单位的重点实验室"),
    "academy_institutes": ("institutes of an academy", "科学院所属研究所"),
    "ucas": ("University of Chinese Academy of Sciences and the Academy", "国科大与中国科学院"),
    "scope": ("which institutions are inside", "纳入哪些地区的机构"),
    "selection": (
        "which institutions are listed: all, those above one minimum of papers, or above one for"
        " each group",
        "列出哪些机构：全部、同一论文数下限，或各组各自的下限",
    ),
    "end_year": ("last publication year", "最后出版年"),
    "keyword_fields": ("which keywords are searched", "检索何种关键词"),
    "phrase": ("two-word keywords", "双词检索词"),
}


@dataclass(frozen=True)
class Untried:
    """An option that the records at hand cannot show, and what would show it."""

    dimension: str
    option: str
    needs: str


@dataclass(frozen=True)
class Choices:
    """``tried`` maps a dimension to its options, ``own`` to the study's; ``untried`` the rest."""

    tried: dict[str, tuple[str, ...]]
    own: dict[str, str]
    untried: tuple[Untried, ...]

    @property
    def vectors(self) -> int:
        number = 1
        for options in self.tried.values():
            number *= len(options)
        return number

    def policies(self) -> list[dict[str, str]]:
        """Every combination of the roll-up options tried."""
        return [
            dict(zip(ROLL_UP, chosen, strict=True))
            for chosen in product(*(self.tried[name] for name in ROLL_UP))
        ]


def open_choices(study: Study, *, has_policies: bool, has_ties: bool, has_groups: bool) -> Choices:
    """What can be tried on the records of ``study``.

    Parameters
    ----------
    has_policies : institutions are those of the registry, so that roll-up can be applied again.
    has_ties : a source ties affiliations to authors.
    has_groups : the claims say how many institutions were listed, so that a cut can be sought.
    """
    own = _own(study)
    options: dict[str, tuple[str, ...]] = {name: (value,) for name, value in own.items()}
    untried: list[Untried] = []

    def offer(dimension: str, values: tuple[str, ...], needs: dict[str, str]) -> None:
        untried.extend(
            Untried(dimension, value, why)
            for value, why in needs.items()
            if value != own[dimension]
        )
        if dimension in study.claims.vary:
            possible = tuple(v for v in values if v not in needs or v == own[dimension])
            options[dimension] = tuple(dict.fromkeys((own[dimension], *possible)))

    ties = "affiliations tied to authors, which no record here has"
    lacking = {} if has_ties else dict.fromkeys(_COUNTING[1:], ties)
    lacking["corresponding_affiliation"] = "records that say who corresponds, and a run with it"
    offer("counting", _COUNTING, lacking)
    offer("share_denominator", DENOMINATORS, {})
    offer("total_meaning", MEANINGS, {})
    for name in ROLL_UP:
        values = allowed_values(type(study.roll_up).model_fields[name].annotation)
        needs = {"as_in_scopus": "affiliation ids, which only the Search API gives"}
        if not has_policies:
            needs = dict.fromkeys(values, "a registry: this study takes organisations as written")
        offer(name, values, {k: v for k, v in needs.items() if k in values})
    offer("scope", _SCOPES if study.geography.country == "CN" else (), _wider_scopes(study))
    unlisted = {} if has_groups else dict.fromkeys(SELECTIONS[1:], "a published number to cut at")
    offer("selection", SELECTIONS, unlisted)
    last = study.query.end_date.year
    offer("end_year", (str(last), str(last - 1)), {
        f"{last}, loaded by a day": "the day a record was loaded: another harvest with as_of",
    })  # fmt: skip
    offer("keyword_fields", *_keyword_fields(study))
    phrases = ("phrase", "words_and", "or_before_and")
    offer("phrase", (), {p: f"another harvest with phrase = {p}" for p in phrases})
    if study.claims.total_meaning == "unknown" and "total_meaning" not in study.claims.vary:
        options["total_meaning"] = MEANINGS
    return Choices(options, own, tuple(untried))


def _own(study: Study) -> dict[str, str]:
    """The study's own choices. An unknown meaning stands at the papers that its shares are of."""
    meaning = study.claims.total_meaning
    return {
        "counting": study.counting.rule,
        "share_denominator": study.counting.share_denominator,
        "total_meaning": "all_chinese_hits" if meaning == "unknown" else meaning,
        **{name: str(getattr(study.roll_up, name)) for name in ROLL_UP},
        "scope": study.geography.scope,
        "selection": study.institutions.selection,
        "end_year": str(study.query.end_date.year),
        "keyword_fields": study.query.keyword_fields,
        "phrase": study.query.phrase,
    }


def _wider_scopes(study: Study) -> dict[str, str]:
    if study.geography.country != "CN" or study.geography.country_filter == "none":
        return {}
    own = _SCOPES.index(study.geography.scope)
    return {
        scope: f"papers without an address inside {study.geography.scope}: another harvest with"
        f" scope = {scope}"
        for scope in _SCOPES[own + 1 :]
    }


def _keyword_fields(study: Study) -> tuple[tuple[str, ...], dict[str, str]]:
    """Narrower keyword fields can be read off the hits; wider ones need another harvest."""
    values = ("author_and_index", "author_only", "index_only")
    own = study.query.keyword_fields
    is_wide = own == "author_and_index" and study.query.phrase == "phrase"
    if is_wide and "keywords" in study.query.fields:
        return values, {}
    return values, {v: f"another harvest with keyword_fields = {v}" for v in values if v != own}


def policy_of(chosen: dict[str, str]) -> Policy:
    """The roll-up policy of a joint choice."""
    roll_up = RollUp(
        campuses="split" if chosen["campuses"] == "split" else "merge",
        hospitals=cast(
            Literal["as_in_source", "if_paper_names_university", "roll_up", "exclude"],
            chosen["hospitals"],
        ),
        laboratories=cast(Literal["roll_up", "as_in_source"], chosen["key_laboratories"]),
        academy_institutes=cast(Literal["one", "each_institute"], chosen["academy_institutes"]),
        ucas=cast(
            Literal["separate", "merge_into_cas", "merge_cas_institutes_into_ucas"], chosen["ucas"]
        ),
    )
    return Policy(roll_up, by_profile=chosen["campuses"] == "as_in_scopus")
