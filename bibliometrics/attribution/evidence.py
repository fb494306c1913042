"""How well the rest of a string supports a name: its city, province, country, parent, year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bibliometrics.attribution.institutions import Institution, Registry, Unit
from bibliometrics.attribution.lexicon import Entry, Hit, canonical_city
from bibliometrics.attribution.place import GREATER_CHINA
from bibliometrics.attribution.text import AND, BREAK, OF, STOP, Tokens

_FOUNDING_LAG = 2
_ORGANISATIONS = frozenset({"university", "institute", "academy", "college", "hospital"})


class Support(IntEnum):
    """How a reading of a name stands; the highest wins, a tie is ambiguous."""

    FOREIGN = 0
    ELSEWHERE = 1
    UNKNOWN = 2
    COUNTRY = 3
    OWN_NAME = 4
    DOMAIN = 5
    UNIT = 6
    PROVINCE = 7
    CITY = 8
    PARENT = 9
    OWN_NAME_PROVINCE = 10
    OWN_NAME_CITY = 11


@dataclass(slots=True)
class Context:
    """What a string says beside the names: its places, countries and year."""

    tokens: Tokens
    countries: list[tuple[int, str]]
    country: str | None
    city: str
    year: int | None
    postcodes: frozenset[str] = frozenset()
    places: Sequence[Hit] = ()
    spans: Sequence[tuple[int, int]] = ()
    named: tuple[tuple[int, int, str], ...] = ()
    repaired: frozenset[int] = frozenset()
    hinted: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    home: frozenset[str] = GREATER_CHINA

    def is_repaired(self, hit: Hit) -> bool:
        """Whether a word of the hit is one whose spelling was repaired."""
        return any(hit.start <= index < hit.end for index in self.repaired)

    def is_foreign(self) -> bool:
        """Whether only countries outside the registry's home are stated."""
        stated = [code for _, code in self.countries] or ([self.country] if self.country else [])
        return bool(stated) and not any(code in self.home for code in stated)

    def names_elsewhere(self, hit: Hit, institution_ids: Iterable[str]) -> bool:
        """Whether one of these institutions is named by other words than the hit's own."""
        return any(
            institution_id in institution_ids
            for start, end, institution_id in self.named
            if end <= hit.start or hit.end <= start
        )


class Atlas:
    """The places of each institution, in compared form."""

    def __init__(self, registry: Registry) -> None:
        spellings = dict(registry.city_spellings)
        self._spellings = spellings
        self._homes: dict[str, str] = {}
        self._cities: dict[str, frozenset[str]] = {}
        for institution in registry.institutions.values():
            towns = (institution.city, *registry.towns.get(institution.id, ()))
            self._homes[institution.id] = canonical_city(institution.city, spellings)
            self._cities[institution.id] = frozenset(
                canonical_city(t, spellings) for t in towns if t
            )
        self._province_of: dict[str, set[str]] = {}
        for city in registry.cities:
            self._province_of.setdefault(canonical_city(city.name, spellings), set()).add(
                city.province
            )

    def canonical(self, city: str) -> str:
        """The compared form of a city's name."""
        return canonical_city(city, self._spellings)

    def support(self, entry: Entry, hit: Hit, context: Context, chain: tuple[str, ...]) -> Support:
        """How the string supports reading `hit` as this entry's institution."""
        institution = entry.institution
        cities, provinces = self._stated(hit, context)
        has_city = bool(cities & self._cities[institution.id])
        if (
            has_city
            and provinces
            and institution.province
            and not self._in_province(institution, provinces)
        ):
            has_city = False
        stated = country_at(hit, context)
        fits = _country_fits(institution, stated)
        if fits is False and not has_city and institution.kind != "corporate":
            return Support.FOREIGN
        has_province = institution.province in provinces
        if not has_province and institution.country in {"HK", "MO", "TW"}:
            has_province = stated == institution.country
        if entry.standing != "conditional":
            if not has_city and institution.country == "CN" and _is_of_taiwan(hit, context):
                return Support.ELSEWHERE
            if has_city:
                return Support.OWN_NAME_CITY
            return Support.OWN_NAME_PROVINCE if has_province else Support.OWN_NAME
        if has_city and not context.names_elsewhere(hit, chain):
            return Support.CITY
        if (
            not has_city
            and "TW" in {stated, institution.country}
            and (stated not in {None, institution.country})
        ):
            return Support.ELSEWHERE
        if not has_city and stated in {"HK", "MO"} and institution.country != stated:
            return Support.ELSEWHERE
        if context.names_elsewhere(hit, chain):
            return Support.PARENT
        if has_province:
            return Support.PROVINCE
        if institution.id in context.hosts:
            return Support.UNIT
        if institution.id in context.hinted:
            return Support.DOMAIN
        if fits is None:
            return Support.UNKNOWN
        if institution.country not in GREATER_CHINA and institution.country == stated:
            return Support.CITY if institution.country == "SG" else Support.COUNTRY
        return Support.COUNTRY

    def rivals_at(self, hit: Hit, context: Context, institution_ids: Iterable[str]) -> list[str]:
        """Those of the institutions whose city the string states."""
        cities, _ = self._stated(hit, context)
        return [i for i in institution_ids if i in self._cities and cities & self._cities[i]]

    def states_city(self, hit: Hit, context: Context) -> bool:
        """Whether the string states any city outside the name."""
        return bool(self._stated(hit, context)[0])

    def states_place(self, hit: Hit, context: Context) -> bool:
        """Whether the string states any city or province outside the name."""
        return any(self._stated(hit, context))

    def unit_parents(self, unit: Unit, hit: Hit, context: Context) -> tuple[str, ...]:
        """The parents of a unit whose city the string states (or its own name carries)."""
        cities, _ = self._stated(hit, context)
        inside = {
            place.name
            for found in context.places
            if hit.start <= found.start and found.end <= hit.end
            for place in found.pattern.places
            if place.kind == "city"
        }
        known = cities | inside
        if len(unit.cities) == len(unit.parent_ids):
            pairs = zip(unit.cities, unit.parent_ids, strict=True)
        else:
            pairs = ((city, parent) for city in unit.cities for parent in unit.parent_ids)  # type: ignore[assignment]
        found_parents = [parent for city, parent in pairs if self.canonical(city) in known]
        return tuple(dict.fromkeys(found_parents))

    def _in_province(self, institution: Institution, provinces: set[str]) -> bool:
        return institution.province in provinces or institution.province in {"HK", "MO", "TW", ""}

    def _stated(self, hit: Hit, context: Context) -> tuple[set[str], set[str]]:
        """Cities and provinces outside the name itself; those inside other names come last."""
        free: list[Hit] = []
        inner: list[Hit] = []
        for place in context.places:
            if place.start < hit.end and hit.start < place.end:
                continue
            inside = any(s <= place.start and place.end <= e for s, e in context.spans)
            (inner if inside else free).append(place)
        cities = {p.name for h in free or inner for p in h.pattern.places if p.kind == "city"}
        provinces = {
            p.name for h in free or inner for p in h.pattern.places if p.kind == "province"
        }
        if context.city:
            cities.add(context.city)
        if (
            not provinces
            and "CN" in context.home
            and (country_at(hit, context) or "CN") == "CN"
            and not any(len(self._province_of.get(city, ())) == 1 for city in cities)
        ):
            provinces = set(context.postcodes)
        return cities, provinces

    def home(self, institution_id: str) -> str:
        """The compared name of an institution's own city."""
        return self._homes[institution_id]

    def cities_of(self, institution_id: str) -> frozenset[str]:
        """The compared names of the places an institution signs from."""
        return self._cities[institution_id]

    def free_cities(self, context: Context) -> set[str]:
        """The cities stated outside every name."""
        return {
            p.name
            for h in context.places
            if not any(s <= h.start and h.end <= e for s, e in context.spans)
            for p in h.pattern.places
            if p.kind == "city"
        }


