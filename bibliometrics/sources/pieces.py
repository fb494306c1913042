"""Where a large file of rows is cut into pieces, which several processes read.

A cut stands behind a line feed. In a CSV it must not stand inside a quoted cell: where the number
of quotation marks before it is even, it very probably does not. Whoever reads a piece proves it: a
piece that does not end where a row ends is read again with all that follows, as one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from bibliometrics.sources import reading

# Large enough that a piece's columns cost little, small enough that memory does not feel it.
_BLOCKS = 4
_LOOK = 1 << 16


def cuts(path: Path, seen: reading.Scan, *, is_quoted: bool) -> tuple[int, ...]:
    """The first bytes of the pieces of a file; none where it cannot be cut (packed, UTF-16).

    ``is_quoted``: line feeds between quotation marks end no row.
    """
    if seen.is_packed or seen.encoding == "utf-16":
        return ()
    found = [0]
    with path.open("rb") as file:
        for block in range(_BLOCKS, len(seen.odd), _BLOCKS):
            start = block * reading.BLOCK
            file.seek(start)
            place = _cut(file.read(_LOOK), is_odd=is_quoted and seen.odd[block], quoted=is_quoted)
            if place:
                found.append(max(found[-1], start + place))
    return tuple(found)


def _cut(look: bytes, *, is_odd: bool, quoted: bool) -> int:
    """Behind the first line feed outside quotation marks; 0 where there is none near."""
    end = look.find(b"\n") + 1
    quotes, start = int(is_odd), 0
    while end:
        quotes += look.count(b'"', start, end) if quoted else 0
        if quotes % 2 == 0:
            return end
        start, end = end, look.find(b"\n", end) + 1
    return 0


def bytes_of(
    path: Path, starts: tuple[int, ...], first: int, step: int
) -> Iterator[tuple[int, bytes]]:
    """Every ``step``-th piece from ``first``, with its number."""
    with path.open("rb") as file:
        for number in range(first, len(starts), step):
            file.seek(starts[number])
            end = (
                starts[number + 1] if number + 1 < len(starts) else os.fstat(file.fileno()).st_size
            )
            yield number, file.read(end - starts[number])
