"""The envelope of a Scopus search page: total, rows, cursor; and what an error body says."""

from __future__ import annotations

import json
from typing import Any

import orjson

from bibliometrics.sources.paged import BrokenPageError, Reply

_EMPTY = "Result set was empty"


def read_page(body: bytes) -> Reply:
    """What a page says of itself.

    Raises
    ------
    BrokenPageError : not JSON, not a search result, without a total, or without its entries.
    """
    results, total = envelope(body)
    entries = results.get("entry")
    if entries is None and total > 0:
        raise BrokenPageError(f"the answer announces {total} records and has no entries")
    rows = entries if isinstance(entries, list) else [] if entries is None else [entries]
    full = [row for row in rows if not is_empty_row(row)]
    cursor = results.get("cursor")
    cursor = cursor if isinstance(cursor, dict) else {}
    simulated = [isinstance(row, dict) and row.get("simulated") is True for row in full]
    if len(set(simulated)) > 1:
        raise BrokenPageError("simulated and real records on one page")
    return Reply(
        body=body,
        total=total,
        ids=tuple(_id(row) for row in full),
        empty_rows=len(rows) - len(full) if total else 0,
        cursor=_text(cursor.get("@current")),
        next_cursor=_text(cursor.get("@next")),
        is_simulated=simulated[0] if simulated else None,
    )


def envelope(body: bytes) -> tuple[dict[str, Any], int]:
    """The search result of a page and its announced total; raises ``BrokenPageError``."""
    found = parsed(body)
    results = found.get("search-results")
    if not isinstance(results, dict):
        raise BrokenPageError("the answer is JSON, but not the result of a search")
    total = number(results.get("opensearch:totalResults"))
    if total is None or total < 0:
        raise BrokenPageError("the answer announces no total")
    return results, total


def parsed(body: bytes) -> dict[str, Any]:
    """A body as a JSON object; raises ``BrokenPageError``."""
    try:
        found = loads(body)
    except (ValueError, RecursionError):
        start = body[:40].decode("utf-8", "replace")
        raise BrokenPageError(
            f"the answer is not whole JSON ({len(body)} bytes, begins {start!r})"
        ) from None
    if not isinstance(found, dict):
        raise BrokenPageError("the answer is JSON, but not an object")
    return found


def loads(body: bytes) -> Any:  # noqa: ANN401
    """JSON as Python's own parser reads it, at the speed of orjson where that can.

    Raises
    ------
    ValueError, RecursionError : it is no JSON.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return json.loads(body)  # half a character pair, say: services do send them


def is_empty_row(row: object) -> bool:
    """Whether an entry only says that nothing was found."""
    return isinstance(row, dict) and "eid" not in row and row.get("error") == _EMPTY


def _id(row: object) -> str:
    if not isinstance(row, dict):
        return ""
    return _text(row.get("eid")) or _text(row.get("dc:identifier"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def number(value: object) -> int | None:
    """A whole number, also written as text; None: it is none."""
    try:
        return int(str(value).strip())
    except ValueError:
        return None


def reason_of(body: bytes) -> str:
    """What an error body says, if it is one of the known shapes; one line, not long."""
    try:
        found = json.loads(body)
        if "service-error" in found:
            status = found["service-error"]["status"]
            said = status.get("statusText") or status.get("statusCode")
        elif "error-response" in found:
            said = found["error-response"].get("error-message")
        else:
            said = found.get("message") or found.get("error-message")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ""
    return " ".join(said.split())[:300] if isinstance(said, str) else ""
