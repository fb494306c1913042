"""The services a harvest can ask, each with its question, its cache folder and its reader."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from bibliometrics.attribution.place import country_code
from bibliometrics.errors import InputError
from bibliometrics.harvesting import cache
from bibliometrics.harvesting.planning import Search, scopus_search
from bibliometrics.sources import openalex_api, scopus_api, scopus_json
from bibliometrics.sources.openalex_json import works_of_page
from bibliometrics.sources.openalex_query import openalex_query, openalex_slices
from bibliometrics.sources.paged import PagedSource
from bibliometrics.sources.reading import Opened, Paged, in_blocks
from bibliometrics.sources.record import Quarantined, Record
from bibliometrics.study.model import Study

Name = Literal["scopus", "openalex"]
NAMES: tuple[Name, ...] = ("scopus", "openalex")
_BYTES_A_ROW = 3_000  # about; it only tells a large harvest from a small one
KINDS: dict[Name, str] = {"scopus": "Scopus Search API", "openalex": "OpenAlex API"}


@dataclass(frozen=True)
class Cached:
    """What the cache holds of a study: readable as an input, with the state of its slices."""

    opened: Opened
    held: cache.Held
    service: Name


def folder(cache_root: Path, name: Name, study: Study) -> Path:
    """Where a study's pages of a service are kept."""
    return cache_root / name / study.name


def search(name: Name, study: Study) -> Search:
    """The study's question as the service understands it."""
    if name == "scopus":
        return scopus_search(study)
    return Search(openalex_query(study), openalex_slices(study), has_load_dates=False)


def source(name: Name, environment: Mapping[str, str]) -> PagedSource:
    """The service, with the key of the environment.

    Raises
    ------
    RequestRefusedError : there is no key, or it cannot be one.
    """
    if name == "openalex":
        return openalex_api.openalex_source(environment)
    return _scopus(environment, "COMPLETE")


def fallback(name: Name, study: Study, environment: Mapping[str, str]) -> PagedSource | None:
    """The view to fall back to, where the study says so."""
    if name == "scopus" and study.source.fallback_view == "STANDARD":
        return _scopus(environment, "STANDARD")
    return None


def _scopus(environment: Mapping[str, str], view: scopus_api.View) -> scopus_api.ScopusSource:
    return scopus_api.ScopusSource(
        scopus_api.credentials(environment),
        address=environment.get(scopus_api.ADDRESS, ""),
        view=view,
    )


def cached(study: Study, cache_root: Path, names: tuple[Name, ...] = NAMES) -> Cached | None:
    """The first of the services of which the cache holds records; sends nothing.

    Raises
    ------
    InputError : a harvest was begun and no slice of it is whole yet.
    """
    refused: InputError | None = None
    for name in names:
        place = folder(cache_root, name, study)
        if not place.is_dir():
            continue
        held = cache.held(place, search(name, study).query)
        again = f"bibliometrics harvest {study.name} --source {name}"
        if held is not None and any(entry.rows for entry in held.entries):
            return Cached(_opened(name, place, held), held, name)
        if held is not None and held.is_whole:
            return Cached(_opened(name, place, held), held, name)
        if held is not None:
            what = f"the harvest of {study.name} from {name} has no whole slice yet"
            refused = refused or InputError(what, hint=f"go on with: {again}")
        elif cache.held(place) is not None:
            what = f"the cache holds {study.name} from {name}, harvested with another query"
            refused = refused or InputError(what, hint=f"the study changed: {again}")
    if refused is not None:
        raise refused
    return None


def _opened(name: Name, place: Path, held: cache.Held) -> Opened:
    reader = partial(scopus_json.page_reader, country_code) if name == "scopus" else _works_reader
    content = hashlib.sha256("\n".join(entry.content for entry in held.entries).encode())
    opened = in_blocks(
        f"{name} cache",
        content.hexdigest(),
        KINDS[name],
        partial(cache.cached_blocks, place, reader, held.entries),
        size=_BYTES_A_ROW * sum(entry.rows for entry in held.entries),
    )
    pages = tuple(
        cache.page_path(place, entry.slice, entry.attempt, number)
        for entry in held.entries
        for number in range(1, entry.pages + 1)
    )
    return replace(opened, paged=Paged(pages, place / "judged"))


def _works_reader() -> cache.ReadPage:
    return _read_works


def _read_works(body: bytes, name: str, _view: str) -> Iterator[Record | Quarantined]:
    return works_of_page(body, name)
