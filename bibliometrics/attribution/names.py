"""All names of an institution: those of the registry, and those that follow from them by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Literal

from bibliometrics.attribution.text import tokenise
from bibliometrics.institutions import Institution, Registry

Standing = Literal["name", "alias", "conditional"]

_NATIONAL = "国立"
_RARE = 4


class Namer:
    """Knows which words are rare enough to tell one college of a university from its faculties."""

    def __init__(self, registry: Registry, place_words: frozenset[str]) -> None:
        self._rows = registry.institutions
        self._place_words = place_words
        self._counts = Counter(
            word
            for row in registry.institutions.values()
            for word in set(tokenise(row.name_en).words)
        )

    def names(self, institution: Institution) -> Iterator[tuple[str, Standing]]:
        """Each name with its standing; a name that is also conditional is conditional."""
        official = {institution.name_en, institution.name_zh}
        conditional = {name.casefold() for name in institution.aliases_conditional}
        registered = (
            institution.name_en,
            institution.name_zh,
            *institution.aliases,
            *institution.aliases_conditional,
        )
        seen = {name.casefold() for name in registered}
        for name in dict.fromkeys(registered):
            if name.casefold() in conditional:
                yield name, "conditional"
            elif name:
                yield name, "name" if name in official else "alias"
        for name, standing in self._derived(institution):
            if name.casefold() not in seen:
                yield name, standing

    def _derived(self, institution: Institution) -> Iterator[tuple[str, Standing]]:
        if institution.country == "TW" and institution.name_zh.startswith(_NATIONAL):
            # Without "National" the name is often that of a mainland university.
            yield institution.name_zh.removeprefix(_NATIONAL), "conditional"
        owner = self._rows.get(institution.campus_of or institution.parent_id)
        if owner is None or not institution.name_en.startswith(owner.name_en + " "):
            return
        part = institution.name_en.removeprefix(owner.name_en).strip(" ,")
        words = tokenise(part).words
        if len(words) > 1 and (words[0] in self._place_words or self._counts[words[0]] < _RARE):
            yield f"{part}, {owner.name_en}", "alias"
            yield f"{part} of {owner.name_en}", "alias"
