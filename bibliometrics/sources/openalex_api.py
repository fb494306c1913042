"""The OpenAlex API as a ``PagedSource``: one request at a time, the page as received.

pyalex is not the road: it hands over parsed works and not the bytes of the page, keeps the key in a
configuration shared by the whole program, and follows redirects. The key travels as pyalex sends
it, in a header, so that no address can carry it into a log; it is never written.
"""

from __future__ import annotations

import time
import urllib.parse
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import orjson
import requests

from bibliometrics import __version__
from bibliometrics.sources.openalex_json import short_id
from bibliometrics.sources.openalex_query import ALLOWANCE, PAGE_SIZE, SEARCH_COST
from bibliometrics.sources.paged import (
    FIRST_CURSOR,
    BrokenPageError,
    Counted,
    CursorExpiredError,
    PassingError,
    Quota,
    QuotaSpentError,
    Reply,
    RequestRefusedError,
)

KEY, ADDRESS = "OPENALEX_API_KEY", "BIBLIOMETRICS_OPENALEX_URL"
_SERVICE = "https://api.openalex.org"
_WORKS = "/works"
_BLOCK = 1 << 16
_LARGEST_BODY = 64 << 20
_MASK = "[key removed]"
_GET_KEY = f"get a free key at openalex.org/settings/api, then: export {KEY}=…"


def openalex_source(environment: Mapping[str, str], *, deadline: float = 60.0) -> OpenAlexSource:
    """The source as the environment describes it; the key is optional, and a tenth without it.

    Raises
    ------
    RequestRefusedError : the key cannot be a header, or the address is none.
    """
    key = environment.get(KEY, "").strip()
    if not (key.isascii() and (not key or key.isprintable()) and " " not in key):
        raise RequestRefusedError(f"{KEY} is not a key (it was not sent)", hint=_GET_KEY)
    return OpenAlexSource(key, address=environment.get(ADDRESS, ""), deadline=deadline)


class OpenAlexSource:
    """Works of OpenAlex by cursor; see ``PagedSource`` for the methods.

    Queries are those of ``openalex_query``. ``Quota`` is in search pages, of which the service's
    dollars buy so many.

    Parameters
    ----------
    key : empty for none.
    address : base address without ``/works``; empty: the service's own.
    deadline : seconds for a whole answer.
    """

    name = "openalex"
    view = "works"
    page_size = PAGE_SIZE
    software = f"bibliometrics {__version__}, requests {version('requests')}"

    def __init__(self, key: str, *, address: str = "", deadline: float = 60.0) -> None:
        base = (address or _SERVICE).rstrip("/")
        parts = urllib.parse.urlsplit(base)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise RequestRefusedError(
                "is not a web address", where=ADDRESS, hint="for example http://127.0.0.1:8080"
            )
        is_near = parts.hostname in {"127.0.0.1", "::1", "localhost"}
        if parts.scheme == "http" and key and not is_near:
            raise RequestRefusedError(
                "would send the key unencrypted", where=ADDRESS, hint="use an https:// address"
            )
        self.per_second: float | None = None if is_near else 10.0
        self.allowance = ALLOWANCE["key" if key else "no key"]
        self._base = base
        self._secret = key
        self._deadline = deadline
        self._session = requests.Session()
        self._session.trust_env = not is_near
        self._session.headers["User-Agent"] = self.software
        if key:
            self._session.headers["Authorization"] = f"Bearer {key}"

    def count(self, query: str) -> Counted:
        """The announced total; costs as much as a page."""
        body, quota = self._fetch(query, {"per_page": "1", "select": "id"}, FIRST_CURSOR)
        return Counted(_total(_page(body)), quota)

    def page(self, query: str, cursor: str) -> Reply:
        """One page of ``query`` from ``cursor`` on ("*" is the first)."""
        asked = {"per_page": str(PAGE_SIZE), "cursor": cursor}
        body, quota = self._fetch(query, asked, cursor)
        return replace(self.read(body), quota=quota)

    def read(self, body: bytes) -> Reply:
        """What a page says of itself; raises ``BrokenPageError``."""
        page = _page(body)
        works = page["results"]
        simulated = {isinstance(work, dict) and work.get("simulated") is True for work in works}
        if len(simulated) > 1:
            raise BrokenPageError("simulated and real records on one page")
        return Reply(
            body=body,
            total=_total(page),
            ids=tuple(_id(work) for work in works),
            empty_rows=0,
            cursor="",
            next_cursor=str(page["meta"].get("next_cursor") or ""),
            is_simulated=simulated.pop() if simulated else None,
        )

    def scrub(self, text: str) -> str:
        """``text`` without the key, as it is or as in an address."""
        if self._secret:
            for form in (self._secret, urllib.parse.quote(self._secret, safe="")):
                text = text.replace(form, _MASK)
        return text

    def _fetch(self, query: str, more: dict[str, str], cursor: str) -> tuple[bytes, Quota]:
        address = f"{self._base}{_WORKS}?{query}&{urllib.parse.urlencode(more)}"
        try:
            response, body = self._get(address)
        except requests.exceptions.RequestException as error:
            # Its text holds the address, and may hold what the service sent back.
            raise PassingError(_silence(error)) from None
        quota = _quota(response.headers)
        if response.status_code != 200:
            reason = self.scrub(_reason(body))
            raise self._refusal(response, reason, cursor, quota) from None
        if self._secret:
            body = body.replace(self._secret.encode(), _MASK.encode())
        return body, quota

    def _get(self, address: str) -> tuple[requests.Response, bytes]:
        ends = time.monotonic() + self._deadline
        blocks, size = [], 0
        with self._session.get(
            address, timeout=self._deadline / 2, stream=True, allow_redirects=False
        ) as response:
            for block in response.iter_content(_BLOCK):
                blocks.append(block)
                size += len(block)
                if time.monotonic() > ends:
                    raise requests.exceptions.ReadTimeout
                if size > _LARGEST_BODY:
                    raise requests.exceptions.ContentDecodingError
        return response, b"".join(blocks)

    def _refusal(
        self, response: requests.Response, reason: str, cursor: str, quota: Quota
    ) -> Exception:
        status = response.status_code
        said = f"OpenAlex answered {status}" + (f": {reason}" if reason else "")
        wait = _number(response.headers.get("Retry-After"))
        if status == 429:
            if quota.remaining == 0:
                return QuotaSpentError(quota)
            return PassingError("OpenAlex answered 429: too many requests", retry_after=wait)
        if status >= 500 or status == 408:
            return PassingError(said, retry_after=wait)
        if status in {400, 404, 410} and cursor != FIRST_CURSOR:
            return CursorExpiredError(said)
        if status in {401, 403}:
            hint = f"check {KEY}" if self._secret else f"paging may need a key: {_GET_KEY}"
            return RequestRefusedError(said, hint=hint)
        if 300 <= status < 400:
            return RequestRefusedError(
                f"the service redirects elsewhere ({status}): not followed", hint=f"check {ADDRESS}"
            )
        return RequestRefusedError(
            said, hint="look at the query: bibliometrics plan STUDY --dry-run"
        )


