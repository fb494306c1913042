"""Web of Science plain text and tab-delimited: ties from brackets, nothing lost, cut files told."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics.sources import terms
from bibliometrics.sources.bibtex import open_bibtex
from bibliometrics.sources.reading import Opened, TextFile, open_text
from bibliometrics.sources.record import Quarantined, Record
from bibliometrics.sources.ris import open_ris
from bibliometrics.sources.wos_text import open_plain, open_tab, tie
from conftest import shared
from source_samples import ELSEWHERE, TSINGHUA, WOS, WOS_FILE, wos_tab, write

Open = Callable[[TextFile], Opened | None]


def read(path: Path, how: Open = open_plain) -> tuple[list[Record], list[Quarantined]]:
    opened = how(open_text(path))
    assert opened is not None
    rows = list(opened.rows())
    assert [row.row for row in rows] == list(range(1, len(rows) + 1))
    records = [row for row in rows if isinstance(row, Record)]
    return records, [row for row in rows if isinstance(row, Quarantined)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_record(tmp_path: Path, line_end: str, start: str) -> None:
    (record,), quarantined = read(write(tmp_path, start + WOS_FILE.replace("\n", line_end)))
    assert quarantined == []
    assert record.database == "Web of Science"
    title = "Learning robots: a study of machine learning in places nobody knows"
    assert (record.title, record.year, record.doi) == (title, 2019, "10.5555/robots.1")
    assert record.author_keywords == "robots; machine learning"
    assert record.index_keywords == "SYSTEMS"
    assert (record.document_type, record.source_type) == ("Article", "Journal")
    assert (record.publication_stage, record.language) == ("Final", "English")
    assert record.author_affiliations == ((TSINGHUA, ELSEWHERE), (ELSEWHERE,))
    assert record.affiliations == (TSINGHUA, ELSEWHERE)
    assert (record.authors_announced, record.tie, record.findings) == (2, "author", ())
    assert record.is_retracted is False


def test_both_formats_give_the_same_record(tmp_path: Path) -> None:
    (plain,), _ = read(write(tmp_path, WOS_FILE, "a"))
    (tab,), _ = read(write(tmp_path, wos_tab(), "b"), open_tab)
    plain.file = tab.file = ""
    assert plain == tab


def test_a_title_that_begins_with_a_quotation_mark_swallows_no_row(tmp_path: Path) -> None:
    rows = wos_tab({"TI": '"Robots'}, {"TI": "Second"}, {"TI": '"Third" robot'})
    records, quarantined = read(write(tmp_path, rows), open_tab)
    assert [record.title for record in records] == ['"Robots', "Second", '"Third" robot']
    assert quarantined == []


def test_a_row_of_other_width_is_set_aside(tmp_path: Path) -> None:
    lines = wos_tab({}, {}).splitlines()
    torn = "\r\n".join([*lines[:2], lines[2][:60]])
    records, (quarantined,) = read(write(tmp_path, torn), open_tab)
    assert len(records) == 1
    assert "cells where the header names" in quarantined.reason


def changed(pattern: str, replacement: str) -> str:
    found, count = re.subn(pattern, replacement, WOS_FILE, flags=re.MULTILINE)
    assert count
    return found


def test_addresses_without_names_belong_to_the_paper(tmp_path: Path) -> None:
    (record,), _ = read(write(tmp_path, changed(r"\[.*?\] ", "")))
    assert record.author_affiliations is None
    assert record.affiliations == (TSINGHUA, ELSEWHERE)
    assert record.tie == "paper"


def test_one_address_without_a_name_unties_the_paper_rather_than_be_lost(tmp_path: Path) -> None:
    (record,), _ = read(write(tmp_path, changed(r"^C1 \[Li, Wei\] ", "C1 ")))
    assert (record.tie, record.findings) == ("paper", (terms.NO_TIE,))
    assert record.affiliations == (TSINGHUA, ELSEWHERE)


def test_the_only_author_has_every_address() -> None:
    tied = tie(["Here, France.", "[Roe, Ann] There, France."], ["Roe, Ann"], [])
    assert tied.per_author == (("Here, France", "There, France"),)


def test_names_are_known_by_either_spelling_and_namesakes_are_told() -> None:
    tied = tie(
        ["[Li, W] X, China.", "[Nobody, N; Roe, A] Y."],
        ["Li, Wei", "Roe, Ann"],
        ["Li, W", "Roe, A"],
    )
    assert tied.per_author == (("X, China",), ("Y",))
    assert tied.findings == (terms.NOT_AN_AUTHOR,)
    tied = tie(["[Li, W] X.", "[Li, W] Y."], ["Li, W", "Li, W"], [])
    assert tied.per_author == (("X", "Y"), ("X", "Y"))
    assert tied.findings == (terms.NAMESAKES,)


@pytest.mark.parametrize(
    ("written", "kind", "stage"),
    [
        ("Article; Early Access", "Article", "Article in press"),
        ("Article; Proceedings Paper", "Conference Paper", "Final"),
        ("Article; Retracted Publication", "Retracted", "Final"),
        ("Article; Book Chapter", "Book Chapter", "Final"),
        ("Editorial Material", "Editorial", "Final"),
        ("Book Review", "Book Review", "Final"),
        ("Poetry", "Poetry", "Final"),
    ],
)
def test_types_in_the_words_a_study_uses(
    tmp_path: Path, written: str, kind: str, stage: str
) -> None:
    (record,), _ = read(write(tmp_path, changed("^DT .*$", f"DT {written}")))
    assert (record.document_type, record.publication_stage) == (kind, stage)
    assert record.is_retracted is (kind == "Retracted")


def test_a_field_that_no_record_has_is_lacking_and_not_empty(tmp_path: Path) -> None:
    without = re.sub("^(?:AB|DE|ID|C1) .*\n(?:   .*\n)*", "", WOS_FILE, flags=re.MULTILINE)
    (record,), _ = read(write(tmp_path, without))
    assert record.abstract is record.author_keywords is record.index_keywords is None
    assert record.affiliations is record.author_affiliations is None
    one_has = WOS_FILE.removesuffix("\nEF\n") + without.partition("VR 1.0\n")[2]
    _, second = read(write(tmp_path, one_has))[0]
    assert (second.abstract, second.affiliations, second.tie) == ("", (), "none")


def test_early_access_without_a_year_takes_its_own(tmp_path: Path) -> None:
    (record,), _ = read(write(tmp_path, changed("^PY 2019$", "EA SEP 2023")))
    assert record.year == 2023


def test_what_cannot_be_read_is_set_aside_with_its_text(tmp_path: Path) -> None:
    no_year = WOS.replace("PY 2019\n", "")
    no_end = WOS.replace("ER\n", "")
    undecodable = WOS.encode().replace(b"Nobody", b"Nob\xe9dy")
    parts = [b"FN Clarivate\nVR 1.0\n", *(part.encode() for part in (WOS, no_year, no_end))]
    raw = b"\n".join([*parts, undecodable, WOS.encode(), b"EF\n"])
    records, quarantined = read(write(tmp_path, raw))
    assert [record.row for record in records] == [1, 5]
    reasons = [(row.row, row.reason) for row in quarantined]
    assert reasons == [
        (2, "year is not a year: ''"),
        (3, "no end of record (ER) before the next record begins"),
        (4, "not UTF-8"),
    ]
    assert "Nob\\xe9dy" in quarantined[2].raw


def test_a_cut_file_is_told_and_its_last_record_kept_apart(tmp_path: Path) -> None:
    path = write(tmp_path, WOS_FILE.replace("\nEF\n", WOS[:150]))
    opened = open_plain(open_text(path))
    assert opened is not None
    assert opened.is_cut
    records, (quarantined,) = read(path)
    assert len(records) == 1
    assert quarantined.reason == "the file ends inside a record: it was cut"


@given(cut=st.integers(min_value=WOS_FILE.index("PT J"), max_value=len(WOS_FILE) + len(WOS)))
def test_cut_anywhere_every_record_that_began_is_a_row(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    whole = WOS_FILE.replace("\nEF\n", f"\n{WOS}\nEF\n")
    path = write(tmp_path_factory.mktemp("cut"), whole[:cut])
    records, quarantined = read(path)
    began = sum(found.start() < cut for found in re.finditer("^PT J", whole, re.MULTILINE))
    ended = len(re.findall(r"^ER$", whole[:cut], re.MULTILINE))
    assert len(records) == ended
    assert len(records) + len(quarantined) == began


NAMES = st.text(st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=12)


@given(
    st.lists(NAMES.map(str.capitalize), min_size=2, max_size=6, unique_by=str.casefold),
    st.data(),
)
def test_what_brackets_say_is_what_is_tied(names: list[str], data: st.DataObject) -> None:
    full = [f"{name}, Given{number}" for number, name in enumerate(names)]
    owners = data.draw(
        st.lists(st.sets(st.sampled_from(range(len(full))), min_size=1), min_size=1, max_size=5)
    )
    lines = [
        f"[{'; '.join(full[owner] for owner in sorted(each))}] Univ {number}, China."
        for number, each in enumerate(owners)
    ]
    tied = tie(lines, full, [])
    expected = tuple(
        tuple(f"Univ {number}, China" for number, each in enumerate(owners) if place in each)
        for place in range(len(full))
    )
    assert (tied.per_author, tied.findings) == (expected, ())


@pytest.mark.parametrize(
    ("name", "records", "addressed", "china"),
    [
        ("ai_medical_imaging_part3.txt.gz", 500, 499, 168),
        ("genai_authorship.txt.gz", 469, 441, 73),
        ("biblium_wos_crlf.txt.gz", 500, 485, 101),
        ("bibliometrix_fixture_wos.txt", 8, 8, 2),
    ],
)
def test_real_exports(name: str, records: int, addressed: int, china: int) -> None:
    found, quarantined = read(shared(f"data/wos/{name}"))
    assert (len(found), quarantined) == (records, [])
    assert sum(bool(record.affiliations) for record in found) == addressed
    assert sum(any("China" in a for a in record.affiliations or ()) for record in found) == china
    for record in found:
        tied = {item for items in record.author_affiliations or () for item in items}
        assert not tied or tied == set(record.affiliations or ())


def known(record: Record) -> tuple[str, str, int]:
    return record.doi, re.sub(r"\W", "", record.title).casefold(), record.year


def test_three_formats_of_one_search_give_the_same_papers() -> None:
    """469 papers; every difference is one of those that docs/sources.md explains."""
    text, _ = read(shared("data/wos/genai_authorship.txt.gz"))
    tags, none = read(shared("data/wos/genai_authorship.ris.gz"), open_ris)
    entries, (malformed,) = read(shared("data/wos/genai_authorship.bib.gz"), open_bibtex)
    assert (len(text), len(tags), len(entries), none) == (469, 469, 468, [])
    assert [known(record) for record in text] == [known(record) for record in tags]
    lost = text[malformed.row - 1]
    assert lost.title in " ".join(malformed.raw.split())
    others = [record for record in text if record is not lost]
    assert [known(record) for record in others] == [known(record) for record in entries]
    same = ("language", "abstract", "source_title", "authors_announced")
    split = 0
    for one, two in zip(text, tags):
        assert [getattr(one, field) for field in same] == [getattr(two, field) for field in same]
        assert set(one.affiliations or ()) == set(two.affiliations or ())
        # Both kinds of keywords under one tag: each is then counted as either.
        both = [item for item in (one.author_keywords, one.index_keywords) if item]
        assert two.author_keywords == two.index_keywords
        split += two.author_keywords != "; ".join(both)
        letters = [
            re.sub(r"[;\s]", "", each) for each in ("".join(both), two.author_keywords or "")
        ]
        assert letters[0] == letters[1]
    # An "&amp;" within one paper's keywords, whose semicolon RIS takes for the end of one.
    assert split == 1
    differ: dict[str, int] = {}
    fields = ("document_type", "publication_stage", "author_keywords", "index_keywords", "title")
    for one, two in zip(others, entries):
        for field in (*same, *fields):
            differ[field] = differ.get(field, 0) + (getattr(one, field) != getattr(two, field))
        assert set(one.affiliations or ()) == set(two.affiliations or ())
    # Backticks that BibTeX takes for quotation marks (2), a break within an address (1); a group
    # that the text names apart from the authors (2).
    assert {field: count for field, count in differ.items() if count} == {
        "abstract": 3,
        "authors_announced": 2,
    }
