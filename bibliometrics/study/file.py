"""Reading a study file: every fault in one message, each with its place and the allowed values."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bibliometrics.errors import StudyError
from bibliometrics.study.choices import allowed_values
from bibliometrics.study.model import Study

_PLAIN = {
    "date_from_datetime_inexact": "must be a day, e.g. 2019-12-31, without a time",
    "date_from_datetime_parsing": "must be a day, e.g. 2019-12-31",
    "date_type": "must be a day, e.g. 2019-12-31",
    "tuple_type": 'must be a list, e.g. ["robot", "machine learning"]',
    "too_short": "must name one at least",
    "string_type": "must be text in quotes",
    "string_too_short": "is empty",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
}
_HINT = "compare with queries/cingai-2020.toml, where every option stands with its values"


def find_study(name: str, queries: Path) -> Path:
    """The path of STUDY, given as a path or as the name of a file in ``queries``.

    Raises
    ------
    StudyError : neither exists.
    """
    for candidate in (Path(name), queries / name, queries / f"{name}.toml"):
        if candidate.is_file():
            return candidate
    known = sorted(path.stem for path in queries.glob("*.toml")) if queries.is_dir() else []
    raise StudyError(
        f"there is no study {name!r}",
        hint=f"give a path, or one of the studies in queries/: {', '.join(known) or 'none there'}",
    )


def load_study(path: Path) -> Study:
    """The study in the TOML file at ``path``.

    Raises
    ------
    StudyError : the file is not TOML, or options are wrong; all faults are listed.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        raw = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise StudyError(
            f"not UTF-8 at byte {error.start}", where=path.name, hint="save the file as UTF-8"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"not valid TOML: {error}", where=path.name, hint=_HINT) from error
    except OSError as error:
        raise StudyError(f"cannot be read: {error.strerror}", where=path.name) from error
    try:
        return Study.model_validate(raw)
    except ValidationError as error:
        faults = list(dict.fromkeys(_fault(details, text) for details in error.errors()))
        listed = "\n".join(f"  {number}. {fault}" for number, fault in enumerate(faults, 1))
        what = f"{len(faults)} fault{'s' if len(faults) > 1 else ''} in the study\n{listed}"
        raise StudyError(what, where=path.name, hint=_HINT) from error


def _fault(details: ErrorDetails, text: str) -> str:
    location = tuple(details["loc"])
    section = str(location[0]) if location else ""
    option = str(location[1]) if len(location) > 1 else ""
    item = next((part for part in location[2:] if isinstance(part, int)), None)
    place = f"[{section}]" if section else "study"
    if option:
        place += f" {option}"
    if item is not None:
        place += f", item {item + 1}"
    line = _line(text, section, option)
    if line:
        place += f" (line {line})"
    return f"{place}: {_message(details, section, option)}"


def _message(details: ErrorDetails, section: str, option: str) -> str:
    kind = details["type"]
    if kind == "missing":
        return "is missing and has no default" if option else "section is missing"
    if kind == "extra_forbidden":
        known = _options(section) if option else list(Study.model_fields)
        near = difflib.get_close_matches(option or section, known, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        return f"unknown; {meant}known here: {', '.join(known)}"
    allowed = _allowed(section, option)
    given = details.get("input")
    if allowed and kind not in {"value_error", "too_short"}:
        shown = given if isinstance(given, str | int | float | bool) else type(given).__name__
        free = "" if kind == "literal_error" else f" ({details['msg'].lower()})"
        return f"{shown!r} is not allowed{free}; allowed: {', '.join(allowed)}"
    message = _PLAIN.get(kind) or str(details["msg"]).removeprefix("Value error, ")
    if isinstance(given, str | int | float | bool):
        return f"{given!r}: {message}"
    return message


def _options(section: str) -> list[str]:
    info = Study.model_fields.get(section)
    model = info.annotation if info else None
    return list(getattr(model, "model_fields", {}))


def _allowed(section: str, option: str) -> tuple[str, ...]:
    info = Study.model_fields.get(section)
    fields = getattr(info.annotation, "model_fields", {}) if info else {}
    return allowed_values(fields[option].annotation) if option in fields else ()


def _line(text: str, section: str, option: str) -> int | None:
    """Line of the option, or of its section: where the eye should go."""
    inside, section_line = False, None
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[\s*([\w-]+)\s*\]", line)
        if header:
            inside = header.group(1) == section
            section_line = number if inside else section_line
        elif inside and option and re.match(rf"\s*{re.escape(option)}\s*=", line):
            return number
    return section_line
