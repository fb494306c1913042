"""The rules, in order of trust, that give an affiliation string its institutions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bibliometrics.attribution.answer import (
    REPAIRED,
    Findings,
    answer_of,
    by_country_alone,
    by_decision,
    is_weak,
    rule_of,
    waits,
)
from bibliometrics.attribution.campus import CampusFinder
from bibliometrics.attribution.decisions import DecisionBook, HumanDecision
from bibliometrics.attribution.evidence import (
    Atlas,
    Context,
    Support,
    ancestors_map,
    begins_segment,
    country_at,
    fills_segment,
    in_their_time,
    is_valid_in,
)
from bibliometrics.attribution.identifiers import Identifiers
from bibliometrics.attribution.institutions import AmbiguousName, Registry
from bibliometrics.attribution.lexicon import Entry, Hit, Lexicon, longest_first, overlaps
from bibliometrics.attribution.model import YIELDS_TO_PART, Attribution, Candidate, Match
from bibliometrics.attribution.place import (
    countries_in,
    country_code,
    country_words,
    postcode_provinces,
    stating_words,
)
from bibliometrics.attribution.reduction import Reducer
from bibliometrics.attribution.repair import Speller
from bibliometrics.attribution.shape import (
    acronym_is_alone,
    first_segment_end,
    in_brackets,
    is_designation,
    longer_name,
)
from bibliometrics.attribution.text import Tokens, tokenise
from bibliometrics.attribution.units import UnitJudge

_MOST_ANSWERS = 200_000


class Matcher:
    """Attributes affiliation strings; built once, its answers depend on nothing but its inputs."""

    def __init__(self, registry: Registry, decisions: Iterable[HumanDecision] = ()) -> None:
        self.registry = registry
        self._lexicon = Lexicon(registry)
        self._atlas = Atlas(registry)
        self._chains = ancestors_map(registry)
        self._campuses = CampusFinder(registry, self._atlas)
        self._units = UnitJudge(self._atlas, self._chains)
        self.decisions = tuple(decisions)
        self._decisions = DecisionBook(self.decisions)
        self._speller = Speller(self._lexicon.institution_names, self._lexicon.words)
        self._reducer = Reducer(self._lexicon, self._speller, stating_words())
        self._answers: dict[tuple[object, ...], Attribution] = {}
        self._place_words = self._lexicon.place_words | country_words()
        self._ambiguous = {" ".join(tokenise(row.alias).words): row for row in registry.ambiguous}
        self._identifiers = Identifiers(registry)

    def match(
        self,
        affiliation: str,
        *,
        country: str | None = None,
        city: str | None = None,
        year: int | None = None,
        afid: str | None = None,
    ) -> Attribution:
        """The institutions an affiliation string names, the most specific ones, or why none.

        `country` (ISO code or name), `city` and `afid` (Scopus affiliation ids or ROR ids) are what
        the record says beside the string; the string's own statement comes first.
        """
        stated = country_code(country) if country else None
        decided = self._decisions.find(affiliation, stated)
        if decided is not None:
            return by_decision(decided)
        reduced = self._reducer.reduce(affiliation)
        key = (reduced, stated, city, year, afid)
        answer = self._answers.get(key)
        if answer is None:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            answer = self._answers[key] = self._by_rules(reduced, stated, city, year, afid)
        return answer

    def _by_rules(
        self, affiliation: str, country: str | None, city: str | None, year: int | None,
        afid: str | None,
    ) -> Attribution:  # fmt: skip
        tokens = self._lexicon.mended(tokenise(affiliation))
        context = Context(
            tokens=tokens,
            countries=countries_in(tokens),
            country=country,
            city=self._atlas.canonical(city) if city else "",
            year=year,
            postcodes=postcode_provinces(tokens),
            hinted=self._identifiers.hinted(affiliation),
            home=frozenset(self.registry.home),
        )
        found = self._find(context, affiliation, afid)
        if not found.matches and not found.is_ambiguous and not context.is_foreign():
            found = self._find_repaired(context, affiliation, afid) or found
        return answer_of(self._most_specific(found), found, context)

    def _find_repaired(
        self, context: Context, affiliation: str, afid: str | None
    ) -> Findings | None:
        """What is found with misspelt words repaired, if only one reading finds anything."""
        readings: list[Findings] = []
        for tokens, positions in self._speller.repaired(context.tokens):
            again = replace(context, tokens=tokens, repaired=positions)
            reading = self._find(again, affiliation, afid)
            if reading.matches:
                readings.append(reading)
        return readings[0] if len(readings) == 1 else None

    def _find(self, context: Context, affiliation: str, afid: str | None) -> Findings:
        tokens = context.tokens
        hits = self._lexicon.scan(tokens)
        names = self._whole_names(hits, tokens)
        context.places = [
            hit for hit in hits if hit.pattern.places and not context.is_repaired(hit)
        ]
        context.spans = [(hit.start, hit.end) for hit, _ in names]
        context.hosts = self._units.hosts(hits)
        context.named = self._mentioned(names, context)
        found = self._named(names, context)
        self._identifiers.judge(affiliation, afid, found)
        self._units.judge([hit for hit in hits if hit.pattern.units], context, found)
        self._campuses.refine(found.matches, found.losers, context)
        return found

    def _whole_names(self, hits: list[Hit], tokens: Tokens) -> list[tuple[Hit, str | None]]:
        """The names found, longest first, each with the reason why it is no whole name."""
        starts = {hit.start for hit in hits if hit.pattern.entries}
        units = [hit for hit in hits if hit.pattern.units]
        whole: list[tuple[Hit, str | None]] = []
        for hit in longest_first(hit for hit in hits if hit.pattern.entries):
            reason = longer_name(hit, tokens, self._place_words, starts)
            if reason is None and self._inside_other_unit(hit, units):
                reason = "it stands inside the name of a hospital or laboratory"
            if hit.pattern.entries[0].is_acronym and not acronym_is_alone(hit, tokens):
                reason = "the acronym is one half of a hyphenated word"
            whole.append((hit, reason))
        return whole

    def _inside_other_unit(self, hit: Hit, units: list[Hit]) -> bool:
        """Whether a unit's longer name holds this one without belonging to it."""
        for unit in units:
            if (
                unit.start <= hit.start
                and hit.end <= unit.end
                and (unit.end - unit.start > hit.end - hit.start)
            ):
                parents = {parent for u in unit.pattern.units for parent in u.parent_ids}
                kin = parents | {owner for parent in parents for owner in self._chains[parent]}
                ids = {entry.institution.id for entry in hit.pattern.entries}
                parts = {owner for i in ids for owner in self._chains[i]}
                if not ids & kin and not parts & parents:
                    return True
        return False

    def _named(self, names: list[tuple[Hit, str | None]], context: Context) -> Findings:
        found = Findings()
        late: list[Hit] = []
        designations: list[Hit] = []
        for hit, reason in names:
            inside = overlaps(hit, found.spans)
            if inside or reason is not None:
                why = reason or "it stands inside a longer name"
                found.losers += [Candidate(e.institution.id, why) for e in hit.pattern.entries]
                if not inside:
                    found.spans.append((hit.start, first_segment_end(hit, context.tokens)))
                continue
            if is_designation(hit, context.tokens):
                designations.append(hit)
                continue
            if all(waits(entry) for entry in hit.pattern.entries):
                late.append(hit)
                continue
            if context.is_repaired(hit) and not self._may_repair(hit, context):
                continue
            self._judge(hit, list(hit.pattern.entries), context, found)
        for hit in late:
            if not overlaps(hit, found.spans) and not context.is_repaired(hit):
                self._judge_part(hit, context, found)
        for hit in designations:
            entries = list(hit.pattern.entries)
            if found.matches or overlaps(hit, found.spans):
                why = "it designates a laboratory of the institution that is named"
                found.losers += [Candidate(e.institution.id, why) for e in entries]
            else:
                self._judge(hit, entries, context, found)
        return found

    def _mentioned(
        self, names: list[tuple[Hit, str | None]], context: Context
    ) -> tuple[tuple[int, int, str], ...]:
        """The institutions the names may mean, each by its best supported reading."""
        mentioned: list[tuple[int, int, str]] = []
        for hit, reason in names:
            entries = hit.pattern.entries
            if reason is not None:
                continue
            if len(entries) > 1 or entries[0].is_acronym:
                supports = [self._atlas.support(e, hit, context, ()) for e in entries]
                best = max(supports)
                if best == Support.FOREIGN and entries[0].is_acronym:
                    continue
                entries = tuple(
                    e for e, support in zip(entries, supports, strict=True) if support == best
                )
            mentioned += [(hit.start, hit.end, e.institution.id) for e in entries]
        return tuple(mentioned)

    def _judge_part(self, hit: Hit, context: Context, found: Findings) -> None:
        """A name such as "Institute of Physics", which another institution's part may bear."""
        others = {match.institution_id for match in found.matches}
        kin = [
            entry
            for entry in hit.pattern.entries
            if not others
            or any(parent in others for parent in self._chains[entry.institution.id])
            or context.names_elsewhere(hit, self._chains[entry.institution.id])
        ]
        outsiders = [entry for entry in hit.pattern.entries if entry not in kin]
        found.losers += [
            Candidate(
                e.institution.id, "another institution is named, whose part may bear the name"
            )
            for e in outsiders
        ]
        if kin:
            self._judge(hit, kin, context, found)

    def _judge(self, hit: Hit, entries: list[Entry], context: Context, found: Findings) -> None:
        """Choose among the readings of one name, or set it down as ambiguous or foreign."""
        key = " ".join(hit.pattern.words)
        known = self._ambiguous.get(key if not entries[0].is_acronym else key.lower())
        judged: list[tuple[Support, Entry]] = []
        entries, past = in_their_time(entries, context.year)
        found.losers += [
            Candidate(e.institution.id, "it bore this name in other years") for e in past
        ]
        for entry in entries:
            chain = self._chains[entry.institution.id]
            support = self._atlas.support(entry, hit, context, chain)
            judged.append((self._strict(support, entry, hit, known, context), entry))
        valid = [pair for pair in judged if is_valid_in(pair[1].institution, context.year)]
        pool = valid or judged
        best = max(support for support, _ in pool)
        winners = [entry for support, entry in pool if support == best]
        text = context.tokens.between(hit.start, hit.end)
        accepted = best >= Support.OWN_NAME or (
            best == Support.COUNTRY and by_country_alone(winners, known)
        )
        if accepted and len(winners) > 1 and known is not None:
            winners = [w for w in winners if w.institution.id == known.default] or winners
        rivals: list[str] = []
        if best == Support.OWN_NAME and known is not None:
            rivals = self._atlas.rivals_at(hit, context, known.candidate_ids)
            if any(winner.institution.id in rivals for winner in winners):
                rivals = []
        if accepted and len(winners) == 1 and not rivals:
            winner = winners[0]
            if self._yields_to_part(hit, winner, best, context):
                found.losers.append(
                    Candidate(
                        winner.institution.id, "a faculty of its university may bear the name"
                    )
                )
                return
            rule = REPAIRED if context.is_repaired(hit) else rule_of(winner, best)
            found.matches.append(Match(winner.institution.id, rule, "name", text))
            found.spans.append((hit.start, hit.end))
            found.losers += [
                Candidate(
                    e.institution.id, f"{text} is better supported as {winner.institution.id}"
                )
                for _, e in judged
                if e is not winner
            ]
            return
        foreign = best == Support.FOREIGN
        why = {
            Support.FOREIGN: f"{text}: the country stated is another",
            Support.ELSEWHERE: f"{text}: the place stated is another",
            Support.UNKNOWN: f"{text} alone does not tell: city or country would settle it",
        }.get(best, f"{text} is the name of several: only its city or province would settle it")
        if rivals:
            why = f"{text}: the city stated is that of a namesake"
            found.losers += [Candidate(rival, why) for rival in rivals]
        found.losers += [Candidate(entry.institution.id, why) for _, entry in judged]
        if foreign or not entries[0].is_acronym:
            found.spans.append((hit.start, hit.end))
        if not foreign and not (entries[0].is_acronym and found.matches):
            found.is_ambiguous = found.is_ambiguous or not is_weak(entries)

    def _may_repair(self, hit: Hit, context: Context) -> bool:
        """Whether a repaired name is one institution's, and something else speaks for it.

        A place: the city, the province or the postcode; else only the country, and three words of
        the name beside the one repaired, or a word repaired that is not a place's.
        """
        entries = hit.pattern.entries
        if len(entries) != 1 or entries[0].standing == "conditional" or entries[0].is_acronym:
            return False
        support = self._atlas.support(entries[0], hit, context, ())
        if support > Support.OWN_NAME:
            return True
        if support < Support.OWN_NAME or self._atlas.states_place(hit, context):
            return False
        words = [hit.pattern.words[i - hit.start] for i in context.repaired
                 if hit.start <= i < hit.end]  # fmt: skip
        is_place = any(word in self._place_words for word in words)
        is_stated = country_at(hit, context) is not None
        return is_stated and (not is_place or len(hit.pattern.words) > len(words) + 2)

    def _strict(
        self,
        support: Support,
        entry: Entry,
        hit: Hit,
        known: AmbiguousName | None,
        context: Context,
    ) -> Support:
        """Take back support that is too little for acronyms and for names of parts."""
        if entry.standing != "conditional" or support <= Support.UNKNOWN:
            return support
        institution = entry.institution
        if support == Support.PARENT:
            return support
        needs_parent = known is not None and (
            known.disambiguation.startswith("needs") and " or " not in known.disambiguation
        )
        if institution.campus_of or (institution.group == "institute" and institution.parent_id):
            own_city = self._atlas.cities_of(institution.id)
            if any(set(city.split()) <= set(hit.pattern.words) for city in own_city):
                needs_parent = True
            if support == Support.COUNTRY:
                needs_parent = True
        if needs_parent:
            return Support.UNKNOWN
        if entry.is_acronym:
            is_default = known is not None and known.default == institution.id
            if support == Support.COUNTRY and not is_default:
                return Support.UNKNOWN
            if not fills_segment(hit, context.tokens) or in_brackets(hit, context.tokens):
                return Support.UNKNOWN
        elif len(hit.pattern.words) == 1 and not begins_segment(hit, context.tokens):
            return Support.UNKNOWN
        return support

    def _yields_to_part(self, hit: Hit, winner: Entry, support: Support, context: Context) -> bool:
        """An independent college with a generic name, in the city of its university."""
        institution = winner.institution
        if (
            winner.standing != "conditional"
            or not institution.parent_id
            or not any(
                hit.start <= start and end <= hit.end and name == institution.parent_id
                for start, end, name in context.named
            )
        ):
            return False
        if institution.group != "university" or support == Support.OWN_NAME_CITY:
            return False
        own = self._atlas.cities_of(institution.id)
        return bool(own & self._atlas.cities_of(institution.parent_id)) or support < Support.CITY

    def _most_specific(self, found: Findings) -> list[Match]:
        ids = {match.institution_id for match in found.matches}
        owners = {parent: i for i in sorted(ids) for parent in self._chains[i]}
        kept: list[Match] = []
        for match in found.matches:
            part = owners.get(match.institution_id)
            if part is None:
                kept.append(match)
            else:
                found.losers.append(Candidate(match.institution_id, f"{YIELDS_TO_PART} {part}"))
        return kept
