"""What attribution answers: a decision with its matches, its losers and its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Decision = Literal["matched", "ambiguous", "out_of_scope", "unmatched"]
Via = Literal["name", "hospital", "laboratory", "unit"]

# How the reason begins for an institution that is named, but yields to a part of it also named.
YIELDS_TO_PART = "named together with its part"


@dataclass(frozen=True, slots=True)
class Match:
    """An institution found; `text` is the words of the string that matched."""

    institution_id: str
    rule: str
    via: Via
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An institution that was considered and lost, with the reason."""

    institution_id: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """The answer for one string: most specific institutions, without any roll-up."""

    decision: Decision
    matches: tuple[Match, ...]
    rule: str
    evidence: str
    candidates: tuple[Candidate, ...]

    @property
    def institution_ids(self) -> tuple[str, ...]:
        """The distinct ids in order; empty unless the decision is "matched"."""
        if self.decision != "matched":
            return ()
        return tuple(sorted({match.institution_id for match in self.matches}))
