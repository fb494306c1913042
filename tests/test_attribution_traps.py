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
from bibliometrics.attribution.institutions import load_registry

DATA = Path(__file__).parent / "data"
# What breaks matchers; each kind has several strings of its own.
KINDS = {
    "abbrev", "allcaps", "campus", "cas", "chinese", "containment", "corporate",
    "country_by_place", "diacritic", "email", "entity", "glued", "homonym_abroad",
    "homonym_home", "hospital", "independent", "jiaotong", "jinan", "joint", "keylab",
    "longer_name", "military", "misspelling", "multi", "newer", "ocr", "partner", "renamed",
    "reversed", "split", "taiwan_hk", "traditional",
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


def slip(name):
    """The first generic word of a name with two of its letters swapped."""
    for word in ("University", "Institute", "Academy", "Technology", "Agricultural"):
        if word in name:
            return name.replace(word, word[:3] + word[4] + word[3] + word[5:], 1)
    return name


@pytest.mark.parametrize(
    ("write", "floor"),
    [
        (lambda row: f"School of Law, {row.name_en}, {row.city}, China".upper(), 0.98),
        (lambda row: f"China, {row.city}, {row.name_en}, School of Law", 0.985),
        (lambda row: f"School of Law, {slip(row.name_en)}, {row.city}, China", 0.985),
        (lambda row: f"{row.name_en.replace(' University', 'University')}, {row.city}, China",
         0.985),
        (lambda row: f"{row.name_zh}计算机学院, {row.city}", 0.985),
        (lambda row: f"1School of Law, {row.name_en}1, {row.city}, China", 0.985),
    ],
    ids=["capitals", "reversed", "slip", "glued", "Chinese", "footnote"],
)  # fmt: skip
def test_every_institution_of_the_mainland(matcher, write, floor):
    rows = [
        row for row in matcher.registry.institutions.values()
        if row.country == "CN" and row.name_en and not row.same_as
    ]  # fmt: skip
    wrong = [row.id for row in rows if matcher.match(write(row)).institution_ids != (row.id,)]
    assert 1 - len(wrong) / len(rows) >= floor, wrong


def test_every_trap_has_a_kind():
    counts = Counter(row["category"] for row in rows_of("traps_own.csv"))
    assert set(counts) == KINDS
    assert counts.total() >= 150


def test_names_in_use(matcher):
    assert missed(matcher, rows_of("names_in_use.csv")) == []
