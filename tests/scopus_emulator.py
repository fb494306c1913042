"""A Scopus Search API on loopback: cursor paging, counts, quota headers, and faults by script.

    with ScopusEmulator(papers(100)) as service:
        service.script(Fault("server_error", times=3))
        ... ScopusSource(Credentials("k"), address=service.address) ...

Records are invented. A ``Fault`` strikes the requests that fit it (``page``: number of the page
asked for, from 1; ``None``: any request, counts too), as many ``times`` as it says.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

Entry = dict[str, Any]
FOREVER = 1_000_000


@dataclass
class Fault:
    """One kind of trouble. ``value`` is seconds, a status, or a number of rows, as ``kind`` needs."""

    kind: str
    page: int | None = None
    times: int = 1
    value: float = 0.0
    query: str = ""

    def fits(self, page: int | None, query: str) -> bool:
        return self.times > 0 and self.page in {None, page} and self.query in query


@dataclass
class Asked:
    """One request as the emulator saw it."""

    path: str
    query: str
    view: str
    count: int
    cursor: str
    page: int | None
    key: str
    raw: str


def paper(number: int, *, year: int = 2019, loaded: str = "", **fields: Any) -> Entry:
    """One invented entry, COMPLETE view; ``loaded`` (YYYYMMDD) is known to the service alone."""
    return {
        "@_fa": "true",
        "eid": f"2-s2.0-{900_000_000 + number}",
        "dc:identifier": f"SCOPUS_ID:{900_000_000 + number}",
        "dc:title": f"Invented machine learning {number}",
        "dc:creator": "Li W.",
        "prism:publicationName": "Invented Journal",
        "prism:coverDate": f"{year}-06-01",
        "prism:doi": f"10.5555/invented.{number}",
        "citedby-count": "0",
        "openaccess": "0",
        "prism:aggregationType": "Journal",
        "subtype": "ar",
        "subtypeDescription": "Article",
        "author-count": {"@limit": "100", "$": "1"},
        "author": [
            {"@seq": "1", "authid": f"7{number}", "authname": "Li W.", "afid": [{"$": "60025278"}]}
        ],
        "affiliation": [
            {
                "afid": "60025278",
                "affilname": "Tsinghua University",
                "affiliation-city": "Beijing",
                "affiliation-country": "China",
            }
        ],
        "_loaded": loaded or f"{year}0701",
    } | fields


def papers(number: int, **fields: Any) -> list[Entry]:
    return [paper(place, **fields) for place in range(1, number + 1)]


_CONDITION = re.compile(r"(PUBYEAR|ORIG-LOAD-DATE) ([<>=]) (\d+)")
_AFID = re.compile(r"AF-ID\((\d+)\)")
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "=": lambda a, b: a == b,
}


def _matches(entry: Entry, query: str) -> bool:
    values = {
        "PUBYEAR": int(str(entry.get("prism:coverDate") or "0")[:4]),
        "ORIG-LOAD-DATE": int(entry.get("_loaded", 0)),
    }
    for name, sign, bound in _CONDITION.findall(query):
        if not _COMPARE[sign](values[name], int(bound)):
            return False
    wanted = set(_AFID.findall(query))
    if wanted:
        own = entry.get("affiliation") or []
        return bool(wanted & {item.get("afid") for item in own})
    return True


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Clients are killed here on purpose: a broken connection is no news."""


