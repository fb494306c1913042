"""What was settled about the strings, and what waits for a person.

Decisions with what each moved; organisations outside the registry with their spellings; pairs of
them that may still be one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution import Attribution, Matcher
from bibliometrics.attribution.compared import form_of
from bibliometrics.attribution.decisions import DecisionBook, HumanDecision
from bibliometrics.attribution.entities import Answered, Answers, Credited
from bibliometrics.attribution.foreign import is_spelling, organisation, unit_of
from bibliometrics.attribution.identity import AS_WRITTEN, Identities, identify
from bibliometrics.attribution.institutions import Registry
from bibliometrics.attribution.place import country_code, country_of
from bibliometrics.attribution.variants import links
from bibliometrics.corpus.findings import Finding


def tables(
    answers: Answers,
    credited: Credited,
    authorships: pd.DataFrame,
    decisions: Sequence[HumanDecision],
    registry: Registry,
    source: str,
) -> dict[str, pd.DataFrame]:
    """``decisions_used``, ``open_world`` and ``open_world_review`` of an edition."""
    return {
        "decisions_used": decisions_used(answers, authorships, decisions, registry, source),
        "open_world": spellings(answers.identities, credited, source),
        "open_world_review": proposals(answers.identities, credited, source),
    }


def findings(tables: dict[str, pd.DataFrame]) -> Iterator[Finding]:
    """What the reader should know: names joined, pairs open, decisions that met nothing."""
    joined = tables["open_world"]
    merged = int((joined["rule"] != AS_WRITTEN).sum())
    if len(joined):
        entities, waiting = joined["entity_id"].nunique(), len(tables["open_world_review"])
        yield Finding(
            "spellings joined", merged,
            f"{len(joined)} spellings outside the registry stand for {entities} organisations:"
            f" {merged} were joined to another by a rule (open_world.csv), {waiting} pairs that may"
            " be one wait for a person (open_world_review.csv)",
            f"名录外的 {len(joined)} 种写法归为 {entities} 个机构：{merged} 种按规则合并"
            f"（open_world.csv），{waiting} 对疑似同一机构待人工判定（open_world_review.csv）",
        )  # fmt: skip
    decided = tables["decisions_used"]
    idle = int((decided["used"] == "no").sum())
    if len(decided):
        yield Finding(
            "decisions used", len(decided) - idle,
            f"{len(decided) - idle} of {len(decided)} signed decisions were used; {idle} met"
            " nothing in these records (decisions_used.csv)",
            f"{len(decided)} 项人工判定中使用了 {len(decided) - idle} 项，{idle} 项未遇到对应记录"
            "（decisions_used.csv）",
            is_warning=idle > 0,
        )  # fmt: skip


def decisions_used(
    answers: Answers,
    authorships: pd.DataFrame,
    decisions: Sequence[HumanDecision],
    registry: Registry,
    source: str,
) -> pd.DataFrame:
    """``schema.DECISIONS_USED``: what each decision settled, and what the rules would have said."""
    met = _met(answers, decisions)
    plain = Matcher(registry) if any(met.values()) else None
    names = answers.identities.names
    by_rules = identify(names, links(names.values())) if _speaks_of_names(decisions) else None
    rows = []
    for number, decision in enumerate(decisions):
        found = met[number]
        without: set[str] = set()
        moved: set[int] = set()
        for row in found:
            if by_rules is not None and is_spelling(decision.affiliation):
                ids: tuple[str, ...] = (by_rules.entity(decision.affiliation),)
                is_moved = ids != (answers.identities.entity(decision.affiliation),)
            else:
                assert plain is not None
                told = plain.match(row.affiliation, country=row.country, afid=row.ids_told)
                ids = told.institution_ids
                is_moved = ids != row.answer.institution_ids
            without.update(ids)
            if is_moved:
                moved.add(row.affiliation_id)
        rows.append(
            {
                "kind": _kind(decision),
                "affiliation": decision.affiliation,
                "country": decision.country,
                "institution_ids": "|".join(decision.institution_ids),
                "decided_by": decision.decided_by,
                "decided_on": decision.decided_on,
                "reason": decision.reason,
                "used": "yes" if found else "no",
                "strings": len(found),
                "papers": _papers(authorships, {row.affiliation_id for row in found}),
                "papers_moved": _papers(authorships, moved),
                "without_it": "|".join(sorted(without)),
                "source": source,
            }
        )
    frame = pd.DataFrame(rows, columns=schema.DECISIONS_USED.column_names)
    return schema.conform(frame, schema.DECISIONS_USED)


def _met(answers: Answers, decisions: Sequence[HumanDecision]) -> dict[int, list[Answered]]:
    """The strings that each decision settled, by its place in the list."""
    met: dict[int, list[Answered]] = {number: [] for number in range(len(decisions))}
    if not decisions:
        return met
    place = {id(decision): number for number, decision in enumerate(decisions)}
    book = DecisionBook(decisions)
    for row in answers.rows:
        if row.answer.rule == "human-decision":
            decision = book.find(row.affiliation, row.country)
            if decision is not None:
                met[place[id(decision)]].append(row)
        elif row.written is not None:
            for named in {row.written.organisation_id, unit_of(row.written).organisation_id}:
                decision = book.find(named, row.country)
                if decision is not None:
                    met[place[id(decision)]].append(row)
    return met


def _kind(decision: HumanDecision) -> str:
    if not is_spelling(decision.affiliation):
        return "string"
    return "apart" if decision.institution_ids in {(), (decision.affiliation,)} else "merge"


def _speaks_of_names(decisions: Sequence[HumanDecision]) -> bool:
    return any(is_spelling(decision.affiliation) for decision in decisions)


def _papers(authorships: pd.DataFrame, strings: set[int]) -> int:
    rows = authorships[authorships["affiliation_id"].isin(strings)]
    return int(rows["paper_id"].nunique())


def spellings(identities: Identities, credited: Credited, source: str) -> pd.DataFrame:
    """``schema.OPEN_WORLD``: every spelling that counts, with the rule that joined it."""
    rows = []
    for spelling_id, papers in credited.spellings.items():
        entity = identities.entity(spelling_id)
        link = identities.joined.get(spelling_id)
        joined = link is not None and entity != spelling_id
        known = credited.entities[entity]
        rows.append(
            {
                "entity_id": entity,
                "name": known.name_en,
                "country": known.country,
                "spelling_id": spelling_id,
                "spelling": identities.names[spelling_id].name,
                "papers": papers,
                "rule": link.rule if link and joined else AS_WRITTEN,
                "reason": link.reason if link and joined else "",
                "source": source,
            }
        )
    frame = pd.DataFrame(rows, columns=schema.OPEN_WORLD.column_names)
    return schema.conform(frame, schema.OPEN_WORLD)


def proposals(identities: Identities, credited: Credited, source: str) -> pd.DataFrame:
    """``schema.OPEN_WORLD_REVIEW``: pairs of organisations that count, for a person to settle."""
    papers: dict[str, int] = defaultdict(int)
    for spelling_id, number in credited.spellings.items():
        papers[identities.entity(spelling_id)] += number
    rows = []
    for link in identities.proposed:
        if link.one not in papers or link.other not in papers:
            continue
        one, other = sorted((link.one, link.other), key=lambda i: (-papers[i], i))
        rows.append(
            {
                "entity_id": one,
                "name": credited.entities[one].name_en,
                "other_id": other,
                "other_name": credited.entities[other].name_en,
                "country": credited.entities[one].country,
                "papers": papers[one],
                "papers_other": papers[other],
                "reason": link.reason,
                "source": source,
            }
        )
    frame = pd.DataFrame(rows, columns=schema.OPEN_WORLD_REVIEW.column_names)
    return schema.conform(frame, schema.OPEN_WORLD_REVIEW)


def explain_outside(
    affiliation: str, country: str | None, answer: Attribution, known: pd.DataFrame | None
) -> str:
    """The organisation outside the registry that a string names, and why; "" where it has one.

    ``known`` is ``schema.OPEN_WORLD`` of an edition: whom its spelling was joined to, by what rule.
    """
    code = (country_code(country) if country else None) or country_of(affiliation)
    if answer.institution_ids or code is None:
        return ""
    found = organisation(affiliation, code)
    if found is None:
        return "outside     no segment of the string can be an organisation"
    lines = [
        f"outside     {found.organisation_id}: {found.name}",
        "  the segment that names an organisation best, and the country",
        f"  compared as {' '.join(form_of(found.name).words)}",
    ]
    if found.places:
        lines.append(f"  places read: {', '.join(sorted(found.places))}")
    if found.unit:
        lines.append(f"  unit beside it: {found.unit}")
    if known is None:
        lines.append("  whether a study joins it to another spelling: give --study")
        return "\n".join(lines)
    row = known[known["spelling_id"] == found.organisation_id]
    if row.empty:
        lines.append("  the study's last edition holds no string with this spelling")
    elif row["rule"].iloc[0] == AS_WRITTEN:
        lines.append("  no rule joined it to another spelling")
    else:
        entity, name = row["entity_id"].iloc[0], row["name"].iloc[0]
        lines.append(f"  counts for {entity}: {name}")
        lines.append(f"  because of {row['rule'].iloc[0]}: {row['reason'].iloc[0]}")
    return "\n".join(lines)
