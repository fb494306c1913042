"""The search of the open choices on five papers, each figure by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from bibliometrics.attribution.entities import Answered
from bibliometrics.attribution.model import Attribution, Candidate, Match
from bibliometrics.attribution.rollup import RollUp
from bibliometrics.claims.cuts import Cut
from bibliometrics.claims.effects import Effect, Effects, Judge, figure_of
from bibliometrics.claims.feasibility import claim_cuts, total_meanings
from bibliometrics.claims.open_choices import MEANINGS, ROLL_UP, open_choices, policy_of
from bibliometrics.claims.placebo import Placebo, placebo
from bibliometrics.claims.readings import Policy, Signatures
from bibliometrics.claims.search import NO_FIGURE
from bibliometrics.claims.search_tables import options_table, search_table, vectors_table
from bibliometrics.study.model import Study
from claims_fixture import (
    REGISTRY,
    choices_of,
    effect,
    listing,
    places,
    readings,
    search_of,
    searched,
    wanted,
)
from numbers_fixture import with_sections


@pytest.fixture
def study(flagship: Study) -> Study:
    return with_sections(
        flagship,
        counting={"rule": "full", "share_denominator": "papers_total"},
        geography={"scope": "with_hong_kong_macao"},
        institutions={"groups": "separate", "selection": "all"},
        claims={
            "vary": ("counting", "share_denominator", "total_meaning", "selection", "end_year"),
            "total_meaning": "all_chinese_hits", "tolerance": 0, "rounding": "half_up",
            "loss": "claims_missed",
        },
    )  # fmt: skip


def rows(frame: pd.DataFrame, *columns: str) -> list[list[object]]:
    cells = frame[list(columns)].astype(object)
    return cells.where(cells.notna(), None).to_numpy().tolist()


# --- counts --------------------------------------------------------------------------------------


def test_a_tally_counts_as_the_edition_would() -> None:
    made = readings()
    tally = made.tally(None, np.ones(5, dtype=bool), "all")
    assert tally.institutions == ("a", "b", "h", "i")
    assert tally.number == {"a": 0, "b": 1, "h": 2, "i": 3}
    assert tally.full.tolist() == [3, 2, 1, 1]
    assert tally.fractional.tolist() == pytest.approx([7 / 6, 5 / 6, 0, 1 / 2])
    assert tally.first.tolist() == [3, 0, 0, 1]
    assert (tally.papers, len(made)) == (5, 5)
    assert tally.distinct(np.array([True, True, False, False])) == 3
    assert tally.distinct(np.array([False, False, True, True])) == 2
    assert tally.distinct(np.zeros(4, dtype=bool)) == 0
    assert made.has_ties
    assert not made.has_policies
    assert made.outcome(None) == made.outcome(AS_WRITTEN) == 0


def test_a_tally_of_some_papers_leaves_the_others_out() -> None:
    made = readings()
    keep = made.mask(["p1", "p3", "absent"])
    assert keep.tolist() == [False, True, False, True, False]
    tally = made.tally(None, keep, "some")
    assert tally.full.tolist() == [1, 0, 1, 1]
    assert tally.fractional.tolist() == [0.5, 0, 0, 0.5]
    assert tally.first.tolist() == [1, 0, 0, 1]
    assert tally.papers == 2
    assert tally.distinct(np.array([True, True, False, False])) == 1
    assert tally.distinct(np.array([True, False, True, False])) == 2
    # Another mask of the same policy is counted anew.
    other = made.tally(None, ~keep, "others")
    assert other.full.tolist() == [2, 2, 0, 0]
    assert other.fractional.tolist() == pytest.approx([2 / 3, 5 / 6, 0, 0])


def test_records_that_tie_nobody_have_full_counts_alone() -> None:
    from bibliometrics.claims.readings import Readings
    from claims_fixture import AUTHORSHIPS, IDS, PAPERS

    made = Readings(PAPERS.assign(tie="paper"), AUTHORSHIPS, Signatures.fixed(IDS, REGISTRY))
    tally = made.tally(None, np.ones(5, dtype=bool), "all")
    assert (tally.fractional, tally.first) == (None, None)
    assert not made.has_ties
    nobody = Readings(PAPERS, AUTHORSHIPS, Signatures.fixed(dict.fromkeys(IDS, ()), REGISTRY))
    assert nobody.tally(None, np.ones(5, dtype=bool), "all").full.tolist() == []


def test_only_rows_that_tie_an_author_count_in_parts() -> None:
    from bibliometrics.claims.readings import Readings
    from claims_fixture import AUTHORSHIPS, PAPERS

    # A place in the list on a paper that ties nobody, and an address of nobody on one that ties.
    odd = pd.DataFrame([("p3", 1, 0), ("p1", None, 1)], columns=AUTHORSHIPS.columns)
    both = pd.concat([AUTHORSHIPS, odd.astype(AUTHORSHIPS.dtypes.to_dict())], ignore_index=True)
    known = {0: ("a",), 1: ("b",), 2: ("a", "i"), 3: ("h",)}
    made = Readings(PAPERS, both, Signatures.fixed(known, REGISTRY))
    tally = made.tally(None, np.ones(5, dtype=bool), "all")
    assert tally.full.tolist() == [4, 3, 1, 1]
    assert tally.fractional.tolist() == pytest.approx([7 / 6, 5 / 6, 0, 1 / 2])
    # Signature 0 names an institution here: the first one counts as any other.
    only = Readings(PAPERS, AUTHORSHIPS, Signatures.fixed({0: ("a",)}, REGISTRY))
    assert only.tally(None, np.ones(5, dtype=bool), "all").full.tolist() == [2]


def test_parts_of_one_denominator_are_added_for_each_institution_before_they_are_divided() -> None:
    from bibliometrics.claims.readings import Readings
    from claims_fixture import AUTHORSHIPS, PAPERS

    # A tenth of p0 and two of p1 are three tenths, which no two floats add up to; b has two, c one.
    announced = PAPERS.assign(authors_announced=[10, 5, 10, 10, 10], tie="author")
    rows = [("p0", 1, 0), ("p1", 1, 1), ("p1", 2, 1), ("p2", 1, 2)]
    told = pd.DataFrame(rows, columns=AUTHORSHIPS.columns).astype(AUTHORSHIPS.dtypes.to_dict())
    known = Signatures.fixed({0: ("a",), 1: ("a", "b"), 2: ("c",)}, REGISTRY)
    tally = Readings(announced, told, known).tally(None, np.ones(5, dtype=bool), "all")
    assert tally.fractional is not None
    assert tally.fractional.tolist() == [0.3, 0.2, 0.1]


def answered(number: int, text: str, *names: str, via: str = "name", lost: str = "") -> Answered:
    matches = tuple(Match(name, "alias", via, text) for name in names)
    candidates = (Candidate(lost, "part of another"),) if lost else ()
    answer = Attribution("matched" if names else "unmatched", matches, "", "", candidates)
    return Answered(number, text, "CN", 1, None, answer, None)


AS_WRITTEN = Policy(RollUp("merge", "as_in_source", "roll_up", "one", "separate"))


def test_strings_that_name_the_same_in_the_same_way_are_one_signature() -> None:
    signatures = Signatures(
        [
            answered(0, "A University", "a"),
            answered(1, "University of A", "a"),
            answered(2, "A University Hospital", "a"),
            answered(3, "Laboratory of A", "a", via="laboratory"),
            answered(4, "Institute of A", "a", lost="i"),
            answered(5, "Works of nobody"),
            answered(6, "Other works of nobody", lost="i"),
            answered(7, "A and B", "a", "b"),
        ],
        REGISTRY,
    )
    assert signatures.has_policies
    of = signatures.of
    assert of[0] == of[1]
    assert of[5] == of[6]
    assert len(set(of.values())) == 6
    ids, if_named = signatures.whom(AS_WRITTEN)
    assert set(if_named) == {()}
    assert ids[of[0]] == ("a",)
    assert ids[of[5]] == ()
    assert ids[of[7]] == ("a", "b")
    assert signatures.whom(AS_WRITTEN).ids == ids
    without, _ = signatures.whom(
        Policy(RollUp("merge", "exclude", "as_in_source", "one", "separate"))
    )
    assert without[of[2]] == ()
    assert without[of[3]] == ()
    assert without[of[0]] == ("a",)


def test_institutions_stand_where_the_registry_or_the_edition_has_them(study: Study) -> None:
    where = places(study)
    ids = ("a", "h", "i", "x", "o")
    assert where.is_domestic(ids, "mainland").tolist() == [True, False, True, False, True]
    assert where.is_domestic(ids, "with_hong_kong_macao").tolist() == [
        True,
        True,
        True,
        False,
        True,
    ]
    assert where.is_mainland(ids).tolist() == [True, False, True, True, True]
    assert where.is_mainland(("h", "m", "t", "a")).tolist() == [False, False, False, True]
    groups = ["universities", "universities", "institutes", "institutions", "institutions"]
    assert where.groups(ids).tolist() == groups
    together = places(with_sections(study, institutions={"groups": "together"}))
    assert set(together.groups(ids)) == {"institutions"}


# --- what a joint choice says --------------------------------------------------------------------


def test_the_meanings_of_a_total_and_the_denominators_of_a_share(study: Study) -> None:
    made = listing(study)
    assert made.totals() == {"all_chinese_hits": 5, "distinct": 4, "sum_over_institutions": 7}
    assert made.denominators() == {
        "sum_over_institutions": 7, "sum_over_mainland_universities": 5,
        "distinct_mainland_universities": 3,
    }  # fmt: skip
    some = listing(study, (True, False, False, True))
    assert some.totals() == {"all_chinese_hits": 5, "distinct": 3, "sum_over_institutions": 4}
    assert some.denominators()["sum_over_mainland_universities"] == 3
    # A table that is only shorter takes its denominators from all that stand in the ranking.
    short = listing(study, (False, True, False, True), (True,) * 4)
    assert short.totals()["sum_over_institutions"] == 3
    assert short.denominators() == made.denominators()
    assert short.counts(wanted(("1", "rank", "b"), ("1", "institutions", "all"))) == [2, 2]


def test_each_claim_is_counted_among_the_listed(study: Study) -> None:
    asked = wanted(
        ("1", "institutions", "all"), ("1", "institutions", "universities"),
        ("1", "institutions", "institutes"), ("9", "share", "a"), ("9", "papers", "b"),
        ("1", "rank", "b"), ("1", "rank", "h"), ("1", "rank", "i"), ("5", "total", ""),
        ("9", "share", "absent"), ("1", "rank", "absent"),
    )  # fmt: skip
    assert listing(study).counts(asked) == [4, 3, 1, 3, 2, 2, 1, 1, None, 0, None]
    some = listing(study, (True, False, False, True))
    assert some.counts(asked) == [2, 1, 1, 3, 0, None, None, 1, None, 0, None]


def test_only_claims_with_a_number_that_depends_on_choices_are_searched() -> None:
    from claims_fixture import claim

    rows_ = [claim("s", "3.70", "share", "a"), claim("d", "2020", "query_end_date"),
             claim("w", "many", "papers", "a"), claim("t", "12", "total")]  # fmt: skip
    from bibliometrics.claims.effects import targets

    found = targets(rows_)
    assert [t.claim.claim_id for t in found] == ["s", "t"]
    assert [(t.is_share, t.is_of_papers) for t in found] == [(True, True), (False, True)]
    kinds = wanted(("1", "papers", "a"), ("1", "rank", "a"), ("1", "institutions", "all"))
    assert [(t.is_share, t.is_of_papers) for t in kinds] == [
        (False, True), (False, False), (False, False),
    ]  # fmt: skip


def test_a_claim_is_met_where_its_figure_prints_as_published(study: Study) -> None:
    judge = Judge(study.claims)
    (share,) = wanted(("33.3", "share", "a"))
    met = judge.answer(share, (Fraction(1), Fraction(3)))
    assert (met.shown, met.is_met, met.outside) == (333, True, 0)
    assert met.figure == (1, 3)
    assert judge.answer(share, (Fraction(1), Fraction(3))) is met
    off = judge.answer(share, (Fraction(335), Fraction(1000)))
    assert (off.shown, off.is_met, off.outside) == (335, False, 2)
    (rank,) = wanted(("2", "rank", "a"))
    assert judge.answer(rank, (Fraction(2), Fraction(1))).is_met
    wrong = judge.answer(rank, (Fraction(5), Fraction(1)))
    assert (wrong.shown, wrong.is_met, wrong.outside) == (5, False, 3)
    nothing = judge.answer(rank, None)
    assert (nothing.figure, nothing.shown, nothing.is_met, nothing.outside) == (
        None,
        None,
        False,
        1,
    )


def test_a_tolerance_is_in_papers_and_forgives_no_rank(study: Study) -> None:
    judge = Judge(with_sections(study, claims={"tolerance": 2}).claims)
    share, papers, rank, number = wanted(
        ("33.3", "share", "a"), ("10", "papers", "a"), ("2", "rank", "a"),
        ("10", "institutions", "all"),
    )  # fmt: skip
    assert judge.answer(share, (Fraction(335), Fraction(1000))).is_met
    assert not judge.answer(share, (Fraction(336), Fraction(1000))).is_met
    assert judge.answer(papers, (Fraction(12), Fraction(1))).is_met
    assert not judge.answer(papers, (Fraction(13), Fraction(1))).is_met
    assert not judge.answer(rank, (Fraction(3), Fraction(1))).is_met
    assert not judge.answer(number, (Fraction(11), Fraction(1))).is_met


def test_a_figure_is_its_count_over_what_it_is_of() -> None:
    share, total, papers = wanted(("3", "share", "a"), ("5", "total", ""), ("1", "papers", "a"))
    three, five, seven = Fraction(3), Fraction(5), Fraction(7)
    assert figure_of(share, three, five, seven) == (3, 7)
    assert figure_of(share, three, five, Fraction(0)) is None
    assert figure_of(share, None, five, seven) is None
    assert figure_of(total, None, five, seven) == (5, 1)
    assert figure_of(papers, three, five, seven) == (3, 1)


def test_an_effect_sums_what_its_answers_say() -> None:
    one = effect((3, 3, True, 0.0), (4, 9, False, 2.5), (None, None, False, 1.0))
    assert (one.outside, one.missed, one.is_fitting) == (3.5, 2, False)
    assert one.loss("claims_missed") == 2.0
    assert one.loss("papers_outside") == 3.5
    assert one.shown == (3, 9, None)
    assert one.met == (True, False, False)
    assert one.figures == ((3, 1), (4, 1), None)
    assert effect((3, 3, True, 0.0)).is_fitting


def test_effects_with_equal_answers_and_cut_are_one() -> None:
    one = effect((3, 3, True, 0.0))
    found = Effects()
    assert found.number(one) == 0
    assert found.number(effect((3, 3, True, 0.0))) == 1
    assert found.number(Effect(one.answers, Cut(1, 2))) == 2
    assert found.number(Effect(one.answers, None)) == 0
    assert len(found.found) == 3


# --- the search ----------------------------------------------------------------------------------


def chosen(found, **options: str) -> pd.DataFrame:
    at = found.vectors
    for name, value in options.items():
        at = at[at[name] == value]
    return at


def figures(found, asked, **options: str) -> list[tuple[Fraction, Fraction] | None]:
    at = chosen(found, **options)
    numbers = set(at["effect"])
    assert len(numbers) == 1
    return list(found.effects[numbers.pop()].figures)


OWN = {"counting": "full", "share_denominator": "papers_total", "total_meaning": "all_chinese_hits",
       "selection": "all", "end_year": "2020"}  # fmt: skip
ASKED = wanted(
    ("60.0", "share", "a"), ("5", "total", ""), ("2", "institutions", "universities"),
    ("1", "institutions", "institutes"), ("2", "rank", "b"),
)  # fmt: skip


@pytest.fixture
def dated(study: Study) -> Study:
    import datetime

    return with_sections(study, query={"end_date": datetime.date(2020, 12, 31)})


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, [(3, 5), (5, 1), (3, 1), (1, 1), (2, 1)]),
        ({"total_meaning": "distinct"}, [(3, 4), (4, 1), (3, 1), (1, 1), (2, 1)]),
        ({"share_denominator": "sum_over_institutions"}, [(3, 7), (5, 1), (3, 1), (1, 1), (2, 1)]),
        ({"share_denominator": "sum_over_mainland_universities", "total_meaning": "distinct"},
         [(3, 5), (4, 1), (3, 1), (1, 1), (2, 1)]),
        ({"counting": "first_affiliation"}, [(3, 5), (5, 1), (3, 1), (1, 1), (2, 1)]),
        ({"counting": "first_affiliation", "share_denominator": "sum_over_institutions"},
         [(3, 4), (5, 1), (3, 1), (1, 1), (2, 1)]),
        ({"end_year": "2019"}, [(1, 3), (3, 1), (3, 1), (0, 1), (1, 1)]),
        # One minimum for both groups: none lists two universities and one institute, so that of
        # the universities is taken, and the institute falls.
        ({"selection": "one_minimum"}, [(3, 5), (5, 1), (2, 1), (0, 1), (2, 1)]),
        ({"selection": "minimum_per_group"}, [(3, 5), (5, 1), (2, 1), (1, 1), (2, 1)]),
        ({"selection": "minimum_per_group", "share_denominator": "sum_over_institutions"},
         [(3, 6), (5, 1), (2, 1), (1, 1), (2, 1)]),
    ],
)  # fmt: skip
def test_every_joint_choice_has_its_figures(
    dated: Study, options: dict[str, str], told: list[tuple[int, int]]
) -> None:
    found = searched(dated, ASKED)
    assert figures(found, ASKED, **(OWN | options)) == told


def test_all_joint_choices_are_tried_and_the_studys_own_is_known(dated: Study) -> None:
    found = searched(dated, ASKED)
    assert len(found.vectors) == 3 * 4 * 3 * 3 * 2
    assert not found.vectors.drop(columns="effect").duplicated().any()
    assert found.own == int(chosen(found, **OWN)["effect"].iloc[0])
    assert found.targets == ASKED
    fitting = found.fitting
    assert set(fitting["selection"]) == {"minimum_per_group"}
    assert {found.effects[n].missed for n in fitting["effect"]} == {0}
    assert (set(fitting["counting"]), set(fitting["end_year"])) == (
        {"full", "first_affiliation"}, {"2020"},
    )  # fmt: skip
    cut = found.effects[
        int(chosen(found, **(OWN | {"selection": "one_minimum"}))["effect"].iloc[0])
    ]
    assert cut.cut == Cut(2, 2)
    outside = with_sections(dated, counting={"rule": "corresponding_affiliation"})
    assert searched(outside, ASKED).own is None


def test_printed_answers_are_distinct_rows_and_absent_figures_have_their_own_number(
    study: Study,
) -> None:
    asked = wanted(("3", "papers", "a"), ("1", "rank", "b"))
    effects = [
        effect((3, 3, True, 0.0), (None, None, False, 1.0)),
        effect((2, 2, False, 1.0), (1, 1, True, 0.0)),
        effect((2, 2, False, 1.0), (1, 1, True, 0.0)),
    ]
    found = search_of(study, asked, [({}, 0), ({}, 1), ({}, 2)], effects, 0)
    assert found.printed.tolist() == [[2, 1], [3, NO_FIGURE]]
    assert found.losses("claims_missed") == [1, 1, 1]


def test_one_cut_is_sought_for_all_claimed_groups_and_all_is_one_of_them(dated: Study) -> None:
    asked = wanted(("1", "institutions", "all"), ("60.0", "share", "a"))
    found = searched(dated, asked)
    told = OWN | {"selection": "one_minimum", "share_denominator": "sum_over_institutions"}
    assert figures(found, asked, **told) == [(1, 1), (3, 3)]
    none = wanted(("9", "institutions", "all"), ("60.0", "share", "a"))
    assert figures(searched(dated, none), none, **told) == [(4, 1), (3, 7)]


# --- open choices --------------------------------------------------------------------------------


def needs(choices, dimension: str) -> dict[str, str]:
    return {each.option: each.needs for each in choices.untried if each.dimension == dimension}


def test_what_the_study_varies_is_tried_and_the_rest_stands(flagship: Study) -> None:
    varied = with_sections(
        flagship, claims={"vary": ("counting", "ucas"), "total_meaning": "distinct"}
    )
    choices = open_choices(varied, has_policies=True, has_ties=True, has_groups=True)
    own = choices.own
    assert choices.tried["counting"][0] == own["counting"]
    assert set(choices.tried["counting"]) == {"full", "fractional", "first_affiliation"}
    assert len(choices.tried["ucas"]) == 3
    for name in choices.tried:
        if name not in {"counting", "ucas"}:
            assert choices.tried[name] == (own[name],)
    assert choices.vectors == 9
    policies = choices.policies()
    assert len(policies) == 3
    assert {tuple(policy) for policy in policies} == {ROLL_UP}
    assert own["total_meaning"] == "distinct"
    assert own["end_year"] == str(flagship.query.end_date.year)
    assert needs(choices, "counting") == {
        "corresponding_affiliation": "records that say who corresponds, and a run with it"
    }


def test_an_unknown_meaning_of_the_total_is_always_tried(flagship: Study) -> None:
    open_ = with_sections(flagship, claims={"vary": (), "total_meaning": "unknown"})
    choices = open_choices(open_, has_policies=True, has_ties=True, has_groups=True)
    assert choices.tried["total_meaning"] == MEANINGS
    assert choices.own["total_meaning"] == "all_chinese_hits"
    assert choices.vectors == 3


EVERYTHING = ("counting", "share_denominator", "total_meaning", "campuses", "hospitals",
              "key_laboratories", "academy_institutes", "ucas", "scope", "selection", "end_year",
              "keyword_fields")  # fmt: skip


def test_records_say_which_options_cannot_be_tried_and_what_would_show_them(
    flagship: Study,
) -> None:
    wide = with_sections(flagship, claims={"vary": EVERYTHING})
    choices = open_choices(wide, has_policies=False, has_ties=False, has_groups=False)
    assert choices.tried["counting"] == ("full",)
    assert set(needs(choices, "counting")) == {
        "fractional", "first_affiliation", "corresponding_affiliation",
    }  # fmt: skip
    assert needs(choices, "counting")["fractional"].startswith("affiliations tied to authors")
    assert choices.tried["selection"] == ("all",)
    assert set(needs(choices, "selection").values()) == {"a published number to cut at"}
    for name in ROLL_UP:
        assert choices.tried[name] == (choices.own[name],)
        assert all(why.startswith("a registry") for why in needs(choices, name).values())
        assert needs(choices, name)
    last = flagship.query.end_date.year
    assert choices.tried["end_year"] == (str(last), str(last - 1))
    assert list(needs(choices, "end_year")) == [f"{last}, loaded by a day"]
    assert set(needs(choices, "phrase")) == {"words_and", "or_before_and"}
    assert len(choices.tried["share_denominator"]) == 4
    known = open_choices(wide, has_policies=True, has_ties=True, has_groups=True)
    assert known.tried["selection"] == ("all", "one_minimum", "minimum_per_group")
    assert "as_in_scopus" not in known.tried["campuses"]
    assert needs(known, "campuses") == {
        "as_in_scopus": "affiliation ids, which only the Search API gives"
    }
    assert needs(known, "hospitals") == {}


@pytest.mark.parametrize(
    ("scope", "tried", "lacking"),
    [
        ("mainland", ["mainland"], ["with_hong_kong_macao", "with_taiwan"]),
        ("with_hong_kong_macao", ["with_hong_kong_macao", "mainland"], ["with_taiwan"]),
        ("with_taiwan", ["with_taiwan", "mainland", "with_hong_kong_macao"], []),
    ],
)
def test_a_wider_geography_needs_another_harvest(
    flagship: Study, scope: str, tried: list[str], lacking: list[str]
) -> None:
    own = with_sections(flagship, claims={"vary": EVERYTHING}, geography={"scope": scope})
    choices = choices_of(own)
    assert list(choices.tried["scope"]) == tried
    assert list(needs(choices, "scope")) == lacking
    unfiltered = with_sections(own, geography={"country_filter": "none"})
    assert needs(choices_of(unfiltered), "scope") == {}
    assert len(choices_of(unfiltered).tried["scope"]) == 3
    abroad = with_sections(own, geography={"country": "DE"})
    assert choices_of(abroad).tried["scope"] == (scope,)
    assert needs(choices_of(abroad), "scope") == {}


def test_narrower_keyword_fields_are_read_off_the_hits_of_a_wide_harvest(flagship: Study) -> None:
    wide = with_sections(
        flagship, claims={"vary": EVERYTHING},
        query={"keyword_fields": "author_and_index", "phrase": "phrase",
               "fields": ("title", "keywords")},
    )  # fmt: skip
    assert choices_of(wide).tried["keyword_fields"] == (
        "author_and_index", "author_only", "index_only",
    )  # fmt: skip
    assert needs(choices_of(wide), "keyword_fields") == {}
    for change in (
        {"keyword_fields": "author_only"}, {"phrase": "words_and"}, {"fields": ("title",)},
    ):  # fmt: skip
        narrow = choices_of(with_sections(wide, query=change))
        assert len(narrow.tried["keyword_fields"]) == 1
        assert len(needs(narrow, "keyword_fields")) == 2


def test_a_joint_choice_names_its_roll_up_policy() -> None:
    told = {"campuses": "split", "hospitals": "exclude", "key_laboratories": "as_in_source",
            "academy_institutes": "each_institute", "ucas": "merge_into_cas"}  # fmt: skip
    assert policy_of(told) == (
        RollUp("split", "exclude", "as_in_source", "each_institute", "merge_into_cas"),
        False,
    )
    merged = policy_of(told | {"campuses": "merge_campuses_of_one_university"})
    assert (merged.roll_up.campuses, merged.by_profile) == ("merge", False)
    profiles = policy_of(told | {"campuses": "as_in_scopus"})
    assert (profiles.roll_up.campuses, profiles.by_profile) == ("merge", True)


# --- feasibility ---------------------------------------------------------------------------------


def test_the_published_shares_say_how_large_each_meaning_would_be(study: Study) -> None:
    # Leaders a and b: 60 % and 20 % of 500 are 400 papers, here 5; so each paper stands for 80.
    asked = wanted(("500", "total", ""), ("60.0", "share", "a"), ("20.0", "share", "b"))
    made = total_meanings(listing(study), asked, study, "SIMULATED")
    told = ("meaning", "published", "computed", "difference", "expected", "ratio", "feasible")
    assert rows(made, *told) == [
        ["all_chinese_hits", 500, 5, -495, 400, 0.8, "no"],
        ["distinct", 500, 4, -496, 320, 0.64, "no"],
        ["sum_over_institutions", 500, 7, -493, 560, 1.12, "no"],
    ]
    assert made["says_en"][2] == (
        "the sum over the listed institutions: 560 expected from the published shares and the"
        " shape of this corpus, 500 published; feasible within 10%"
    )
    assert "560" in made["says_zh"][2]
    # 7/2 · 300/… prints rounded, not cut: 5 papers are the 51.5 of a total of 103.
    half = wanted(("103", "total", ""), ("50.0", "share", "a"))
    rounded = total_meanings(listing(study), half, study, "s")
    assert rounded["says_en"][0].startswith("all papers of the corpus: 86 expected")
    assert set(made["source"]) == {"SIMULATED"}
    wide = with_sections(study, claims={"shape_tolerance": 0.12})
    found = total_meanings(listing(study), asked, wide, "SIMULATED")
    assert found["feasible"].tolist() == ["no", "no", "yes"]


def test_without_a_total_or_leaders_nothing_is_expected(study: Study) -> None:
    assert total_meanings(listing(study), wanted(("60", "share", "a")), study, "s").empty
    for asked in (
        wanted(("500", "total", "")), wanted(("500", "total", ""), ("60", "share", "absent")),
    ):  # fmt: skip
        made = total_meanings(listing(study), asked, study, "s")
        assert made["feasible"].tolist() == ["unknown"] * 3
        assert made["expected"].isna().all()
        assert "? expected" in made["says_en"][0]


COUNTS = np.array([9, 7, 5, 5, 8, 3, 6])
GROUP = np.array(["universities"] * 4 + ["institutes"] * 2 + ["universities"], dtype=object)
INSIDE = np.array([True] * 6 + [False])


def test_the_minimum_that_lists_the_published_numbers(study: Study) -> None:
    asked = wanted(("2", "institutions", "universities"), ("1", "institutions", "institutes"))
    made = claim_cuts(COUNTS, INSIDE, GROUP, asked, "SIMULATED").set_index("group")
    told = ("published", "with_papers", "minimum_low", "minimum_high", "others_at_it")
    assert dict(zip(made.index, rows(made, *told), strict=True)) == {
        "universities": [2, 4, 6, 7, "1 institutes (1 published)"],
        "institutes": [1, 2, 4, 8, "1 to 4 universities (2 published)"],
        "both": [3, 6, 6, 7, ""],
    }
    assert made.loc["universities", "says_en"] == (
        "a minimum of 6 to 7 papers lists just 2 (universities), and 1 institutes (1 published)"
    )
    assert made.loc["universities", "says_zh"] == (
        "论文数下限 6–7 恰好列出高校 2 家；同一下限：科研机构 1 家（公布 1 家）"
    )
    assert made.loc["both", "says_zh"] == "论文数下限 6–7 恰好列出两组合计 3 家"
    assert set(made["source"]) == {"SIMULATED"}


def test_where_no_minimum_lists_the_number_it_is_said(study: Study) -> None:
    asked = wanted(("3", "institutions", "universities"))
    made = claim_cuts(COUNTS, INSIDE, GROUP, asked, "s")
    assert made["says_en"].tolist() == ["no minimum of papers lists just 3 (universities)"]
    assert made["minimum_low"].isna().all()
    one = claim_cuts(np.array([9, 8, 0]), np.array([True] * 3), GROUP[:3],
                     wanted(("1", "institutions", "all")), "s")  # fmt: skip
    assert one["says_en"].tolist() == ["a minimum of 9 papers lists just 1 (all)"]
    assert one["says_zh"].tolist() == ["论文数下限 9 恰好列出全部 1 家"]
    assert one["with_papers"].tolist() == [2]
    few = claim_cuts(np.array([2, 1]), np.array([True] * 2), GROUP[:2],
                     wanted(("1", "institutions", "all")), "s")  # fmt: skip
    assert few["with_papers"].tolist() == [2]


# --- placebo and tables --------------------------------------------------------------------------


def test_fake_claims_are_drawn_from_a_little_more_than_the_choices_span(study: Study) -> None:
    asked = wanted(("3", "papers", "a"))
    # The choices print 3 or 5: fakes lie evenly in 1 to 7, and two of the seven are printed.
    effects = [effect((3, 3, True, 0.0)), effect((5, 5, False, 2.0))]
    found = search_of(study, asked, [({}, 0), ({"counting": "fractional"}, 1)], effects, 0)
    told = placebo(found, 2000, 7)
    assert told == placebo(found, 2000, 7)
    assert told.sets == 2000
    assert told.as_well == told.whole
    assert told.whole / 2000 == pytest.approx(2 / 7, abs=0.03)
    missed = [effect((3, 3, False, 1.0)), effect((5, 5, False, 2.0))]
    worse = placebo(search_of(study, asked, [({}, 0), ({}, 1)], missed, 0), 100, 7)
    assert worse.as_well == 100
    assert 0 < worse.whole < 100


def test_each_fake_claim_is_drawn_from_its_own_range(study: Study) -> None:
    asked = wanted(("3", "papers", "a"), ("900", "papers", "b"))
    effects = [effect((3, 3, True, 0.0), (900, 900, True, 0.0)),
               effect((5, 5, False, 2.0), (None, None, False, 1.0))]  # fmt: skip
    told = placebo(search_of(study, asked, [({}, 0), ({}, 1)], effects, 0), 4000, 7)
    # 3 of 1 to 7, and 900 of 899 to 901: one in twenty-one.
    assert told.whole / 4000 == pytest.approx(1 / 21, abs=0.012)


def test_a_claim_that_no_choice_answers_is_drawn_about_nought(study: Study) -> None:
    asked = wanted(("3", "papers", "a"), ("1", "rank", "b"))
    effects = [effect((3, 3, True, 0.0), (None, None, False, 1.0))]
    found = search_of(study, asked, [({}, 0)], effects, 0)
    told = placebo(found, 300, 7)
    # One of the three values 2, 3, 4 is met; the other claim never is.
    assert told.as_well / 300 == pytest.approx(1 / 3, abs=0.08)
    assert told.whole == 0
    assert placebo(found, 0, 7) == Placebo(0, 0, 0)


@pytest.fixture
def small(study: Study):
    """Three effects over five joint choices; the second fits, the third is nearest after it."""
    asked = wanted(("33.3", "share", "a"), ("2", "rank", "b"))
    effects = [
        Effect(effect((1, 331, False, 2.0), (3, 3, False, 1.0)).answers, Cut(4, 6)),
        effect((1, 333, True, 0.0), (2, 2, True, 0.0)),
        effect((None, None, False, 1.0), (2, 2, True, 0.0)),
    ]
    options = [
        ({}, 0), ({"counting": "fractional"}, 1), ({"counting": "first_affiliation"}, 1),
        ({"end_year": "2019"}, 2), ({"counting": "fractional", "end_year": "2019"}, 2),
    ]  # fmt: skip
    return search_of(study, asked, options, effects, 0)


def test_vectors_are_told_nearest_first(study: Study, small) -> None:
    made = vectors_table(small, study, "SIMULATED")
    told = ("order", "vectors", "is_study", "is_fitting", "claims", "claims_met", "loss",
            "counting", "end_year", "cut_low", "cut_high", "missed")  # fmt: skip
    year = small.choices.own["end_year"]
    assert rows(made, *told) == [
        [1, 2, 0, 1, 2, 2, 0, "first_affiliation|fractional", year, None, None, ""],
        [2, 2, 0, 0, 2, 1, 1, "fractional|full", "2019", None, None, "share-a none for 33.3"],
        [3, 1, 1, 0, 2, 0, 2, "full", year, 4, 6, "share-a 33.1 for 33.3; rank-b 3 for 2"],
    ]
    assert set(made["phrase"]) == {small.choices.own["phrase"]}
    assert set(made["source"]) == {"SIMULATED"}
    by_papers = with_sections(study, claims={"loss": "papers_outside"})
    assert vectors_table(small, by_papers, "s")["loss"].tolist() == [0, 1, 3]


def test_only_the_nearest_are_told_and_the_studys_own(study: Study) -> None:
    asked = wanted(("3", "papers", "a"))
    effects = [effect((n, n, False, float(n))) for n in range(300, 0, -1)]
    found = search_of(study, asked, [({}, n) for n in range(300)], effects, 0)
    made = vectors_table(found, study, "s")
    assert len(made) == 201
    assert made["is_study"].tolist() == [0] * 200 + [1]
    assert made["missed"][0] == "papers-a 1 for 3"
    fits = [effect((3, 3, True, 0.0)) for _ in range(250)]
    every = search_of(study, asked, [({}, n) for n in range(250)], fits, None)
    assert len(vectors_table(every, study, "s")) == 250


def test_each_option_has_its_part_of_the_fitting_and_of_the_best(study: Study, small) -> None:
    made = options_table(small, study, "SIMULATED")
    told = ("option", "is_study", "vectors", "fitting", "share_of_fitting", "best", "share_of_best")
    counting = made[made["dimension"] == "counting"]
    assert sorted(rows(counting, *told)) == [
        ["corresponding_affiliation", 0, 0, 0, None, 0, None],
        ["first_affiliation", 0, 1, 1, 0.5, 1, 0.5],
        ["fractional", 0, 2, 1, 0.5, 1, 0.5],
        ["full", 1, 2, 0, 0, 0, 0],
    ]
    phrase = made[(made["dimension"] == "phrase") & (made["is_study"] == 1)]
    assert rows(phrase, *told)[0][2:] == [5, 2, 1, 2, 1]
    lacking = counting.set_index("option").loc["corresponding_affiliation", "needs"]
    assert lacking.startswith("records that say who corresponds")
    assert set(made.loc[made["dimension"] == "ucas", "says_en"]) == {
        "University of Chinese Academy of Sciences and the Academy"
    }
    assert made.loc[made["dimension"] == "ucas", "says_zh"].unique().tolist() == [
        "国科大与中国科学院"
    ]
    assert made["says_en"].notna().all()
    assert set(made["source"]) == {"SIMULATED"}


def test_of_equal_choices_the_studys_own_is_told_first(study: Study) -> None:
    asked = wanted(("3", "papers", "a"))
    effects = [effect((4, 4, False, 1.0)), effect((2, 2, False, 1.0))]
    found = search_of(study, asked, [({}, 0), ({}, 1)], effects, 1)
    assert vectors_table(found, study, "s")["is_study"].tolist() == [1, 0]


def test_where_nothing_fits_there_is_no_part_of_the_fitting(study: Study) -> None:
    asked = wanted(("3", "papers", "a"))
    found = search_of(study, asked, [({}, 0), ({}, 1)],
                      [effect((4, 4, False, 1.0)), effect((5, 5, False, 2.0))], 0)  # fmt: skip
    by_papers = with_sections(study, claims={"loss": "papers_outside"})
    made = options_table(found, by_papers, "s")
    own = made[(made["dimension"] == "counting") & (made["option"] == "full")]
    assert rows(own, "fitting", "share_of_fitting", "best", "share_of_best") == [[0, None, 1, 1]]


def test_the_figures_of_the_search(study: Study, small) -> None:
    made = search_table(small, Placebo(50, 7, 3), study, "SIMULATED")
    assert dict(rows(made, "item", "value")) == {
        "claims": 2, "tried": 5, "classes": 3, "fitting": 2, "fitting_figures": 1,
        "least_loss": 0, "least_missed": 0, "placebo_sets": 50, "placebo_as_well": 7,
        "placebo_fitting": 3, "tolerance": 0,
    }  # fmt: skip
    assert made["order"].tolist() == list(range(1, 12))
    assert set(made["source"]) == {"SIMULATED"}
    assert made["says_en"][5] == "least loss (claims_missed)"
    assert made["says_zh"][5] == "最小损失（claims_missed）"
