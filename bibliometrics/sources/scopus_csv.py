"""Scopus CSV exports of all generations, recognised by content, read a row at a time.

Every row of a file becomes a ``Record`` or a ``Quarantined``: nothing is dropped in silence.
"""

from __future__ import annotations

import csv
import html
import io
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Final

from bibliometrics.errors import InputError
from bibliometrics.sources.csv_rows import rows_of
from bibliometrics.sources.pieces import bytes_of, cuts
from bibliometrics.sources.reading import (
    ROWS_IN_A_BLOCK,
    Piece,
    Scan,
    binary,
    every,
    printable,
    scan,
)
from bibliometrics.sources.record import Quarantined, Record
from bibliometrics.sources.scopus_authors import (
    CountryCode,
    author_ids,
    author_names,
    by_author,
    evened,
    semicolon_list,
)
from bibliometrics.sources.scopus_correspondence import corresponding
from bibliometrics.sources.scopus_header import Name, is_scopus, positions

_EID = re.compile(r"2-s2\.0-[0-9A-Za-z]+")
_EID_IN_LINK = re.compile(r"[?&]eid=(2-s2\.0-[0-9A-Za-z]+)")
_YEAR = re.compile(r"^(1[5-9]|20|21)\d\d$")
# Scopus itself breaks entities at times ("& amp;"): their semicolon would cut a list in two.
_BROKEN_ENTITY = re.compile(r"&\s+(?=(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-fA-F]{1,6});)")
_ESCAPED_AT_MOST = 3
_IDENTIFYING: tuple[Name, ...] = ("title", "eid", "link", "doi")
_SIMULATED: Final = "SIMULATED"
_RAW_LIMIT = 2_000
_REMEMBERED = 1 << 14
# Scopus's web export ends at these numbers of rows whatever the search found.
CUT_AT = (2_000, 20_000)
_DELIMITERS = (",", ";", "\t")
# Only the start of a file has a byte order mark.
_ENCODING_AT = ("utf-8-sig", "utf-8")
_LONGEST_HEADER = 20_000


@dataclass(frozen=True)
class Export:
    """A file recognised as a Scopus export; ``sha256`` is of its content, unpacked.

    ``ends_in_quote``: the file ends inside a quoted cell, as a file cut in transit does.
    ``starts``: where its pieces begin, if it can be read in pieces.
    """

    path: Path
    sha256: str
    encoding: str
    header: tuple[str, ...]
    columns: dict[Name, int]
    delimiter: str
    ends_in_quote: bool
    starts: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return self.path.name

    @cached_property
    def known(self) -> Callable[[Sequence[str]], tuple[str, ...]]:
        """Picks the known columns out of a row, in the order of ``columns``; two at least."""
        return itemgetter(*self.columns.values())


