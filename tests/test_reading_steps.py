"""Short ways of reading give what the long ways give: each is held against the rule it stands for."""

from __future__ import annotations

import html
import re
import unicodedata
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from bibliometrics.attribution.place import country_code
from bibliometrics.corpus import keywords
from bibliometrics.corpus.duplicates import plain_title
from bibliometrics.corpus.keywords import KeywordRule
from bibliometrics.sources import scopus_authors, scopus_correspondence, scopus_csv, scopus_json
from bibliometrics.study.file import load_study
from conftest import ROOT

FLAGSHIP = load_study(ROOT / "queries" / "cingai-2020.toml")
NAMES = ["Li J.", "Li J.,", "Wu X.", "O'Hara-Li K.", ""]
PLACES = ["Lab, A Univ, China", "B Univ, France", "China", "C Inst.", "D Univ, China,"]


@given(st.text(st.sampled_from("ab ;; \t\u00a0é"), max_size=20))
def test_a_list_is_cut_at_its_semicolons(text: str) -> None:
    evened = [" ".join(part.split()) for part in text.split(";")]
    assert scopus_authors.semicolon_list(text) == [item for item in evened if item]
    assert scopus_authors.evened(text) == " ".join(text.split())


@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(PLACES)), max_size=4),
    st.sampled_from([", ", ",", " "]),
    st.lists(st.sampled_from(PLACES), max_size=4, unique=True),
    st.lists(st.sampled_from(NAMES[:-1]), min_size=1, max_size=4),
)
def test_authors_as_listed_are_those_the_long_way_finds(
    written: list[tuple[str, str]], between: str, known: list[str], names: list[str]
) -> None:
    entries = [f"{name}{between}{place}".strip() for name, place in written]
    short = scopus_authors.by_author(entries, names, known, country_code)
    with patch.object(scopus_authors, "_as_listed", return_value=None):
        assert scopus_authors.by_author(entries, names, known, country_code) == short


@given(st.lists(st.sampled_from(["&", "amp;", "amp; ", " ", "a", ";", "lt;", "\n"]), max_size=12))
def test_entities_are_resolved_as_by_looking_three_times(parts: list[str]) -> None:
    text = expected = "".join(parts)
    for _ in range(3):
        if "&" in expected and ";" in expected:
            expected = html.unescape(scopus_csv._BROKEN_ENTITY.sub("&", expected))
    assert scopus_csv._resolved(text) == expected


@given(st.text(st.sampled_from("aB .,’'`\u00a0\tßİ"), max_size=12))
def test_a_name_has_the_parts_between_its_points(name: str) -> None:
    parts = re.split(r"[\s.,’'`]+", name.casefold())
    assert scopus_correspondence._key(name) == tuple(sorted(part for part in parts if part))


@given(st.text(st.characters(max_codepoint=127), max_size=30))
def test_a_title_of_plain_letters_is_the_title_of_any_letters(title: str) -> None:
    folded = unicodedata.normalize("NFKC", title).casefold()
    assert plain_title(title) == re.sub(r"[\W_]+", " ", folded).strip()


FIELDS = st.lists(
    st.sampled_from(["robot", "Robots", "machine", "learning", " ", "  ", "-", "\n", "\t", "\x1c",
                     "x", "é", ". © 2019 robot", "pattern recognition"]), max_size=8,
).map("".join)  # fmt: skip


@given(st.one_of(st.none(), FIELDS), FIELDS, FIELDS, st.sampled_from(["phrase", "words_and"]))
def test_fields_looked_through_together_hold_what_each_holds(
    title: str | None, abstract: str, words: str, phrase: str
) -> None:
    rule = KeywordRule(FLAGSHIP.query.model_copy(update={"phrase": phrase}))
    texts = {"title": title, "abstract": abstract, "author_keywords": words, "index_keywords": ""}
    together = rule.hits(texts)
    with patch.object(keywords, "_is_uneven", return_value=True):
        assert rule.hits(texts) == together


WRITTEN = st.lists(
    st.sampled_from(["a", "B", "y", "ay", "ly", "lies", "ß", "İ", "é", "’s", "'s", "s", "es", "-", "–",
                     " ", "  ", "\u00a0", "\n", "_", "1", "."]), max_size=7,
).map("".join)  # fmt: skip


@given(
    WRITTEN.filter(lambda word: any(map(str.isalnum, word))),
    WRITTEN,
    st.sampled_from(["exact", "plural_and_possessive", "prefix"]),
    st.sampled_from(["ignore_case_and_hyphen", "exact"]),
)
def test_what_a_plain_search_rules_out_no_pattern_finds(
    keyword: str, title: str, word_forms: str, hyphen_and_case: str
) -> None:
    told = {"keywords": (keyword,), "word_forms": word_forms, "hyphen_and_case": hyphen_and_case}
    query = FLAGSHIP.query.model_copy(update=told)
    texts = {"title": title, "abstract": "", "author_keywords": title + keyword}
    short = KeywordRule(query).hits(texts)
    with (
        patch.object(keywords, "_needle", return_value=""),
        patch.object(keywords, "_is_uneven", return_value=True),
    ):
        assert KeywordRule(query).hits(texts) == short


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(0, 2), st.sampled_from(["1", "A", " B "]))
FOUR = st.tuples(SCALARS, SCALARS, SCALARS, SCALARS)


@given(st.lists(FOUR, max_size=6))
def test_an_affiliation_remembered_is_the_one_told(told: list[tuple[object, ...]]) -> None:
    compose = scopus_json.composer(country_code)
    for values in [*told, (1, "A", "", ""), (True, "A", "", "")]:
        assert compose.of_plain(*values) == scopus_json.composer(country_code).of_any(*values)
