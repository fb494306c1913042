"""CSV exports of IEEE Xplore, whose affiliations stand in the order of the authors."""

from __future__ import annotations

from bibliometrics.sources import terms
from bibliometrics.sources.lens_csv import is_cut
from bibliometrics.sources.reading import Opened, TextFile, csv_rows, header_of
from bibliometrics.sources.record import Record

KIND = "IEEE Xplore CSV"

_INDEX = ("IEEE Terms", "INSPEC Controlled Terms", "INSPEC Non-Controlled Terms", "Mesh_Terms")
# What a paper stands in: its type, and that of its source, in Scopus's words.
_PUBLISHED_IN = {
    "IEEE Conferences": (terms.CONFERENCE_PAPER, terms.PROCEEDINGS),
    "IEEE Journals": (terms.ARTICLE, terms.JOURNAL),
    "IEEE Magazines": (terms.ARTICLE, terms.JOURNAL),
    "IEEE Early Access Articles": (terms.ARTICLE, terms.JOURNAL),
}
_NOTHING = frozenset({"", "NA"})


def open_ieee(file: TextFile) -> Opened | None:
    """``file`` if its header is that of IEEE Xplore."""
    header = set(header_of(file, ","))
    if not {"Document Title", "Publication Year", "Publication Title"} <= header:
        return None
    return Opened(file.name, file.sha256, KIND, lambda: csv_rows(file, ",", _row), is_cut(file))


def _row(name: str, number: int, cells: dict[str, str]) -> Record | str:
    def field(column: str) -> str | None:
        return terms.tidy(cells[column]) if column in cells else None

    title = field("Document Title") or ""
    if not (title or cells.get("DOI")):
        return "no title and no identifier"
    year = terms.year_in(cells["Publication Year"])
    if year is None:
        return f"year is not a year: {cells['Publication Year'][:20]!r}"
    where = field("Document Identifier")
    kind, source_type = _PUBLISHED_IN.get(where or "", (where or "", ""))
    authors = [item for item in _items(cells.get("Authors", "")) if item]
    listed = cells.get("Author Affiliations")
    entries = [terms.bare_address(item) for item in _items(listed or "")]
    tied = tuple((entry,) if entry not in _NOTHING else () for entry in entries)
    is_tied = len(entries) == len(authors) and any(tied)
    findings = (terms.UNEQUAL,) if any(tied) and not is_tied else ()
    stage = terms.IN_PRESS if "Early Access" in (where or "") else terms.FINAL
    index = [column for column in _INDEX if column in cells]
    return terms.finished(
        Record(
            file=name,
            row=number,
            database="IEEE Xplore",
            is_simulated=cells.get("Publisher") == terms.SIMULATED,
            eid="",
            doi=terms.bare_doi(cells.get("DOI", "")),
            title=title,
            year=year,
            source_title=field("Publication Title"),
            document_type=None if where is None else kind,
            source_type=None if where is None else source_type,
            publication_stage=None if where is None else stage,
            language=None,
            abstract=field("Abstract"),
            author_keywords=_keywords(cells, ("Author Keywords",)),
            index_keywords=_keywords(cells, index) if index else None,
            authors_announced=len(authors),
            author_ids=(),
            author_affiliations=tied if is_tied else None,
            affiliations=None
            if listed is None
            else terms.distinct(item for item in entries if item not in _NOTHING),
            filled=0,
            findings=findings,
        )
    )


def _keywords(cells: dict[str, str], columns: tuple[str, ...] | list[str]) -> str | None:
    known = [cells[column] for column in columns if column in cells]
    return terms.join(item for cell in known for item in _items(cell)) if known else None


def _items(cell: str) -> list[str]:
    return [terms.tidy(part) for part in cell.split(";")] if cell.strip() else []
