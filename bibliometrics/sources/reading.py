"""What every format of files shares: a file unpacked, hashed and decoded, and what opening gives.

Lines end at a line feed, a carriage return, or both, and nowhere else: some exports separate the
addresses of one paper by a bare carriage return, and abstracts hold characters that Python's
``splitlines`` would break at.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, groupby
from pathlib import Path
from typing import IO, TypeVar, cast

from bibliometrics.errors import InputError
from bibliometrics.sources.record import Quarantined, Record

Row = Record | Quarantined
Item = TypeVar("Item")

ROWS_IN_A_BLOCK = 2_048
BLOCK = 1 << 20
_START = 1 << 16
_END = 256
_RAW_LIMIT = 2_000
_KEPT = "bibliometrics.undecodable"
_UNDECODABLE = re.compile("[\udc80-\udcff]")
_LINE_END = re.compile(r"\r\n?|\n")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# What a file that is no text begins with, and what it then is.
_BINARY = {
    b"PK\x03\x04": "a zip file or a workbook: unpack it, or export as CSV",
    b"%PDF": "a PDF: export the records themselves",
    b"\xd0\xcf\x11\xe0": "an old Office file: export as CSV or plain text",
    b"PAR1": "a Parquet file: export the records themselves",
    b"<!DOCTYPE": "a web page, perhaps the page to log in: export the records again",
    b"<html": "a web page, perhaps the page to log in: export the records again",
    b"<?xml": "XML: of PubMed, choose the format PubMed; else CSV, RIS or BibTeX",
}


def _keep(error: UnicodeError) -> tuple[str, int]:
    """Undecodable bytes of UTF-16 as lone surrogates, which Python itself does for UTF-8 only."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    raw = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) if byte > 0x7F else "\udcff" for byte in raw), error.end


codecs.register_error(_KEPT, _keep)


Blocks = Callable[[int, int], Iterator[Iterable[Row]]]
"""(first, step) → the rows of every ``step``-th block from ``first``, a block at a time."""


@dataclass(frozen=True)
class Piece:
    """Rows of a part of a file, numbered from 1 within it; they take ``numbers`` numbers."""

    rows: Iterable[Row]
    numbers: int


@dataclass(frozen=True)
class Pieces:
    """A file in parts that can be read alone.

    ``each``: (first, step) → every ``step``-th piece from ``first``; None for one that does not end
    where a row ends, or is else not what a piece should be. ``onward``: (piece, rows before it) →
    all rows from that piece on, read as one. Both can be sent to another process.
    """

    each: Callable[[int, int], Iterator[Piece | None]]
    onward: Callable[[int, int], Iterator[Row]]


@dataclass(frozen=True)
class Paged:
    """The files of an input's pages, and a folder beside them for what is made of them."""

    pages: tuple[Path, ...]
    folder: Path


@dataclass(frozen=True)
class Opened:
    """A recognised input: ``rows()`` gives every row of it, in order, as often as it is asked.

    ``sha256`` is of the content, unpacked. ``is_cut``: its end is not how its format ends.
    ``blocks`` or ``pieces``, where a format has them, let several processes share the rows: the
    first where each must go through all of the file, the second where each can go to its part.
    ``size`` is in bytes. ``paged``: kept page by page, with room for what is derived from them.
    """

    name: str
    sha256: str
    kind: str
    rows: Callable[[], Iterator[Row]]
    is_cut: bool = False
    blocks: Blocks | None = None
    size: int = 0
    pieces: Pieces | None = None
    paged: Paged | None = None


def in_blocks(
    name: str, sha256: str, kind: str, blocks: Blocks, *, size: int, is_cut: bool = False
) -> Opened:
    """An input whose rows are those of its blocks; ``blocks`` can be sent to another process."""

    def rows() -> Iterator[Row]:
        return chain.from_iterable(blocks(0, 1))

    return Opened(name, sha256, kind, rows, is_cut, blocks, size)


def in_pieces(file: Opened, pieces: Pieces) -> Opened:
    """``file`` read by its pieces where several processes read, else from its first row on."""
    return replace(file, rows=partial(pieces.onward, 0, 0), blocks=None, pieces=pieces)


