"""A study asked of OpenAlex, and its API against an emulator on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bibliometrics.errors import StudyError
from bibliometrics.sources.openalex_api import OpenAlexSource, openalex_source
from bibliometrics.sources.openalex_query import (
    ALLOWANCE,
    Estimate,
    differences,
    estimate,
    openalex_query,
    openalex_slices,
)
from bibliometrics.sources.paged import (
    BrokenPageError,
    CursorExpiredError,
    PagedSource,
    PassingError,
    QuotaSpentError,
    RequestRefusedError,
)
from bibliometrics.study.model import Study
from bibliometrics.study.query import slices
from conftest import with_options
from source_samples import work

KEY = "sEcReT+key/42"


def asked(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def test_the_flagship_asked_of_openalex(flagship: Study) -> None:
    assert asked(openalex_query(flagship)) == {
        "search.title_and_abstract": '"Artificial Intelligence" OR "Machine learning" OR "robot"'
        ' OR "Speech Recognition" OR "pattern recognition"',
        "filter": "type:article,primary_location.source.type:journal,publication_year:<2020,"
        "authorships.countries:CN",
        "sort": "publication_date",
    }


def test_slices_part_the_same_years_as_for_scopus(flagship: Study) -> None:
    study = with_options(flagship, query={"start_year": 1980})
    made = openalex_slices(study)
    assert [part.label for part in made] == [part.label for part in slices(study)]
    years = [
        tuple(part for part in asked(each.query)["filter"].split(",") if "year" in part)
        for each in made
    ]
    assert years[0] == ("publication_year:>1979", "publication_year:<1990")
    assert years[1:] == [(f"publication_year:{year}",) for year in range(1990, 2020)]
    assert asked(openalex_slices(flagship)[0].query)["filter"].count("publication_year:<1990") == 1


@pytest.mark.parametrize(
    ("options", "parameter", "expected"),
    [
        ({"word_forms": "exact"}, "search.title_and_abstract.exact", '"deep robots"'),
        ({"fields": ["title"]}, "search.title", '"deep robots"'),
        ({"phrase": "words_and"}, "search.title_and_abstract", '("deep" AND "robots") OR ("ai")'),
        (
            {"phrase": "or_before_and"},
            "search.title_and_abstract",
            '("deep") AND ("robots" OR "ai")',
        ),
        ({"word_forms": "prefix"}, "search.title_and_abstract", '"deep robots" OR ai*'),
    ],
)
def test_words(flagship: Study, options: dict[str, Any], parameter: str, expected: str) -> None:
    study = with_options(flagship, query={"keywords": ["deep robots", "ai"]} | options)
    found = asked(openalex_query(study))[parameter]
    assert found in {expected, f'{expected} OR "ai"'}


def test_conditions(flagship: Study) -> None:
    study = with_options(
        flagship,
        query={
            "document_types": ["article", "conference_paper", "review"],
            "source_types": ["journal", "conference_proceeding"],
            "end_date_field": "cover_date", "end_date": "2019-06-24",
            "international_paper": "english_only",
        },
        geography={"scope": "with_taiwan"},
    )  # fmt: skip
    assert asked(openalex_query(study))["filter"] == (
        "type:article|review,primary_location.source.type:journal|conference,"
        "publication_year:<2020,to_publication_date:2019-06-24,language:en,"
        "authorships.countries:CN|HK|MO|TW"
    )


def test_what_openalex_has_not_is_refused_or_told(flagship: Study) -> None:
    with pytest.raises(StudyError, match="has none of"):
        openalex_query(with_options(flagship, query={"document_types": ["short_survey"]}))
    with pytest.raises(StudyError, match="bytes long"):
        many = [f"keyword number {number} of many" for number in range(200)]
        openalex_query(with_options(flagship, query={"keywords": many}))
    topics = [difference.topic for difference in differences(flagship)]
    assert topics == [
        "fields", "abstracts", "word_forms", "copyright_line", "document_types", "source_types",
        "retracted", "country_filter", "authors",
    ]  # fmt: skip
    study = with_options(
        flagship,
        query={
            "as_of": "2020-06-24", "articles_in_press": "final_only", "hyphen_and_case": "exact",
            "document_types": ["article", "note"], "end_date_field": "index_date",
        },
    )  # fmt: skip
    more = {difference.topic: difference for difference in differences(study)}
    assert {"as_of", "articles_in_press", "hyphen_and_case", "end_date_field"} <= set(more)
    assert more["document_types"].en.endswith("; has no note")
    assert all(each.en and each.zh for each in more.values())


def test_cost() -> None:
    key, none = ALLOWANCE["key"], ALLOWANCE["no key"]
    assert estimate([0, 1, 100, 101], counts=4, allowance=key) == Estimate(8, 8_000, 1)
    many = estimate([53_000], allowance=none)
    assert (many.calls, many.usd, many.days) == (530, "0.530", 6)
    assert estimate([100_001], allowance=key).days == 2
    assert estimate([], allowance=key) == Estimate(0, 0, 0)


Answer = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    answer: Answer
    seen: list[tuple[dict[str, str], str | None]]

    def do_GET(self) -> None:
        self.seen.append((asked(urlsplit(self.path).query), self.headers.get("Authorization")))
        type(self).answer(self)

    def log_message(self, *_: object) -> None:
        return

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def emulator(answer: Answer) -> Iterator[tuple[str, list[tuple[dict[str, str], str | None]]]]:
    seen: list[tuple[dict[str, str], str | None]] = []
    handler = type("Handler", (Request,), {"answer": staticmethod(answer), "seen": seen})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


WORKS = [work(number) for number in range(1, 251)]


def paged(request: Request) -> None:
    query = asked(urlsplit(request.path).query)
    start = 0 if query.get("cursor", "*") == "*" else int(query["cursor"][1:])
    size = int(query["per_page"])
    after = start + size
    page = {
        "meta": {
            "count": len(WORKS), "per_page": size,
            "next_cursor": f"c{after}" if after < len(WORKS) else None,
        },
        "results": WORKS[start:after],
    }  # fmt: skip
    request.send(
        200, json.dumps(page).encode(), X_RateLimit_Limit_USD="1",
        X_RateLimit_Remaining_USD="0.9987", X_RateLimit_Reset="100",
    )  # fmt: skip


def test_pages_by_cursor_as_received(flagship: Study) -> None:
    query = openalex_query(flagship)
    with emulator(paged) as (address, seen):
        source: PagedSource = openalex_source(
            {"OPENALEX_API_KEY": KEY, "BIBLIOMETRICS_OPENALEX_URL": address + "/"}
        )
        counted = source.count(query)
        assert (counted.total, counted.quota.limit, counted.quota.remaining) == (250, 1000, 998)
        assert counted.quota.resets_at is not None
        ids: list[str] = []
        cursor = "*"
        while cursor:
            reply = source.page(query, cursor)
            assert reply.total == 250
            assert len(json.loads(reply.body)["results"]) == len(reply.ids)
            assert source.read(reply.body).ids == reply.ids
            ids.extend(reply.ids)
            cursor = reply.next_cursor
    assert ids == [f"W{number}" for number in range(1, 251)]
    assert [query["per_page"] for query, _ in seen] == ["1", "100", "100", "100"]
    assert {key for _, key in seen} == {f"Bearer {KEY}"}
    assert not any(KEY in value for query, _ in seen for value in query.values())


def failing(status: int, body: bytes = b"{}", **headers: str) -> Answer:
    return lambda request: request.send(status, body, **headers)


def torn(request: Request) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "500")
    request.end_headers()
    request.wfile.write(b'{"meta"')
    request.wfile.flush()
    request.connection.close()


def silent(request: Request) -> None:
    threading.Event().wait(0.6)


@pytest.mark.parametrize(
    ("answer", "cursor", "error", "says"),
    [
        (failing(429, X_RateLimit_Remaining_USD="0.0004"), "*", QuotaSpentError, "used up"),
        (failing(429, X_RateLimit_Remaining_USD="0.5", Retry_After="3"), "*", PassingError, "429"),
        (failing(500), "*", PassingError, "500"),
        (failing(503, b"<html>busy</html>"), "*", PassingError, "503"),
        (failing(400, b'{"error": "Invalid filter"}'), "*", RequestRefusedError, "Invalid filter"),
        (failing(400, b'{"message": "bad cursor"}'), "c9", CursorExpiredError, "bad cursor"),
        (failing(401, json.dumps({"message": f"no key {KEY}"}).encode()), "*",
         RequestRefusedError, "key removed"),
        (failing(302, Location="http://127.0.0.1:9/"), "*", RequestRefusedError, "redirects"),
        (failing(200, b"<html>"), "*", BrokenPageError, "not whole JSON"),
        (failing(200, b'{"meta": {"count": 3}, "resu'), "*", BrokenPageError, "not whole JSON"),
        (failing(200, b"[]"), "*", BrokenPageError, "not the result of a search"),
        (failing(200, b'{"meta": {"count": 3}}'), "*", BrokenPageError, "no results"),
        (failing(200, b'{"meta": {}, "results": []}'), "*", BrokenPageError, "no total"),
        (torn, "*", PassingError, "broke within the answer"),
        (silent, "*", PassingError, "did not answer in time|connection"),
    ],
)  # fmt: skip
def test_faults(answer: Answer, cursor: str, error: type[Exception], says: str) -> None:
    with emulator(answer) as (address, _):
        source = OpenAlexSource(KEY, address=address, deadline=0.6)
        with pytest.raises(error, match=says) as raised:
            source.page("filter=x", cursor)
    chain: BaseException | None = raised.value
    while chain is not None:
        assert KEY not in f"{chain!s} {chain!r}"
        chain = None if chain.__suppress_context__ else chain.__context__


def test_the_key_is_taken_out_of_what_is_kept_and_shown() -> None:
    page = {"meta": {"count": 1, "next_cursor": None}, "results": [work(title=KEY)]}
    with emulator(failing(200, json.dumps(page).encode())) as (address, _):
        reply = OpenAlexSource(KEY, address=address).page("filter=x", "*")
    assert KEY.encode() not in reply.body
    assert KEY not in repr(OpenAlexSource(KEY))


def test_no_key_sends_none_and_is_told_where_to_get_one() -> None:
    with emulator(failing(401)) as (address, seen):
        source = openalex_source({"BIBLIOMETRICS_OPENALEX_URL": address})
        with pytest.raises(RequestRefusedError, match=r"openalex\.org/settings/api"):
            source.page("filter=x", "*")
    assert seen[0][1] is None
    assert source.allowance == ALLOWANCE["no key"]


def test_nobody_listening() -> None:
    with emulator(paged) as (address, _):
        pass
    with pytest.raises(PassingError, match="connection to OpenAlex failed"):
        OpenAlexSource(KEY, address=address).count("filter=x")


@pytest.mark.parametrize(
    "environment",
    [
        {"OPENALEX_API_KEY": "two words"},
        {"OPENALEX_API_KEY": "schlüssel"},
        {"BIBLIOMETRICS_OPENALEX_URL": "ftp://x"},
        {"BIBLIOMETRICS_OPENALEX_URL": "http://far.example", "OPENALEX_API_KEY": "k"},
    ],
)
def test_an_odd_key_or_address_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(RequestRefusedError) as raised:
        openalex_source(environment)
    assert "words" not in str(raised.value)


def test_a_page_mixed_of_simulated_and_real_works_is_none() -> None:
    page = {"meta": {"count": 2}, "results": [work(1), work(2, simulated=True)]}
    with pytest.raises(BrokenPageError, match="simulated and real"):
        OpenAlexSource("").read(json.dumps(page).encode())
    page["results"] = [work(1, simulated=True)]
    assert OpenAlexSource("").read(json.dumps(page).encode()).is_simulated is True
