"""Human decisions about single strings: a CSV file beside a study, read and checked."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bibliometrics.attribution.place import country_code
from bibliometrics.errors import InputError
from bibliometrics.institutions import Registry

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
        row = {k: (v or "").strip() for k, v in cells.items() if k}
        if not any(row[column] for column in _SIGNED):
            continue  # a row of the review form that nobody has filled
        decision, wrong = _decision(row, registry)
        faults += [f"row {number}: {fault}" for fault in wrong]
        key = (_key(decision.affiliation), decision.country)
        earlier = decisions.setdefault(key, decision)
        if earlier.institution_ids != decision.institution_ids:
            faults.append(f"row {number}: contradicts an earlier decision about the same string")
    if faults:
        raise InputError(
            "decisions cannot be used:\n" + "\n".join(f"  - {fault}" for fault in faults),
            where=path.name,
            hint="correct the rows named above",
        )
    return tuple(decisions.values())


def _decision(row: dict[str, str], registry: Registry) -> tuple[HumanDecision, list[str]]:
    ids = tuple(sorted({part.strip() for part in row["institution_ids"].split("|")} - {""}))
    country = country_code(row["country"]) if row["country"] else None
    faults = [f"{name!r} is no institution" for name in ids if name not in registry.institutions]
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