def open_export(path: Path, seen: Scan | None = None) -> Export:
    """Recognise ``path`` (gzip too) as a Scopus export by its header; ``seen``: if scanned before.

    Raises
    ------
    InputError : not readable, empty, not text, or not a Scopus export.
    """
    seen = seen or scan(path)
    first = seen.start.decode(seen.encoding, errors="replace").lstrip()
    first = re.split(r"[\r\n]", first, maxsplit=1)[0]
    for delimiter in _DELIMITERS:
        header = _cells(first, delimiter)
        columns = positions(header)
        if is_scopus(columns):
            export = Export(
                path, seen.sha256, seen.encoding, tuple(header), columns, delimiter, False,
                cuts(path, seen, is_quoted=True),
            )  # fmt: skip
            is_odd = seen.quotes % 2 == 1
            return replace(export, ends_in_quote=is_odd and _ends_in_quote(export))
    begins = printable(first)[:80]
    raise InputError(
        "not a Scopus CSV export: the first line does not name a title, a year, and an EID or link"
        f" (it begins: {begins!r})",
        where=path.name,
        hint="export from Scopus as CSV with at least the citation information and affiliations",
    )


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of a first line; none where it is no CSV at all, such as a page of JSON."""
    try:
        return next(csv.reader([line[:_LONGEST_HEADER]], delimiter=delimiter), [])
    except csv.Error:
        return []


def read_export(export: Export, country_code: CountryCode) -> Iterator[Record | Quarantined]:
    """Every data row of ``export`` in order; rows are numbered from 1, the header not counted."""
    return chain.from_iterable(export_blocks(export, country_code, 0, 1))


def export_blocks(
    export: Export, country_code: CountryCode, first: int, step: int
) -> Iterator[Iterator[Record | Quarantined]]:
    """Every ``step``-th block of the rows, from the block ``first``."""
    code = cache(country_code)
    for block in every(_rows(export), first, step, ROWS_IN_A_BLOCK):
        yield (_read(export, number, cells, is_torn, code) for number, cells, is_torn in block)


def export_pieces(
    export: Export, country_code: CountryCode, first: int, step: int
) -> Iterator[Piece | None]:
    """Every ``step``-th piece of the rows, from the piece ``first``."""
    csv.field_size_limit(sys.maxsize)
    code = cache(country_code)
    for number, raw in bytes_of(export.path, export.starts, first, step):
        rows = rows_of(raw, export.delimiter, is_start=number == 0)
        if rows is None:
            yield None
            continue
        del rows[: number == 0]  # the header
        numbered = enumerate(rows, 1)
        yield Piece((_row(export, row, cells, code) for row, cells in numbered), len(rows))


def export_onward(
    export: Export, country_code: CountryCode, piece: int, before: int
) -> Iterator[Record | Quarantined]:
    """Every row from the piece on; ``before`` rows came before it."""
    code = cache(country_code)
    start = export.starts[piece]
    for number, cells, is_torn in _rows(export, start):
        yield _read(export, before + number, cells, is_torn, code)


def _rows(export: Export, start: int = 0) -> Iterator[tuple[int, list[str], bool]]:
    """Number and cells of each row that is not blank, and whether the file was cut inside it.

    ``start``: the byte at which a row begins, if not at the first.
    """
    csv.field_size_limit(sys.maxsize)
    with _text(export, start) as file:
        reader = csv.reader(file, delimiter=export.delimiter)
        filled = (cells for cells in reader if any(map(str.strip, cells)))
        if not start:
            next(filled)
        last: list[str] | None = None
        number = 0
        for cells in filled:
            if last is not None:
                yield number, last, False
            number, last = number + 1, cells
        if last is not None:
            yield number, last, export.ends_in_quote


def _read(
    export: Export,
    number: int,
    cells: list[str],
    is_torn: bool,
    country_code: CountryCode,
) -> Record | Quarantined:
    if is_torn:
        reason = "the file ends inside a quoted cell: it was cut, and this row holds the rest"
        return _quarantined(export, number, cells, reason)
    return _row(export, number, cells, country_code)


def _text(export: Export, start: int = 0) -> io.TextIOWrapper:
    file = binary(export.path)
    file.seek(start)
    return io.TextIOWrapper(
        file,
        encoding=_ENCODING_AT[1] if start else export.encoding,
        errors="replace" if export.encoding == "utf-16" else "surrogateescape",
        newline="",
    )


def _ends_in_quote(export: Export) -> bool:
    csv.field_size_limit(sys.maxsize)
    with _text(export) as file:
        try:
            for _ in csv.reader(file, delimiter=export.delimiter, strict=True):
                pass
        except csv.Error as error:
            return "unexpected end of data" in str(error)
    return False


def _row(
    export: Export, row: int, cells: list[str], country_code: CountryCode
) -> Record | Quarantined:
    aligned, reason = _align(export, cells)
    if aligned is None:
        return _quarantined(export, row, cells, reason)
    whole = "".join(cells)
    texts: Sequence[str] = export.known(aligned)
    if "&" in whole:
        texts = [_resolved(text) if "&" in text else text for text in texts]
    stripped = [*map(str.strip, texts)]
    if "NA" in stripped:  # what some tools write for a cell they found empty
        stripped = ["" if text == "NA" else text for text in stripped]
    values = dict(zip(export.columns, stripped, strict=True))
    if not _is_text(whole):
        broken = sorted(name for name, value in values.items() if not _is_text(value))
        return _quarantined(export, row, cells, f"not UTF-8 in {', '.join(broken) or 'a cell'}")
    if not values["title"] and not any(values.get(name) for name in _IDENTIFYING):
        return _quarantined(export, row, cells, "no title and no identifier")
    year = _year(values["year"])
    if year is None:
        shown = values["year"].removesuffix(".0")[:20]
        return _quarantined(export, row, cells, f"year is not a year: {shown!r}")
    return _record(export, row, values, year, country_code, len(stripped) - stripped.count(""))


@lru_cache(maxsize=_REMEMBERED)
def _year(text: str) -> int | None:
    number = text.removesuffix(".0")
    return int(number) if _YEAR.match(number) else None


def _record(
    export: Export,
    row: int,
    values: dict[Name, str],
    year: int,
    country_code: CountryCode,
    filled: int,
) -> Record:
    known_as = values.get
    eid = known_as("eid", "")
    if not _EID.fullmatch(eid):
        in_link = _EID_IN_LINK.search(known_as("link", ""))
        eid = in_link.group(1) if in_link else ""
    ids = author_ids(known_as("author_ids", ""))
    names = author_names(known_as("authors", ""), len(ids))
    findings: list[str] = []
    is_equal = len(ids) == len(names)
    if ids and names and not is_equal:
        findings.append("numbers of author ids and names differ")
    listed = known_as("affiliations")
    known = semicolon_list(listed) if listed is not None else None
    ties = known_as("authors_with_affiliations")
    tied: tuple[tuple[str, ...], ...] | None = None
    if ties is not None and names:
        per_author, notes = by_author(semicolon_list(ties), names, known or [], country_code)
        findings += notes
        tied = tuple(per_author)
    paper_level = known if known is not None else ([] if ties is not None else None)
    if tied is not None and any(tied):
        paper_level = [*dict.fromkeys(chain.from_iterable(tied))]
    return Record(
        export.name,
        row,
        "Scopus",
        known_as("source") == _SIMULATED,
        eid,
        known_as("doi", "").lower().removeprefix("https://doi.org/"),
        evened(values["title"]),
        year,
        known_as("source_title"),
        known_as("document_type"),
        None,
        known_as("publication_stage"),
        known_as("language"),
        known_as("abstract"),
        known_as("author_keywords"),
        known_as("index_keywords"),
        max(len(ids), len(names)),
        tuple(ids) if is_equal else (),
        tied,
        None if paper_level is None else tuple(paper_level),
        filled,
        tuple(findings),
        corresponding=corresponding(known_as("correspondence_address", ""), names),
    )


def _resolved(text: str) -> str:
    """``text`` with HTML entities resolved, before any list in it is split."""
    if text.count("&") == text.count("&amp; "):
        # Nothing but ampersands that stand alone, which no second look resolves again.
        plain = text.replace("&amp; ", "& ")
        if not _BROKEN_ENTITY.search(plain):
            return plain
    for _ in range(_ESCAPED_AT_MOST):
        if "&" not in text or ";" not in text:
            break
        before, text = text, html.unescape(_BROKEN_ENTITY.sub("&", text))
        if text == before:
            break
    return text


def _is_text(cell: str) -> bool:
    """False where bytes that are not UTF-8 were read as lone surrogates."""
    if cell.isascii():
        return True
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True


def _align(export: Export, cells: list[str]) -> tuple[list[str] | None, str]:
    """``cells`` as the header names them, or None and the reason.

    Older exports wrote two funding columns under one name: rows then have a cell more than the
    header, and every column behind is shifted. Cells that must look like what they are (EID, link,
    source) tell where the extra one stands.
    """
    width = len(export.header)
    if len(cells) == width:
        return cells, ""
    if len(cells) < width:
        return None, f"{len(cells)} cells where the header names {width}"
    if len(cells) > width + 1:
        if any(cell.strip() for cell in cells[width:]):
            return None, f"{len(cells)} cells where the header names {width}"
        return cells[:width], ""
    fits = [place for place in range(width + 1) if _looks_right(export, _without(cells, place))]
    funding = [
        place + 1
        for place, name in enumerate(export.header)
        if name.strip().lower().startswith("funding text") and place + 1 in fits
    ]
    if funding:
        return _without(cells, funding[-1]), ""
    if not cells[-1].strip() and width in fits:
        return cells[:width], ""
    return None, f"{len(cells)} cells where the header names {width}, and none is clearly the extra"


def _without(cells: list[str], place: int) -> list[str]:
    return cells[:place] + cells[place + 1 :]


def _looks_right(export: Export, cells: list[str]) -> bool:
    columns = export.columns
    checks = (
        ("eid", lambda cell: bool(_EID.fullmatch(cell))),
        ("link", lambda cell: cell.startswith("http")),
        ("source", lambda cell: cell in {"Scopus", _SIMULATED}),
        ("year", lambda cell: bool(_YEAR.match(cell))),
    )
    return all(check(cells[columns[name]].strip()) for name, check in checks if name in columns)


def _quarantined(export: Export, row: int, cells: list[str], reason: str) -> Quarantined:
    raw = printable(export.delimiter.join(cells))[:_RAW_LIMIT]
    return Quarantined(export.name, row, reason, raw)
