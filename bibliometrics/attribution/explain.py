"""The answer for one string in words, for a reader who has never seen the code."""

from __future__ import annotations

from itertools import groupby

from bibliometrics.attribution.institutions import Registry
from bibliometrics.attribution.model import Attribution
from bibliometrics.attribution.place import countries_in
from bibliometrics.attribution.rollup import Counted
from bibliometrics.attribution.text import normalise, tokenise

_DECISIONS = {
    "matched": "attributed",
    "ambiguous": "ambiguous: several readings, none better supported",
    "out_of_scope": "known to lie outside the registry",
    "unmatched": "no institution of the registry was found",
}
_RULES = {
    "human-decision": "a person decided about this very string",
    "exact-name": "an official name, English or Chinese, stands in the string",
    "ror-id": "a ROR id stands in the string or beside it",
    "afid": "the affiliation id of the database stands beside the string",
    "alias": "another name stands in the string that only this institution bears",
    "acronym": "an acronym stands in the string that only this institution bears",
    "campus-city": "the university is named, and only the city of one of its campuses",
    "conditional-alias-city": "a name that several bear, and the city of this one",
    "conditional-alias-parent": "a name that several bear, and the larger body of this one",
    "conditional-alias-province": "a name that several bear, and the province of this one",
    "conditional-alias-unit": "a name that several bear, and a hospital or laboratory of this one",
    "conditional-alias-email": "a name that several bear, and an e-mail address of this one",
    "conditional-alias-country": "a name too general to stand alone, and the country stated",
    "unit-hospital": "no institution is named; a hospital is, in the city where this one runs it",
    "unit-laboratory": "no institution is named; a laboratory is, in the city of this one",
    "unit": "no institution is named; a unit is that belongs to this one",
    "repaired-spelling": "a word is one slip away from the name, and the place agrees",
    "ambiguous-name": "the name is borne by several, and nothing in the string tells which",
    "foreign-country": "the string states a country outside Greater China",
    "none": "nothing in the string is a name of the registry",
}
_MOST_CANDIDATES = 20


def explain(
    attribution: Attribution,
    registry: Registry,
    counted: Counted | None = None,
    *,
    affiliation: str = "",
    country: str | None = None,
) -> str:
    """What was decided, by which rule, which candidates lost and why; several lines of text.

    ``country`` is the one given beside the string; it counts where the string states none.
    """
    lines = []
    if affiliation:
        stated = dict.fromkeys(code for _, code in countries_in(tokenise(affiliation)))
        beside = f"{country} (given beside the string)" if country else "none is stated"
        lines += [
            f"string      {affiliation}",
            f"compared as {normalise(affiliation)}",
            f"country     {', '.join(stated) or beside}",
        ]
    lines += [
        f"decision    {attribution.decision} ({_DECISIONS[attribution.decision]})",
        f"rule        {attribution.rule}: {_RULES[attribution.rule]}",
        f"evidence    {attribution.evidence}",
    ]
    for match in attribution.matches:
        via = "" if match.via == "name" else f", through a {match.via}"
        lines.append(
            f"  + {_label(match.institution_id, registry)}\n"
            f'      because of the words "{match.text}" ({match.rule}{via})'
        )
    if counted is not None:
        lines.append(f"counts for  {', '.join(counted.ids) or 'nobody'}")
        lines += [f"  - {name} does not count: {why}" for name, why in counted.dropped]
    if attribution.candidates:
        lines.append("considered, and not taken")
        shown = attribution.candidates[:_MOST_CANDIDATES]
        for candidate_id, reasons in groupby(shown, key=lambda c: c.institution_id):
            lines.append(f"  - {_label(candidate_id, registry)}")
            lines += [f"      {reason.why_not}" for reason in reasons]
        more = len(attribution.candidates) - _MOST_CANDIDATES
        if more > 0:
            lines.append(f"  - and {more} more")
    if attribution.decision == "ambiguous":
        places = _places(attribution, registry)
        lines += ["would be settled by", *(f"  {place}: {names}" for place, names in places)]
    return "\n".join(lines)


def _label(institution_id: str, registry: Registry) -> str:
    """The id with its names and its city."""
    row = registry.institutions.get(institution_id)
    if row is None:
        return institution_id
    names = " / ".join(name for name in (row.name_en, row.name_zh) if name)
    return f"{institution_id}: {names}" + (f", {row.city}" if row.city else "")


def _places(attribution: Attribution, registry: Registry) -> list[tuple[str, str]]:
    """Each city that would decide, with the candidates that are there."""
    cities: dict[str, list[str]] = {}
    for candidate_id in dict.fromkeys(c.institution_id for c in attribution.candidates):
        row = registry.institutions.get(candidate_id)
        if row is not None and row.city:
            place = f"{row.city}, {row.province}" if row.province != row.city else row.city
            cities.setdefault(place, []).append(candidate_id)
    return [(place, ", ".join(ids)) for place, ids in sorted(cities.items())]
