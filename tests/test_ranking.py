"""The tables of institutions, years, provinces and keywords, by hand on eight papers."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from bibliometrics import schema
from bibliometrics.counting import ranking
from bibliometrics.counting.ranking import Stamp
from bibliometrics.study.model import Study
from numbers_fixture import Paper, Small, entity, with_sections, written

STAMP = Stamp("full counting", "2020-12-31", "SIMULATED")
ALPHA = entity("a")
BETA = dataclasses.replace(entity("b"), province="Shanghai", authority="provincial", name_zh="")
HARBOUR = dataclasses.replace(entity("h"), country="HK", province="", authority="")
INSTITUTE = entity("i", "institutes")
ABROAD = dataclasses.replace(entity("x", scope="foreign"), country="US")
ENTITIES = {each.entity_id: each for each in (ALPHA, BETA, HARBOUR, INSTITUTE, ABROAD)}
PAPERS = [
    Paper(("a", "b"), 2018, corresponding=2),
    Paper(("a", "x"), 2019, corresponding=1),
    Paper(("ai",), 2019, corresponding=1),
    Paper(("b",), 2020, is_retracted=1),
    Paper(("?",), 2020, is_retracted=1),
    Paper(("h", "a"), 2020, corresponding=1),
    Paper(("a",), 2017, tie="paper", is_retracted=None),
    Paper(("?",), 2020),
]


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


def table(corpus: Small, study: Study) -> pd.DataFrame:
    made, _ = ranking.institutions(corpus.papers, corpus.counts, ENTITIES, study, STAMP)
    return made.set_index("institution_id")


def rows(frame: pd.DataFrame, *columns: str) -> list[list[object]]:
    """The cells of some columns, None where there is nothing."""
    cells = frame.reset_index()[list(columns)].astype(object)
    return cells.where(cells.notna(), None).to_numpy().tolist()


def test_the_ranking_counts_each_institution_by_every_rule(corpus: Small, study: Study) -> None:
    found = table(corpus, study)
    counted = ("papers", "papers_fractional_author", "papers_first_author",
               "papers_corresponding_author", "papers_international")  # fmt: skip
    assert rows(found, "institution_id", *counted) == [
        ["a", 5, 2.0, 3, 2, 1],
        ["b", 2, 1.5, 1, 1, 0],
        ["h", 1, 0.5, 1, 1, 0],
        ["i", 1, 0.5, 1, 1, 0],
    ]


def test_the_ranking_ranks_within_groups_from_the_floor_up(corpus: Small, study: Study) -> None:
    found = table(corpus, study)
    assert rows(found, "institution_id", "group", "rank", "share") == [
        ["a", "universities", 1, 5 / 8],
        ["b", "universities", 2, 2 / 8],
        ["h", "universities", None, 1 / 8],
        ["i", "institutes", None, 1 / 8],
    ]
    low = with_sections(study, thresholds={"rank_floor": 1}, institutions={"groups": "together"})
    assert rows(table(corpus, low), "institution_id", "group", "rank") == [
        ["a", "institutions", 1],
        ["b", "institutions", 2],
        ["h", "institutions", 3],
        ["i", "institutions", 3],
    ]


def test_the_ranking_says_who_an_institution_is_and_what_was_counted(
    corpus: Small, study: Study
) -> None:
    found = table(corpus, study)
    told = ("name_en", "name_zh", "kind", "province", "authority")
    assert rows(found.loc[["a", "b", "h"]], *told) == [
        ["A", "a大学", "university", "Beijing", "moe"],
        ["B", None, "university", "Shanghai", "provincial"],
        ["H", "h大学", "university", None, None],
    ]
    assert rows(found.head(1), "counting", "denominator", "as_of", "source") == [
        ["full counting", "distinct papers of the corpus = 8", "2020-12-31", "SIMULATED"]
    ]


@pytest.mark.parametrize(
    ("rule", "chosen", "says", "share"),
    [
        ("full", "papers_total", "distinct papers of the corpus = 8", 5 / 8),
        ("full", "sum_over_institutions", "sum over institutions = 9", 5 / 9),
        ("full", "sum_over_mainland_universities", "sum over mainland universities = 7", 5 / 7),
        ("full", "distinct_mainland_universities",
         "distinct papers of mainland universities = 6", 5 / 6),
        ("fractional", "sum_over_institutions", "sum over institutions = 4.5", 2 / 4.5),
        ("fractional", "sum_over_mainland_universities",
         "sum over mainland universities = 3.5", 2 / 3.5),
        ("first_affiliation", "sum_over_institutions", "sum over institutions = 6", 3 / 6),
        ("corresponding_affiliation", "sum_over_institutions", "sum over institutions = 5", 2 / 5),
    ],
)  # fmt: skip
def test_a_share_is_of_the_studys_count_and_denominator(
    corpus: Small, study: Study, rule: str, chosen: str, says: str, share: float
) -> None:
    other = with_sections(study, counting={"rule": rule, "share_denominator": chosen})
    found = table(corpus, other)
    assert found.loc["a", "share"] == pytest.approx(share)
    assert set(found["denominator"]) == {says}


def test_a_rule_that_no_record_supports_ranks_nobody(study: Study) -> None:
    silent = written([Paper(("a", "b"))], ENTITIES)
    other = with_sections(
        study, counting={"rule": "corresponding_affiliation"}, thresholds={"rank_floor": 1}
    )
    found = table(silent, other)
    assert rows(found, "papers", "share", "rank", "papers_corresponding_author") == [
        [1, None, None, None],
        [1, None, None, None],
    ]
    summed = with_sections(other, counting={"share_denominator": "sum_over_institutions"})
    assert table(silent, summed)["share"].isna().all()


def test_a_denominator_prints_whole_numbers_whole_and_others_to_two_places() -> None:
    assert ranking.Denominator("papers", 3.0).says == "papers = 3"
    assert ranking.Denominator("papers", 2 / 3).says == "papers = 0.67"


def test_a_share_of_nothing_is_empty() -> None:
    shares = ranking.Denominator("papers", 0).share(pd.Series([0.0, 1.0]))
    assert shares.isna().tolist() == [True, True]
    assert shares.dtype == "Float64"


def test_ranks_are_within_groups_and_differ_where_counts_differ_by_more_than_rounding() -> None:
    counts = pd.Series([3.0, 3.0 + 3e-10, 3.0 - 2e-9, 2.0])
    group = pd.Series(["u", "u", "u", "i"])
    assert ranking.competition_ranks(counts, [group]).tolist() == [1, 1, 3, 1]


def test_who_is_never_first_has_no_paper_as_first(study: Study) -> None:
    one = written([Paper(("a", "b"), corresponding=1)], ENTITIES)
    assert (
        table(one, study)
        .loc["b", ["papers_first_author", "papers_corresponding_author"]]
        .eq(0)
        .all()
    )


def test_a_mainland_university_is_neither_abroad_nor_an_institute() -> None:
    named = [name for name, each in ENTITIES.items() if ranking.is_mainland_university(each)]
    assert named == ["a", "b"]


def test_the_listed_institutions_are_those_the_study_selects(corpus: Small, study: Study) -> None:
    made, _ = ranking.institutions(corpus.papers, corpus.counts, ENTITIES, study, STAMP)

    def chosen(**options: object) -> list[str]:
        picked = ranking.selected(made, with_sections(study, institutions=options))
        return sorted(picked["institution_id"])

    assert chosen(selection="all") == ["a", "b", "h", "i"]
    assert chosen(selection="minimum_papers", minimum_papers=2) == ["a", "b"]
    # One of each group; the tie of h and i is between groups.
    assert chosen(selection="top_n", top_n=1) == ["a", "i"]
    assert chosen(selection="given_list", given_list=("h", "b", "absent")) == ["b", "h"]


def test_a_tie_at_the_cut_of_the_first_n_is_kept(study: Study) -> None:
    tied = written([Paper(("a", "b")), Paper(("a",)), Paper(("h",))], ENTITIES)
    made, _ = ranking.institutions(tied.papers, tied.counts, ENTITIES, study, STAMP)
    picked = ranking.selected(
        made, with_sections(study, institutions={"selection": "top_n", "top_n": 2})
    )
    assert sorted(picked["institution_id"]) == ["a", "b", "h"]


def test_papers_with_abroad_have_an_institution_of_the_geography_too(corpus: Small) -> None:
    assert ranking.international(corpus.counts).tolist() == ["p1"]
    outside = written([Paper(("x",)), Paper(("a",)), Paper(("x", "a b"))], ENTITIES)
    assert ranking.international(outside.counts).tolist() == ["p2"]


def test_institutions_by_year(corpus: Small, study: Study) -> None:
    listed = table(corpus, study).reset_index()
    listed = listed[listed["institution_id"] != "h"]
    found = ranking.by_year(corpus.papers, corpus.counts, listed, STAMP)
    told = ("year", "institution_id", "papers", "papers_fractional_author")
    assert rows(found, *told) == [
        [2017, "a", 1, None],
        [2018, "a", 1, 0.5],
        [2018, "b", 1, 0.5],
        [2019, "a", 2, 1.0],
        [2019, "i", 1, 0.5],
        [2020, "a", 1, 0.5],
        [2020, "b", 1, 1.0],
    ]
    assert rows(found.head(1), "counting", "denominator") == [["full", "none: counts only"]]


def test_years_of_a_source_without_ties_have_no_fractions(study: Study) -> None:
    untied = written([Paper(("a",), tie="paper")], ENTITIES)
    found = ranking.by_year(untied.papers, untied.counts, table(untied, study).reset_index(), STAMP)
    assert rows(found, "year", "papers", "papers_fractional_author") == [[2019, 1, None]]


def test_the_corpus_by_year(corpus: Small) -> None:
    found = ranking.years(corpus.papers, corpus.counts, STAMP)
    assert rows(found, "year", "papers", "papers_international", "institutions") == [
        [2017, 1, 0, 1],
        [2018, 1, 0, 2],
        [2019, 2, 1, 2],
        [2020, 4, 0, 3],
    ]
    assert rows(found.head(1), "counting", "denominator") == [["full", "none: counts only"]]
    nobody = written([Paper(("?",), 2016)], ENTITIES)
    only = ranking.years(nobody.papers, nobody.counts, STAMP)
    assert rows(only, "year", "papers", "papers_international", "institutions") == [[2016, 1, 0, 0]]


def test_a_province_has_distinct_papers_not_the_sum_of_its_members(
    corpus: Small, study: Study
) -> None:
    found = ranking.grouped(
        schema.PROVINCES, "province", corpus.counts, table(corpus, study).reset_index(),
        corpus.papers, STAMP,
    )  # fmt: skip
    assert rows(found, "province", "institutions", "papers", "share") == [
        ["Beijing", 2, 5, 5 / 8],
        ["Shanghai", 1, 2, 2 / 8],
    ]
    assert rows(found.head(1), "counting", "denominator") == [
        ["full", "distinct papers of the corpus = 8"]
    ]


def test_what_each_keyword_brings_and_what_it_alone_brings(corpus: Small, study: Study) -> None:
    hits = pd.DataFrame(
        [("p0", "robot", "title"), ("p0", "robot", "abstract"), ("p0", "vision", "title"),
         ("p1", "robot", "title"), ("p2", "vision", "abstract"), ("p2", "vision", "title")],
        columns=["paper_id", "keyword", "field"],
    )  # fmt: skip
    asked = with_sections(
        study, query={"keywords": ("robot", "vision", "speech"), "phrase": "exact"}
    )
    found = ranking.keywords(hits, asked, corpus.papers, STAMP)
    assert sorted(rows(found, "keyword", "field", "papers", "papers_only_by_it")) == [
        ["robot", "abstract", 1, 0],
        ["robot", "any", 2, 1],
        ["robot", "title", 2, 1],
        ["speech", "any", 0, 0],
        ["vision", "abstract", 1, 0],
        ["vision", "any", 2, 1],
        ["vision", "title", 2, 0],
    ]
    assert rows(found.head(1), "counting", "denominator") == [
        ["full", "distinct papers of the corpus = 8"]
    ]
    # There the keywords found are single words: the study's phrases are not among them.
    words = with_sections(asked, query={"phrase": "or_before_and"})
    assert "speech" not in set(ranking.keywords(hits, words, corpus.papers, STAMP)["keyword"])


def test_retracted_papers_by_institution_and_year(corpus: Small, study: Study) -> None:
    listed = table(corpus, study).reset_index()
    found = ranking.retractions(corpus.papers, corpus.counts, listed, STAMP)
    told = ("institution_id", "year", "papers", "counting", "denominator")
    assert rows(found, *told) == [["b", 2020, 1, "full", "none: counts only"]]
    without = listed[listed["institution_id"] != "b"]
    assert ranking.retractions(corpus.papers, corpus.counts, without, STAMP).empty
