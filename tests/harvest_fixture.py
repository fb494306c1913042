"""What the tests of the harvest share: a study of one year, a clock that does not wait, readers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from bibliometrics.attribution.place import country_code
from bibliometrics.harvesting import cache, ledger
from bibliometrics.harvesting.asking import Patience
from bibliometrics.sources.paged import Counted, Reply
from bibliometrics.sources.record import Record
from bibliometrics.sources.scopus_api import Credentials, ScopusSource, View
from bibliometrics.sources.scopus_json import page_reader
from bibliometrics.sources.scopus_page import read_page
from bibliometrics.study.file import load_study
from bibliometrics.study.model import Study
from conftest import ROOT, with_options
from scopus_emulator import Entry

KEY = "0123456789abcdef0123456789abcdef"


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    at: float = 1_790_000_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def now(self) -> float:
        return self.at

    @property
    def patience(self) -> Patience:
        return Patience(sleep=self.sleep, now=self.now)


@dataclass
class Shelf:
    """A source without a network: pages of two rows, cut from ``entries``."""

    entries: list[Entry]
    asked: list[str] = field(default_factory=list)
    name: str = "scopus"
    view: str = "COMPLETE"
    page_size: int = 2
    per_second: float | None = None
    software: str = "shelf"

    def count(self, query: str) -> Counted:
        self.asked.append("count")
        return Counted(len(self.entries))

    def page(self, query: str, cursor: str) -> Reply:
        self.asked.append(cursor)
        start = 0 if cursor == "*" else int(cursor)
        rows = self.entries[start : start + self.page_size]
        return self.read(
            json.dumps(
                {
                    "search-results": {
                        "opensearch:totalResults": str(len(self.entries)),
                        "cursor": {"@current": cursor, "@next": str(start + self.page_size)},
                        "entry": [{"eid": row["eid"]} for row in rows],
                    }
                }
            ).encode()
        )

    def read(self, body: bytes) -> Reply:
        return read_page(body)


def study_of(first: int = 2019, last: int = 2019, **query: object) -> Study:
    """The flagship, cut to a few years: one slice a year."""
    study = load_study(ROOT / "queries" / "cingai-2020.toml")
    years = {"start_year": first, "slices_from": first, "end_date": f"{last}-12-31"}
    return with_options(study, query=years | query)


def source_at(
    address: str, *, view: View = "COMPLETE", deadline: float = 10.0, key: str = KEY
) -> ScopusSource:
    return ScopusSource(Credentials(key), address=address, view=view, deadline=deadline)


def cached_eids(folder: Path) -> list[str]:
    rows = cache.cached_records(folder, page_reader(country_code))
    return [row.eid for row in rows if isinstance(row, Record)]


def contents(folder: Path) -> dict[str, bytes]:
    """What the pages of a cache folder hold, by their path."""
    return {
        path.relative_to(folder).as_posix(): cache.read_whole(path) or b"torn"
        for path in sorted((folder / "pages").rglob("*.gz"))
    }


def lines_of(folder: Path, kind: type[ledger.Line]) -> list[ledger.Line]:
    return [line for line in ledger.read(folder) if isinstance(line, kind)]
