"""The report: complete in both languages, self-contained, and deaf to what records say."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
import sys
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from io import StringIO

import pandas as pd
import pytest
from rich.console import Console

from bibliometrics import schema
from bibliometrics.edition import Edition
from bibliometrics.presentation import answer
from bibliometrics.presentation.bilingual import clean, count, percent, say, term, territory
from bibliometrics.presentation.maps import render_map
from bibliometrics.presentation.page import json_block
from bibliometrics.presentation.report import SECTIONS, render_report
from bibliometrics.presentation.sections import flow
from bibliometrics.presentation.terminal import ranking_table
from bibliometrics.presentation.terms import TERMS
from bibliometrics.presentation.words import WORDS, word_files
from pages_fixture import (
    HOSTILE,
    empty_edition,
    empty_tables,
    frame,
    hostile_edition,
    made_up_edition,
    registry,
)
from report_fixture import full_edition

_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_MARKS = "\u061c\u200e\u200f\ufeff"
PAGES = {"report": render_report, "map": render_map}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Page(HTMLParser):
    """What a page is made of: elements with their attributes, and the text of some of them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[tuple[str, dict[str, str | None], str]] = []
        self.shown: list[str] = []
        self._open: tuple[str, dict[str, str | None]] | None = None
        self._parts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in {"script", "style", "title"} and self._open is None:
            self._open, self._parts = (tag, dict(attrs)), []

    def handle_endtag(self, tag):
        if self._open is not None and tag == self._open[0]:
            self.blocks.append((*self._open, "".join(self._parts)))
            self._open = None

    def handle_data(self, data):
        (self._parts if self._open else self.shown).append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.shown).split())

    def block(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attributes, text) for name, attributes, text in self.blocks if name == tag]

    def policy(self) -> str:
        return next(
            str(a["content"])
            for tag, a in self.elements
            if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"
        )


def english(text: str) -> str:
    """What an English reader sees of a page."""
    return Page(re.sub(r'<span class="t" lang="zh-Hans">[^<]*</span>', "", text)).text


@pytest.fixture(scope="module")
def edition() -> Edition:
    return made_up_edition(extra_partners=350)


@pytest.fixture(scope="module")
def report(edition: Edition) -> str:
    return render_report(edition)


def sources() -> str:
    package = resources.files("bibliometrics.presentation")
    files = [
        *package.rglob("*.py"), *package.joinpath("templates").rglob("*.*")
    ]  # fmt: skip
    return "\n".join(item.read_text(encoding="utf-8") for item in files if item.name != "words.py")


# words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(WORDS))
def test_every_sentence_is_there_in_both_languages(key):
    english, chinese = WORDS[key]
    assert english.strip() and chinese.strip()
    fields = re.compile(r"{(\w+)}")
    assert set(fields.findall(english)) == set(fields.findall(chinese))
    assert not CHINESE.search(english)


def test_every_sentence_is_used():
    text = sources()
    built = {f"one_{noun}" for noun in ("paper", "country")}
    built |= {f"many_{noun}" for noun in ("papers", "countries")}
    built |= {f"{table}_caption" for table in ("provinces", "authorities")}
    built |= {f"{section.anchor}_title" for section in SECTIONS}
    built |= {f"stage_{stage}" for stage in flow.STAGES}
    built |= {key for key in WORDS if key.startswith(("absent_", "places_borders_"))}
    unused = [
        key
        for key in WORDS
        if key not in built and f'"{key}"' not in text and f"'{key}'" not in text
        and f"words.{key}" not in text
    ]  # fmt: skip
    assert unused == []


def test_no_key_stands_twice():
    keys = re.findall(r"^\[(\w+)\]$", "\n".join(word_files()), re.MULTILINE)
    assert len(keys) == len(set(keys)) == len(WORDS)


def test_templates_speak_no_english_of_their_own(report):
    """Every word shown comes from ``words``: the templates hold none but both-language labels."""
    folder = resources.files("bibliometrics.presentation").joinpath("templates")
    for item in folder.rglob("*.html"):
        bare = re.sub(r"{[{%].*?[%}]}|<style>.*?</style>|<[^>]*>", " ", item.read_text("utf-8"))
        words = set(re.findall(r"[A-Za-z]{4,}", re.sub(r"[\w/]+\.(csv|json|html)", " ", bare)))
        allowed = {"SIMULATED", "RECORDS", "finding", "English", "Language", "DOCTYPE",
                       "Perianes", "Rodriguez", "Waltman", "Journal", "Informetrics", "JASIST",
                       "https", "authors", "affiliations", "institutions", "tables", "html",
                       "doctype", "asi", "Jaccard", "PageRank"}  # fmt: skip
        assert words <= allowed, item.name


