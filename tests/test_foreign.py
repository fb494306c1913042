"""Identities of organisations outside the registry."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics.attribution.foreign import organisation


def identity(affiliation, country):
    found = organisation(affiliation, country)
    return found and found.organisation_id


@pytest.mark.parametrize(
    ("affiliation", "country", "expected"),
    [
        ("Dept. of EE, Technische Universität München, D-80333 München, Germany", "DE",
         "x-de-technische-universitat-munchen"),
        ("Hospital Clínic, Universitat de Barcelona, Barcelona", "ES",
         "x-es-universitat-de-barcelona"),
        ("School of Medicine of the University of Minho, Braga", "PT", "x-pt-university-of-minho"),
        ("University of Colorado School of Medicine, Aurora, CO", "US",
         "x-us-university-of-colorado"),
        ("University College London, London", "GB", "x-gb-university-college-london"),
        ("Max Planck Institute for Informatics, Saarbrücken", "DE",
         "x-de-max-planck-institute-for-informatics"),
        ("University of California, San Diego, La Jolla, CA", "US",
         "x-us-university-of-california-san-diego"),
        ("Microsoft Research, Redmond, WA, United States", "United States",
         "x-us-microsoft-research"),
    ],
)  # fmt: skip
def test_the_organisation_segment(affiliation, country, expected):
    assert identity(affiliation, country) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Univ. of Tokyo, Tokyo", "THE UNIVERSITY OF TOKYO"),
        ("Université de Montréal", "UNIVERSITE DE MONTREAL, Montreal"),
        ("University of Texas at Austin", "University of Texas, Austin, TX"),
        ("Philipps-Universität Marburg", "Philipps Universitat Marburg"),
    ],
)
def test_spellings_of_one_organisation_have_one_id(one, other):
    assert identity(one, "US") == identity(other, "US")


def test_namesakes_of_two_countries_stay_apart():
    assert identity("Northeastern University", "US") != identity("Northeastern University", "PH")


def test_letters_without_an_ascii_form_never_collide():
    ids = {identity(name, "JP") for name in ("東京大学", "京都大学", "大阪大学")}
    assert len(ids) == 3
    assert all(re.fullmatch(r"x-jp-[0-9a-f]{10}", text) for text in ids)


@pytest.mark.parametrize("affiliation", ["", " , ; ", "12345, USA"])
def test_no_usable_segment(affiliation):
    assert organisation(affiliation, "US") is None


@given(st.text(max_size=120), st.sampled_from(["US", "Germany", "", "??"]))
def test_ids_are_safe_in_files_and_pages(text, country):
    found = organisation(text, country)
    if found is not None:
        assert re.fullmatch(r"x-[a-z]{2}-[a-z0-9-]+", found.organisation_id)
        assert found == organisation(text, country)
