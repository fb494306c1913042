"""The rows of a piece of a CSV file, most of them cut by plain searches, the others by ``csv``.

A line is cut plainly only where nothing in it is open to question: every quotation mark stands
between a cell and a delimiter, or at an end of the line. Then it is a row of its own, and cutting
gives what ``csv`` gives (a property test holds both equal). Any other line, and the lines its row
goes on over, are ``csv``'s.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from itertools import chain, islice

_BEHIND = "behind the piece"
_MARK = b"\xef\xbb\xbf"


def rows_of(raw: bytes, delimiter: str, *, is_start: bool) -> list[list[str]] | None:
    """The rows that are not blank; None where the piece ends inside a row, or ``csv`` refuses it.

    ``is_start``: a byte order mark may come first. Bytes that are not UTF-8 are lone surrogates.
    """
    plain = raw.removeprefix(_MARK) if is_start else raw
    returns = plain.count(b"\r")
    if returns != plain.count(b"\r\n") or b"\0" in plain:
        return _whole(plain, delimiter)
    lines = plain.split(b"\n")
    if not lines[-1]:
        lines.pop()
    rows: list[list[str]] = []
    place = 0
    while place < len(lines):
        line = lines[place].decode("utf-8", "surrogateescape")
        cells = plain_cells(line.removesuffix("\r") if returns else line, delimiter)
        if cells is None:
            told = _first_row(islice(lines, place, None), delimiter, len(lines) - place)
            if told is None:
                return None
            cells, more = told
            place += more
        else:
            place += 1
        if any(map(str.strip, cells)):
            rows.append(cells)
    return rows


def plain_cells(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line without its end; None where only a reader of CSV can tell."""
    parts = line.split('"')
    last = len(parts) - 1
    if not last:
        return line.split(delimiter)
    if last % 2:
        return None
    cells = parts[0].split(delimiter)
    if cells.pop():
        return None
    cells.append(parts[1])
    for place in range(2, last, 2):
        between = parts[place]
        if between != delimiter:
            found = between.split(delimiter)
            if len(found) == 1 or found[0] or found.pop():
                return None
            cells += found[1:]
        cells.append(parts[place + 1])
    rest = parts[last].split(delimiter)
    if rest[0]:
        return None
    cells += rest[1:]
    return cells


def _first_row(lines: Iterable[bytes], delimiter: str, count: int) -> tuple[list[str], int] | None:
    """The row that begins with the first of ``count`` lines, and over how many it goes."""
    texts = (line.decode("utf-8", "surrogateescape") + "\n" for line in lines)
    reader = csv.reader(chain(texts, [_BEHIND]), delimiter=delimiter)
    try:
        cells = next(reader)
    except csv.Error:
        return None
    return None if reader.line_num > count else (cells, reader.line_num)


def _whole(raw: bytes, delimiter: str) -> list[list[str]] | None:
    text = raw.decode("utf-8", "surrogateescape")
    lines = chain(io.StringIO(text, newline=""), ["\n", _BEHIND])
    try:
        rows = [*csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return None
    # A line of our own, read as a row of its own, shows that the row before it had ended.
    if rows.pop() != [_BEHIND]:
        return None
    return [cells for cells in rows if any(map(str.strip, cells))]