def test_every_code_of_the_registry_has_both_names():
    universities, institutes = registry("universities.csv"), registry("institutes.csv")
    for row in (*universities, *institutes):
        if row["province"]:
            assert row["province"] in TERMS["province"]
    assert {row["authority_class"] for row in universities} <= TERMS["authority"].keys()
    assert {row["kind"] for row in institutes} <= TERMS["kind"].keys()
    assert all(en and zh for family in TERMS.values() for en, zh in family.values())


# numbers and names by locale ---------------------------------------------------------------------


def test_numbers_follow_the_locale():
    assert count(52976).en == "52,976"
    assert percent(0.037).en == "3.70%"
    assert count(pd.NA).en == percent(None).en == "–"


def test_hong_kong_macao_and_taiwan_have_the_words_of_the_study():
    assert territory("TW").en == "Taiwan"
    assert territory("HK").en == "Hong Kong SAR"
    assert (territory("DE").en, territory("DE").zh) == ("Germany", "德国")
    assert territory("ZZZ").en == "ZZZ"


def test_one_paper_is_not_papers():
    assert say("answer_one", first="A", n1=term("step", "x"), s1="1%").en.startswith("Only A")
    lone = made_up_edition(1, 0)
    rows = lone.tables["ranking"].assign(papers=1)
    said = answer.answer(replace(lone, tables={**lone.tables, "ranking": rows}))
    assert said is not None and "1 paper (" in said.en


# the first screen --------------------------------------------------------------------------------


def test_the_answer_is_generated_from_the_ranking(edition):
    said = answer.answer(edition)
    assert said is not None
    assert said.en == (
        "Among 117 universities: Peking University leads with 370 papers (3.70%), ahead of Renmin "
        "University of China with 327 papers (3.27%) and Tsinghua University with 294 papers "
        "(2.94%); ranks 2 and 3 are 33 papers apart."
    )
    assert "北京大学" in said.zh and "33 篇论文" in said.zh


def test_a_shared_lead_is_said(edition):
    rows = edition.tables["ranking"].copy()
    leaders = rows["institution_id"].isin(["peking-university", "tsinghua-university"])
    rows.loc[leaders, ["papers", "rank"]] = [370, 1]
    said = answer.answer(replace(edition, tables={**edition.tables, "ranking": rows}))
    assert said is not None
    assert "Peking University and Tsinghua University share the lead with 370 papers" in said.en


def test_under_the_floor_no_rank_is_claimed():
    said = answer.answer(made_up_edition(floor=1000))
    assert said is not None and said.en.endswith("fewer than 1,000 papers each.")
    assert "Rank stays blank" in Page(render_report(made_up_edition(floor=1000))).text


def test_under_fractional_counting_the_answer_speaks_of_fractional_papers(edition):
    said = answer.answer(replace(edition, counting="fractional"))
    assert said is not None and "229.4 papers" in said.en


def test_doubts_name_what_could_not_be_tested_and_who_was_left_out(edition):
    said = " ".join(doubt.en for doubt in answer.doubts(edition))
    assert '"Source type" could not be tested on 10,404 of 10,404 records' in said
    assert "380 papers (3.8%) name no institution" in said
    assert "31 affiliation strings" in said
    assert "exactly 2000 rows" in said


def test_foreign_never_means_hong_kong_macao_or_taiwan(edition, report):
    assert set(answer.foreign_countries(edition)["country"]) == {"US", "GB", "AU", "SG", "DE"}
    foreign, regions = report.split("Foreign countries by papers")[-1].split(
        "Hong Kong, Macao and Taiwan by papers", 1
    )
    assert "Taiwan" not in foreign and "Hong Kong" not in foreign
    assert "香港特别行政区" in regions


# the whole page ----------------------------------------------------------------------------------


def test_the_page_is_whole_and_small(report):
    page = Page(report)
    headings = [a["id"] for tag, a in page.elements if tag == "section"]
    assert headings == ["flow", "ranking", "trend", "provinces", "partners", "network", "keywords",
                        "sensitivity", "attribution", "claims", "further", "method",
                        "provenance", "use"]  # fmt: skip
    assert len(report.encode()) < 2_000_000
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    anchors = {a["href"][1:] for tag, a in page.elements if str(a.get("href", "")).startswith("#")}
    assert anchors <= set(ids)
    described = {a["aria-labelledby"] for _, a in page.elements if "aria-labelledby" in a}
    assert described <= set(ids)


