"""Scopus JSON as others saved it: a page, a bare list of entries, or a line for each of either."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bibliometrics.errors import InputError
from bibliometrics.sources.record import Quarantined, Record
from bibliometrics.sources.scopus_authors import CountryCode
from bibliometrics.sources.scopus_json import read_entries
from bibliometrics.sources.scopus_values import listed

Shape = Literal["one value", "lines"]
_LOOKS_LIKE_ENTRY = ("eid", "dc:identifier", "prism:coverDate", "dc:title")


@dataclass(frozen=True)
class SavedJson:
    """A file recognised as Scopus JSON; ``sha256`` is of its content, unpacked.

    ``announced``: the total its first page states (None: no envelope); ``is_cut``: its last line
    is torn, as a file cut in transit has it.
    """

    path: Path
    sha256: str
    shape: Shape
    announced: int | None
    is_cut: bool

    @property
    def name(self) -> str:
        return self.path.name


def open_saved(path: Path) -> SavedJson:
    """Recognise ``path`` (gzip too) as Scopus JSON by its content.

    Raises
    ------
    InputError : not readable, or no Scopus entry in it.
    """
    raw = _content(path)
    values, shape, is_cut = _values(raw, path)
    announced = None
    for value in values:
        entries, total = _entries_of(value)
        announced = total if announced is None else announced
        if any(_is_entry(entry) for entry in entries) or total == 0:
            return SavedJson(path, hashlib.sha256(raw).hexdigest(), shape, announced, is_cut)
    raise InputError(
        "is JSON, but holds no entry of the Scopus Search API",
        where=path.name,
        hint="save the answers as received, or the list under search-results → entry",
    )


def read_saved(saved: SavedJson, country_code: CountryCode) -> Iterator[Record | Quarantined]:
    """Every entry of the file in order; rows count from 1."""
    raw = _content(saved.path)
    values, _, _ = _values(raw, saved.path)
    entries = [entry for value in values for entry in _entries_of(value)[0]]
    yield from read_entries(entries, saved.name, country_code)
    if saved.is_cut:
        row = len(entries) + 1
        last = raw.rstrip(b"\n").rpartition(b"\n")[2].decode("utf-8", "backslashreplace")
        yield Quarantined(saved.name, row, "the file ends inside this line: it was cut", last)


def _content(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            "is damaged: it does not unpack", where=path.name, hint="copy it again"
        ) from error
    except OSError as error:
        reason = error.strerror or "not readable"
        raise InputError(f"cannot be read: {reason}", where=path.name) from error


def _values(raw: bytes, path: Path) -> tuple[list[Any], Shape, bool]:
    """The JSON values of a file: the whole, or one a line; and whether the last line is torn."""
    try:
        text = raw.decode("utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
        try:
            return [json.loads(text)], "one value", False
        except ValueError:
            lines = [line for line in text.split("\n") if line.strip()]
            first = json.loads(lines[0]) if lines else None
    except (ValueError, RecursionError):
        raise InputError(
            "is not JSON, neither as a whole nor by lines",
            where=path.name,
            hint="save the answers of the Search API as received",
        ) from None
    values = [first]
    for number, line in enumerate(lines[1:], 2):
        try:
            values.append(json.loads(line))
        except ValueError:
            if number == len(lines):
                return values, "lines", True
            raise InputError(
                f"line {number} is not JSON", where=path.name, hint="copy the file again"
            ) from None
    return values, "lines", False


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
