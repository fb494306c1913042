"""The Scopus Search API, through pybliometrics alone.

The client's own ``get_content`` sends each request. It runs here with surroundings of ours: a
configuration that lies in memory, a key handed over from the environment, one open connection, no
silent retry, a deadline for each answer. Nothing is written by it, and the key leaves this module
only as a request header.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import hashlib
import importlib
import json
import time
import urllib.parse
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from configparser import ConfigParser
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType
from typing import Any, Final, Literal

import requests

from bibliometrics import __version__
from bibliometrics.errors import BibliometricsError
from bibliometrics.sources.paged import (
    FIRST_CURSOR,
    Counted,
    CursorExpiredError,
    PassingError,
    Quota,
    QuotaSpentError,
    Reply,
    RequestRefusedError,
    ViewDeniedError,
)
from bibliometrics.sources.scopus_page import envelope, number, parsed, read_page, reason_of

View = Literal["COMPLETE", "STANDARD"]
PAGE_SIZE: Final[dict[View, int]] = {"COMPLETE": 25, "STANDARD": 200}
LOST_IN_STANDARD = (
    "the STANDARD view has no abstracts, author keywords, author ids and affiliation ids, and"
    " ties affiliations to papers only: no fractional counts, and keywords are searched in titles"
)
KEY, TOKEN, ADDRESS = "SCOPUS_API_KEY", "SCOPUS_INSTTOKEN", "BIBLIOMETRICS_SCOPUS_URL"
_SERVICE = "https://api.elsevier.com"
_SEARCH = "/content/search/scopus"
_PROFILE = "/content/affiliation/affiliation_id/"
_LARGEST_BODY = 64 << 20
_BLOCK = 1 << 16
_SURROUNDINGS = ("get_session", "get_config", "get_keys", "get_insttokens", "_throttling_params")
_MASK = "[key removed]"


@dataclass(frozen=True)
class Credentials:
    """What opens the service; never printed."""

    key: str = field(repr=False)
    token: str = field(default="", repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(secret for secret in (self.key, self.token) if secret)


def credentials(environment: Mapping[str, str]) -> Credentials:
    """The key, from the environment alone.

    Raises
    ------
    RequestRefusedError : there is none, or it cannot be a header.
    """
    key, token = environment.get(KEY, "").strip(), environment.get(TOKEN, "").strip()
    hint = f"get one at dev.elsevier.com, then: export {KEY}=…"
    if not key:
        raise RequestRefusedError(f"there is no Scopus key: {KEY} is not set", hint=hint)
    if not all(part.isascii() and part.isprintable() and " " not in part for part in (key, token)):
        raise RequestRefusedError(f"{KEY} or {TOKEN} is not a key (it was not sent)", hint=hint)
    return Credentials(key, token)


class ScopusSource:
    """The Search API as a ``PagedSource``; see there for the methods.

    Parameters
    ----------
    address : base address, without ``/content/…``; empty: the service's own.
    deadline : seconds for a whole answer; the connection itself may be silent half as long.
    """

    name = "scopus"

    def __init__(
        self,
        allowed: Credentials,
        *,
        address: str = "",
        view: View = "COMPLETE",
        deadline: float = 60.0,
    ) -> None:
        base = (address or _SERVICE).rstrip("/")
        parts = urllib.parse.urlsplit(base)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise RequestRefusedError(
                "is not a web address", where=ADDRESS, hint="for example http://127.0.0.1:8080"
            )
        is_near = parts.hostname in {"127.0.0.1", "::1", "localhost"}
        if parts.scheme == "http" and not is_near:
            raise RequestRefusedError(
                "would send the key unencrypted", where=ADDRESS, hint="use an https:// address"
            )
        self.view: View = view
        self._base = base
        self._secrets = allowed.secrets
        self._session = _Session(deadline)
        self._views_seen: set[str] = set()
        self._session.inner.trust_env = not is_near
        # What answers on this machine allows any number of requests a second.
        client = _client(allowed, self._session, "untimed" if is_near else "timed")
        self._get, self.per_second, self.software = client

    @property
    def page_size(self) -> int:
        return PAGE_SIZE[self.view]

    def count(self, query: str) -> Counted:
        """The announced total, by one request of one row in the view that everybody may see."""
        body = self._fetch(_SEARCH, {"query": query, "view": "STANDARD", "count": 1, "start": 0})
        return Counted(envelope(body)[1], self._session.quota)

    def page(self, query: str, cursor: str) -> Reply:
        """One page of ``query`` from ``cursor`` on."""
        asked = {"query": query, "view": self.view, "count": self.page_size, "cursor": cursor}
        reply = self.read(self._fetch(_SEARCH, asked))
        return Reply(
            reply.body, reply.total, reply.ids, reply.empty_rows, reply.cursor, reply.next_cursor,
            reply.is_simulated, self._session.quota,
        )  # fmt: skip

    def profile(self, afid: str) -> bytes:
        """The profile of an affiliation id, as received (JSON)."""
        if not afid.isdecimal():
            raise RequestRefusedError(f"not an affiliation id: {afid[:20]!r}")
        body = self._fetch(_PROFILE + afid, {"view": "STANDARD"}, api="AffiliationRetrieval")
        parsed(body)
        return body

    def read(self, body: bytes) -> Reply:
        return read_page(body)

    def _fetch(self, path: str, params: dict[str, Any], api: str = "ScopusSearch") -> bytes:
        self._session.forget()
        fault: Exception | None = None
        try:
            self._get(self._base + path, api, dict(params))
        except BibliometricsError:
            raise
        except Exception as error:
            # The client raises some dozen types, also by mishap while it explains a fault: what
            # happened is told by the answer itself. Its text may hold the key, so it ends here.
            fault = error
        seen = self._session
        if seen.status is None or seen.body is None:
            raise PassingError(_silence(fault)) from None
        if seen.status != 200:
            view = params["view"] if params["view"] not in self._views_seen else None
            is_first = params.get("cursor", FIRST_CURSOR) == FIRST_CURSOR
            said = self.scrub(reason_of(seen.body))
            raise _refusal(seen, said, "first" if is_first else "later", view) from None
        self._views_seen.add(params["view"])
        return self._without_secrets(seen.body)

    def scrub(self, text: str) -> str:
        """``text`` without the key and the token, as they are or as in an address."""
        for secret in self._secrets:
            for form in (secret, urllib.parse.quote(secret, safe="")):
                text = text.replace(form, _MASK)
        return text

    def _without_secrets(self, body: bytes) -> bytes:
        for secret in self._secrets:
            for form in (secret, urllib.parse.quote(secret, safe=""), json.dumps(secret)[1:-1]):
                body = body.replace(form.encode(), _MASK.encode())
        return body


class _Session:
    """One connection, kept open, as the client asks for it: ``get`` alone.

    Remembers of the last answer what may be remembered, and no header but the numbers wanted.
    """

    def __init__(self, deadline: float) -> None:
        self.inner = requests.Session()
        self._deadline = deadline
        self.forget()

    def forget(self) -> None:
        self.status: int | None = None
        self.body: bytes | None = None
        self.quota = Quota()
        self.retry_after: float | None = None
        self.is_spent = False

    def get(self, url: str, **asked: Any) -> requests.Response:  # noqa: ANN401
        """As the client asks, but: no redirect (the key would travel), and a bound in time."""
        self.forget()
        ends = time.monotonic() + self._deadline
        asked |= {"timeout": self._deadline / 2, "stream": True, "allow_redirects": False}
        response = self.inner.get(url, **asked)
        try:
            body = self._whole(response, ends)
        except BaseException:
            response.close()
            raise
        response._content = body  # what ``response.content`` would have kept
        headers = response.headers
        self.quota = Quota(
            number(headers.get("X-RateLimit-Limit")),
            number(headers.get("X-RateLimit-Remaining")),
            moment(headers.get("X-RateLimit-Reset")),
        )
        self.retry_after = _seconds(headers.get("Retry-After"))
        self.is_spent = "QUOTA" in headers.get("X-ELS-Status", "").upper()
        self.status, self.body = response.status_code, body
        return response

    def _whole(self, response: requests.Response, ends: float) -> bytes:
        blocks, size = [], 0
        # What has arrived, however little: waiting for whole blocks would be waiting without bound.
        while block := response.raw.read1(_BLOCK, decode_content=True):
            blocks.append(block)
            size += len(block)
            if time.monotonic() > ends:
                raise requests.exceptions.ReadTimeout(f"no whole answer in {self._deadline:g} s")
            if size > _LARGEST_BODY:
                raise requests.exceptions.ContentDecodingError("an answer of more than 64 MB")
        return b"".join(blocks)


def _client(
    allowed: Credentials, session: _Session, pace: Literal["timed", "untimed"]
) -> tuple[Callable[..., object], float | None, str]:
    """The client's ``get_content`` in our surroundings, its requests a second, its version.

    Its own set-up wants a file for the key; its session retries in silence, sleeps as long as a
    server says, and opens a connection for each request.
    """
    import pybliometrics  # noqa: PLC0415  (0.2 s: not for --help)

    module = importlib.import_module("pybliometrics.utils.get_content")
    original = module.get_content
    if not set(_SURROUNDINGS) <= set(original.__code__.co_names):
        raise RequestRefusedError(
            f"pybliometrics {pybliometrics.__version__} is built otherwise than expected",
            hint="install the version named in requirements.txt",
        )
    config = ConfigParser()
    config.read_dict({"Requests": {"Timeout": "20", "Retries": "0"}})
    limits: dict[str, int] = {api: times.maxlen for api, times in module._throttling_params.items()}
    surroundings = dict(vars(module)) | {
        "get_session": lambda: session,
        "get_config": lambda: config,
        "get_keys": lambda: [allowed.key],
        "get_insttokens": lambda: [allowed.token] if allowed.token else [],
        "_throttling_params": {
            api: deque[float](maxlen=limit) if pace == "timed" else _Untimed()
            for api, limit in limits.items()
        },
    }
    get = FunctionType(original.__code__, surroundings, original.__name__, original.__defaults__)
    per_second = float(limits["ScopusSearch"]) if pace == "timed" else None
    return (
        get,
        per_second,
        f"bibliometrics {__version__}, pybliometrics {pybliometrics.__version__}",
    )


class _Untimed(deque[float]):
    """Keeps no times, so that the client never waits between requests."""

    def append(self, _: float) -> None:
        return


def _refusal(
    seen: _Session, reason: str, page: Literal["first", "later"], untried_view: str | None
) -> Exception:
    """What an answer other than 200 means. ``untried_view``: the view, if it never worked yet."""
    status = seen.status or 0
    said = f"Scopus answered {status}" + (f": {reason}" if reason else "")
    if status == 429:
        if seen.is_spent or seen.quota.remaining == 0:
            return QuotaSpentError(seen.quota)
        return PassingError("Scopus answered 429: too many requests", retry_after=seen.retry_after)
    if status >= 500 or status == 408:
        return PassingError(said, retry_after=seen.retry_after)
    if status in {400, 404, 410} and page == "later":
        return CursorExpiredError(said)
    if status in {401, 403}:
        check = f"check {KEY}, and ask from the university's network or set {TOKEN}"
        if untried_view == "COMPLETE":
            return ViewDeniedError(
                said,
                hint="the COMPLETE view needs a subscription, the STANDARD view only a key:"
                f' {check}; or write [source] fallback_view = "STANDARD", but {LOST_IN_STANDARD}',
            )
        return RequestRefusedError(said, hint=check)
    if status in {413, 414}:
        return RequestRefusedError(said, hint="the query is too long: fewer keywords in the study")
    if 300 <= status < 400:
        return RequestRefusedError(
            f"the service redirects elsewhere ({status}): not followed, the key would travel along",
            hint=f"check {ADDRESS}",
        )
    return RequestRefusedError(said, hint="look at the query: bibliometrics plan STUDY --dry-run")


def _silence(fault: Exception | None) -> str:
    """Why no answer came, without the exception's own text."""
    name = type(fault).__name__
    if "Timeout" in name:
        return "Scopus did not answer in time"
    if "Decod" in name:
        return "the answer was too large or packed wrongly"
    if name in {"ProtocolError", "IncompleteRead", "ChunkedEncodingError"}:
        return "the connection broke within the answer"
    return "the connection to Scopus failed"


def moment(value: str | None) -> float | None:
    """A time as services write it (seconds or milliseconds since 1970, ISO or HTTP date)."""
    if not value:
        return None
    text = value.strip()
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        return number / 1000 if number > 1e11 else number
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        try:
            found = email.utils.parsedate_to_datetime(text)
        except ValueError:
            return None
    return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).timestamp()


def _seconds(value: str | None) -> float | None:
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    at = moment(value)
    return None if at is None else max(0.0, at - time.time())


def write_client_file(folder: Path, query: str, view: View, entries: Iterable[object]) -> Path:
    """Entries where ``ScopusSearch(query, view=view)`` looks for them: one a line.

    ``folder`` is the ``ScopusSearch`` directory of the client's configuration. The client names the
    file by the query alone; it holds no key.
    """
    lines = [json.dumps(entry, separators=(",", ":")) for entry in entries]
    path = folder / view / hashlib.md5(query.encode(), usedforsecurity=False).hexdigest()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    partial.replace(path)
    return path
