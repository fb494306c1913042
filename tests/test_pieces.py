"""A file read in pieces by several gives the rows that reading it as one gives, also if damaged."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bibliometrics.attribution.place import country_code
from bibliometrics.sources import csv_rows, reading
from bibliometrics.sources.reading import Opened, Row
from bibliometrics.sources.recognise import recognise

CELLS = st.text(st.sampled_from('ab,;"\n\r \u2028é'), max_size=12)
ENTRIES = st.sampled_from(
    ['{"eid": "2-s2.0-1", "dc:title": "T", "prism:coverDate": "2019-01-01"}',
     '{"dc:title": ""}', "", "  ", "{torn", "[]", '{"entry": [{"eid": "2-s2.0-2"}]}', "null"]
)  # fmt: skip


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BLOCK", 32)


def in_pieces(file: Opened) -> Iterator[Row]:
    """What ``ingest`` makes of the pieces, in one process."""
    assert file.pieces is not None
    came = before = 0
    for piece in file.pieces.each(0, 1):
        if piece is None:
            yield from file.pieces.onward(came, before)
            return
        for row in piece.rows:
            yield replace(row, row=row.row + before)
        came, before = came + 1, before + piece.numbers


def check(path: Path, *, at_least: int = 1) -> int:
    file = recognise(path, country_code)
    assert file.pieces is not None
    pieces = sum(1 for _ in file.pieces.each(0, 1))
    assert pieces >= at_least
    assert [*in_pieces(file)] == [*file.rows()]
    return pieces


def row(title: str, number: int) -> str:
    quoted = title.replace('"', '""')
    return f'"{quoted}",2019,2-s2.0-{number}'


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(CELLS, max_size=30), st.booleans())
def test_well_formed_rows_are_the_same_in_pieces(
    tmp_path: Path, titles: list[str], has_mark: bool
) -> None:
    path = tmp_path / "export.csv"
    rows = [row(title, number) for number, title in enumerate(titles)]
    text = "\r\n".join(["Title,Year,EID", *rows])
    path.write_bytes(text.encode("utf-8-sig" if has_mark else "utf-8"))
    check(path)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(CELLS, max_size=30), st.binary(max_size=6).map(lambda raw: raw.replace(b"\0", b"")))
def test_damaged_rows_are_the_same_in_pieces(
    tmp_path: Path, lines: list[str], noise: bytes
) -> None:
    path = tmp_path / "export.csv"
    text = "\n".join(["Title,Year,EID", *lines, row("whole", 1), *lines, ""])
    path.write_bytes(text.encode() + noise + text.encode())
    check(path)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ENTRIES, max_size=30))
def test_lines_are_the_same_in_pieces(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "entries.jsonl"
    first = json.dumps({"eid": "2-s2.0-0", "dc:title": "First", "prism:coverDate": "2019-01-01"})
    path.write_text("\n".join([first, first, *lines]), encoding="utf-8")
    check(path)


LINES = st.text(st.sampled_from('ab,,,;"""\n\n\r \0\u2028é\udcff'), max_size=60)


@settings(max_examples=500, deadline=None)
@given(LINES, st.sampled_from(",;\t"), st.booleans(), st.booleans())
def test_rows_cut_by_plain_searches_are_those_of_csv(
    text: str, delimiter: str, is_start: bool, has_mark: bool
) -> None:
    raw = b"\xef\xbb\xbf" * has_mark + text.encode("utf-8", "surrogateescape")
    encoding = "utf-8-sig" if is_start else "utf-8"
    lines = StringIO(raw.decode(encoding, "surrogateescape"), newline="")
    expected: list[list[str]] | None = None
    with suppress(csv.Error):
        *rows, last = csv.reader([*lines, "\n", "behind the piece"], delimiter=delimiter)
        if last == ["behind the piece"]:
            expected = [cells for cells in rows if any(map(str.strip, cells))]
    assert csv_rows.rows_of(raw, delimiter, is_start=is_start) == expected


def test_a_quotation_mark_at_the_end_opens_a_cell_that_does_not_end() -> None:
    assert csv_rows.rows_of(b'a\n"', ",", is_start=True) is None
    assert csv_rows.rows_of(b'a\rb\n"', ",", is_start=True) is None


def test_only_a_line_that_leaves_no_question_is_cut_plainly() -> None:
    assert csv_rows.plain_cells('a,"b, c",,"",d', ",") == ["a", "b, c", "", "", "d"]
    assert csv_rows.plain_cells('"a"', ",") == ["a"]
    for line in ('"a""b"', '"a"b', 'a"b"', '"a" ,"b"', '"a","b', ' "a"', '"a"""'):
        assert csv_rows.plain_cells(line, ",") is None


def test_a_long_file_is_cut_and_a_stray_quote_makes_it_be_read_as_one(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = [row(f"title, {number}\nof two lines", number) for number in range(120)]
    path.write_text("\n".join(["Title,Year,EID", *rows]), encoding="utf-8")
    assert check(path, at_least=20) > 20
    file = recognise(path, country_code)
    assert file.pieces is not None
    assert None not in [*file.pieces.each(0, 1)]
    rows[20] = '"a quote that nothing closes,2019,2-s2.0-20'
    path.write_text("\n".join(["Title,Year,EID", *rows]), encoding="utf-8")
    check(path, at_least=20)
    file = recognise(path, country_code)
    assert file.pieces is not None
    assert None in [*file.pieces.each(0, 1)]


def test_every_reader_has_its_pieces(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = [row(f"title {number}", number) for number in range(120)]
    path.write_text("\n".join(["Title,Year,EID", *rows]), encoding="utf-8")
    file = recognise(path, country_code)
    assert file.pieces is not None
    each = partial(map, lambda piece: [found.title for found in piece.rows])
    whole = [*each(file.pieces.each(0, 1))]
    assert len(whole) > 5
    assert [*each(file.pieces.each(0, 2))] == whole[::2]
    assert [*each(file.pieces.each(1, 2))] == whole[1::2]
