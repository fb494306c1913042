"""Lens and IEEE Xplore CSV."""

from __future__ import annotations

from pathlib import Path

from bibliometrics.sources import terms
from bibliometrics.sources.ieee_csv import open_ieee
from bibliometrics.sources.lens_csv import open_lens
from bibliometrics.sources.reading import Opened, open_text
from bibliometrics.sources.record import Quarantined, Record
from conftest import shared
from source_samples import IEEE, LENS, write


def rows_of(opened: Opened | None) -> tuple[list[Record], list[Quarantined]]:
    assert opened is not None
    rows = list(opened.rows())
    assert [row.row for row in rows] == list(range(1, len(rows) + 1))
    records = [row for row in rows if isinstance(row, Record)]
    return records, [row for row in rows if isinstance(row, Quarantined)]


def test_lens(tmp_path: Path) -> None:
    (record,), quarantined = rows_of(open_lens(open_text(write(tmp_path, "\ufeff" + LENS))))
    assert quarantined == []
    assert (record.database, record.title, record.year) == ("Lens", "Learning robots", 2019)
    assert (record.document_type, record.source_type) == ("Article", "Journal")
    assert (record.author_keywords, record.index_keywords) == ("robots; learning", "Robotics")
    assert (record.authors_announced, record.doi) == (2, "10.5555/robots.1")
    assert record.affiliations is record.author_affiliations is record.language is None


def test_lens_with_a_column_of_affiliations(tmp_path: Path) -> None:
    header, row, _ = LENS.split("\n")
    text = f'{header},"Author Affiliations"\n{row},"A, China;; B, France"\n'
    (record,), _ = rows_of(open_lens(open_text(write(tmp_path, text))))
    assert (record.affiliations, record.tie) == (("A, China", "B, France"), "paper")


def test_rows_that_cannot_be_read(tmp_path: Path) -> None:
    header, row, _ = LENS.split("\n")
    no_year = row.replace('"2019-10-15","2019"', '"",""')
    short = ",".join(row.split(",")[:4])
    torn = row[:70]
    records, quarantined = rows_of(
        open_lens(open_text(write(tmp_path, "\n".join([header, row, no_year, short, torn]))))
    )
    assert [record.row for record in records] == [1]
    assert [each.reason.partition(":")[0] for each in quarantined] == [
        "year is not a year",
        "4 cells where the header names 11",
        "the file ends inside a quoted cell",
    ]


def test_ieee_ties_by_order_where_the_numbers_agree(tmp_path: Path) -> None:
    (record,), _ = rows_of(open_ieee(open_text(write(tmp_path, IEEE))))
    assert record.author_affiliations == (("Tsinghua University, Beijing, China",), ())
    assert (record.document_type, record.source_type) == (
        "Conference Paper", "Conference Proceeding",
    )  # fmt: skip
    assert record.index_keywords == "Robots; systems"
    uneven = IEEE.replace("; NA", "")
    (record,), _ = rows_of(open_ieee(open_text(write(tmp_path, uneven))))
    assert (record.tie, record.findings) == ("paper", (terms.UNEQUAL,))


def test_real_ieee_export() -> None:
    path = shared("data/other/ieee_xplore_1.csv.gz")
    found, quarantined = rows_of(open_ieee(open_text(path)))
    assert (len(found), quarantined) == (100, [])
    assert sum(any("China" in a for a in record.affiliations or ()) for record in found) == 25
    assert sum(record.tie == "author" for record in found) == 95
