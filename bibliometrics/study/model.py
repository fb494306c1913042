"""The study file: one question as TOML, every open choice a named option with its allowed values.

The options follow the choices that the 2020 report leaves open; each carries a sentence in English
and Chinese, so that the report can print exactly what was chosen and what else could have been.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from babel import Locale
from pydantic import (
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from bibliometrics.study.claims import Claims
from bibliometrics.study.network import Network
from bibliometrics.study.numbers import Totals, Uncertainty
from bibliometrics.study.report import Report
from bibliometrics.study.section import Says, Section

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
# Codes of Unicode's list that are unions, pseudo-places or "unknown".
_NO_COUNTRY = ("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ")
# What Scopus reads as an operator inside a search.
_OPERATORS = ('"', "{", "}", "(", ")", "[", "]", "*", "?")
SearchField = Literal["title", "abstract", "keywords"]
DocumentType = Literal[
    "article",
    "review",
    "conference_paper",
    "book_chapter",
    "book",
    "editorial",
    "letter",
    "note",
    "short_survey",
    "erratum",
    "data_paper",
    "retracted",
]
SourceType = Literal["journal", "conference_proceeding", "book_series", "book", "trade_journal"]


class Identity(Section):
    name: Name
    title_en: Text
    title_zh: Text
    question_en: Text
    question_zh: Text


class Query(Section):
    keywords: Annotated[
        tuple[Text, ...], Field(min_length=1), Says("keywords, joined by OR", "检索词（“或”关系）")
    ]
    fields: Annotated[
        tuple[SearchField, ...], Field(min_length=1), Says("fields that are searched", "检索字段")
    ] = ("title", "abstract", "keywords")
    document_types: Annotated[
        tuple[DocumentType, ...], Says("document types kept", "保留的文献类型")
    ] = ("article",)
    source_types: Annotated[tuple[SourceType, ...], Says("source types kept", "保留的来源类型")] = (
        "journal",
    )
    start_year: Annotated[int | Literal["none"], Says("first publication year", "起始出版年")] = (
        "none"
    )
    end_date_field: Annotated[
        Literal["publication_year", "cover_date", "index_date"],
        Says("which date decides on the end", "以何种日期判定截止"),
    ] = "publication_year"
    end_date: Annotated[dt.date, Says("last day", "截止日期")]
    as_of: Annotated[
        dt.date | Literal["none"],
        Says(
            "only records loaded by this day (none: as found)", "仅含此日前入库的记录（none：不限）"
        ),
    ] = "none"
    articles_in_press: Annotated[
        Literal["include", "final_only"], Says("articles in press", "在编（优先出版）论文")
    ] = "include"
    phrase: Annotated[
        Literal["phrase", "words_and", "or_before_and"],
        Says(
            "two-word keywords: a phrase, words joined by AND, or the whole line unquoted",
            "双词检索词：词组、以“与”连接的单词，或整行不加引号",
        ),
    ] = "phrase"
    word_forms: Annotated[
        Literal["plural_and_possessive", "exact", "prefix"],
        Says(
            "forms a keyword matches (robot, robots, robot's; prefix adds robotic)",
            "检索词的词形（robot、robots、robot's；prefix 另含 robotic）",
        ),
    ] = "plural_and_possessive"
    hyphen_and_case: Annotated[
        Literal["ignore_case_and_hyphen", "exact"], Says("hyphen and case", "连字符与大小写")
    ] = "ignore_case_and_hyphen"
    keyword_fields: Annotated[
        Literal["author_and_index", "author_only", "index_only"],
        Says("which keywords", "何种关键词"),
    ] = "author_and_index"
    international_paper: Annotated[
        Literal["any_in_scopus", "english_only", "non_chinese_source"],
        Says("what an international paper is", "何为国际论文"),
    ] = "any_in_scopus"
    copyright_line: Annotated[
        Literal["leave_out", "search"], Says("the copyright line of an abstract", "摘要中的版权行")
    ] = "leave_out"
    retracted: Annotated[
        Literal["keep", "drop"],
        Says("papers a database marks as retracted", "数据库标记为撤稿的论文"),
    ] = "keep"
    slices_from: Annotated[int, Field(ge=1800, le=2100)] = 1990

    @field_validator("keywords")
    @classmethod
    def _searchable(cls, keywords: tuple[str, ...]) -> tuple[str, ...]:
        folded = [" ".join(keyword.lower().split()) for keyword in keywords]
        for keyword, plain in zip(keywords, folded, strict=True):
            if not any(letter.isalnum() for letter in keyword):
                raise ValueError(f"{keyword!r} has neither letter nor digit")
            if set(keyword) & set(_OPERATORS):
                raise ValueError(
                    f"{keyword!r} holds one of {' '.join(_OPERATORS)}: write words only"
                )
            if folded.count(plain) > 1:
                raise ValueError(f"{keyword!r} stands twice")
        return keywords

    @field_validator("end_date")
    @classmethod
    def _whole_years(cls, day: dt.date, info: ValidationInfo) -> dt.date:
        by_year = info.data.get("end_date_field") == "publication_year"
        if by_year and (day.month, day.day) != (12, 31):
            raise ValueError("with end_date_field = publication_year it must be a 31 December")
        start = info.data.get("start_year")
        if isinstance(start, int) and start > day.year:
            raise ValueError(f"is before start_year = {start}")
        return day


class Geography(Section):
    country: Annotated[
        Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")],
        Says("country of the study", "研究所涉国家"),
    ] = "CN"
    scope: Annotated[
        Literal["mainland", "with_hong_kong_macao", "with_taiwan", "country"],
        Says("which institutions are inside", "纳入哪些地区的机构"),
    ] = "mainland"
    country_filter: Annotated[
        Literal["affiliation", "none"],
        Says("papers must carry an address inside the geography", "论文须有该地区地址"),
    ] = "affiliation"
    partner_definition: Annotated[
        Literal["by_parent_country", "by_address_country"],
        Says(
            "what makes a partner foreign: the country of owner or address",
            "境外伙伴的判定：所属方国别或地址",
        ),
    ] = "by_parent_country"
    partner_unit: Annotated[
        Literal["one", "each_unit"], Says("umbrella bodies such as CNRS", "CNRS 等联合体")
    ] = "one"

    @field_validator("country")
    @classmethod
    def _known(cls, code: str) -> str:
        if code not in Locale("en").territories or code in _NO_COUNTRY:
            raise ValueError("not an ISO 3166 two-letter country code")
        return code

    @field_validator("scope")
    @classmethod
    def _scope_fits(cls, scope: str, info: ValidationInfo) -> str:
        country = info.data.get("country")
        if country is not None and (country == "CN") == (scope == "country"):
            raise ValueError("scope must be country, but for CN, where it is one of the others")
        return scope

    @property
    def codes(self) -> tuple[str, ...]:
        """ISO codes of the places whose institutions are domestic."""
        return {
            "mainland": ("CN",),
            "with_hong_kong_macao": ("CN", "HK", "MO"),
            "with_taiwan": ("CN", "HK", "MO", "TW"),
            "country": (self.country,),
        }[self.scope]


class Institutions(Section):
    known_by: Annotated[
        Literal["registry", "ror", "open"],
        Says(
            "institutions: those of the registry, those of a ROR file, or any organisation named in"
            " an address",
            "机构：名录所列、ROR 文件所列，或地址中的任何机构",
        ),
    ] = "registry"
    registry_file: Annotated[
        Text | Literal["none"],
        Says(
            "ROR file beside the study: the institutions themselves, or added below the registry",
            "研究文件旁的 ROR 文件：作为机构名录，或补充于名录之下",
        ),
    ] = "none"
    selection: Annotated[
        Literal["all", "minimum_papers", "top_n", "given_list"],
        Says("which institutions are listed", "列出哪些机构"),
    ] = "all"
    minimum_papers: Annotated[int, Field(ge=1)] = 1
    top_n: Annotated[int, Field(ge=1)] = 131
    given_list: tuple[Text, ...] = ()
    groups: Annotated[
        Literal["by_kind", "together"],
        Says("universities and institutes ranked apart", "高校与科研机构分别排名"),
    ] = "by_kind"

    @field_validator("registry_file")
    @classmethod
    def _file_fits(cls, file: str, info: ValidationInfo) -> str:
        known_by = info.data.get("known_by")
        if known_by == "ror" and file == "none":
            raise ValueError('known_by = "ror" needs the file, e.g. registry_file = "ror.json.gz"')
        if known_by == "open" and file != "none":
            raise ValueError('goes with known_by = "ror" or "registry"')
        return file

    @field_validator("given_list")
    @classmethod
    def _list_fits(cls, given: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if (info.data.get("selection") == "given_list") != bool(given):
            raise ValueError("goes with selection = given_list, and only with it")
        return given


class RollUpOptions(Section):
    campuses: Annotated[
        Literal["merge_campuses_of_one_university", "as_in_scopus", "split"],
        Says(
            "campuses: with their university, as Scopus's profiles have them, or apart",
            "校区：并入大学、依 Scopus 机构档案、分列",
        ),
    ] = "merge_campuses_of_one_university"
    hospitals: Annotated[
        Literal["as_in_source", "if_paper_names_university", "roll_up", "exclude"],
        Says(
            "affiliated hospitals: count for the university if the address names it, if any"
            " address of the paper names it (Leiden), always, or never",
            "附属医院计入大学的条件：该地址写明大学、论文任一地址写明大学（莱顿规则）、总是、从不",
        ),
    ] = "as_in_source"
    key_laboratories: Annotated[
        Literal["roll_up", "as_in_source"],
        Says("key laboratories named without their host", "未写明依托单位的重点实验室"),
    ] = "roll_up"
    academy_institutes: Annotated[
        Literal["one", "each_institute"], Says("institutes of an academy", "科学院所属研究所")
    ] = "one"
    ucas: Annotated[
        Literal["separate", "merge_into_cas", "merge_cas_institutes_into_ucas"],
        Says(
            "University of Chinese Academy of Sciences and the Academy",
            "国科大与中国科学院",
        ),
    ] = "separate"


class Counting(Section):
    rule: Annotated[
        Literal["full", "fractional", "first_affiliation", "corresponding_affiliation"],
        Says("how a paper of several institutions counts", "多机构论文的计数方法"),
    ] = "full"
    share_denominator: Annotated[
        Literal[
            "papers_total",
            "sum_over_institutions",
            "sum_over_mainland_universities",
            "distinct_mainland_universities",
        ],
        Says("what shares are shares of", "占比的分母"),
    ] = "papers_total"


class Thresholds(Section):
    rank_floor: Annotated[
        int, Field(ge=1), Says("least papers for a rank", "参与排名的最少论文数")
    ] = 100
    partner_minimum: Annotated[
        int, Field(ge=1), Says("least papers for a partner", "合作伙伴的最少论文数")
    ] = 1
    map_partners: Annotated[int, Field(ge=0), Says("partners on the map", "地图上的境外伙伴数")] = (
        40
    )
    map_institutions: Annotated[int, Field(ge=1)] = 1000


class Source(Section):
    database: Annotated[
        Literal["Scopus", "Web of Science", "OpenAlex", "PubMed", "Lens", "IEEE Xplore"],
        Says(
            "the database that is counted where records of several are given",
            "多库并用时计数的数据库",
        ),
    ] = "Scopus"
    databases: Annotated[
        Literal["one", "merged"],
        Says(
            "records of several databases: count one, or merge all",
            "多个数据库的记录：只计一库或合并",
        ),
    ] = "one"
    without_records: Literal["simulated", "refuse"] = "refuse"
    fallback_view: Literal["none", "STANDARD"] = "none"
    split: Literal["where too large", "by load year"] = "where too large"
    totals: dict[str, int] = Field(default_factory=dict)
    reasons: dict[str, str] = Field(default_factory=dict)
    simulated_papers: Annotated[int, Field(ge=500, le=1000000)] = 10000


class Study(Section):
    """A study as parsed; see ``load_study`` in ``study_file``."""

    study: Identity
    query: Query
    geography: Geography = Geography()
    institutions: Institutions = Institutions()
    roll_up: RollUpOptions = RollUpOptions()
    counting: Counting = Counting()
    thresholds: Thresholds = Thresholds()
    network: Network = Network()
    uncertainty: Uncertainty = Uncertainty()
    totals: Totals = Totals()
    claims: Claims = Claims()
    report: Report = Report()
    source: Source = Source()

    @field_validator("institutions")
    @classmethod
    def _registry_fits(cls, institutions: Institutions, info: ValidationInfo) -> Institutions:
        geography = info.data.get("geography")
        if geography and geography.country != "CN" and institutions.known_by == "registry":
            raise ValueError(
                'the registry covers Greater China: elsewhere known_by = "ror" or "open"'
            )
        return institutions

    @field_validator("counting")
    @classmethod
    def _denominator_fits(cls, counting: Counting, info: ValidationInfo) -> Counting:
        geography = info.data.get("geography")
        if geography and geography.country != "CN" and "mainland" in counting.share_denominator:
            raise ValueError(
                f"{counting.share_denominator} is of China: choose another denominator"
            )
        return counting

    @property
    def name(self) -> str:
        return self.study.name
