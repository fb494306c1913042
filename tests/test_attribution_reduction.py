"""What is left out of a string, and that leaving it out changes no answer."""

from __future__ import annotations

import csv
import random
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibliometrics.attribution import Matcher
from bibliometrics.attribution.institutions import load_registry


@pytest.fixture(scope="module")
def matcher():
    return Matcher(load_registry())


def whole(matcher, affiliation):
    """The answer of the rules to the whole string, nothing left out or remembered."""
    return matcher._by_rules(affiliation, None, None, None, None)


@pytest.mark.parametrize(
    ("affiliation", "left"),
    [
        ("School of Design, Wuhan University, Wuhan, 430072, China",
         " 0, Wuhan University, Wuhan, 430000, China"),
        ("Department of Law, Faculty of Letters, University of Nowhere, France", " 0, France"),
        ("Unit 7, Somewhere, Hong Kong, Some Street, China", " 0, Hong Kong, Some Street, China"),
        ("R&amp;D, Fudan University", "R&amp;D, Fudan University"),
    ],
)  # fmt: skip
def test_left(matcher, affiliation, left):
    assert matcher._reducer.reduce(affiliation) == left


def test_traps_and_names_get_the_same_answer(matcher):
    table = resources.files("bibliometrics") / "data" / "registry" / "traps.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    strings = [row["affiliation_string"] for row in rows]
    draw = random.Random(3)
    for row in draw.sample(sorted(matcher.registry.institutions.values(), key=str), 400):
        for name in (row.name_en, *row.aliases[:3], *row.aliases_conditional[:2]):
            part = draw.choice(("School of Design", "Institute of Physics", "Key Lab 7", "Univ."))
            strings += [f"{part}, {name}, {row.city}, 100084, China", f"{name}, {part}, {row.city}"]
    for text in strings:
        assert matcher.match(text) == whole(matcher, text), text


_SEGMENTS = st.sampled_from(
    ["Tsinghua University", "Harbin Institute of Technology", "Shenzhen", "Beijing", "China",
     "University of", "Science and Technology of China", "Institute of Physics", "CAS", "HIT",
     "School of Medicine", "Shanghai Jiao Tong University", "Hong Kong", "USA", "MA", "MA 02115",
     "100084", "5", "Zhejiang", "University", "Northeastern University", "Tianjing University",
     "Department of Law", "of Technology", "Key", "Laboratory of Law", "Academia Sinica", "(HKU)",
     "Weihai", "Foshan College", "Beijing 100084", "R&D", "a@neu.edu.cn", "Georgia", ""]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_SEGMENTS, min_size=1, max_size=7), st.sampled_from([", ", ",", "; ", " "]))
def test_any_order_of_segments_gets_the_same_answer(matcher, segments, mark):
    text = mark.join(segments)
    assert matcher.match(text) == whole(matcher, text)


def test_what_was_asked_before_changes_nothing(matcher):
    strings = [f"School {n}, Wuhan University, Wuhan, {430000 + n}, China" for n in range(50)]
    fresh = Matcher(matcher.registry)
    assert [matcher.match(s) for s in strings] == [fresh.match(s) for s in reversed(strings)][::-1]
