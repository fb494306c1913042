"""Attribution: which institutions an affiliation string names, by which rule, and why."""

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
