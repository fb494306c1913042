"""Every counting rule, what must hold of all of them, and windows of years."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibliometrics import schema
from bibliometrics.attribution.entities import Entity
from bibliometrics.counting import rules, weights, windows
from bibliometrics.counting.counts import Counts, add, check_conserved, check_totals, count
from bibliometrics.counting.ranking import Stamp
from bibliometrics.errors import InvariantError
from bibliometrics.study.model import Study
from conftest import with_options

# A paper: its authors' strings, the corresponding positions (none: not said), its year.
Paper = tuple[list[list[int]], set[int], int]
NAMED = {0: ("a",), 1: ("b",), 2: ("a", "c"), 3: ("x-1",)}
SCOPES = {"a": "domestic", "b": "domestic", "c": "domestic", "x-1": "foreign"}


def frames(papers: list[Paper], tie: str = "author") -> tuple[pd.DataFrame, pd.DataFrame]:
    paper_rows = [
        {"paper_id": f"p{n}", "year": year, "authors_announced": len(authors), "tie": tie}
        for n, (authors, _, year) in enumerate(papers)
    ]
    rows = [
        {
            "paper_id": f"p{n}",
            "author_position": position if tie == "author" else None,
            "affiliation_id": string,
            "is_corresponding": int(position in said) if said else None,
        }
        for n, (authors, said, _) in enumerate(papers)
        for position, strings in enumerate(authors, 1)
        for string in (dict.fromkeys(strings) or [None])
    ]
    columns = ["paper_id", "author_position", "affiliation_id", "is_corresponding"]
    authorships = pd.DataFrame(rows, columns=columns).drop_duplicates()
    return (
        schema.conform(pd.DataFrame(paper_rows), schema.PAPERS),
        schema.conform(authorships, schema.AUTHORSHIPS),
    )


def counts_of(papers: list[Paper], tie: str = "author") -> Counts:
    return count(*frames(papers, tie), NAMED, SCOPES)


def by_rule(counts: Counts) -> dict[str, dict[str, float]]:
    summed = add(counts.totals, ["counting", "institution_id"])
    return {
        rule: {
            str(i): float(v)
            for i, v in summed[summed.index.get_level_values(0) == rule].droplevel(0).items()
        }
        for rule in weights.RULES
    }


def test_every_rule_by_hand() -> None:
    # First author at b and at an unregistered string; second, corresponding, at a and c.
    found = by_rule(counts_of([([[1, 9], [2], [3]], {2}, 2019)]))
    third = float(Fraction(1, 3))
    assert found["full"] == {"a": 1, "b": 1, "c": 1, "x-1": 1}
    assert found["author_fractional"] == {
        "": third / 2, "a": third / 2, "b": third / 2, "c": third / 2, "x-1": third,
    }  # fmt: skip
    assert found["first_author"] == {"b": 1}
    assert found["first_author_fractional"] == {"": 0.5, "b": 0.5}
    assert found["corresponding_author"] == {"a": 1, "c": 1}
    assert found["institution_fractional"] == {"": 0.2, "a": 0.2, "b": 0.2, "c": 0.2, "x-1": 0.2}


def test_what_a_source_does_not_say_is_not_available_and_counted() -> None:
    counts = counts_of([([[0], [1]], {1}, 2019), ([[0]], set(), 2019)])
    assert counts.counted["corresponding_author"] == 1
    assert by_rule(counts)["corresponding_author"] == {"a": 1}
    untied = counts_of([([[0], [1]], set(), 2019)], tie="paper")
    assert by_rule(untied)["full"] == {"a": 1, "b": 1}
    assert by_rule(untied)["institution_fractional"] == {"a": 0.5, "b": 0.5}
    told = windows.rules_table(untied, SCOPES, "Scopus").set_index("counting")
    assert told["available"].to_dict() == {
        "full": "yes", "institution_fractional": "yes", "author_fractional": "no",
        "first_author": "no", "first_author_fractional": "no", "corresponding_author": "no",
    }  # fmt: skip
    assert told.loc["corresponding_author", "papers_not_available"] == 1
    assert told.loc["full", "sum_domestic"] == 2


papers_strategy = st.lists(
    st.tuples(
        st.lists(st.lists(st.integers(0, 5), max_size=3), min_size=1, max_size=5),
        st.sets(st.integers(1, 5), max_size=2),
        st.integers(2015, 2019),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=15, deadline=None)
@given(papers_strategy)
def test_exclusive_rules_give_every_paper_once_and_none_more_than_full(papers: list[Paper]) -> None:
    counts = counts_of(papers)
    totals = counts.totals
    for rule in rules.RULES:
        own = totals[totals["counting"] == rule.name]
        parts = zip(own["numerator"].tolist(), own["denominator"].tolist(), strict=True)
        whole = sum((Fraction(n, d) for n, d in parts), Fraction())
        if rule.splits:
            assert whole == counts.counted[rule.name]
    found = by_rule(counts)
    for rule_name, values in found.items():
        for name, value in values.items():
            assert not name or value <= found["full"][name] + 1e-9, rule_name


@settings(max_examples=10, deadline=None)
@given(papers_strategy, st.randoms(use_true_random=False))
def test_which_rules_the_order_of_authors_can_move(papers: list[Paper], chance: object) -> None:
    turned = []
    for authors, said, year in papers:
        order = list(range(len(authors)))
        chance.shuffle(order)
        moved = {order.index(position - 1) + 1 for position in said if position <= len(authors)}
        turned.append(([authors[place] for place in order], moved, year))
    told = [
        (authors, {p for p in said if p <= len(authors)}, year) for authors, said, year in papers
    ]
    one, other = by_rule(counts_of(told)), by_rule(counts_of(turned))
    # Corresponding authors move with their positions: only first-author rules ask for the order.
    for rule in ("full", "author_fractional", "institution_fractional", "corresponding_author"):
        assert one[rule] == other[rule]


def test_first_and_corresponding_follow_the_author_not_the_place_in_the_list() -> None:
    one = by_rule(counts_of([([[0], [1]], {2}, 2019)]))
    turned = by_rule(counts_of([([[1], [0]], {2}, 2019)]))
    assert one["first_author"] == {"a": 1} != turned["first_author"]
    assert one["corresponding_author"] == {"b": 1} != turned["corresponding_author"]
    assert one["full"] == turned["full"]


def test_a_broken_weight_stops_the_run() -> None:
    counts = counts_of([([[0], [1]], {1}, 2019), ([[2]], {1}, 2019)])
    broken = counts.shares.assign(denominator=counts.shares["denominator"] + 1)
    with pytest.raises(InvariantError, match="do not sum to one"):
        check_conserved(broken)
    lost = counts.totals[counts.totals["institution_id"] != "c"]
    with pytest.raises(InvariantError, match="author_fractional gives"):
        check_totals(lost, counts.counted)
    more = counts.totals.copy()
    more.loc[more["counting"] == "first_author", "numerator"] += 5
    with pytest.raises(InvariantError, match="more papers than full"):
        check_totals(more, counts.counted)


def test_papers_of_thousands_of_authors_are_checked_exactly_too() -> None:
    below = [2**31 - 1, 2**29 - 3, 2**27 - 39]
    whole = [("p", d, n) for d, n in ((below[0], below[0] // 3), (below[1], 1), (below[2], 1))]
    rest = 1 - sum((Fraction(n, d) for _, d, n in whole), Fraction())
    assert rest.denominator > 2**62
    frame = pd.DataFrame(whole, columns=["paper_id", "denominator", "numerator"])
    with pytest.raises(InvariantError):
        check_conserved(frame)


def entity(name: str) -> Entity:
    fields = {field.name: "" for field in dataclasses.fields(Entity)}
    told = {"scope": SCOPES[name], "kind": "university", "country": "CN", "group": "universities"}
    return Entity(**(fields | told | {"entity_id": name, "name_en": name}))


def test_windows_by_hand(flagship: Study) -> None:
    study = with_options(flagship, thresholds={"rank_floor": 2})
    papers = [([[0]], {1}, 2010), ([[0], [1]], {1}, 2012), ([[1]], {1}, 2014), ([[1]], {1}, 2014)]
    counts = counts_of(papers)
    known = {name: entity(name) for name in SCOPES}
    listed = pd.Series(["a", "b"], dtype="string")
    tables = windows.tables(
        frames(papers)[0], counts, known, listed, study, Stamp("full", "unknown", "Scopus")
    )
    made, every = tables["windows"], tables["counts"]
    key = ["window_kind", "first_year", "last_year", "institution_id"]
    rows = made[made["counting"] == "full"].set_index(key)
    found = rows.loc[("four_years", 2011, 2014, "b")]
    assert (found["papers"], found["rank"], found["share"]) == (3, 1, 1.0)
    assert rows.loc[("four_years", 2010, 2013, "a"), "papers"] == 2
    assert pd.isna(rows.loc[("four_years", 2010, 2013, "b"), "rank"])
    assert rows.loc[("cumulative", 2010, 2012, "a"), "share"] == 1.0
    assert ("year", 2011, 2011, "a") not in rows.index
    assert found["denominator"] == "distinct papers of the corpus = 3"
    assert (found["rank_floor"], found["tie_rule"]) == (2, windows.TIE_RULE)
    fractional = made[made["counting"] == "author_fractional"].set_index(key)["papers"]
    assert fractional.loc[("cumulative", 2010, 2014, "b")] == 2.5
    # The rules that divide: half of the paper of two, and nothing where another is first.
    for rule, expected in (("institution_fractional", 2.5), ("first_author_fractional", 2)):
        divided = made[made["counting"] == rule].set_index(key)["papers"]
        assert divided.loc[("cumulative", 2010, 2014, "b")] == expected
        assert divided.loc[("four_years", 2011, 2014, "b")] == expected
    last = made[(made["window_kind"] == "cumulative") & (made["last_year"] == 2014)]
    both = last.merge(every, on=["counting", "institution_id"])
    assert len(both) == len(last) == len(every)
    assert (both["papers_x"] == both["papers_y"]).all()
