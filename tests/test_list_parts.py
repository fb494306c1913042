"""Lists by hand: each constraint on four universities, evidence, names, candidates, patents."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

from bibliometrics.attribution.institutions import FormerName, Institution, Registry
from bibliometrics.attribution.model import Attribution, Candidate, Match
from bibliometrics.claims.computations import Member
from bibliometrics.errors import InputError
from bibliometrics.lists import proposal
from bibliometrics.lists.candidates import candidates_of, proposal_table
from bibliometrics.lists.conflicts import Gap, conflicts
from bibliometrics.lists.constraints import (
    Constraint,
    Held,
    Outcome,
    authority_of,
    carried_constraints,
    count_of,
    is_vocational,
    judge_list,
    read_constraints,
)
from bibliometrics.lists.evidence import evidence_table, members_of, verdict_table
from bibliometrics.lists.given import Listed, match_list, read_names
from bibliometrics.lists.patents import read_patents
from bibliometrics.lists.proposal import Family, Problem, Row, Solution, problem_of, solve
from claims_fixture import institution


def university(name: str, province: str, authority: str, **rest: object) -> Institution:
    own = institution(name, province=province)
    return replace(own, authority_class=authority, kind="university", **rest)  # type: ignore[arg-type]


ALPHA = university("alpha", "Beijing", "moe", name_zh="甲大学")
BETA = university("beta", "Beijing", "provincial")
GAMMA = university("gamma", "Hubei", "miit")
DELTA = university("delta", "Hunan", "military")
HARBOUR = university("harbour", "HK", "provincial")
COLLEGE = university("college", "Hebei", "provincial", name_en="Vocational College")
CRAFT = university("craft", "Hebei", "provincial", name_zh="职业学院")
CAMPUS = university("campus", "Shandong", "moe", campus_of="alpha")
WORKS = replace(institution("works", group="institute"), authority_class="cas")
FOUR = (ALPHA, BETA, GAMMA, DELTA)


def listed(
    *members: Institution, standing: str = "matched", ai_unit: str = "", round_: str = ""
) -> list[Listed]:
    return [
        Listed(n, m.name_en, standing, m, (), ai_unit, round_)  # type: ignore[arg-type]
        for n, m in enumerate(members, 1)
    ]


def asked(key: str, operator: str = "==", value: str = "", **rest: str) -> Constraint:
    told = {"constraint_id": "c", "kind": "count", "basis": "stated", "note": ""} | rest
    return Constraint(key=key, operator=operator, value=value, **told)


def judged(
    constraint: Constraint, rows: list[Listed], papers: dict[str, int] | None = None,
    among: frozenset[str] | None = None, others: tuple[Constraint, ...] = (),
) -> Outcome:  # fmt: skip
    return judge_list(rows, (constraint, *others), papers, among)[0][1]


MOE, OTHER = "Ministry of Education (direct)", "other ministries"


@pytest.mark.parametrize(
    ("key", "operator", "value", "told"),
    [
        ("all", "==", "4", Outcome("4", "met")),
        ("all", "==", "6", Outcome("4", "not met", "-2")),
        ("all", "<=", "4", Outcome("4", "met")),
        ("all", "<=", "5", Outcome("4", "met")),
        ("all", "<=", "3", Outcome("4", "not met", "+1")),
        ("province=Beijing", "==", "2", Outcome("2", "met")),
        ("province=Tibet", "==", "1", Outcome("0", "not met", "-1")),
        (f"authority={MOE}", "==", "1", Outcome("1", "met")),
        (f"authority={OTHER}", "==", "1", Outcome("1", "met")),
        ("authority=nobody", "==", "1", Outcome("", "not observed", "the list does not say")),
        ("distinct province", "==", "3", Outcome("3", "met")),
        ("group=universities", "==", "4", Outcome("4", "met")),
        ("group=institutes", "==", "0", Outcome("0", "met")),
        ("province=Beijing", "rank", "1", Outcome("1", "met")),
        ("province=Hubei", "rank", "1", Outcome("2", "not met")),
        ("province=Hubei", "rank", "2", Outcome("2", "met")),
        ("province=Beijing", "round1", "50.0", Outcome("50.0", "met", "2/4")),
        ("province=Beijing", "round1", "50.1", Outcome("50.0", "not met", "2/4")),
        (f"authority={MOE}", "round2", "25.00", Outcome("25.00", "met", "1/4")),
        ("level", "round1", "5.0", Outcome("", "not observed", "no member is sure")),
        ("authority", "partition", "4", Outcome("4", "met")),
        ("authority", "partition", "5", Outcome("4", "not met", "-1")),
        ("name=Gamma", "authority", OTHER, Outcome("miit", "not met")),
        ("name=Delta", "authority", OTHER, Outcome("other", "met")),
        ("name=Omega", "authority", OTHER, Outcome("not in the list", "context")),
        ("x", "all of", "Alpha; gamma", Outcome("0 missing", "met")),
        ("x", "all of", "Alpha; Omega;Psi;", Outcome("2 missing", "not met", "Omega; Psi")),
        ("country", "in", "", Outcome("0 outside", "met")),
        ("level", "==", "", Outcome("0 are none", "met")),
        ("name", "unique", "", Outcome("0 repeated", "met")),
        ("mainland provinces without an AI university", "==", "28", Outcome("28", "met")),
        ("as_of", "==", "2019-12-31",
         Outcome("", "not observed", "the day an AI school was founded is in no file")),
    ],
)  # fmt: skip
def test_each_constraint_on_four_universities(
    key: str, operator: str, value: str, told: Outcome
) -> None:
    assert judged(asked(key, operator, value), listed(*FOUR)) == told


def test_a_soft_constraint_is_context_whatever_it_finds() -> None:
    soft = asked("top", "likely in list", "Alpha; Omega", kind="soft")
    assert judged(soft, listed(*FOUR)) == Outcome("1 of 2 in it", "context")


def test_what_is_outside_or_no_university_is_named() -> None:
    rows = listed(ALPHA, HARBOUR, WORKS, COLLEGE, CRAFT)
    assert judged(asked("country", "in"), rows) == Outcome("1 outside", "not met", "Harbour")
    assert judged(asked("level"), rows) == Outcome(
        "3 are none", "not met", "Works; Vocational College; Craft"
    )
    # Hong Kong is no mainland province.
    empty = asked("mainland provinces without an AI university", "==", "29")
    assert judged(empty, rows).computed == "29"


def test_papers_are_asked_of_the_edition() -> None:
    rows = listed(ALPHA, BETA, GAMMA)
    constraint = asked("international_journal_papers", ">=")
    assert judged(constraint, rows).note == "no edition of the study: run it first"
    assert judged(constraint, rows).verdict == "not observed"
    all_ = judged(constraint, rows, {"alpha": 1, "beta": 3, "gamma": 2})
    assert (all_.computed, all_.verdict) == ("0 without a paper", "met")
    assert all_.note.startswith("weakest reading")
    assert judged(constraint, rows, {"alpha": 1, "beta": 0}) == Outcome(
        "2 without a paper", "not met", "no papers here: Beta; Gamma"
    )


def test_an_ai_unit_is_met_only_where_every_row_says_yes() -> None:
    constraint = asked("ai_school_department_or_institute", "==", "yes")
    yes, no, unsaid = listed(ALPHA, ai_unit="yes"), listed(BETA, ai_unit="no"), listed(GAMMA)
    assert judged(constraint, yes) == Outcome("yes 1, no 0, unobserved 0", "met")
    assert judged(constraint, yes + no + unsaid) == Outcome("yes 1, no 1, unobserved 1", "not met")
    hint = "give a column ai_unit with yes or no"
    assert judged(constraint, yes + unsaid) == Outcome(
        "yes 1, no 0, unobserved 1", "not observed", hint
    )
    assert judged(constraint, []) == Outcome("yes 0, no 0, unobserved 0", "not observed", hint)
    doubtful = listed(BETA, standing="doubtful", ai_unit="no")
    assert judged(constraint, yes + doubtful).verdict == "met"


def test_a_repeated_name_and_a_campus_beside_its_university_are_not_unique() -> None:
    constraint = asked("name", "unique")
    again = listed(BETA, standing="repeated")
    assert judged(constraint, listed(ALPHA, BETA) + again) == Outcome(
        "1 repeated", "not met", "Beta"
    )
    assert judged(constraint, listed(ALPHA, CAMPUS)) == Outcome("1 repeated", "not met", "Campus")
    assert judged(constraint, listed(BETA, CAMPUS)).verdict == "met"
    assert judged(constraint, listed(ALPHA, CAMPUS) + again).computed == "2 repeated"


def test_provinces_that_no_constraint_names_are_counted_apart() -> None:
    named = (asked("province=Beijing", "==", "2"), asked("province=Hunan", "<=", "9"))
    rows = listed(*FOUR, replace(GAMMA, id="gamma2", name_en="Gamma Two"))
    for words in ("provinces other than the five named", "provinces other than those named"):
        total = asked(words, "==", "3", constraint_id="others-sum")
        assert judged(total, rows, others=named) == Outcome("3", "met")
        number = asked(words, "==", "2", constraint_id="others-number")
        assert judged(number, rows, others=named) == Outcome("2", "met")
    for words in (
        "each province other than the five named", "each province other than those named",
    ):  # fmt: skip
        assert judged(asked(words, "<=", "2"), rows, others=named) == Outcome("2", "met")
        assert judged(asked(words, "<=", "1"), rows, others=named) == Outcome(
            "2", "not met", "Hubei 2"
        )
        assert judged(asked(words, "<=", "0"), [], others=named) == Outcome("0", "met")


def test_only_the_sure_members_count_and_rounds_are_counted_where_all_are_given() -> None:
    rows = [*listed(ALPHA, round_="2018"), *listed(BETA, round_="2019"),
            *listed(GAMMA, standing="doubtful")]  # fmt: skip
    assert judged(asked("all", "==", "2"), rows).verdict == "met"
    assert judged(asked("round=2018", "==", "1"), rows) == Outcome("1", "met")
    rows += listed(DELTA)
    assert judged(asked("round=2018", "==", "1"), rows).verdict == "not observed"
    held = Held(rows, FOUR, None, ())
    assert count_of(asked("something else"), held) is None
    assert count_of(asked("group=universities"), Held(rows, (ALPHA, WORKS), None, ())) == 1
    assert count_of(asked("group=institutes"), Held(rows, (ALPHA, WORKS), None, ())) == 1


def test_a_share_of_nobody_is_not_observed() -> None:
    assert judged(asked("province=Beijing", "round1", "50.0"), []).verdict == "not observed"
    assert judged(asked("province=Beijing", "round1", "many"), listed(ALPHA)).verdict == (
        "not observed"
    )


def test_the_four_authorities_and_vocational_names() -> None:
    found = [authority_of(each) for each in (ALPHA, BETA, GAMMA, DELTA, WORKS)]
    assert found == ["moe", "provincial", "miit", "other", "other"]
    assert [is_vocational(each) for each in (ALPHA, COLLEGE, CRAFT)] == [False, True, True]


def test_constraints_are_read_cell_by_cell() -> None:
    text = "\ufeffconstraint_id,kind,key,operator,value,note\n a ,count, all ,==, 3 ,why\n"
    assert read_constraints(text, "c.csv") == (
        Constraint("a", "count", "all", "==", "3", "", "why"),
    )
    with pytest.raises(InputError) as told:
        read_constraints("constraint_id,kind,key\na,b,c\n", "c.csv")
    assert "lack the columns operator, value" in str(told.value)
    carried = {c.constraint_id: c for c in carried_constraints("institutes")}
    assert carried["total"] == Constraint("total", "count", "all", "==", "103", "stated", "")
    ours = {c.constraint_id: c for c in carried_constraints("ai_universities")}
    assert (ours["total"].value, ours["province-beijing"].place) == ("109", "Beijing")
    with pytest.raises(InputError) as unknown:
        carried_constraints("nothing")
    assert "ai_universities, institutes" in str(unknown.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_of_any_file_may_end_as_on_any_machine(end: str) -> None:
    asked_ = end.join(("constraint_id,kind,key,operator,value", "a,count,all,==,3"))
    assert read_constraints(asked_, "c.csv")[0].value == "3"
    assert read_names(end.join(("name,x", "Alpha,1")), "l")[0]["name"] == "Alpha"
    owned = end.join(("assignee,number,year", "Works,1,2018"))
    found = read_patents(owned, "p.csv", REGISTRY, Told([]))  # type: ignore[arg-type]
    assert found.by_institution == {"works": 1}


def test_every_known_column_of_names_is_found() -> None:
    columns = ("name", "name_en", "name_zh", "university", "institution", "institution_id", "id",
               "学校", "学校名称", "名称", "高校", "机构", "单位")  # fmt: skip
    for column in columns:
        assert read_names(f"x,{column}\n1,Alpha\n", "l")[0]["name"] == "Alpha"


# --- evidence ------------------------------------------------------------------------------------

RANKING = pd.DataFrame(
    {"institution_id": ["alpha", "gamma"], "papers": [7, 2], "rank": [1, 2],
     "rank_low": pd.array([1, None], dtype="Int64"), "rank_high": pd.array([3, None], dtype="Int64")}
)  # fmt: skip


def test_the_evidence_of_each_name() -> None:
    tianjin = replace(BETA, id="tj", name_en="Tianjin University", name_zh="天津大学")
    rows = [
        *listed(ALPHA, ai_unit="yes"), *listed(GAMMA), *listed(tianjin),
        Listed(4, "Somewhere", "doubtful", None, ("alpha", "beta"), "no", ""),
    ]  # fmt: skip
    rows = [replace(row, row=n) for n, row in enumerate(rows, 1)]
    made = evidence_table(rows, RANKING, "SIMULATED").set_index("row")
    told = made.astype(object).where(made.notna(), None)
    assert told.loc[1].to_dict() == {
        "name": "Alpha", "match": "matched", "institution_id": "alpha", "candidates": "",
        "name_en": "Alpha", "name_zh": "甲大学", "papers": 7, "rank": 1,
        "stability": "ranks 1 to 3", "ai_unit": "yes", "ai_major": "unknown",
        "ai_major_confidence": "", "authority": "moe", "province": "Beijing", "flags": "",
        "source": "SIMULATED",
    }  # fmt: skip
    assert told.loc[2, ["papers", "rank", "stability"]].tolist() == [2, 2, ""]
    assert told.loc[3, ["papers", "rank", "flags"]].tolist() == [0, None, "no papers here"]
    assert told.loc[3, "ai_major"].startswith("2018 round")
    assert told.loc[3, "ai_major_confidence"] == "high"
    assert told.loc[4, ["match", "candidates", "ai_unit", "flags", "papers"]].tolist() == [
        "doubtful", "alpha|beta", "no", "doubtful", None,
    ]  # fmt: skip
    alone = evidence_table(rows, None, "no edition").set_index("row")
    assert alone["papers"].isna().all()
    assert alone["flags"].tolist() == ["", "", "", "doubtful"]
    assert alone.loc[1, "ai_unit"] == "yes"
    assert alone.loc[2, "ai_unit"] == "unobserved"


def test_what_is_odd_about_a_member_is_flagged() -> None:
    again = listed(ALPHA, standing="repeated")
    rows = [*listed(HARBOUR), *listed(WORKS), *listed(COLLEGE), *listed(CAMPUS), *listed(DELTA)]
    rows = [replace(row, row=n) for n, row in enumerate([*rows, *again], 1)]
    assert evidence_table(rows, None, "s")["flags"].tolist() == [
        "not mainland", "not a university", "vocational", "campus of alpha",
        "military: under no ministry of the four classes", "repeated",
    ]  # fmt: skip


def test_verdicts_are_a_table_and_sure_members_are_given_on() -> None:
    constraint = asked("all", "==", "6", constraint_id="total", basis="stated")
    made = verdict_table(judge_list(listed(*FOUR), [constraint], None))
    assert made.to_dict("records") == [
        {"constraint_id": "total", "basis": "stated", "key": "all", "operator": "==",
         "published": "6", "computed": "4", "verdict": "not met", "note": "-2"}
    ]  # fmt: skip
    rows = [*listed(ALPHA, round_="2018"), *listed(BETA, standing="repeated")]
    assert members_of(rows) == (Member("alpha", "Beijing", "moe", "2018"),)


# --- names ---------------------------------------------------------------------------------------

ROWS = {
    each.id: each
    for each in (
        replace(ALPHA, aliases=("AU", "Shared"), former_names=(FormerName("Old Alpha", 1990),)),
        replace(BETA, aliases_conditional=("Shared", "Gamma")),
        GAMMA,
        replace(DELTA, same_as="gamma", name_en="Gamma Double"),
        HARBOUR, COLLEGE, CRAFT, CAMPUS, WORKS,
    )
}  # fmt: skip
REGISTRY = Registry(ROWS, (), (), (), {}, ())


@dataclass
class Told:
    """A matcher that knows three strings."""

    asked: list[str]

    def match(self, text: str, country: str) -> Attribution:
        assert country == "CN"
        self.asked.append(text)
        known = {
            "Near Alpha": (("alpha",), ("beta",)), "Works": (("works",), ()),
            "Alpha Ltd": (("alpha",), ()), "Both": (("alpha", "works"), ()),
        }  # fmt: skip
        ids, lost = known.get(text, ((), ()))
        matches = tuple(Match(one, "alias", "name", text) for one in ids)
        candidates = tuple(Candidate(one, "weaker") for one in lost)
        return Attribution("matched" if ids else "unmatched", matches, "", "", candidates)


def matched(*cells: dict[str, str]) -> list[Listed]:
    return match_list(list(cells), REGISTRY, Told([]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "standing", "ids"),
    [
        ("alpha", "matched", ("alpha",)),
        ("ALPHA", "matched", ("alpha",)),
        ("甲大学", "matched", ("alpha",)),
        ("AU", "matched", ("alpha",)),
        ("Old Alpha", "matched", ("alpha",)),
        # A name beats an alias of another; a row that only stands for another has no name.
        ("Gamma", "matched", ("gamma",)),
        ("Gamma Double", "not found", ()),
        ("Shared", "doubtful", ("alpha", "beta")),
        ("Near Alpha", "doubtful", ("alpha", "beta")),
        ("Nobody", "not found", ()),
    ],
)
def test_a_name_is_sure_doubtful_or_not_found(
    name: str, standing: str, ids: tuple[str, ...]
) -> None:
    (row,) = matched({"name": name})
    assert (row.row, row.name, row.standing) == (1, name, standing)
    if standing == "matched":
        assert row.institution is not None
        assert (row.institution.id, row.candidates) == (ids[0], ())
    else:
        assert (row.institution, row.candidates) == (None, ids)


def test_rows_are_numbered_and_what_stands_twice_is_repeated() -> None:
    found = matched({"name": "alpha"}, {"name": "beta"}, {"name": "AU"})
    assert [(row.row, row.standing) for row in found] == [
        (1, "matched"), (2, "matched"), (3, "repeated"),
    ]  # fmt: skip
    assert found[2].institution == found[0].institution


def test_columns_of_units_and_rounds_are_read_in_either_language() -> None:
    cells = [
        {"name": "alpha", "ai_unit": "Y", "round": "2018"}, {"name": "beta", "ai_school": "否"},
        {"name": "gamma", "人工智能学院": "有", "批次": "1"}, {"name": "works", "ai_unit": "perhaps"},
        {"name": "harbour", "ai_unit": "", "ai_school": "TRUE", "year": "2020"},
        {"name": "campus", "ai_unit": "No"},
        *({"name": "nobody", "ai_unit": cell} for cell in ("n", "0", "false", "无", "1", "是")),
    ]  # fmt: skip
    found = matched(*cells)
    assert [row.ai_unit for row in found] == [
        "yes", "no", "yes", "", "yes", "no", "no", "no", "no", "no", "yes", "yes",
    ]  # fmt: skip
    assert [row.round for row in found][:6] == ["2018", "", "1", "", "2020", ""]


def test_a_table_of_names_is_read_by_its_header_and_plain_lines_without() -> None:
    text = "\ufeffUniversity,名称,AI_Unit\n Alpha ,甲,yes\n,乙,\n\n"
    # The known columns are asked in their order, each row for the first that says something.
    assert read_names(text, "l.csv") == [
        {"university": "Alpha", "名称": "甲", "ai_unit": "yes", "name": "Alpha"},
        {"university": "", "名称": "乙", "ai_unit": "", "name": "乙"},
    ]
    assert read_names("name,x\nAlpha\n", "l.csv") == [{"name": "Alpha"}]
    assert read_names("Alpha\n\n Beta \n", "l") == [{"name": "Alpha"}, {"name": "Beta"}]
    for wrong, says in (("\n , \n", "the list is empty"), ("a,b\nc,d\n", "no column of names")):
        with pytest.raises(InputError, match=says):
            read_names(wrong, "l.csv")


# --- candidates and proposals --------------------------------------------------------------------


def test_candidates_are_mainland_universities_with_enough_papers() -> None:
    papers = dict.fromkeys(ROWS, 5) | {"beta": 2}
    found = candidates_of(REGISTRY, papers, listed(GAMMA, ai_unit="no"), 3)
    assert [(c.institution_id, c.criterion) for c in found] == [("alpha", 5), ("delta", 5)]
    few = candidates_of(REGISTRY, papers, listed(GAMMA, ai_unit="yes"), 2)
    assert {c.institution_id for c in few} == {"alpha", "beta", "gamma", "delta"}
    (first, *_) = few
    assert first == proposal.Candidate("alpha", "Alpha", "Beijing", "moe", 5.0)
    unseen = candidates_of(REGISTRY, {}, (), 0)
    assert {c.criterion for c in unseen} == {0.0}
    nameless = Registry({"n": replace(ALPHA, id="n", name_en="")}, (), (), (), {}, ())
    assert candidates_of(nameless, {}, (), 0)[0].name_en == "甲大学"


def test_a_proposal_says_of_each_candidate_how_it_stands() -> None:
    problem = problem_of(candidates_of(REGISTRY, {"alpha": 9, "gamma": 4}, (), 1), ())
    found = Family(
        Solution(9.0, ("alpha",)), 8.0, {"alpha": "forced in", "gamma": "open"},
        {"alpha": 1.0, "gamma": 0.3}, 10,
    )  # fmt: skip
    made = proposal_table(problem, found, REGISTRY, "SIMULATED").set_index("institution_id")
    assert made.loc["alpha"].to_dict() == {
        "name_en": "Alpha", "name_zh": "甲大学", "province": "Beijing", "authority": "moe",
        "criterion": 9.0, "status": "forced in", "frequency": 1.0, "reading": "in",
        "source": "SIMULATED",
    }  # fmt: skip
    assert made.loc["gamma", ["status", "frequency", "reading"]].tolist() == [
        "open",
        0.3,
        "toss-up",
    ]


def some(*told: tuple[str, str, str, float]) -> tuple[proposal.Candidate, ...]:
    return tuple(proposal.Candidate(name, name.upper(), *rest) for name, *rest in told)  # type: ignore[arg-type]


SIX = some(
    ("u1", "A", "moe", 9.0), ("u2", "A", "moe", 7.0), ("u3", "A", "provincial", 7.0),
    ("u4", "B", "moe", 5.0), ("u5", "B", "provincial", 4.0), ("u6", "C", "other", 1.0),
)  # fmt: skip


def rows_of(*constraints: Constraint) -> list[Row]:
    return list(problem_of(SIX, constraints).rows)


def test_each_hard_constraint_is_a_row_over_the_candidates() -> None:
    def ones(*places: int) -> tuple[tuple[int, float], ...]:
        return tuple((place, 1.0) for place in places)

    assert rows_of(asked("all", "==", "3")) == [Row("c", ones(0, 1, 2, 3, 4, 5), 3, 3)]
    assert rows_of(asked("province=B", "<=", "1")) == [Row("c", ones(3, 4), 0, 1)]
    assert rows_of(asked(f"authority={MOE}", "==", "2")) == [Row("c", ones(0, 1, 3), 2, 2)]
    assert rows_of(asked("x", "all of", "U2; U9")) == [Row("c", ones(1), 1, 1), Row("c", (), 1, 1)]
    assert rows_of(asked("x", "all of", "U2", kind="soft")) == []
    for nothing in (asked("all", ">=", "3"), asked("all", "==", "many"), asked("level", "==", "1")):
        assert rows_of(nothing) == []
    most = asked("each province other than those named", "<=", "1")
    assert rows_of(most, asked("province=A", "==", "2", constraint_id="a"))[:2] == [
        Row("c", ones(3, 4), 0, 1), Row("c", ones(5), 0, 1),
    ]  # fmt: skip
    (number, *links) = rows_of(asked("distinct province", "==", "2"))
    assert number == Row("c", ones(6, 7, 8), 2, 2)
    assert [row.is_link for row in links] == [True] * 6
    assert links[0] == Row("c", (*ones(0, 1, 2), (6, -1.0)), 0, 1_000_000, is_link=True)
    assert links[1] == Row("c", (*ones(0, 1, 2), (6, -3.0)), -1_000_000, 0, is_link=True)


def test_a_problem_sorts_its_candidates_and_knows_its_cells_and_room() -> None:
    asked_ = (
        asked("province=B", "<=", "1"), asked("province=A", "==", "2", constraint_id="a"),
        asked("x", "all of", "U3", constraint_id="must"),
    )  # fmt: skip
    problem = problem_of(tuple(reversed(SIX)), asked_)
    assert [c.institution_id for c in problem.candidates] == ["u1", "u2", "u3", "u4", "u5", "u6"]
    assert problem.provinces == ("A", "B", "C")
    assert problem.criterion.tolist() == [9, 7, 7, 5, 4, 1]
    assert problem.fixed == {"u3"}
    assert problem.room == {"B": 1, "A": 2}
    assert problem.cells == {
        ("A", "moe", False): [0, 1], ("A", "provincial", True): [2], ("B", "moe", False): [3],
        ("B", "provincial", False): [4], ("C", "other", False): [5],
    }  # fmt: skip
    assert problem.names == ("c", "a", "must")
    assert [row.name for row in problem.without(frozenset({"c", "must"})).rows] == ["a"]


def members(*constraints: Constraint, **options: object) -> tuple[str, ...] | None:
    found = solve(problem_of(SIX, constraints), **options)  # type: ignore[arg-type]
    return None if found is None else found.members


def test_the_best_list_and_the_best_with_somebody_forced() -> None:
    three = asked("all", "==", "3")
    one_a = asked("province=A", "==", "1", constraint_id="a")
    assert members(three) == ("u1", "u2", "u3")
    assert members(three, one_a) == ("u1", "u4", "u5")
    assert members(three, one_a, force={0: 0}) == ("u2", "u4", "u5")
    assert members(three, force={5: 1}) == ("u1", "u2", "u6")
    assert members(three, asked("distinct province", "==", "3", constraint_id="p")) == (
        "u1", "u4", "u6",
    )  # fmt: skip
    assert members(three, asked("x", "all of", "U6", constraint_id="m")) == ("u1", "u2", "u6")
    assert members(three, asked("all", "==", "4", constraint_id="d")) is None
    best = solve(problem_of(SIX, (three,)))
    assert best == Solution(23.0, ("u1", "u2", "u3"))
    other = solve(problem_of(SIX, (three,)), np.array([0, 0, 0, 3.0, 2.0, 1.0]))
    assert other == Solution(6.0, ("u4", "u5", "u6"))


def test_a_family_without_draws_has_no_frequency() -> None:
    problem: Problem = problem_of(SIX, (asked("all", "==", "3"),))
    found = proposal.family(problem, 0.1, 0, 1, 0.2)
    assert found is not None
    assert set(found.frequency.values()) == {0.0}
    assert found.floor == pytest.approx(20.7)
    # 9 + 7 + 7 is 23; with 5 for a 7 it is 21, with 5 for the 9 it is 19.
    assert found.forced == {
        "u1": "forced in", "u2": "open", "u3": "open", "u4": "open", "u5": "forced out",
        "u6": "forced out",
    }  # fmt: skip


TWICE = some(*((f"u{n}", "AB"[n // 3], "moe", 1.0) for n in range(6)))


@pytest.mark.parametrize(
    ("constraints", "told"),
    [
        # Five of two provinces with one each at most: three too few in all, or three too many there.
        ((asked("all", "==", "5", constraint_id="total"),
          asked("each province other than those named", "<=", "1", constraint_id="most")),
         [(Gap("total", 3, 0), Gap("most", 0, 3))]),
        ((asked("x", "all of", "U8; U9", constraint_id="must"),), [(Gap("must", 2, 0),)]),
        ((asked("distinct province", "==", "3", constraint_id="p"),), [(Gap("p", 1, 0),)]),
        ((asked("all", "==", "50", constraint_id="total"),), [(Gap("total", 44, 0),)]),
        ((asked("all", "==", "5", constraint_id="total"),
          asked("province=A", "==", "1", constraint_id="a"),
          asked("province=B", "==", "1", constraint_id="b")),
         [(Gap("total", 1, 0), Gap("b", 0, 1))]),
    ],
)  # fmt: skip
def test_a_conflict_says_of_each_constraint_how_far_it_is_missed(
    constraints: tuple[Constraint, ...], told: list[tuple[Gap, ...]]
) -> None:
    assert list(conflicts(problem_of(TWICE, constraints))) == told


def test_how_often_a_candidate_is_in_perturbed_lists() -> None:
    problem = problem_of(
        SIX, (asked("all", "==", "3"), asked("province=A", "==", "1", constraint_id="a"))
    )
    found = proposal.family(problem, 0.1, 40, 1, 0.2)
    assert found is not None
    assert sum(found.frequency.values()) == pytest.approx(3)
    assert found.frequency["u6"] < found.frequency["u5"] <= found.frequency["u4"]
    assert 0 < found.frequency["u2"] < found.frequency["u1"] < 1
    told = [proposal.reading("open", share) for share in (1.0, 0.96, 0.95, 0.05, 0.04)]
    assert told == ["in", "in", "toss-up", "toss-up", "out"]
    # A row on provinces in use is no room of a province.
    linked = problem_of(SIX, (asked("distinct province", "==", "2"),))
    assert linked.room == {}


# --- patents -------------------------------------------------------------------------------------


def patents(*lines: str, **options: object):
    text = "\ufeff Assignee,NUMBER,year\n" + "\n".join(lines)
    return read_patents(text, "p.csv", REGISTRY, Told([]), **options)  # type: ignore[arg-type]


def test_a_patent_counts_once_for_each_institute_it_names() -> None:
    found = patents("Works,1,2018", "Works,1,2019", "Works,2,2018", "Both,3,2018",
                    "Alpha Ltd,4,2018", "Alpha Ltd,4,2018", "Nobody,5,2018")  # fmt: skip
    assert found.by_institution == {"works": 3}
    assert found.others == {"Alpha Ltd": 1}
    assert found.unmatched == {"Nobody": 1}
    assert found.bad == ()
    sample = patents("Both,3,2018", "Works,1,2018", sample=frozenset({"alpha"}))
    assert (sample.by_institution, sample.others) == ({"alpha": 1}, {"Works": 1})


def test_rows_that_say_too_little_or_come_too_late_are_set_aside() -> None:
    found = patents(",1,2018", "Works,,2018", "Works,2,soon", "Works,3,2020", "Works,4,2019",
                    last_year=2019)  # fmt: skip
    assert found.by_institution == {"works": 1}
    assert found.bad == (
        "row 1: assignee, number and year are needed",
        "row 2: assignee, number and year are needed",
        "row 3: assignee, number and year are needed",
        "row 4: of 2020, after 2019",
    )
    with pytest.raises(InputError, match="lack the columns number, year"):
        read_patents("assignee\n", "p.csv", REGISTRY, Told([]))  # type: ignore[arg-type]
