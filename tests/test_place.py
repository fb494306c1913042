"""Countries of affiliation strings, as Scopus, Web of Science and authors write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics.attribution.place import country_code, country_of


@pytest.mark.parametrize(
    ("affiliation", "country"),
    [
        ("Tsinghua University, Beijing, China", "CN"),
        ("Wuhan Univ, Wuhan, Hubei, Peoples R China", "CN"),
        ("Some School, Xi'an 710049, P. R. China", "CN"),
        ("The University of Hong Kong, Hong Kong SAR, China", "HK"),
        ("Department of Physics, Hong Kong", "HK"),
        ("University of Macau, Taipa, Macao", "MO"),
        ("Academia Sinica, Taipei, Taiwan, China", "TW"),
        ("National Taiwan University, Taipei, Taiwan, R.O.C.", "TW"),
        ("清华大学, 北京 100084 中国", "CN"),
        ("Stanford University, Stanford, CA 94305", "US"),
        ("Northeastern University, Boston, MA", "US"),
        ("Georgia Institute of Technology, Atlanta, Georgia", "US"),
        ("Tbilisi State University, Tbilisi, Georgia", "GE"),
        ("University of X, Adelaide, 60076047, WA, United States", "US"),
        ("Imperial College, London, England", "GB"),
        ("KAIST, Daejeon, Republic of Korea", "KR"),
        ("HUST, Hanoi, Viet Nam", "VN"),
        ("Lomonosov University, Moscow, Russian Federation", "RU"),
        ("Universität Wien, Wien, Österreich", "AT"),
        ("NTU, 50 Nanyang Avenue, Singapore 639798", "SG"),
    ],
)
def test_country_of_a_string(affiliation, country):
    assert country_of(affiliation) == country


@pytest.mark.parametrize(
    "affiliation",
    ["", "Tsinghua University", "University of Georgia", "School of Jordan Studies, X"],
)
def test_no_country_is_guessed(affiliation):
    assert country_of(affiliation) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("CN", "CN"),
        ("China", "CN"),
        ("United States", "US"),
        ("USA", "US"),
        ("UK", "GB"),
        ("Türkiye", "TR"),
        ("Korea, Republic of", "KR"),
        ("Macao", "MO"),
        ("nowhere", None),
        ("", None),
    ],
)
def test_codes(name, code):
    assert country_code(name) == code


@given(st.text(max_size=80))
def test_any_text_gives_a_code_or_nothing(text):
    answer = country_of(text)
    assert answer is None or (len(answer) == 2 and answer.isupper())
