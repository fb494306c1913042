"""The names of the registry, compiled so that one pass over a string finds all of them.

Names are sequences of words (see `text`), and the automaton (Aho and Corasick 1975) runs over
words, not letters: a name is never found inside a word. Acronyms keep their case.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Literal, NamedTuple

import ahocorasick

from bibliometrics.attribution.institutions import Institution, Registry, Unit
from bibliometrics.attribution.mending import GENERIC_WORDS, Mender
from bibliometrics.attribution.names import Namer, Standing
from bibliometrics.attribution.text import AND, BREAK, HARD, OF, Tokens, tokenise

_TAILS = frozenset({"university", "institute", "academy", "college", "hospital", "center",
                    "laboratory", "school"})  # fmt: skip
_CAMPUS_WORDS = frozenset({"campus", "branch"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of one institution; `last_year` is that of a former name, where known."""

    institution: Institution
    standing: Standing
    is_acronym: bool
    name: str
    last_year: int = 0
    is_former: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A city (with its province where that is one) or a province, of Greater China or a partner."""

    kind: Literal["city", "province"]
    name: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sequence of words, and everything it may mean.

    `needs_of` marks "University of X", which "University X" is not unless abbreviated;
    `breaks` are the positions at which a comma may stand; `upper` those whose word must be
    written in capitals (acronyms inside a name without a word such as "University"); `parting`
    those before which an "and" begins another name ("A Institute, Harbin" is not found in
    "A Institute and Harbin University").
    """

    words: tuple[str, ...]
    entries: tuple[Entry, ...]
    units: tuple[Unit, ...]
    places: tuple[Place, ...]
    breaks: frozenset[int]
    upper: tuple[int, ...]
    needs_of: bool = False
    parting: frozenset[int] = frozenset()


class Hit(NamedTuple):
    """A pattern found at words `start` to `end` (exclusive)."""

    start: int
    end: int
    pattern: Pattern


@dataclass(slots=True)
class _Draft:
    entries: list[Entry]
    units: list[Unit]
    places: list[Place]
    breaks: set[int]
    upper: set[int] | None
    needs_of: bool = True
    parting: set[int] | None = None


