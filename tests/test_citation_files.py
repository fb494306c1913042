"""RIS of a list of papers and CITATION.cff, each read back by an independent reader."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
import rispy

from bibliometrics import exchange, lookup
from pages_fixture import HOSTILE, empty_edition, hostile_edition

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")


def papers(**changes: object) -> pd.DataFrame:
    row = {
        "paper_id": "2-s2.0-1", "year": 2019, "title": "A study of nothing",
        "source_title": "Journal of Invented Results", "doi": "10.5555/1",
        "affiliations": "Nowhere", "rules": "name", "source": "Scopus",
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


def test_no_papers_make_an_empty_file():
    assert lookup.as_ris(papers().head(0)).strip() == ""


def test_citation_has_the_required_fields():
    edition = empty_edition()
    read = yaml.safe_load(exchange.citation(edition))
    assert read["cff-version"] == "1.2.0" and read["type"] == "dataset"
    assert read["version"] == "2026-11-23" and read["authors"] == [{"name": "bibliometrics"}]
    assert read["title"].startswith("SIMULATED") and edition.title_zh in read["title"]
    assert edition.as_of in read["abstract"]
    assert "SIMULATED" not in exchange.citation(replace(edition, is_simulated=False))


def test_citation_of_hostile_titles_is_yaml():
    read = yaml.safe_load(exchange.citation(hostile_edition()))
    assert HOSTILE[0] in read["title"] and set(read) >= {"title", "message", "authors"}
