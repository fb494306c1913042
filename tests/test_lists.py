"""Lists: a good one, planted errors, random ones; proposals; patents of a user's."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from bibliometrics.attribution import Matcher
from bibliometrics.attribution.institutions import Institution, Registry, load_registry
from bibliometrics.errors import InputError
from bibliometrics.lists.candidates import candidates_of
from bibliometrics.lists.conflicts import Gap, conflict, conflicts
from bibliometrics.lists.constraints import (
    MET,
    NOT_MET,
    NOT_OBSERVED,
    SUBSET,
    Constraint,
    Outcome,
    authority_of,
    carried_constraints,
    is_mainland,
    judge_list,
    read_constraints,
)
from bibliometrics.lists.evidence import evidence_table, members_of
from bibliometrics.lists.given import Listed, match_list, read_names
from bibliometrics.lists.patents import read_patents
from bibliometrics.lists.proposal import (
    Candidate,
    Problem,
    family,
    problem_of,
    reading,
    solve,
)
from bibliometrics.simulation.quotas import domestic_quotas

CONSTRAINTS = carried_constraints("ai_universities")
# What the list alone decides; the others read papers or the column ai_unit.
OBSERVED = {"criterion-papers", "criterion-unit", "date", "soft-top5", "external-ucas"}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def matcher(registry: Registry) -> Matcher:
    return Matcher(registry)


@pytest.fixture(scope="module")
def papers(registry: Registry) -> dict[str, int]:
    """Made-up papers: everybody has one at least."""
    chance = random.Random(109)
    return {i: 1 + int(900 * chance.random() ** 3) for i in sorted(registry.institutions)}


@pytest.fixture(scope="module")
def problem(registry: Registry, papers: dict[str, int]) -> Problem:
    return problem_of(candidates_of(registry, papers, (), 1), CONSTRAINTS)


@pytest.fixture(scope="module")
def good(problem: Problem, registry: Registry) -> list[Institution]:
    found = solve(problem)
    assert found is not None
    return [registry.institutions[i] for i in found.members]


def listed(members: list[Institution], ai_unit: str = "yes") -> list[Listed]:
    return [Listed(n, m.name_en, "matched", m, (), ai_unit, "") for n, m in enumerate(members, 1)]


def verdicts(rows: list[Listed], papers: dict[str, int] | None = None) -> dict[str, Outcome]:
    return {c.constraint_id: told for c, told in judge_list(rows, CONSTRAINTS, papers)}


def broken(rows: list[Listed], papers: dict[str, int] | None = None) -> set[str]:
    return {name for name, told in verdicts(rows, papers).items() if told.verdict == NOT_MET}


def test_a_list_made_to_satisfy_the_constraints_does(
    good: list[Institution], papers: dict[str, int]
) -> None:
    told = verdicts(listed(good), papers)
    assert len(told) == 37
    assert broken(listed(good), papers) == set()
    assert {n for n, t in told.items() if t.verdict == MET} >= set(told) - OBSERVED
    assert told["share-beijing"].computed == "13.8"
    assert told["provinces-empty"].computed == "8"
    assert told["province-others-sum"].computed == "54"
    assert told["province-others-number"].computed == "18"
    assert told["date"].verdict == NOT_OBSERVED


def exchanged(members: list[Institution], out: Institution, into: Institution) -> list[Institution]:
    return [into if member is out else member for member in members]


def other(
    registry: Registry, members: list[Institution], province: str, authority: str
) -> Institution:
    inside = {m.id for m in members}
    return next(
        row
        for _, row in sorted(registry.institutions.items())
        if row.group == "university" and row.province == province and not row.campus_of
        and authority_of(row) == authority and row.id not in inside
    )  # fmt: skip


def test_five_planted_errors_are_told_apart(
    good: list[Institution], registry: Registry, papers: dict[str, int]
) -> None:
    beijing = next(m for m in good if m.province == "Beijing" and authority_of(m) == "moe")
    elsewhere = other(registry, good, "Hubei", "moe")
    moved = broken(listed(exchanged(good, beijing, elsewhere)), papers | {elsewhere.id: 5})
    assert {"province-beijing", "share-beijing", "province-others-sum"} <= moved
    assert not moved & {"total", "authority-provincial", "authority-moe"}

    short = broken(listed(good[:-1]), papers)
    assert {"total", "authority-partition"} <= short

    hong_kong = next(r for r in registry.institutions.values() if r.province == "HK")
    abroad = broken(listed([*good[:-1], hong_kong]), papers | {hong_kong.id: 9})
    assert "scope-mainland" in abroad

    unit = listed(good)
    unit[3] = replace(unit[3], ai_unit="no")
    assert broken(unit, papers) == {"criterion-unit"}

    miit = next(m for m in good if authority_of(m) == "miit")
    swapped = other(registry, good, miit.province, "provincial")
    wrong = broken(listed(exchanged(good, miit, swapped)), papers | {swapped.id: 5})
    assert {"authority-miit", "external-miit-all", "authority-provincial"} <= wrong


def test_a_repeated_name_a_campus_and_an_unseen_one_are_told(
    good: list[Institution], papers: dict[str, int]
) -> None:
    rows = [*listed(good), Listed(110, good[0].name_en, "repeated", good[0], (), "yes", "")]
    assert broken(rows, papers) == {"unique"}
    unseen = {who: n for who, n in papers.items() if who != good[0].id}
    assert broken(listed(good), unseen) == {"criterion-papers"}
    assert verdicts(listed(good), None)["criterion-papers"].verdict == NOT_OBSERVED


@pytest.mark.parametrize("seed", range(10))
def test_ten_random_lists_are_none_of_them_taken_for_it(
    seed: int, registry: Registry, papers: dict[str, int]
) -> None:
    chance = random.Random(seed)
    everybody = sorted(
        (r for r in registry.institutions.values() if r.group == "university" and is_mainland(r)),
        key=lambda r: r.id,
    )
    drawn = chance.sample(everybody, 109)
    told = verdicts(listed(drawn), papers)
    assert told["total"].verdict == MET
    by_hand = Counter(m.province for m in drawn)
    assert told["province-beijing"].computed == str(by_hand["Beijing"])
    assert told["provinces"].computed == str(len(by_hand))
    assert (told["province-beijing"].verdict == MET) == (by_hand["Beijing"] == 15)
    assert len(broken(listed(drawn), papers)) > 5


def test_an_ai_unit_that_nobody_stated_is_missing_not_true(good: list[Institution]) -> None:
    told = verdicts(listed(good, ai_unit=""))["criterion-unit"]
    assert told.verdict == NOT_OBSERVED
    assert told.computed == "yes 0, no 0, unobserved 109"
    rows = listed(good)
    rows[0] = replace(rows[0], ai_unit="")
    assert verdicts(rows)["criterion-unit"].verdict == NOT_OBSERVED


def test_names_in_both_languages_are_matched_and_doubtful_ones_reported(
    registry: Registry, matcher: Matcher
) -> None:
    text = "\ufeffname,ai_school\nTsinghua University,是\n浙江大学,yes\nTsinghua University,\n"
    text += "Tsingua Universty,no\nUniversity of Nowhere,\nThe University of Hong Kong,\n"
    rows = match_list(read_names(text, "l.csv"), registry, matcher)
    assert [row.standing for row in rows][:3] == ["matched", "matched", "repeated"]
    assert rows[1].institution is not None
    assert rows[1].institution.id == "zhejiang-university"
    assert rows[3].standing == "doubtful"
    assert "tsinghua-university" in rows[3].candidates
    assert rows[4].standing == "not found"
    assert [row.ai_unit for row in rows] == ["yes", "yes", "", "no", "", ""]
    evidence = evidence_table(rows, None, "no edition").set_index("row")
    assert evidence.loc[6, "flags"] == "not mainland"
    assert evidence.loc[1, "ai_unit"] == "yes"
    assert evidence.loc[3, "ai_unit"] == "unobserved"
    assert evidence.loc[2, "ai_major_confidence"] == "high"
    assert len(members_of(rows)) == 3


def test_one_name_a_line_is_a_list_too_and_others_are_refused() -> None:
    assert read_names("清华大学\n\nPeking University\n", "l") == [
        {"name": "清华大学"},
        {"name": "Peking University"},
    ]
    with pytest.raises(InputError, match="empty"):
        read_names("\n", "l")
    with pytest.raises(InputError, match="no column of names"):
        read_names("a,b\n1,2\n", "l")


def test_other_lists_of_the_report_have_constraints_of_their_own(registry: Registry) -> None:
    institutes = [r for _, r in sorted(registry.institutions.items()) if r.group == "institute"]
    rows = [replace(r, round="2018") for r in listed([*institutes[:75]])]
    told = {
        c.constraint_id: t for c, t in judge_list(rows, carried_constraints("institutes"), None)
    }
    assert told["round-2018"].verdict == MET
    assert told["round-2019"].computed == "0"
    assert told["total"].note == "-28"
    both = [*listed(institutes[:14]), *listed([r for r in registry.institutions.values()
                                               if r.group == "university"][:117])]  # fmt: skip
    held = judge_list(both, carried_constraints("paper_institutions"), None)
    assert {t.verdict for c, t in held if c.constraint_id != "unique"} == {MET}
    with pytest.raises(InputError, match="no list"):
        carried_constraints("nothing")


def table_of(*rows: str) -> tuple[Constraint, ...]:
    return read_constraints("constraint_id,kind,key,operator,value\n" + "\n".join(rows), "c.csv")


def test_the_family_holds_every_constraint_and_knows_what_is_forced() -> None:
    chance = random.Random(7)
    places = [(p, a) for p in "ABCD" for a in ("moe", "provincial")]
    candidates = [
        Candidate(f"u{n:02}", f"U{n:02}", *places[n % 8], float(int(60 * chance.random() ** 2) + 1))
        for n in range(40)
    ]
    constraints = table_of(
        "total,count,all,==,12", "a,count,province=A,==,4", "n,count,distinct province,==,3",
        "moe,count,authority=Ministry of Education (direct),==,5", "named,external,x,all of,U07",
        "most,derived,each province other than those named,<=,6",
    )  # fmt: skip
    problem = problem_of(candidates, constraints)
    found = family(problem, 0.05, 20, 2020, 0.25)
    assert found is not None
    assert found.floor == pytest.approx(found.best.value * 0.95)
    by_id = {c.institution_id: c for c in problem.candidates}
    best = [by_id[who] for who in found.best.members]
    assert sum(c.criterion for c in best) == found.best.value
    assert len(best) == 12
    assert sum(c.province == "A" for c in best) == 4
    assert sum(c.authority == "moe" for c in best) == 5
    assert len({c.province for c in best}) == 3
    assert max(Counter(c.province for c in best).values()) <= 6
    for at, candidate in enumerate(problem.candidates):
        without = solve(problem, force={at: 0}, break_ties=False)
        with_it = solve(problem, force={at: 1}, break_ties=False)
        is_in = without is None or without.value < found.floor - 1e-6
        is_out = with_it is None or with_it.value < found.floor - 1e-6
        expected = "forced in" if is_in else "forced out" if is_out else "open"
        assert found.forced[candidate.institution_id] == expected, candidate
    assert found.forced["u07"] == "forced in"
    assert set(found.forced.values()) == {"forced in", "forced out", "open"}
    assert sum(found.frequency.values()) == pytest.approx(12)
    again = family(problem, 0.05, 20, 2020, 0.25)
    assert again is not None
    assert again.frequency == found.frequency
    assert family(problem, 0.05, 20, 2021, 0.25).frequency != found.frequency  # type: ignore[union-attr]


def test_constraints_that_cannot_hold_together_are_named(problem: Problem) -> None:
    assert conflict(problem) == ()
    changed = [
        replace(c, value="45") if c.constraint_id == "authority-provincial" else c
        for c in CONSTRAINTS
    ]
    named = set(conflict(problem_of(problem.candidates, changed)))
    assert named >= {"total", "authority-moe", "authority-provincial", "authority-other"}
    rows = problem_of(problem.candidates, changed)
    assert solve(rows.without(frozenset({"total"})), break_ties=False) is not None


def test_a_university_that_must_be_in_and_has_no_paper_is_the_conflict(
    registry: Registry, papers: dict[str, int]
) -> None:
    unseen = papers | {"beihang-university": 0}
    few = problem_of(candidates_of(registry, unseen, (), 1), CONSTRAINTS)
    assert conflict(few) == ("external-miit-all",)


def test_a_conflict_tells_by_how_many_and_all_of_them_come() -> None:
    places = [("A", "moe")] * 3 + [("B", "provincial")] * 4
    candidates = [Candidate(f"u{n}", f"U{n}", *places[n], 1.0) for n in range(7)]
    asked = table_of(
        "total,count,all,==,6", "a,count,province=A,==,5", "b,count,province=B,==,3",
        "moe,count,authority=Ministry of Education (direct),==,2",
        "provincial,count,authority=provincial government,==,2", "must,external,x,all of,U9",
        "most,derived,each province other than those named,<=,1",
    )  # fmt: skip
    problem = problem_of(candidates, asked)
    assert list(conflicts(problem)) == [
        (Gap("must", 1, 0),),
        # B and provincial are the same candidates: three are not two.
        (Gap("b", 1, 0), Gap("provincial", 0, 1)),
        (Gap("a", 2, 0),),
    ]
    assert str(Gap("a", 2, 0)) == "a: at best 2 too few"
    assert str(Gap("p", 1, 3)) == "p: at best 1 too few and 3 too many"
    solvable = problem_of(candidates, asked[:1])
    assert list(conflicts(solvable)) == []


def test_the_simulated_universities_hold_a_family_at_every_size(registry: Registry) -> None:
    for size in (150, 500, 10_000):
        drawn = candidates_of(registry, domestic_quotas(size), (), 1)
        assert len(drawn) == 117
        assert solve(problem_of(drawn, CONSTRAINTS)) is not None


def test_a_subset_of_the_listed_is_tested_only_where_the_study_asks(
    good: list[Institution], papers: dict[str, int]
) -> None:
    everybody = frozenset(member.id for member in good)
    asked = (*CONSTRAINTS, SUBSET)

    def told(listed_here: frozenset[str] | None) -> Outcome:
        judged = judge_list(listed(good), asked, papers, listed_here)
        return next(outcome for constraint, outcome in judged if constraint is SUBSET)

    assert told(everybody).verdict == MET
    assert told(everybody - {good[0].id}) == Outcome("1 not listed", NOT_MET, good[0].name_en)
    assert told(None).verdict == NOT_OBSERVED


def small(criteria: list[float]) -> list[Candidate]:
    return [Candidate(f"u{n}", f"U{n}", "A", "moe", value) for n, value in enumerate(criteria)]


def test_ties_are_broken_by_id_and_readings_follow_the_frequency() -> None:
    two = [Constraint("total", "count", "all", "==", "2", "", "")]
    found = solve(problem_of(small([5, 5, 5, 5]), two))
    assert found is not None
    assert found.members == ("u0", "u1")
    assert found.value == 10
    assert [reading("open", f) for f in (0.96, 0.95, 0.5, 0.05, 0.04)] == [
        "in", "toss-up", "toss-up", "toss-up", "out",
    ]  # fmt: skip
    assert reading("forced in", 0.0) == "in"
    assert family(problem_of(small([1]), two), 0.1, 3, 1, 0.2) is None


def test_a_file_of_constraints_is_checked() -> None:
    with pytest.raises(InputError, match="lack the columns"):
        read_constraints("constraint_id,kind\n", "c.csv")
    row = "a,count,all,==,1\n"
    with pytest.raises(InputError, match="stand twice"):
        read_constraints("constraint_id,kind,key,operator,value\n" + row + row, "c.csv")


def test_patents_are_counted_once_an_institute_and_the_rest_is_told(
    registry: Registry, matcher: Matcher
) -> None:
    text = (
        "assignee,number,year\n"
        "Chinese Academy of Sciences,CN1,2018\nChinese Academy of Sciences,CN1,2018\n"
        "中国科学院自动化研究所,CN2,2017\n中国科学院自动化研究所,CN3,2021\n"
        "Tsinghua University,CN4,2018\nNobody at all Ltd,CN5,2018\n,CN6,2018\nX,CN7,soon\n"
    )
    found = read_patents(text, "p.csv", registry, matcher, None, 2019)
    assert found.by_institution == {
        "chinese-academy-of-sciences": 1, "institute-of-automation-cas": 1,
    }  # fmt: skip
    assert found.others == {"Tsinghua University": 1}
    assert found.unmatched == {"Nobody at all Ltd": 1}
    assert len(found.bad) == 3
    chosen = frozenset({"institute-of-automation-cas"})
    assert read_patents(text, "p", registry, matcher, chosen).by_institution == {
        "institute-of-automation-cas": 2
    }
    with pytest.raises(InputError, match="lack the columns"):
        read_patents("a,b\n", "p.csv", registry, matcher)
