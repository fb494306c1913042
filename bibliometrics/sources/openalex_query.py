"""A study in OpenAlex's terms: the search, its slices, its cost, and what cannot be said there.

As its documentation stood in 2026: ``search.title_and_abstract`` searches with stemming, its form
``.exact`` without; conditions of ``filter`` are joined by commas, values by ``|``; an address is at
most 4,094 bytes long; a search page costs a thousandth of a dollar and holds at most 100 works.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from bibliometrics.errors import StudyError
from bibliometrics.study.model import Query, Study
from bibliometrics.study.query import Slice
from bibliometrics.study.query import slices as scopus_slices

PAGE_SIZE = 100
SEARCH_COST = 1_000
"""Millionths of a dollar for one page of a search, or for one count."""
ALLOWANCE = {"key": 1_000_000, "no key": 100_000}
"""Millionths of a dollar a day."""
_LONGEST = 4_094
# What the address holds beside the query: host, path, page size, a long cursor.
_BESIDE = 600

_TYPES = {
    "article": "article", "conference_paper": "article", "review": "review",
    "book_chapter": "book-chapter", "book": "book", "editorial": "editorial", "letter": "letter",
    "erratum": "erratum",
}  # fmt: skip
_SOURCES = {
    "journal": "journal", "conference_proceeding": "conference", "book_series": "book series",
    "book": "ebook platform",
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """Where a search of OpenAlex is not the study's: what the study says, what OpenAlex does."""

    topic: str
    study: str
    en: str
    zh: str


@dataclass(frozen=True)
class Estimate:
    """What a harvest will cost: requests, millionths of a dollar, and days of the allowance."""

    calls: int
    cost: int
    days: int

    @property
    def usd(self) -> str:
        return f"{self.cost // 1_000_000}.{self.cost % 1_000_000 // 1_000:03d}"


