"""PubMed's MEDLINE format: the affiliations behind each author are that author's."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibliometrics.sources import terms
from bibliometrics.sources.pubmed import addresses, open_pubmed
from bibliometrics.sources.reading import open_text
from bibliometrics.sources.record import Quarantined, Record
from conftest import shared
from source_samples import PUBMED, write


def read(path: Path) -> tuple[list[Record], list[Quarantined]]:
    opened = open_pubmed(open_text(path))
    assert opened is not None
    rows = list(opened.rows())
    assert [row.row for row in rows] == list(range(1, len(rows) + 1))
    records = [row for row in rows if isinstance(row, Record)]
    return records, [row for row in rows if isinstance(row, Quarantined)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_record(tmp_path: Path, line_end: str) -> None:
    (record, _), quarantined = read(
        write(tmp_path, f"\n{PUBMED}\n{PUBMED}".replace("\n", line_end))
    )
    assert quarantined == []
    assert (record.database, record.doi, record.year) == ("PubMed", "10.5555/robots.1", 2019)
    assert record.title == "Learning robots in a title that is long"
    second = "Invented University, Springfield, IL 62701, USA"
    assert record.author_affiliations == (
        ("Department of Robots, Tsinghua University, Beijing, China", second),
        (second, "Second Place, Paris, France"),
    )
    assert (record.authors_announced, record.tie) == (2, "author")
    assert (record.author_keywords, record.index_keywords) == ("robots", "Robotics/methods; Humans")
    assert (record.document_type, record.source_type) == ("Article", "Journal")
    assert (record.language, record.publication_stage) == ("English", "Final")
    assert record.is_retracted is False


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["Journal Article", "Review"], "Review"),
        (["Journal Article", "Retracted Publication"], "Retracted"),
        (["Case Reports"], "Article"),
        (["Comment", "Letter"], "Letter"),
        (["Published Erratum"], "Erratum"),
        (["Dataset"], "Dataset"),
        ([], ""),
    ],
)
def test_types_in_the_words_a_study_uses(types: list[str], expected: str) -> None:
    assert terms.pubmed_type(types) == expected


def test_addresses_lose_how_to_write_to_the_author() -> None:
    assert addresses("A, Paris, France. a.b@c.fr; B, Rome, Italy. Electronic address: x@y.it.") == [
        "A, Paris, France",
        "B, Rome, Italy",
    ]
    assert addresses("A Univ, Austin, TX 78712 USA. GRID: grid.1.2. ISNI: 0000 0001 2178 9X89") == [
        "A Univ, Austin, TX 78712 USA"
    ]


def test_a_cut_file_and_a_record_without_a_year(tmp_path: Path) -> None:
    no_year = PUBMED.replace("DP  - 2019 Oct 15\n", "")
    records, quarantined = read(write(tmp_path, f"{PUBMED}\n{no_year}\n{PUBMED[:200]}"))
    assert [record.row for record in records] == [1]
    assert [row.reason for row in quarantined] == [
        "year is not a year: ''",
        "the file ends inside a record: it was cut",
    ]


def test_real_export() -> None:
    found, quarantined = read(shared("data/other/aiml_pubmed89.txt.gz"))
    assert (len(found), quarantined) == (89, [])
    assert all(record.tie == "author" and record.doi for record in found)
    assert sum(any("China" in a for a in record.affiliations or ()) for record in found) == 8
    assert not any("@" in a for record in found for a in record.affiliations or ())
