"""What every affiliation string names, before any policy of the study.

Matching and the identities outside the registry are computed once; ``entities.credit`` applies a
policy to them, and can be called again for every variant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from bibliometrics.attribution import Attribution, HumanDecision, Matcher
from bibliometrics.attribution.foreign import Organisation, organisation, unit_of
from bibliometrics.attribution.identity import Identities, Sighting, gather, identify
from bibliometrics.attribution.variants import links
from bibliometrics.study.model import Study

# A body such as CNRS signs together with the university where its laboratory stands: both count.
UMBRELLA = "research"


@dataclass(frozen=True, slots=True)
class Answered:
    """An affiliation with what it names; ``written`` is the organisation read from its words."""

    affiliation_id: int
    affiliation: str
    country: str | None
    papers: int
    ids_told: str | None
    answer: Attribution
    written: Organisation | None


@dataclass(frozen=True)
class Answers:
    """What matching says of every affiliation: computed once, whatever the policies."""

    rows: tuple[Answered, ...]
    identities: Identities


# What one matcher has said: by string, country and the ids its source gives.
Said = dict[tuple[str, str | None, str | None], Attribution]


def answer_affiliations(
    affiliations: pd.DataFrame, matcher: Matcher, study: Study, said: Said | None = None
) -> Answers:
    """What every distinct affiliation (as ``schema.AFFILIATIONS``) names, before any policy.

    Of the study only the country is read and whether institutions are those of a registry: the
    answers hold for every variant of its policies. Spellings outside the registry are joined here.
    ``said`` is for another corpus of the same matcher: what is in it is not matched again, what is
    not is added.
    """
    rows, sightings = answered(affiliations, matcher, study, said)
    seen = [sighting for of in sightings for sighting in of]
    return Answers(tuple(rows), identities_of(seen, matcher.decisions))


def answered(
    affiliations: pd.DataFrame, matcher: Matcher, study: Study, said: Said | None = None
) -> tuple[list[Answered], list[list[Sighting]]]:
    """Each affiliation's answer, and the organisations outside the registry that it shows.

    Of one string alone: parts of a corpus can be answered apart, and their sightings put together.
    """
    rows: list[Answered] = []
    sightings: list[list[Sighting]] = []
    kinds = matcher.registry.institutions
    for number, text, country, papers, ids_told in _strings(affiliations):
        answer = said.get((text, country, ids_told)) if said else None
        if answer is None:
            answer = matcher.match(text, country=country, afid=ids_told)
            if said is not None:
                said[text, country, ids_told] = answer
        written = None
        is_outside = is_open(country, study) or country != study.geography.country
        if (
            country
            and is_outside
            and all(kinds[i].kind == UMBRELLA for i in answer.institution_ids)
        ):
            written = organisation(text, country)
        seen: list[Sighting] = []
        if written is not None:
            told = frozenset(ids_told.split()) if ids_told else frozenset()
            seen.append(Sighting(written, papers, told if len(told) == 1 else frozenset()))
            if written.unit and (written.is_body or answer.institution_ids):
                seen.append(Sighting(unit_of(written), papers))
        sightings.append(seen)
        rows.append(Answered(number, text, country, papers, ids_told, answer, written))
    return rows, sightings


def identities_of(sightings: Iterable[Sighting], decisions: Sequence[HumanDecision]) -> Identities:
    """The spellings of a whole corpus, joined by rules and decisions."""
    names = gather(sightings)
    return identify(names, links(names.values()), decisions)


def _strings(
    affiliations: pd.DataFrame,
) -> Iterator[tuple[int, str, str | None, int, str | None]]:
    """Number, string, country, papers and the ids a source gives, of each affiliation."""
    columns = ("affiliation_id", "affiliation", "country", "papers", "afid", "ror")
    told = [affiliations[c].astype(object).where(affiliations[c].notna(), None) for c in columns]
    for number, text, country, papers, afid, ror in zip(*told, strict=True):
        yield int(number), str(text), country, int(papers), afid or ror


def is_open(country: str | None, study: Study) -> bool:
    """Whether an organisation is taken as written: abroad, or in a study without registry."""
    if country is None:
        return False
    return study.institutions.known_by == "open" or country not in study.geography.codes
