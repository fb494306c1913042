"""Strings made to mislead, by kind of difficulty, and the names that institutions really go by.

Both lists were written from general knowledge, no labelled string among them. `traps_own.csv` holds
a string, the most specific ids it names (NONE: outside the registry, or for a person to settle) and
the kind of difficulty; `names_in_use.csv` former names, other renderings of a Chinese name, and the
abbreviations of Web of Science.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from bibliometrics.attribution import Matcher
from bibliometrics.institutions import load_registry

DATA = Path(__file__).parent / "data"
# What breaks matchers; each kind has several strings of its own.
KINDS = {
    "abbrev", "allcaps", "campus", "cas", "chinese", "containment", "corporate",
    "country_by_place", "diacritic", "email", "entity", "glued", "homonym_abroad",
    "homonym_home", "hospital", "independent", "jiaotong", "jinan", "joint", "keylab",
    "longer_name", "military", "misspelling", "multi", "newer", "ocr", "reversed", "split",
    "taiwan_hk", "traditional",
}  # fmt: skip


@pytest.fixture(scope="module")
def matcher():
    return Matcher(load_registry())


def rows_of(name):
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def missed(matcher, rows):
    return [
        (row["affiliation"], row["expected_ids"], found)
        for row in rows
        if (found := "|".join(matcher.match(row["affiliation"]).institution_ids) or "NONE")
        != row["expected_ids"]
    ]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_traps(matcher, kind):
    rows = [row for row in rows_of("traps_own.csv") if row["category"] == kind]
    assert len(rows) >= 3
    assert missed(matcher, rows) == []


def test_every_trap_has_a_kind():
    counts = Counter(row["category"] for row in rows_of("traps_own.csv"))
    assert set(counts) == KINDS
    assert counts.total() >= 150


def test_names_in_use(matcher):
    assert missed(matcher, rows_of("names_in_use.csv")) == []
