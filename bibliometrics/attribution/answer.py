"""From what the rules found to the answer: its rule, its evidence in words, its losers."""

from __future__ import annotations

from dataclasses import dataclass, field

from bibliometrics.attribution.decisions import HumanDecision
from bibliometrics.attribution.evidence import Context, Support
from bibliometrics.attribution.institutions import AmbiguousName
from bibliometrics.attribution.lexicon import Entry
from bibliometrics.attribution.model import Attribution, Candidate, Match, Via

# From most to least trusted; the rule of an answer is that of its least trusted match.
RULES = (
    "human-decision", "exact-name", "ror-id", "afid", "alias", "acronym", "campus-city",
    "conditional-alias-city", "conditional-alias-parent", "conditional-alias-province",
    "conditional-alias-unit", "conditional-alias-email", "conditional-alias-country",
    "unit-hospital", "unit-laboratory",
    "unit", "repaired-spelling",
)  # fmt: skip
REPAIRED = "repaired-spelling"
_TRUST = {rule: number for number, rule in enumerate(RULES)}
_CONDITIONS = {
    Support.CITY: ("conditional-alias-city", "its city is stated"),
    Support.PARENT: ("conditional-alias-parent", "the institution it belongs to is named"),
    Support.PROVINCE: ("conditional-alias-province", "its province is stated"),
    Support.UNIT: ("conditional-alias-unit", "a unit that it alone runs is named"),
    Support.DOMAIN: ("conditional-alias-email", "an e-mail address in the string is of its domain"),
    Support.COUNTRY: ("conditional-alias-country", "its country is stated and no other bears it"),
}


@dataclass(slots=True)
class Findings:
    """What the rules have settled so far for one string."""

    matches: list[Match] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    losers: list[Candidate] = field(default_factory=list)
    is_ambiguous: bool = False


def waits(entry: Entry) -> bool:
    return entry.standing == "conditional" and entry.institution.group == "institute"


def is_weak(entries: list[Entry]) -> bool:
    """Names too general to call a string ambiguous for their sake."""
    return all(waits(entry) or entry.is_acronym for entry in entries)


def by_country_alone(winners: list[Entry], known: AmbiguousName | None) -> bool:
    """Whether the country is enough: one bearer left, and the name a full one."""
    ids = {winner.institution.id for winner in winners}
    if known is not None:
        if known.default in ids:
            return True
        if known.default == "NONE":
            return False
    if len(winners) != 1:
        return False
    winner = winners[0]
    official = winner.name in {winner.institution.name_en, winner.institution.name_zh}
    return official or (winner.institution.group == "university" and not winner.is_acronym)


def rule_of(entry: Entry, support: Support) -> str:
    if entry.standing == "conditional":
        return _CONDITIONS[support][0] if support in _CONDITIONS else "conditional-alias-country"
    if entry.is_acronym:
        return "acronym"
    return "exact-name" if entry.standing == "name" else "alias"


def unit_rule(via: Via) -> str:
    return {"hospital": "unit-hospital", "laboratory": "unit-laboratory"}.get(via, "unit")


def by_decision(decision: HumanDecision) -> Attribution:
    matches = tuple(
        Match(institution_id, "human-decision", "name", decision.affiliation)
        for institution_id in decision.institution_ids
    )
    who = f"decided by {decision.decided_by} on {decision.decided_on}: {decision.reason}"
    return Attribution("matched" if matches else "out_of_scope", matches, "human-decision", who, ())


def answer_of(
    kept: list[Match], found: Findings, context: Context
) -> Attribution:  # fmt: skip
    losers = _distinct(found.losers, {match.institution_id for match in kept})
    if kept:
        distinct = {match.institution_id: match for match in reversed(kept)}
        matches = tuple(distinct[key] for key in sorted(distinct))
        rule = max((match.rule for match in matches), key=_TRUST.__getitem__)
        return Attribution("matched", matches, rule, _evidence(matches), losers)
    country = context.country
    stated = [code for _, code in context.countries] or ([country] if country else [])
    if found.is_ambiguous:
        return Attribution("ambiguous", (), "ambiguous-name", "; ".join(_reasons(losers)), losers)
    if stated and not any(code in context.home for code in stated):
        words = ", ".join(sorted(set(stated)))
        return Attribution(
            "out_of_scope", (), "foreign-country", f"the country stated is {words}", losers
        )
    return Attribution("unmatched", (), "none", "no name of the registry was found", losers)


def _reasons(losers: tuple[Candidate, ...]) -> list[str]:
    return list(dict.fromkeys(loser.why_not for loser in losers))[:3]


def _evidence(matches: tuple[Match, ...]) -> str:
    phrases = []
    for match in matches:
        extra = next((words for rule, words in _CONDITIONS.values() if rule == match.rule), "")
        phrases.append(
            f'"{match.text}" ({match.rule.replace("-", " ")}) names {match.institution_id}'
            + (f": {extra}" if extra else "")
        )
    return "; ".join(phrases)


def _distinct(losers: list[Candidate], winners: set[str]) -> tuple[Candidate, ...]:
    seen: dict[tuple[str, str], Candidate] = {}
    for loser in losers:
        if loser.institution_id not in winners:
            seen.setdefault((loser.institution_id, loser.why_not), loser)
    return tuple(seen[key] for key in sorted(seen))
