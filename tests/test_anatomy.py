"""Keywords that meet, subjects, and the corpus beside its database, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from bibliometrics import schema
from bibliometrics.counting import anatomy, growth
from numbers_fixture import STAMP, small, with_sections


def hits(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["paper_id", "keyword", "field"])
    return schema.conform(frame, schema.KEYWORD_HITS)


def test_overlaps_by_field_and_anywhere(flagship) -> None:
    study = with_sections(flagship, query={"keywords": ("robot", "pattern", "speech")})
    found = anatomy.overlaps(
        hits(
            ("p1", "robot", "title"), ("p1", "pattern", "title"), ("p1", "pattern", "abstract"),
            ("p2", "robot", "title"), ("p2", "pattern", "abstract"),
            ("p3", "robot", "title"), ("p4", "speech", "title"),
        ), 9, study, STAMP,
    ).set_index(["field", "keyword_a", "keyword_b"])  # fmt: skip
    assert list(found.index) == [
        ("any", "robot", "pattern"), ("any", "pattern", "speech"), ("any", "robot", "speech"),
        ("title", "robot", "pattern"),
    ]  # fmt: skip
    both = found.loc[("any", "robot", "pattern")]
    assert (both["papers"], both["papers_a"], both["papers_b"]) == (2, 3, 2)
    assert both[["share_of_a", "share_of_b", "jaccard"]].tolist() == pytest.approx(
        [2 / 3, 1, 2 / 3]
    )
    assert found.loc[("title", "robot", "pattern"), "papers"] == 1
    assert found.loc[("any", "robot", "speech"), "papers"] == 0
    assert set(found["denominator"]) == {"distinct papers of the corpus = 9"}


def test_subject_areas_count_a_paper_in_each_of_its_areas() -> None:
    rows = [("p1", "ASJC", "Computer Science"), ("p1", "ASJC", "Engineering"),
            ("p2", "ASJC", "Engineering"), ("p1", "Field", "Computing")]  # fmt: skip
    subjects = pd.DataFrame(rows, columns=["paper_id", "scheme", "subject"], dtype="string")
    found = anatomy.subject_areas(subjects, 4, STAMP).set_index(["scheme", "subject"])
    assert found["papers"].to_dict() == {
        ("ASJC", "Engineering"): 2, ("ASJC", "Computer Science"): 1, ("Field", "Computing"): 1,
    }  # fmt: skip
    assert found.loc[("ASJC", "Engineering"), "papers_only_in_it"] == 1
    assert found.loc[("ASJC", "Computer Science"), "papers_only_in_it"] == 0
    assert found.loc[("ASJC", "Engineering"), "share"] == 0.5


def test_a_source_without_subjects_is_said_so() -> None:
    papers = small(["a", "b"]).papers
    nothing = schema.empty(schema.SUBJECT_AREAS)[["scheme", "subject"]].assign(paper_id="")
    assert anatomy.subject_areas(nothing, 2, STAMP).empty
    (finding,) = anatomy.without_subjects(nothing, papers)
    assert "not available" in finding.says_en
    assert "不可得" in finding.says_zh
    some = nothing.reindex([0]).assign(paper_id="p00001")
    assert "1 papers have no subject area" in anatomy.without_subjects(some, papers)[0].says_en


def totals(flagship, **options: object):
    return with_sections(flagship, totals={"totals_from": "typed by hand", **options})


def test_growth_beside_the_databases_own(flagship) -> None:
    papers = small(["a"] * 10 + ["b"] * 15, [2018] * 10 + [2019] * 15).papers
    found = growth.growth(papers, totals(flagship, database={2018: 1000, 2019: 1200}), STAMP)
    second = found.iloc[1]
    assert second[["growth", "growth_database", "share_database"]].tolist() == pytest.approx(
        [0.5, 0.2, 15 / 1200]
    )
    assert second["growth_relative"] == pytest.approx(1.5 / 1.2 - 1)
    alone = growth.growth(papers, flagship, STAMP)
    assert alone.iloc[1]["growth"] == 0.5
    assert alone[["papers_database", "growth_database", "growth_relative"]].isna().all(axis=None)
    assert "not available" in next(growth.findings(flagship, pd.Series(["a"]), papers)).says_en


def test_the_activity_index_is_one_for_an_institution_like_the_rest(flagship) -> None:
    papers = small(["a"] * 10 + ["b"] * 30, [2018] * 20 + [2019] * 20).papers
    by_year = schema.conform(
        pd.DataFrame({"institution_id": ["a", "b", "b"], "year": [2018, 2018, 2019],
                      "papers": [10, 10, 20]}), schema.RANKING_BY_YEAR)  # fmt: skip
    study = totals(
        flagship, database={2018: 400, 2019: 400},
        institutions={"a": {2018: 200, 2019: 100}, "b": {2018: 100}, "c": {2017: 5}},
    )  # fmt: skip
    found = growth.specialisation(by_year, papers, study, STAMP)
    index = found.set_index(["institution_id", "year"])["activity_index"]
    # a: half of 2018's papers on the topic, half of all; nothing in 2019.
    assert index.loc[("a", "2018")] == 1
    assert index.loc[("a", "2019")] == 0
    assert index.loc[("a", "all")] == pytest.approx((10 / 40) / (300 / 800))
    # b: half of the topic from a quarter of all; 2019 is not given, so not in "all".
    assert index.loc[("b", "all")] == index.loc[("b", "2018")] == 2
    assert "c" not in found["institution_id"].tolist()
    warned = {f.name for f in growth.findings(study, pd.Series(["a", "b"]), papers)}
    assert warned == {"totals without papers"}
    small_totals = totals(flagship, database={2018: 3})
    warned = {f.name for f in growth.findings(small_totals, pd.Series(["a"]), papers)}
    assert warned == {"totals too small"}
