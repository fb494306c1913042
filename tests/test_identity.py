"""Spellings outside the registry: which are one organisation, which are not, which wait."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibliometrics.attribution.compared import form_of, is_acronym_of, words_of
from bibliometrics.attribution.decisions import HumanDecision
from bibliometrics.attribution.foreign import organisation, unit_of
from bibliometrics.attribution.identity import Sighting, gather, identify
from bibliometrics.attribution.place import country_of
from bibliometrics.attribution.variants import links


def identities(*strings, decisions=()):
    """Each string with papers, the first with most."""
    found = []
    for number, string in enumerate(strings):
        named = organisation(string, country_of(string) or "XX")
        assert named is not None, string
        found.append(Sighting(named, 2 * len(strings) - number))
    names = gather(found)
    return identify(names, links(names.values()), decisions)


def id_of(string):
    named = organisation(string, country_of(string) or "XX")
    return named and named.organisation_id


def are_one(one, other, *others):
    known = identities(one, other, *others)
    return known.entity(id_of(one)) == known.entity(id_of(other))


SAME = [
    ("Université de Sfax, Sfax, Tunisia", "Sfax University, Sfax, Tunisia"),
    ("Univ. Complutense de Madrid, Madrid, Spain",
     "Complutense University of Madrid, Madrid, Spain"),
    ("Kharkov National Medical University, Kharkov, Ukraine",
     "Kharkiv National Medical University, Kharkiv, Ukraine"),
    ("Université Mohamed Premier, Oujda, Morocco", "Mohammed I University, Oujda, Morocco"),
    ("V. N. Karazin Kharkiv National University, Kharkiv, Ukraine",
     "Karazin Kharkiv National University, Kharkiv, Ukraine"),
    ("Abdelmalek Essaadi University, Tetouan, Morocco",
     "Université Abdel Malek Essaâdi, Tétouan, Morocco"),
    ('National Technical University "Kharkiv Polytechnic Institute", Kharkiv, Ukraine',
     'National Technical University "KhPI", Kharkiv, Ukraine'),
    ("National Technical University of Ukraine 'Igor Sikorsky Kyiv Polytechnic Institute', Kyiv,"
     " Ukraine",
     "Igor Sikorsky Kyiv Polytechnic Institute, Kyiv, Ukraine"),
    ("National Technical University of Ukraine “Igor Sikorsky Kyiv Polytechnic Institute”, Kyiv,"
     " Ukraine",
     "National Technical University of Ukraine, “Igor Sikorsky Kyiv Polytechnic Institute”, Kyiv,"
     " Ukraine"),
    ("National Technical University of Ukraine “Igor Sikorsky Kyiv Polytechnic Institute”, Kyiv,"
     " Ukraine",
     "National Technical University of Ukraine, Kyiv, Ukraine"),
    ("Hassan II University, Casablanca, Morocco",
     "Hassan II University of Casablanca, Casablanca, Morocco"),
    ("Lublin University of Technology, Lublin, Poland",
     "Lublin University of Technolgy, Lublin, Poland"),
]  # fmt: skip

APART = [
    ("Miami University, Oxford, OH, United States",
     "University of Miami, Coral Gables, FL, United States"),
    ("Washington University, St. Louis, MO, United States",
     "University of Washington, Seattle, WA, United States"),
    ("Mohammed V University, Rabat, Morocco", "Mohammed VI University, Rabat, Morocco"),
    ("University of Michigan, Ann Arbor, United States",
     "Michigan State University, East Lansing, United States"),
    ("Université Paris 7, Paris, France", "Université Paris 6, Paris, France"),
    ("Donetsk National University, Donetsk, Ukraine",
     "Donetsk National Technical University, Donetsk, Ukraine"),
    ("Mohammed VI University Hospital, Oujda, Morocco",
     "Mohammed VI University, Oujda, Morocco"),
    ("University of York, York, United Kingdom", "York University, Toronto, Canada"),
    ("Vinnitsa Agrarian Institute, Vinnytsia, Ukraine",
     "Vinnytsia Aviation Institute, Vinnytsia, Ukraine"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_organisation_are_joined(one, other):
    assert are_one(one, other)
    assert are_one(other, one)


@pytest.mark.parametrize(("one", "other"), APART)
def test_namesakes_and_longer_names_stay_apart(one, other):
    assert not are_one(one, other)


def test_each_join_has_its_rule_and_its_reason():
    one, other = SAME[5]
    known = identities(one, other)
    link = known.joined[id_of(other)]
    assert link.rule == "written-together"
    assert "written together or apart" in link.reason


def test_a_head_that_several_quoted_names_share_waits_for_a_person():
    """ "National Technical University" alone may be Kharkiv's or Dnipro's."""
    kharkiv = 'National Technical University "Kharkiv Polytechnic Institute", Kharkiv, Ukraine'
    dnipro = 'National Technical University "Dnipro Polytechnic", Dnipro, Ukraine'
    bare = "National Technical University, Kharkiv, Ukraine"
    known = identities(kharkiv, dnipro, bare)
    assert len({known.entity(id_of(s)) for s in (kharkiv, dnipro, bare)}) == 3
    assert any(id_of(bare) in {link.one, link.other} for link in known.proposed)


def test_several_campuses_of_one_system_do_not_swallow_its_bare_name():
    strings = [
        "University of Illinois, Chicago, United States",
        "University of Illinois Urbana, Urbana, United States",
        "University of Illinois Chicago, Chicago, United States",
    ]
    known = identities(*strings)
    assert known.entity(id_of(strings[1])) != known.entity(id_of(strings[2]))


def test_a_place_is_never_repaired():
    one, other = "Kharkiv University, Kharkiv, Ukraine", "Karkiv University, Karkiv, Ukraine"
    assert not are_one(one, other)


def decision(name, *ids):
    return HumanDecision(name, None, ids, "A. Analyst", "2026-05-01", "seen on their pages")


def test_a_decision_joins_and_a_decision_keeps_apart():
    one, other = APART[0]
    joined = identities(one, other, decisions=[decision(id_of(other), id_of(one))])
    assert joined.entity(id_of(other)) == joined.entity(id_of(one))
    assert joined.joined[id_of(other)].rule == "human-decision"
    one, other = SAME[0]
    apart = identities(one, other, decisions=[decision(id_of(other), id_of(other))])
    assert apart.entity(id_of(other)) == id_of(other)
    assert apart.entity(id_of(one)) == id_of(one)


def test_a_decision_can_name_an_institution_of_the_registry():
    one, other = SAME[0]
    known = identities(one, other, decisions=[decision(id_of(other), "tsinghua-university")])
    assert known.entity(id_of(one)) == known.entity(id_of(other)) == "tsinghua-university"


def test_one_identifier_joins_names_without_a_common_word():
    strings = ["Tampereen yliopisto, Tampere, Finland", "TAU, Tampere, Finland"]
    named = [organisation(s, "FI") for s in strings]
    names = gather(Sighting(n, 3, frozenset({"033003e23"})) for n in named)
    known = identify(names, links(names.values()))
    assert len({known.entity(n.organisation_id) for n in named}) == 1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_strings_changes_nothing(seed):
    strings = [s for pair in (*SAME, *APART) for s in pair]
    shuffled = random.Random(seed).sample(strings, len(strings))
    papers = {s: n + 1 for n, s in enumerate(strings)}

    def known(order):
        found = [Sighting(organisation(s, country_of(s) or "XX"), papers[s]) for s in order]
        names = gather(found)
        whole = identify(names, links(names.values()))
        return dict(whole.entity_of), whole.proposed

    assert known(strings) == known(shuffled)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Université de Paris VI", ("university", "paris", "6")),
        ("The University of Texas at Austin", ("university", "texas", "austin")),
        ("I. Horbachevsky Ternopil Med. Univ.",
         ("horbachevsky", "ternopil", "medical", "university")),
        ("O'Higgins University", ("ohiggins", "university")),
    ],
)  # fmt: skip
def test_the_compared_words(text, words):
    assert words_of(text) == words


def test_a_quoted_name_is_told_from_its_head():
    form = form_of('National Aerospace University "Kharkiv Aviation Institute"')
    assert form.head == ("national", "aerospace", "university")
    assert form.quoted == ("kharkiv", "aviation", "institute")


@pytest.mark.parametrize(
    ("acronym", "words", "fits"),
    [
        ("KhPI", ("kharkiv", "polytechnic", "institute"), True),
        ("MIT", ("massachusetts", "institute", "technology"), True),
        ("KPI", ("kharkiv", "aviation", "institute"), False),
        ("K", ("kharkiv",), False),
    ],
)
def test_acronyms_are_made_of_the_beginnings_of_words(acronym, words, fits):
    assert is_acronym_of(acronym, words) is fits


def test_the_unit_of_an_umbrella_body():
    string = "V.M. Glushkov Institute of Cybernetics, National Academy of Sciences of Ukraine, Kyiv"
    body = organisation(string, "UA")
    assert (body.name, body.is_body) == ("National Academy of Sciences of Ukraine", True)
    assert unit_of(body).organisation_id == "x-ua-v-m-glushkov-institute-of-cybernetics"
    inside = organisation("Institute of Physics of the NAS of Ukraine, Kyiv", "UA")
    assert inside.organisation_id == body.organisation_id
    assert unit_of(inside).name.startswith("Institute of Physics")
