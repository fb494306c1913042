"""Claims, search and checks of one edition: which tables come from what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution.entities import Answers, Credited
from bibliometrics.attribution.institutions import Registry
from bibliometrics.attribution.policies import Policies
from bibliometrics.claims.claim_file import CARRIED, ClaimSet
from bibliometrics.claims.computations import BASIS, Figures
from bibliometrics.claims.consistency import consistency_table
from bibliometrics.claims.effects import Array, Listing, Target, targets
from bibliometrics.claims.feasibility import claim_cuts, total_meanings
from bibliometrics.claims.open_choices import Choices, open_choices, policy_of
from bibliometrics.claims.placebo import placebo
from bibliometrics.claims.places import Places
from bibliometrics.claims.readings import Readings, Signatures
from bibliometrics.claims.search import Papers, Search, search
from bibliometrics.claims.search_tables import options_table, search_table, vectors_table
from bibliometrics.claims.verdicts import claims_table
from bibliometrics.corpus.assembling import Corpus
from bibliometrics.counting.counts import Counts
from bibliometrics.counting.ranking import Denominator, Stamp, institutions
from bibliometrics.study.model import Study


@dataclass(frozen=True)
class Attributed:
    """What a run has before it counts: all that the search of the choices needs."""

    corpus: Corpus
    answers: Answers
    credited: Credited
    registry: Registry


@dataclass(frozen=True)
class Counted:
    """What a run has when its counts are done: all that claims are compared with."""

    tables: Mapping[str, pd.DataFrame]
    counts: Counts
    denominator: Denominator
    stamp: Stamp


@dataclass(frozen=True)
class Searched:
    """The search of the choices, if there was something to search, and the tables of it."""

    search: Search | None
    tables: dict[str, pd.DataFrame]


def search_claims(claims: ClaimSet | None, run: Attributed, study: Study, source: str) -> Searched:
    """The tables of ``claims`` that follow from the corpus alone."""
    if claims is None:
        return Searched(None, {})
    tables = {}
    if claims.report == CARRIED:
        tables["consistency"] = consistency_table(claims, study.claims.rounding, source)
    wanted = targets(claims.claims)
    if not wanted:
        return Searched(None, tables)
    readings = readings_of(run, study)
    found = search_choices(wanted, run, study, readings)
    fake = placebo(found, study.claims.placebo_sets, study.claims.placebo_seed)
    listing = own_listing(run, study, readings)
    tables |= {
        "choice_vectors": vectors_table(found, study, source),
        "choice_options": options_table(found, study, source),
        "choice_search": search_table(found, fake, study, source),
        "total_meanings": total_meanings(listing, wanted, study, source),
        "claim_cuts": claim_cuts(listing.tally.full, listing.listed, listing.group, wanted, source),
    }
    return Searched(found, tables)


def claim_tables(
    claims: ClaimSet | None, searched: Searched, run: Attributed, counted: Counted, study: Study
) -> dict[str, pd.DataFrame]:
    """Every table of ``schema.CLAIM_TABLES``; empty ones where the study has no claims."""
    tables = {table.name: schema.empty(table) for table in schema.CLAIM_TABLES}
    if claims is not None:
        figures = figures_of(run, counted, study)
        tables["claims"] = claims_table(claims, figures, searched.search, study, counted.stamp)
    return tables | searched.tables


def figures_of(run: Attributed, counted: Counted, study: Study) -> Figures:
    """The edition's own figures, as computations read them.

    With ``share_denominator = papers_total`` a share is of the published total, whatever the study
    says that this counts; while it is unknown, of the corpus's papers.
    """
    ranking, credited = counted.tables["ranking"], counted.counts.credits
    domestic = credited[schema.among(credited["institution_id"], ranking["institution_id"])]
    basis = ranking[BASIS[study.counting.rule]]
    totals = {
        "all_chinese_hits": Fraction(len(run.corpus.papers)),
        "distinct": Fraction(int(domestic["paper_id"].nunique())),
        "sum_over_institutions": Fraction(float(basis.fillna(0).sum())),
    }
    denominator = Fraction(float(counted.denominator.value))
    meaning = study.claims.total_meaning
    if study.counting.share_denominator == "papers_total" and meaning != "unknown":
        denominator = totals[meaning]
    everybody = None
    if study.institutions.selection != "all":
        everybody, _ = institutions(
            run.corpus.papers, counted.counts, run.credited.entities, study, counted.stamp
        )
    return Figures(
        study, counted.tables, len(run.corpus.papers), denominator, totals, everybody=everybody
    )


def readings_of(run: Attributed, study: Study) -> Readings:
    """The corpus of a run, ready to be counted under other choices."""
    if study.institutions.known_by == "open":
        signatures = Signatures.fixed(run.credited.by_affiliation, run.registry)
    else:
        told = Policies(run.answers, run.registry, study)
        apart = {
            row.affiliation_id
            for row in (run.answers.rows if study.roll_up.campuses == "as_in_scopus" else ())
            if told.of(row)[0].campuses == "split"
        }
        signatures = Signatures(run.answers.rows, run.registry, apart)
    return Readings(run.corpus.papers, run.corpus.authorships, signatures)


def own_choices(readings: Readings, wanted: tuple[Target, ...], study: Study) -> Choices:
    """The choices that can be tried on these records for these claims."""
    return open_choices(
        study,
        has_policies=readings.has_policies,
        has_ties=readings.has_ties,
        has_groups=any(target.claim.computation == "institutions" for target in wanted),
    )


def search_choices(
    wanted: tuple[Target, ...], run: Attributed, study: Study, readings: Readings
) -> Search:
    """Every joint choice that the study lets vary, tried on the claims."""
    choices = own_choices(readings, wanted, study)
    places = Places(study, run.registry, run.credited.entities)
    return search(readings, _papers(readings, run, choices, study), places, wanted, choices, study)


def own_listing(run: Attributed, study: Study, readings: Readings) -> Listing:
    """The study's own counts with everybody inside the geography listed."""
    choices = own_choices(readings, (), study)
    keep = np.ones(len(readings), dtype=bool)
    tally = readings.tally(policy_of(choices.own), keep, "own")
    places = Places(study, run.registry, run.credited.entities)
    inside = places.is_domestic(tally.institutions, study.geography.scope) & (tally.full > 0)
    group, mainland = places.groups(tally.institutions), places.is_mainland(tally.institutions)
    bases = {"fractional": tally.fractional, "first_affiliation": tally.first}
    basis = bases.get(study.counting.rule)
    return Listing(tally, inside, group, mainland, tally.full if basis is None else basis, None,
                   inside)  # fmt: skip


