"""The answer for one string in words, for a reader who has never seen the code."""

from __future__ import annotations

from bibliometrics.attribution.model import Attribution
from bibliometrics.attribution.rollup import Counted
from bibliometrics.attribution.text import normalise
from bibliometrics.institutions import Registry

_DECISIONS = {
    "matched": "attributed",
    "ambiguous": "ambiguous: several readings, none better supported",
    "out_of_scope": "known to lie outside the registry",
    "unmatched": "no institution of the registry was found",
}
_MOST_CANDIDATES = 20


def explain(
    attribution: Attribution,
    registry: Registry,
    counted: Counted | None = None,
    *,
    affiliation: str = "",
) -> str:
    """What was decided, by which rule, which candidates lost and why; several lines of text."""
    lines = []
    if affiliation:
        lines += [f"string      {affiliation}", f"compared as {normalise(affiliation)}"]
    lines += [
        f"decision    {attribution.decision} ({_DECISIONS[attribution.decision]})",
        f"rule        {attribution.rule}",
        f"evidence    {attribution.evidence}",
    ]
    for match in attribution.matches:
        row = registry.institutions[match.institution_id]
        label = " / ".join(name for name in (row.name_en, row.name_zh) if name)
        via = "" if match.via == "name" else f", through a {match.via}"
        lines.append(f"  + {row.id}: {label} ({match.rule}{via}; words: {match.text})")
    if counted is not None:
        lines.append(f"counts for  {', '.join(counted.ids) or 'nobody'}")
        lines += [f"  - {name} does not count: {why}" for name, why in counted.dropped]
    if attribution.candidates:
        lines.append("lost")
        for candidate in attribution.candidates[:_MOST_CANDIDATES]:
            lines.append(f"  - {candidate.institution_id}: {candidate.why_not}")
        more = len(attribution.candidates) - _MOST_CANDIDATES
        if more > 0:
            lines.append(f"  - and {more} more")
    return "\n".join(lines)
