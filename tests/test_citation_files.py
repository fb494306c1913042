"""RIS of a list of papers and CITATION.cff, each read back by an independent reader."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
import rispy

from bibliometrics import lookup
from bibliometrics.network import exchange
from pages_fixture import HOSTILE, empty_edition, hostile_edition


def read_yaml(text: str) -> dict[str, object]:
    """The part of YAML that the file is written in: keys with JSON texts, and a list of names.

    A JSON text is a YAML text (YAML 1.2, section 1.3). Whatever else stands in a line is a fault.
    """
    read: dict[str, object] = {}
    key = ""
    assert text.endswith("\n") and "\r" not in text and "\t" not in text
    for line in text.removesuffix("\n").split("\n"):
        if item := re.fullmatch(r'  - (name): (".*")', line):
            assert isinstance(read[key], list)
            read[key] = [*read[key], {item[1]: json.loads(item[2])}]
        elif head := re.fullmatch(r"([a-z-]+):(?: (\".*\"))?", line):
            key = head[1]
            assert key not in read
            read[key] = json.loads(head[2]) if head[2] else []
        else:
            raise AssertionError(f"no line of this file: {line!r}")
    return read


@pytest.mark.parametrize(
    "text",
    ["title: x\n", 'title: "a"\ntitle: "b"\n', 'title: "a" b\n', '- "a"\n', 'title: "a"', "\n"],
)
def test_the_reader_of_this_test_refuses_what_is_not_that_part_of_yaml(text):
    with pytest.raises((AssertionError, json.JSONDecodeError)):
        read_yaml(text)


def papers(**changes: object) -> pd.DataFrame:
    row = {
        "paper_id": "2-s2.0-1", "year": 2019, "title": "A study of nothing",
        "source_title": "Journal of Invented Results", "doi": "10.5555/1",
        "document_type": pd.NA, "affiliations": "Nowhere", "rules": "name", "source": "Scopus",
    }  # fmt: skip
    return pd.DataFrame([{**row, **changes}])


def test_ris_reads_back():
    (read,) = rispy.loads(lookup.as_ris(papers()))
    assert read["title"] == "A study of nothing" and read["year"] == "2019"
    assert read["secondary_title"] == "Journal of Invented Results"
    assert read["doi"] == "10.5555/1" and read["name_of_database"] == "Scopus"
    assert read["urls"] == ["https://doi.org/10.5555/1"]
    assert "notes" not in read


def test_what_is_unknown_is_left_out_and_simulated_is_said():
    (read,) = rispy.loads(lookup.as_ris(papers(year=pd.NA, doi=None, source="SIMULATED")))
    assert "year" not in read and "doi" not in read and "urls" not in read
    assert read["notes"] == ["SIMULATED: no real paper"]


@pytest.mark.parametrize("text", [*HOSTILE, "one\nER  - \nTY  - JOUR", "a\r\nTI  - b"])
def test_a_hostile_title_stays_one_title_of_one_record(text):
    read = rispy.loads(lookup.as_ris(papers(title=text)))
    assert len(read) == 1
    assert read[0]["title"].split() == lookup._PLAIN.sub(" ", text).split()


@pytest.mark.parametrize(
    ("told", "kind"),
    [("Article", "JOUR"), ("Review", "JOUR"), ("article", "JOUR"), ("Conference Paper", "CPAPER"),
     ("Book Chapter", "CHAP"), ("Erratum", "GEN"), (pd.NA, "GEN"), ("JOUR\nTI  - b", "GEN")],
)  # fmt: skip
def test_the_type_is_the_documents_where_it_is_known(told, kind):
    (read,) = rispy.loads(lookup.as_ris(papers(document_type=told)))
    assert read["type_of_reference"] == kind and read["title"] == "A study of nothing"


def test_no_papers_make_an_empty_file():
    assert lookup.as_ris(papers().head(0)).strip() == ""


def test_citation_has_the_required_fields():
    edition = empty_edition()
    read = read_yaml(exchange.citation(edition))
    assert read["cff-version"] == "1.2.0" and read["type"] == "dataset"
    assert read["version"] == "2026-11-23" and read["authors"] == [{"name": "bibliometrics"}]
    assert read["title"].startswith("SIMULATED") and edition.title_zh in read["title"]
    assert edition.as_of in read["abstract"]
    assert "SIMULATED" not in exchange.citation(replace(edition, is_simulated=False))


def test_citation_of_hostile_titles_is_yaml():
    read = read_yaml(exchange.citation(hostile_edition()))
    assert HOSTILE[0] in read["title"] and set(read) >= {"title", "message", "authors"}
