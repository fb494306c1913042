"""Corresponding authors: only where a source says who they are, never guessed."""

from __future__ import annotations

import csv

import pytest

from bibliometrics.attribution.place import country_code
from bibliometrics.pipeline import Plan, make_edition, open_inputs
from bibliometrics.sources.openalex_json import work_record
from bibliometrics.sources.scopus_correspondence import corresponding
from bibliometrics.sources.scopus_csv import open_export, read_export
from bibliometrics.study.model import Study
from conftest import HEADER, WriteExport, export_row, shared, with_options

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


def test_a_study_can_rank_by_corresponding_authors(
    write_export: WriteExport, flagship: Study
) -> None:
    fudan = "School of Computer Science, Fudan University, Shanghai, 200433, China"
    tsinghua = "School of Software, Tsinghua University, Beijing, 100084, China"
    both = {
        "Authors": "Li W.; Wu Q.",
        "Author(s) ID": "101; 102",
        "Affiliations": f"{tsinghua}; {fudan}",
        "Authors with affiliations": f"Li W., {tsinghua}; Wu Q., {fudan}",
    }
    said = ["Q. Wu; Fudan University, China", "W. Li; Tsinghua University; Q. Wu; Fudan", ""]
    rows = [
        export_row(number, **both) | {"Correspondence Address": text}
        for number, text in enumerate(said, 1)
    ]
    path = write_export(rows, header=[*HEADER, "Correspondence Address"])
    study = with_options(
        flagship, counting={"rule": "corresponding_affiliation"}, thresholds={"rank_floor": 1}
    )
    edition = make_edition(Plan(study, "e", open_inputs([path]))).edition
    ranking = edition.tables["ranking"].set_index("institution_id")
    assert ranking["papers_corresponding_author"].to_dict() == {
        "fudan-university": 2, "tsinghua-university": 1,
    }  # fmt: skip
    assert ranking["rank"].to_dict() == {"fudan-university": 1, "tsinghua-university": 2}
    assert set(ranking["papers"]) == {3}
    findings = edition.tables["findings"].set_index("finding")
    assert findings.loc["corresponding author not available", "count"] == 1
    told = edition.tables["counting_rules"].set_index("counting")
    assert told.loc["corresponding_author", "available"] == "in part"


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
