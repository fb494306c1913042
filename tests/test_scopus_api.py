"""The road to Scopus: what is sent, what is never sent, what each refusal means."""

from __future__ import annotations

import gzip
import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bibliometrics.sources import scopus_api
from bibliometrics.sources.paged import (
    BrokenPageError,
    CursorExpiredError,
    PassingError,
    QuotaSpentError,
    RequestRefusedError,
    ViewDeniedError,
)
from bibliometrics.sources.scopus_api import Credentials, ScopusSource, credentials, moment
from bibliometrics.sources.scopus_page import read_page
from harvest_fixture import KEY, source_at
from scopus_emulator import Fault, ScopusEmulator, papers

Serve = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextmanager
def answering(serve: Serve) -> Iterator[str]:
    """A bare server for answers the emulator does not give."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            serve(self)

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_page_is_asked_for_by_cursor_with_the_key_in_a_header_alone() -> None:
    with ScopusEmulator(papers(30)) as service:
        reply = source_at(service.address).page("PUBYEAR = 2019", "*")
        [asked] = service.requests
    assert (asked.path, asked.view, asked.count, asked.cursor) == (
        "/content/search/scopus",
        "COMPLETE",
        25,
        "*",
    )
    assert asked.key == KEY and KEY not in asked.raw
    assert (reply.total, len(reply.ids), reply.cursor, reply.next_cursor) == (30, 25, "*", "c0.25")
    assert (reply.quota.limit, reply.quota.remaining, reply.quota.resets_at) == (
        20_000,
        19_999,
        1.8e9,
    )


def test_the_standard_view_has_larger_pages() -> None:
    with ScopusEmulator(papers(30)) as service:
        assert len(source_at(service.address, view="STANDARD").page("Q", "*").ids) == 30
        assert service.requests[0].count == 200


def test_a_count_asks_for_one_row_of_the_view_that_everybody_may_see() -> None:
    with ScopusEmulator(papers(30), allowed_views=("STANDARD",)) as service:
        assert source_at(service.address).count("PUBYEAR = 2019").total == 30
        [asked] = service.requests
    assert (asked.view, asked.count, asked.cursor) == ("STANDARD", 1, "")


def test_one_connection_serves_many_requests() -> None:
    ports = set()
    with ScopusEmulator(papers(100)) as service:
        answer = service._answer

        def watched(to: http.server.BaseHTTPRequestHandler) -> None:
            ports.add(to.client_address[1])
            answer(to)

        service._answer = watched  # type: ignore[method-assign]
        source = source_at(service.address)
        for cursor in ("*", "c0.25", "c0.50"):
            source.page("Q", cursor)
    assert len(ports) == 1


def test_the_token_goes_along_and_neither_is_shown() -> None:
    seen = {}

    def serve(to: http.server.BaseHTTPRequestHandler) -> None:
        seen.update(to.headers)
        to.send_response(401)
        to.end_headers()
        to.wfile.write(json.dumps({"message": f"no: {KEY} and tok/en"}).encode())

    with answering(serve) as address:
        allowed = Credentials(KEY, "tok/en")
        with pytest.raises(RequestRefusedError) as refused:
            ScopusSource(allowed, address=address).count("Q")
    assert (seen["X-ELS-APIKey"], seen["X-ELS-Insttoken"]) == (KEY, "tok/en")
    assert "no: [key removed] and [key removed]" in str(refused.value)
    assert KEY not in repr(allowed) and "tok/en" not in repr(allowed)


@pytest.mark.parametrize(
    ("status", "cursor", "error"),
    [
        (400, "*", RequestRefusedError), (400, "c0.25", CursorExpiredError),
        (404, "c0.25", CursorExpiredError), (404, "*", RequestRefusedError),
        (401, "*", ViewDeniedError), (403, "*", ViewDeniedError), (407, "*", RequestRefusedError),
        (413, "*", RequestRefusedError), (414, "*", RequestRefusedError), (408, "*", PassingError),
        (429, "*", PassingError), (500, "*", PassingError), (504, "*", PassingError),
        (524, "*", PassingError),
    ],
)  # fmt: skip
def test_each_status_has_its_meaning(status: int, cursor: str, error: type[Exception]) -> None:
    with ScopusEmulator(papers(30)) as service:
        service.script(Fault("status", None, 1, status))
        with pytest.raises(error) as raised:
            source_at(service.address).page("Q", cursor)
    assert KEY not in str(raised.value) and raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_a_key_that_had_the_view_before_is_not_told_to_fall_back() -> None:
    with ScopusEmulator(papers(30)) as service:
        source = source_at(service.address)
        source.page("Q", "*")
        service.script(Fault("status", None, 1, 401))
        with pytest.raises(RequestRefusedError, match="401"):
            source.page("Q", "*")


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"<html>", b'{"a":', b"\xff\xfe", b"{}", b"9" * 5000]
)
def test_what_is_no_page_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(BrokenPageError):
        read_page(body)


@pytest.mark.parametrize("total", [None, "", "many", "-1", {}])
def test_a_page_without_a_total_is_none(total: object) -> None:
    with pytest.raises(BrokenPageError, match="no total"):
        read_page(
            json.dumps({"search-results": {"opensearch:totalResults": total, "entry": []}}).encode()
        )


def test_a_nested_bomb_is_no_page() -> None:
    with pytest.raises(BrokenPageError):
        read_page(b"[" * 200_000)


def test_no_records_are_a_page_without_rows() -> None:
    with ScopusEmulator([]) as service:
        reply = source_at(service.address).page("Q", "*")
    assert (reply.total, reply.ids, reply.empty_rows, reply.is_simulated) == (0, (), 0, None)


def test_simulated_and_real_rows_on_one_page_are_refused() -> None:
    mixed = {
        "search-results": {
            "opensearch:totalResults": "2",
            "entry": [{"eid": "1"}, {"eid": "2", "simulated": True}],
        }
    }
    with pytest.raises(BrokenPageError, match="simulated and real"):
        read_page(json.dumps(mixed).encode())


def test_a_packed_answer_in_small_pieces_is_whole() -> None:
    page = json.dumps(
        {"search-results": {"opensearch:totalResults": "1", "entry": [{"eid": "2-s2.0-1"}]}}
    )

    def serve(to: http.server.BaseHTTPRequestHandler) -> None:
        raw = gzip.compress(page.encode())
        to.send_response(200)
        to.send_header("Content-Encoding", "gzip")
        to.end_headers()
        for place in range(0, len(raw), 7):
            to.wfile.write(raw[place : place + 7])
            to.wfile.flush()
            time.sleep(0.002)

    with answering(serve) as address:
        assert source_at(address).page("Q", "*").body == page.encode()


def test_an_answer_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scopus_api, "_LARGEST_BODY", 1 << 20)

    def serve(to: http.server.BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.end_headers()
        try:
            while True:
                to.wfile.write(b" " * 65_536)
        except OSError:
            return

    with answering(serve) as address, pytest.raises(PassingError, match="too large"):
        source_at(address).count("Q")


def test_a_drip_and_a_silence_end_in_time() -> None:
    with ScopusEmulator(papers(3)) as service:
        source = source_at(service.address, deadline=0.3)
        for kind in ("hang", "drip"):
            service.script(Fault(kind))
            began = time.monotonic()
            with pytest.raises(PassingError, match="in time"):
                source.count("Q")
            assert time.monotonic() - began < 2


def test_nobody_there_may_pass() -> None:
    with pytest.raises(PassingError, match="connection to Scopus failed"):
        source_at("http://127.0.0.1:9").count("Q")


def test_a_spent_quota_says_when_it_is_renewed() -> None:
    with (
        ScopusEmulator(papers(3), quota=0, resets_at=1_900_000_000) as service,
        pytest.raises(QuotaSpentError) as spent,
    ):
        source_at(service.address).count("Q")
    assert (spent.value.quota.remaining, spent.value.quota.resets_at) == (0, 1.9e9)


@pytest.mark.parametrize("key", ["", "  ", "two words", "naïve", "new\nline"])
def test_what_cannot_be_a_key_is_not_sent(key: str) -> None:
    with pytest.raises(RequestRefusedError) as refused:
        credentials({"SCOPUS_API_KEY": key})
    assert "export SCOPUS_API_KEY" in refused.value.hint
    assert not key.strip() or key not in str(refused.value)


def test_the_key_comes_from_the_environment() -> None:
    found = credentials({"SCOPUS_API_KEY": f" {KEY}\n", "SCOPUS_INSTTOKEN": "t"})
    assert (found.key, found.token) == (KEY, "t")


@pytest.mark.parametrize(
    "address", ["ftp://x", "nonsense", "http://", "http://u:p@127.0.0.1", "http://api.example.org"]
)
def test_an_odd_address_gets_no_key(address: str) -> None:
    with pytest.raises(RequestRefusedError):
        source_at(address)


def test_only_on_this_machine_are_requests_not_paced() -> None:
    assert source_at("http://127.0.0.1:1").per_second is None
    assert source_at("https://proxy.example.org/scopus").per_second == 9
    assert source_at("").per_second == 9


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1800000000", 1.8e9), ("1800000000000", 1.8e9), ("2027-01-15T08:00:00Z", 1.8e9),
        ("2027-01-15T08:00:00", 1.8e9), ("Fri, 15 Jan 2027 08:00:00 GMT", 1.8e9), ("soon", None),
        ("", None), (None, None),
    ],
)  # fmt: skip
def test_moments_come_in_any_shape(text: str | None, at: float | None) -> None:
    assert moment(text) == at


def test_the_client_keeps_its_own_state_to_itself() -> None:
    from pybliometrics.utils import startup

    before = {name: list(times) for name, times in startup._throttling_params.items()}
    with ScopusEmulator(papers(3)) as service:
        source_at(service.address).count("Q")
    assert {name: list(times) for name, times in startup._throttling_params.items()} == before
    assert startup.CUSTOM_KEYS is None or KEY not in startup.CUSTOM_KEYS
