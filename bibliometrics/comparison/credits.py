"""What the papers of one edition count for under the registry and the policy of either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from bibliometrics import schema
from bibliometrics.attribution import Matcher, entities
from bibliometrics.attribution.answers import Said
from bibliometrics.attribution.entities import Entity
from bibliometrics.comparison.side import Side
from bibliometrics.comparison.states import Credits, Key
from bibliometrics.counting.counts import Counts, count
from bibliometrics.counting.rules import OF_STUDY
from bibliometrics.study.model import Study

SIDES = ("before", "after")


@dataclass(frozen=True)
class Recounted:
    """Counts of every combination of records, registry and policy that differs from the others.

    ``attribution`` has, by (records, registry), the strings with what they name and count for
    under the policy of the same side as the registry.
    """

    credited: dict[Key, Credits]
    institutions: tuple[str, ...]
    entities: dict[str, Entity]
    attribution: dict[tuple[str, str], pd.DataFrame]


def policy_of(study: Study) -> tuple[object, ...]:
    """The options that decide what a string counts for, and how."""
    return study.geography, study.institutions, study.roll_up, study.counting


def knowledge_of(side: Side) -> tuple[object, ...]:
    """What decides whom a string names."""
    return side.registry_version, side.decisions


def recount(sides: Mapping[str, Side]) -> Recounted:
    """Attribute and count both corpora by both registries and both policies, with today's rules."""
    before, after = sides["before"], sides["after"]
    registries = SIDES if knowledge_of(before) != knowledge_of(after) else ("after",)
    policies = SIDES if policy_of(before.study) != policy_of(after.study) else ("after",)
    counts: dict[Key, Counts] = {}
    known: dict[str, Entity] = {}
    attribution: dict[tuple[str, str], pd.DataFrame] = {}
    for registry in registries:
        side = sides[registry]
        matcher = Matcher(side.registry, side.decisions)
        # Most strings stand in both corpora: each is matched once by each registry.
        said: Said = {}
        for records in SIDES:
            tables = sides[records].tables
            answers: dict[tuple[str, str], entities.Answers] = {}
            for policy in policies:
                study = _studied(sides[records].study, sides[policy].study)
                asked = (study.geography.country, study.institutions.known_by)
                if asked not in answers:
                    answers[asked] = entities.answer_affiliations(
                        tables["affiliations"], matcher, study, said
                    )
                credited = entities.credit(answers[asked], side.registry, study)
                known |= credited.entities
                scopes = {name: entity.scope for name, entity in credited.entities.items()}
                told, by_affiliation = entities.for_counting(tables["authorships"], credited)
                counts[records, registry, policy] = count(
                    tables["papers"], told, by_affiliation, scopes
                )
                if policy == registry or len(policies) == 1:
                    attribution[records, registry] = credited.attribution
    institutions = tuple(sorted({i for found in counts.values() for i in _domestic(found)}))
    place = {name: number for number, name in enumerate(institutions)}
    university = {
        name for name in institutions
        if known[name].kind == "university" and known[name].country == "CN"
    }  # fmt: skip
    whole: dict[Key, Credits] = {}
    for records in SIDES:
        papers = pd.Index(sides[records].tables["papers"]["paper_id"].astype(object))
        for registry in SIDES:
            for policy in SIDES:
                key = (
                    records,
                    registry if registry in registries else "after",
                    policy if policy in policies else "after",
                )
                rule = sides[policy].study.counting.rule
                whole[records, registry, policy] = _matrix(
                    counts[key], papers, place, university, rule
                )
    for registry in SIDES:
        for records in SIDES:
            shown = registry if registry in registries else "after"
            attribution.setdefault((records, registry), attribution[records, shown])
    return Recounted(whole, institutions, known, attribution)


def _studied(records: Study, policy: Study) -> Study:
    """The query of one study with the policy of another."""
    parts = {
        name: getattr(policy, name)
        for name in ("geography", "institutions", "roll_up", "counting", "thresholds")
    }
    return records.model_copy(update=parts)


def _domestic(counts: Counts) -> Sequence[str]:
    credits_ = counts.credits
    found: list[str] = credits_.loc[credits_["scope"] == "domestic", "institution_id"].tolist()
    return found


def _matrix(
    counts: Counts, papers: pd.Index[Any], place: Mapping[str, int], university: set[str], rule: str
) -> Credits:
    credits_ = counts.credits[counts.credits["scope"] == "domestic"]
    rows = papers.get_indexer(pd.Index(credits_["paper_id"].astype(object)))
    columns = credits_["institution_id"].map(place).to_numpy(dtype=np.int64)
    shape = (len(papers), len(place))
    full: sparse.csr_matrix[Any] = sparse.csr_matrix(
        (np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=shape
    )
    basis: sparse.csr_matrix[Any]
    if rule == "full":
        basis = full
    elif rule == "fractional":
        weights = credits_["weight_author"].astype("Float64").fillna(0).to_numpy(dtype=np.float64)
        basis = sparse.csr_matrix((weights, (rows, columns)), shape=shape)
    else:
        # As the ranking does: only institutions that this policy places inside the geography.
        named_by = {"first_author": counts.first, "corresponding_author": counts.corresponding}
        signed = named_by[OF_STUDY[rule]]
        signed = signed[schema.among(signed["institution_id"], credits_["institution_id"])]
        own = papers.get_indexer(pd.Index(signed["paper_id"].astype(object)))
        theirs = signed["institution_id"].map(place).to_numpy(dtype=np.int64)
        ones = np.ones(len(own), dtype=np.int64)
        basis = sparse.csr_matrix((ones, (own, theirs)), shape=shape)
    named = np.zeros(len(papers), dtype=bool)
    named[rows[credits_["institution_id"].isin(university).to_numpy()]] = True
    return Credits(papers, full, basis, named, bool(counts.counted[OF_STUDY[rule]]))


def differing(recounted: Recounted, pairs: pd.DataFrame) -> frozenset[str]:
    """Earlier ids of ``pairs`` (before, after) that count otherwise though registry and policy are
    the same: names outside the registry are told apart by all the strings of a corpus."""
    found: set[str] = set()
    for registry in SIDES:
        for policy in SIDES:
            old = recounted.credited["before", registry, policy]
            new = recounted.credited["after", registry, policy]
            earlier = old.rows(pairs["before"])
            later = new.rows(pairs["after"])
            for mine, theirs in ((old.full, new.full), (old.basis, new.basis)):
                apart = abs(mine[earlier] - theirs[later])
                rows = np.flatnonzero(np.asarray(apart.sum(axis=1)).ravel())
                found.update(pairs["before"].iloc[rows])
            apart_of = old.of_universities[earlier] != new.of_universities[later]
            found.update(pairs["before"].iloc[np.flatnonzero(apart_of)])
    return frozenset(found)
