"""Scopus JSON as others saved it: a page, a bare list of entries, or a line for each of either.

A line for each entry is the form of large harvests: it is read a line at a time, and several
processes can share it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import Any, Literal

from bibliometrics.errors import InputError
from bibliometrics.sources.pieces import bytes_of, cuts
from bibliometrics.sources.reading import (
    ROWS_IN_A_BLOCK,
    Piece,
    Scan,
    binary,
    every,
    quarantined,
    scan,
)
from bibliometrics.sources.record import Quarantined, Record
from bibliometrics.sources.scopus_authors import CountryCode
from bibliometrics.sources.scopus_json import Compose, View, composer, rows_of, view_of
from bibliometrics.sources.scopus_page import loads
from bibliometrics.sources.scopus_values import listed

Shape = Literal["one value", "an entry a line", "pages by line"]
_LOOKS_LIKE_ENTRY = ("eid", "dc:identifier", "prism:coverDate", "dc:title")
_MARK = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_TAIL = 1 << 20
_ENVELOPE = {"entry", "search-results"}


@dataclass(frozen=True)
class SavedJson:
    """A file recognised as Scopus JSON; ``sha256`` is of its content, unpacked.

    ``announced``: the total its first page states (None: no envelope); ``torn``: its last line
    where that is no JSON, as a file cut in transit has it; ``view``: COMPLETE where an entry has
    what only that view gives. ``starts``: where its
    pieces begin, if it can be read in pieces.
    """

    path: Path
    sha256: str
    shape: Shape
    announced: int | None
    torn: bytes
    view: View
    starts: tuple[int, ...] = ()

    @property
    def is_cut(self) -> bool:
        return bool(self.torn)

    @property
    def name(self) -> str:
        return self.path.name


def open_saved(path: Path, seen: Scan | None = None) -> SavedJson:
    """Recognise ``path`` (gzip too) as Scopus JSON by its content; ``seen``: if scanned before.

    Raises
    ------
    InputError : not readable, or no Scopus entry in it.
    """
    seen = seen or scan(path)
    shape = _shape(path)
    texts = (_content(path),) if shape == "one value" else _lines(path)
    announced: int | None = None
    view: View = "STANDARD"
    is_known = False
    for text in texts:
        entries, total = _entries_of(parsed(text))
        announced = total if announced is None else announced
        is_known = is_known or any(map(_is_entry, entries)) or total == 0
        view = view_of(entries)
        if is_known and view == "COMPLETE":  # nothing behind can change what is known now
            break
    if not is_known:
        raise InputError(
            "is JSON, but holds no entry of the Scopus Search API",
            where=path.name,
            hint="save the answers as received, or the list under search-results → entry",
        )
    torn = b"" if shape == "one value" else _torn(path)
    starts = cuts(path, seen, is_quoted=False) if shape == "an entry a line" else ()
    return SavedJson(path, seen.sha256, shape, announced, torn, view, starts)


def read_saved(saved: SavedJson, country_code: CountryCode) -> Iterator[Record | Quarantined]:
    """Every entry of the file in order; rows count from 1."""
    return chain.from_iterable(saved_blocks(saved, country_code, 0, 1))


def saved_blocks(
    saved: SavedJson, country_code: CountryCode, first: int, step: int
) -> Iterator[Iterable[Record | Quarantined]]:
    """Every ``step``-th block of the rows, from the block ``first``."""
    compose = composer(country_code)
    if saved.shape == "an entry a line":
        lines = enumerate(_lines(saved.path), 1)
        for block in every(lines, first, step, ROWS_IN_A_BLOCK):
            yield chain.from_iterable(_line_rows(saved, compose, *numbered) for numbered in block)
    elif first == 0:
        # Where an entry stands is known only when all before it were counted.
        yield _counted_rows(saved, compose)


def saved_pieces(
    saved: SavedJson, country_code: CountryCode, first: int, step: int
) -> Iterator[Piece | None]:
    """Every ``step``-th piece of the lines, from the piece ``first``."""
    compose = composer(country_code)
    for number, raw in bytes_of(saved.path, saved.starts, first, step):
        lines = [*_filled(BytesIO(raw), is_start=number == 0)]
        values = [*map(parsed, lines)]
        # A page among the lines is named by its line, whose number only the whole file tells.
        if all(value is None or _is_one(value) for value in values):
            yield Piece(_piece_rows(saved, compose, lines, values), len(lines))
        else:
            yield None


def _piece_rows(
    saved: SavedJson, compose: Compose, lines: list[bytes], values: list[Any]
) -> Iterator[Record | Quarantined]:
    for number, value in enumerate(values, 1):
        if value is None:
            yield _no_json(saved, number, lines[number - 1])
        else:
            yield from rows_of((value,), saved.name, compose, saved.view, number)


def saved_onward(
    saved: SavedJson, country_code: CountryCode, piece: int, before: int
) -> Iterator[Record | Quarantined]:
    """Every row from the piece on; ``before`` lines came before it."""
    compose = composer(country_code)
    with saved.path.open("rb") as file:
        file.seek(saved.starts[piece])
        for number, line in enumerate(_filled(file, is_start=piece == 0), before + 1):
            yield from _line_rows(saved, compose, number, line)


def _is_one(value: object) -> bool:
    """Whether a line's value is one entry."""
    return isinstance(value, dict) and not _ENVELOPE & value.keys()


