"""Which texts match the study's keywords."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics.corpus.keywords import KeywordRule, without_copyright
from bibliometrics.study.file import load_study
from bibliometrics.study.model import Study
from conftest import ROOT, with_options

FLAGSHIP = load_study(ROOT / "queries" / "cingai-2020.toml")


def found(title: str = "", study: Study = FLAGSHIP, **texts: str | None) -> set[tuple[str, str]]:
    given: dict[str, str | None] = {
        "title": title, "abstract": "", "author_keywords": "", "index_keywords": "",
    }  # fmt: skip
    return set(KeywordRule(study.query).hits(given | texts).found)


@pytest.mark.parametrize(
    "title",
    [
        "A robot", "Robots at work", "The robot's arm", "the ROBOTS’ arms", "robot-assisted care",
        "Machine-learning for all", "MACHINE  LEARNING", "machine learning's limits",
        "Pattern—recognition",
    ],
)  # fmt: skip
def test_forms_that_match(title: str) -> None:
    assert len(found(title)) == 1


@pytest.mark.parametrize(
    "title", ["Robotic surgery", "robotics", "learning machines", "machine, learning", "microrobot"]
)
def test_forms_that_do_not_match(title: str) -> None:
    assert found(title) == set()


def test_a_keyword_is_read_as_texts_are() -> None:
    def of(keyword: str, title: str, **options: str) -> bool:
        return bool(found(title, with_options(FLAGSHIP, query={"keywords": [keyword]} | options)))

    # An apostrophe as a word processor sets it, in the keyword, the text, or both.
    for keyword in ("Parkinson’s disease", "Parkinson's disease"):
        for title in ("Parkinson’s disease", "Parkinson's Disease"):
            assert of(keyword, title)
    # A dash that stands alone is a dash all the same, and no word.
    for phrase in ("phrase", "words_and", "or_before_and"):
        assert of("deep - learning", "Deep learning", phrase=phrase)
        assert of("deep — learning", "deep-learning", phrase=phrase)
        assert not of("deep - learning", "deep", phrase=phrase)
    exact = {"hyphen_and_case": "exact", "phrase": "words_and"}
    assert not of("deep - learning", "deep learning", **exact)


def test_prefix_adds_robotic() -> None:
    prefix = with_options(FLAGSHIP, query={"word_forms": "prefix"})
    assert found("Robotic surgery", prefix) == {("robot", "title")}
    exact = with_options(FLAGSHIP, query={"word_forms": "exact"})
    assert found("Robots", exact) == set()


def test_hits_name_the_field() -> None:
    hits = found("Robots", abstract="speech recognition", index_keywords="Robot; Vision")
    assert hits == {
        ("robot", "title"), ("Speech Recognition", "abstract"), ("robot", "index_keywords"),
    }  # fmt: skip


def test_words_joined_by_and_may_stand_in_two_fields() -> None:
    words = with_options(FLAGSHIP, query={"phrase": "words_and"})
    assert ("Machine learning", "across fields") in found("The machine", words, abstract="learning")
    assert found("The machine", words) == set()


def test_the_unquoted_line_needs_every_group() -> None:
    line = with_options(FLAGSHIP, query={"phrase": "or_before_and"})
    assert found("artificial machine robot recognition", line)
    assert not found("artificial machine robot", line)


def test_a_copyright_line_does_not_match_and_is_told() -> None:
    abstract = "On cats. © 2019, Association for the Advancement of Artificial Intelligence."
    hits = KeywordRule(FLAGSHIP.query).hits(
        {"title": "", "abstract": abstract, "author_keywords": "", "index_keywords": ""}
    )
    assert hits.found == ()
    assert hits.only_in_copyright
    searched = with_options(FLAGSHIP, query={"copyright_line": "search"})
    assert found("", searched, abstract=abstract)


@pytest.mark.parametrize(
    ("abstract", "kept"),
    [
        ("Text. © 2019 Elsevier Ltd. All rights reserved.", "Text."),
        ("© 2019 IEEE. Text follows here.", "Text follows here."),
        ("Text. Copyright © 2011 The Authors.", "Text."),
        ("Text. ? 2021 IEEE.", "Text."),
        ("What is new in 2021? 2021 was good.", "What is new in 2021? 2021 was good."),
        ("Copyright law and robots: a view.", "Copyright law and robots: a view."),
        ("No line at all", "No line at all"),
    ],
)
def test_copyright_lines(abstract: str, kept: str) -> None:
    assert without_copyright(abstract)[0] == kept


@given(st.text())
def test_no_text_is_lost_between_abstract_and_copyright_line(abstract: str) -> None:
    kept, line = without_copyright(abstract)
    assert sorted((kept + line).split()) == sorted(abstract.split())


def test_a_missing_field_is_not_testable_unless_something_matches() -> None:
    rule = KeywordRule(FLAGSHIP.query)
    nothing = {"title": "Cats", "abstract": None, "author_keywords": None, "index_keywords": None}
    assert not rule.hits(nothing).is_testable
    assert rule.hits(nothing | {"title": "Robots"}).is_testable
    assert rule.hits(
        {**nothing, "abstract": "", "author_keywords": "", "index_keywords": ""}
    ).is_testable


@pytest.mark.parametrize(
    "abstract",
    [
        "We compare (a) trees, (b) machines and (c) speech recognition with a robot.",
        "Who owns the copyright held by generative models? We train machine learning models.",
        "It is (C) the third point, and copyright is discussed.",
    ],
)
def test_a_numbered_list_and_talk_of_copyright_are_no_copyright_line(abstract: str) -> None:
    assert without_copyright(abstract) == (abstract, "")
