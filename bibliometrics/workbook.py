"""The tables of an edition as one workbook for a spreadsheet."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bibliometrics.edition import Edition
from bibliometrics.schema import EDITION_TABLES, Table, plain
from bibliometrics.store import harmless

# Longer tables stay in their CSV: they are evidence to search in, and would take a minute to open.
MOST_ROWS = 20_000
# A cell of a workbook holds no more.
MOST_LETTERS = 32_000
_NAME_LETTERS = 31
_CUT = " … (cut: see the CSV)"
# A workbook says when it was made; the same inputs shall give the same bytes.
_NO_DAY = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_WIDTH = {"text": 24, "integer": 10, "number": 14}


def workbook(edition: Edition) -> bytes:
    """An XLSX file: a sheet of notes, then a sheet a table, typed, with headers that stay in view.

    Text is written as text: what begins like a formula is none. Numbers are numbers, unknown is an
    empty cell.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": edition.title_en, "created": _NO_DAY})
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    notes = book.add_worksheet("notes")
    for table in EDITION_TABLES:
        frame = edition.tables[table.name]
        if 0 < len(frame) <= MOST_ROWS:
            _write(book.add_worksheet(table.name[:_NAME_LETTERS]), frame, table, bold)
    _notes(notes, edition, bold, wrapped)
    book.close()
    return out.getvalue()


def _write(sheet: Worksheet, frame: pd.DataFrame, table: Table, bold: Format) -> None:
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(frame), len(table.columns) - 1)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.name, bold)
        sheet.set_column(place, place, _WIDTH[column.kind])
        known = (
            (row, value)
            for row, value in enumerate(plain(frame[column.name]), start=1)
            if value is not pd.NA
        )
        if column.kind == "text":
            for row, value in known:
                sheet.write_string(row, place, _text(value))
        else:
            for row, value in known:
                sheet.write_number(row, place, value)


def _text(value: str) -> str:
    safe = harmless(value)
    return safe if len(safe) <= MOST_LETTERS else safe[: MOST_LETTERS - len(_CUT)] + _CUT


def _notes(sheet: Worksheet, edition: Edition, bold: Format, wrapped: Format) -> None:
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100, wrapped)
    rows: list[tuple[str, str]] = [
        ("study", f"{edition.title_en} · {edition.title_zh}"),
        ("edition", edition.name),
        ("records", "SIMULATED: no finding · 模拟数据" if edition.is_simulated else "as received"),
        ("as_of", edition.as_of),
        ("counting", edition.counting),
        ("denominator", edition.denominator),
        ("papers", str(edition.papers)),
        ("query", edition.query),
        ("software", edition.software),
        ("registry", edition.registry_version),
        ("network", f"{edition.network_says_en} · {edition.network_says_zh}"),
    ]
    rows += [(choice.place, f"{choice.value} ({choice.says_en})") for choice in edition.choices]
    place = 0
    for name, said in rows:
        sheet.write_string(place, 0, name, bold)
        sheet.write_string(place, 1, _text(said), wrapped)
        place += 1
    for table in EDITION_TABLES:
        place += 1
        sheet.write_string(place, 0, table.name, bold)
        sheet.write_string(place, 1, _rows(table, edition.tables), wrapped)
        for column in table.columns:
            place += 1
            sheet.write_string(place, 0, column.name)
            sheet.write_string(place, 1, column.says, wrapped)
        place += 1


def _rows(table: Table, tables: Mapping[str, pd.DataFrame]) -> str:
    number = len(tables[table.name])
    where = f"{number} rows"
    if number == 0:
        where = "no row"
    elif number > MOST_ROWS:
        where = f"{number} rows: only in tables/{table.file_name}"
    return f"one row is {table.grain}; {where}"
