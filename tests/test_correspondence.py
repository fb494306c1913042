"""Corresponding authors: only where a source says who they are, never guessed."""

from __future__ import annotations

import csv

import pytest

from bibliometrics.attribution.place import country_code
from bibliometrics.sources.openalex_json import work_record
from bibliometrics.sources.scopus_correspondence import corresponding
from bibliometrics.sources.scopus_csv import open_export, read_export
from conftest import HEADER, WriteExport, export_row, shared

NAMES = ["Chen D.L.", "Lee S.-M.", "Del Pero C.", "Liu Y."]


@pytest.mark.parametrize(
    ("text", "positions"),
    [
        ("D.L. Chen; Ryerson University, Canada; email: d@x.ca", (1,)),
        ("Chen, D.L.; Ryerson University, Canada", (1,)),
        ("S.-M. Lee; A, Korea; email: s@x.kr; D.L. Chen; B, Canada; email: d@x.ca", (1, 2)),
        ("C. Del Pero; Politecnico Di Milano, Italy", (3,)),
        ("", None),
        ("Department of Nothing, Canada; email: d@x.ca", None),
        ("Macrae, C.A., Arrhythmogenic cardiomyopathy (2009), 4, p. 12; Liu Y., Other", None),
    ],
)
def test_the_names_of_the_text_are_found_among_the_authors(
    text: str, positions: tuple[int, ...] | None
) -> None:
    assert corresponding(text, NAMES) == positions


def test_a_name_of_two_authors_tells_nobody() -> None:
    assert corresponding("S. Kim; Somewhere, Korea", ["Kim S.", "Kim S."]) is None


def test_a_scopus_export_with_and_without_the_column(write_export: WriteExport) -> None:
    row = export_row() | {"Correspondence Address": "W. Li; Tsinghua University, China"}
    known = write_export([row], header=[*HEADER, "Correspondence Address"])
    lacking = write_export([row], name="without.csv")
    found = [next(iter(read_export(open_export(path), country_code))) for path in (known, lacking)]
    assert [record.corresponding for record in found] == [(1,), None]


def test_openalex_flags_authors_or_says_nothing() -> None:
    def work(*flags: bool) -> dict[str, object]:
        authorships = [{"is_corresponding": flag, "author": {"id": "A1"}} for flag in flags]
        return {"id": "W1", "title": "T", "publication_year": 2019, "authorships": authorships}

    assert work_record(work(False, True), "f", 1).corresponding == (2,)
    assert work_record(work(False, False), "f", 1).corresponding is None


def test_real_exports_name_authors_that_can_be_found() -> None:
    path = shared("data/scopus/bipv_search_a_2026.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        filled = sum(bool(row["Correspondence Address"]) for row in csv.DictReader(file))
    rows = list(read_export(open_export(path), country_code))
    assert filled - sum(record.corresponding is not None for record in rows) <= 2
