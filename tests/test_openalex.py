"""OpenAlex as JSON, as a snapshot's folder, as CSV: records, filters, what is passed over."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics.corpus.keywords import KeywordRule
from bibliometrics.errors import InputError
from bibliometrics.sources import terms
from bibliometrics.sources.openalex_csv import open_openalex_csv
from bibliometrics.sources.openalex_filter import open_filtered, study_filter, study_glance
from bibliometrics.sources.openalex_json import (
    Tally,
    abstract_of,
    open_snapshot,
    open_works,
    read_snapshot,
    work_record,
    works_of_page,
)
from bibliometrics.sources.reading import Row, open_text
from bibliometrics.sources.record import AffiliationFacts, Quarantined, Record
from bibliometrics.study.model import Study
from conftest import shared, with_options
from source_samples import OPENALEX_CSV, work, write

SCHOOL = "School of Software, Tsinghua University, Beijing, China"


def record_of(**changes: Any) -> Record:
    record = work_record(work(**changes), "x", 1)
    assert isinstance(record, Record)
    return record


def author(**changes: Any) -> dict[str, Any]:
    return work()["authorships"][0] | changes


def test_a_work() -> None:
    record = record_of()
    assert (record.database, record.doi, record.year) == ("OpenAlex", "10.5555/robots.1", 2019)
    assert (record.document_type, record.source_type) == ("Article", "Journal")
    assert (record.language, record.abstract) == ("English", "We study robots study more.")
    assert record.author_affiliations == ((SCHOOL,), ())
    assert record.facts == {SCHOOL: AffiliationFacts(ror="03cve4549", country="CN")}
    assert record.author_ids == ("A1", "A2")
    assert record.author_keywords is record.index_keywords is record.publication_stage is None
    assert (record.is_cut, record.is_retracted, record.is_simulated) == (False, False, False)


@given(st.lists(st.text("abcde中文.,-", min_size=1, max_size=6), max_size=60))
def test_an_inverted_abstract_is_put_together_again(words: list[str]) -> None:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        index.setdefault(word, []).append(place)
    assert abstract_of({"abstract_inverted_index": index}) == " ".join(words)


def test_a_string_of_several_institutions_has_their_ids_and_their_country_if_it_is_one() -> None:
    def institution(number: int, country: str) -> dict[str, Any]:
        return {"id": f"I{number}", "ror": f"https://ror.org/{number}", "country_code": country}

    def facts(*codes: str) -> AffiliationFacts:
        known = [institution(number, code) for number, code in enumerate(codes)]
        pair = {"raw_affiliation_string": SCHOOL, "institution_ids": [each["id"] for each in known]}
        return record_of(authorships=[author(institutions=known, affiliations=[pair])]).facts[
            SCHOOL
        ]

    assert facts("CN", "CN") == AffiliationFacts(ror="0|1", country="CN")
    assert facts("CN", "FR") == AffiliationFacts(ror="0|1", country="")


def test_an_institution_without_a_string_stands_for_itself() -> None:
    record = record_of(authorships=[author(raw_affiliation_strings=[], affiliations=[])])
    assert record.author_affiliations == (("Tsinghua University, China",),)
    assert record.facts["Tsinghua University, China"].ror == "03cve4549"


@pytest.mark.parametrize(
    ("changes", "authors", "is_cut", "announced", "finding"),
    [
        ({"is_authors_truncated": True}, 100, True, 100, terms.CUT_UNTOLD),
        ({}, 100, True, 100, terms.CUT_UNTOLD),
        ({"authors_count": 249}, 100, True, 249, None),
        ({"is_authors_truncated": False}, 100, False, 100, None),
        ({}, 109, False, 109, None),
        ({}, 99, False, 99, None),
    ],
)
def test_lists_cut_at_a_hundred(
    changes: dict[str, Any], authors: int, is_cut: bool, announced: int, finding: str | None
) -> None:
    record = record_of(authorships=[author() for _ in range(authors)], **changes)
    assert (record.is_cut, record.authors_announced) == (is_cut, announced)
    assert record.findings == ((finding,) if finding else ())


def test_nulls_and_absent_fields() -> None:
    bare = {"id": "https://openalex.org/W1", "publication_year": 2020}
    record = work_record(bare, "x", 1)
    assert isinstance(record, Record)
    assert record.affiliations is record.author_affiliations is record.abstract is None
    nulls = record_of(
        title=None, doi=None, language=None, primary_location=None, authorships=None, type=None,
        abstract_inverted_index=None, is_retracted=None,
    )  # fmt: skip
    assert (nulls.title, nulls.doi, nulls.abstract, nulls.affiliations) == ("", "", "", ())
    assert nulls.is_retracted is None


@pytest.mark.parametrize(
    ("kind", "source", "expected"),
    [
        ("article", "journal", ("Article", "Journal")),
        ("article", "conference", ("Conference Paper", "Conference Proceeding")),
        ("review", "journal", ("Review", "Journal")),
        ("preprint", "repository", ("Preprint", "repository")),
        ("retraction", "journal", ("Erratum", "Journal")),
    ],
)
def test_types_in_the_words_a_study_uses(kind: str, source: str, expected: tuple[str, str]) -> None:
    location = {"source": {"display_name": "X", "type": source}}
    record = record_of(type=kind, primary_location=location)
    assert (record.document_type, record.source_type) == expected


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(sorted(work())), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_whatever_stands_in_a_work_it_is_a_record_or_a_reason(value: object) -> None:
    for field in sorted(work()):
        assert isinstance(work_record(work() | {field: value}, "x", 1), Record | str)


def lines(*works: object) -> bytes:
    return b"".join(
        (each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n" for each in works
    )


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"meta": {}, "results": [work(1), work(2), "no work"]}),
        json.dumps([work(1), work(2), {"id": "https://openalex.org/W3"}], indent=1),
        lines(work(1), work(2), b'{"id": torn'),
        lines({"results": [work(1)]}, [work(2)], {"results": [7]}),
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.gz"])
def test_pages_lists_and_lines(tmp_path: Path, text: str | bytes, name: str) -> None:
    opened = open_works(open_text(write(tmp_path, text, name)))
    assert opened is not None
    first, second, third = opened.rows()
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert isinstance(third, Quarantined)
    assert (first.row, second.row, third.row) == (1, 2, 3)
    assert (first.doi, second.doi) == ("10.5555/robots.1", "10.5555/robots.2")
    assert third.raw


def test_a_page_as_received() -> None:
    body = json.dumps({"meta": {"count": 1}, "results": [work()]}).encode()
    (row,) = works_of_page(body, "page 1")
    assert isinstance(row, Record)
    assert row.file == "page 1"
    for broken in (b"<html>", b"[]", b'{"meta": {}}'):
        with pytest.raises(InputError):
            list(works_of_page(broken, "page 1"))


def snapshot(folder: Path, **parts: bytes) -> Path:
    for day, content in parts.items():
        name = f"works/updated_date=2025-01-{day[1:]}/part_000.gz"
        write(folder, content, name)
    write(folder, b"merged", "merged_ids/works/2025.csv.gz")
    write(folder, b"{}", "works/manifest")
    return folder


def locations(rows: list[Row]) -> list[tuple[str, int]]:
    return [(row.file.split("=")[1][:10], row.row) for row in rows]


def test_a_snapshot_is_read_newest_first(tmp_path: Path) -> None:
    folder = snapshot(
        tmp_path / "snapshot",
        d02=lines(work(1), work(2)),
        d10=lines(work(3), b"", b'{"torn', work(4, publication_year=None)),
    )
    opened = open_snapshot(folder)
    rows = list(opened.rows())
    assert opened.name == "snapshot"
    assert locations(rows) == [
        ("2025-01-10", 1), ("2025-01-10", 3), ("2025-01-10", 4),
        ("2025-01-02", 1), ("2025-01-02", 2),
    ]  # fmt: skip
    assert [isinstance(row, Record) for row in rows] == [True, False, False, True, True]
    assert open_snapshot(folder).sha256 == opened.sha256
    write(folder, lines(work(9)), "works/updated_date=2025-01-02/part_000.gz")
    assert open_snapshot(folder).sha256 != opened.sha256


def test_a_damaged_partition_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    folder = snapshot(tmp_path, d02=lines(work(1)), d10=lines(*map(work, range(400))))
    damaged = folder / "works/updated_date=2025-01-10/part_000.gz"
    damaged.write_bytes(damaged.read_bytes()[:-200])
    tally = Tally()
    rows = list(read_snapshot(folder, tally=tally))
    (told,) = [row for row in rows if isinstance(row, Quarantined) and "damaged" in row.reason]
    assert isinstance(rows[-1], Record)
    assert rows[-1].file.startswith("works/updated_date=2025-01-02")
    assert told.row > 1
    assert tally.read == len(rows)


def test_a_folder_without_works_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="without the gzip files of an OpenAlex snapshot"):
        open_snapshot(tmp_path)


def keyword(study: Study, title: str, abstract: str = "") -> bool:
    return bool(KeywordRule(study.query).hits({"title": title, "abstract": abstract}).found)


def test_what_a_study_cannot_want_is_passed_over(tmp_path: Path, flagship: Study) -> None:
    foreign = author(institutions=[{"id": "I1", "country_code": "FR"}], countries=["FR"])
    unknown = author(institutions=[], countries=[])
    wanted = [work(1), work(2, authorships=[foreign, author()]), work(3, authorships=[unknown])]
    others = [
        work(4, publication_year=2020),
        work(5, type="review"),
        work(6, primary_location={"source": {"type": "conference"}}),
        work(7, primary_location=None),
        work(8, authorships=[foreign]),
        work(9, authorships=[]),
        work(10, title="Nothing", abstract_inverted_index={"here": [0]}),
        work(11, title="Nothing", abstract_inverted_index=None, keywords=["robots elsewhere"]),
    ]
    folder = snapshot(tmp_path, d01=lines(*wanted, *others))
    keep = study_filter(flagship, lambda title, text: keyword(flagship, title, text))
    tally = Tally()
    rows = list(read_snapshot(folder, keep, tally, study_glance(flagship)))
    assert [row.row for row in rows] == [1, 2, 3]
    assert (tally.read, tally.passed_over) == (11, 8)
    opened = open_filtered(
        folder, flagship, tally, lambda title, text: keyword(flagship, title, text)
    )
    assert [list(opened.rows()), list(opened.rows())] == [rows, rows]
    assert (tally.read, tally.passed_over, opened.sha256) == (11, 8, open_snapshot(folder).sha256)


@given(
    title=st.lists(
        st.sampled_from(
            ["Robots", "robot's", "ROBOT", "robotic", "machine", "Learning", "machine-learning",
             "speech", "recognition", "Recognition’s", "pattern", "artificial", "intelligences",
             "Technologies", "technology", "of", "ab", "—"]
        ),
        max_size=5,
    ).map(" ".join),
    phrase=st.sampled_from(["phrase", "words_and", "or_before_and"]),
    forms=st.sampled_from(["plural_and_possessive", "exact", "prefix"]),
)  # fmt: skip
def test_a_glance_lets_pass_whatever_the_rule_finds(title: str, phrase: str, forms: str) -> None:
    options = {
        "phrase": phrase, "word_forms": forms,
        "keywords": ["robot", "machine learning", "speech recognition", "technology", "ab"],
    }  # fmt: skip
    study = with_options(STUDY, query=options)
    line = json.dumps(work(title=title, abstract_inverted_index=None)).encode()
    line = line.replace(b"Learning robots", b"")
    if keyword(study, title):
        assert study_glance(study)(line)


def _study() -> Study:
    from bibliometrics.study.file import load_study
    from conftest import ROOT

    return load_study(ROOT / "queries" / "cingai-2020.toml")


STUDY = _study()


def test_the_web_export(tmp_path: Path) -> None:
    opened = open_openalex_csv(open_text(write(tmp_path, OPENALEX_CSV)))
    assert opened is not None
    (record,) = opened.rows()
    assert isinstance(record, Record)
    string = "Tsinghua University, Beijing, China"
    assert record.affiliations == (string,)
    assert (record.author_affiliations, record.tie) == (None, "paper")
    assert record.facts == {string: AffiliationFacts(ror="03cve4549", country="CN")}
    assert (record.authors_announced, record.author_ids) == (2, ("A1", "A2"))
    assert (record.document_type, record.source_type) == ("Article", "Journal")
    assert (record.is_retracted, record.abstract) == (False, "We study robots")


def test_the_real_web_export() -> None:
    opened = open_openalex_csv(open_text(shared("data/openalex/biblium_openalex_export.csv.gz")))
    assert opened is not None
    rows = list(opened.rows())
    records = [row for row in rows if isinstance(row, Record)]
    assert (len(rows), len(records)) == (613, 613)
    assert (min(r.year for r in records), max(r.year for r in records)) == (1926, 2024)
    assert sum(record.document_type == "Article" for record in records) == 550
    assert all(record.tie in {"paper", "none"} for record in records)
    assert sum(len(record.facts) for record in records) > 500


def test_a_work_of_another_shape_is_set_aside_by_the_filter_too(
    tmp_path: Path, flagship: Study
) -> None:
    folder = snapshot(tmp_path, d01=lines(work(1), work(2, authorships="nobody"), work(3)))
    rows = list(read_snapshot(folder, study_filter(flagship)))
    assert [type(row).__name__ for row in rows] == ["Record", "Quarantined", "Record"]
    assert isinstance(rows[1], Quarantined)
    assert rows[1].reason.startswith("not as OpenAlex writes a work")


def test_the_simulated_snapshot_of_the_benchmark_is_marked(tmp_path: Path) -> None:
    import importlib.util

    path = Path(__file__).parents[1] / "benchmarks" / "openalex_snapshot.py"
    spec = importlib.util.spec_from_file_location("openalex_snapshot", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    size = made.write_snapshot(tmp_path, 120)
    rows = list(read_snapshot(tmp_path))
    assert len(rows) == 120
    assert all(isinstance(row, Record) and row.is_simulated for row in rows)
    assert len({row.doi for row in rows if isinstance(row, Record)}) == 120
    unpacked = sum(len(gzip.decompress(p.read_bytes())) for p in tmp_path.rglob("*.gz"))
    assert size == unpacked
