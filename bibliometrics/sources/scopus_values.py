"""Values of the Scopus APIs in any of the shapes they come in: lists, ids, text."""

from __future__ import annotations

import html
import re
from typing import Any

_AFID = re.compile(r"\d+")
_ESCAPED_AT_MOST = 3


def listed(value: object) -> list[Any]:
    """What may be a list, one object, or nothing, as a list."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def afids(value: object) -> list[str]:
    """Ids in any of the shapes they come in: text, number, ``{"$": …}``, or a list of these."""
    if type(value) is str and value.isdecimal():
        return [value]
    if type(value) is list and len(value) == 1:
        value = value[0]
    if type(value) is dict and type(only := value.get("$")) is str and only.isdecimal():
        return [only]
    found: list[str] = []
    for item in listed(value):
        inner = item.get("$", item.get("@id")) if isinstance(item, dict) else item
        if isinstance(inner, str):
            if inner.isdecimal():
                found.append(inner)
            else:
                found.extend(_AFID.findall(inner))
        elif isinstance(inner, int) and not isinstance(inner, bool):
            found.append(str(inner))
    return found


def line(value: object) -> str:
    """Text with its white space evened."""
    found = text(value)
    # Only a space is white space and printable.
    return found if found.isprintable() and "  " not in found else " ".join(found.split())


def text(value: object) -> str:
    """Text in any of the shapes it comes in, entities resolved; "" for null."""
    if type(value) is str and "&" not in value and value.isascii():  # nearly always
        return value.strip()
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("$")
    if value is None or isinstance(value, bool | list | dict):
        return ""
    text = str(value)
    for _ in range(_ESCAPED_AT_MOST):
        if "&" not in text:
            break
        text = html.unescape(text)
    return whole_signs(text.strip())


def whole_signs(text: str) -> str:
    """``text`` without halves of a character pair, which JSON can carry and UTF-8 cannot."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
