"""Who can be on the list, and the family of lists as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution.institutions import Registry
from bibliometrics.lists.constraints import authority_of, is_mainland, is_vocational
from bibliometrics.lists.given import Listed
from bibliometrics.lists.proposal import Candidate, Family, Problem, reading


def candidates_of(
    registry: Registry, papers: Mapping[str, int], rows: Sequence[Listed], least: int
) -> list[Candidate]:
    """Mainland universities with ``least`` papers or more, campuses and vocational ones left out.

    Whom a given list says to have no AI unit is left out too; whom it says to have one is not
    forced in, for the unit alone makes no AI university.
    """
    without = {r.institution.id for r in rows if r.institution and r.ai_unit == "no"}
    return [
        Candidate(
            institution_id=row.id,
            name_en=row.name_en or row.name_zh,
            province=row.province,
            authority=authority_of(row),
            criterion=float(papers.get(row.id, 0)),
        )
        for row in registry.institutions.values()
        if row.group == "university"
        and is_mainland(row)
        and not row.campus_of
        and not is_vocational(row)
        and row.id not in without
        and papers.get(row.id, 0) >= least
    ]


def proposal_table(
    problem: Problem, found: Family, registry: Registry, source: str
) -> pd.DataFrame:
    """``schema.PROPOSAL``."""
    rows = [
        {
            "institution_id": candidate.institution_id,
            "name_en": candidate.name_en,
            "name_zh": registry.institutions[candidate.institution_id].name_zh,
            "province": candidate.province,
            "authority": candidate.authority,
            "criterion": candidate.criterion,
            "status": found.forced[candidate.institution_id],
            "frequency": found.frequency[candidate.institution_id],
            "reading": reading(
                found.forced[candidate.institution_id], found.frequency[candidate.institution_id]
            ),
            "source": source,
        }
        for candidate in problem.candidates
    ]
    frame = pd.DataFrame(rows, columns=schema.PROPOSAL.column_names)
    return schema.conform(frame, schema.PROPOSAL)
