"""CSV exports of OpenAlex's web page, whose nested lists are all joined by ``|``.

Lists of lists are flattened with the same sign, so which author has which affiliation cannot be
told: affiliations belong to the paper. A column of Python-like pairs still says which institution
OpenAlex sees in which string.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from bibliometrics.sources import terms
from bibliometrics.sources.lens_csv import is_cut
from bibliometrics.sources.openalex_json import AUTHOR_LIMIT, facts_of, short_id
from bibliometrics.sources.reading import Opened, TextFile, csv_rows, header_of
from bibliometrics.sources.record import AffiliationFacts, Record

KIND = "OpenAlex CSV export"
_NOTHING = frozenset({"", "None", "nan", "NaN"})
_STRINGS = "authorships.raw_affiliation_strings"
_PAIRS = "authorships.affiliations"
_INSTITUTIONS = "authorships.institutions"


def open_openalex_csv(file: TextFile) -> Opened | None:
    """``file`` if its header has a work's identifier, year, and dotted names of OpenAlex."""
    header = set(header_of(file, ","))
    dotted = [name for name in header if name.startswith(("authorships.", "primary_location."))]
    if not {"id", "publication_year"} <= header or not dotted:
        return None
    return Opened(file.name, file.sha256, KIND, lambda: csv_rows(file, ",", _row), is_cut(file))


def _row(name: str, number: int, cells: dict[str, str]) -> Record | str:
    def field(*columns: str) -> str | None:
        known = [column for column in columns if column in cells]
        if not known:
            return None
        return next((found for column in known if (found := _text(cells[column]))), "")

    title = field("title", "display_name") or ""
    if not (title or cells["id"]):
        return "no title and no identifier"
    year = terms.year_in(cells["publication_year"])
    if year is None:
        return f"year is not a year: {cells['publication_year'][:20]!r}"
    kind, language = field("type"), field("language")
    source = field("primary_location.source.type")
    source_type = None if source is None else terms.OPENALEX_SOURCES.get(source, source)
    positions = len(_items(cells.get("authorships.author_position", "")))
    ids = [short_id(item) for item in cells.get("authorships.author.id", "").split("|")]
    authors = positions or len([item for item in ids if item not in _NOTHING])
    strings = terms.distinct(_items(cells.get(_STRINGS, "")))
    area = field("primary_topic.field.display_name")
    return terms.finished(
        Record(
            file=name,
            row=number,
            database="OpenAlex",
            is_simulated=cells.get("simulated", "").lower() == "true",
            eid="",
            doi=terms.bare_doi(cells.get("doi", "")),
            title=title,
            year=year,
            source_title=field("primary_location.source.display_name"),
            document_type=None if kind is None else terms.openalex_type(kind, source_type or ""),
            source_type=source_type,
            publication_stage=None,
            language=None if language is None else terms.language_name(language),
            abstract=field("abstract"),
            author_keywords=None,
            index_keywords=None,
            authors_announced=authors,
            author_ids=tuple(ids) if len(ids) == authors else (),
            author_affiliations=None,
            affiliations=strings if _STRINGS in cells else None,
            filled=0,
            facts=_facts(cells, set(strings)),
            is_cut=authors == AUTHOR_LIMIT,
            is_retracted=_truth(cells.get("is_retracted")),
            subjects=None if area is None else terms.subjects(terms.OPENALEX_FIELD, [area]),
        )
    )


def _facts(cells: Mapping[str, str], strings: set[str]) -> dict[str, AffiliationFacts]:
    known: dict[str, dict[str, object]] = {}
    for institution in _literals(cells.get(_INSTITUTIONS, "")):
        known[str(institution.get("id", ""))] = institution
    facts: dict[str, AffiliationFacts] = {}
    for pair in _literals(cells.get(_PAIRS, "")):
        string = terms.tidy(str(pair.get("raw_affiliation_string", "")))
        ids = pair.get("institution_ids")
        named = [known[each] for each in ids if each in known] if isinstance(ids, list) else []
        if string in strings and named:
            facts[string] = facts_of(named)
    return facts


def _literals(cell: str) -> list[dict[str, object]]:
    """The dictionaries of a cell; one that cannot be read tells nothing and is left out."""
    found = []
    for part in cell.replace("}|{", "}\x00{").split("\x00"):
        if not part.startswith("{"):
            continue
        try:
            value = ast.literal_eval(part)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


def _items(cell: str) -> list[str]:
    return [item for item in (terms.tidy(part) for part in cell.split("|")) if item not in _NOTHING]


def _text(cell: str) -> str:
    text = terms.tidy(cell)
    return "" if text in _NOTHING else text


def _truth(cell: str | None) -> bool | None:
    return None if cell is None else cell.strip().lower() == "true"
