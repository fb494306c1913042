"""What is known of each name of a list, and of each candidate: the evidence beside a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution.institutions import Institution
from bibliometrics.claims.claim_file import facts_rows
from bibliometrics.claims.computations import Member
from bibliometrics.lists.constraints import (
    Constraint,
    Outcome,
    authority_of,
    is_mainland,
    is_vocational,
)
from bibliometrics.lists.given import Listed


@cache
def _majors() -> dict[str, tuple[str, str]]:
    """Round and confidence of the known AI majors, by Chinese name. Partly recalled, never hard."""
    return {
        row["name_zh"]: (row["round"], row["confidence"])
        for row in facts_rows("known_ai_majors.csv")
    }


def evidence_table(
    rows: Sequence[Listed], ranking: pd.DataFrame | None, source: str
) -> pd.DataFrame:
    """``schema.LIST_EVIDENCE``. ``ranking`` is that of an edition; ``None``: there is none."""
    known: dict[str, pd.Series[Any]] = {}
    if ranking is not None:
        known = {str(row["institution_id"]): row for _, row in ranking.iterrows()}
    told = [_row(row, known, has_edition=ranking is not None) for row in rows]
    frame = pd.DataFrame(told, columns=schema.LIST_EVIDENCE.column_names).assign(source=source)
    return schema.conform(frame, schema.LIST_EVIDENCE)


def _row(
    row: Listed, known: Mapping[str, pd.Series[Any]], *, has_edition: bool
) -> dict[str, object]:
    told: dict[str, object] = {
        "row": row.row,
        "name": row.name,
        "match": row.standing,
        "candidates": "|".join(row.candidates),
        "ai_unit": row.ai_unit or "unobserved",
    }
    if row.institution is None:
        return told | {"flags": row.standing}
    own = row.institution
    counted = known.get(own.id)
    papers: int | None = None
    if has_edition:
        papers = 0 if counted is None else int(counted["papers"])
    round_, confidence = _majors().get(own.name_zh, ("unknown", ""))
    return told | {
        "institution_id": own.id,
        "name_en": own.name_en,
        "name_zh": own.name_zh,
        "papers": papers,
        "rank": None if counted is None else counted["rank"],
        "stability": _stability(counted),
        "province": own.province,
        "authority": authority_of(own),
        "ai_major": round_,
        "ai_major_confidence": confidence,
        "flags": "; ".join(_flags(row, own, papers)),
    }


def _stability(counted: pd.Series[Any] | None) -> str:
    if counted is None or pd.isna(counted["rank_low"]):
        return ""
    return f"ranks {int(counted['rank_low'])} to {int(counted['rank_high'])}"


def _flags(row: Listed, own: Institution, papers: int | None) -> list[str]:
    flags = []
    if not is_mainland(own):
        flags.append("not mainland")
    if own.group != "university":
        flags.append("not a university")
    elif is_vocational(own):
        flags.append("vocational")
    if own.campus_of:
        flags.append(f"campus of {own.campus_of}")
    if own.authority_class == "military":
        flags.append("military: under no ministry of the four classes")
    if row.standing == "repeated":
        flags.append("repeated")
    if papers == 0:
        flags.append("no papers here")
    return flags


def verdict_table(judged: Sequence[tuple[Constraint, Outcome]]) -> pd.DataFrame:
    """``schema.LIST_VERDICTS``."""
    rows = [
        {
            "constraint_id": constraint.constraint_id,
            "basis": constraint.basis,
            "key": constraint.key,
            "operator": constraint.operator,
            "published": constraint.value,
            "computed": outcome.computed,
            "verdict": outcome.verdict,
            "note": outcome.note,
        }
        for constraint, outcome in judged
    ]
    frame = pd.DataFrame(rows, columns=schema.LIST_VERDICTS.column_names)
    return schema.conform(frame, schema.LIST_VERDICTS)


def members_of(rows: Sequence[Listed]) -> tuple[Member, ...]:
    """The sure members, as the claims on lists read them."""
    return tuple(
        Member(
            row.institution.id, row.institution.province, authority_of(row.institution), row.round
        )
        for row in rows
        if row.institution is not None and row.standing == "matched"
    )
