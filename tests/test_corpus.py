"""From rows to the corpus: duplicates, the study's filter, and every row accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibliometrics.attribution.place import country_code, country_of
from bibliometrics.corpus.assembling import Corpus, build_corpus
from bibliometrics.errors import InputError
from bibliometrics.sources.scopus_csv import open_export, read_export
from bibliometrics.study.model import Study
from conftest import HEADER, WriteExport, export_row, shared, with_options


def corpus_of(study: Study, *paths: Path) -> Corpus:
    rows = (row for path in paths for row in read_export(open_export(path), country_code))
    return build_corpus(rows, study, country_of)


def steps(corpus: Corpus) -> dict[str, tuple[int, int]]:
    return {step.step: (step.papers_in, step.papers_out) for step in corpus.flow}


def test_rows_in_equal_rows_kept_and_all_that_was_set_aside(
    write_export: WriteExport, flagship: Study
) -> None:
    path = write_export(
        [
            export_row(1),
            export_row(1),
            export_row(2, **{"Document Type": "Review"}),
            export_row(3, Year="2020"),
            export_row(4, Title="On cats"),
            export_row(5, Affiliations="", **{"Authors with affiliations": "Li W."}),
            export_row(6, Affiliations="University A, Paris, France",
                       **{"Authors with affiliations": "Li W., University A, Paris, France"}),
            export_row(7, Year=""),
        ]
    )  # fmt: skip
    corpus = corpus_of(flagship, path)
    assert steps(corpus) == {
        "rows read": (8, 8),
        "quarantine": (8, 7),
        "duplicates": (7, 6),
        "document type": (6, 5),
        "source type": (5, 5),
        "publication date": (5, 4),
        "keywords": (4, 3),
        "affiliation": (3, 2),
        "country": (2, 1),
        "corpus": (1, 1),
    }
    assert corpus.papers["paper_id"].tolist() == ["2-s2.0-1"]
    assert dict(zip(corpus.excluded["paper_id"], corpus.excluded["step"])) == {
        "2-s2.0-2": "document type", "2-s2.0-3": "publication date", "2-s2.0-4": "keywords",
        "2-s2.0-5": "affiliation", "2-s2.0-6": "country",
    }  # fmt: skip


def test_a_field_the_export_lacks_is_not_testable_and_the_row_is_kept(
    write_export: WriteExport, flagship: Study
) -> None:
    header = [name for name in HEADER if name not in {"Document Type", "Index Keywords"}]
    path = write_export([export_row(1), export_row(2, Title="On cats")], header=header)
    corpus = corpus_of(flagship, path)
    by_name = {step.step: step for step in corpus.flow}
    assert len(corpus.papers) == 2
    assert by_name["document type"].status == "not testable"
    assert (by_name["keywords"].status, by_name["keywords"].not_testable) == ("partly testable", 1)
    warned = {finding.name for finding in corpus.findings if finding.is_warning}
    assert {"not testable: document type", "not testable: keywords"} <= warned


def test_mainland_leaves_out_hong_kong_and_taiwan_though_they_end_in_china(
    write_export: WriteExport, flagship: Study
) -> None:
    places = ["Hong Kong SAR, China", "Taiwan, China", "Macao", "Hong Kong"]
    rows = [
        export_row(n, Affiliations=f"University X, {place}",
                   **{"Authors with affiliations": f"Li W., University X, {place}"})
        for n, place in enumerate(places, 1)
    ]  # fmt: skip
    path = write_export(rows)
    assert len(corpus_of(flagship, path).papers) == 0
    wide = with_options(flagship, geography={"scope": "with_taiwan"})
    assert len(corpus_of(wide, path).papers) == 4


def test_duplicates_by_eid_doi_and_title_with_the_fuller_record_kept(
    write_export: WriteExport, flagship: Study
) -> None:
    title = "Machine learning for the same paper"
    path = write_export(
        [
            export_row(1, Abstract=""),
            export_row(1),
            export_row(2, DOI="10.5555/test.1"),
            export_row(3, Title=title, DOI=""),
            export_row(4, Title=title.upper() + "!", DOI=""),
        ]
    )
    corpus = corpus_of(flagship, path)
    assert corpus.papers["paper_id"].tolist() == ["2-s2.0-1", "2-s2.0-3"]
    told = corpus.duplicates[["location", "kept_location", "matched_by", "reason"]]
    assert told.to_numpy().tolist() == [
        ["export.csv row 1", "export.csv row 2", "eid", "more fields filled (16 against 15)"],
        ["export.csv row 3", "export.csv row 2", "doi", "read first"],
        ["export.csv row 5", "export.csv row 4", "title", "read first"],
    ]


def test_same_title_under_two_dois_stays_two_papers(
    write_export: WriteExport, flagship: Study
) -> None:
    title = "Machine learning for editorials"
    path = write_export([export_row(1, Title=title), export_row(2, Title=title)])
    assert len(corpus_of(flagship, path).papers) == 2


def test_the_copyright_line_is_left_out_and_told(
    write_export: WriteExport, flagship: Study
) -> None:
    line = "On cats. © 2018 Association for the Advancement of Artificial Intelligence."
    path = write_export([export_row(1, Title="Cats", Abstract=line), export_row(2)])
    corpus = corpus_of(flagship, path)
    assert len(corpus.papers) == 1
    assert next(f.count for f in corpus.findings if f.name == "copyright line") == 1


def test_simulated_and_real_records_are_never_mixed(
    write_export: WriteExport, flagship: Study
) -> None:
    real = write_export([export_row(1)], name="real.csv")
    simulated = write_export([export_row(2, Source="SIMULATED")], name="simulated.csv")
    assert corpus_of(flagship, simulated).is_simulated
    with pytest.raises(InputError, match="simulated and real"):
        corpus_of(flagship, real, simulated)


def test_real_exports_that_share_papers(flagship: Study) -> None:
    paths = [shared(f"data/scopus/bipv_search_{part}_2026.csv") for part in "ac"]
    study = with_options(
        flagship,
        query={
            "keywords": ["photovoltaic"],
            "end_date": "2026-12-31",
            "document_types": ["article"],
        },
        geography={"country_filter": "none"},
    )
    corpus = corpus_of(study, *paths)
    assert steps(corpus)["duplicates"] == (587, 529)
    assert set(corpus.duplicates["matched_by"]) == {"eid"}


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1), (1, 0, 2)])
def test_a_record_without_doi_is_not_joined_where_two_dois_have_its_title(
    write_export: WriteExport, flagship: Study, order: tuple[int, ...]
) -> None:
    title = "Machine learning under one and the same title"
    rows = [
        export_row(1, Title=title, DOI=""),
        export_row(2, Title=title),
        export_row(3, Title=title),
    ]
    path = write_export([rows[place] for place in order])
    assert len(corpus_of(flagship, path).papers) == 3


@pytest.mark.parametrize("field", ["publication_year", "cover_date", "index_date"])
def test_a_year_after_the_end_is_out_whatever_date_decides(
    write_export: WriteExport, flagship: Study, field: str
) -> None:
    path = write_export([export_row(1), export_row(2, Year="2020")])
    study = with_options(flagship, query={"end_date_field": field})
    corpus = corpus_of(study, path)
    assert corpus.papers["paper_id"].tolist() == ["2-s2.0-1"]
    untested = {step.step: step.not_testable for step in corpus.flow}["publication date"]
    assert untested == (0 if field == "publication_year" else 1)


def test_what_is_set_aside_for_want_of_a_value_is_counted(
    write_export: WriteExport, flagship: Study
) -> None:
    nowhere = "School of Software, Tsinghua University, Beijing"
    path = write_export(
        [
            export_row(1, **{"Document Type": ""}),
            export_row(2, **{"Document Type": "Article in Press"}),
            export_row(
                3, Affiliations=nowhere, **{"Authors with affiliations": f"Li W., {nowhere}"}
            ),
        ]
    )
    corpus = corpus_of(flagship, path)
    assert corpus.papers["paper_id"].tolist() == ["2-s2.0-2"]
    found = {finding.name: finding.count for finding in corpus.findings}
    assert found["set aside unknown: document type"] == 1
    assert found["set aside unknown: country"] == 1
