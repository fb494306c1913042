"""Hospitals, laboratories and other units: whose they are, where no institution is named."""

from __future__ import annotations

from collections.abc import Mapping

from bibliometrics.attribution.answer import Findings, unit_rule
from bibliometrics.attribution.evidence import Atlas, Context
from bibliometrics.attribution.institutions import Unit
from bibliometrics.attribution.lexicon import Hit, longest_first, overlaps
from bibliometrics.attribution.model import Candidate, Match, Via


class UnitJudge:
    """Attributes units to the institutions that run them, by `units.csv` and the city stated."""

    def __init__(self, atlas: Atlas, chains: Mapping[str, tuple[str, ...]]) -> None:
        self._atlas = atlas
        self._chains = chains

    def hosts(self, hits: list[Hit]) -> frozenset[str]:
        """The institutions of the hospitals and laboratories that only one institution runs."""
        units = (unit for hit in hits for unit in hit.pattern.units)
        alone = {unit.parent_ids[0] for unit in units if len(unit.parent_ids) == 1}
        return frozenset(i for parent in alone for i in (parent, *self._chains[parent]))

    def judge(self, hits: list[Hit], context: Context, found: Findings) -> None:
        """Units count only where no institution is named, or to refine the one named."""
        spans: list[tuple[int, int]] = []
        named = {match.institution_id for match in found.matches}
        for hit in longest_first(hits):
            if overlaps(hit, spans) or context.is_repaired(hit):
                continue
            spans.append((hit.start, hit.end))
            for unit in hit.pattern.units:
                self._judge_one(unit, hit, context, found, named)

    def _judge_one(
        self, unit: Unit, hit: Hit, context: Context, found: Findings, named: set[str]
    ) -> None:
        text = context.tokens.between(hit.start, hit.end)
        via: Via = "unit"
        if unit.kind == "healthcare":
            via = "hospital"
        elif "laboratory" in hit.pattern.words:
            via = "laboratory"
        parents = self._atlas.unit_parents(unit, hit, context)
        if named:
            refined = [p for p in parents if named & set(self._chains[p])]
            if len(parents) == 1 and refined:
                found.matches.append(Match(refined[0], unit_rule(via), via, text))
            else:
                found.losers += [
                    Candidate(p, f"{text} belongs to it, but another institution is named")
                    for p in unit.parent_ids
                    if p not in named
                ]
            return
        blocked = [s for s in found.spans if hit.start < s[1] and s[0] < hit.end]
        if any(end - start >= hit.end - hit.start for start, end in blocked):
            return
        if len(parents) == 1:
            found.matches.append(Match(parents[0], unit_rule(via), via, text))
            return
        why = "several institutions run it"
        if not parents:
            elsewhere = self._atlas.states_city(hit, context)
            why = "it is in another city" if elsewhere else "its city is not stated"
        found.losers += [Candidate(p, f"{text}: {why}") for p in unit.parent_ids]
        found.is_ambiguous = found.is_ambiguous or why != "it is in another city"
