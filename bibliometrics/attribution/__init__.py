"""Attribution: which institutions an affiliation string names, by which rule, and why."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bibliometrics.attribution.answer import RULES
    from bibliometrics.attribution.decisions import HumanDecision, read_decisions
    from bibliometrics.attribution.matching import Matcher
    from bibliometrics.attribution.model import Attribution, Candidate, Decision, Match, Via

__all__ = [
    "RULES",
    "Attribution",
    "Candidate",
    "Decision",
    "HumanDecision",
    "Match",
    "Matcher",
    "Via",
    "read_decisions",
]

_FROM = {
    "RULES": "answer", "HumanDecision": "decisions", "read_decisions": "decisions",
    "Matcher": "matching",
}  # fmt: skip


def __getattr__(name: str) -> object:
    """Loaded when asked for: whoever reads wants the countries of addresses, and no matcher."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FROM.get(name, 'model')}"), name)