class Lexicon:
    """Built once from a registry; reading it changes nothing that can be seen."""

    def __init__(self, registry: Registry) -> None:
        drafts: dict[tuple[str, ...], _Draft] = {}
        self._acronyms: dict[str, Pattern] = {}
        self.place_words = frozenset(_place_words(registry))
        self._namer = Namer(registry, self.place_words)
        for institution in registry.institutions.values():
            if not institution.same_as:
                self._add_institution(drafts, institution)
        for unit in registry.units:
            for name in (unit.name, *unit.aliases):
                draft = self._draft(drafts, name)
                if draft is not None and unit not in draft.units:
                    draft.units.append(unit)
        for spelling, place in _places(registry):
            draft = self._draft(drafts, spelling)
            if draft is not None and place not in draft.places:
                draft.places.append(place)
        self._compile(drafts)
        self._mender = Mender(self._ids, self._acronyms)
        self.institution_names = tuple(key for key, draft in drafts.items() if draft.entries)

    def scan(self, tokens: Tokens) -> list[Hit]:
        """Every pattern in the string whose commas and capitals allow it."""
        ids = self._ids
        encoded = tuple([ids.get(word, 0) for word in tokens.words])
        hits: list[Hit] = []
        glue, raws = tokens.glue, tokens.raws
        if encoded:
            for last, pattern in self._automaton.iter(encoded):
                start = last + 1 - len(pattern.words)
                if last > start:
                    stray = [
                        i for i in range(start + 1, last + 1)
                        if glue[i] & BREAK and (i - start) not in pattern.breaks
                    ]  # fmt: skip
                    if stray and not self._is_slip(start, stray, pattern, tokens):
                        continue
                    if pattern.needs_of and _lacks_of(start, tokens):
                        continue
                    if pattern.parting and any(glue[start + i] & AND for i in pattern.parting):
                        continue
                if not pattern.upper or all(raws[start + i].isupper() for i in pattern.upper):
                    hits.append(Hit(start, last + 1, pattern))
        acronyms = self._acronyms
        for index, raw in enumerate(raws):
            found = acronyms.get(raw)
            if found is not None:
                hits.append(Hit(index, index + 1, found))
        return hits

    def continuations(self, tokens: Tokens) -> frozenset[str]:
        """The words with which a name begun in this comma segment may go on in the next one."""
        words = tuple(tokens.words)
        found = set(self._slipped.get(words, ()))
        for start in range(len(words)):
            found.update(self._broken.get(words[start:], ()))
        return frozenset(found)

    def _is_slip(self, start: int, stray: list[int], pattern: Pattern, tokens: Tokens) -> bool:
        """Whether a comma inside a name is a slip of the pen ("University of, Science ...").

        Only one comma, in a name that stands alone and begins its segment, and only where the
        words before the comma are no name by themselves.
        """
        if len(stray) != 1 or tokens.glue[stray[0]] & HARD or len(pattern.words) < 2:
            return False
        if all(entry.standing == "conditional" for entry in pattern.entries) or not (
            start == 0 or tokens.glue[start] & BREAK
        ):
            return False
        before = tokens.words[start : stray[0]]
        if tokens.glue[stray[0]] & OF or tokens.words[stray[0] : start + len(pattern.words)] == [
            "university"
        ]:
            return True
        known = self._automaton.get(tuple(self._ids[word] for word in before), None)
        if known is not None and any(e.standing != "conditional" for e in known.entries):
            return False
        return (
            len(pattern.words) > 2
            and before[-1] not in _TAILS
            and not all(w in self.place_words for w in before)
        )

    @property
    def words(self) -> Container[str]:
        """The words of all names and places."""
        return self._ids

    def mended(self, tokens: Tokens) -> Tokens:
        """The same string with split and glued words joined or parted, generic words respelt."""
        return self._mender.mended(tokens)

    def _add_institution(
        self, drafts: dict[tuple[str, ...], _Draft], institution: Institution
    ) -> None:
        for name, standing, last_year, is_former in self._namer.names(institution):
            acronym = _is_acronym(name)
            entry = Entry(institution, standing, acronym, name, last_year, is_former)
            if acronym or (standing == "conditional" and _is_single_word(name)):
                self._add_acronym(name, entry)
                continue
            draft = self._draft(drafts, name)
            if draft is not None and not any(e.institution is institution for e in draft.entries):
                draft.entries.append(entry)

    def _add_acronym(self, name: str, entry: Entry) -> None:
        raws = tokenise(name).raws
        if len(raws) != 1:
            return
        known = self._acronyms.get(raws[0])
        entries = known.entries if known else ()
        if any(e.institution is entry.institution for e in entries):
            return
        self._acronyms[raws[0]] = Pattern((raws[0],), (*entries, entry), (), (), frozenset(), ())

    def _draft(self, drafts: dict[tuple[str, ...], _Draft], name: str) -> _Draft | None:
        tokens = tokenise(name)
        if not tokens.words:
            return None
        key = tuple(tokens.words)
        draft = drafts.setdefault(key, _Draft([], [], [], set(), None))
        draft.breaks.update(i for i, glue in enumerate(tokens.glue) if i and glue & BREAK)
        for index in range(len(key) - 1, 0, -1):
            is_place = key[index] in self.place_words or key[index] in _CAMPUS_WORDS
            if not is_place or tokens.glue[index] & OF or key[index - 1] == "university" == key[0]:
                break
            draft.breaks.add(index)
        parting = {
            i for i, glue in enumerate(tokens.glue)
            if i and not glue & AND and key[i] in self.place_words
        }  # fmt: skip
        draft.parting = parting if draft.parting is None else draft.parting & parting
        is_headed = key[0] == "university" and len(key) > 1
        if not is_headed or (not tokens.glue[1] & OF and tokens.raws[0].lower() == "university"):
            draft.needs_of = False
        upper = set()
        if not any(word in GENERIC_WORDS for word in key):
            upper = {
                i for i, raw in enumerate(tokens.raws) if len(raw) > 1 and raw.isupper()
                and raw.isascii() and not raw.isdigit()
            }  # fmt: skip
        draft.upper = upper if draft.upper is None else draft.upper & upper
        return draft

    def _misleading_breaks(
        self, key: tuple[str, ...], draft: _Draft, drafts: dict[tuple[str, ...], _Draft]
    ) -> set[int]:
        """Commas after which only the city of the institution named before them stands.

        "X University, Y" is X University in Y, not an "X University (Y)" of the same city.
        """
        owners = {entry.institution.id for entry in draft.entries}
        misleading: set[int] = set()
        for index in draft.breaks:
            shorter = drafts.get(key[:index])
            for entry in shorter.entries if shorter else ():
                town = tuple(tokenise(entry.institution.city).words)
                if (
                    entry.standing != "conditional"
                    and entry.institution.id not in owners
                    and key[index:] == town
                ):
                    misleading.add(index)
        return misleading

    def _compile(self, drafts: dict[tuple[str, ...], _Draft]) -> None:
        words = sorted({word for key in drafts for word in key})
        self._ids = {word: number for number, word in enumerate(words, start=1)}
        # The words before a comma that may stand inside a name, rightly or by a slip of the pen,
        # each with the words that may follow it.
        self._broken: dict[tuple[str, ...], set[str]] = {}
        self._slipped: dict[tuple[str, ...], set[str]] = {}
        automaton = ahocorasick.Automaton(ahocorasick.STORE_ANY, ahocorasick.KEY_SEQUENCE)
        for key, draft in drafts.items():
            draft.breaks -= self._misleading_breaks(key, draft, drafts)
            pattern = Pattern(
                key,
                tuple(draft.entries),
                tuple(draft.units),
                tuple(draft.places),
                frozenset(draft.breaks),
                tuple(sorted(draft.upper or ())),
                draft.needs_of,
                frozenset(draft.parting or ()),
            )
            automaton.add_word(tuple(self._ids[word] for word in key), pattern)
            for index in pattern.breaks:
                self._broken.setdefault(key[:index], set()).add(key[index])
            if any(entry.standing != "conditional" for entry in pattern.entries):
                for index in range(1, len(key)):
                    self._slipped.setdefault(key[:index], set()).add(key[index])
        automaton.make_automaton()
        self._automaton = automaton


