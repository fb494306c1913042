"""Identifiers beside or inside a string: ROR ids and Scopus affiliation ids."""

from __future__ import annotations

import re

from bibliometrics.attribution.answer import Findings
from bibliometrics.attribution.model import Candidate, Match
from bibliometrics.institutions import Registry

_ROR_LINK = re.compile(r"ror\.org/(0[a-z0-9]{8})", re.IGNORECASE)


class Identifiers:
    """Knows the ids of the registry; an id never wins over a name it disagrees with."""

    def __init__(self, registry: Registry) -> None:
        rows = [row for row in registry.institutions.values() if not row.same_as]
        self._afids = {afid: row.id for row in rows for afid in row.scopus_afids}
        self._rors = {row.ror_id: row.id for row in rows if row.ror_id}

    def judge(self, affiliation: str, afid: str | None, found: Findings) -> None:
        """Add what the ids say, or write down that they disagree with the names found."""
        link = _ROR_LINK.search(affiliation) if "ror.org" in affiliation.lower() else None
        claims: list[tuple[str, str | None]] = []
        if link:
            claims.append(("ror-id", self._rors.get(link.group(1).lower())))
        if afid:
            claims += [("afid", self._afids.get(part)) for part in re.findall(r"\d+", afid)]
        for rule, institution_id in claims:
            named = {match.institution_id for match in found.matches}
            if institution_id is None or institution_id in named:
                continue
            if named:
                found.losers.append(
                    Candidate(institution_id, f"its {rule} disagrees with the name in the string")
                )
            else:
                found.matches.append(Match(institution_id, rule, "name", rule))
