"""Where the institutions of a tally stand: group, mainland or not, inside a geography or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from bibliometrics.attribution.entities import Entity, scope_of
from bibliometrics.attribution.institutions import Registry
from bibliometrics.study.model import Study

APART = ("HK", "MO", "TW")


class Places:
    """Answers for ids of the registry under any geography, for others as the edition has them."""

    def __init__(self, study: Study, registry: Registry, known: Mapping[str, Entity]) -> None:
        self._study = study
        self._registry = registry
        self._known = known
        self._domestic = cache(self._is_domestic)
        self._together = study.institutions.groups == "together"

    def is_domestic(self, ids: Sequence[str], scope: str) -> npt.NDArray[Any]:
        return np.array([self._domestic(one, scope) for one in ids], dtype=bool)

    def is_mainland(self, ids: Sequence[str]) -> npt.NDArray[Any]:
        rows = self._registry.institutions
        return np.array(
            [one not in rows or rows[one].province not in APART for one in ids], dtype=bool
        )

    def groups(self, ids: Sequence[str]) -> npt.NDArray[Any]:
        """universities or institutes; institutions where the study ranks them together."""
        rows = self._registry.institutions
        return np.array(
            [
                "institutions"
                if self._together or one not in rows
                else "universities"
                if rows[one].group == "university"
                else "institutes"
                for one in ids
            ],
            dtype=object,
        )

    def _is_domestic(self, institution_id: str, scope: str) -> bool:
        row = self._registry.institutions.get(institution_id)
        if row is None:
            return self._known[institution_id].scope == "domestic"
        geography = self._study.geography.model_copy(update={"scope": scope})
        variant = self._study.model_copy(update={"geography": geography})
        return scope_of(row, variant) == "domestic"
