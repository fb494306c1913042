"""Identifiers beside or inside a string: ROR ids, Scopus affiliation ids, e-mail domains."""

from __future__ import annotations

import re

from bibliometrics.attribution.answer import Findings
from bibliometrics.attribution.institutions import Registry
from bibliometrics.attribution.model import Candidate, Match

_ROR_LINK = re.compile(r"ror\.org/(0[a-z0-9]{8})", re.IGNORECASE)
_MAIL = re.compile(r"@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_ROR_LENGTH = 9


class Identifiers:
    """Knows the ids of the registry; an id never wins over a name it disagrees with."""

    def __init__(self, registry: Registry) -> None:
        rows = [row for row in registry.institutions.values() if not row.same_as]
        self._afids = {afid: row.id for row in rows for afid in row.scopus_afids}
        self._domains = {domain: row.id for row in rows for domain in row.domains}
        self._rors = {row.ror_id: row.id for row in rows if row.ror_id}

    def hinted(self, affiliation: str) -> frozenset[str]:
        """The institutions whose domain an e-mail address has: a hint, never a ground alone."""
        if "@" not in affiliation:
            return frozenset()
        hosts = [host.lower().split(".") for host in _MAIL.findall(affiliation)]
        tails = {".".join(host[start:]) for host in hosts for start in range(len(host))}
        return frozenset(self._domains[tail] for tail in tails if tail in self._domains)

    def judge(self, affiliation: str, afid: str | None, found: Findings) -> None:
        """Add what the ids say, or write down that they disagree with the names found."""
        link = _ROR_LINK.search(affiliation) if "ror.org" in affiliation.lower() else None
        claims: list[tuple[str, str | None]] = []
        if link:
            claims.append(("ror-id", self._rors.get(link.group(1).lower())))
        for part in re.findall(r"[0-9a-z]+", (afid or "").lower()):
            # A ROR id begins with 0 and has nine letters and digits; no affiliation id does.
            if len(part) == _ROR_LENGTH and part.startswith("0"):
                claims.append(("ror-id", self._rors.get(part)))
            elif part.isdecimal():
                claims.append(("afid", self._afids.get(part)))
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
