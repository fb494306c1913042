"""Web of Science exports as plain text and tab-delimited (full record, or what the user ticked).

Both write the same fields under the same two letters. ``C1`` names the authors of each address in
brackets, which ties them; addresses without brackets belong to the paper, or to its only author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bibliometrics.sources import terms
from bibliometrics.sources.reading import (
    Opened,
    Row,
    TextFile,
    header_of,
    is_decoded,
    quarantined,
)
from bibliometrics.sources.record import Record

PLAIN = "Web of Science plain text"
TAB = "Web of Science tab-delimited"

_TAG = re.compile(r"[A-Z][A-Z0-9](?= |$)")
_GROUP = re.compile(r"^\[([^\]]*)\]\s*(.*)$", re.DOTALL)
_NOT_NAME = re.compile(r"[\W_]+")
_PUBLISHED_IN = {"J": terms.JOURNAL, "S": terms.SERIES, "B": terms.BOOK, "C": terms.PROCEEDINGS}
_LEAST_COLUMNS = 3

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Tied:
    """Addresses of one paper: per author, or None where they belong to the paper as a whole."""

    per_author: tuple[tuple[str, ...], ...] | None
    all: tuple[str, ...]
    findings: tuple[str, ...]


def open_plain(file: TextFile) -> Opened | None:
    """``file`` if it is a plain-text export: it begins with ``FN`` or with a record."""
    first = file.start.lstrip("\ufeff \r\n\t").partition("\n")[0].rstrip()
    if not re.match(r"(FN .|PT [A-Z]$)", first):
        return None
    is_cut = not file.end.rstrip().endswith("EF")
    return Opened(file.name, file.sha256, PLAIN, lambda: _plain_rows(file), is_cut)


def open_tab(file: TextFile) -> Opened | None:
    """``file`` if it is a tab-delimited export: its header is of two-letter tags."""
    header = [name for name in header_of(file, "\t") if name]
    if len(header) < _LEAST_COLUMNS or not {"TI", "PY"} <= set(header):
        return None
    if not all(_TAG.fullmatch(name) for name in header):
        return None
    return Opened(file.name, file.sha256, TAB, lambda: _tab_rows(file))


def _plain_rows(file: TextFile) -> Iterator[Row]:
    present = {found.group() for line in file.lines() if (found := _TAG.match(line))}
    number = 0
    block: list[str] = []
    for line in file.lines():
        if line.rstrip() == "ER":
            number += 1
            yield _plain_row(file.name, number, block, present)
            block = []
        elif block and line.startswith("PT "):
            number += 1
            reason = "no end of record (ER) before the next record begins"
            yield quarantined(file.name, number, reason, "\n".join(block))
            block = [line]
        elif block or (line.strip() and line[:3] not in {"FN ", "VR ", "EF"}):
            block.append(line)
    rest = "\n".join(block)
    if rest.strip() not in {"", "E", "EF"}:
        reason = "the file ends inside a record: it was cut"
        yield quarantined(file.name, number + 1, reason, rest)


def _plain_row(name: str, number: int, block: list[str], present: set[str]) -> Row:
    raw = "\n".join(block)
    if not is_decoded(raw):
        return quarantined(name, number, "not UTF-8", raw)
    fields: dict[str, list[str]] = {}
    tag = ""
    for line in block:
        found = _TAG.match(line)
        if found:
            tag = found.group()
            fields.setdefault(tag, []).append(line[3:].strip())
        elif tag:
            fields[tag].append(line.strip())
    if not fields:
        return quarantined(name, number, "no field in it", raw)
    row = _record(name, number, fields, present, _lines_of_addresses(fields.get("C1", ())))
    return quarantined(name, number, row, raw) if isinstance(row, str) else row


def _tab_rows(file: TextFile) -> Iterator[Row]:
    lines = (line for line in file.lines() if line.strip())
    header = next(lines).lstrip("\ufeff").rstrip("\t").split("\t")
    header = [name.strip() for name in header]
    for number, line in enumerate(lines, 1):
        # No quoting here: a title may begin with a quotation mark. Lines end in a stray tab.
        row = line.split("\t")
        if len(row) < len(header) or any(cell.strip() for cell in row[len(header) :]):
            reason = f"{len(row)} cells where the header names {len(header)}"
            yield quarantined(file.name, number, reason, line)
            continue
        if not is_decoded(line):
            yield quarantined(file.name, number, "not UTF-8", line)
            continue
        cells = dict(zip(header, (cell.strip() for cell in row)))
        fields: dict[str, list[str]] = {tag: [cell] for tag, cell in cells.items() if cell}
        for tag in ("AU", "AF"):
            fields[tag] = _semicolon(cells.get(tag, ""))
        addresses = _cell_of_addresses(cells.get("C1", ""))
        found = _record(file.name, number, fields, set(header), addresses)
        yield quarantined(file.name, number, found, line) if isinstance(found, str) else found


def _record(
    name: str, number: int, fields: Fields, present: set[str], addresses: list[str]
) -> Record | str:
    def text(tag: str) -> str:
        return terms.tidy(" ".join(fields.get(tag, ())))

    def field(tag: str) -> str | None:
        return text(tag) if tag in present else None

    if not text("TI") and not text("UT"):
        return "no title and no identifier"
    year = terms.year_in(text("PY")) or terms.year_in(text("EA")) or terms.year_in(text("EY"))
    if year is None:
        return f"year is not a year: {text('PY')[:20]!r}"
    full = [terms.tidy(item) for item in fields.get("AF", ())]
    short = [terms.tidy(item) for item in fields.get("AU", ())]
    names = full or short
    tied = tie(addresses, names, short if len(short) == len(names) else [])
    areas = [
        terms.subjects(scheme, _semicolon(" ".join(fields.get(tag, ()))))
        for tag, scheme in (("WC", terms.WOS_CATEGORY), ("SC", terms.WOS_AREA))
        if tag in present
    ]
    kind = field("DT")
    is_early = kind is not None and "early access" in kind.lower()
    return terms.finished(
        Record(
            file=name,
            row=number,
            database="Web of Science",
            is_simulated=text("PU") == terms.SIMULATED,
            eid="",
            doi=terms.bare_doi(text("DI")),
            title=text("TI"),
            year=year,
            source_title=field("SO"),
            document_type=None if kind is None else terms.web_of_science_type(kind),
            source_type=_PUBLISHED_IN.get(text("PT")[:1], "") if "PT" in present else None,
            publication_stage=None if kind is None else terms.IN_PRESS if is_early else terms.FINAL,
            language=field("LA"),
            abstract=field("AB"),
            author_keywords=field("DE"),
            index_keywords=field("ID"),
            authors_announced=len(names),
            author_ids=(),
            author_affiliations=tied.per_author if "C1" in present else None,
            affiliations=tied.all if "C1" in present else None,
            filled=0,
            findings=tied.findings,
            is_retracted=None if kind is None else "retracted publication" in kind.lower(),
            subjects=sum(areas, ()) if areas else None,
        )
    )


def tie(addresses: Sequence[str], names: Sequence[str], short: Sequence[str]) -> Tied:
    """Addresses as ``[Author; Author] Address`` tied to ``names``, in the order of the authors.

    Where one address names no author of the paper, tying the others would lose it: then all
    addresses belong to the paper. The only author of a paper has all its addresses.
    """
    groups = [_group(address) for address in addresses]
    all_addresses = terms.distinct(address for _, address in groups)
    if not names or not all_addresses:
        return Tied(tuple(() for _ in names) if names else None, all_addresses, ())
    if len(names) == 1:
        return Tied((all_addresses,), all_addresses, ())
    if not any(authors for authors, _ in groups):
        return Tied(None, all_addresses, ())
    places: dict[str, list[int]] = {}
    for spelling in (names, short):
        for place, name in enumerate(spelling):
            known = places.setdefault(_key(name), [])
            if place not in known:
                known.append(place)
    found: list[list[str]] = [[] for _ in names]
    findings: list[str] = []
    for authors, address in groups:
        hit = False
        for author in authors:
            owners = places.get(_key(author), [])
            if not owners:
                findings.append(terms.NOT_AN_AUTHOR)
            if len(owners) > 1:
                findings.append(terms.NAMESAKES)
            for place in owners:
                found[place].append(address)
                hit = True
        if not hit and address:
            return Tied(None, all_addresses, (terms.NO_TIE,))
    return Tied(
        tuple(terms.distinct(items) for items in found), all_addresses, tuple(sorted(set(findings)))
    )


def _group(address: str) -> tuple[list[str], str]:
    found = _GROUP.match(address)
    authors, text = (_semicolon(found.group(1)), found.group(2)) if found else ([], address)
    return authors, address_of(text)


def address_of(text: str) -> str:
    """An address without the full stop that Web of Science ends it with."""
    return terms.tidy(text).removesuffix(".").rstrip()


def _lines_of_addresses(lines: Sequence[str]) -> list[str]:
    """One address a line; a line goes on where it opens no bracket and the last had no end."""
    found: list[str] = []
    for line in lines:
        if found and not line.startswith("[") and not found[-1].endswith("."):
            found[-1] += f" {line}"
        elif line:
            found.append(line)
    return found


def _cell_of_addresses(cell: str) -> list[str]:
    """The addresses of one cell: parted by semicolons, but those inside brackets part authors."""
    found: list[str] = []
    depth = start = 0
    for place, letter in enumerate(cell):
        if letter == "[":
            depth += 1
        elif letter == "]":
            depth = max(0, depth - 1)
        elif letter == ";" and depth == 0:
            found.append(cell[start:place].strip())
            start = place + 1
    found.append(cell[start:].strip())
    return [item for item in found if item]


def _semicolon(text: str) -> list[str]:
    return [item for item in (terms.tidy(part) for part in text.split(";")) if item]


def _key(name: str) -> str:
    return _NOT_NAME.sub("", name).casefold()
