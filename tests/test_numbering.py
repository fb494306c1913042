"""Papers and institutions are numbers inside an engine: what comes out is told by their ids."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibliometrics import schema
from bibliometrics.counting import numbering, questions
from bibliometrics.counting.counts import Counts, add, count
from bibliometrics.counting.weights import RULES
from bibliometrics.engine import duckdb_engine

# Code points are not in the order of numbers, of cases, or of an alphabet.
NAMED = {0: ("z",), 1: ("B",), 2: ("z", "a"), 3: ("é",), 4: ("大学", "B")}
SCOPES = {"z": "domestic", "B": "domestic", "a": "foreign", "é": "domestic", "大学": "foreign"}
# A paper: its number, whether authors are tied, their strings, who corresponds, and its year.
Paper = tuple[int, bool, list[list[int]], set[int], int | None]

papers_strategy = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.booleans(),
        st.lists(st.lists(st.integers(0, 6), max_size=3, unique=True), min_size=1, max_size=4),
        st.sets(st.integers(1, 4), max_size=2),
        st.sampled_from([2018, 2019, None]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda paper: paper[0],
)


def frames(papers: list[Paper]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """In no order of their ids."""
    told = [
        (f"p{n}", year, len(authors), "author" if tied else "paper")
        for n, tied, authors, _, year in papers
    ]
    rows = [
        (f"p{n}", place if tied else None, string, int(place in said) if said else None)
        for n, tied, authors, said, _ in papers
        for place, strings in enumerate(authors, 1)
        for string in (strings or [None])
    ]
    corpus = pd.DataFrame(told, columns=["paper_id", "year", "authors_announced", "tie"])
    authorships = pd.DataFrame(rows, columns=questions.AUTHORSHIPS)
    # Where no author is told, a string that a corresponding author has is one row.
    authorships = authorships.sort_values("is_corresponding", ascending=False, kind="stable")
    authorships = authorships.drop_duplicates(questions.AUTHORSHIPS[:3])
    kinds = {"paper_id": "string", "tie": "string", "year": "Int64", "authors_announced": "Int64"}
    corpus = corpus.astype(kinds)
    return corpus, schema.conform(authorships, schema.AUTHORSHIPS)


def by_hand(papers: list[Paper]) -> dict[str, dict[tuple[str, str], Fraction]]:
    """What each rule gives of a paper to an institution, '' being nobody."""
    found: dict[str, dict[tuple[str, str], Fraction]] = {
        rule: defaultdict(Fraction) for rule in RULES
    }

    def split(rule: str, paper: str, strings: set[int]) -> None:
        units = {name for s in strings for name in NAMED.get(s, (s,))}
        for unit in units or {-1}:
            share = Fraction(1, len(units) or 1)
            found[rule][paper, unit if isinstance(unit, str) else ""] += share

    for n, tied, authors, said, _ in papers:
        paper = f"p{n}"
        strings = {s for own in authors for s in own}
        split("institution_fractional", paper, strings)
        whole = {"full": strings}
        whole["corresponding_author"] = {
            s for place, own in enumerate(authors, 1) if place in said for s in own
        }
        if tied:
            whole["first_author"] = set(authors[0])
            split("first_author_fractional", paper, set(authors[0]))
            for own in authors:
                for string in own or [-1]:
                    names = NAMED.get(string, ("",))
                    for name in names:
                        part = Fraction(1, len(authors) * (len(own) or 1) * len(names))
                        found["author_fractional"][paper, name] += part
        for rule, of in whole.items():
            for name in {name for s in of for name in NAMED.get(s, ())}:
                found[rule][paper, name] = Fraction(1)
    return found


def counts_of(papers: list[Paper]) -> Counts:
    return count(*frames(papers), NAMED, SCOPES)


@settings(max_examples=40, deadline=None)
@given(papers_strategy)
def test_every_rule_is_what_one_counts_by_hand(papers: list[Paper]) -> None:
    counts, wanted = counts_of(papers), by_hand(papers)
    exact: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    totals = counts.totals[["counting", "institution_id", "denominator", "numerator"]]
    for rule, name, below, above in totals.itertuples(index=False):
        exact[rule, name] += Fraction(above, below)
    summed: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for rule, weights in wanted.items():
        for (_, name), weight in weights.items():
            summed[rule, name] += weight
    assert exact == {key: weight for key, weight in summed.items() if weight}
    shares: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for paper, name, below, above in counts.shares.itertuples(index=False):
        shares[paper, name] += Fraction(above, below)
    assert shares == wanted["author_fractional"]
    for rule, frame in (
        ("full", counts.credits), ("first_author", counts.first),
        ("corresponding_author", counts.corresponding),
    ):  # fmt: skip
        pairs = [*zip(frame["paper_id"], frame["institution_id"], strict=True)]
        assert pairs == sorted(wanted[rule])
    assert counts.credits["scope"].tolist() == [
        SCOPES[name] for name in counts.credits["institution_id"]
    ]


@settings(max_examples=15, deadline=None)
@given(papers_strategy)
def test_papers_numbered_by_the_engine_give_the_same_totals(papers: list[Paper]) -> None:
    corpus, authorships = frames(papers)
    credited = [(string, name) for string, names in NAMED.items() for name in names]
    with duckdb_engine() as engine:
        engine.put("papers", corpus)
        engine.put("authorships", authorships)
        engine.put("credited", pd.DataFrame(credited, columns=["affiliation_id", "institution_id"]))
        numbering.keep_papers(engine)
        questions.keep(engine)
        found = questions.totals(engine)
    order = ["counting", "year", "institution_id", "denominator"]
    one, other = (
        frame.sort_values(order, ignore_index=True) for frame in (found, counts_of(papers).totals)
    )
    pd.testing.assert_frame_equal(one, other)


def test_rows_of_papers_that_are_not_of_the_corpus_count_for_nobody() -> None:
    corpus, authorships = frames([(2, True, [[0]], set(), 2019), (10, True, [[1]], set(), 2019)])
    counts = count(corpus[corpus["paper_id"] == "p10"], authorships, NAMED, SCOPES)
    assert counts.credits["paper_id"].tolist() == ["p10"]
    assert add(counts.totals, ["counting", "institution_id"])["full"].to_dict() == {"B": 1}


@pytest.mark.parametrize("ids", [[], ["p9", "p10", "P9"], ["a", "b"]])
def test_papers_are_numbered_in_the_order_of_their_ids(ids: list[str]) -> None:
    frame = pd.DataFrame({"paper_id": pd.Series(ids, dtype="string")})
    told = numbering.numbered(frame.assign(year=2019, authors_announced=1, tie="author"))
    assert told["paper_id"].tolist() == sorted(ids)
    assert told["paper"].tolist() == [*range(len(ids))]
    assert [*told.columns] == ["paper_id", "year", "authors_announced", "tie", "paper"]


def test_the_number_before_the_first_is_nobody() -> None:
    known = pd.Series(["a", "b"], dtype="string")
    assert list(numbering.ids_of(known, [1, -1, 0], "")) == ["b", "", "a"]
    assert list(numbering.ids_of(known, [1, 0])) == ["b", "a"]