def _papers(readings: Readings, run: Attributed, choices: Choices, study: Study) -> Papers:
    """The part of the corpus that each narrower option keeps."""
    everything = np.ones(len(readings), dtype=bool)
    years = {year: readings.years <= int(year) for year in choices.tried["end_year"]}
    years[choices.own["end_year"]] = everything
    scopes: dict[str, Array] = {}
    for scope in choices.tried["scope"]:
        variant = study.geography.model_copy(update={"scope": scope})
        is_own = scope == study.geography.scope
        scopes[scope] = everything if is_own else _inside(readings, run.corpus, variant.codes)
    fields = {
        option: everything if option == study.query.keyword_fields else _hit(readings, run, option)
        for option in choices.tried["keyword_fields"]
    }
    return Papers(years, fields, scopes)


def _inside(readings: Readings, corpus: Corpus, codes: tuple[str, ...]) -> Array:
    """Papers with an address in one of ``codes``."""
    places = corpus.affiliations
    there = places.loc[places["country"].isin(codes), "affiliation_id"]
    rows = corpus.authorships[corpus.authorships["affiliation_id"].isin(there)]
    return readings.mask(rows["paper_id"].astype(object))


def _hit(readings: Readings, run: Attributed, option: str) -> Array:
    """Papers that a narrower choice of keyword fields still finds.

    A paper without any hit was kept because its source lacks a searched field: it stays.
    """
    hits = run.corpus.keyword_hits
    left_out = {"author_only": "index_keywords", "index_only": "author_keywords"}[option]
    found = readings.mask(hits.loc[hits["field"] != left_out, "paper_id"].astype(object))
    return found | ~readings.mask(hits["paper_id"].astype(object))
