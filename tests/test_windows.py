"""Counts over windows of years, and what each rule can tell of a corpus, by hand."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from bibliometrics.counting import windows
from bibliometrics.counting.ranking import Stamp
from bibliometrics.counting.windows import Window
from bibliometrics.study.model import Study
from numbers_fixture import Paper, Small, entity, with_sections, written

STAMP = Stamp("full", "2020-12-31", "SIMULATED")
ENTITIES = {
    "a": entity("a"),
    "b": entity("b"),
    "h": dataclasses.replace(entity("h"), country="HK"),
    "i": entity("i", "institutes"),
    "x": entity("x", scope="foreign"),
}
SCOPES = {name: each.scope for name, each in ENTITIES.items()}
PAPERS = [
    Paper(("a", "b"), 2010, corresponding=1),
    Paper(("a", "x", "?"), 2012, corresponding=3),
    Paper(("i a",), 2012, corresponding=1),
    Paper(("b",), 2013, corresponding=1),
    Paper(("b", "h"), 2014),
    Paper(("?",), 2014),
]
EVERYBODY = pd.Series(list("abhi"), dtype="string")


@pytest.fixture(scope="module")
def corpus() -> Small:
    return written(PAPERS, ENTITIES)


@pytest.fixture
def study(flagship: Study) -> Study:
    return with_sections(
        flagship,
        thresholds={"rank_floor": 2},
        counting={"rule": "full", "share_denominator": "papers_total"},
        institutions={"groups": "separate"},
    )


def tables_of(corpus: Small, study: Study, listed: pd.Series) -> dict[str, pd.DataFrame]:
    return windows.tables(corpus.papers, corpus.counts, ENTITIES, listed, study, STAMP)


def over_windows(corpus: Small, study: Study, listed: pd.Series = EVERYBODY) -> pd.DataFrame:
    return tables_of(corpus, study, listed)["windows"]


def over_all(corpus: Small, study: Study, listed: pd.Series = EVERYBODY) -> pd.DataFrame:
    return tables_of(corpus, study, listed)["counts"]


def cells(frame: pd.DataFrame, *columns: str) -> list[list[object]]:
    found = frame[list(columns)].astype(object)
    return found.where(found.notna(), None).to_numpy().tolist()


def test_windows_are_each_year_each_four_years_and_each_span_from_the_first() -> None:
    assert windows.windows_of(2010, 2014) == [
        *(Window("year", year, year) for year in range(2010, 2015)),
        Window("four_years", 2010, 2013),
        Window("four_years", 2011, 2014),
        *(Window("cumulative", 2010, year) for year in range(2010, 2015)),
    ]
    assert {w.kind for w in windows.windows_of(2018, 2020)} == {"year", "cumulative"}
    assert windows.windows_of(2020, 2020) == [
        Window("year", 2020, 2020), Window("cumulative", 2020, 2020),
    ]  # fmt: skip


def test_all_years_by_full_and_fractional_counting(corpus: Small, study: Study) -> None:
    found = over_all(corpus, study).sort_values("group", ascending=False, kind="stable")
    told = ("institution_id", "group", "papers", "share", "rank")
    assert cells(found[found["counting"] == "full"], *told) == [
        ["a", "universities", 3, 3 / 6, 1],
        ["b", "universities", 3, 3 / 6, 1],
        ["h", "universities", 1, pytest.approx(1 / 6), None],
        ["i", "institutes", 1, pytest.approx(1 / 6), None],
    ]
    # The floor is in papers, not in fractions: a has three papers and counts 1/2 + 1/3 + 1/2.
    assert cells(found[found["counting"] == "author_fractional"], *told) == [
        ["b", "universities", 2.0, pytest.approx(2 / 6), 1],
        ["a", "universities", pytest.approx(4 / 3), pytest.approx(4 / 18), 2],
        ["h", "universities", 0.5, pytest.approx(0.5 / 6), None],
        ["i", "institutes", 0.5, pytest.approx(0.5 / 6), None],
    ]
    assert set(found["counting"]) == set(windows.rules.OF_STUDY.values()) | {
        "first_author_fractional", "institution_fractional",
    }  # fmt: skip


def test_windows_have_every_rule_and_their_years(corpus: Small, study: Study) -> None:
    found = over_windows(corpus, study)
    assert set(found["counting"]) == {rule.name for rule in windows.rules.RULES}
    full = found[found["counting"] == "full"].sort_values(["first_year", "institution_id"])
    told = ("first_year", "last_year", "institution_id", "papers", "share", "rank")
    assert cells(full[full["window_kind"] == "year"], *told) == [
        [2010, 2010, "a", 1, 1.0, None],
        [2010, 2010, "b", 1, 1.0, None],
        [2012, 2012, "a", 2, 1.0, 1],
        [2012, 2012, "i", 1, 0.5, None],
        [2013, 2013, "b", 1, 1.0, None],
        [2014, 2014, "b", 1, 0.5, None],
        [2014, 2014, "h", 1, 0.5, None],
    ]
    assert cells(full[full["window_kind"] == "four_years"], *told) == [
        [2010, 2013, "a", 3, 3 / 4, 1],
        [2010, 2013, "b", 2, 2 / 4, 2],
        [2010, 2013, "i", 1, 1 / 4, None],
        [2011, 2014, "a", 2, 2 / 5, 1],
        [2011, 2014, "b", 2, 2 / 5, 1],
        [2011, 2014, "h", 1, 1 / 5, None],
        [2011, 2014, "i", 1, 1 / 5, None],
    ]
    by_first = found[(found["counting"] == "first_author") & (found["last_year"] == 2014)]
    by_first = by_first[by_first["window_kind"] == "cumulative"].sort_values("institution_id")
    assert cells(by_first, "institution_id", "papers", "rank") == [
        ["a", 3, 1], ["b", 2, 2], ["i", 1, None],
    ]  # fmt: skip


def test_only_the_listed_are_shown_and_ranks_are_among_all(corpus: Small, study: Study) -> None:
    only = pd.Series(["i"], dtype="string")
    low = with_sections(study, thresholds={"rank_floor": 1}, institutions={"groups": "together"})
    for made in (over_windows(corpus, low, only), over_all(corpus, low, only)):
        assert set(made["institution_id"]) == {"i"}
        assert set(made["group"]) == {"institutions"}
    every = over_all(corpus, low, only)
    assert every.loc[every["counting"] == "full", "rank"].tolist() == [3]


@pytest.mark.parametrize(
    ("chosen", "all_years", "says", "of_2014"),
    [
        ("papers_total", 6, "distinct papers of the corpus = 6", 2),
        ("sum_over_institutions", 8, "sum over institutions = 8", 2),
        ("sum_over_mainland_universities", 6, "sum over mainland universities = 6", 1),
        ("distinct_mainland_universities", 5, "distinct papers of mainland universities = 5", 1),
    ],
)
def test_every_window_has_its_own_denominator(
    corpus: Small, study: Study, chosen: str, all_years: int, says: str, of_2014: int
) -> None:
    other = with_sections(study, counting={"share_denominator": chosen})
    found = over_all(corpus, other).set_index(["counting", "institution_id"])
    assert found.loc[("full", "b"), "share"] == pytest.approx(3 / all_years)
    assert found.loc[("full", "b"), "denominator"] == says
    made = over_windows(corpus, other)
    year = made[(made["window_kind"] == "year") & (made["last_year"] == 2014)]
    full = year[year["counting"] == "full"].set_index("institution_id")
    assert full.loc["b", "share"] == 1 / of_2014


def test_a_last_year_without_a_university_has_a_share_of_nothing(study: Study) -> None:
    other = with_sections(study, counting={"share_denominator": "distinct_mainland_universities"})
    made = over_windows(
        written([Paper(("a",), 2010), Paper(("i",), 2011), Paper(("i", "?"), 2012)], ENTITIES),
        other,
    )
    years = made[(made["window_kind"] == "year") & (made["counting"] == "full")]
    assert cells(years, "last_year", "institution_id", "papers", "share") == [
        [2010, "a", 1, 1.0], [2011, "i", 1, None], [2012, "i", 1, None],
    ]  # fmt: skip
    cumulative = made[(made["window_kind"] == "cumulative") & (made["counting"] == "full")]
    assert cumulative.set_index(["last_year", "institution_id"])["share"].to_dict() == {
        (2010, "a"): 1, (2011, "a"): 1, (2011, "i"): 1, (2012, "a"): 1, (2012, "i"): 2,
    }  # fmt: skip


def test_sums_are_by_rule_each_its_own(corpus: Small, study: Study) -> None:
    other = with_sections(study, counting={"share_denominator": "sum_over_institutions"})
    found = over_all(corpus, other)
    assert found.groupby("counting")["share"].sum().round(8).eq(1).all()


def test_each_row_says_floor_tie_rule_and_where_from(corpus: Small, study: Study) -> None:
    for made in (over_windows(corpus, study), over_all(corpus, study)):
        assert cells(made.head(1), "rank_floor", "tie_rule", "as_of", "source") == [
            [2, "competition: equal counts share the best rank", "2020-12-31", "SIMULATED"]
        ]


def test_a_corpus_without_papers_has_tables_without_rows(corpus: Small, study: Study) -> None:
    nothing = dataclasses.replace(corpus, papers=corpus.papers.iloc[:0])
    assert over_windows(nothing, study).empty
    assert over_all(nothing, study).empty


def test_rules_say_how_many_papers_they_could_count_and_where_their_sums_went(
    corpus: Small,
) -> None:
    found = windows.rules_table(corpus.counts, SCOPES, "SIMULATED").set_index("counting")
    told = ["available", "papers_counted", "papers_not_available",
            "sum_domestic", "sum_others", "sum_nobody"]  # fmt: skip
    third = pytest.approx(1 / 3)
    assert dict(zip(found.index, cells(found, *told), strict=True)) == {
        "full": ["yes", 6, 0, 8, 1, None],
        "author_fractional": ["yes", 6, 0, pytest.approx(13 / 3), third, pytest.approx(4 / 3)],
        "first_author": ["yes", 6, 0, 6, 0, None],
        "first_author_fractional": ["yes", 6, 0, 5, 0, 1],
        "corresponding_author": ["in part", 4, 2, 4, 0, None],
        "institution_fractional": ["yes", 6, 0, pytest.approx(13 / 3), third, pytest.approx(4 / 3)],
    }
    assert found["order"].tolist() == [1, 2, 3, 4, 5, 6]
    assert found.loc["full", "name_en"] == "full"
    assert found.loc["full", "name_zh"] == "全计数"
    assert found.loc["full", "says_en"].startswith("one for each institution a paper names")
    assert found.loc["full", "says_zh"].startswith("论文出现的每个机构各计一篇")
    assert set(found["source"]) == {"SIMULATED"}


def test_a_rule_without_papers_has_no_sums(corpus: Small) -> None:
    untied = written([Paper(("a",), tie="paper")], ENTITIES)
    found = windows.rules_table(untied.counts, SCOPES, "SIMULATED").set_index("counting")
    told = ("available", "sum_domestic", "sum_others", "sum_nobody")
    assert cells(found.loc[["full", "first_author", "institution_fractional"]], *told) == [
        ["yes", 1, 0, None],
        ["no", None, None, None],
        ["yes", 1, 0, 0],
    ]
    nobody = dataclasses.replace(corpus.counts, counted=dict.fromkeys(corpus.counts.counted, 0))
    assert set(windows.rules_table(nobody, SCOPES, "SIMULATED")["available"]) == {"no"}
