"""What every section of a study file is, and the sentences its options carry."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True)
class Says:
    """What an option decides, in the report's two languages."""

    en: str
    zh: str


class Section(BaseModel):
    """A section of a study file: unknown options are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)
