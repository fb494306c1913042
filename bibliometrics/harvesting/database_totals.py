"""The database's own totals for a study, asked by counts only: what ``[totals]`` is filled with.

Without them neither the activity index nor growth beside the database's nor an index of
international collaboration can be computed: a corpus holds the topic alone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bibliometrics.attribution.institutions import Institution
from bibliometrics.errors import StudyError
from bibliometrics.harvesting import ledger
from bibliometrics.harvesting.asking import Asker, Patience, Tell
from bibliometrics.harvesting.planning import COUNTS_SERVE_DAYS, Counting
from bibliometrics.sources import openalex_query
from bibliometrics.sources.paged import PagedSource, asking_for
from bibliometrics.study import query
from bibliometrics.study.model import Study
from bibliometrics.study.query import Slice

WORLD = "world"


@dataclass(frozen=True)
class Question:
    """A count to ask. ``table`` and ``key``: where in the study its answer goes."""

    table: str
    key: str
    label: str
    query: str


def scopus_questions(
    study: Study, slices: Sequence[Slice], institutions: Sequence[Institution] = ()
) -> tuple[Question, ...]:
    """One count a year, and one a year for each institution.

    Raises
    ------
    StudyError : an institution whose Scopus ids the registry does not know.
    """
    years = query.years_alone(slices)
    asked = [_of_year(year, query.without_keywords(study, year)) for year in years]
    for one in institutions:
        ids = " OR ".join(f"AF-ID({afid})" for afid in one.scopus_afids)
        if not ids:
            raise _unknown(one, study, "Scopus affiliation id")
        asked += [
            _of_institution(one, year, f"{query.without_keywords(study, year)} AND ({ids})")
            for year in years
        ]
    return tuple(asked)


def openalex_questions(
    study: Study,
    slices: Sequence[Slice],
    institutions: Sequence[Institution] = (),
    countries: Sequence[str] = (),
) -> tuple[Question, ...]:
    """As ``scopus_questions``; with ``countries``, international works of these and of the world.

    Raises
    ------
    StudyError : an institution without a ROR id, or as ``openalex_query``.
    """
    years = query.years_alone(slices)
    asked = [_of_year(year, openalex_query.without_keywords(study, year)) for year in years]
    for one in institutions:
        if not one.ror_id:
            raise _unknown(one, study, "ROR id")
        asked += [
            _of_institution(one, year, openalex_query.without_keywords(study, year, one.ror_id))
            for year in years
        ]
    if countries:
        world = openalex_query.international(study)
        asked.append(Question("international", WORLD, "international, world", world))
        asked += [
            Question("international", code, f"international, {code}",
                     openalex_query.international(study, code))
            for code in dict.fromkeys((*study.geography.codes, *countries))
        ]  # fmt: skip
    return tuple(asked)


def _of_year(year: int, asked: str) -> Question:
    return Question("database", str(year), f"all of {year}", asked)


def _of_institution(one: Institution, year: int, asked: str) -> Question:
    return Question(one.id, str(year), f"{one.name_en}, {year}", asked)


def _unknown(one: Institution, study: Study, what: str) -> StudyError:
    return StudyError(
        f"the registry has no {what} of {one.name_en}",
        where=study.name,
        hint="count it on the web page and write its line under [totals.institutions] by hand",
    )


def ask(
    study: Study,
    questions: Sequence[Question],
    source: PagedSource,
    cache_folder: Path,
    tell: Tell,
    patience: Patience | None = None,
) -> dict[Question, int]:
    """The answers; a count of today is not asked again.

    Raises
    ------
    HarvestStoppedError, RequestRefusedError : see ``Asker.ask``; counts told so far are kept.
    """
    asker = Asker(
        patience or Patience(), tell, f"bibliometrics totals {study.name}{asking_for(source)}"
    )
    since = ledger.stamp(asker.patience.now() - COUNTS_SERVE_DAYS * 86_400)
    with ledger.writing(cache_folder) as append:
        known = ledger.fold(ledger.read(cache_folder))
        counting = Counting(source, asker, append, known, since)
        return {one: counting.total(one.label, one.query, "total") for one in questions}


def as_toml(answers: dict[Question, int], service: str, day: dt.date) -> str:
    """The sections of a study file that these answers make; zero is no total of a country."""
    by_table: dict[str, list[tuple[str, int]]] = {}
    for asked, told in answers.items():
        by_table.setdefault(asked.table, []).append((asked.key, told))
    first = next(asked.query for asked in answers)
    lines = ["[totals]", f"totals_from = {_text(f'{service}, by count, {day}: {first} and so on')}"]
    lines.append(f"database = {_inline(by_table.pop('database'))}")
    international = [(key, told) for key, told in by_table.pop("international", []) if told]
    if by_table:
        lines.append("[totals.institutions]")
        lines += [f"{name} = {_inline(years)}" for name, years in by_table.items()]
    if international:
        whole = next(a.query for a in answers if a.key == WORLD)
        lines += ["", "[network]", f"totals_from = {_text(f'{service}, by count, {day}: {whole}')}"]
        lines.append(f"international_totals = {_inline(international)}")
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _inline(pairs: Sequence[tuple[str, int]]) -> str:
    return f"{{ {', '.join(f'{key} = {told}' for key, told in pairs)} }}"
