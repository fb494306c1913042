"""Verdicts by hand: what each rests on, what it says, and what a table row carries."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from bibliometrics.claims import ClaimSet
from bibliometrics.claims.computations import Computed, Figures
from bibliometrics.claims.printed import parse
from bibliometrics.claims.verdicts import (
    Joint,
    Verdict,
    claims_table,
    difference,
    joint,
    judge,
    shown,
    summary,
)
from bibliometrics.counting.ranking import Stamp
from bibliometrics.study.model import Study
from claims_fixture import claim, effect, search_of, wanted
from numbers_fixture import with_sections

NOTHING = Joint(0, "", frozenset(), ())
TOTALS = {
    "all_chinese_hits": Fraction(52976), "distinct": Fraction(50000),
    "sum_over_institutions": Fraction(141001, 2),
}  # fmt: skip
SHARE = Computed(Fraction(37, 10), count=Fraction(1960), denominator=Fraction(52976))


@pytest.fixture
def study(flagship: Study) -> Study:
    return with_sections(
        flagship,
        claims={"total_meaning": "unknown", "tolerance": 0, "rounding": "half_up",
                "partner_order": "unordered_set"},
    )  # fmt: skip


def figures(study: Study, tables: dict[str, pd.DataFrame] | None = None) -> Figures:
    return Figures(study, tables or {}, 52976, Fraction(52976), TOTALS)


def told(study: Study, published: object, computed: Computed, shared: Joint = NOTHING) -> Verdict:
    return judge(claim("c", str(published), "share", "a"), computed, shared, None, figures(study))


def share(count: int, of: int = 52976) -> Computed:
    return Computed(Fraction(100 * count, of), count=Fraction(count), denominator=Fraction(of))


def test_a_share_is_reproduced_where_its_count_prints_so(study: Study) -> None:
    for count in (1958, 1962):
        assert told(study, "3.70", share(count)) == Verdict("reproduced")
    below = told(study, "3.70", share(1957))
    assert below.verdict == "not reproduced"
    assert below.note_en == "1 papers below what prints so: 1958 to 1962 of 52976"
    assert below.note_zh == "比可印为该值的 1958—1962（共 52976）少 1 篇"
    above = told(study, "3.70", share(1965))
    assert above.note_en == "3 papers above what prints so: 1958 to 1962 of 52976"
    assert above.note_zh == "比可印为该值的 1958—1962（共 52976）多 3 篇"


def test_a_tolerance_and_a_rounding_of_the_study_are_used(study: Study) -> None:
    near = with_sections(study, claims={"tolerance": 3})
    assert told(near, "3.70", share(1965)).verdict == "reproduced"
    assert told(near, "3.70", share(1966)).verdict == "not reproduced"
    cut = with_sections(study, claims={"rounding": "truncate"})
    assert told(cut, "3.70", share(1958)).verdict == "not reproduced"
    assert told(cut, "3.70", share(1965)).verdict == "reproduced"


def test_where_no_whole_count_prints_so_the_note_says_it(study: Study) -> None:
    found = told(study, "3.71", share(1, 10))
    assert found.note_en == "no whole number of papers, of 10, prints as 3.71"
    assert found.note_zh == "10 篇中没有整数论文数可印为 3.71"


def test_where_no_whole_count_prints_so_there_is_no_least_and_no_largest(study: Study) -> None:
    full = with_sections(study, counting={"rule": "full"})
    ranking = RANKING.assign(papers=[1, 1])
    ten = replace(figures(full, {"ranking": ranking}), denominator=Fraction(10))
    claims = ClaimSet("r", "", (claim("a1", "3.71", "share", "a"),))
    made = claims_table(claims, ten, None, full, Stamp("full", "unknown", "SIMULATED"))
    assert made["count"][0] == 1
    assert made[["count_low", "count_high"]].isna().all(axis=None)
    assert "no whole number of papers, of 10, prints as 3.71" in made["note"][0]


def test_a_whole_number_must_print_as_published(study: Study) -> None:
    assert told(study, 117, Computed(Fraction(117))) == Verdict("reproduced")
    assert told(study, 117, Computed(Fraction(118))) == Verdict("not reproduced")
    assert told(study, "many", Computed(Fraction(118))).verdict == "not reproduced"


def test_a_word_must_be_the_same(study: Study) -> None:
    assert told(study, "2020-01-01", Computed(text="2020-01-01")).verdict == "reproduced"
    assert told(study, "2020-01-02", Computed(text="2020-01-01")).verdict == "not reproduced"


def test_what_cannot_be_computed_says_what_it_needs(study: Study) -> None:
    found = told(study, 1, Computed(needs_en="a list", needs_zh="名单"))
    assert found == Verdict("not computable", "", "needs a list", "名单")


def test_a_share_of_a_published_total_says_the_counts_behind_it(study: Study) -> None:
    own = claim("c", "3.70", "share", "a", denominator="52976 papers")
    found = judge(own, share(1960), NOTHING, None, figures(study))
    assert found.note_en == "of the published 52976 this is 1958 to 1962"
    assert found.note_zh == "按公布的 52976 计为 1958—1962"
    for denominator in ("", "papers", "0 papers"):
        other = claim("c", "3.70", "share", "a", denominator=denominator)
        assert judge(other, share(1960), NOTHING, None, figures(study)).note_en == ""


def test_partners_without_an_order_need_a_place_among_those_named(study: Study) -> None:
    partner = claim("c", "1", "partner_position", "x")

    def verdict(place: int, used: Study) -> str:
        computed = Computed(Fraction(place))
        return judge(partner, computed, NOTHING, None, figures(used), 5).verdict

    assert [verdict(place, study) for place in (1, 5, 6)] == [
        "reproduced", "reproduced", "not reproduced",
    ]  # fmt: skip
    ranked = with_sections(study, claims={"partner_order": "ranked"})
    assert [verdict(place, ranked) for place in (1, 5)] == ["reproduced", "not reproduced"]


def test_one_fitting_set_of_figures_names_its_choices_and_several_identify_none(
    study: Study,
) -> None:
    one = Joint(1, "ucas=merge_into_cas", frozenset({"c"}), ())
    found = told(study, "3.70", share(1965), one)
    assert (found.verdict, found.under) == (
        "reproduced under ucas=merge_into_cas", "ucas=merge_into_cas",
    )  # fmt: skip
    assert found.note_en.startswith("3 papers above")
    two = Joint(2, "", frozenset({"c"}), ())
    vague = told(study, "3.70", share(1965), two)
    assert vague.verdict == "not identifiable"
    assert vague.note_en.endswith("; joint choices with 2 different figures fit all claims")
    assert vague.note_zh.endswith("；有 2 组不同数值的联合选项与全部声明吻合")
    # A claim that is met, or was not searched, does not ask for other choices.
    assert told(study, "3.70", share(1960), two).verdict == "reproduced"
    elsewhere = Joint(1, "ucas=merge_into_cas", frozenset({"other"}), ())
    assert told(study, "3.70", share(1965), elsewhere).verdict == "not reproduced"


# --- the total -----------------------------------------------------------------------------------

THREE = "all_chinese_hits: 52976; distinct: 50000; sum_over_institutions: 70500.50"
THREE_ZH = "语料库全部论文：52976；所列机构的不重复论文：50000；各机构论文数之和：70500.50"


def total(study: Study, value: object, shared: Joint = NOTHING, search: object = None) -> Verdict:
    asked = claim("total", str(value), "total")
    return judge(asked, Computed(), shared, search, figures(study))  # type: ignore[arg-type]


def test_an_open_total_is_told_by_all_its_meanings(study: Study) -> None:
    found = total(study, 50000)
    assert found == Verdict(
        "reproduced under total_meaning=distinct", "total_meaning=distinct", THREE, THREE_ZH
    )
    assert total(study, 40000) == Verdict("not reproduced", "", THREE, THREE_ZH)
    assert total(study, "many").verdict == "not computable"
    one = Joint(1, "scope=mainland", frozenset(), ())
    assert total(study, 40000, one).verdict == "reproduced under scope=mainland"
    assert total(study, 40000, one).under == "scope=mainland"
    assert total(study, 40000, Joint(2, "", frozenset(), ())).verdict == "not identifiable"


def test_a_total_that_two_meanings_give_is_not_identifiable(study: Study) -> None:
    equal = Figures(study, {}, 5, Fraction(5), TOTALS | {"distinct": Fraction(52976)})
    asked = claim("total", "52976", "total")
    assert judge(asked, Computed(), NOTHING, None, equal).verdict == "not identifiable"


def test_a_known_meaning_is_judged_as_any_number(study: Study) -> None:
    known = with_sections(study, claims={"total_meaning": "distinct"})
    asked = claim("total", "50000", "total")
    for value, verdict in ((50000, "reproduced"), (50001, "not reproduced")):
        found = judge(asked, Computed(Fraction(value)), NOTHING, None, figures(known))
        assert found.verdict == verdict


def test_a_meaning_counts_only_where_the_other_claims_are_met_no_worse(study: Study) -> None:
    asked = wanted(("50000", "total", ""), ("3.70", "share", "a"))
    effects = [
        effect((52976, 52976, False, 9.0), (1, 370, True, 0.0)),
        effect((50000, 50000, True, 0.0), (1, 399, False, 5.0)),
        effect((50000, 50000, True, 0.0), (1, 370, True, 0.0)),
    ]
    rows = [({}, 0), ({"total_meaning": "distinct"}, 1)]
    worse = search_of(study, asked, rows, effects, 0)
    assert total(study, 50000, NOTHING, worse).verdict == "not reproduced"
    rows = [({}, 0), ({"total_meaning": "distinct"}, 2)]
    as_good = search_of(study, asked, rows, effects, 0)
    assert total(study, 50000, NOTHING, as_good).under == "total_meaning=distinct"
    # A claim that the study does not meet either way tells nothing against a meaning.
    rows = [({}, 1), ({"total_meaning": "distinct"}, 1)]
    neither = search_of(study, asked, rows, effects, 1)
    assert total(study, 50000, NOTHING, neither).under == "total_meaning=distinct"
    # Of two other claims one is met no longer.
    three = (*asked, *wanted(("2", "rank", "a")))
    mixed = [
        effect((52976, 1, False, 9.0), (1, 370, True, 0.0), (2, 2, True, 0.0)),
        effect((50000, 1, True, 0.0), (1, 399, False, 5.0), (2, 2, True, 0.0)),
    ]
    rows = [({}, 0), ({"total_meaning": "distinct"}, 1)]
    assert total(study, 50000, NOTHING, search_of(study, three, rows, mixed, 0)).verdict == (
        "not reproduced"
    )
    untried = search_of(study, asked, [({}, 0)], effects, 0)
    assert total(study, 50000, NOTHING, untried).verdict == "not reproduced"


# --- joint choices -------------------------------------------------------------------------------


def test_the_joint_choice_that_departs_least_gives_its_name(study: Study) -> None:
    asked = wanted(("3.70", "share", "a"))
    effects = [effect((1, 360, False, 9.0)), effect((2, 370, True, 0.0))]
    rows = [
        ({}, 0),
        ({"counting": "fractional", "end_year": "2018"}, 1),
        ({"ucas": "merge_into_cas"}, 1),
        ({"scope": "with_taiwan"}, 1),
    ]
    found = joint(search_of(study, asked, rows, effects, 0))
    # Of two that depart by one option, the first in the order of their options.
    assert (found.figures, found.under) == (1, "ucas=merge_into_cas")
    assert found.searched == {"share-a"}
    assert found.effects == (effects[1],)
    both = joint(search_of(study, asked, rows[:2], effects, 0))
    assert both.under == "counting=fractional, end_year=2018"


def test_figures_are_told_apart_though_they_print_alike(study: Study) -> None:
    asked = wanted(("3.70", "share", "a"))
    effects = [
        effect((1, 370, True, 0.0)),
        effect((2, 370, True, 0.0)),
        effect((2, 370, True, 0.0)),
    ]
    rows = [({}, 0), ({"end_year": "2018"}, 1), ({"counting": "fractional"}, 2)]
    found = joint(search_of(study, asked, rows, effects, 0))
    assert found.figures == 2
    assert found.under == ""


def test_without_a_search_or_a_fit_nothing_is_joint(study: Study) -> None:
    assert joint(None) == NOTHING
    assert joint(search_of(study, (), [({}, 0)], [effect()], 0)) == NOTHING
    asked = wanted(("3.70", "share", "a"))
    missed = joint(search_of(study, asked, [({}, 0)], [effect((1, 1, False, 1.0))], 0))
    assert (missed.figures, missed.under, missed.effects) == (0, "", ())
    assert missed.searched == {"share-a"}


# --- how figures are written ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("computed", "published", "text", "gap"),
    [
        (SHARE, "3.70", "3.7000", "0.0000 (0 papers)"),
        (share(1965), "3.70", "3.7092", "0.0092 (3 papers)"),
        (Computed(Fraction(118)), "117", "118", "1"),
        (Computed(Fraction(235, 2)), "117", "117.50", "0.50"),
        (Computed(Fraction(235, 2)), "117.500", "117.500", "0"),
        (Computed(text="2020-01-01"), "2020-01-02", "2020-01-01", ""),
        (Computed(needs_en="more"), "1", "", ""),
        (Computed(Fraction(1, 3)), "many", "0.33", ""),
    ],
)
def test_a_figure_is_written_with_its_places(
    study: Study, computed: Computed, published: str, text: str, gap: str
) -> None:
    assert shown(computed, parse(published)) == text
    assert difference(computed, parse(published), study) == gap


RANKING = pd.DataFrame(
    {
        "institution_id": ["a", "b"], "group": "universities", "province": "Beijing",
        "papers": [1965, 100], "rank_low": pd.array([1, None], dtype="Int64"),
        "rank_high": pd.array([3, None], dtype="Int64"),
    }
)  # fmt: skip
PARTNERS = pd.DataFrame({"partner_id": ["x", "y"], "rank": [2, 3], "papers": [9, 8]})


def test_a_row_carries_the_claim_its_figure_and_what_stands_beside(study: Study) -> None:
    full = with_sections(study, counting={"rule": "full"})
    claims = ClaimSet(
        "r", "",
        (
            claim("a1", "3.70", "share", "a", section="2", subject="A", measure="share",
                  unit="percent", en_quote="3.70 %", zh_quote="百分之3.70"),
            claim("a2", "100", "papers", "b"),
            claim("a3", "1", "partner_position", "x"),
            claim("a4", "2", "partner_position", "y"),
            claim("a5", "1", ""),
        ),
    )  # fmt: skip
    tables = {"ranking": RANKING, "partners": PARTNERS}
    made = claims_table(
        claims, figures(full, tables), None, full, Stamp("full", "2020-12-31", "SIMULATED")
    )
    assert list(made["claim_id"]) == ["a1", "a2", "a3", "a4", "a5"]
    first = made.iloc[0].to_dict()
    assert {name: first[name] for name in first if not name.startswith("note")} == {
        "claim_id": "a1", "section": "2", "subject": "A", "measure": "share", "unit": "percent",
        "published": "3.70", "computed": "3.7092", "difference": "0.0092 (3 papers)",
        "verdict": "not reproduced", "under": "", "count": 1965, "count_low": 1958,
        "count_high": 1962, "stability": "ranks 1 to 3", "computation": "share a",
        "quote_en": "3.70 %", "quote_zh": "百分之3.70", "denominator": "52976",
        "counting": "full", "as_of": "2020-12-31", "source": "SIMULATED",
    }  # fmt: skip
    assert first["note"].startswith("3 papers above")
    assert first["note_zh"].endswith("多 3 篇")
    second = made.iloc[1]
    assert (second["computed"], second["difference"], second["stability"]) == ("100", "0", "")
    assert pd.isna(second[["count", "count_low", "count_high"]]).all()
    assert second["denominator"] == ""
    # Two partners are named: the second place is among them, the third is not.
    assert made["verdict"].tolist()[2:] == ["reproduced", "not reproduced", "not computable"]
    assert made["computation"].tolist()[4] == ""
    assert dict(summary(made)) == {
        "reproduced": 2, "reproduced under X": 0, "not reproduced": 2, "not identifiable": 0,
        "not computable": 1,
    }  # fmt: skip


def test_a_summary_counts_each_kind_of_verdict_once() -> None:
    words = ["reproduced", "reproduced under a=b", "reproduced under c=d", "not identifiable"]
    assert dict(summary(pd.DataFrame({"verdict": words}))) == {
        "reproduced": 1, "reproduced under X": 2, "not reproduced": 0, "not identifiable": 1,
        "not computable": 0,
    }  # fmt: skip


def test_a_count_of_fractions_is_no_whole_count(study: Study) -> None:
    half = with_sections(study, counting={"rule": "fractional"})
    ranking = RANKING.assign(papers_fractional_author=[1960.5, 1.0])
    made = claims_table(
        ClaimSet("r", "", (claim("a1", "3.70", "share", "a"),)),
        figures(half, {"ranking": ranking}), None, half, Stamp("full", "unknown", "SIMULATED"),
    )  # fmt: skip
    assert pd.isna(made["count"][0])
    assert made["verdict"][0] == "reproduced"
