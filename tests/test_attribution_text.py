"""Normalisation of affiliation strings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics.attribution.text import COMMA, OF, normalise, tokenise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Xi’an Jiaotong University", "Xi'an Jiao Tong Univ."),
        ("Xi′an", "Xian"),
        ("École Centrale", "Ecole Centrale"),
        ("Science &amp; Technology", "Science and Technology"),
        ("中国地质大学（北京）", "中国地质大学(北京)"),
        ("國立臺灣大學", "国立台湾大学"),
        ("Sun Yat-sen University", "Sun Yatsen University"),
        ("Ｔｓｉｎｇｈｕａ", "Tsinghua"),
        ("UNIV SCI & TECHNOL CHINA", "University of Science and Technology of China"),
        ("Chinese Acad. of Sci.", "Chinese Academy of Sciences"),
    ],
)
def test_one_form(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shanxi University", "Shaanxi University"),
        ("Northwest University", "Northwestern University"),
        ("University of Jinan", "Jinan University"),
    ],
)
def test_kept_apart(one, other):
    assert normalise(one) != normalise(other)


def test_glue_tells_what_stood_between():
    tokens = tokenise("Anhui University of Technology, Hefei")
    assert tokens.words == ["anhui", "university", "technology", "hefei"]
    assert tokens.glue[2] & OF
    assert tokens.glue[3] & COMMA


@given(st.text(max_size=200))
def test_the_parts_have_one_length(text):
    tokens = tokenise(text)
    assert len(tokens.words) == len(tokens.raws) == len(tokens.glue)
    assert all(tokens.words)