def estimate(totals: Iterable[int], *, counts: int = 0, allowance: int) -> Estimate:
    """The cost of fetching slices of these sizes, and of ``counts`` more that ask for totals only.

    ``allowance`` is one of ``ALLOWANCE``, or what the service says is left.
    """
    calls = counts + sum(-(-total // PAGE_SIZE) for total in totals)
    cost = calls * SEARCH_COST
    return Estimate(calls, cost, -(-cost // allowance) if cost else 0)


def openalex_query(study: Study) -> str:
    """The whole query as the parameters of an address, without key, page or cursor.

    Raises
    ------
    StudyError : too long for an address, or a document type or source that OpenAlex cannot name.
    """
    return _address(study, _years(study))


def openalex_slices(study: Study) -> tuple[Slice, ...]:
    """The query by publication year, in the same slices as for Scopus."""
    made = []
    for part in scopus_slices(study):
        years = _slice_years(study, part.label)
        made.append(Slice(part.label, _address(study, years)))
    return tuple(made)


def without_keywords(study: Study, year: int, institution: str = "") -> str:
    """Works of one year on any topic, of the study's geography and types; of one ROR id if given.

    Raises
    ------
    StudyError : as ``openalex_query``.
    """
    conditions = _conditions(study, [f"publication_year:{year}", *_last_day(study.query)])
    if institution:
        conditions.append(f"authorships.institutions.ror:{institution}")
    return urlencode({"filter": ",".join(conditions)})


def international(study: Study, country: str = "") -> str:
    """Works of at least two countries on the study's query, all over the world, or of one country.

    Raises
    ------
    StudyError : as ``openalex_query``.
    """
    anywhere = study.geography.model_copy(update={"country_filter": "none"})
    conditions = ["countries_distinct_count:>1"]
    if country:
        conditions.append(f"authorships.countries:{country}")
    world = study.model_copy(update={"geography": anywhere})
    return _address(world, _years(study), conditions)


def _slice_years(study: Study, label: str) -> list[str]:
    if label.isdecimal():
        years = [f"publication_year:{label}"]
    elif label.startswith("before "):
        years = [f"publication_year:<{label.removeprefix('before ')}"]
    elif "-" in label:
        first, last = (int(part) for part in label.split("-"))
        years = [f"publication_year:>{first - 1}", f"publication_year:<{last + 1}"]
    else:
        return _years(study)
    return years + _last_day(study.query)


def _years(study: Study) -> list[str]:
    query = study.query
    start = query.start_year
    first = [f"publication_year:>{start - 1}"] if isinstance(start, int) else []
    return [*first, f"publication_year:<{query.end_date.year + 1}", *_last_day(query)]


def _last_day(query: Query) -> list[str]:
    if query.end_date_field != "cover_date":
        return []
    return [f"to_publication_date:{query.end_date.isoformat()}"]


def _address(study: Study, years: list[str], also: Sequence[str] = ()) -> str:
    query = study.query
    parameter = "search.title" if query.fields == ("title",) else "search.title_and_abstract"
    if query.word_forms == "exact":
        parameter += ".exact"
    conditions = [*_conditions(study, years), *also]
    made = urlencode(
        {parameter: _words(query), "filter": ",".join(conditions), "sort": "publication_date"}
    )
    if len(made) + _BESIDE > _LONGEST:
        raise StudyError(
            f"the search is {len(made)} bytes long; OpenAlex takes {_LONGEST} with all else",
            where=study.name,
            hint="fewer keywords, or a snapshot folder as --input instead of the API",
        )
    return made


def _conditions(study: Study, years: list[str]) -> list[str]:
    conditions = [*_kinds(study), *years]
    if study.query.international_paper == "english_only":
        conditions.append("language:en")
    if study.geography.country_filter == "affiliation":
        conditions.append(f"authorships.countries:{'|'.join(study.geography.codes)}")
    return conditions


def _kinds(study: Study) -> list[str]:
    found = []
    for names, chosen, field, says in (
        (_TYPES, study.query.document_types, "type", "document_types"),
        (_SOURCES, study.query.source_types, "primary_location.source.type", "source_types"),
    ):
        known = dict.fromkeys(names[each] for each in chosen if each in names)
        if chosen and not known:
            raise StudyError(
                f"OpenAlex has none of [query] {says} = {', '.join(chosen)}",
                where=study.name,
                hint="choose others, or harvest Scopus",
            )
        if known:
            found.append(f"{field}:{'|'.join(known)}")
    return found


def _words(query: Query) -> str:
    if query.phrase == "or_before_and":
        # a b OR c d, unquoted: OR binds first, so a AND (b OR c) AND d.
        groups: list[list[str]] = []
        for keyword in query.keywords:
            words = [_term(query, word) for word in keyword.split()]
            if groups:
                groups[-1].append(words[0])
                groups.extend([word] for word in words[1:])
            else:
                groups.extend([word] for word in words)
        return " AND ".join(f"({' OR '.join(group)})" for group in groups)
    if query.phrase == "words_and":
        parts = [" AND ".join(_term(query, word) for word in k.split()) for k in query.keywords]
        return " OR ".join(f"({part})" for part in parts)
    return " OR ".join(_term(query, keyword) for keyword in query.keywords)


def _term(query: Query, keyword: str) -> str:
    plain = keyword.replace('"', " ").strip()
    if query.word_forms == "prefix" and plain.isalnum():
        return f"{plain}*"
    return f'"{plain}"'


def differences(study: Study) -> tuple[Difference, ...]:
    """What of the study OpenAlex cannot be asked, or answers otherwise, in a fixed order."""
    return (*_in_words(study.query), *_in_kinds(study.query), *_in_scope(study))


_FORMS = {
    "plural_and_possessive": (
        "stems words: finds more forms than plural and possessive",
        "按词干匹配，所得词形多于复数与所有格",
    ),
    "exact": ("searches without stemming", "不取词干"),
    "prefix": (
        "takes a prefix for single words only; phrases are stemmed",
        "仅单词可用前缀，词组按词干匹配",
    ),
}


def _in_words(query: Query) -> Iterator[Difference]:
    if "keywords" in query.fields:
        yield Difference(
            "fields", "keywords",
            "has neither author keywords nor index terms: title and abstract alone are searched",
            "无作者关键词与索引词，只检索题名和摘要",
        )  # fmt: skip
    if query.fields == ("abstract",):
        yield Difference("fields", "abstract", "searches the title too", "同时检索题名")
    if "abstract" in query.fields:
        yield Difference(
            "abstracts", "abstract",
            "lacks the abstracts of some publishers: no trend without coverage by publisher",
            "缺部分出版商的摘要：不按出版商核查覆盖率则不可谈趋势",
        )  # fmt: skip
    yield Difference("word_forms", query.word_forms, *_FORMS[query.word_forms])
    if query.hyphen_and_case == "exact":
        yield Difference(
            "hyphen_and_case", "exact", "ignores case and hyphens", "忽略大小写和连字符"
        )
    if query.copyright_line == "leave_out":
        yield Difference(
            "copyright_line", "leave_out",
            "searches the whole abstract; the study's own filter takes such papers out again",
            "检索整个摘要，命中版权行者由本研究的筛选剔除",
        )  # fmt: skip


def _in_kinds(query: Query) -> Iterator[Difference]:
    for topic, chosen, known, en, zh in (
        ("document_types", query.document_types, _TYPES,
         "calls nearly every paper an article, in proceedings too: the source's type parts them",
         "几乎所有论文（含会议论文）均归 article，靠来源类型区分"),
        ("source_types", query.source_types, _SOURCES,
         "has many journals that Scopus does not select", "收录许多 Scopus 未收的期刊"),
    ):  # fmt: skip
        lacking = [str(each) for each in chosen if each not in known]
        yield Difference(
            topic,
            ", ".join(chosen),
            en + (f"; has no {', '.join(lacking)}" if lacking else ""),
            zh + (f"；无 {'、'.join(lacking)}" if lacking else ""),
        )
    if "retracted" not in query.document_types:
        yield Difference(
            "retracted", "left out by type",
            "keeps a retracted paper's type and marks it: the study decides",
            "撤稿论文保留原类型并加标记，由研究决定去留",
        )  # fmt: skip
    if query.articles_in_press == "final_only":
        yield Difference(
            "articles_in_press", "final_only", "does not say whether a paper is in press",
            "不注明是否在编",
        )  # fmt: skip


def _in_scope(study: Study) -> Iterator[Difference]:
    query = study.query
    if isinstance(query.as_of, dt.date):
        yield Difference(
            "as_of", query.as_of.isoformat(), "cannot be asked for a past state", "无法检索历史状态"
        )
    if query.end_date_field == "index_date":
        yield Difference(
            "end_date_field", "index_date",
            "is not asked for the day of loading: all of the last year comes",
            "不按入库日检索，取最后一年全年",
        )  # fmt: skip
    if query.international_paper == "non_chinese_source":
        yield Difference("international_paper", "non_chinese_source", "is not asked", "不作此检索")
    if study.geography.country_filter == "affiliation":
        yield Difference(
            "country_filter", ", ".join(study.geography.codes),
            "tells the country by the institutions and addresses it recognised, among the first"
            " 100 authors only",
            "国家由其识别出的机构和地址判定，且只看前 100 位作者",
        )  # fmt: skip
    yield Difference(
        "authors", "all of a paper's authors",
        "lists 100 at most: such papers are marked, and left out of pairs",
        "最多列 100 位：此类论文加标记，不计合作对",
    )  # fmt: skip