def test_every_institution_is_in_the_page_without_script(report, edition):
    page = Page(report)
    assert sum("data-province" in a for tag, a in page.elements if tag == "tr") == 131
    for name in edition.tables["ranking"]["name_zh"]:
        assert name in page.text


def test_a_cut_list_says_so_and_where_the_rest_is(report):
    assert "first 300 of 355 rows; all of them are in tables/partners.csv" in english(report)


def test_both_counting_rules_stand_side_by_side_with_their_ratio(report):
    text = Page(report).text
    assert "University of Chinese Academy of Sciences: its ratio is 0.31" in text
    assert "370" in text and "229.4" in text and "0.62" in text


def test_shares_are_summed_for_the_reader(report, edition):
    total = float(edition.tables["ranking"]["share"].sum())
    assert f"they sum to {total:.3f}" in Page(report).text


def test_provenance_names_inputs_and_how_to_rerun(report):
    text = Page(report).text
    assert "ab" * 32 in text
    assert (
        "bibliometrics run made-up-study --input simulated-10000.csv --edition 2026-11-23" in text
    )


def test_windows_specialisation_retractions_and_open_choices_have_their_tables():
    report = render_report(full_edition())
    text = Page(report).text
    assert "The largest institutions in 2016–2019" in text
    assert "与全部结论吻合的组合所含选项" in text
    assert "institution=tsinghua-university&amp;year=2016-2019" in report
    assert "year=2017&amp;retracted=1" in report
    assert "bibliometrics compare made-up-study/EDITION made-up-study/2026-11-23" in text


def test_simulated_records_are_marked_at_every_turn(edition, report):
    page = Page(report)
    ((_, title), *_) = page.block("title")
    assert title.startswith("SIMULATED RECORDS – no finding · 模拟数据，非研究结论")
    assert page.text.startswith("SIMULATED RECORDS – no finding")
    figures = sum(tag == "figure" for tag, _ in page.elements)
    assert page.text.count("SIMULATED RECORDS – no finding.") >= figures - 2
    assert any("@top-center" in style for _, style in page.block("style"))
    real = render_report(replace(edition, is_simulated=False))
    assert "no finding" not in Page(real).text
    assert "@top-center" not in real


def test_the_same_edition_gives_the_same_bytes(edition):
    shuffled = {
        table.name: schema.conform(edition.tables[table.name].sample(frac=1, random_state=3), table)
        for table in schema.EDITION_TABLES
    }
    assert render_report(replace(edition, tables=shuffled)) == render_report(edition)


@pytest.mark.parametrize("kind", PAGES)
def test_the_pages_ask_nobody_for_anything(kind, edition):
    page = Page(PAGES[kind](edition))
    for tag, attributes in page.elements:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "srcset", "data", "poster", "action", "background", "xlink:href"):
            assert name not in attributes, (tag, name)
        target = attributes.get("href") or ""
        assert tag != "link"
        if ":" in target or target.startswith("//"):
            assert tag == "a" and target.startswith("https://doi.org/")
    for _, style in page.block("style"):
        assert "url(" not in style and "@import" not in style


def test_the_head_of_a_page_is_written_once():
    folder = resources.files("bibliometrics.presentation").joinpath("templates")
    heads = [
        i.name for i in folder.rglob("*.html") if "Content-Security-Policy" in i.read_text("utf-8")
    ]
    assert heads == ["page.html"]


@pytest.mark.parametrize("kind", PAGES)
def test_the_policy_names_every_script_and_style(kind, edition):
    page = Page(PAGES[kind](edition))
    policy = dict(part.split(" ", 1) for part in page.policy().split("; "))
    assert policy["default-src"] == "'none'"
    for tag in ("script", "style"):
        blocks = [
            text for attributes, text in page.block(tag)
            if attributes.get("type") != "application/json"
        ]  # fmt: skip
        hashes = {
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in blocks
        }
        assert hashes == set(policy[f"{tag}-src"].split())
    assert "unsafe" not in page.policy()


