"""Whom each affiliation string credits under the study: attribution, roll-up, geography, partners.

Matching says which institutions a string names; this stage says for which of them, or for which
organisation outside the registry, its papers count in this study. Every string keeps its decision,
its rule and its evidence, and what the policy set aside is written beside it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution import Attribution, Matcher, policies
from bibliometrics.attribution.answers import (
    UMBRELLA,
    Answered,
    Answers,
    answer_affiliations,
    is_open,
)
from bibliometrics.attribution.foreign import Organisation, unit_of
from bibliometrics.attribution.identity import Identities
from bibliometrics.attribution.institutions import Institution, Registry
from bibliometrics.attribution.policies import roll_up_policy
from bibliometrics.attribution.rollup import Counted, RollUp, counted, is_hospital
from bibliometrics.study.model import Study

__all__ = [
    "Answered", "Answers", "Credited", "Entity", "answer_affiliations", "credit",
    "credit_affiliations", "finish_unmatched", "for_counting", "roll_up_policy", "scope_of",
]  # fmt: skip

_APART = ("HK", "MO", "TW")
_AS_WRITTEN = "organisation-as-written"


@dataclass(frozen=True)
class Entity:
    """An institution or partner that papers are counted for.

    ``other_country`` and ``other_scope`` are what ``country`` and ``scope`` would be under the
    other partner rule: by owner instead of by address, or the reverse.
    """

    entity_id: str
    name_en: str
    name_zh: str
    scope: str
    group: str
    kind: str
    province: str
    authority: str
    country: str
    other_country: str
    other_scope: str


@dataclass(frozen=True)
class Credited:
    """``by_affiliation``: affiliation_id → entity ids, as a table in ``credited``.

    ``attribution`` lacks only its source, ``unmatched`` also the papers that nothing else counts.
    ``if_named``: affiliation_id → ids it counts for on papers where another string counts for them.
    ``spellings``: each spelling outside the registry that counts → papers summed over its strings.
    """

    by_affiliation: dict[int, tuple[str, ...]]
    entities: dict[str, Entity]
    attribution: pd.DataFrame
    unmatched: pd.DataFrame
    credited: pd.DataFrame
    if_named: dict[int, tuple[str, ...]]
    spellings: dict[str, int]


def credit_affiliations(
    affiliations: pd.DataFrame, matcher: Matcher, registry: Registry, study: Study
) -> Credited:
    """Attribute every distinct affiliation (as ``schema.AFFILIATIONS``) under the study."""
    return credit(answer_affiliations(affiliations, matcher, study), registry, study)


def credit(
    answers: Answers, registry: Registry, study: Study, *, with_tables: bool = True
) -> Credited:
    """Whom the strings credit under the study's policies; cheap to call again for a variant.

    Without ``with_tables`` the tables stay empty: what is asked for is only who counts.
    """
    told_by = policies.Policies(answers, registry, study)
    # Many strings have the same answer. An answer is the same one as long as ``answers`` lives.
    found: dict[tuple[int, RollUp, bool], Counted] = {}
    if_named: dict[int, tuple[str, ...]] = {}
    geography = study.geography.codes
    identities = answers.identities
    credited: dict[int, tuple[str, ...]] = {}
    rules: dict[int, str] = {}
    known: dict[str, Entity] = {}
    rows: list[dict[str, object]] = []
    unmatched: list[dict[str, object]] = []
    spelling: dict[str, int] = defaultdict(int)
    for row in answers.rows:
        answer, country = row.answer, row.country
        policy, note = told_by.of(row)
        key = (id(answer), policy, is_hospital(row.affiliation))
        if key not in found:
            found[key] = counted(answer, registry, policy, row.affiliation)
        under_policy = found[key]
        ids = under_policy.ids
        notes = [f"{i} set aside: {reason}" for i, reason in under_policy.dropped]
        notes += [note] if note else []
        if under_policy.if_named:
            if_named[row.affiliation_id] = under_policy.if_named
        for institution_id in ids:
            if institution_id not in known:
                known[institution_id] = _entity(registry.institutions[institution_id], study)
        decision, rule = answer.decision, answer.rule
        umbrella = all(registry.institutions[i].kind == UMBRELLA for i in ids)
        if umbrella and not under_policy.dropped and is_open(country, study):
            ids, written = _outside(row, ids, registry, study)
            for named in written:
                entity = identities.entity(named.organisation_id)
                if entity not in known:
                    known[entity] = _outsider(entity, named.country, identities, registry, study)
                ids = (*ids, entity) if entity not in ids else ids
                spelling[named.organisation_id] += row.papers
                notes.append(_as_written(named, identities))
            if written and country in geography:
                decision, rule = "matched", _AS_WRITTEN
            elif not ids:
                notes.append("no organisation could be read from it")
        credited[row.affiliation_id] = ids
        if not with_tables:
            continue
        rules[row.affiliation_id] = rule
        told = _told(row, ids, decision, rule, notes)
        rows.append(told)
        if not ids and not under_policy.dropped and _is_ours(answer, country, geography):
            unmatched.append(told | _asked(row))
    columns = ["affiliation_id", *schema.UNMATCHED.column_names]
    pairs = [
        (number, entity, rules[number], conditional)
        for conditional, whom in enumerate((credited, if_named))
        for number, ids in whom.items()
        for entity in ids
        if with_tables and (not conditional or entity not in credited.get(number, ()))
    ]
    return Credited(
        by_affiliation=credited,
        entities=known,
        attribution=pd.DataFrame(rows, columns=schema.ATTRIBUTION.column_names),
        unmatched=pd.DataFrame(unmatched, columns=columns),
        credited=schema.conform(
            pd.DataFrame(pairs, columns=schema.CREDITED.column_names), schema.CREDITED
        ),
        if_named=if_named,
        spellings=dict(spelling),
    )


def _told(
    row: Answered, ids: tuple[str, ...], decision: str, rule: str, notes: list[str]
) -> dict[str, object]:
    """The row of ``schema.ATTRIBUTION`` of a string, without its source."""
    answer = row.answer
    return {
        "affiliation": row.affiliation,
        "country": row.country,
        "papers": row.papers,
        "institution_ids": "|".join(answer.institution_ids),
        "counted_ids": "|".join(ids),
        "decision": decision,
        "rule": rule,
        "evidence": "; ".join([answer.evidence, *notes]),
    }


def _asked(row: Answered) -> dict[str, object]:
    """What a row of ``schema.UNMATCHED`` tells besides: its number, and who came into question."""
    names = dict.fromkeys(candidate.institution_id for candidate in row.answer.candidates)
    return {"affiliation_id": row.affiliation_id, "candidates": "|".join(names)}


def for_counting(
    authorships: pd.DataFrame, credited: Credited
) -> tuple[pd.DataFrame, dict[int, tuple[str, ...]]]:
    """Authorships and affiliation → ids as they are counted: ``policies.for_counting``."""
    return policies.for_counting(authorships, credited.by_affiliation, credited.if_named)


def _outside(
    row: Answered, ids: tuple[str, ...], registry: Registry, study: Study
) -> tuple[tuple[str, ...], list[Organisation]]:
    """The registry ids that stay, and the organisations as written, of an open string.

    Under "each unit" an umbrella body gives way to the unit that is named with it.
    """
    written = row.written
    if written is None:
        return ids, []
    at_home = row.country in study.geography.codes
    each = (
        study.roll_up.academy_institutes == "each_institute"
        if at_home
        else study.geography.partner_unit == "each_unit"
    )
    is_body = _is_body(written.name, ids, registry)
    if ids and each and written.unit:
        return (), [unit_of(written), *([] if is_body else [written])]
    if written.is_body and each:
        return ids, [unit_of(written)]
    return ids, [] if is_body else [written]


def _as_written(named: Organisation, identities: Identities) -> str:
    link = identities.joined.get(named.organisation_id)
    entity = identities.entity(named.organisation_id)
    if link is None or entity == named.organisation_id:
        return f"organisation as written: {named.name}"
    known = identities.names.get(entity)
    whole = known.name if known else entity
    return f"organisation as written: {named.name}, counted as {whole} ({link.rule}: {link.reason})"


def _is_body(name: str, ids: tuple[str, ...], registry: Registry) -> bool:
    """Whether the organisation read from a string is the umbrella body itself."""
    words = set(name.casefold().replace("(", " ").replace(")", " ").split())
    bodies = [registry.institutions[i] for i in ids]
    names = [n for body in bodies for n in (body.name_en, body.id, *body.aliases)]
    return any(set(n.casefold().split()) <= words or n.casefold() == name.casefold() for n in names)


def _is_ours(answer: Attribution, country: str | None, geography: tuple[str, ...]) -> bool:
    """Whether a string without an institution belongs on the list of the unmatched."""
    if country is None:
        return answer.decision in {"ambiguous", "unmatched"}
    return country in geography


def scope_of_country(country: str, study: Study) -> str:
    """domestic, foreign, or hk_mo_tw: where a country or region stands in the study."""
    if country in study.geography.codes:
        return "domestic"
    if study.geography.country == "CN" and country in _APART:
        return "hk_mo_tw"
    return "foreign"


def _place(institution: Institution, study: Study) -> str:
    by_owner = study.geography.partner_definition == "by_parent_country"
    return (institution.owner_country if by_owner else "") or institution.country


def scope_of(institution: Institution, study: Study) -> str:
    """domestic, foreign, or hk_mo_tw: where an institution of the registry stands in the study."""
    return scope_of_country(_place(institution, study), study)


def _entity(institution: Institution, study: Study) -> Entity:
    place = _place(institution, study)
    owner = institution.owner_country or institution.country
    other = institution.country if place == owner else owner
    return Entity(
        entity_id=institution.id,
        name_en=institution.name_en or institution.name_zh,
        name_zh=institution.name_zh,
        scope=scope_of_country(place, study),
        group="universities" if institution.group == "university" else "institutes",
        kind="university" if institution.group == "university" else institution.kind,
        province=institution.province,
        authority=institution.authority_class,
        country=place,
        other_country=other,
        other_scope=scope_of_country(other, study),
    )


def under(entity: Entity, registry: Registry, study: Study) -> Entity:
    """An institution or partner where the geography and partner rule of ``study`` place it."""
    if entity.entity_id in registry.institutions:
        return _entity(registry.institutions[entity.entity_id], study)
    return replace(
        entity,
        scope=scope_of_country(entity.country, study),
        other_scope=scope_of_country(entity.other_country, study),
    )


def _outsider(
    entity_id: str, country: str, identities: Identities, registry: Registry, study: Study
) -> Entity:
    """An organisation outside the registry, under its most frequent spelling."""
    if entity_id in registry.institutions:
        return _entity(registry.institutions[entity_id], study)
    return Entity(
        entity_id=entity_id,
        name_en=identities.names[entity_id].name,
        name_zh="",
        scope=scope_of_country(country, study),
        group="institutions",
        kind="open",
        province="",
        authority="",
        country=country,
        other_country=country,
        other_scope=scope_of_country(country, study),
    )


def finish_unmatched(
    unmatched: pd.DataFrame, authorships: pd.DataFrame, credits_: pd.DataFrame
) -> pd.DataFrame:
    """``schema.UNMATCHED`` without its source, with the papers that nothing else counts."""
    domestic = credits_.loc[credits_["scope"] == "domestic", "paper_id"]
    rows = authorships[authorships["affiliation_id"].isin(unmatched["affiliation_id"])]
    lost = rows[~schema.among(rows["paper_id"], domestic)]
    uncounted = lost.groupby("affiliation_id")["paper_id"].nunique()
    return unmatched.assign(papers_uncounted=unmatched["affiliation_id"].map(uncounted).fillna(0))
