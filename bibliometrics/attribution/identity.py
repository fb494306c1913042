"""Which spellings outside the registry are one organisation: joined by rules, each with a reason.

Two names are joined where a rule is sure, proposed to a person where it is not, and left apart
else. A signed decision comes before every rule. Rules compare names of one country only, and a
place stated by the one and not by the other takes a join back. The order of strings changes
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bibliometrics.attribution.compared import Form, form_of, is_generic, place_form
from bibliometrics.attribution.decisions import HumanDecision
from bibliometrics.attribution.foreign import Organisation, is_spelling

AS_WRITTEN = "as-written"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A string's organisation, the papers that carry it, and the ids its source gives."""

    organisation: Organisation
    papers: int
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Name:
    """A spelling with all that the corpus tells of it."""

    spelling_id: str
    name: str
    country: str
    papers: int
    form: Form
    places: frozenset[str]
    acronyms: frozenset[str]
    ids: frozenset[str]

    def meets(self, other: Name) -> bool:
        """Whether both state a place, and a common one."""
        return bool(self.places & other.places)

    def parts_from(self, other: Name) -> bool:
        """Whether both state places, and none in common."""
        return bool(self.places and other.places) and not self.places & other.places


@dataclass(frozen=True, slots=True)
class Link:
    """Two spellings that a rule joins, or would like a person to look at."""

    one: str
    other: str
    rule: str
    reason: str


@dataclass(frozen=True)
class Identities:
    """`entity_of`: spelling id → entity id (a registry id where a decision says so).

    `names`: spelling id → `Name`. `joined`: spelling id → the link that joined it. `proposed` lists
    pairs of entities that may be one.
    """

    entity_of: Mapping[str, str]
    names: Mapping[str, Name]
    joined: Mapping[str, Link]
    proposed: tuple[Link, ...]

    def entity(self, spelling_id: str) -> str:
        return self.entity_of.get(spelling_id, spelling_id)


def gather(sightings: Iterable[Sighting]) -> dict[str, Name]:
    """The spellings of a corpus by their id, the most frequent writing first."""
    seen: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        seen[sighting.organisation.organisation_id].append(sighting)
    names = {}
    for spelling_id in sorted(seen):
        of = seen[spelling_id]
        weight: dict[str, int] = defaultdict(int)
        for sighting in of:
            weight[sighting.organisation.name] += sighting.papers
        name = min(weight, key=lambda written: (-weight[written], written))
        ids = {s.ids for s in of if s.ids}
        names[spelling_id] = Name(
            spelling_id=spelling_id,
            name=name,
            country=of[0].organisation.country,
            papers=sum(s.papers for s in of),
            form=form_of(name),
            places=frozenset(
                place
                for sighting in of
                for place in map(place_form, sighting.organisation.places)
                if place and not any(is_generic(word) for word in place.split())
            ),
            acronyms=frozenset(a for s in of for a in s.organisation.acronyms),
            # Ids speak only where every string that has one has the same.
            ids=next(iter(ids)) if len(ids) == 1 else frozenset(),
        )
    return names


def identify(
    names: Mapping[str, Name], links: Iterable[Link], decisions: Sequence[HumanDecision] = ()
) -> Identities:
    """Join the spellings: decisions first, then ``links`` in their order of trust."""
    groups = _Groups(names)
    joined: dict[str, Link] = {}
    named_else: dict[str, str] = {}
    apart: set[str] = set()
    for decision in decisions:
        one, others = decision.affiliation, decision.institution_ids
        if not is_spelling(one) or one not in names:
            continue
        told = f"decided by {decision.decided_by} on {decision.decided_on}: {decision.reason}"
        if others == (one,) or not others:
            apart.add(one)
        elif is_spelling(others[0]):
            groups.join(one, others[0])
            joined[one] = Link(one, others[0], "human-decision", told)
        else:
            named_else[one] = others[0]
            joined[one] = Link(one, others[0], "human-decision", told)
    proposed: list[Link] = []
    for link in links:
        if link.one in apart or link.other in apart:
            continue
        if link.rule.startswith("proposed"):
            proposed.append(link)
        elif groups.join(link.one, link.other):
            joined.setdefault(link.one, link)
            joined.setdefault(link.other, link)
    entity_of = groups.entities()
    joined = {i: link for i, link in joined.items() if i in entity_of or i in named_else}
    for spelling_id, institution_id in named_else.items():
        whole = entity_of.get(spelling_id, spelling_id)
        entity_of |= {i: institution_id for i in names if entity_of.get(i, i) == whole}
    return Identities(
        entity_of=entity_of,
        names=dict(names),
        joined=joined,
        proposed=_between_entities(proposed, entity_of, names),
    )


def _between_entities(
    proposed: Iterable[Link], entity_of: Mapping[str, str], names: Mapping[str, Name]
) -> tuple[Link, ...]:
    """One proposal for each pair of entities, from the one with more papers to the other."""
    papers: dict[str, int] = defaultdict(int)
    for spelling_id, name in names.items():
        papers[entity_of.get(spelling_id, spelling_id)] += name.papers
    kept: dict[tuple[str, str], Link] = {}
    for link in proposed:
        pair = [entity_of.get(i, i) for i in (link.one, link.other)]
        one, other = sorted(pair, key=lambda i: (-papers[i], i))
        if one != other and is_spelling(one) and is_spelling(other):
            kept.setdefault((one, other), Link(one, other, link.rule, link.reason))
    return tuple(kept[pair] for pair in sorted(kept))


class _Groups:
    """Spellings joined so far; the representative is the one with most papers."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        self._names = names
        self._of: dict[str, str] = {}

    def _root(self, spelling_id: str) -> str:
        while spelling_id in self._of:
            spelling_id = self._of[spelling_id]
        return spelling_id

    def _weight(self, spelling_id: str) -> tuple[int, str]:
        known = self._names.get(spelling_id)
        return (-(known.papers if known else 0), spelling_id)

    def join(self, one: str, other: str) -> bool:
        roots = sorted({self._root(one), self._root(other)}, key=self._weight)
        for lesser in roots[1:]:
            self._of[lesser] = roots[0]
        return len(roots) > 1

    def entities(self) -> dict[str, str]:
        return {i: self._root(i) for i in sorted(self._of)}


def by_country(names: Iterable[Name]) -> Iterator[list[Name]]:
    """The names of each country, in the order of their ids."""
    groups: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        groups[name.country].append(name)
    for country in sorted(groups):
        yield sorted(groups[country], key=lambda name: name.spelling_id)
