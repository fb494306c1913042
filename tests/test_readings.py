"""What the search of the claims counts under a policy is what an edition with it counts."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bibliometrics import schema
from bibliometrics.attribution import Matcher, entities
from bibliometrics.attribution.institutions import load_registry
from bibliometrics.claims.edition_claims import Attributed, readings_of
from bibliometrics.claims.open_choices import ROLL_UP, policy_of
from bibliometrics.corpus.assembling import build_corpus
from bibliometrics.counting.counts import count, fractional_totals, full_totals
from bibliometrics.study.model import Study
from numbers_fixture import with_sections

# String and affiliation id; the campus of the second has a profile of its own.
STRINGS = (
    ("Harbin Institute of Technology, Harbin, China", "60100002"),
    ("Harbin Institute of Technology (Shenzhen), Shenzhen, China", "60100001"),
    ("Harbin Institute of Technology (Shenzhen), China", "60100002"),
    ("Harbin Institute of Technology, Weihai, China", None),
    ("Department of Oncology, West China Hospital, Chengdu, China", None),
    ("West China Hospital of Sichuan University, Chengdu, China", None),
    ("Sichuan University, Chengdu, China", None),
    ("State Key Laboratory of Software Development Environment, Beijing, China", None),
    ("Institute of Automation, Chinese Academy of Sciences, Beijing, China", None),
    ("Chinese Academy of Sciences, Beijing, China", None),
    ("University of Chinese Academy of Sciences, Beijing, China", None),
    ("Nowhere in Particular, Beijing, China", None),
)
VARIED = [
    {},
    {"campuses": "split"},
    {"campuses": "as_in_scopus"},
    {"campuses": "as_in_scopus", "hospitals": "if_paper_names_university"},
    {"hospitals": "if_paper_names_university"},
    {"hospitals": "if_paper_names_university", "key_laboratories": "as_in_source"},
    {"hospitals": "roll_up"},
    {"hospitals": "exclude"},
    {"key_laboratories": "as_in_source", "academy_institutes": "each_institute"},
    {"ucas": "merge_into_cas"},
    {"ucas": "merge_cas_institutes_into_ucas"},
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(load_registry())


def drawn(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Papers and authorships: an author has one string, several or none; some papers tie nobody."""
    chance = random.Random(seed)
    papers, rows = [], []
    for number in range(80):
        paper, authors, is_tied = f"p{number:02}", chance.randint(1, 4), chance.random() < 0.9
        papers.append((paper, 2019, authors, "author" if is_tied else "paper"))
        for author in range(1, authors + 1):
            strings = chance.sample(range(len(STRINGS)), chance.randint(0, 2))
            rows += [(paper, author if is_tied else None, each) for each in strings or [None]]
    columns = ["paper_id", "author_position", "affiliation_id"]
    told = pd.DataFrame(rows, columns=columns).drop_duplicates()
    frame = pd.DataFrame(papers, columns=["paper_id", "year", "authors_announced", "tie"])
    return schema.conform(frame, schema.PAPERS), schema.conform(told, schema.AUTHORSHIPS)


@pytest.mark.parametrize("options", VARIED, ids=lambda each: " ".join(each.values()) or "own")
def test_each_policy_counts_as_an_edition_under_it(
    matcher: Matcher, flagship: Study, options: dict[str, str]
) -> None:
    study = with_sections(flagship, roll_up=options)
    affiliations = pd.DataFrame(
        [(n, text, "CN", 1, afid, None) for n, (text, afid) in enumerate(STRINGS)],
        columns=schema.AFFILIATIONS.column_names,
    )
    answers = entities.answer_affiliations(
        schema.conform(affiliations, schema.AFFILIATIONS), matcher, study
    )
    credited = entities.credit(answers, matcher.registry, study)
    papers, authorships = drawn(7)
    told, by_affiliation = entities.for_counting(authorships, credited)
    scopes = {name: entity.scope for name, entity in credited.entities.items()}
    counts = count(papers, told, by_affiliation, scopes)

    corpus = replace(build_corpus([], study, {}.get), papers=papers, authorships=authorships)
    readings = readings_of(Attributed(corpus, answers, credited, matcher.registry), study)
    policy = policy_of({name: getattr(study.roll_up, name) for name in ROLL_UP})
    everything = np.ones(len(papers), dtype=bool)
    # A part first: what it leaves out must not be missing from the whole.
    half = np.arange(len(papers)) % 2 == 0
    for keep, label in ((half, "half"), (everything, "all")):
        tally = readings.tally(policy, keep, label)
        kept = papers.loc[keep, "paper_id"]

        def of(frame: pd.DataFrame, kept: pd.Series[str] = kept) -> pd.DataFrame:
            return frame[frame["paper_id"].isin(kept) & (frame["institution_id"] != "")]

        expected = [
            full_totals(of(counts.credits), ["institution_id"]),
            fractional_totals(of(counts.shares), ["institution_id"]),
            full_totals(of(counts.first), ["institution_id"]),
        ]
        for found, wanted in zip(
            (tally.full, tally.fractional, tally.first), expected, strict=True
        ):
            assert found is not None
            named = dict(zip(tally.institutions, found.tolist(), strict=True))
            assert {name: value for name, value in named.items() if value} == dict(wanted)


def test_policies_that_differ_only_on_some_papers_are_not_one_outcome(
    matcher: Matcher, flagship: Study
) -> None:
    affiliations = pd.DataFrame(
        [(n, text, "CN", 1, None, None) for n, (text, _) in enumerate(STRINGS)],
        columns=schema.AFFILIATIONS.column_names,
    )
    answers = entities.answer_affiliations(
        schema.conform(affiliations, schema.AFFILIATIONS), matcher, flagship
    )
    papers, authorships = drawn(7)
    corpus = replace(build_corpus([], flagship, {}.get), papers=papers, authorships=authorships)
    credited = entities.credit(answers, matcher.registry, flagship)
    readings = readings_of(Attributed(corpus, answers, credited, matcher.registry), flagship)
    own = {name: str(getattr(flagship.roll_up, name)) for name in ROLL_UP}
    leiden = policy_of(own | {"hospitals": "if_paper_names_university"})
    assert readings.outcome(policy_of(own)) != readings.outcome(leiden)
