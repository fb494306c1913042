"""One of the two editions that are compared, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from bibliometrics.attribution import HumanDecision
from bibliometrics.attribution.institutions import Registry
from bibliometrics.study.model import Study


@dataclass(frozen=True)
class Side:
    """``tables`` hold papers, authorships, affiliations, keyword_hits, excluded, credits (as
    ``schema``'s corpus tables) and ranking, attribution (as its edition tables)."""

    name: str
    study: Study
    registry: Registry
    registry_version: str
    decisions: tuple[HumanDecision, ...]
    software: str
    is_simulated: bool
    tables: Mapping[str, pd.DataFrame]
