"""BibTeX of Scopus (three styles) and Web of Science: no entry lost to a key or a doubled field."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bibliometrics.sources.bibtex import author_names, open_bibtex
from bibliometrics.sources.reading import open_text
from bibliometrics.sources.record import Quarantined, Record
from conftest import shared
from source_samples import ELSEWHERE, SCOPUS_BIB, SCOPUS_BIB_OLD, TSINGHUA, WOS_BIB, write


def read(path: Path) -> tuple[list[Record], list[Quarantined]]:
    opened = open_bibtex(open_text(path))
    assert opened is not None
    rows = list(opened.rows())
    assert [row.row for row in rows] == list(range(1, len(rows) + 1))
    records = [row for row in rows if isinstance(row, Record)]
    return records, [row for row in rows if isinstance(row, Quarantined)]


def test_scopus(tmp_path: Path) -> None:
    (record,), quarantined = read(write(tmp_path, "\ufeff" + SCOPUS_BIB))
    assert quarantined == []
    assert (record.database, record.eid, record.doi) == ("Scopus", "2-s2.0-1", "10.5555/robots.1")
    assert record.title == "Learning robots & Relatives"
    assert (record.abstract, record.year) == ("We study 50% of robots", 2019)
    assert (record.author_keywords, record.index_keywords) == (
        "Robots; Machine learning",
        "Systems",
    )
    assert (record.document_type, record.source_type) == ("Article", "Journal")
    assert record.publication_stage == "Final"
    assert record.affiliations == (
        "School of Software, Tsinghua University, Beijing, China",
        "Invented University, Springfield, United States",
    )
    assert (record.author_affiliations, record.tie, record.authors_announced) == (None, "paper", 2)


def test_the_oldest_style_hangs_letters_on_the_authors(tmp_path: Path) -> None:
    (record,), _ = read(write(tmp_path, SCOPUS_BIB_OLD))
    assert record.authors_announced == 3
    assert record.affiliations == ("University of Nowhere, Italy", "Invented Institute, Italy")
    assert record.abstract is None
    assert record.publication_stage is None


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("Li, Wei and Roe, Ann", 2),
        ("Li, Wei", 1),
        ("Rossi, A.a , Verdi, B.a  b , de Caro, M.B.c ", 3),
        ("Rossi, A., Verdi, B.", 2),
        ("[No author name available]", 0),
        ("", 0),
    ],
)
def test_authors_are_counted(written: str, authors: int) -> None:
    assert len(author_names(written)) == authors


def test_web_of_science(tmp_path: Path) -> None:
    (record,), _ = read(write(tmp_path, WOS_BIB))
    assert record.database == "Web of Science"
    assert record.title == 'Learning "robots" & friends'
    assert record.affiliations == (TSINGHUA, ELSEWHERE)
    assert (record.document_type, record.publication_stage) == ("Article", "Article in press")
    assert (record.author_keywords, record.index_keywords) == (
        "robots; machine learning",
        "SYSTEMS",
    )
    assert (record.authors_announced, record.tie) == (2, "paper")


def test_neither_a_key_twice_nor_a_field_twice_nor_entries_on_one_line_lose_a_record(
    tmp_path: Path,
) -> None:
    doubled = SCOPUS_BIB.replace("\tyear", "\tfunding = {One},\n\tfunding = {Two},\n\tyear")
    entry = SCOPUS_BIB.partition("\n\n")[2].rstrip("\n")
    spaced = entry.replace("{Li2019,", "{A D2019,")
    records, quarantined = read(write(tmp_path, doubled + entry + spaced + "\n" + entry))
    assert (len(records), quarantined) == (4, [])


def test_a_malformed_entry_costs_itself_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = "@article{WOS:2,\nAuthor = {Nobody, N},\nTitle = {Open {brace},\nYear, {2019}\n}\n"
    with caplog.at_level(logging.CRITICAL):
        records, (quarantined,) = read(write(tmp_path, WOS_BIB + broken + WOS_BIB))
    assert [record.row for record in records] == [1, 3]
    assert quarantined.reason.startswith("malformed")
    assert "Nobody" in quarantined.raw
    assert capfd.readouterr() == ("", "")


def test_what_is_no_record_is_told(tmp_path: Path) -> None:
    no_year = SCOPUS_BIB.replace("year = {2019}", "year = {}")
    foreign = "@article{x,\n title = {Robots},\n year = {2019},\n}\n"
    comment = "@comment{not a record}\n@string{x = {y}}\n"
    raw = (comment + no_year + foreign).encode() + SCOPUS_BIB.replace("study", "st\u00fcdy").encode(
        "latin-1"
    )
    records, quarantined = read(write(tmp_path, raw))
    assert records == []
    assert [row.reason.split(":")[0] for row in quarantined] == [
        "year is not a year",
        "neither of Scopus nor of Web of Science (no source, link or id that says so)",
        "not UTF-8",
    ]


@pytest.mark.parametrize(
    ("name", "records", "malformed", "addressed", "china"),
    [
        ("scopus/bibliometrix_2017_superscript.bib", 46, 0, 44, 0),
        ("scopus/pybibx_scopus_old.bib.gz", 263, 0, 257, 3),
        ("scopus/pybibx_fork_170.bib", 170, 0, 168, 46),
        ("wos/genai_authorship.bib.gz", 468, 1, 440, 73),
    ],
)
def test_real_exports(name: str, records: int, malformed: int, addressed: int, china: int) -> None:
    found, quarantined = read(shared(f"data/{name}"))
    assert (len(found), len(quarantined)) == (records, malformed)
    assert sum(bool(record.affiliations) for record in found) == addressed
    assert sum(any("China" in a for a in record.affiliations or ()) for record in found) == china
    assert not any(record.author_affiliations for record in found)
    assert not any("Corresponding Author" in a for r in found for a in r.affiliations or ())
