"""Campuses that are named by their university and the campus's own city alone."""

from __future__ import annotations

from bibliometrics.attribution.evidence import Atlas, Context
from bibliometrics.attribution.institutions import Registry
from bibliometrics.attribution.model import YIELDS_TO_PART, Candidate, Match
from bibliometrics.attribution.text import tokenise

_CAMPUS_WORDS = frozenset({"campus", "branch"})


class CampusFinder:
    """Knows the campuses whose name is that of the university and a city, nothing more."""

    def __init__(self, registry: Registry, atlas: Atlas) -> None:
        self._atlas = atlas
        self._campuses: dict[str, list[str]] = {}
        for row in registry.institutions.values():
            if not row.campus_of:
                continue
            parent = registry.institutions[row.campus_of]
            extra = set(tokenise(row.name_en).words) - set(tokenise(parent.name_en).words)
            city = set(tokenise(row.city).words)
            if extra - _CAMPUS_WORDS == city:
                self._campuses.setdefault(row.campus_of, []).append(row.id)

    def refine(self, matches: list[Match], losers: list[Candidate], context: Context) -> None:
        """Replace a university by its campus where only the campus's city is stated."""
        if not any(match.institution_id in self._campuses for match in matches):
            return
        cities = self._atlas.free_cities(context) | ({context.city} if context.city else set())
        for index, match in enumerate(matches):
            if match.via != "name" or match.rule == "human-decision":
                continue
            fitting = [
                campus
                for campus in self._campuses.get(match.institution_id, ())
                if self._atlas.cities_of(campus) & cities
            ]
            home = self._atlas.home(match.institution_id)
            if len(fitting) == 1 and home not in cities:
                losers.append(Candidate(match.institution_id, f"{YIELDS_TO_PART} {fitting[0]}"))
                matches[index] = Match(fitting[0], "campus-city", "name", match.text)
