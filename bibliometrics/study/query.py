"""A study's query as Scopus strings, whole and sliced by year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale

from bibliometrics.study.model import Query, Study

_DOCTYPE = {
    "article": "ar", "review": "re", "conference_paper": "cp", "book_chapter": "ch", "book": "bk",
    "editorial": "ed", "letter": "le", "note": "no", "short_survey": "sh", "erratum": "er",
    "data_paper": "dp", "retracted": "tb",
}  # fmt: skip
_SRCTYPE = {
    "journal": "j", "conference_proceeding": "p", "book_series": "k", "book": "b",
    "trade_journal": "d",
}  # fmt: skip
# Scopus spells a few places otherwise than Unicode's English names.
_SCOPUS_COUNTRY = {"HK": "hong kong", "MO": "macao", "RU": "russian federation", "VN": "viet nam"}


@dataclass(frozen=True)
class Slice:
    """A part of the query by publication year; ``label`` names it in plans and ledgers."""

    label: str
    query: str


def scopus_query(study: Study) -> str:
    """The whole query in Scopus's advanced syntax."""
    return " AND ".join(_conditions(study, _year_condition(study)))


def slices(study: Study) -> tuple[Slice, ...]:
    """The query by publication year: one slice for all years before ``slices_from``.

    The slices exclude one another and together equal the query, but for records without a year.
    """
    query = study.query
    last = query.end_date.year
    first = query.start_year if isinstance(query.start_year, int) else None
    begin = max(query.slices_from, first) if first is not None else query.slices_from
    parts: list[tuple[str, str]] = []
    if first is None and begin <= last:
        parts.append((f"before {begin}", f"PUBYEAR < {begin}"))
    elif first is not None and first < begin <= last:
        parts.append((f"{first}-{begin - 1}", f"PUBYEAR > {first - 1} AND PUBYEAR < {begin}"))
    parts.extend((str(year), f"PUBYEAR = {year}") for year in range(begin, last + 1))
    if not parts:
        parts = [("all", _year_condition(study))]
    return tuple(Slice(label, " AND ".join(_conditions(study, [part]))) for label, part in parts)


def without_keywords(study: Study, year: int) -> str:
    """Everything of one year on any topic, of the study's geography and document types."""
    return " AND ".join(_kind_and_place(study, [f"PUBYEAR = {year}"]))


def years_alone(parts: Sequence[Slice]) -> tuple[int, ...]:
    """The years that slices of a query hold alone: those in which totals can be set beside."""
    return tuple(int(part.label) for part in parts if part.label.isdecimal())


def _conditions(study: Study, years: list[str] | str) -> list[str]:
    return [_search(study.query), *_kind_and_place(study, years)]


def _kind_and_place(study: Study, years: list[str] | str) -> list[str]:
    query = study.query
    conditions = [_any_of("DOCTYPE", [_DOCTYPE[t] for t in query.document_types])]
    conditions.append(_any_of("SRCTYPE", [_SRCTYPE[t] for t in query.source_types]))
    conditions.extend([years] if isinstance(years, str) else years)
    if query.end_date_field == "index_date":
        conditions.append(f"ORIG-LOAD-DATE < {_day_after(query.end_date)}")
    if isinstance(query.as_of, dt.date):
        conditions.append(f"ORIG-LOAD-DATE < {_day_after(query.as_of)}")
    if query.articles_in_press == "final_only":
        conditions.append("PUBSTAGE(final)")
    if query.international_paper == "english_only":
        conditions.append("LANGUAGE(english)")
    if study.geography.country_filter == "affiliation":
        names = [_country_name(code) for code in study.geography.codes]
        conditions.append(_any_of("AFFILCOUNTRY", names))
    return [condition for condition in conditions if condition]


def _year_condition(study: Study) -> str:
    query = study.query
    upper = f"PUBYEAR < {query.end_date.year + 1}"
    if isinstance(query.start_year, int):
        return f"PUBYEAR > {query.start_year - 1} AND {upper}"
    return upper


def _day_after(day: dt.date) -> str:
    return (day + dt.timedelta(days=1)).strftime("%Y%m%d")


def _country_name(code: str) -> str:
    name = _SCOPUS_COUNTRY.get(code) or str(Locale("en").territories[code]).lower()
    return f'"{name}"' if " " in name else name


def _any_of(operator: str, values: list[str]) -> str:
    joined = " OR ".join(f"{operator}({value})" for value in values)
    return f"({joined})" if len(values) > 1 else joined


def _search(query: Query) -> str:
    if query.phrase == "or_before_and":
        return _in_fields(query, " OR ".join(query.keywords))
    if query.phrase == "words_and":
        parts = [
            _in_fields(query, " AND ".join(_word(query, word) for word in keyword.split()))
            for keyword in query.keywords
        ]
        return f"({' OR '.join(parts)})"
    return _in_fields(query, " OR ".join(_term(query, keyword) for keyword in query.keywords))


def _term(query: Query, keyword: str) -> str:
    if query.word_forms == "exact" or query.hyphen_and_case == "exact":
        return "{" + keyword + "}"
    ending = "*" if query.word_forms == "prefix" else ""
    return f'"{keyword}{ending}"' if " " in keyword else f"{keyword}{ending}"


def _word(query: Query, word: str) -> str:
    if query.word_forms == "exact":
        return "{" + word + "}"
    return f"{word}*" if query.word_forms == "prefix" else word


def _in_fields(query: Query, terms: str) -> str:
    whole = {"title", "abstract", "keywords"}
    if set(query.fields) == whole and query.keyword_fields == "author_and_index":
        return f"TITLE-ABS-KEY({terms})"
    key = {"author_and_index": "KEY", "author_only": "AUTHKEY", "index_only": "INDEXTERMS"}
    codes = {"title": "TITLE", "abstract": "ABS", "keywords": key[query.keyword_fields]}
    parts = [f"{codes[field]}({terms})" for field in query.fields]
    return f"({' OR '.join(parts)})" if len(parts) > 1 else parts[0]