def country_at(hit: Hit, context: Context) -> str | None:
    """The country stated for a name: the next one after it, else the last before it."""
    before: str | None = None
    glue = context.tokens.glue
    joined = (
        hit.end < len(glue)
        and bool(glue[hit.end] & AND)
        and _organisation_at(hit.end, context.tokens)
    )
    for index, code in context.countries:
        if index >= hit.end:
            between = joined or any(hit.end <= start < index for start, _ in context.spans)
            # "A University and B University, USA" states the country of B only.
            return code if not between or code in context.home else before or context.country
        if index < hit.start:
            before = code
    return before or context.country


def _is_of_taiwan(hit: Hit, context: Context) -> bool:
    """Whether Taiwan is stated for this name itself: no other name stands between."""
    after = next((pair for pair in context.countries if pair[0] >= hit.end), None)
    if after is None or after[1] != "TW":
        return False
    return not any(hit.end <= start < after[0] for start, _ in context.spans)


def _organisation_at(start: int, tokens: Tokens) -> bool:
    """Whether another organisation is named between `start` and the next comma."""
    for index in range(start, len(tokens.words)):
        if index > start and tokens.glue[index] & BREAK:
            return False
        if tokens.words[index] in _ORGANISATIONS:
            return True
    return False


def _country_fits(institution: Institution, stated: str | None) -> bool | None:
    """Whether the stated country may be the institution's; None where none is stated."""
    if stated is None:
        return None
    if institution.country in GREATER_CHINA:
        return stated in GREATER_CHINA
    return stated == institution.country


def is_valid_in(institution: Institution, year: int | None) -> bool:
    """Whether an institution existed in a year, give or take the lag of publishing."""
    if year is None:
        return True
    if institution.valid_from is not None and year < institution.valid_from - _FOUNDING_LAG:
        return False
    return institution.valid_to is None or year <= institution.valid_to + _FOUNDING_LAG


def in_their_time(entries: list[Entry], year: int | None) -> tuple[list[Entry], list[Entry]]:
    """The readings a year allows, and those it rules out.

    A former name that another institution bears now is the old bearer's only in its years; without
    a year it is the present bearer's.
    """
    current = [entry for entry in entries if not entry.is_former]
    if len(current) == len(entries) or not current:
        return entries, []
    kept = [
        entry for entry in entries
        if not entry.is_former
        or (year is not None and entry.last_year and year <= entry.last_year + _FOUNDING_LAG)
    ]  # fmt: skip
    return kept, [entry for entry in entries if entry not in kept]


def begins_segment(hit: Hit, tokens: Tokens) -> bool:
    """Whether a hit is the first word of a comma segment, no small word before it."""
    glue = tokens.glue[hit.start]
    return (hit.start == 0 and glue == 0) or bool(glue & BREAK and not glue & (STOP | OF))


def fills_segment(hit: Hit, tokens: Tokens) -> bool:
    """Whether a hit is a whole comma segment, numbers aside."""
    start = hit.start
    while start > 0 and not tokens.glue[start] & BREAK:
        start -= 1
        if not tokens.words[start].isdigit():
            return False
    end = hit.end
    while end < len(tokens.words) and not tokens.glue[end] & BREAK:
        if not tokens.words[end].isdigit():
            return False
        end += 1
    return True


def ancestors_map(registry: Registry) -> Mapping[str, tuple[str, ...]]:
    """Every institution with its owners, nearest first."""
    return {key: registry.ancestors(key) for key in registry.institutions}
