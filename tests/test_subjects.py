"""Subject areas: each source's own classification, carried to the corpus under its name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from bibliometrics.attribution.place import country_code
from bibliometrics.sources.recognise import recognise
from bibliometrics.sources.record import Record
from bibliometrics.sources.scopus_json import read_entries
from bibliometrics.study.model import Study
from conftest import shared, with_options
from source_samples import SCOPUS_RIS, WOS_BIB, work, wos_tab, write
from test_merging import made, record

WC, SC = "Web of Science category", "Web of Science research area"


def only(path: Path) -> Record:
    (found,) = recognise(path, country_code).rows()
    assert isinstance(found, Record)
    return found


def test_web_of_science_files_a_paper_under_categories_and_research_areas(tmp_path: Path) -> None:
    tab = wos_tab().replace("\tPY\t", "\tPY\tWC\tSC\t")
    tab = tab.replace(
        "\t2019\t", "\t2019\tRobotics; Computer Science, Theory & Methods\tRobotics\t"
    )
    found = only(write(tmp_path, tab)).subjects
    assert found == ((WC, "Robotics"), (WC, "Computer Science, Theory & Methods"), (SC, "Robotics"))
    bib = WOS_BIB.replace(
        "DOI = {", "Research-Areas = {Business \\& Economics; Robotics},\nDOI = {"
    )
    assert only(write(tmp_path, bib, "b.bib")).subjects == (
        (SC, "Business & Economics"),
        (SC, "Robotics"),
    )


def test_openalex_gives_the_field_of_the_primary_topic_so_that_the_split_is_exclusive(
    tmp_path: Path,
) -> None:
    topic = {"display_name": "Grasping", "field": {"display_name": "Engineering"}}
    body = orjson.dumps(work(primary_topic=topic))
    assert only(write(tmp_path, body)).subjects == (("OpenAlex field", "Engineering"),)
    assert only(write(tmp_path, orjson.dumps(work(primary_topic=None)), "n.dat")).subjects == ()


def test_a_source_without_subject_areas_has_none_which_is_not_an_empty_list(tmp_path: Path) -> None:
    assert only(write(tmp_path, SCOPUS_RIS)).subjects is None
    entry = {"eid": "2-s2.0-1", "dc:title": "T", "prism:coverDate": "2019-01-01"}
    (plain,) = read_entries([entry], "f", country_code)
    assert isinstance(plain, Record)
    assert plain.subjects is None
    areas = {"subject-area": [{"@abbrev": "COMP", "@code": "1702", "$": "Artificial Intelligence"}]}
    (joined,) = read_entries([entry | areas], "f", country_code)
    assert isinstance(joined, Record)
    assert joined.subjects == (("ASJC", "Artificial Intelligence"),)


def test_papers_of_the_corpus_carry_the_areas_of_every_database_that_holds_them(
    flagship: Study,
) -> None:
    study = with_options(flagship, source={"databases": "merged"})
    ours = replace(record(1), subjects=(("ASJC", "Artificial Intelligence"),))
    theirs = replace(record(1, "OpenAlex"), subjects=(("OpenAlex field", "Engineering"),), filled=1)
    table = made(study, ours, theirs, record(2)).corpus.subjects
    assert table.to_numpy().tolist() == [
        ["2-s2.0-1", "ASJC", "Artificial Intelligence"],
        ["2-s2.0-1", "OpenAlex field", "Engineering"],
    ]


@pytest.mark.parametrize(
    ("path", "schemes"),
    [
        ("data/wos/genai_authorship.txt.gz", {WC, SC}),
        ("data/wos/genai_authorship.bib.gz", {WC, SC}),
    ],
)
def test_real_exports_carry_their_areas(path: str, schemes: set[str]) -> None:
    rows = [row for row in recognise(shared(path), country_code).rows() if isinstance(row, Record)]
    assert {scheme for row in rows for scheme, _ in row.subjects or ()} == schemes
    filed = sum(bool(row.subjects) for row in rows)
    assert filed > 0.9 * len(rows)
