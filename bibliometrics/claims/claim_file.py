"""Claims as data: those of the carried report, and those of any report in a file beside a study."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from importlib import resources

from bibliometrics.errors import InputError
from bibliometrics.study.model import Study

CARRIED = "cingai-2020"
REQUIRED = ("claim_id", "value", "computation")
COLUMNS = (
    "claim_id", "section", "subject", "measure", "unit", "value", "denominator", "as_of", "scope",
    "zh_quote", "en_quote", "note", "computation", "of",
)  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """One published figure, and the named computation that answers it (empty: there is none)."""

    claim_id: str
    section: str
    subject: str
    measure: str
    unit: str
    value: str
    denominator: str
    as_of: str
    scope: str
    zh_quote: str
    en_quote: str
    note: str
    computation: str
    of: str


@dataclass(frozen=True)
class ClaimSet:
    """The claims of one report, in their order; ``sha256`` is that of their file."""

    report: str
    sha256: str
    claims: tuple[Claim, ...]

    def published(self, claim_id: str) -> str:
        return next(claim.value for claim in self.claims if claim.claim_id == claim_id)


def facts_text(name: str) -> str:
    """A file of the carried facts."""
    return (resources.files("bibliometrics") / "data" / "facts" / name).read_text(encoding="utf-8")


def facts_rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(facts_text(name))))


def carried_claims() -> ClaimSet:
    """The claims of the 2020 report, with the computations this package names for them."""
    named = {row["claim_id"]: row for row in facts_rows("computations.csv")}
    rows = [
        {**row, **named.get(row["claim_id"], {"computation": "", "of": ""})}
        for row in facts_rows("claims.csv")
    ]
    digest = hashlib.sha256(
        (facts_text("claims.csv") + facts_text("computations.csv")).encode("utf-8")
    )
    return ClaimSet(CARRIED, digest.hexdigest(), tuple(_claim(row) for row in rows))


def carried_for(study: Study) -> ClaimSet | None:
    """The carried claims that ``study`` compares itself with, if any."""
    asked = study.claims.report
    wanted = study.name if asked == "by_study_name" else asked
    return carried_claims() if wanted == CARRIED else None


def read_claims(text: str, name: str, computations: frozenset[str]) -> ClaimSet:
    """The claims of a file beside a study.

    Parameters
    ----------
    text : CSV with a header; ``claim_id``, ``value`` and ``computation`` are needed, the other
        columns of ``COLUMNS`` may be absent, further ones are not read.
    name : of the file, for messages.
    computations : the names ``computation`` may hold; empty in a row: no corpus answers it.

    Raises
    ------
    InputError : listing every fault with its row.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    header = reader.fieldnames or []
    lacking = [column for column in REQUIRED if column not in header]
    if lacking:
        raise InputError(
            f"the claims file lacks the column{'s' if len(lacking) > 1 else ''} "
            + ", ".join(lacking),
            where=name,
            hint="docs/claims.md shows the form",
        )
    faults: list[str] = []
    claims: list[Claim] = []
    seen: set[str] = set()
    for number, row in enumerate(reader, 1):
        claim = _claim({key: (value or "").strip() for key, value in row.items() if key})
        if not claim.claim_id or claim.claim_id in seen:
            faults.append(f"row {number}: claim_id {claim.claim_id!r} is empty or stands twice")
        if not claim.value:
            faults.append(f"row {number}, value: {claim.claim_id!r} claims nothing")
        if claim.computation and claim.computation not in computations:
            faults.append(
                f"row {number}, computation: {claim.computation!r} is not known;"
                f" known: {', '.join(sorted(computations))}"
            )
        seen.add(claim.claim_id)
        claims.append(claim)
    if faults:
        raise InputError(
            f"{len(faults)} faults in the claims\n" + "\n".join(f"  {f}" for f in faults[:20]),
            where=name,
            hint="docs/claims.md shows the form",
        )
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return ClaimSet(name, digest, tuple(claims))


def _claim(row: dict[str, str]) -> Claim:
    return Claim(*(row.get(column) or "" for column in COLUMNS))
