"""RIS of Scopus and Web of Science: every address, every record, no invented tie."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics.sources.reading import open_text
from bibliometrics.sources.record import Quarantined, Record
from bibliometrics.sources.ris import open_ris
from conftest import shared
from source_samples import ELSEWHERE, SCOPUS_RIS, TSINGHUA, WOS_RIS, write


def read(path: Path) -> tuple[list[Record], list[Quarantined]]:
    opened = open_ris(open_text(path))
    assert opened is not None
    rows = list(opened.rows())
    assert [row.row for row in rows] == list(range(1, len(rows) + 1))
    records = [row for row in rows if isinstance(row, Record)]
    return records, [row for row in rows if isinstance(row, Quarantined)]


@pytest.mark.parametrize("start", ["", "\ufeff", "Provider: Somebody\n\n"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_scopus(tmp_path: Path, start: str, line_end: str) -> None:
    text = start + (SCOPUS_RIS + SCOPUS_RIS).replace("\n", line_end)
    (record, _), quarantined = read(write(tmp_path, text))
    assert quarantined == []
    assert (record.database, record.eid, record.doi) == ("Scopus", "2-s2.0-1", "10.5555/robots.1")
    assert (record.title, record.year, record.source_title) == (
        "Learning robots", 2019, "Invented Journal",
    )  # fmt: skip
    assert (record.document_type, record.source_type) == ("Article", "Journal")
    assert record.affiliations == (
        "School of Software, Tsinghua University, Beijing, 100084, China",
        "School of Robots, Invented University, Springfield, United States",
    )
    assert (record.author_affiliations, record.tie) == (None, "paper")
    assert record.authors_announced == 2
    assert record.abstract == "We study robots."
    assert record.publication_stage is None


def test_keywords_of_either_kind_count_as_both(tmp_path: Path) -> None:
    (record,), _ = read(write(tmp_path, SCOPUS_RIS))
    assert record.author_keywords == record.index_keywords == "Robots; Machine learning"


def test_web_of_science_parts_addresses_by_bare_carriage_returns(tmp_path: Path) -> None:
    (record,), _ = read(write(tmp_path, WOS_RIS))
    assert record.database == "Web of Science"
    assert record.affiliations == (TSINGHUA, ELSEWHERE)
    assert record.source_title == "INVENTED JOURNAL"
    assert (record.document_type, record.tie, record.eid) == (None, "paper", "")


@pytest.mark.parametrize(
    ("kind", "source"),
    [("CONF", "Conference Proceeding"), ("SER", "Book Series"), ("CHAP", "Book"), ("GEN", "")],
)
def test_the_type_of_the_source(tmp_path: Path, kind: str, source: str) -> None:
    (record,), _ = read(write(tmp_path, SCOPUS_RIS.replace("JOUR", kind)))
    assert record.source_type == source


def test_text_that_runs_over_lines(tmp_path: Path) -> None:
    text = SCOPUS_RIS.replace("We study robots.", "We study\nrobots\u2028and more.")
    (record,), _ = read(write(tmp_path, text))
    assert record.abstract == "We study robots and more."


def test_what_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    no_end = SCOPUS_RIS.replace("ER  -\n", "")
    no_year = SCOPUS_RIS.replace("PY  - 2019\n", "")
    foreign = SCOPUS_RIS.replace("DB  - Scopus\n", "").replace("eid=2-s2.0-1", "x")
    records, quarantined = read(
        write(tmp_path, no_end + SCOPUS_RIS + no_year + foreign + SCOPUS_RIS[:80])
    )
    assert [record.row for record in records] == [2]
    assert [(row.row, row.reason.split(":")[0]) for row in quarantined] == [
        (1, "no end of record (ER) before the next record begins"),
        (3, "year is not a year"),
        (4, "neither of Scopus nor of Web of Science (no DB, UR or AN that says so)"),
        (5, "the file ends inside a record"),
    ]
    assert "Learning robots" in quarantined[0].raw


@given(cut=st.integers(min_value=6, max_value=2 * len(SCOPUS_RIS)))
def test_cut_anywhere_every_record_that_began_is_a_row(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    text = (SCOPUS_RIS * 2)[:cut]
    records, quarantined = read(write(tmp_path_factory.mktemp("cut"), text))
    assert len(records) + len(quarantined) == text.count("TY  -")
    assert len(records) == text.count("ER  -")


@pytest.mark.parametrize(
    ("name", "records", "addressed", "addresses", "china"),
    [
        ("scopus/renewable_ai_2024_scopus.ris", 264, 263, 720, 53),
        ("scopus/histcite_scopus.ris", 87, 86, 132, 24),
        ("wos/genai_authorship.ris.gz", 469, 441, 1210, 73),
    ],
)
def test_real_exports(name: str, records: int, addressed: int, addresses: int, china: int) -> None:
    path = shared(f"data/{name}")
    found, quarantined = read(path)
    assert (len(found), quarantined) == (records, [])
    assert sum(bool(record.affiliations) for record in found) == addressed
    assert sum(any("China" in a for a in record.affiliations or ()) for record in found) == china
    lines = sum(line.startswith("AD  - ") for line in open_text(path).lines())
    assert lines == addresses
    assert sum(len(record.affiliations or ()) for record in found) <= addresses