@pytest.mark.parametrize("kind", PAGES)
def test_hostile_records_are_shown_and_do_nothing(kind):
    tame = Page(PAGES[kind](made_up_edition(20, 8)))
    text = PAGES[kind](hostile_edition())
    page = Page(text)
    assert [t for t, _ in page.elements].count("script") == [t for t, _ in tame.elements].count(
        "script"
    )
    assert not any(tag == "img" for tag, _ in page.elements)
    assert not any("onerror" in attributes for _, attributes in page.elements)
    assert "{{7*7}}" in text
    assert HOSTILE[0] in page.text
    for mark in "\u202e\u2028\u2029\x1b\x00":
        assert mark not in text


@pytest.mark.parametrize("kind", PAGES)
def test_an_edition_without_anything_still_gives_pages(kind):
    page = Page(PAGES[kind](empty_edition()))
    assert page.text
    assert not page.block("script") or "nan" not in page.text.lower()


def test_an_empty_corpus_says_why_in_the_first_line():
    steps = [
        {"order": 1, "step": "rows read", "status": "done", "papers_in": 40, "papers_out": 40},
        {"order": 2, "step": "document type", "status": "done", "papers_in": 40, "papers_out": 0,
         "reason": "kept: article"},
        {"order": 3, "step": "corpus", "status": "done", "papers_in": 0, "papers_out": 0},
    ]  # fmt: skip
    edition = empty_edition(tables=empty_tables() | {"flow": frame(schema.FLOW, steps)})
    said = answer.empty_because(edition)
    assert said is not None
    assert said.en == (
        'The corpus is empty: the step "Document type" left none of 40 records. '
        "Its condition: kept: article."
    )
    page = Page(render_report(edition))
    assert page.text.index(said.en) < page.text.index("papers in the corpus")


def test_a_corpus_without_institutions_says_so():
    said = answer.empty_because(empty_edition(papers=12))
    assert said is not None and said.en.startswith("The corpus holds 12 papers, but none")


# parts -------------------------------------------------------------------------------------------


def test_a_json_block_cannot_end_its_element():
    value = ["</script>", "<!--", "&amp;", "\u2028\u2029", "名"]
    text = str(json_block(value))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == value


def test_a_long_or_directed_name_becomes_one_short_line():
    assert clean("a\nb\t\u202ec") == "a b c"
    assert len(clean("x" * 10_000)) == 240


def test_no_character_that_hides_or_turns_text_stays_in_a_name():
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        hides = unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"}
        turns = unicodedata.bidirectional(character) in _TURNING or character in _MARKS
        shown = clean(f"a{character}b")
        assert shown == ("a b" if hides or turns or character.isspace() else f"a{character}b")


def test_the_terminal_table_shows_both_scripts_aligned_and_no_control(edition):
    for given in (edition, hostile_edition()):
        out = StringIO()
        Console(file=out, width=160, force_terminal=False).print(ranking_table(given, 3))
        text = out.getvalue()
        assert "\x1b" not in text and "\x07" not in text
        assert "SIMULATED" in text
    out = StringIO()
    Console(file=out, width=160, force_terminal=False).print(ranking_table(edition, 3))
    row = next(line for line in out.getvalue().splitlines() if "北京大学" in line)
    assert "Peking University" in row and "3.70%" in row
    widths = {_width(line) for line in out.getvalue().splitlines() if line.startswith("│")}
    assert len(widths) == 1


def _width(line: str) -> int:
    return len(line) + len(CHINESE.findall(line))


def test_every_unit_of_the_carried_claims_is_named_in_chinese() -> None:
    folder = resources.files("bibliometrics") / "data" / "facts"
    text = (folder / "claims.csv").read_text(encoding="utf-8-sig")
    units = {row["unit"] for row in csv.DictReader(text.splitlines())}
    assert units - {""} <= set(TERMS["unit"])


def test_a_study_without_registry_says_nothing_of_groups_provinces_and_authorities() -> None:
    made = made_up_edition()
    apart = "Universities and institutes are ranked apart."
    column = ">Province<"
    assert apart in render_report(made)
    assert column in head_of_ranking(render_report(made))
    ranking = made.tables["ranking"].assign(group="institutions", province=pd.NA, authority=pd.NA)
    ranking = schema.conform(ranking, schema.RANKING)
    page = render_report(replace(made, tables={**made.tables, "ranking": ranking}))
    assert apart not in page
    assert column not in head_of_ranking(page)


def head_of_ranking(page: str) -> str:
    """The header of the first whole ranking."""
    start = page.index('id="group-1"')
    return page[start : page.index("</thead>", start)].replace("</span>", "<")
