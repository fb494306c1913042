"""A comparison of two corpora of five papers, every table by hand, and sentences cell by cell."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from bibliometrics import schema
from bibliometrics.attribution import HumanDecision, Matcher, entities
from bibliometrics.attribution.institutions import Registry, load_registry
from bibliometrics.comparison import Comparison, Side, compare, evidence, sentences, unlike_stored
from bibliometrics.comparison.admission import admission
from bibliometrics.comparison.causes import CAUSES, PLAYERS
from bibliometrics.comparison.credits import differing, knowledge_of, policy_of, recount
from bibliometrics.comparison.history import history, signatures
from bibliometrics.comparison.shapley import shapley
from bibliometrics.comparison.stability import _shares
from bibliometrics.comparison.states import Credits
from bibliometrics.counting import ranking
from bibliometrics.counting.counts import count
from bibliometrics.counting.ranking import Stamp
from bibliometrics.errors import EditionError, InvariantError
from bibliometrics.study.model import Study
from comparison_fixture import FUDAN, HARBIN, TSINGHUA, parts
from conftest import with_options

T, H, F = "tsinghua-university", "harbin-institute-of-technology", "fudan-university"
UNHEARD = "Unheard-of Works, Beijing, China"
# Three universities are enough here, and matched in no time.
_WHOLE = load_registry()
REGISTRY = Registry(
    {who: _WHOLE.institutions[who] for who in (T, H, F)}, (), _WHOLE.cities,
    _WHOLE.city_spellings, {}, (),
)  # fmt: skip
CLINIC = "Department of Medicine, Tsinghua University Hospital, Beijing, China"
ABROAD = "Department of Physics, Rice University, Houston, United States"
MATCHERS: dict[tuple[HumanDecision, ...], Matcher] = {}
# paper, year, a string each author, and the corresponding author (0: not said)
Row = tuple[str, int, tuple[str, ...], int]
BEFORE: list[Row] = [
    ("p1", 2017, (TSINGHUA, HARBIN), 1), ("p2", 2018, (TSINGHUA,), 1),
    ("p3", 2018, (HARBIN,), 1), ("p4", 2018, (FUDAN,), 1),
]  # fmt: skip
AFTER: list[Row] = [
    ("p1", 2017, (TSINGHUA, HARBIN), 1), ("p2", 2018, (TSINGHUA,), 1),
    ("p4", 2018, (FUDAN, TSINGHUA), 1), ("n5", 2019, (HARBIN, FUDAN), 1),
    ("n6", 2018, (TSINGHUA,), 1),
]  # fmt: skip


def matcher_of(decisions: tuple[HumanDecision, ...]) -> Matcher:
    return MATCHERS.setdefault(decisions, Matcher(REGISTRY, decisions))


def edition(
    name: str, rows: list[Row], study: Study, decisions: tuple[HumanDecision, ...] = (),
    words: dict[str, str] | None = None, excluded: pd.DataFrame | None = None,
) -> Side:  # fmt: skip
    """An edition as a run would keep it; ``words`` are keywords found, by paper."""
    strings = sorted({text for _, _, authors, _ in rows for text in authors})
    affiliations = schema.conform(
        pd.DataFrame(
            {
                "affiliation_id": range(len(strings)), "affiliation": strings, "country": "CN",
                "papers": [sum(text in authors for _, _, authors, _ in rows) for text in strings],
            }
        ),
        schema.AFFILIATIONS,
    )  # fmt: skip
    papers = schema.conform(
        pd.DataFrame(
            {
                "paper_id": paper, "eid": paper, "doi": None, "title": f"Title of {paper}, {name}",
                "year": year, "document_type": "Article", "language": "English",
                "authors_announced": len(authors), "tie": "author", "is_cut": 0, "is_retracted": 0,
            }
            for paper, year, authors, _ in rows
        ),
        schema.PAPERS,
    )  # fmt: skip
    authorships = schema.conform(
        pd.DataFrame(
            {
                "paper_id": paper, "author_position": place, "affiliation_id": strings.index(text),
                "is_corresponding": int(place == said) if said else None,
            }
            for paper, _, authors, said in rows
            for place, text in enumerate(authors, 1)
        ),
        schema.AUTHORSHIPS,
    )  # fmt: skip
    matcher = matcher_of(decisions)
    answers = entities.answer_affiliations(affiliations, matcher, study)
    credited = entities.credit(answers, REGISTRY, study)
    scopes = {who: each.scope for who, each in credited.entities.items()}
    told, by_affiliation = entities.for_counting(authorships, credited)
    counts = count(papers, told, by_affiliation, scopes)
    made, _ = ranking.institutions(
        papers, counts, credited.entities, study, Stamp("full", "unknown", "Scopus")
    )
    hits = pd.DataFrame(
        [(paper, (words or {}).get(paper, "Machine learning"), "title") for paper, *_ in rows],
        columns=["paper_id", "keyword", "field"], dtype="string",
    )  # fmt: skip
    nothing = papers.iloc[:0]
    tables = {
        "papers": papers, "authorships": authorships, "affiliations": affiliations,
        "keyword_hits": hits, "excluded": nothing if excluded is None else excluded,
        "credits": counts.credits, "ranking": made, "attribution": credited.attribution,
    }  # fmt: skip
    return Side(name, study, REGISTRY, "1", decisions, "0", False, tables)


@pytest.fixture(scope="module")
def early() -> Study:
    from bibliometrics.study.file import load_study
    from conftest import ROOT

    whole = load_study(ROOT / "queries" / "cingai-2020.toml")
    return with_options(
        whole, query={"end_date": dt.date(2018, 12, 31)}, thresholds={"rank_floor": 1},
        counting={"rule": "full", "share_denominator": "papers_total"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def late(early: Study) -> Study:
    return with_options(early, query={"end_date": dt.date(2019, 12, 31)})


@pytest.fixture(scope="module")
def found(early: Study, late: Study) -> Comparison:
    return compare(edition("E1", BEFORE, early), edition("E2", AFTER, late))


def rows(frame: pd.DataFrame, *columns: str) -> list[list[Any]]:
    cells = frame[list(columns)].astype(object)
    return cells.where(cells.notna(), None).to_numpy().tolist()


ACTED = ("new_years", "newly_indexed", "record_changed", "papers_gone")


def test_what_acted_and_what_was_compared(found: Comparison) -> None:
    assert (found.before, found.after, found.is_simulated) == ("E1", "E2", False)
    assert found.players == ACTED
    assert found.untestable == ()
    assert found.papers == (4, 5)
    assert found.denominators == (4.0, 5.0)
    assert set(found.tables) == {table.name for table in schema.COMPARISON_TABLES}
    for table in found.tables.values():
        if len(table):
            assert rows(table.head(1), "edition_before", "edition_after", "source") == [
                ["E1", "E2", "Scopus"]
            ]


def test_changes_by_hand(found: Comparison) -> None:
    made = found.tables["changes"]
    told = ("institution_id", "group", "papers_before", "papers_after", "papers_change",
            "share_before", "share_after", "rank_before", "rank_after", "rank_change",
            "rank_change_own", "rank_change_others")  # fmt: skip
    u = "universities"
    assert rows(made, *told) == [
        [T, u, 2, 4, 2, 0.5, 0.8, 1, 1, 0, 0, 0],
        [F, u, 1, 2, 1, 0.25, 0.4, 3, 2, -1, -0.5, -0.5],
        [H, u, 2, 2, 0, 0.5, 0.4, 1, 2, 1, 0.5, 0.5],
    ]
    by_id = made.set_index("institution_id")
    assert by_id["share_change"].round(9).to_dict() == {T: 0.3, F: 0.15, H: -0.1}
    # Two more papers at the mean of 1/4 and 1/5; the rest is the larger denominator's.
    assert by_id["share_change_own"].round(9).to_dict() == {T: 0.45, F: 0.225, H: 0}
    assert by_id["share_change_denominator"].round(9).to_dict() == {T: -0.15, F: -0.075, H: -0.1}
    assert (by_id["share_change_low"] <= by_id["share_change"]).all()
    assert (by_id["share_change"] <= by_id["share_change_high"]).all()
    assert (by_id["share_change_low"] < by_id["share_change_high"]).all()
    assert by_id.loc[T, "name_en"] == "Tsinghua University"
    assert by_id.loc[T, "name_zh"] == "清华大学"


def test_parts_of_papers_by_hand(found: Comparison) -> None:
    assert parts(found) == {
        T: {"record_changed": 1, "newly_indexed": 1}, F: {"new_years": 1},
        H: {"new_years": 1, "papers_gone": -1},
    }  # fmt: skip
    made = found.tables["change_parts"]
    assert len(made) == 3 * 2 * 4
    papers = made[made["figure"] == "papers"]
    assert (papers["part"] == papers["part_least"]).all()
    assert (papers["part"] == papers["part_most"]).all()


def state(acted: frozenset[str]) -> dict[str, Fraction]:
    """Shares where just these causes have acted, by the papers that are then there."""
    there = {"p1": {T, H}, "p2": {T}, "p4": {F, T} if "record_changed" in acted else {F}}
    if "papers_gone" not in acted:
        there["p3"] = {H}
    if "new_years" in acted:
        there["n5"] = {H, F}
    if "newly_indexed" in acted:
        there["n6"] = {T}
    return {who: Fraction(sum(who in p for p in there.values()), len(there)) for who in (T, H, F)}


def test_parts_of_shares_are_averages_over_all_orders_with_least_and_most(
    found: Comparison,
) -> None:
    steps: dict[tuple[str, str], list[Fraction]] = {}
    for order in itertools.permutations(ACTED):
        for place, cause in enumerate(order):
            old, new = state(frozenset(order[:place])), state(frozenset(order[: place + 1]))
            for who in (T, H, F):
                steps.setdefault((who, cause), []).append(new[who] - old[who])
    made = found.tables["change_parts"]
    made = made[made["figure"] == "share"].set_index(["institution_id", "cause"])
    assert len(made) == len(steps)
    for key, each in steps.items():
        told = made.loc[key, ["part", "part_least", "part_most"]].astype(float).tolist()
        by_hand = [float(sum(each) / len(each)), float(min(each)), float(max(each))]
        assert told == pytest.approx(by_hand, abs=1e-9)


def test_causes_papers_strings_and_options_behind_it(found: Comparison) -> None:
    causes = found.tables["causes"]
    assert rows(causes, "order", "cause", "acted", "papers") == [
        [1, "new_years", 1, 1], [2, "newly_indexed", 1, 1], [3, "record_changed", 1, 1],
        [4, "papers_gone", 1, 1], [5, "query", 0, 0], [6, "registry", 0, None],
        [7, "policy", 0, None], [8, "software", 0, None],
    ]  # fmt: skip
    assert rows(causes, "says_en", "says_zh") == [[cause.en, cause.zh] for cause in CAUSES]
    told = ("causes", "paper_id_before", "paper_id_after", "linked_by", "title", "year_before",
            "year_after", "institutions_before", "institutions_after")  # fmt: skip
    assert rows(found.tables["changed_papers"], *told) == [
        ["new_years", None, "n5", None, "Title of n5, E2", None, 2019, None, f"{F}|{H}"],
        ["newly_indexed", None, "n6", None, "Title of n6, E2", None, 2018, None, T],
        ["papers_gone", "p3", None, None, "Title of p3, E1", 2018, None, H, None],
        ["record_changed", "p4", "p4", "paper_id", "Title of p4, E2", 2018, 2018, F, f"{F}|{T}"],
    ]
    assert found.tables["changed_strings"].empty
    assert rows(found.tables["changed_options"], "option", "before", "after", "cause") == [
        ["query.end_date", "2018-12-31", "2019-12-31", "new_years"]
    ]


def test_an_edition_against_itself_has_no_cause_and_no_part(early: Study) -> None:
    side = edition("E1", BEFORE, early)
    same = compare(side, side)
    assert same.players == ()
    assert same.tables["change_parts"].empty
    assert same.tables["changed_papers"].empty
    made = same.tables["changes"]
    assert (made["papers_change"] == 0).all()
    assert made["share_change_low"].isna().all()
    assert "papers, as before" in made["says_en"][0]


def test_what_an_edition_printed_otherwise_is_the_softwares_part(early: Study) -> None:
    side = edition("E1", BEFORE, early)
    assert unlike_stored(side) == ()
    printed = side.tables["ranking"].copy()
    printed.loc[printed["institution_id"] == T, "share"] = 0.25
    odd = replace(side, tables={**side.tables, "ranking": printed})
    assert unlike_stored(odd) == (T,)
    made = compare(side, odd)
    assert made.players == ("software",)
    assert parts(made, "share") == {T: {"software": -0.25}}
    assert parts(compare(odd, side), "share") == {T: {"software": 0.25}}
    lost = side.tables["credits"]
    lost = lost[~((lost["paper_id"] == "p2") & (lost["institution_id"] == T))]
    less = replace(side, tables={**side.tables, "credits": lost})
    assert unlike_stored(less) == (T,)
    assert parts(compare(side, less)) == {T: {"software": -1}}
    more = pd.concat([printed, printed.tail(1).assign(institution_id="nobody")])
    assert unlike_stored(replace(odd, tables={**side.tables, "ranking": more})) == ("nobody", T)
    # A share that the ranking does not print is taken from what comes out today.
    short = printed[printed["institution_id"] != T]
    assert unlike_stored(replace(side, tables={**side.tables, "ranking": short})) == ()


def test_editions_that_cannot_be_compared_are_refused(early: Study) -> None:
    side = edition("E1", BEFORE, early)
    made_up = replace(side, name="S", is_simulated=True)
    for pair in ((side, made_up), (made_up, side)):
        with pytest.raises(EditionError, match="one edition is of simulated records"):
            compare(*pair)
    assert compare(made_up, made_up).tables["changes"]["source"].eq("SIMULATED").all()
    empty = replace(side, tables={**side.tables, "papers": side.tables["papers"].iloc[:0]})
    for pair in ((side, empty), (empty, side)):
        with pytest.raises(EditionError, match="no papers"):
            compare(*pair)


def test_shares_of_mainland_universities_in_one_group(early: Study, late: Study) -> None:
    changes = {
        "counting": {"share_denominator": "sum_over_mainland_universities"},
        "institutions": {"groups": "together"},
    }
    old, new = (with_options(study, **changes) for study in (early, late))
    made = compare(edition("E1", BEFORE, old), edition("E2", AFTER, new))
    assert made.denominators == (5.0, 8.0)
    told = made.tables["changes"].set_index("institution_id")
    assert told["share_after"].to_dict() == {T: 0.5, F: 0.25, H: 0.25}
    assert set(told["group"]) == {"institutions"}


# --- registry, decisions and policy --------------------------------------------------------------

DECIDED = (HumanDecision(UNHEARD, "CN", (F,), "N. N.", "2020-01-01", "known"),)
SOME: list[Row] = [
    ("p1", 2017, (TSINGHUA, UNHEARD), 2), ("p2", 2018, (UNHEARD, HARBIN), 1),
    ("p3", 2018, (FUDAN, TSINGHUA), 0),
]  # fmt: skip


def test_a_decision_moves_the_papers_of_its_string_and_nothing_else(early: Study) -> None:
    old, new = edition("E1", SOME, early), edition("E2", SOME, early, DECIDED)
    assert knowledge_of(old) != knowledge_of(new)
    made = compare(old, new)
    assert made.players == ("registry",)
    assert parts(made) == {F: {"registry": 2}}
    assert rows(made.tables["changed_strings"], "affiliation", "country", "papers",
                "counted_before", "counted_after") == [[UNHEARD, "CN", 2, "", F]]  # fmt: skip
    assert (
        made.tables["changed_strings"]["rule_after"][0]
        != (made.tables["changed_strings"]["rule_before"][0])
    )
    back = compare(new, old)
    assert parts(back) == {F: {"registry": -2}}
    other_version = replace(old, registry_version="2")
    assert compare(old, other_version).players == ("registry",)
    assert parts(compare(old, other_version)) == {}


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("full", {T: 2, H: 1, F: 1}),
        ("fractional", {T: 1, H: 0.5, F: 0.5}),
        ("first_affiliation", {T: 1, F: 1, H: 0}),
        ("corresponding_affiliation", {T: 0, H: 0, F: 0}),
    ],
)
def test_a_policy_counts_both_corpora_by_both_rules(
    early: Study, rule: str, told: dict[str, float]
) -> None:
    other = with_options(early, counting={"rule": rule})
    old, new = edition("E1", SOME, early), edition("E2", SOME, other)
    recounted = recount({"before": old, "after": new})
    assert recounted.institutions == (F, H, T)
    assert set(recounted.credited) == set(
        itertools.product(("before", "after"), ("before", "after"), ("before", "after"))
    )
    for records, registry in itertools.product(("before", "after"), repeat=2):
        by_full = recounted.credited[records, registry, "before"]
        by_rule = recounted.credited[records, registry, "after"]
        assert dict(zip((F, H, T), np.asarray(by_full.basis.sum(axis=0)).ravel().tolist(),
                        strict=True)) == {F: 1, H: 1, T: 2}  # fmt: skip
        assert dict(zip((F, H, T), np.asarray(by_rule.basis.sum(axis=0)).ravel().tolist(),
                        strict=True)) == told  # fmt: skip
        assert np.asarray(by_rule.full.sum(axis=0)).ravel().tolist() == [1, 1, 2]
        assert by_rule.of_universities.tolist() == [True, True, True]
        assert by_rule.papers.tolist() == ["p1", "p2", "p3"]
    made = compare(old, new)
    assert made.players == (() if rule == "full" else ("policy",))
    assert parts(made) == {}
    after = made.tables["changes"].set_index("institution_id")["share_after"]
    whole = {who: value / 3 for who, value in told.items()}
    assert after.to_dict() == pytest.approx(whole, abs=1e-9)


def test_a_corresponding_author_counts_where_the_source_says_who(early: Study) -> None:
    other = with_options(early, counting={"rule": "corresponding_affiliation"})
    told: list[Row] = [("p1", 2017, (TSINGHUA, HARBIN), 2), ("p2", 2018, (HARBIN, FUDAN), 1)]
    recounted = recount({"before": edition("E", told, early), "after": edition("F", told, other)})
    by_mail = recounted.credited["after", "after", "after"]
    assert by_mail.basis.toarray().tolist() == [[0, 1, 0], [0, 1, 0]]


def summed(matrix: Any) -> list[float]:
    found: list[float] = np.asarray(matrix.sum(axis=0)).ravel().tolist()
    return found


def test_each_corpus_is_counted_by_the_policy_of_each_side(early: Study) -> None:
    told: list[Row] = [("p1", 2017, (TSINGHUA, CLINIC), 1), ("p2", 2018, (CLINIC,), 1)]
    other = with_options(early, roll_up={"hospitals": "exclude"})
    late: list[Row] = [*told, ("p3", 2018, (CLINIC, HARBIN), 1)]
    recounted = recount({"before": edition("E", told, early), "after": edition("F", late, other)})
    by = {key: summed(credits_.full) for key, credits_ in recounted.credited.items()}
    for registry in ("before", "after"):
        assert by["before", registry, "before"] == [0, 2]
        assert by["before", registry, "after"] == [0, 1]
        assert by["after", registry, "before"] == [1, 3]
        assert by["after", registry, "after"] == [1, 1]
    # What is told of a string is said under the policy of the side whose registry it is.
    old, new = edition("E", told, early), edition("F", late, other)
    both = recount({"before": old, "after": replace(new, registry_version="2")})
    for (_, registry), rows_ in both.attribution.items():
        whom = rows_.set_index("affiliation")["counted_ids"]
        assert whom[CLINIC] == (T if registry == "before" else "")


def test_what_no_author_is_tied_to_counts_in_no_part(early: Study) -> None:
    shared = with_options(early, counting={"rule": "fractional"})
    old, new = (edition(name, SOME, study) for name, study in (("E", early), ("F", shared)))
    untied = new.tables["papers"].copy()
    untied.loc[untied["paper_id"] == "p2", "tie"] = "paper"
    new = replace(new, tables={**new.tables, "papers": untied})
    by_rule = recount({"before": old, "after": new}).credited["after", "after", "after"]
    tied = recount({"before": old, "after": old}).credited["after", "after", "after"]
    assert summed(by_rule.full) == summed(tied.full)
    place = by_rule.papers.tolist().index("p2")
    assert by_rule.full.toarray()[place].sum() > 0
    assert by_rule.basis.toarray()[place].sum() == 0


def test_first_authors_from_abroad_stand_for_nobody_here(early: Study) -> None:
    first = with_options(early, counting={"rule": "first_affiliation"})
    told: list[Row] = [("p1", 2017, (TSINGHUA, ABROAD), 1), ("p2", 2018, (ABROAD, HARBIN), 1),
                       ("p3", 2018, (ABROAD,), 1)]  # fmt: skip
    sides = {}
    for name, study in (("before", early), ("after", first)):
        side = edition(name, told, study)
        strings = side.tables["affiliations"]
        country = strings["country"].mask(strings["affiliation"] == ABROAD, "US")
        sides[name] = replace(
            side, tables={**side.tables, "affiliations": strings.assign(country=country)}
        )
    by_rule = recount(sides).credited["after", "after", "after"]
    assert by_rule.full.toarray().tolist() == [[0, 1], [1, 0], [0, 0]]
    assert by_rule.basis.toarray().tolist() == [[0, 1], [0, 0], [0, 0]]
    by_parts = with_options(early, counting={"rule": "fractional"})
    sides["after"] = replace(sides["after"], study=by_parts)
    shared = recount(sides).credited["after", "after", "after"]
    assert shared.basis.toarray().tolist() == [[0, 0.5], [0.5, 0], [0, 0]]


def test_policies_and_knowledge_are_told_by_what_decides_them(early: Study) -> None:
    for section, options in (
        ("geography", {"scope": "with_taiwan"}), ("roll_up", {"hospitals": "exclude"}),
        ("counting", {"rule": "fractional"}), ("institutions", {"groups": "together"}),
    ):  # fmt: skip
        assert policy_of(with_options(early, **{section: options})) != policy_of(early)
    assert policy_of(with_options(early, query={"retracted": "keep"})) == policy_of(early)


def test_papers_that_count_otherwise_under_equal_rules_are_found(early: Study) -> None:
    old = edition("E", BEFORE, early)
    new = edition("F", AFTER, early)
    recounted = recount({"before": old, "after": new})
    pairs = pd.DataFrame({"before": ["p1", "p2", "p4"], "after": ["p1", "p2", "p4"]})
    assert differing(recounted, pairs) == {"p4"}
    assert differing(recounted, pairs.head(2)) == frozenset()
    key = ("after", "after", "after")
    moved = recounted.credited[key]
    for change in (
        {"basis": moved.basis * 2}, {"of_universities": ~moved.of_universities},
    ):  # fmt: skip
        other = replace(recounted, credited={**recounted.credited, key: replace(moved, **change)})
        assert differing(other, pairs.head(2)) == {"p1", "p2"}


def test_options_that_differ_name_their_cause(early: Study) -> None:
    other = with_options(
        early, query={"phrase": "words_and", "start_year": 2001}, roll_up={"hospitals": "exclude"},
        thresholds={"rank_floor": 7}, counting={"rule": "fractional"},
        geography={"scope": "with_taiwan"}, institutions={"groups": "together"},
    )  # fmt: skip
    made = evidence.options(early, other)
    told = dict(rows(made, "option", "cause"))
    assert told == {
        "counting.rule": "policy", "geography.scope": "policy", "institutions.groups": "policy",
        "query.phrase": "query", "query.start_year": "new_years",
        "roll_up.hospitals": "policy", "thresholds.rank_floor": None,
    }  # fmt: skip
    floor = made.set_index("option").loc["thresholds.rank_floor"]
    assert (floor["before"], floor["after"]) == ("1", "7")
    assert evidence.options(early, early).empty


def test_causes_of_one_paper_stand_together(early: Study) -> None:
    past = history(edition("E", BEFORE, early), edition("F", AFTER, early))
    papers = past.papers.assign(record_cause="")
    at = papers.index[papers["before"] == "p1"][0]
    papers.loc[at, ["query_after", "window_before"]] = False
    other = papers.index[papers["before"] == "p2"][0]
    papers.loc[other, "record_cause"] = "record_changed"
    papers.loc[other, "geography_after"] = False
    told = evidence.causes_of(replace(past, papers=papers))
    assert told[at] == "query|new_years"
    assert told[other] == "record_changed|policy"
    assert (told.drop([at, other]) == "").all()
    counted = evidence.causes(replace(past, papers=papers), ("query",)).set_index("cause")
    assert counted["papers"].dropna().to_dict() == {
        "new_years": 1, "newly_indexed": 0, "record_changed": 1, "papers_gone": 0, "query": 1,
    }  # fmt: skip
    assert counted["acted"].to_dict() == {
        cause.name: int(cause.name == "query") for cause in CAUSES
    }


# --- records -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("papers", "year", 2016), ("papers", "document_type", "Review"), ("papers", "tie", "paper"),
        ("papers", "authors_announced", 9), ("papers", "is_cut", 1), ("papers", "is_retracted", 1),
        ("affiliations", "affiliation", "Elsewhere"), ("affiliations", "country", "US"),
        ("authorships", "author_position", 7),
    ],
)  # fmt: skip
def test_what_is_counted_of_a_record_is_in_its_signature(
    early: Study, table: str, column: str, value: object
) -> None:
    side = edition("E", BEFORE[1:2], early)
    changed = side.tables[table].copy()
    changed[column] = changed[column].astype(object)
    changed.loc[0, column] = value
    other = replace(side, tables={**side.tables, table: changed.convert_dtypes()})
    assert signatures(other)["p2"] != signatures(side)["p2"]
    titled = side.tables["papers"].assign(title="Another", language="Chinese")
    same = replace(side, tables={**side.tables, "papers": titled})
    assert signatures(same)["p2"] == signatures(side)["p2"]


def test_keywords_are_in_a_signature_where_both_queries_search_them(
    early: Study,
) -> None:
    side = edition("E", BEFORE[:2], early)
    other = edition("E", BEFORE[:2], early, words={"p1": "Loom"})
    words = frozenset({"Machine learning", "Loom"})
    assert signatures(side).equals(signatures(other))
    assert (signatures(side, words) != signatures(other, words)).tolist() == [True, False]
    only = frozenset({"Vision"})
    assert signatures(side, only).equals(signatures(other, only))
    # The order of rows says nothing.
    turned = {name: table.iloc[::-1] for name, table in side.tables.items()}
    again = signatures(replace(side, tables=turned), words).reindex(signatures(side).index)
    assert again.equals(signatures(side, words))
    more = with_options(early, query={"keywords": [*early.query.keywords, "Loom"]})
    shared = early.query.keywords[0]
    one = edition("E", BEFORE[:2], early, words=dict.fromkeys(("p1", "p2"), shared))
    two = edition("F", BEFORE[:2], more, words={"p1": "Loom", "p2": shared})
    told = history(one, two).papers.set_index("before")["record_cause"]
    assert told.to_dict() == {"p1": "record_changed", "p2": ""}
    rule = with_options(
        more, query={"retracted": "keep" if more.query.retracted != "keep" else "drop"}
    )
    three = edition("F", BEFORE[:2], rule, words={"p1": "Loom", "p2": shared})
    assert set(history(one, three).papers["record_cause"]) == {""}


def test_a_paper_newer_than_all_others_is_of_new_years_within_an_open_window(
    early: Study,
) -> None:
    open_ = with_options(early, query={"end_date": dt.date(2030, 12, 31)})
    old = edition("E", BEFORE, open_)
    new = edition("F", AFTER, open_)
    told = history(old, new).papers.set_index("after")["record_cause"]
    assert (told["n5"], told["n6"]) == ("new_years", "newly_indexed")


def test_a_paper_that_leaves_the_window_or_the_query_is_not_gone(early: Study) -> None:
    later = with_options(early, query={"start_year": 2018})
    old = edition("E", BEFORE, early)
    told = history(old, edition("F", AFTER[1:], later)).papers.set_index("before")
    assert told.loc["p1", "record_cause"] == "new_years"
    assert told.loc["p1", "window_before"]
    refused = with_options(early, query={"document_types": ["review"]})
    gone = history(old, edition("F", AFTER[:1], refused)).papers.set_index("before")
    assert gone.loc["p3", "record_cause"] == ""
    assert not gone.loc["p3", "query_before"]
    assert gone.loc["p1", "record_cause"] == ""


def test_options_that_cannot_be_told_are_named_once(early: Study) -> None:
    other = with_options(early, query={"phrase": "words_and"})
    past = history(edition("E", BEFORE, early), edition("F", AFTER, other))
    assert past.untestable == ("phrase",)
    told = past.papers.set_index("after")
    assert told.loc["n6", "record_cause"] == ""
    assert not told.loc["n6", "query_after"]
    assert compare(edition("E", BEFORE, early), edition("F", AFTER, other)).players == (
        "new_years", "record_changed", "query",
    )  # fmt: skip


def test_all_that_the_corpus_cannot_tell_refuses(early: Study) -> None:
    side = edition("E", BEFORE[:1], early)
    for option, value in (
        ("word_forms", None), ("hyphen_and_case", None), ("source_types", None),
        ("articles_in_press", None), ("end_date_field", None),
    ):  # fmt: skip
        query = side.study.query.model_copy(update={option: value})
        told = admission(side, side.study.model_copy(update={"query": query}))
        assert told.untestable == (option,)
        assert not told.passes["query"].any()


# --- sums, shares, sentences ---------------------------------------------------------------------


def test_parts_that_do_not_sum_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.array([[0.0], [np.nan], [1.0], [2.0]])
    fine = shapley(np.array([[0, 0], [3, 1], [1, 1], [6, 2]]))
    assert fine.average.tolist() == [[4.0, 1.0], [2.0, 1.0]]
    assert fine.least.tolist() == [[3, 1], [1, 1]]
    assert fine.most.tolist() == [[5, 1], [3, 1]]
    assert np.isnan(shapley(values).average).all()
    import math

    from bibliometrics.comparison import shapley as module

    monkeypatch.setattr(
        module, "math", type("M", (), {"factorial": lambda n: n + 1}), raising=False
    )
    assert math.factorial(3) == 6
    with pytest.raises(InvariantError, match="do not sum"):
        module.shapley(np.array([[0], [3], [1], [6]]))


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ("papers_total", [[0.5, 0.25], [0, 0]]),
        ("sum_over_institutions", [[2 / 3, 1 / 3], [0, 0]]),
        ("sum_over_mainland_universities", [[1, 0.5], [0, 0]]),
        ("distinct_mainland_universities", [[0.4, 0.2], [0, 0]]),
    ],
)
def test_shares_of_resampled_sums(early: Study, chosen: str, told: list[list[float]]) -> None:
    sums = np.array([[2.0, 1.0, 4.0, 5.0], [0.0, 0.0, 0.0, 0.0]])
    study = with_options(early, counting={"share_denominator": chosen})
    assert _shares(sums, study, np.array([True, False])).tolist() == told


def test_rows_of_papers_that_are_not_there_are_marked() -> None:
    one = sparse.csr_matrix(np.eye(2))
    credits_ = Credits(pd.Index(["a", "b"]), one, one, np.array([True, False]))
    assert credits_.rows(pd.Series(["b", "x", "a", None])).tolist() == [1, -1, 0, -1]


def row(**cells: object) -> dict[str, object]:
    return {
        "institution_id": "a", "papers_before": 1000, "papers_after": 1234, "share_before": 0.5,
        "share_after": 0.25, "rank_before": 4, "rank_after": 2, "rank_change_own": -1.5,
        "rank_change_others": -0.5,
    } | cells  # fmt: skip


def told(changes: dict[str, object], *pieces: tuple[str, float]) -> tuple[str, str]:
    parts_ = pd.DataFrame(
        [("a", "papers", cause, part) for cause, part in pieces]
        + [("a", "share", "query", 5.0), ("b", "papers", "query", 7.0)],
        columns=["institution_id", "figure", "cause", "part"],
    )
    english, chinese = sentences.of_changes(pd.DataFrame([changes]), parts_)
    return english[0], chinese[0]


def test_a_sentence_names_causes_by_size_in_both_languages() -> None:
    english, chinese = told(row(), ("query", -16.0), ("new_years", 250.0), ("registry", 0.04),
                            ("policy", 0.05))  # fmt: skip
    assert english == (
        "1,234 papers, +234 (1,000 before): +250 by years that the earlier edition did not cover;"
        " −16 by another query; +0.1 by another policy, geography or counting rule."
        " Share 50.00% → 25.00%; rank 4 → 2: −1.5 by its own change, −0.5 by that of others."
    )
    assert chinese.startswith(
        "论文 1,234 篇，较此前 1,000 篇变动 +234：新增年份 +250；检索式变更 −16；"
    )
    assert chinese.endswith(
        "。占比 50.00% → 25.00%；排名由第 4 位变为第 2 位：自身变化 −1.5，其他机构变化 −0.5。"
    )


@pytest.mark.parametrize(
    ("cells", "english", "chinese"),
    [
        ({"rank_before": None, "rank_after": None}, "25.00%.", "25.00%。"),
        ({"rank_before": None}, "; newly ranked, 2.", "；新进排名，第 2 位。"),
        ({"rank_after": None}, "; no longer ranked (was 4).", "；不再列入排名（原第 4 位）。"),
        ({"rank_after": 4}, "; rank 4, as before.", "；排名第 4 位，与此前相同。"),
    ],
)
def test_how_a_rank_is_told(cells: dict[str, object], english: str, chinese: str) -> None:
    found = told(row(**cells))
    assert found[0].endswith(english)
    assert found[1].endswith(chinese)


def test_papers_that_stay_are_told_as_before_unless_causes_cancel() -> None:
    still = told(row(papers_after=1000))
    assert still[0].startswith("1,000 papers, as before. Share")
    assert still[1].startswith("论文 1,000 篇，与此前相同。占比")
    both = told(row(papers_after=1000), ("query", -2.0), ("registry", 2.0))
    assert both[0].startswith("1,000 papers, +0 (1,000 before): −2 by another query; +2 by another")
    assert both[1].startswith("论文 1,000 篇，较此前 1,000 篇变动 +0：检索式变更 −2；")
    changed = told(row())
    assert changed[0].startswith("1,234 papers, +234 (1,000 before). Share")


def test_the_causes_are_eight_and_the_software_plays_no_part() -> None:
    assert PLAYERS == (
        "new_years", "newly_indexed", "record_changed", "papers_gone", "query", "registry",
        "policy",
    )  # fmt: skip
    assert [cause.name for cause in CAUSES if cause.is_sampling] == ["new_years", "newly_indexed"]
    assert CAUSES[-1].name == "software"
