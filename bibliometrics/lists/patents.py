"""Patents of institutions, from a file of the user's: assignees attributed by the registry."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass

from bibliometrics.attribution import Matcher
from bibliometrics.attribution.institutions import Registry
from bibliometrics.attribution.rollup import RollUp, counted_ids
from bibliometrics.errors import InputError

_COLUMNS = ("assignee", "number", "year")


@dataclass(frozen=True)
class Patents:
    """``by_institution``: distinct patent numbers of each institute.

    ``unmatched`` maps assignees that name no institution, and ``others`` those that name one that
    is no institute (or none of the given list), to their patents; ``bad`` lists rows set aside.
    """

    by_institution: dict[str, int]
    unmatched: dict[str, int]
    others: dict[str, int]
    bad: tuple[str, ...]


def read_patents(
    text: str, file: str, registry: Registry, matcher: Matcher,
    sample: frozenset[str] | None = None, last_year: int | None = None,
) -> Patents:  # fmt: skip
    """Count patents by institute. A number counts once for an institute, whatever its rows.

    Parameters
    ----------
    sample : ids of the institutes counted; ``None``: every institute of the registry. Institutes
        of an academy stay apart, for the census of the report lists them apart.
    last_year : patents of later years are set aside.

    Raises
    ------
    InputError : a column is missing.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    header = [name.strip().casefold() for name in reader.fieldnames or []]
    lacking = [name for name in _COLUMNS if name not in header]
    if lacking:
        raise InputError(
            f"the patents lack the columns {', '.join(lacking)}",
            where=file,
            hint="give a CSV with assignee, number and year",
        )
    reader.fieldnames = header
    numbers: dict[str, set[str]] = defaultdict(set)
    unmatched: dict[str, set[str]] = defaultdict(set)
    others: dict[str, set[str]] = defaultdict(set)
    bad: list[str] = []
    policy = RollUp(academy_institutes="each_institute")
    known: dict[str, tuple[str, ...]] = {}
    for row_number, row in enumerate(reader, 1):
        assignee, number, year = ((row.get(name) or "").strip() for name in _COLUMNS)
        if not assignee or not number or not year.isdigit():
            bad.append(f"row {row_number}: assignee, number and year are needed")
            continue
        if last_year is not None and int(year) > last_year:
            bad.append(f"row {row_number}: of {year}, after {last_year}")
            continue
        if assignee not in known:
            answer = matcher.match(assignee, country="CN")
            known[assignee] = counted_ids(answer, registry, policy, assignee)
        ids = known[assignee]
        if not ids:
            unmatched[assignee].add(number)
        inside = [one for one in ids if _is_counted(one, registry, sample)]
        if ids and not inside:
            others[assignee].add(number)
        for one in inside:
            numbers[one].add(number)
    return Patents(_sizes(numbers), _sizes(unmatched), _sizes(others), tuple(bad))


def _is_counted(institution_id: str, registry: Registry, sample: frozenset[str] | None) -> bool:
    if sample is not None:
        return institution_id in sample
    return registry.institutions[institution_id].group == "institute"


def _sizes(sets: dict[str, set[str]]) -> dict[str, int]:
    return {name: len(sets[name]) for name in sorted(sets)}
