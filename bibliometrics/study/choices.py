"""The options of a study as a reader meets them: what was chosen, and what else could have been."""

from __future__ import annotations

from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from bibliometrics.edition import Choice
from bibliometrics.study.model import Study
from bibliometrics.study.section import Says


def allowed_values(annotation: object) -> tuple[str, ...]:
    """The values a ``Literal`` (alone, in a union or in a tuple) allows; empty: free."""
    if get_origin(annotation) is Literal:
        return tuple(str(value) for value in get_args(annotation))
    return tuple(v for part in get_args(annotation) for v in allowed_values(part))


def choices(study: Study) -> tuple[Choice, ...]:
    """Every documented option of ``study`` as chosen, with its alternatives and sentences."""
    found: list[Choice] = []
    for section_name in Study.model_fields:
        section = getattr(study, section_name)
        for option, info in type(section).model_fields.items():
            says = next((m for m in info.metadata if isinstance(m, Says)), None)
            if says is not None:
                found.append(_choice(section_name, option, getattr(section, option), info, says))
    return tuple(found)


def _choice(section: str, option: str, value: object, info: FieldInfo, says: Says) -> Choice:
    shown = ", ".join(str(v) for v in value) if isinstance(value, tuple) else str(value)
    return Choice(
        place=f"[{section}] {option}",
        value=shown,
        alternatives=tuple(v for v in allowed_values(info.annotation) if v != shown),
        says_en=says.en,
        says_zh=says.zh,
        is_default=value == info.default,
    )
