"""Records of several databases: one counted, or all merged, and compared where they overlap."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bibliometrics.errors import InputError
from bibliometrics.pipeline import Made, Plan, make_edition
from bibliometrics.sources.reading import Opened
from bibliometrics.sources.record import AffiliationFacts, Database, Record
from bibliometrics.study.model import Study
from conftest import with_options

TSINGHUA = "School of Software, Tsinghua University, Beijing, China"
PEKING = "Peking University, Beijing, China"


def record(number: int, database: Database = "Scopus", address: str = TSINGHUA) -> Record:
    return Record(
        file="f", row=number, database=database, is_simulated=False,
        eid=f"2-s2.0-{number}" if database == "Scopus" else "", doi=f"10.5555/test.{number}",
        title=f"Robots of kind {number}", year=2019, source_title="J", document_type="Article",
        source_type="Journal", publication_stage=None, language="", abstract="",
        author_keywords="", index_keywords="", authors_announced=1, author_ids=("1",),
        author_affiliations=((address,),), affiliations=(address,), filled=9,
    )  # fmt: skip


def made(study: Study, *records: Record) -> Made:
    rows = Opened("f", "0" * 64, "hand-made", lambda: iter([replace(r) for r in records]))
    return make_edition(Plan(study, "e", (rows,)))


def test_one_database_is_counted_and_the_other_only_compared(flagship: Study) -> None:
    result = made(
        flagship,
        record(1), record(2),
        record(1, "OpenAlex"), record(2, "OpenAlex", PEKING), record(3, "OpenAlex"),
    )  # fmt: skip
    flow = {step.step: (step.papers_in, step.papers_out) for step in result.corpus.flow}
    assert flow["database"] == (5, 2)
    assert result.edition.papers == 2
    agreement = result.edition.tables["agreement"]
    assert agreement[["doi", "agrees", "institution_ids_other"]].to_numpy().tolist() == [
        ["10.5555/test.2", "no", "peking-university"],
        ["10.5555/test.1", "yes", "tsinghua-university"],
    ]


def test_merged_databases_are_one_corpus_and_say_so(flagship: Study) -> None:
    study = with_options(flagship, source={"databases": "merged"})
    with_language = replace(record(1, "OpenAlex"), language="English", filled=5)
    result = made(study, record(1), with_language, record(3, "OpenAlex"))
    flow = {step.step: (step.papers_in, step.papers_out) for step in result.corpus.flow}
    assert (flow["duplicates"], flow["merge"]) == ((3, 3), (3, 2))
    merged = result.corpus.papers.set_index("paper_id").loc["2-s2.0-1"]
    assert (merged["language"], merged["database"]) == ("English", "Scopus")
    assert merged["merged"] == "Scopus; also in OpenAlex; language: OpenAlex"
    assert "mixed databases" in set(result.edition.tables["findings"]["finding"])
    assert result.edition.tables["ranking"]["source"].unique().tolist() == ["OpenAlex + Scopus"]


def test_several_databases_without_the_studys_own_are_refused(flagship: Study) -> None:
    with pytest.raises(InputError, match="none of the study's own"):
        made(flagship, record(1, "OpenAlex"), record(2, "Web of Science"))


def test_one_other_database_alone_is_counted(flagship: Study) -> None:
    result = made(flagship, record(1, "Web of Science"))
    assert result.edition.tables["ranking"]["source"].tolist() == ["Web of Science"]


def test_retracted_papers_are_counted_or_dropped(flagship: Study) -> None:
    rows = [record(1), replace(record(2), is_retracted=True)]
    kept = made(flagship, *rows).edition
    assert kept.papers == 2
    told = kept.tables["retractions"][["institution_id", "year", "papers"]].to_numpy().tolist()
    assert told == [["tsinghua-university", 2019, 1]]
    dropped = made(with_options(flagship, query={"retracted": "drop"}), *rows).edition
    assert dropped.papers == 1


def test_a_cut_author_list_gives_its_rest_to_nobody_and_makes_no_pairs(flagship: Study) -> None:
    cut = replace(
        record(1), authors_announced=4, is_cut=True,
        author_affiliations=((TSINGHUA,), (PEKING,)), affiliations=(TSINGHUA, PEKING),
        author_ids=("1", "2"),
    )  # fmt: skip
    tables = made(flagship, cut).edition.tables
    assert tables["ranking"]["papers_fractional_author"].tolist() == [0.25, 0.25]
    assert tables["collaborations"].empty
    assert "author list cut" in set(tables["findings"]["finding"])


def test_totals_typed_by_hand_are_compared_with_a_place_for_the_reason(flagship: Study) -> None:
    source = {"totals": {"unsliced": 4, "2019": 2}, "reasons": {"unsliced": "two were withdrawn"}}
    findings = made(with_options(flagship, source=source), record(1), record(2)).edition.tables[
        "findings"
    ]
    told = findings.set_index("finding")["says_en"]
    assert told["total: unsliced"].endswith("the corpus has 2 (two were withdrawn)")
    assert "total: 2019" not in told.index


def test_a_ror_id_names_the_institution_where_the_string_does_not(flagship: Study) -> None:
    bare = "School of Software, Beijing, China"
    told = replace(record(1, address=bare), facts={bare: AffiliationFacts(ror="03cve4549")})
    attribution = made(flagship, told).edition.tables["attribution"].iloc[0]
    assert (attribution["counted_ids"], attribution["rule"]) == ("tsinghua-university", "ror-id")


def test_a_record_that_tells_affiliations_wins_over_a_fuller_one_that_does_not(
    flagship: Study,
) -> None:
    study = with_options(flagship, source={"databases": "merged"})
    bare = replace(record(1), author_affiliations=None, affiliations=None, author_ids=(), filled=30)
    result = made(study, bare, record(1, "OpenAlex"))
    assert result.edition.tables["ranking"]["papers"].tolist() == [1]


def test_a_retraction_that_one_record_tells_is_true_of_the_paper(flagship: Study) -> None:
    rows = [record(1), replace(record(1), row=2, filled=3, is_retracted=True)]
    assert made(with_options(flagship, query={"retracted": "drop"}), *rows).edition.papers == 0


def test_the_databases_own_id_makes_two_records_one_paper(flagship: Study) -> None:
    own = replace(record(1, "OpenAlex"), doi="", source_id="W1", title="AI robot")
    result = made(flagship, own, replace(own, row=2))
    assert result.corpus.papers["paper_id"].tolist() == ["W1"]


def test_a_record_without_affiliations_disagrees_with_nobody(flagship: Study) -> None:
    bare = replace(record(1, "Lens"), author_affiliations=None, affiliations=None)
    assert made(flagship, record(1), bare).edition.tables["agreement"].empty
