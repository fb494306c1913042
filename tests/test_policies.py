"""Switches of a study: what each does to the credit of a string or a paper."""

from __future__ import annotations

import pandas as pd
import pytest

from bibliometrics import schema
from bibliometrics.attribution import Matcher, entities, policies
from bibliometrics.attribution.institutions import load_registry
from bibliometrics.counting.counts import count
from bibliometrics.counting.partners import partners
from bibliometrics.counting.ranking import Stamp
from bibliometrics.errors import StudyError
from bibliometrics.study.file import load_study
from conftest import ROOT

HOSPITAL = "Department of Oncology, West China Hospital, Chengdu, China"
UNIVERSITY = "Sichuan University, Chengdu, China"
SCU = "sichuan-university"
MICROSOFT = "Microsoft Research Asia, Beijing, China"


@pytest.fixture(scope="module")
def matcher():
    return Matcher(load_registry())


@pytest.fixture(scope="module")
def flagship():
    return load_study(ROOT / "queries" / "cingai-2020.toml")


def varied(study, **sections):
    told = study.model_dump()
    for section, options in sections.items():
        told[section].update(options)
    return type(study).model_validate(told)


def affiliations(*rows):
    """(string, country, afid) rows as ``schema.AFFILIATIONS``."""
    frame = pd.DataFrame(
        [(n, text, country, 1, afid, None) for n, (text, country, afid) in enumerate(rows)],
        columns=schema.AFFILIATIONS.column_names,
    )
    return schema.conform(frame, schema.AFFILIATIONS)


def authorships(*rows):
    """(paper, author, affiliation) rows as ``schema.AUTHORSHIPS``."""
    frame = pd.DataFrame(rows, columns=["paper_id", "author_position", "affiliation_id"])
    return schema.conform(frame, schema.AUTHORSHIPS)


def credited(matcher, study, *rows):
    return entities.credit_affiliations(affiliations(*rows), matcher, matcher.registry, study)


def test_leidens_rule_counts_a_hospital_on_papers_that_name_its_university(matcher, flagship):
    study = varied(flagship, roll_up={"hospitals": "if_paper_names_university"})
    whole = credited(matcher, study, (HOSPITAL, "CN", None), (UNIVERSITY, "CN", None))
    rows = authorships(("both", 1, 0), ("both", 2, 1), ("alone", 1, 0))
    told, by = entities.for_counting(rows, whole)
    of = [by[int(n)] for n in told["affiliation_id"]]
    counted = dict(
        zip(zip(told["paper_id"], told["author_position"], strict=True), of, strict=True)
    )
    assert counted == {("both", 1): (SCU,), ("both", 2): (SCU,), ("alone", 1): ()}


def test_as_in_source_leaves_the_hospital_out_on_both_papers(matcher, flagship):
    whole = credited(matcher, flagship, (HOSPITAL, "CN", None), (UNIVERSITY, "CN", None))
    rows = authorships(("both", 1, 0), ("both", 2, 1), ("alone", 1, 0))
    told, by = entities.for_counting(rows, whole)
    assert told.equals(rows)
    assert (by[0], by[1]) == ((), (SCU,))


def test_campuses_follow_the_profile_that_scopus_gives_them(matcher, flagship):
    campus = "Harbin Institute of Technology (Shenzhen), Shenzhen, China"
    university = "Harbin Institute of Technology, Harbin, China"
    study = varied(flagship, roll_up={"campuses": "as_in_scopus"})
    own = credited(matcher, study, (campus, "CN", "60100001"), (university, "CN", "60100002"))
    shared = credited(matcher, study, (campus, "CN", "60100002"), (university, "CN", "60100002"))
    assert own.by_affiliation[0] != own.by_affiliation[1]
    assert shared.by_affiliation[0] == shared.by_affiliation[1]


def test_profiles_need_ids(matcher, flagship):
    study = varied(flagship, roll_up={"campuses": "as_in_scopus"})
    answers = entities.answer_affiliations(affiliations((UNIVERSITY, "CN", None)), matcher, study)
    with pytest.raises(StudyError, match="no record gives affiliation ids"):
        policies.check_ids(answers, study)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("one", {"cnrs", "x-fr-universite-de-lorraine"}),
        ("each_unit", {"x-fr-loria", "x-fr-universite-de-lorraine"}),
    ],
)
def test_an_umbrella_body_is_one_partner_or_each_of_its_units(matcher, flagship, unit, expected):
    study = varied(flagship, geography={"partner_unit": unit})
    whole = credited(
        matcher, study, ("LORIA, CNRS, Université de Lorraine, Nancy, France", "FR", None)
    )
    assert set(whole.by_affiliation[0]) == expected


def test_an_academy_abroad_is_one_partner_or_each_of_its_institutes(matcher, flagship):
    string = "Institute of Cybernetics, National Academy of Sciences of Ukraine, Kyiv, Ukraine"
    one = credited(matcher, flagship, (string, "UA", None)).by_affiliation[0]
    study = varied(flagship, geography={"partner_unit": "each_unit"})
    each = credited(matcher, study, (string, "UA", None)).by_affiliation[0]
    assert one == ("x-ua-national-academy-of-science-of-ukraine",)
    assert each == ("x-ua-institute-of-cybernetics",)


@pytest.mark.parametrize(
    ("rule", "scope", "other"),
    [
        ("by_parent_country", "foreign", "CN domestic"),
        ("by_address_country", "domestic", "US foreign"),
    ],
)
def test_a_corporate_laboratory_is_shown_both_ways(matcher, flagship, rule, scope, other):
    study = varied(flagship, geography={"partner_definition": rule})
    whole = credited(matcher, study, (MICROSOFT, "CN", None), (UNIVERSITY, "CN", None))
    rows = authorships(("p", 1, 0), ("p", 2, 1))
    papers = schema.conform(
        pd.DataFrame(
            {"paper_id": ["p"], "year": [2019], "authors_announced": [2], "tie": "author"}
        ),
        schema.PAPERS,
    )
    scopes = {i: e.scope for i, e in whole.entities.items()}
    counts = count(papers, *entities.for_counting(rows, whole), scopes)
    stamp = Stamp("full", "unknown", "test")
    table = partners(papers, counts, whole.entities, study, stamp)
    row = table.set_index("partner_id").loc["microsoft-research-asia"]
    assert (row["scope"], row["other_rule"]) == (scope, other)
    assert pd.isna(row["rank"]) is (scope == "domestic")


def test_answers_are_computed_once_and_credited_under_every_variant(matcher, flagship):
    strings = affiliations((HOSPITAL, "CN", None), (MICROSOFT, "CN", None))
    answers = entities.answer_affiliations(strings, matcher, flagship)
    for hospitals in ("as_in_source", "if_paper_names_university", "roll_up", "exclude"):
        study = varied(flagship, roll_up={"hospitals": hospitals})
        again = entities.credit(answers, matcher.registry, study)
        fresh = entities.credit_affiliations(strings, matcher, matcher.registry, study)
        assert again.by_affiliation == fresh.by_affiliation
