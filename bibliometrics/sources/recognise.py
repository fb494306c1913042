"""Which format an input is in, by its content; its name decides nothing.

Formats are tried from the one with the clearest beginning to the one with the least clear; a file
that fits none is refused with what was seen in it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bibliometrics.errors import InputError
from bibliometrics.sources import (
    bibtex,
    ieee_csv,
    lens_csv,
    openalex_csv,
    openalex_json,
    pubmed,
    ris,
    scopus_csv,
    scopus_saved,
    wos_text,
)
from bibliometrics.sources.reading import (
    Opened,
    Pieces,
    TextFile,
    header_of,
    in_blocks,
    in_pieces,
    open_text,
    printable,
)
from bibliometrics.sources.scopus_authors import CountryCode
from bibliometrics.sources.scopus_header import is_scopus, positions

SCOPUS_CSV = "Scopus CSV export"
SCOPUS_JSON = "Scopus JSON"
_BATCH = (500, 1_000)
CUT_AT: dict[str, tuple[int, ...]] = {
    SCOPUS_CSV: scopus_csv.CUT_AT,
    ris.KIND: (*_BATCH, *scopus_csv.CUT_AT),
    bibtex.KIND: (*_BATCH, *scopus_csv.CUT_AT),
    wos_text.PLAIN: _BATCH,
    wos_text.TAB: _BATCH,
    pubmed.KIND: (10_000,),
}
"""Rows at which a service's export stops: a file of exactly so many is perhaps only a part."""

Open = Callable[[TextFile], Opened | None]

# Those that a first line or a header decides.
_CLEAR: tuple[Open, ...] = (
    openalex_json.open_works,
    wos_text.open_plain,
    wos_text.open_tab,
    pubmed.open_pubmed,
    lens_csv.open_lens,
    openalex_csv.open_openalex_csv,
    ieee_csv.open_ieee,
)
# Those that other text may come before.
_LATER: tuple[Open, ...] = (ris.open_ris, bibtex.open_bibtex)
_DELIMITERS = (",", ";", "\t")
READS = (
    "Scopus (CSV, RIS, BibTeX, JSON), Web of Science (plain text, tab-delimited, RIS, BibTeX),"
    " PubMed, OpenAlex (CSV, JSON, snapshot folder), Lens CSV, IEEE Xplore CSV"
)


def recognise(path: Path, country_code: CountryCode) -> Opened:
    """Open ``path``: a file (gzip too) of any format read here, or an OpenAlex snapshot's folder.

    ``country_code`` gives the ISO code of a country's name, or None.

    Raises
    ------
    InputError : not readable, or of no format known here.
    """
    if path.is_dir():
        return openalex_json.open_snapshot(path)
    file = open_text(path)
    for attempt in _CLEAR:
        opened = attempt(file)
        if opened is not None:
            return opened
    if _first_letter(file) in {"{", "["}:
        return _scopus_json(file, country_code)
    if any(is_scopus(positions(header_of(file, delimiter))) for delimiter in _DELIMITERS):
        return _scopus_csv(file, country_code)
    for attempt in _LATER:
        opened = attempt(file)
        if opened is not None:
            return opened
    raise _unknown(file)


def _first_letter(file: TextFile) -> str:
    return file.start.lstrip("\ufeff \r\n\t")[:1]


def _scopus_csv(file: TextFile, country_code: CountryCode) -> Opened:
    try:
        export = scopus_csv.open_export(file.path, file.seen)
    except csv.Error as error:
        raise InputError(
            f"not a table that can be read: {error}", where=file.name, hint="export it again"
        ) from error
    opened = in_blocks(
        export.name,
        export.sha256,
        SCOPUS_CSV,
        partial(scopus_csv.export_blocks, export, country_code),
        size=file.path.stat().st_size,
        is_cut=export.ends_in_quote,
    )
    if not export.starts:
        return opened
    each = partial(scopus_csv.export_pieces, export, country_code)
    onward = partial(scopus_csv.export_onward, export, country_code)
    return in_pieces(opened, Pieces(each, onward))


def _scopus_json(file: TextFile, country_code: CountryCode) -> Opened:
    try:
        saved = scopus_saved.open_saved(file.path, file.seen)
    except InputError as error:
        raise InputError(
            f"not a bibliographic file: JSON with neither works of OpenAlex nor entries of Scopus"
            f" ({error.what})",
            where=file.name,
            hint=f"what is read here: {READS}",
        ) from error
    opened = in_blocks(
        saved.name,
        saved.sha256,
        SCOPUS_JSON,
        partial(scopus_saved.saved_blocks, saved, country_code),
        size=file.path.stat().st_size,
        is_cut=saved.is_cut,
    )
    if not saved.starts:
        return opened
    each = partial(scopus_saved.saved_pieces, saved, country_code)
    onward = partial(scopus_saved.saved_onward, saved, country_code)
    return in_pieces(opened, Pieces(each, onward))


def _unknown(file: TextFile) -> InputError:
    first = next((line for line in file.start.lstrip("\ufeff").split("\n") if line.strip()), "")
    header = header_of(file, ",")
    if len(header) > 2:
        named = ", ".join(repr(printable(name)[:30]) for name in header[:4])
        seen = f"a table whose first columns are {named}"
    else:
        seen = f"text that begins {printable(first.strip())[:80]!r}"
    return InputError(
        f"not a bibliographic file: {seen}", where=file.name, hint=f"what is read here: {READS}"
    )
