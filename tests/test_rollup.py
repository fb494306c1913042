"""Policies: who counts, and why someone does not."""

from __future__ import annotations

import pytest

from bibliometrics.attribution import Matcher
from bibliometrics.attribution.institutions import load_registry
from bibliometrics.attribution.rollup import RollUp, counted, counted_ids

CAS = "chinese-academy-of-sciences"
UCAS = "university-of-chinese-academy-of-sciences"


@pytest.fixture(scope="module")
def matcher():
    return Matcher(load_registry())


def count(matcher, affiliation, **policy):
    answer = matcher.match(affiliation)
    return counted(answer, matcher.registry, RollUp(**policy), affiliation)


def test_campuses_merge_or_split(matcher):
    string = "Harbin Institute of Technology, Weihai, China"
    assert count(matcher, string).ids == ("harbin-institute-of-technology",)
    assert count(matcher, string, campuses="split").ids == (
        "harbin-institute-of-technology-weihai",
    )


def test_independent_colleges_and_joint_universities_never_roll_up(matcher):
    college = "Chengxian College, Southeast University, Nanjing, China"
    assert count(matcher, college).ids == ("southeast-university-chengxian-college",)
    joint = "The Chinese University of Hong Kong, Shenzhen, China"
    assert count(matcher, joint).ids == ("chinese-university-of-hong-kong-shenzhen",)


@pytest.mark.parametrize(
    ("hospitals", "alone", "named"),
    [
        ("as_in_source", (), ("sichuan-university",)),
        ("roll_up", ("sichuan-university",), ("sichuan-university",)),
        ("exclude", (), ()),
    ],
)
def test_hospitals(matcher, hospitals, alone, named):
    first = count(matcher, "West China Hospital, Chengdu, China", hospitals=hospitals)
    second = count(
        matcher, "West China Hospital, Sichuan University, Chengdu, China", hospitals=hospitals
    )
    assert (first.ids, second.ids) == (alone, named)
    for answer in (first, second):
        assert bool(answer.ids) != bool(answer.dropped)
        assert all(f"hospitals = {hospitals}" in reason for _, reason in answer.dropped)


def test_laboratories(matcher):
    alone = "State Key Laboratory of CAD&CG, Hangzhou, China"
    assert count(matcher, alone).ids == ("zhejiang-university",)
    dropped = count(matcher, alone, laboratories="as_in_source")
    assert dropped.ids == ()
    assert dropped.dropped[0][0] == "zhejiang-university"
    named = "State Key Laboratory of CAD&CG, Zhejiang University, Hangzhou, China"
    assert count(matcher, named, laboratories="as_in_source").ids == ("zhejiang-university",)


def test_a_national_laboratory_counts_for_its_host(matcher):
    string = "Wuhan National Laboratory for Optoelectronics, Wuhan, China"
    assert count(matcher, string).ids == ("huazhong-university-of-science-and-technology",)


@pytest.mark.parametrize(
    ("policy", "institute", "university"),
    [
        ({}, CAS, UCAS),
        ({"academy_institutes": "each_institute"}, "institute-of-automation-cas", UCAS),
        ({"ucas": "merge_into_cas"}, CAS, CAS),
        ({"ucas": "merge_cas_institutes_into_ucas"}, UCAS, UCAS),
        (
            {"ucas": "merge_cas_institutes_into_ucas", "academy_institutes": "each_institute"},
            UCAS,
            UCAS,
        ),
    ],
)
def test_the_academy_its_institutes_and_its_university(matcher, policy, institute, university):
    first = count(matcher, "Institute of Automation, Chinese Academy of Sciences", **policy)
    second = count(matcher, "University of Chinese Academy of Sciences, Beijing", **policy)
    assert (first.ids, second.ids) == ((institute,), (university,))


def test_ustc_is_no_institute_of_the_academy(matcher):
    string = "University of Science and Technology of China, Hefei"
    assert count(matcher, string).ids == ("university-of-science-and-technology-of-china",)


def test_an_unattributed_string_counts_for_nobody(matcher):
    affiliation = "Nobody Ltd, Shanghai, China"
    answer = matcher.match(affiliation)
    assert counted_ids(answer, matcher.registry, RollUp(), affiliation) == ()


def test_nothing_vanishes(matcher):
    """Each institution matched either counts (perhaps for another) or is dropped with a reason."""
    for row in matcher.registry.institutions.values():
        affiliation = f"{row.name_en or row.name_zh} Hospital, {row.city}"
        answer = matcher.match(affiliation)
        for hospitals in ("as_in_source", "roll_up", "exclude"):
            result = counted(answer, matcher.registry, RollUp(hospitals=hospitals), affiliation)
            if answer.institution_ids:
                assert result.ids or result.dropped