def _page(body: bytes) -> dict[str, Any]:
    try:
        page = orjson.loads(body)
    except orjson.JSONDecodeError:
        start = body[:40].decode("utf-8", "replace")
        raise BrokenPageError(
            f"the answer is not whole JSON ({len(body)} bytes, begins {start!r})"
        ) from None
    if not isinstance(page, dict) or not isinstance(page.get("meta"), dict):
        raise BrokenPageError("the answer is JSON, but not the result of a search")
    if not isinstance(page.get("results"), list):
        raise BrokenPageError("the answer has no results")
    return page


def _total(page: Mapping[str, Any]) -> int:
    total = page["meta"].get("count")
    if not isinstance(total, int) or total < 0:
        raise BrokenPageError("the answer announces no total")
    return total


def _id(work: object) -> str:
    found = work.get("id") if isinstance(work, dict) else None
    return short_id(found) if isinstance(found, str) else ""


def _quota(headers: Mapping[str, str]) -> Quota:
    """Search pages the day's dollars buy; ``X-RateLimit-Reset`` counts seconds from now."""
    pages = [
        None if dollars is None else round(dollars * 1_000_000) // SEARCH_COST
        for dollars in (
            _number(headers.get("X-RateLimit-Limit-USD")),
            _number(headers.get("X-RateLimit-Remaining-USD")),
        )
    ]
    wait = _number(headers.get("X-RateLimit-Reset"))
    return Quota(pages[0], pages[1], None if wait is None else time.time() + wait)


def _number(text: str | None) -> float | None:
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if 0 <= found < float("inf") else None


def _reason(body: bytes) -> str:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    said = (found.get("message") or found.get("error")) if isinstance(found, dict) else ""
    return " ".join(said.split())[:300] if isinstance(said, str) else ""


def _silence(error: requests.exceptions.RequestException) -> str:
    if isinstance(error, requests.exceptions.Timeout):
        return "OpenAlex did not answer in time"
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return "the answer was too large or packed wrongly"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke within the answer"
    return "the connection to OpenAlex failed"
