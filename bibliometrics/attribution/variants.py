"""The rules by which two spellings outside the registry are one, from most to least trusted.

| rule | what it rests on |
|---|---|
| same-id | one ROR id or Scopus affiliation id, the only one on all strings of both |
| same-words | the same compared words, in any order: languages, abbreviations, initials |
| written-together | the same letters, words written together or apart |
| acronym | an acronym that stands in brackets behind one name only, or in quotes behind its head |
| quoted-name | the part in quotation marks, or what stands before it, alone |
| city-added | the same name with its own city behind it |
| repaired-spelling | one word a slip away, no place, no number, in the same city |

What nearly passes is proposed: `proposed-part` (one name holds the other), `proposed-similar`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from bibliometrics.attribution.compared import is_acronym_of, is_generic, is_ordinal
from bibliometrics.attribution.identity import Link, Name, by_country

_SHORTEST_REPAIRED = 6
_SHORTEST_TWO_SLIPS = 10
_SIMILAR = 90
_MOST_ADDED = 3
_WORDS_ENOUGH = 3
_MOST_ALIKE = 40


def links(names: Iterable[Name]) -> tuple[Link, ...]:
    """What joins the names, and what should be looked at, in order of trust."""
    groups = list(by_country(names))
    found: list[Link] = []
    for rule in (
        _same_id, _same_words, _written_together, _acronym, _quoted, _city_added, _repaired,
        _parts, _similar,
    ):  # fmt: skip
        for group in groups:
            found += rule(group)
    return tuple(found)


def _buckets(group: list[Name], key: Callable[[Name], Iterable[object]]) -> Iterator[list[Name]]:
    """Names that share a key, in a fixed order; each bucket has two names at least."""
    buckets: dict[object, list[Name]] = defaultdict(list)
    for name in group:
        for value in key(name):
            buckets[value].append(name)
    for bucket in buckets.values():
        if len(bucket) > 1:
            yield bucket


def _same_id(group: list[Name]) -> Iterator[Link]:
    for bucket in _buckets(group, lambda name: name.ids):
        for other in bucket[1:]:
            shared = ", ".join(sorted(bucket[0].ids & other.ids))
            yield Link(
                bucket[0].spelling_id, other.spelling_id, "same-id", f"both have the id {shared}"
            )


def _same_words(group: list[Name]) -> Iterator[Link]:
    for bucket in _buckets(group, lambda name: [name.form.sorted] if name.form.words else []):
        for one, other in combinations(bucket, 2):
            said = " ".join(one.form.words)
            rule = "same-words"
            if one.form.words == other.form.words:
                told = f"the same words once brought to one form: {said}"
                if not one.form.own and len(one.form.words) < _WORDS_ENOUGH:
                    rule, told = "proposed-part", f"{told}, none of them its own"
            else:
                told = f"the same words in another order: {said}"
                # "Miami University" is not "University of Miami": one own word needs its place.
                is_one = len(one.form.own) == 1 and not one.meets(other)
                if one.parts_from(other) or not one.form.own or is_one:
                    rule, told = "proposed-part", f"{told}; no place in common"
            yield Link(one.spelling_id, other.spelling_id, rule, told)


def _written_together(group: list[Name]) -> Iterator[Link]:
    def letters(name: Name) -> Iterator[object]:
        words, own = name.form.words, name.form.own
        yield "".join(words)
        if own:
            yield ("".join(own), tuple(sorted(word for word in words if is_generic(word))))

    for bucket in _buckets(group, letters):
        for one, other in combinations(bucket, 2):
            is_new = one.form.sorted != other.form.sorted
            if is_new and one.form.own and not one.parts_from(other):
                told = f"the same letters, written together or apart: {other.name}"
                yield Link(one.spelling_id, other.spelling_id, "written-together", told)


def _acronym(group: list[Name]) -> Iterator[Link]:
    """Acronyms that a string explains, and "University 'KhPI'" beside the name in full."""
    written = {name.name.casefold(): name for name in group if " " not in name.name}
    bearers: dict[str, list[Name]] = defaultdict(list)
    for name in group:
        for acronym in name.acronyms:
            if is_acronym_of(acronym, _letters(name)) and acronym.casefold() in written:
                bearers[acronym.casefold()].append(name)
    for acronym in sorted(bearers):
        short, full = written[acronym], bearers[acronym]
        forms = {name.form.sorted for name in full}
        for name in full:
            told = f"{short.name} stands in brackets behind {name.name}"
            if len(forms) == 1 and not short.parts_from(name):
                yield Link(name.spelling_id, short.spelling_id, "acronym", told)
            elif short.spelling_id != name.spelling_id:
                told += ", as behind other names, or its place is another"
                yield Link(name.spelling_id, short.spelling_id, "proposed-part", told)
    for bucket in _buckets(group, lambda name: [name.form.head] if name.form.head else []):
        for one, other in combinations(bucket, 2):
            for short, long in ((one, other), (other, one)):
                raw = short.form.quoted_raw
                if " " not in raw and len(long.form.quoted) > 1 and not short.parts_from(long):
                    tail = long.form.quoted
                    ends = [tail[start:] for start in range(len(tail) - 1)]
                    if any(is_acronym_of(raw, end) for end in ends):
                        told = f"the same head, and {raw} abbreviates {long.name}"
                        yield Link(long.spelling_id, short.spelling_id, "acronym", told)


def _letters(name: Name) -> tuple[str, ...]:
    return tuple(word.casefold() for word in name.name.split() if word[:1].isupper())


def _quoted(group: list[Name]) -> Iterator[Link]:
    """The quoted name alone, its head alone, and a shorter quoted name behind the same head."""
    by_words: dict[tuple[str, ...], list[Name]] = defaultdict(list)
    for name in group:
        by_words[name.form.sorted].append(name)
    heads: dict[tuple[str, ...], list[Name]] = defaultdict(list)
    for name in group:
        if not name.form.quoted:
            continue
        heads[name.form.head].append(name)
        quoted = name.form.quoted
        has_kind = any(is_generic(word) for word in quoted)
        has_own = any(not is_generic(word) for word in quoted)
        if has_kind and has_own:
            for other in by_words.get(tuple(sorted(quoted)), ()):
                if other is not name and not name.parts_from(other):
                    told = f"it is the name in quotation marks of {name.name}"
                    yield Link(name.spelling_id, other.spelling_id, "quoted-name", told)
    for head, bearers in sorted(heads.items()):
        for one, other in combinations(bearers, 2):
            less, more = sorted((one, other), key=lambda n: len(n.form.quoted))
            own = set(less.form.quoted)
            if own < set(more.form.quoted) and len(own) > 1 and not one.parts_from(other):
                told = f"the same head, and the quoted name holds the other: {more.name}"
                yield Link(more.spelling_id, less.spelling_id, "quoted-name", told)
        yield from _head_alone(bearers, by_words.get(tuple(sorted(head)), []))


def _head_alone(bearers: list[Name], alone: list[Name]) -> Iterator[Link]:
    """ "National Technical University of Ukraine" without the quoted name behind it."""
    for bare in alone:
        if bare.form.quoted:
            continue
        near = [name for name in bearers if name.meets(bare)]
        for name in bearers:
            told = f"it is the head of {name.name}"
            is_sure = name in near and len(_cores(bearers)) == 1 and bare.form.own
            if is_sure:
                yield Link(name.spelling_id, bare.spelling_id, "quoted-name", f"{told} alone")
            elif name in near:
                told += ", as of other names, or too general alone: the string decides"
                yield Link(name.spelling_id, bare.spelling_id, "proposed-part", told)


def _cores(bearers: list[Name]) -> list[set[str]]:
    """The quoted names behind one head that do not hold one another."""
    cores: list[set[str]] = []
    for name in sorted(bearers, key=lambda n: (-len(n.form.quoted), n.spelling_id)):
        words = set(name.form.quoted)
        raw = name.form.quoted_raw
        longer = [n.form.quoted for n in bearers if len(n.form.quoted) > 1]
        is_short = " " not in raw and any(
            is_acronym_of(raw, quoted[start:])
            for quoted in longer
            for start in range(len(quoted) - 1)
        )
        if not is_short and not any(words <= core for core in cores):
            cores.append(words)
    return cores


def _city_added(group: list[Name]) -> Iterator[Link]:
    by_words: dict[tuple[str, ...], list[Name]] = defaultdict(list)
    for name in group:
        by_words[name.form.sorted].append(name)
    places = {place for name in group for place in name.places}
    longer: dict[str, list[tuple[Name, Name, str]]] = defaultdict(list)
    for name in group:
        for place in sorted(place for place in places if _ends_with(name, place)):
            rest = name.form.words[: -len(place.split())]
            for bare in by_words.get(tuple(sorted(rest)), ()):
                longer[bare.spelling_id].append((name, bare, place))
    for bare_id in sorted(longer):
        extended = longer[bare_id]
        cities = {place for _, _, place in extended}
        for name, bare, place in extended:
            if not bare.form.own:
                continue
            if len(cities) == 1 and place in bare.places:
                told = f"the name with its city {place} behind it"
                yield Link(name.spelling_id, bare.spelling_id, "city-added", told)
            else:
                told = f"the name with {place} behind it; others add another place, or none states"
                yield Link(name.spelling_id, bare.spelling_id, "proposed-part", told)


def _ends_with(name: Name, place: str) -> bool:
    words = tuple(place.split())
    return len(name.form.words) > len(words) and name.form.words[-len(words) :] == words


def _repaired(group: list[Name]) -> Iterator[Link]:
    places = {word for name in group for place in name.places for word in place.split()}

    def holes(name: Name) -> Iterator[object]:
        words = name.form.sorted
        for word in sorted(set(words)):
            if len(word) >= _SHORTEST_REPAIRED and not word.isdecimal():
                rest = list(words)
                rest.remove(word)
                if any(not is_generic(w) for w in rest) or len(word) >= _SHORTEST_TWO_SLIPS:
                    yield (tuple(rest), word[0])

    for bucket in _buckets(group, holes):
        for one, other in combinations(bucket, 2):
            mine = set(one.form.words) - set(other.form.words)
            yours = set(other.form.words) - set(one.form.words)
            if len(mine) != 1 or len(yours) != 1:
                continue
            word, its = next(iter(mine)), next(iter(yours))
            shorter = min(len(word), len(its))
            allowed = 2 if shorter >= _SHORTEST_TWO_SLIPS else 1
            if OSA.distance(word, its, score_cutoff=allowed) > allowed:
                continue
            is_place = word in places and its in places
            is_known = is_generic(word) and is_generic(its)
            told = f"{its} for {word}, all other words the same"
            if one.meets(other) and not is_place and not is_known and one.form.own:
                yield Link(one.spelling_id, other.spelling_id, "repaired-spelling", told)
            elif not one.parts_from(other):
                told += "; no place in common, or both are places"
                yield Link(one.spelling_id, other.spelling_id, "proposed-similar", told)


def _parts(group: list[Name]) -> Iterator[Link]:
    """Names that hold another whole: a person's name or a place added, or a longer name."""
    holders: dict[str, list[Name]] = defaultdict(list)
    for name in group:
        for word in set(name.form.words):
            holders[word].append(name)
    for name in group:
        words = set(name.form.words)
        if len(words) < 2 or not name.form.own:
            continue
        rarest = min(sorted(words), key=lambda word: len(holders[word]))
        for other in holders[rarest][:_MOST_ALIKE]:
            added = set(other.form.words) - words
            if not words < set(other.form.words) or len(added) > _MOST_ADDED:
                continue
            is_kind = any(is_ordinal(word) or is_generic(word) for word in added)
            if name.meets(other) and not is_kind:
                told = f"{other.name} holds the whole name and adds {' '.join(sorted(added))}"
                yield Link(name.spelling_id, other.spelling_id, "proposed-part", told)


def _similar(group: list[Name]) -> Iterator[Link]:
    """Names of nearly the same letters in one city that no rule has joined."""

    def words(name: Name) -> Iterator[object]:
        for word in sorted(set(name.form.own)):
            for place in sorted(name.places):
                yield (word, place)

    seen: set[tuple[str, str]] = set()
    for bucket in _buckets(group, words):
        for one, other in combinations(bucket[:_MOST_ALIKE], 2):
            pair = (one.spelling_id, other.spelling_id)
            if pair in seen or set(one.form.words) == set(other.form.words):
                continue
            seen.add(pair)
            ordinals = [{w for w in n.form.words if is_ordinal(w)} for n in (one, other)]
            score = fuzz.token_sort_ratio(" ".join(one.form.words), " ".join(other.form.words))
            if score >= _SIMILAR and ordinals[0] == ordinals[1]:
                told = f"{score:.0f} % of the letters agree, and the city"
                yield Link(*pair, "proposed-similar", told)
