"""The pieces of a comparison, each on rows made by hand: linking, admission, states, ranks."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from bibliometrics.attribution.institutions import load_registry
from bibliometrics.comparison import Side, ranks
from bibliometrics.comparison.admission import admission
from bibliometrics.comparison.history import History, history
from bibliometrics.comparison.linking import known_elsewhere, link
from bibliometrics.comparison.shapley import shapley
from bibliometrics.comparison.states import Credits, Key, States
from bibliometrics.study.model import Study
from conftest import with_options

LONG = "Machine learning of very long names"
SIDES = ("before", "after")
# paper_id, DOI, title, year
Row = tuple[str, str | None, str | None, int | None]


def _papers(*rows: Row, **columns: Any) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["paper_id", "doi", "title", "year"])
    text = dict.fromkeys(("paper_id", "doi", "title"), "string")
    frame = frame.astype({**text, "year": "Int64"}).assign(eid=frame["paper_id"].astype("string"))
    whole = {
        "document_type": "Article", "language": "English", "is_retracted": 0, "tie": "author",
        "authors_announced": 1, "is_cut": 0,
    } | columns  # fmt: skip
    return frame.assign(**whole).convert_dtypes()


def _side(
    study: Study,
    papers: pd.DataFrame,
    hits: list[tuple[str, str, str]] | None = None,
    countries: list[tuple[str, str | None]] | None = None,
    excluded: pd.DataFrame | None = None,
) -> Side:
    """``hits``: paper, keyword, field; ``countries``: paper and the country of an address."""
    ids = papers["paper_id"].tolist()
    found = [(i, "Machine learning", "title") for i in ids] if hits is None else hits
    signed = [(i, "CN") for i in ids] if countries is None else countries
    distinct = sorted({country or "" for _, country in signed})
    affiliations = pd.DataFrame(
        {
            "affiliation_id": range(len(distinct)),
            "affiliation": [f"Works, {country}" for country in distinct],
            "country": pd.array([country or None for country in distinct], "string"),
        }
    )
    authorships = pd.DataFrame(
        {
            "paper_id": pd.array([i for i, _ in signed], "string"),
            "author_position": 1,
            "affiliation_id": [distinct.index(country or "") for _, country in signed],
        }
    )
    tables = {
        "papers": papers, "affiliations": affiliations, "authorships": authorships,
        "keyword_hits": pd.DataFrame(found, columns=["paper_id", "keyword", "field"]).astype(
            "string"
        ),
        "excluded": _papers() if excluded is None else excluded,
    }  # fmt: skip
    return Side("e", study, load_registry(), "1", (), "bibliometrics", False, tables)


def test_papers_are_linked_by_id_then_doi_then_a_long_title_within_two_years() -> None:
    before = _papers(
        ("a", "10/a", "x", 2015), ("b", "10/b", "x", 2015), ("c", None, LONG, 2015),
        ("d", None, "Short title", 2015), ("e", "10/e", "x", 2015), ("f", None, LONG + " f", 2015),
        ("g", None, "t" * 16, 2015), ("h", None, "t" * 15, 2015), ("n", None, LONG + " n", None),
    )  # fmt: skip
    after = _papers(
        ("a", "10/other", "y", 2015), ("B", "10/b", "y", 2015),
        ("C", None, "MACHINE-learning: of very, long names!", 2017),
        ("D", None, "Short title", 2015), ("F", None, LONG + " f", 2018),
        ("G", None, "T" * 16, 2013), ("H", None, "t" * 15, 2015), ("N", None, LONG + " n", 2015),
    )  # fmt: skip
    linked = link(before, after).astype(object)
    linked = linked.where(linked.notna(), None)
    assert list(linked.columns) == ["before", "after", "linked_by"]
    assert list(linked.itertuples(index=False, name=None)) == [
        ("a", "a", "paper_id"), ("b", "B", "doi"), ("c", "C", "title"), ("d", None, None),
        ("e", None, None), ("f", None, None), ("g", "G", "title"), ("h", None, None),
        ("n", None, None), (None, "D", None), (None, "F", None), (None, "H", None),
        (None, "N", None),
    ]  # fmt: skip


def test_a_doi_or_title_that_two_papers_share_links_neither() -> None:
    before = _papers(("a", "10/x", LONG, 2015), ("b", "10/x", LONG, 2015))
    after = _papers(("A", "10/x", LONG, 2015))
    assert link(before, after)["linked_by"].isna().all()
    assert link(after, before)["linked_by"].isna().all()


def test_a_paper_set_aside_is_known_by_id_eid_or_doi() -> None:
    papers = _papers(*[(name, f"10/{name}", None, 2015) for name in "abcd"])
    papers.loc[3, "doi"] = pd.NA
    records = pd.DataFrame(
        {"paper_id": ["a", "q", "r"], "eid": [None, "b", None], "doi": [None, None, "10/c"]}
    ).astype("string")
    assert known_elsewhere(papers, records).tolist() == [True, True, True, False]


def _admitted(study: Study, under: dict[str, dict[str, object]], **told: Any) -> Any:
    papers = told.pop("papers", _papers(("a", None, None, 2015), ("b", None, None, 2016)))
    return admission(_side(study, papers, **told), with_options(study, **under))


def test_admission_by_years(flagship: Study) -> None:
    rows = [("a", None, None, y) for y in (2014, 2015, 2016, 2017, None)]
    papers = _papers(*[(f"{n}", *row[1:]) for n, row in enumerate(rows)])  # type: ignore[arg-type]
    query = {"start_year": 2015, "end_date": dt.date(2016, 12, 31)}
    found = _admitted(flagship, {"query": query}, papers=papers)
    assert found.passes["window"].tolist() == [False, True, True, False, True]
    assert found.passes["query"].all()
    assert found.passes["geography"].all()
    assert found.untestable == ()


def test_admission_by_type_language_and_retraction(flagship: Study) -> None:
    papers = _papers(
        *[(name, None, None, 2015) for name in "abcde"],
        document_type=["Article", "Conference Paper", None, "Article", "Article"],
        language=["English", "English", None, "Chinese", "english"],
        is_retracted=[0, 0, None, 0, 1],
    )
    wide = with_options(
        flagship,
        query={"document_types": ["article", "conference_paper"], "retracted": "keep"},
    )
    narrow = {"document_types": ["article"], "international_paper": "english_only"}
    found = _admitted(wide, {"query": {**narrow, "retracted": "drop"}}, papers=papers)
    assert found.passes["query"].tolist() == [True, False, True, False, False]
    assert not found.untestable


def test_admission_by_keywords_and_their_fields(flagship: Study) -> None:
    papers = _papers(*[(name, None, None, 2015) for name in "abcdef"])
    hits = [
        ("a", "machine  Learning", "title"), ("b", "Robot", "title"),
        ("c", "Machine learning", "index_keywords"), ("d", "Machine learning", "author_keywords"),
        ("e", "Machine learning", "across fields"),
    ]  # fmt: skip
    query = {
        "keywords": ["Machine Learning"], "fields": ["title", "keywords"],
        "keyword_fields": "author_only",
    }  # fmt: skip
    found = _admitted(flagship, {"query": query}, papers=papers, hits=hits)
    # Of a paper whose finding is not known nothing can be said: it passes.
    assert found.passes["query"].tolist() == [True, False, False, True, True, True]
    query["keyword_fields"] = "index_only"
    found = _admitted(flagship, {"query": query}, papers=papers, hits=hits)
    assert found.passes["query"].tolist() == [True, False, True, False, True, True]
    query["fields"] = ["title"]
    found = _admitted(flagship, {"query": query}, papers=papers, hits=hits)
    assert found.passes["query"].tolist() == [True, False, False, False, True, True]


@pytest.mark.parametrize(
    ("option", "value"),
    [("phrase", "words_and"), ("copyright_line", "search"), ("as_of", dt.date(2021, 6, 24))],
)
def test_an_option_that_the_corpus_cannot_tell_refuses_and_is_named(
    flagship: Study, option: str, value: object
) -> None:
    found = _admitted(flagship, {"query": {option: value}})
    assert found.untestable == (option,)
    assert not found.passes["query"].any()
    assert found.passes["window"].all()


def test_admission_by_country(flagship: Study) -> None:
    countries = [("a", "CN"), ("b", "HK")]
    wide = with_options(flagship, geography={"scope": "with_hong_kong_macao"})
    assert _geography_of(wide, flagship, countries) == [True, False]
    # The study's own filter is not asked again, and none refuses nobody.
    assert _geography_of(flagship, flagship, countries) == [True, True]
    open_to_all = with_options(flagship, geography={"country_filter": "none"})
    assert _geography_of(wide, open_to_all, countries) == [True, True]


def _geography_of(of: Study, under: Study, countries: list[tuple[str, str | None]]) -> list[bool]:
    papers = _papers(("a", None, None, 2015), ("b", None, None, 2015))
    found: list[bool] = (
        admission(_side(of, papers, countries=countries), under).passes["geography"].tolist()
    )
    return found


def test_what_became_of_each_paper(flagship: Study) -> None:
    study = with_options(flagship, query={"end_date": dt.date(2015, 12, 31)})
    later = with_options(flagship, query={"end_date": dt.date(2016, 12, 31)})
    before = _side(
        study,
        _papers(("same", None, None, 2014), ("moved", None, None, 2014), ("gone", None, None, 2014),
                ("aside", None, None, 2014), ("twin", None, None, 2014)),
        excluded=_papers(("was", None, None, 2014)),
    )  # fmt: skip
    after = _side(
        later,
        _papers(("same", None, None, 2014), ("moved", None, None, 2015), ("new", None, None, 2016),
                ("late", None, None, 2013), ("was", None, None, 2014), ("twin", None, None, 2014)),
        excluded=_papers(("aside", None, None, 2014)),
    )  # fmt: skip
    told = history(before, after, frozenset({"twin"})).papers
    causes = {
        (b if isinstance(b, str) else a): (where, cause)
        for b, a, where, cause in told[["before", "after", "where", "record_cause"]].itertuples(
            index=False, name=None
        )
    }
    assert causes == {
        "same": ("both", ""), "moved": ("both", "record_changed"),
        "gone": ("before", "papers_gone"), "aside": ("before", "record_changed"),
        "new": ("after", "new_years"), "late": ("after", "newly_indexed"),
        "was": ("after", "record_changed"), "twin": ("both", "record_changed"),
    }  # fmt: skip
    tests = [f"{test}_{side}" for test in ("query", "window", "geography") for side in SIDES]
    assert told[tests].dtypes.eq(bool).all()
    # The new year's own cause says it; a side without the paper refuses nothing.
    assert told[tests].all(axis=None)
    assert told["year_before"].dtype == told["year_after"].dtype == "Int64"
    back = history(after, before).papers.set_index("before")
    assert back.loc["new", "record_cause"] == "new_years"
    years = told.set_index("before").loc["moved"]
    assert (years["year_before"], years["year_after"]) == (2014, 2015)


def test_parts_of_no_cause_and_of_one() -> None:
    assert shapley(np.array([[3, 4]])).average.shape == (0, 2)
    one = shapley(np.array([[3, 4], [5, 4]]))
    assert one.average.tolist() == one.least.tolist() == one.most.tolist() == [[2, 0]]
    halves = shapley(np.array([[0.0], [0.5], [0.25], [1.0]]))
    assert halves.average.tolist() == [[0.625], [0.375]]


@pytest.mark.parametrize("n", [3, 5])
def test_parts_of_whole_numbers_are_rounded_once(n: int) -> None:
    values = np.random.default_rng(n).integers(0, 1_000, (2**n, 4))
    found = shapley(values)
    for cause, figure in itertools.product(range(n), range(4)):
        exact = Fraction(0)
        for order in itertools.permutations(range(n)):
            before = sum(1 << each for each in order[: order.index(cause)])
            exact += int(values[before | 1 << cause, figure] - values[before, figure])
        assert found.average[cause, figure] == float(exact / math.factorial(n))


def test_no_figure_has_no_parts() -> None:
    assert shapley(np.zeros((4, 0))).average.shape == (2, 0)


def _changes(*rows: tuple[str, float | None, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["group", "share_before", "share_after"])
    for side in SIDES:
        shares = frame[f"share_{side}"]
        ranked = shares.groupby(frame["group"]).rank(method="min", ascending=False)
        frame[f"rank_{side}"] = ranked.astype("Int64")
    return frame.assign(rank_change=frame["rank_after"] - frame["rank_before"])


def test_a_rank_moves_by_ones_own_share_or_by_that_of_others() -> None:
    changes = _changes(
        ("u", 0.5, 0.1), ("u", 0.4, 0.4), ("u", 0.3, 0.45), ("u", None, 0.6), ("u", 0.2, None),
        ("i", 0.9, 0.9), ("i", 0.8, 0.95),
    )  # fmt: skip
    own, others = ranks.split(changes)
    # u1: alone it falls from 1 to 4 among the old, from 2 to 4 among the new: (3 + 2) / 2.
    assert own.tolist()[:3] == [2.5, 0.0, -1.0]
    assert others.tolist()[:3] == [0.5, 1.0, 0.0]
    assert own[3:5].isna().all()
    assert others[3:5].isna().all()
    assert own.tolist()[5:] == [0.0, -1.0]
    assert others.tolist()[5:] == [1.0, 0.0]


def test_equals_share_the_best_rank_and_an_unranked_one_hides_nobody() -> None:
    own, others = ranks.split(
        _changes(("u", None, 0.7), ("u", 0.5, 0.4), ("u", 0.5, 0.5), ("u", 0.3, 0.5))
    )
    assert own[0] is pd.NA
    # Out of a tie for the first place: behind one among the old; among the new, before or behind.
    assert own.tolist()[1:] == [1.5, 0.0, -2.0]
    assert others.tolist()[1:] == [1.5, 1.0, 1.0]
    assert own.dtype == others.dtype == "Float64"


CHOICES = (
    "papers_total", "sum_over_institutions", "sum_over_mainland_universities",
    "distinct_mainland_universities",
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(range(4)))
def test_figures_of_every_state_are_those_of_its_papers_and_parts_sum(seed: int, of: int) -> None:
    draw = np.random.default_rng(seed)
    n, k = 12, 3
    names = [f"p{i}" for i in range(n)]
    causes = {
        "before": ("papers_gone", "record_changed", "new_years"),
        "after": ("newly_indexed", "new_years", "record_changed", ""),
        "both": ("record_changed", ""),
    }
    rows = []
    for name in names:
        where = str(draw.choice(["before", "after", "both"]))
        row: dict[str, Any] = {
            "before": name if where != "after" else None,
            "after": name if where != "before" else None,
            "where": where,
            "record_cause": str(draw.choice(causes[where])),
        }
        for test, side in itertools.product(("query", "window", "geography"), SIDES):
            row[f"{test}_{side}"] = bool(draw.random() < 0.8)
        rows.append(row)
    credited: dict[Key, Credits] = {
        key: Credits(
            pd.Index(names),
            sparse.csr_matrix(full := draw.integers(0, 2, (n, k))),
            sparse.csr_matrix(full * 0.5),
            full[:, 0] > 0,
        )
        for key in itertools.product(SIDES, SIDES, SIDES)
    }

    class Told:
        def __init__(self, chosen: str) -> None:
            self.counting = type("Counting", (), {"share_denominator": chosen})

    studies: Any = {"before": Told("papers_total"), "after": Told(CHOICES[of])}
    past = History(pd.DataFrame(rows), ())
    states = States(past.papers, credited, studies, [True, False, False])
    players = (
        "new_years", "newly_indexed", "record_changed", "papers_gone", "query", "registry", "policy",
    )  # fmt: skip
    owner = {"query": "query", "window": "new_years", "geography": "policy"}
    values = states.all(players)
    for number, figures in enumerate(values):
        acted = {name for place, name in enumerate(players) if number >> place & 1}
        registry, policy = ("after" if name in acted else "before" for name in players[5:])
        there = []
        for row in rows:
            moved = row["record_cause"] in acted or (
                row["where"] == "after" and not row["record_cause"]
            )
            version = "after" if moved else "before"
            if row[version] is None:
                continue
            # A record is asked by the study that is not its own.
            asked = [t for t, cause in owner.items() if (cause in acted) == (version == "before")]
            if all(row[f"{t}_{version}"] for t in asked):
                there.append((version, names.index(row[version])))
        full = np.zeros(k, dtype=np.int64)
        of_universities = 0
        for version, place in there:
            credits_ = credited[version, registry, policy]
            full += credits_.full.toarray()[place]
            of_universities += int(credits_.of_universities[place])
        assert figures.papers.tolist() == full.tolist()
        assert figures.papers.dtype == np.int64
        assert figures.basis.tolist() == (full * 0.5).tolist()
        chosen = CHOICES[of] if policy == "after" else "papers_total"
        whole = {
            "papers_total": len(there), "sum_over_institutions": full.sum() * 0.5,
            "sum_over_mainland_universities": full[0] * 0.5,
            "distinct_mainland_universities": of_universities,
        }[chosen]  # fmt: skip
        # Where nothing is there, nothing is divided.
        assert figures.denominator == (whole if there else 0)
        expected = full * 0.5 / whole if whole else np.zeros(k)
        assert figures.share.tolist() == expected.tolist()
    for figure in ("papers", "share"):
        table = np.array([getattr(state, figure) for state in values])
        split = shapley(table)
        assert np.allclose(split.average.sum(axis=0), table[-1] - table[0], rtol=0, atol=1e-9)
        assert (split.least <= split.average + 1e-12).all()
        assert (split.average <= split.most + 1e-12).all()