def named(file: Opened, name: str) -> Opened:
    """``file`` under another name, in its rows too."""
    if file.pieces is not None:
        each = partial(_renamed_pieces, file.pieces.each, name)
        onward = partial(_renamed_onward, file.pieces.onward, name)
        return in_pieces(replace(file, name=name), Pieces(each, onward))
    if file.blocks is not None:
        blocks = partial(_renamed_blocks, file.blocks, name)
        return in_blocks(name, file.sha256, file.kind, blocks, size=file.size, is_cut=file.is_cut)
    return replace(file, name=name, rows=lambda: _renamed(file.rows(), name))


def _renamed_blocks(blocks: Blocks, name: str, first: int, step: int) -> Iterator[Iterable[Row]]:
    for rows in blocks(first, step):
        yield _renamed(rows, name)


def _renamed_pieces(
    each: Callable[[int, int], Iterator[Piece | None]], name: str, first: int, step: int
) -> Iterator[Piece | None]:
    for piece in each(first, step):
        yield piece and replace(piece, rows=_renamed(piece.rows, name))


def _renamed_onward(
    onward: Callable[[int, int], Iterator[Row]], name: str, piece: int, before: int
) -> Iterator[Row]:
    return _renamed(onward(piece, before), name)


def _renamed(rows: Iterable[Row], name: str) -> Iterator[Row]:
    for row in rows:
        yield replace(row, file=name)


