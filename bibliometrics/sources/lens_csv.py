"""CSV exports of Lens scholarly search.

The export names no affiliations; where a column does, they belong to the paper as a whole.
"""

from __future__ import annotations

import re

from bibliometrics.sources import terms
from bibliometrics.sources.reading import Opened, TextFile, csv_rows, header_of
from bibliometrics.sources.record import Record

KIND = "Lens CSV"
_LISTED = re.compile(r";;|;")


def open_lens(file: TextFile) -> Opened | None:
    """``file`` if its header has Lens's identifier, a title and a year."""
    header = set(header_of(file, ","))
    if not {"Lens ID", "Title"} <= header or not header & {"Publication Year", "Date Published"}:
        return None
    return Opened(file.name, file.sha256, KIND, lambda: csv_rows(file, ",", _row), is_cut(file))


def is_cut(file: TextFile) -> bool:
    """An odd number of quotation marks: the file ends inside a quoted cell."""
    return file.quotes % 2 == 1


def _row(name: str, number: int, cells: dict[str, str]) -> Record | str:
    def field(column: str) -> str | None:
        return terms.tidy(cells[column]) if column in cells else None

    def listed(column: str) -> str | None:
        return terms.join(_items(cells[column])) if column in cells else None

    title = field("Title") or ""
    if not (title or cells.get("Lens ID")):
        return "no title and no identifier"
    year = terms.year_in(cells.get("Publication Year", ""))
    year = year or terms.year_in(cells.get("Date Published", ""))
    if year is None:
        return f"year is not a year: {cells.get('Publication Year', '')[:20]!r}"
    kind = field("Publication Type")
    source_type = None if kind is None else terms.LENS_SOURCES.get(kind.lower(), "")
    columns = [column for column in cells if "affiliation" in column.lower()]
    found = terms.distinct(item for column in columns for item in _items(cells[column]))
    return terms.finished(
        Record(
            file=name,
            row=number,
            database="Lens",
            is_simulated=cells.get("Publisher") == terms.SIMULATED,
            eid="",
            doi=terms.bare_doi(cells.get("DOI", "")),
            title=title,
            year=year,
            source_title=field("Source Title"),
            document_type=None if kind is None else terms.lens_type(kind),
            source_type=source_type,
            publication_stage=None,
            language=None,
            abstract=field("Abstract"),
            author_keywords=listed("Keywords"),
            index_keywords=listed("MeSH Terms"),
            authors_announced=len(_items(cells.get("Author/s", ""))),
            author_ids=(),
            author_affiliations=None,
            affiliations=found if columns else None,
            filled=0,
            subjects=None
            if "Fields of Study" not in cells
            else terms.subjects(terms.LENS_FIELD, _items(cells["Fields of Study"])),
        )
    )


def _items(cell: str) -> list[str]:
    return [item for item in (terms.tidy(part) for part in _LISTED.split(cell)) if item]