def _lacks_of(start: int, tokens: Tokens) -> bool:
    """Whether "University X" stands in full where the name is "University of X"."""
    return not tokens.glue[start + 1] & OF and tokens.raws[start].lower() == "university"


def _is_single_word(name: str) -> bool:
    return len(name.split()) == 1 and name.isascii()


def _is_acronym(name: str) -> bool:
    """One short word with at least two capitals, or all capitals: CASIA, SUSTech, BNRist."""
    if not _is_single_word(name) or len(name) > 10 or not name.isalnum():
        return False
    capitals = sum(letter.isupper() for letter in name)
    return capitals >= 2 and (capitals == len(name) or capitals * 2 > len(name) or len(name) <= 8)


def _places(registry: Registry) -> Iterator[tuple[str, Place]]:
    """Each spelling of a place with the place."""
    names = set()
    for institution in registry.institutions.values():
        if institution.city:
            names.add(institution.city)
        if institution.province and institution.province not in {"HK", "MO", "TW"}:
            yield institution.province, Place("province", institution.province)
    names.update(city.name for city in registry.cities)
    names.update(town for towns in registry.towns.values() for town in towns)
    names.update(place for unit in registry.units for place in unit.cities)
    spellings = dict(registry.city_spellings)
    for name in sorted(names):
        yield name, Place("city", canonical_city(name, spellings))
    for spelling, city in registry.city_spellings:
        yield spelling, Place("city", city)
    for kind, spelling, name in _more_places():
        yield spelling, Place("city" if kind == "city" else "province", name)


def canonical_city(name: str, spellings: dict[str, str]) -> str:
    """The registry's spelling of a city, its words compared ("Xi'an", "Xian" -> "xian")."""
    return " ".join(tokenise(spellings.get(name, name)).words)


def _more_places() -> list[tuple[str, str, str]]:
    table = resources.files("bibliometrics") / "data" / "registry" / "place_names.csv"
    rows = csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"), newline=""))
    return [(row["kind"], row["spelling"], row["name"]) for row in rows]


def _place_words(registry: Registry) -> Iterable[str]:
    for spelling, _ in _places(registry):
        yield from tokenise(spelling).words


def longest_first(hits: Iterable[Hit]) -> list[Hit]:
    """Hits in the order in which they are judged: by length, then by place in the string."""
    return sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start))


def overlaps(hit: Hit, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a hit shares a word with one of the spans."""
    return any(hit.start < end and start < hit.end for start, end in spans)
