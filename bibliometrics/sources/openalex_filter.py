"""Which works of a snapshot a study can want, told before they are made records.

Only what certainly falls outside is passed over: another year, type or source, no address in the
geography, no keyword. The study's own filter judges the rest, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bibliometrics.sources import terms
from bibliometrics.sources.openalex_json import (
    Glance,
    Keep,
    Tally,
    Work,
    abstract_of,
    open_snapshot,
    read_snapshot,
)
from bibliometrics.sources.reading import Opened, Row
from bibliometrics.study.model import Study

_NOT_WORD = re.compile(r"[\W_]+")
_LEAST = 3

HasKeyword = Callable[[str, str], bool]
"""Whether a title and an abstract hold one of the study's keywords."""


def study_filter(study: Study, has_keyword: HasKeyword | None = None) -> Keep:
    """The conditions of ``study`` on a work as OpenAlex writes it, the cheapest first.

    Without ``has_keyword`` the keywords are not looked at. They are looked for in title and
    abstract, all that OpenAlex has.
    """
    query = study.query
    types = {_word(each) for each in query.document_types}
    sources = {_word(each) for each in query.source_types}
    first = query.start_year if isinstance(query.start_year, int) else 0
    last = query.end_date.year
    codes = frozenset(study.geography.codes)
    wants_country = study.geography.country_filter == "affiliation"

    def keep(work: Work) -> bool:
        try:
            return may_want(work)
        except (AttributeError, TypeError, ValueError):
            return True  # no work as OpenAlex writes one: whoever makes the record says so

    def may_want(work: Work) -> bool:
        year = work.get("publication_year")
        if isinstance(year, int) and not first <= year <= last:
            return False
        source = ((work.get("primary_location") or {}).get("source") or {}).get("type") or ""
        source_type = terms.OPENALEX_SOURCES.get(source, source)
        if sources and source_type.lower() not in sources:
            return False
        kind = terms.openalex_type(work.get("type") or "", source_type)
        if types and kind.lower() not in types:
            return False
        if wants_country and not _may_be_in(work, codes):
            return False
        if has_keyword is None:
            return True
        title = terms.tidy(str(work.get("title") or work.get("display_name") or ""))
        return has_keyword(title, abstract_of(work) or "")

    return keep


def study_glance(study: Study) -> Glance:
    """Whether the bytes of a line hold the words of a keyword at all, told before it is parsed.

    A line without them cannot match by the study's rule, in whatever field; most lines of a
    snapshot end here. Keywords that JSON may escape, and the unquoted line, let every line pass.
    """
    query = study.query
    needed = [_stems(keyword) for keyword in query.keywords]
    if query.phrase == "or_before_and" or not all(needed):
        return lambda line: True  # noqa: ARG005

    def glance(line: bytes) -> bool:
        lower = line.lower()
        return any(all(stem in lower for stem in stems) for stems in needed)

    return glance


def _stems(keyword: str) -> list[bytes]:
    """The words of a keyword without their last letter, which a plural may change; [] for none."""
    if not keyword.isascii():
        return []
    words = [word.lower() for word in _NOT_WORD.split(keyword) if word]
    return [(word[:-1] if len(word) > _LEAST else word).encode() for word in words]


def _word(name: str) -> str:
    return name.replace("_", " ")


def _may_be_in(work: Work, codes: frozenset[str]) -> bool:
    """Whether an author has an address in ``codes``, or one whose country OpenAlex does not say."""
    for authorship in work.get("authorships") or ():
        countries = [*(authorship.get("countries") or ())]
        countries += [each.get("country_code") for each in authorship.get("institutions") or ()]
        if any(country in codes for country in countries):
            return True
        if not any(countries) and authorship.get("raw_affiliation_strings"):
            return True
    return False


def open_filtered(
    folder: Path, study: Study, tally: Tally, has_keyword: HasKeyword | None = None
) -> Opened:
    """A snapshot's folder of which only what ``study`` can want is given; see ``open_snapshot``.

    ``tally`` is begun anew with each reading.
    """
    keep, glance = study_filter(study, has_keyword), study_glance(study)

    def rows() -> Iterator[Row]:
        tally.read = tally.passed_over = 0
        return read_snapshot(folder, keep, tally, glance)

    return replace(open_snapshot(folder), rows=rows)