def _line_rows(
    saved: SavedJson, compose: Compose, number: int, line: bytes
) -> Iterable[Record | Quarantined]:
    """The entry of a line; of a page among them its entries, named by the line."""
    value = parsed(line)
    if value is None:
        return (_no_json(saved, number, line),)
    if _is_one(value):
        return rows_of((value,), saved.name, compose, saved.view, number)
    entries, _ = _entries_of(value)
    return rows_of(entries, f"{saved.name} line {number}", compose, saved.view, 1)


def _counted_rows(saved: SavedJson, compose: Compose) -> Iterator[Record | Quarantined]:
    row = 1
    texts = (_content(saved.path),) if saved.shape == "one value" else _lines(saved.path)
    for each in texts:
        value = parsed(each)
        if value is None:
            yield _no_json(saved, row, each)
            row += 1
            continue
        entries, _ = _entries_of(value)
        is_alone = saved.shape == "one value" and len(entries) == 1
        yield from rows_of(entries, saved.name, compose, saved.view, row, is_alone=is_alone)
        row += len(entries)


def _no_json(saved: SavedJson, row: int, line: bytes) -> Quarantined:
    is_last = line == saved.torn
    reason = "the file ends inside this line: it was cut" if is_last else "not JSON"
    return quarantined(saved.name, row, reason, line.decode("utf-8", "surrogateescape").strip())


def _content(path: Path) -> bytes:
    """The whole of a file as UTF-8."""
    with binary(path) as stream:
        raw = stream.read()
    if raw[:2] in _UTF16:
        return raw.decode("utf-16").encode()
    return raw.removeprefix(_MARK)


def _lines(path: Path) -> Iterator[bytes]:
    """The lines that are not blank."""
    with binary(path) as stream:
        is_wide = stream.read(2) in _UTF16
        stream.seek(0)
        yield from _filled(_content(path).split(b"\n") if is_wide else stream, is_start=True)


def _filled(lines: Iterable[bytes], *, is_start: bool) -> Iterator[bytes]:
    """The lines that are not blank; ``is_start``: the first may begin with a byte order mark."""
    for number, line in enumerate(lines):
        plain = line.removeprefix(_MARK) if is_start and number == 0 else line
        if plain and not plain.isspace():
            yield plain


def _shape(path: Path) -> Shape:
    first, *more = [*islice(_lines(path), 2)]
    found = parsed(first)
    if not more or found is None:
        if parsed(_content(path)) is None:
            raise InputError(
                "is not JSON, neither as a whole nor by lines",
                where=path.name,
                hint="save the answers of the Search API as received",
            )
        return "one value"
    return "an entry a line" if _is_one(found) else "pages by line"


def _torn(path: Path) -> bytes:
    """The last line where it is no JSON; else nothing."""
    last = _tail(path) or deque(_lines(path), maxlen=1)[0]
    return last if parsed(last) is None else b""


def _tail(path: Path) -> bytes:
    """The last line that is not blank, read from the end; nothing where that cannot tell."""
    with path.open("rb") as stream:
        if stream.read(2) in {b"\x1f\x8b", *_UTF16}:
            return b""
        stream.seek(max(0, path.stat().st_size - _TAIL))
        head, _, last = stream.read().rstrip().rpartition(b"\n")
        return last if head else b""


def parsed(text: bytes) -> Any:  # noqa: ANN401
    """A JSON value; None where it is none."""
    try:
        return loads(text)
    except (ValueError, RecursionError):
        return None


def _entries_of(value: object) -> tuple[list[Any], int | None]:
    """The entries of an envelope, of what is left of one, of a list of either, or the entry."""
    if isinstance(value, list):
        pages = [_entries_of(item) for item in value]
        totals = [total for _, total in pages if total is not None]
        return [entry for entries, _ in pages for entry in entries], next(iter(totals), None)
    if isinstance(value, dict):
        inner = value.get("search-results", value)
        if isinstance(inner, dict) and ("entry" in inner or inner is not value):
            total = str(inner.get("opensearch:totalResults", ""))
            return listed(inner.get("entry")), int(total) if total.isdecimal() else None
    return [value], None


def _is_entry(value: object) -> bool:
    return isinstance(value, dict) and any(name in value for name in _LOOKS_LIKE_ENTRY)
