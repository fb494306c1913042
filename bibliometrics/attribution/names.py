"""All names of an institution: those of the registry, and those that follow from them by rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal, NamedTuple

from bibliometrics.attribution.institutions import FormerName, Institution, Registry
from bibliometrics.attribution.text import normalise, tokenise

Standing = Literal["name", "alias", "conditional"]

_NATIONAL = "国立"
_RARE = 4
# One Chinese word, several English ones; the rank of medical and technical colleges is not among
# them, since a vocational college of the same town often bears that name.
_RENDERINGS = (
    ("Minzu University", ("University for Nationalities", "University of Nationalities",
                          "Nationalities University", "University for Ethnic Minorities")),
    ("University of Chinese Medicine", ("University of Traditional Chinese Medicine",
                                        "University of TCM")),
    ("University of Traditional Chinese Medicine", ("University of Chinese Medicine",
                                                    "University of TCM")),
    ("Normal University", ("Teachers University", "Teachers College", "Normal College")),
    ("Teachers University", ("Normal University", "Teachers College", "Normal College")),
    ("Economics and Business", ("Economics and Trade", "Business and Economics")),
    ("Finance and Economics", ("Economics and Finance",)),
    ("Foreign Studies", ("Foreign Languages",)),
    ("Foreign Languages", ("Foreign Studies",)),
    ("Jianzhu University", ("University of Architecture",)),
    ("Agricultural University", ("University of Agriculture",)),
    ("Aeronautical Institute", ("Aeronautical University",)),
    ("Automotive Technology", ("Automotive Industry",)),
    ("Jiaotong University", ("Transportation University",)),
)  # fmt: skip
# As Web of Science writes the points of the compass before a name.
_COMPASS = (
    ("North China ", "N China "), ("South China ", "S China "), ("East China ", "E China "),
    ("Central South ", "Cent S "), ("South-Central ", "S Cent "), ("Northeastern ", "NE "),
    ("Northeast ", "NE "), ("Northwestern ", "NW "), ("Northwest ", "NW "), ("Southeast ", "SE "),
    ("Southwestern ", "SW "), ("Southwest ", "SW "),
)  # fmt: skip
_COLLEGE = "学院"
_BODIES = frozenset({"university", "academy", "institute", "college"})


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
        for name in institution.unconditional_names:
            part, comma, whole = name.partition(", ")
            if comma and "," not in whole and self._is_body(whole, institution):
                yield f"{whole}, {part}", "alias"  # the larger body first, as Scopus writes it
        owner = self._rows.get(institution.campus_of or institution.parent_id)
        if owner is None or owner.group != "university":
            return
        part = self._part(institution.name_en, owner.name_en)
        words = tokenise(part).words
        if len(words) > 1 and (words[0] in self._place_words or self._counts[words[0]] < _RARE):
            yield f"{owner.name_en}, {part}", "alias"
            yield f"{part}, {owner.name_en}", "alias"
            yield f"{part} of {owner.name_en}", "alias"

    def _is_body(self, whole: str, institution: Institution) -> bool:
        """Whether what stands after the comma of a name is a larger body, not a place."""
        words = set(tokenise(whole).words)
        if words <= self._place_words:
            return False
        return institution.group == "institute" or not words.isdisjoint(_BODIES)

    @staticmethod
    def _part(name: str, owner: str) -> str:
        """What a name adds to its owner's: "City College" of "X University City College"."""
        family = owner.partition(" ")[0]
        for whole in (owner, f"of {owner}", f"of the {owner}"):
            if name.startswith(f"{whole} ") or name.startswith(f"{whole}, "):
                return name.removeprefix(whole).strip(" ,")
            if name.endswith(f" {whole}"):
                return name.removesuffix(whole).strip(" ,")
        return name.removeprefix(family).strip() if name.startswith(f"{family} ") else ""

    def _rendered(self, institution: Institution) -> Iterator[str]:
        """Other English words for the same Chinese name; the place has to agree with them."""
        if institution.group != "university" or institution.campus_of or institution.parent_id:
            return
        name = institution.name_en
        for written, short in _COMPASS:
            if name.startswith(written):
                yield short + name.removeprefix(written)
        for written, others in _RENDERINGS:
            if re.search(rf"\b{written}\b", name):
                yield from (name.replace(written, other) for other in others)
        for place in (institution.city, institution.province):
            if name == f"{place} University" and name in institution.unconditional_names:
                yield f"University of {place}"
        if institution.name_zh.endswith(_COLLEGE):
            if name == f"{institution.city} University":
                yield f"{institution.city} College"
            # Not "of Technology": an institute of another university often bears that name.
            if " University of " in name and not name.endswith(" of Technology"):
                yield name.replace(" University of ", " Institute of ")
                yield name.replace(" University of ", " College of ")


def _former(former: FormerName) -> Name:
    return Name(former.name, "alias", former.last_year or 0, is_former=True)