@dataclass
class ScopusEmulator:
    """The service; ``requests`` is what it saw. ``allowed_views`` are those the key may see."""

    entries: Sequence[Entry]
    quota: int = 20_000
    resets_at: int = 1_800_000_000
    allowed_views: tuple[str, ...] = ("COMPLETE", "STANDARD")
    hang_seconds: float = 30.0
    echo_key: bool = False
    requests: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    generation: int = 0
    on_request: Callable[[Asked], None] | None = None

    def __enter__(self) -> ScopusEmulator:
        self._found: dict[str, list[Entry]] = {}
        self._pages: dict[tuple[str, str, str], bytes] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        emulator = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 18
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                emulator._answer(self)

            def log_message(self, *_: object) -> None:
                return

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def script(self, *faults: Fault) -> None:
        self.faults.extend(faults)

    def pages_asked(self) -> list[tuple[str, int]]:
        """(query, page) of every page request, in order; counts left out."""
        return [(one.query, one.page) for one in self.requests if one.page is not None]

    def prepare(self, query: str, view: str, count: int) -> None:
        """Make every page of a query now, so that answering costs nothing later."""
        first = Asked("/content/search/scopus", query, view, count, "*", 1, "k", "")
        total = int(self._envelope(first, None)["search-results"]["opensearch:totalResults"])
        for start in range(0, total, count):
            cursor = f"c{self.generation}.{start}" if start else "*"
            asked = replace(first, cursor=cursor)
            where = (query, view, f"{cursor}/{count}/{self.generation}")
            self._pages[where] = json.dumps(self._envelope(asked, None)).encode()

    def expire_cursors(self) -> None:
        """From now on, no cursor handed out so far is known."""
        self.generation += 1

    def _answer(self, to: BaseHTTPRequestHandler) -> None:
        asked = self._asked(to)
        with self._lock:
            self.requests.append(asked)
            fault = next((f for f in self.faults if f.fits(asked.page, asked.query)), None)
            if fault:
                fault.times -= 1
            self.quota = max(0, self.quota - 1) if self.quota else -1
        if self.on_request:
            self.on_request(asked)
        if self.quota < 0:
            self.quota = 0
            self._send(
                to,
                429,
                _error("TOO_MANY_REQUESTS", "quota exceeded"),
                {"X-ELS-Status": "QUOTA_EXCEEDED - Quota Exceeded"},
            )
            return
        if fault and self._strike(fault, asked, to):
            return
        if not asked.key:
            self._send(
                to,
                401,
                {
                    "service-error": {
                        "status": {
                            "statusCode": "AUTHENTICATION_ERROR",
                            "statusText": "Invalid API Key",
                        }
                    }
                },
            )
        elif asked.view not in self.allowed_views:
            self._send(to, 401, _denied())
        elif asked.path.startswith("/content/affiliation/affiliation_id/"):
            self._send(to, 200, _profile(asked.path.rpartition("/")[2]))
        elif asked.path != "/content/search/scopus":
            self._send(to, 404, {"message": "no such resource"})
        else:
            self._page(asked, to, fault)

    def _asked(self, to: BaseHTTPRequestHandler) -> Asked:
        parts = urllib.parse.urlsplit(to.path)
        given = dict(urllib.parse.parse_qsl(parts.query))
        cursor = given.get("cursor", "")
        count = int(given.get("count", "25"))
        page = None
        if cursor == "*":
            page = 1
        elif cursor:
            page = int(cursor.split(".")[1]) // max(count, 1) + 1
        return Asked(
            parts.path,
            given.get("query", ""),
            given.get("view", ""),
            count,
            cursor,
            page,
            to.headers.get("X-ELS-APIKey", ""),
            to.path,
        )

    def _strike(self, fault: Fault, asked: Asked, to: BaseHTTPRequestHandler) -> bool:
        """Answer with the fault; False where the fault only bends the page."""
        kind = fault.kind
        if kind == "busy":
            self._send(to, 429, _error("TOO_MANY_REQUESTS", "slow down"))
        elif kind == "busy_retry_after":
            self._send(
                to,
                429,
                _error("TOO_MANY_REQUESTS", "slow down"),
                {"Retry-After": f"{fault.value:g}"},
            )
        elif kind == "quota":
            with self._lock:
                self.quota = 0
            self._send(
                to, 429, _error("TOO_MANY_REQUESTS", "quota"), {"X-ELS-Status": "QUOTA_EXCEEDED"}
            )
        elif kind == "status":
            body = {
                "service-error": {
                    "status": {"statusCode": "ERROR", "statusText": f"trouble for key {asked.key}"}
                }
            }
            self._send(to, int(fault.value), body)
        elif kind == "html_status":
            self._send(
                to, int(fault.value), b"<html>Bad gateway</html>", {"Content-Type": "text/html"}
            )
        elif kind == "redirect":
            self._send(to, 302, b"", {"Location": "http://127.0.0.1:9/elsewhere"})
        elif kind == "html":
            self._send(to, 200, b"<html><body>Sign in</body></html>", {"Content-Type": "text/html"})
        elif kind == "json_list":
            self._send(to, 200, b"[1, 2, 3]")
        elif kind == "no_total":
            self._send(to, 200, {"search-results": {"entry": []}})
        elif kind in {"cut_in_body", "cut_with_length"}:
            whole = json.dumps(self._envelope(asked, fault)).encode()
            half = whole[: len(whole) // 2]
            length = {} if kind == "cut_in_body" else {"Content-Length": str(len(whole))}
            self._send(to, 200, half, {"Connection": "close"} | length)
            to.close_connection = True
        elif kind == "cursor_expired":
            self._send(
                to,
                404,
                {
                    "service-error": {
                        "status": {
                            "statusCode": "RESOURCE_NOT_FOUND",
                            "statusText": "The cursor has expired",
                        }
                    }
                },
            )
        else:
            return self._break(fault, to)
        return True

    def _break(self, fault: Fault, to: BaseHTTPRequestHandler) -> bool:
        """Trouble with the connection itself."""
        kind = fault.kind
        if kind == "reset":
            to.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            to.connection.close()
            to.close_connection = True
        elif kind == "hang":
            self._closing.wait(fault.value or self.hang_seconds)
            to.close_connection = True
        elif kind == "drip":
            to.send_response(200)
            to.send_header("Content-Length", "1000")
            to.end_headers()
            ends = time.monotonic() + (fault.value or self.hang_seconds)
            try:
                while time.monotonic() < ends and not self._closing.wait(0.05):
                    to.wfile.write(b" ")
                    to.wfile.flush()
            except OSError:
                pass
            to.close_connection = True
        else:
            return False
        return True

    def _page(self, asked: Asked, to: BaseHTTPRequestHandler, fault: Fault | None) -> None:
        if asked.cursor not in {"", "*"} and not asked.cursor.startswith(f"c{self.generation}."):
            self._send(
                to, 404, {"service-error": {"status": {"statusText": "The cursor has expired"}}}
            )
            return
        where = (asked.query, asked.view, f"{asked.cursor}/{asked.count}/{self.generation}")
        if fault is None and where in self._pages:
            self._send(to, 200, self._pages[where])
            return
        body = json.dumps(self._envelope(asked, fault)).encode()
        if fault is None and not self.echo_key:
            self._pages[where] = body
        self._send(to, 200, body)

    def _envelope(self, asked: Asked, fault: Fault | None) -> dict[str, Any]:
        if asked.query not in self._found:
            self._found[asked.query] = [e for e in self.entries if _matches(e, asked.query)]
        found = self._found[asked.query]
        kind, value = (fault.kind, int(fault.value)) if fault else ("", 0)
        start = 0 if asked.cursor in {"", "*"} else int(asked.cursor.split(".")[1])
        from_row = max(0, start + (value if kind == "shifted" else 0))
        if kind == "repeated_page":
            from_row = max(0, start - asked.count)
        rows = [
            {name: item for name, item in entry.items() if not name.startswith("_")}
            for entry in found[from_row : from_row + asked.count]
        ]
        total = len(found) + (value if kind == "drifting_total" else 0)
        if kind == "short_page":
            rows = rows[:-value]
        if kind == "empty_page":
            rows = []
        if kind == "empty_row":
            rows.insert(1, {"@_fa": "true", "error": "Result set was empty"})
        if kind == "empty_row_instead":
            rows[1] = {"@_fa": "true", "error": "Result set was empty"}
        if kind == "doubled_row":
            rows[-1] = dict(rows[0])
        if not found:
            rows = [{"@_fa": "true", "error": "Result set was empty"}]
        results: dict[str, Any] = {
            "opensearch:totalResults": str(total),
            "opensearch:startIndex": str(start),
            "opensearch:itemsPerPage": str(len(rows)),
            "opensearch:Query": {"@role": "request", "@searchTerms": asked.query},
            "link": [{"@ref": "self", "@href": f"?apiKey={asked.key}" if self.echo_key else "?"}],
            "entry": rows,
        }
        if asked.cursor:
            after = f"c{self.generation}.{start + asked.count}"
            results["cursor"] = {"@current": asked.cursor, "@next": after}
        if kind == "missing_entry":
            del results["entry"]
        if kind == "no_next":
            results["cursor"].pop("@next")
        return {"search-results": results}

    def _send(
        self,
        to: BaseHTTPRequestHandler,
        status: int,
        body: object,
        headers: dict[str, str] | None = None,
    ) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        said = {
            "Content-Type": "application/json;charset=UTF-8",
            "Content-Length": str(len(raw)),
            "X-RateLimit-Limit": "20000",
            "X-RateLimit-Remaining": str(max(self.quota, 0)),
            "X-RateLimit-Reset": str(self.resets_at),
        } | (headers or {})
        if self.echo_key:
            said["X-ELS-APIKey"] = to.headers.get("X-ELS-APIKey", "")
        try:
            to.send_response(status)
            for name, value in said.items():
                to.send_header(name, value)
            to.end_headers()
            to.wfile.write(raw)
            to.wfile.flush()
        except OSError:  # the other side went away, as it may
            to.close_connection = True


def _error(code: str, text: str) -> dict[str, Any]:
    return {"error-response": {"error-code": code, "error-message": text}}


def _denied() -> dict[str, Any]:
    text = "The requestor is not authorized to access the requested view or fields of the resource"
    return {"service-error": {"status": {"statusCode": "AUTHORIZATION_ERROR", "statusText": text}}}


def _profile(afid: str) -> dict[str, Any]:
    return {
        "affiliation-retrieval-response": {
            "coredata": {"dc:identifier": f"AFFILIATION_ID:{afid}"},
            "affiliation-name": "School of Invention",
            "city": "Beijing",
            "country": "China",
            "institution-profile": {
                "@parent": "60000001",
                "address": {"@country": "chn", "city": "Beijing"},
            },
        }
    }


def eids(entries: Iterable[Entry]) -> list[str]:
    return [str(entry["eid"]) for entry in entries]
