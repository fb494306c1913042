"""Human decisions about single strings and names: a CSV file beside a study, read and checked.

A row is about an affiliation string and names institutions of the registry; or it is about the id
of an organisation outside it (`x-<country>-…`) and names the one it is (of either kind), or itself:
then no rule joins it to another.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bibliometrics.attribution.foreign import is_spelling
from bibliometrics.attribution.institutions import Registry
from bibliometrics.attribution.place import country_code
from bibliometrics.errors import InputError
from bibliometrics.schema.cells import as_it_was

COLUMNS = ("affiliation", "country", "institution_ids", "decided_by", "decided_on", "reason")

_SIGNED = ("institution_ids", "decided_by", "decided_on", "reason")


@dataclass(frozen=True, slots=True)
class HumanDecision:
    """Who decided that a string means these institutions (none: outside the registry)."""

    affiliation: str
    country: str | None
    institution_ids: tuple[str, ...]
    decided_by: str
    decided_on: str
    reason: str


class DecisionBook:
    """Finds the decision about a string; one made for a country comes before one for any."""

    def __init__(self, decisions: Iterable[HumanDecision]) -> None:
        self._book = {(_key(d.affiliation), d.country): d for d in decisions}

    def find(self, affiliation: str, country: str | None) -> HumanDecision | None:
        """The decision about this string, or None."""
        if not self._book:
            return None
        key = _key(affiliation)
        return self._book.get((key, country)) or self._book.get((key, None))


def read_decisions(path: Path, registry: Registry) -> tuple[HumanDecision, ...]:
    """Read a decisions file (UTF-8 CSV, columns `COLUMNS`).

    Rows that nobody has filled or signed are passed over, so that a review form can be read as it
    is. Raises InputError naming every fault: missing columns, unknown ids or countries, a missing
    name or date, and two decisions that contradict each other.
    """
    try:
        with path.open("r", encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            "the decisions file cannot be read", where=path.name, hint="save it as UTF-8 CSV"
        ) from error
    if missing:
        raise InputError(
            f"columns are missing: {', '.join(missing)}",
            where=path.name,
            hint=f"the columns are {', '.join(COLUMNS)}",
        )
    faults: list[str] = []
    decisions: dict[tuple[str, str | None], HumanDecision] = {}
    for number, cells in enumerate(rows, start=2):
        row = {k: as_it_was((v or "").strip()) for k, v in cells.items() if k}
        if not any(row[column] for column in _SIGNED):
            continue  # a row of the review form that nobody has filled
        decision, wrong = _decision(row, registry)
        faults += [f"row {number}: {fault}" for fault in wrong]
        key = (_key(decision.affiliation), decision.country)
        earlier = decisions.setdefault(key, decision)
        if earlier.institution_ids != decision.institution_ids:
            faults.append(f"row {number}: contradicts an earlier decision about the same string")
    faults += _contradictions(decisions.values())
    if faults:
        raise InputError(
            "decisions cannot be used:\n" + "\n".join(f"  - {fault}" for fault in faults),
            where=path.name,
            hint="correct the rows named above",
        )
    return tuple(decisions.values())


def _contradictions(decisions: Iterable[HumanDecision]) -> list[str]:
    """Chains of names that end in two institutions, or in a name decided to stand apart."""
    of = {d.affiliation: d for d in decisions if is_spelling(d.affiliation)}
    faults = []
    for start in sorted(of):
        seen, current = [start], start
        while current in of and of[current].institution_ids:
            following = of[current].institution_ids[0]
            if following == current:
                break
            if following in seen:
                faults.append(f"{start}: the decisions run in a circle: {' -> '.join(seen)}")
                break
            seen.append(following)
            current = following
    return faults


def _decision(row: dict[str, str], registry: Registry) -> tuple[HumanDecision, list[str]]:
    ids = tuple(sorted({part.strip() for part in row["institution_ids"].split("|")} - {""}))
    country = country_code(row["country"]) if row["country"] else None
    is_name = is_spelling(row["affiliation"])
    faults = [
        f"{name!r} is no institution"
        for name in ids
        if name not in registry.institutions and not (is_name and is_spelling(name))
    ]
    if is_name and len(ids) > 1:
        faults.append("an organisation outside the registry can be one other, not several")
    faults += [
        f"{name!r} is of another country: a name is joined within its own"
        for name in ids
        if is_name and is_spelling(name) and name[:5] != row["affiliation"][:5]
    ]
    if not row["affiliation"]:
        faults.append("the affiliation is empty")
    if row["country"] and country is None:
        faults.append(f"{row['country']!r} is no country")
    if not row["decided_by"]:
        faults.append("decided_by is empty")
    try:
        datetime.date.fromisoformat(row["decided_on"])
    except ValueError:
        faults.append(f"decided_on {row['decided_on']!r} is no date (YYYY-MM-DD)")
    return (
        HumanDecision(
            row["affiliation"], country, ids, row["decided_by"], row["decided_on"], row["reason"]
        ),
        faults,
    )


def _key(affiliation: str) -> str:
    return " ".join(affiliation.split()).casefold()
