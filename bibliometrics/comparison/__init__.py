"""Why a figure of one edition is not that of the edition before: every change, split by cause."""

from bibliometrics.comparison.causes import CAUSES, Cause
from bibliometrics.comparison.compare import Comparison, compare, unlike_stored
from bibliometrics.comparison.side import Side

__all__ = ["CAUSES", "Cause", "Comparison", "Side", "compare", "unlike_stored"]
