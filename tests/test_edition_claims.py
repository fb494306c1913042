"""Which claims' tables an edition gets, and what of its corpus each narrower option keeps."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bibliometrics import schema
from bibliometrics.attribution.answers import Answers
from bibliometrics.claims import ClaimSet, edition_claims
from bibliometrics.claims.edition_claims import (
    claim_tables,
    figures_of,
    own_listing,
    search_claims,
)
from bibliometrics.claims.effects import Listing
from bibliometrics.counting.ranking import Denominator, Stamp
from bibliometrics.study.model import Study
from claims_fixture import AUTHORSHIPS, IDS, OUTSIDE, PAPERS, REGISTRY, claim, wanted
from numbers_fixture import with_sections

CREDITS = pd.DataFrame(
    [("p0", "a"), ("p0", "b"), ("p1", "a"), ("p1", "i"), ("p2", "a"), ("p2", "b"), ("p3", "x")],
    columns=["paper_id", "institution_id"],
)
RANKING = pd.DataFrame(
    {
        "institution_id": ["a", "b", "i"], "group": ["universities"] * 2 + ["institutes"],
        "province": "Beijing", "papers": [3, 2, 1],
        "papers_fractional_author": pd.array([1.25, 0.5, None], dtype="Float64"),
        "rank_low": None, "rank_high": None,
    }
)  # fmt: skip
AFFILIATIONS = pd.DataFrame(
    {"affiliation_id": [0, 1, 2, 3, 4, 9], "country": ["CN", "CN", "CN", "HK", "CN", "US"]}
)
HITS = pd.DataFrame(
    [
        ("p0", "author_keywords"),
        ("p1", "index_keywords"),
        ("p2", "title"),
        ("p2", "index_keywords"),
    ],
    columns=["paper_id", "field"],
)


@pytest.fixture
def study(flagship: Study) -> Study:
    return with_sections(
        flagship,
        query={"end_date": dt.date(2020, 12, 31)},
        counting={"rule": "full", "share_denominator": "papers_total"},
        geography={"scope": "with_hong_kong_macao"},
        institutions={"known_by": "open", "groups": "separate", "selection": "all"},
        claims={"vary": ("total_meaning",), "total_meaning": "all_chinese_hits", "placebo_sets": 20,
                "placebo_seed": 5},
    )  # fmt: skip


def run() -> Any:
    corpus = SimpleNamespace(
        papers=PAPERS, authorships=AUTHORSHIPS, affiliations=AFFILIATIONS, keyword_hits=HITS
    )
    return SimpleNamespace(
        corpus=corpus, answers=Answers((), False),
        credited=SimpleNamespace(by_affiliation=IDS, entities=OUTSIDE),
        counts=SimpleNamespace(credits=CREDITS), registry=REGISTRY, tables={"ranking": RANKING},
        denominator=Denominator("papers", 6.5), stamp=Stamp("full", "unknown", "SIMULATED"),
    )  # fmt: skip


def tables_of(claims: ClaimSet | None, study: Study) -> dict[str, pd.DataFrame]:
    found = search_claims(claims, run(), study, "SIMULATED")
    return claim_tables(claims, found, run(), run(), study)


def test_the_figures_of_an_edition_and_what_its_shares_are_of(study: Study) -> None:
    told = figures_of(run(), run(), study)
    assert told.totals == {"all_chinese_hits": 5, "distinct": 3, "sum_over_institutions": 6}
    assert (told.papers, told.denominator) == (5, 5)
    distinct = with_sections(study, claims={"total_meaning": "distinct"})
    assert figures_of(run(), run(), distinct).denominator == 3
    unknown = with_sections(study, claims={"total_meaning": "unknown"})
    assert figures_of(run(), run(), unknown).denominator == Fraction(13, 2)
    other = with_sections(study, counting={"share_denominator": "sum_over_institutions"})
    assert figures_of(run(), run(), other).denominator == Fraction(13, 2)
    parts = with_sections(study, counting={"rule": "fractional"})
    assert figures_of(run(), run(), parts).totals["sum_over_institutions"] == Fraction(7, 4)


def listing_of(study: Study) -> Listing:
    return own_listing(run(), study, edition_claims.readings_of(run(), study))


def test_the_studys_own_counts_list_everybody_inside(study: Study) -> None:
    made = listing_of(study)
    assert made.tally.full.tolist() == [3, 2, 1, 1]
    assert made.basis is made.tally.full
    assert made.listed.tolist() == [True] * 4
    assert made.cut is None
    for rule, told in (
        ("fractional", [7 / 6, 5 / 6, 0, 1 / 2]), ("first_affiliation", [3, 0, 0, 1]),
    ):  # fmt: skip
        other = listing_of(with_sections(study, counting={"rule": rule}))
        assert other.basis.tolist() == pytest.approx(told)
    mainland = listing_of(with_sections(study, geography={"scope": "mainland"}))
    assert mainland.listed.tolist() == mainland.standing.tolist() == [True, True, False, True]


def test_a_registry_of_its_own_is_asked_where_the_study_has_one(study: Study) -> None:
    by_registry = with_sections(study, institutions={"known_by": "registry"})
    made = edition_claims.readings_of(run(), by_registry)
    assert made.has_policies
    assert not edition_claims.readings_of(run(), study).has_policies
    asked = wanted(("2", "institutions", "universities"))
    wide = with_sections(study, claims={"vary": ("selection",)})
    readings = edition_claims.readings_of(run(), wide)
    assert len(edition_claims.own_choices(readings, asked, wide).tried["selection"]) == 3
    assert len(edition_claims.own_choices(readings, (), wide).tried["selection"]) == 1


def test_what_each_narrower_option_keeps_of_the_corpus(study: Study) -> None:
    wide = with_sections(
        study, query={"keyword_fields": "author_and_index", "phrase": "phrase",
                      "fields": ("title", "keywords")},
        claims={"vary": ("end_year", "scope", "keyword_fields")},
    )  # fmt: skip
    readings = edition_claims.readings_of(run(), wide)
    choices = edition_claims.own_choices(readings, (), wide)
    kept = edition_claims._papers(readings, run(), choices, wide)
    everything = [True] * 5
    assert {year: mask.tolist() for year, mask in kept.end_year.items()} == {
        "2020": everything, "2019": [True, False, False, True, True],
    }  # fmt: skip
    # p3 has an address in Hong Kong alone.
    assert {scope: mask.tolist() for scope, mask in kept.scope.items()} == {
        "with_hong_kong_macao": everything, "mainland": [True, True, True, False, True],
    }  # fmt: skip
    # p3 and p4 have no hit: their source lacks a field, and they stay.
    assert {option: mask.tolist() for option, mask in kept.keyword_fields.items()} == {
        "author_and_index": everything, "author_only": [True, False, True, True, True],
        "index_only": [False, True, True, True, True],
    }  # fmt: skip
    late = with_sections(wide, query={"end_date": dt.date(2019, 6, 1)})
    own = edition_claims.own_choices(readings, (), late)
    assert edition_claims._papers(readings, run(), own, late).end_year["2019"].all()


CLAIMS = ClaimSet(
    "another report", "",
    (claim("total", "5", "total"), claim("share-a", "60.0", "share", "a"),
     claim("u", "3", "institutions", "universities"), claim("no", "1", "")),
)  # fmt: skip


def test_an_edition_with_claims_has_their_tables(study: Study) -> None:
    tables = tables_of(CLAIMS, study)
    assert set(tables) == {table.name for table in schema.CLAIM_TABLES}
    verdicts = tables["claims"].set_index("claim_id")["verdict"].to_dict()
    assert verdicts["share-a"] == "reproduced"
    assert verdicts["no"] == "not computable"
    search = tables["choice_search"].set_index("item")["value"]
    assert (search["claims"], search["tried"], search["placebo_sets"]) == (3, 3, 20)
    assert len(tables["choice_vectors"]) == 3
    assert not tables["choice_options"].empty
    assert tables["total_meanings"]["computed"].tolist() == [5, 4, 7]
    assert tables["claim_cuts"]["published"].tolist() == [3]
    assert tables["consistency"].empty
    for name in ("claims", "choice_vectors", "choice_options", "total_meanings", "claim_cuts"):
        assert set(tables[name]["source"]) == {"SIMULATED"}


def test_without_claims_or_without_a_searched_one_the_other_tables_are_empty(
    study: Study,
) -> None:
    assert all(table.empty for table in tables_of(None, study).values())
    only = ClaimSet("another report", "", (claim("no", "1", ""),))
    tables = tables_of(only, study)
    assert len(tables["claims"]) == 1
    assert all(table.empty for name, table in tables.items() if name != "claims")
    assert np.all([tables["claims"]["verdict"] == "not computable"])
