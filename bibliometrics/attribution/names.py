"""All names of an institution: those of the registry, and those that follow from them by rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal, NamedTuple

from bibliometrics.attribution.text import normalise, tokenise
from bibliometrics.institutions import FormerName, Institution, Registry

Standing = Literal["name", "alias", "conditional"]

_NATIONAL = "国立"
_RARE = 4
# One Chinese word, several English ones; the rank of medical and technical colleges is not among
# them, since a vocational college of the same town often bears that name.
_RENDERINGS = (
    ("Minzu University", ("University for Nationalities", "University of Nationalities",
                          "Nationalities University", "University for Ethnic Minorities")),
    ("University of Chinese Medicine", ("University of Traditional Chinese Medicine",)),
    ("University of Traditional Chinese Medicine", ("University of Chinese Medicine",)),
    ("Normal University", ("Teachers University", "Teachers College", "Normal College")),
    ("Teachers University", ("Normal University", "Teachers College", "Normal College")),
)  # fmt: skip
_COLLEGE = "学院"


class Name(NamedTuple):
    """One name: its standing, and for a former name its last year (0: not former or not known)."""

    text: str
    standing: Standing
    last_year: int = 0
    is_former: bool = False


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
        self._registered = {
            normalise(name)
            for row in registry.institutions.values()
            for name in (row.name_en, *row.aliases, *row.aliases_conditional,
                         *(former.name for former in row.former_names))
        }  # fmt: skip

    def names(self, institution: Institution) -> Iterator[Name]:
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
                yield Name(name, "conditional")
            elif name:
                yield Name(name, "name" if name in official else "alias")
        for former in institution.former_names:
            if former.name.casefold() not in seen:
                yield _former(former)
        for name, standing in self._derived(institution):
            if name.casefold() not in seen:
                yield Name(name, standing)
        for name in self._rendered(institution):
            if normalise(name) not in self._registered:
                yield Name(name, "conditional")

    def _derived(self, institution: Institution) -> Iterator[tuple[str, Standing]]:
        if institution.country == "TW" and institution.name_zh.startswith(_NATIONAL):
            # Without "National" the name is often that of a mainland university.
            yield institution.name_zh.removeprefix(_NATIONAL), "conditional"
        part, _, whole = institution.name_en.partition(", ")
        is_one_of = institution.group == "institute" and whole and "," not in whole
        if is_one_of and not set(tokenise(whole).words) <= self._place_words:
            yield f"{whole}, {part}", "alias"  # the larger body first, as Scopus writes it
        owner = self._rows.get(institution.campus_of or institution.parent_id)
        if owner is None or not institution.name_en.startswith(owner.name_en + " "):
            return
        part = institution.name_en.removeprefix(owner.name_en).strip(" ,")
        words = tokenise(part).words
        if len(words) > 1 and (words[0] in self._place_words or self._counts[words[0]] < _RARE):
            yield f"{part}, {owner.name_en}", "alias"
            yield f"{part} of {owner.name_en}", "alias"

    def _rendered(self, institution: Institution) -> Iterator[str]:
        """Other English words for the same Chinese name; the place has to agree with them."""
        if institution.group != "university" or institution.campus_of or institution.parent_id:
            return
        name = institution.name_en
        for written, others in _RENDERINGS:
            if re.search(rf"\b{written}\b", name):
                yield from (name.replace(written, other) for other in others)
        for place in (institution.city, institution.province):
            if name == f"{place} University" and name in institution.unconditional_names:
                yield f"University of {place}"
        if institution.name_zh.endswith(_COLLEGE) and name == f"{institution.city} University":
            yield f"{institution.city} College"


def _former(former: FormerName) -> Name:
    return Name(former.name, "alias", former.last_year or 0, is_former=True)