def every(items: Iterable[Item], first: int, step: int, size: int) -> Iterator[Iterator[Item]]:
    """Every ``step``-th run of ``size`` items, from the run ``first``; to be used at once."""
    for run, numbered in groupby(enumerate(items), key=lambda each: each[0] // size):
        if run % step == first:
            yield (item for _, item in numbered)


@dataclass(frozen=True)
class Scan:
    """What one pass over a file's unpacked bytes tells.

    ``odd`` says of each ``BLOCK`` of bytes whether the number of quotes before it is odd.
    """

    sha256: str
    quotes: int
    start: bytes
    end: bytes
    encoding: str
    odd: tuple[bool, ...]
    is_packed: bool


@dataclass(frozen=True)
class TextFile:
    """A file of text, gzip or not; ``start`` and ``end`` are its first and last characters."""

    path: Path
    sha256: str
    encoding: str
    start: str
    end: str
    seen: Scan

    @property
    def quotes(self) -> int:
        return self.seen.quotes

    @property
    def name(self) -> str:
        return self.path.name

    def lines(self) -> Iterator[str]:
        """The lines without their ends; undecodable bytes as lone surrogates."""
        with self._stream(newline=None) as stream:
            for line in stream:
                yield line.removesuffix("\n")

    def raw_lines(self) -> Iterator[str]:
        """The lines with their ends as they are, for a CSV reader."""
        with self._stream(newline="") as stream:
            yield from stream

    def text(self) -> str:
        with self._stream(newline=None) as stream:
            return stream.read()

    def _stream(self, *, newline: str | None) -> io.TextIOWrapper:
        errors = _KEPT if self.encoding == "utf-16" else "surrogateescape"
        return io.TextIOWrapper(
            binary(self.path), encoding=self.encoding, errors=errors, newline=newline
        )


def binary(path: Path) -> IO[bytes]:
    """``path`` opened for reading, unpacked if it is gzip by its first bytes."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path, "rb")) if packed else path.open("rb")


def scan(path: Path) -> Scan:
    """Read ``path`` once: its hash, its quotes, its first and last bytes, its encoding.

    Raises
    ------
    InputError : not readable, damaged, or empty.
    """
    digest, quotes, start, end = hashlib.sha256(), 0, b"", b""
    odd: list[bool] = []
    try:
        with binary(path) as file:
            is_packed = isinstance(file, gzip.GzipFile)
            while block := _full(file):
                odd.append(quotes % 2 == 1)
                start = start or block
                end = (end + block)[-_END:]
                digest.update(block)
                quotes += block.count(b'"')
    except (OSError, EOFError, zlib.error) as error:
        is_damaged = isinstance(error, EOFError | zlib.error | gzip.BadGzipFile)
        reason = str(error) if is_damaged else getattr(error, "strerror", "") or str(error)
        hint = "the file is damaged: copy it again" if is_damaged else "check the path"
        raise InputError(f"cannot be read: {reason}", where=path.name, hint=hint) from error
    if not start.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise InputError("is empty", where=path.name, hint="export it again")
    encoding = "utf-16" if start[:2] in _UTF16 else "utf-8-sig"
    return Scan(digest.hexdigest(), quotes, start, end, encoding, tuple(odd), is_packed)


def _full(file: IO[bytes]) -> bytes:
    """The next ``BLOCK`` bytes; fewer only at the end, whatever a single read gives."""
    block = file.read(BLOCK)
    while 0 < len(block) < BLOCK and (more := file.read(BLOCK - len(block))):
        block += more
    return block


def open_text(path: Path) -> TextFile:
    """Read ``path`` once: its hash, its encoding, its first and last characters.

    Raises
    ------
    InputError : not readable, damaged, empty, or not text.
    """
    seen = scan(path)
    _refuse_binary(path.name, seen.start, is_wide=seen.encoding == "utf-16")
    return TextFile(
        path=path,
        sha256=seen.sha256,
        encoding=seen.encoding,
        start=seen.start[:_START].decode(seen.encoding, errors="replace"),
        end=seen.end.decode("utf-8", errors="replace").replace("\x00", ""),
        seen=seen,
    )


def _refuse_binary(name: str, start: bytes, *, is_wide: bool) -> None:
    opening = start[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, hint in _BINARY.items():
        if opening[: len(mark)].lower() == mark.lower():
            raise InputError("is not a bibliographic file", where=name, hint=f"it is {hint}")
    if not is_wide and b"\x00" in start[:_START]:
        raise InputError(
            "is not text", where=name, hint="export records as CSV, RIS, BibTeX or plain text"
        )


def quarantined(file: str, row: int, reason: str, raw: str) -> Quarantined:
    """A row set aside with its text as received, cut at 2,000 characters."""
    return Quarantined(file, row, reason, printable(raw)[:_RAW_LIMIT])


def printable(text: str) -> str:
    r"""``text`` with undecodable bytes shown as \xNN, so that it can be written as UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_decoded(text: str) -> bool:
    """Whether every byte of ``text`` could be decoded."""
    return _UNDECODABLE.search(text) is None


def cells(file: TextFile, delimiter: str) -> Iterator[list[str]]:
    """The rows of a CSV file that are not blank, the header first."""
    csv.field_size_limit(sys.maxsize)
    for row in csv.reader(file.raw_lines(), delimiter=delimiter):
        if any(cell.strip() for cell in row):
            yield row


def header_of(file: TextFile, delimiter: str) -> list[str]:
    """The first line as the cells of a header."""
    csv.field_size_limit(sys.maxsize)
    first = _LINE_END.split(file.start.lstrip("\ufeff \r\n"), maxsplit=1)[0]
    return [cell.strip() for cell in next(csv.reader([first], delimiter=delimiter), [])]


ReadRow = Callable[[str, int, dict[str, str]], Row | str]


def csv_rows(file: TextFile, delimiter: str, read_row: ReadRow) -> Iterator[Row]:
    """Every data row through ``read_row``, which gives a record or the reason why there is none.

    The last row of a file that ends inside a quoted cell holds the rest of the file: it is set
    aside.
    """
    rows = cells(file, delimiter)
    header = [name.strip().lstrip("\ufeff") for name in next(rows)]
    pending: tuple[int, list[str]] | None = None
    for number, row in enumerate(rows, 1):
        if pending is not None:
            yield _csv_row(file, *pending, header, read_row)
        pending = (number, row)
    if pending is not None and file.quotes % 2:
        reason = "the file ends inside a quoted cell: it was cut, and this row holds the rest"
        yield quarantined(file.name, pending[0], reason, ",".join(pending[1]))
    elif pending is not None:
        yield _csv_row(file, *pending, header, read_row)


def _csv_row(
    file: TextFile, number: int, row: list[str], header: list[str], read_row: ReadRow
) -> Row:
    raw = ",".join(row)
    if len(row) > len(header) and not any(cell.strip() for cell in row[len(header) :]):
        row = row[: len(header)]
    if len(row) != len(header):
        reason = f"{len(row)} cells where the header names {len(header)}"
        return quarantined(file.name, number, reason, raw)
    if not is_decoded(raw):
        return quarantined(file.name, number, "not UTF-8", raw)
    found = read_row(file.name, number, dict(zip(header, (cell.strip() for cell in row))))
    return quarantined(file.name, number, found, raw) if isinstance(found, str) else found
