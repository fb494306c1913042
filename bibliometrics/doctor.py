"""What may be wrong with an installation, each with its remedy. Pure but for reading the cache."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from bibliometrics import __version__
from bibliometrics.errors import BibliometricsError
from bibliometrics.harvesting import cache, ledger
from bibliometrics.sources.paged import PassingError, Quota, QuotaSpentError

Verdict = Literal["good", "note", "bad"]
LEAST_ROOM = 2_000_000_000
"""Bytes free below which a harvest and its editions may not fit."""

_LIBRARIES = ("pybliometrics", "pandas", "pyarrow", "igraph", "networkx", "pyvis", "pydantic")
_KEYS = {
    "SCOPUS_API_KEY": "needed for harvests from Scopus; get one at dev.elsevier.com",
    "SCOPUS_INSTTOKEN": "optional: for the COMPLETE view outside the university's network",
    "OPENALEX_API_KEY": "optional: without one only a tenth of OpenAlex's daily allowance",
}
_ADDRESSES = ("BIBLIOMETRICS_SCOPUS_URL", "BIBLIOMETRICS_OPENALEX_URL")


@dataclass(frozen=True)
class Check:
    """One line: what was looked at, how it is, and what to do about it."""

    name: str
    verdict: Verdict
    says: str
    remedy: str = ""

    def __str__(self) -> str:
        mark = {"good": "ok  ", "note": "note", "bad": "BAD "}[self.verdict]
        remedy = f"\n     what to do: {self.remedy}" if self.remedy else ""
        return f"{mark} {self.name}: {self.says}{remedy}"


def checks(
    environment: Mapping[str, str],
    cache_root: Path,
    ask_quota: Callable[[], Quota] | None = None,
    *,
    free_bytes: int | None = None,
    python: tuple[int, int] = sys.version_info[:2],
) -> tuple[Check, ...]:
    """Every check in order. ``ask_quota`` costs one request; None: nothing is sent.

    ``cache_root`` holds the cache folders, at any depth. ``free_bytes`` None: of its disk.
    """
    return (
        *_versions(python),
        *_environment(environment),
        *_caches(cache_root),
        _room(cache_root, free_bytes),
        *([_quota(ask_quota)] if ask_quota else []),
    )


def _versions(python: tuple[int, int]) -> Iterator[Check]:
    shown = ".".join(map(str, python))
    if python < (3, 11):
        yield Check("python", "bad", shown, "install Python 3.11 or newer")
    else:
        yield Check("python", "good", shown)
    yield Check("bibliometrics", "good", __version__)
    for name in _LIBRARIES:
        try:
            yield Check(name, "good", metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Check(name, "bad", "not installed", "install again as the README says")


def _environment(environment: Mapping[str, str]) -> Iterator[Check]:
    for name, purpose in _KEYS.items():
        value = environment.get(name, "")
        if not value:
            yield Check(name, "note", "not set", f"{purpose}; export {name}=…")
        elif value != value.strip() or not value.isascii() or not value.isprintable():
            yield Check(name, "bad", "set, but holds blanks or odd signs", f"export {name} anew")
        else:
            yield Check(name, "good", "set (not shown)")
    for name in _ADDRESSES:
        if name in environment:
            yield Check(
                name, "note", "set: requests go there, not to the service itself",
                f"unset {name}, if that is not wanted",
            )  # fmt: skip


def cache_folders(root: Path) -> tuple[Path, ...]:
    """The folders below ``root`` that have a ledger or kept pages."""
    found = {path.parent for path in root.rglob(ledger.NAME)}
    found |= {path.parent for path in root.rglob("pages") if path.is_dir()}
    return tuple(sorted(found))


def _caches(root: Path) -> Iterator[Check]:
    folders = cache_folders(root) if root.is_dir() else ()
    if not folders:
        yield Check("cache", "note", "nothing was harvested here", "bibliometrics plan STUDY")
    for folder in folders:
        yield _cache(folder, f"cache {folder.relative_to(root).as_posix()}")


def _cache(folder: Path, name: str) -> Check:
    try:
        known = ledger.fold(ledger.read(folder))
    except BibliometricsError as error:
        return Check(name, "bad", str(error.what), error.hint)
    damaged, pages = [], 0
    for key, attempts in known.attempts.items():
        for attempt in attempts:
            for page in attempt.pages:
                pages += 1
                path = cache.page_path(folder, key, attempt.number, page.page)
                if not _is_as_entered(path, page.sha256):
                    damaged.append(path.relative_to(folder).as_posix())
    for afid, profile in known.profiles.items():
        path = cache.profile_path(folder, afid)
        if not _is_as_entered(path, profile.sha256):
            damaged.append(path.relative_to(folder).as_posix())
    if damaged:
        return Check(
            name, "bad", f"{len(damaged)} of {pages} pages damaged or missing: {_few(damaged)}",
            "bibliometrics harvest STUDY: their slices are fetched again",
        )  # fmt: skip
    try:
        held = cache.held(folder)
    except BibliometricsError as error:
        return Check(name, "bad", error.what, error.hint)
    says = f"{pages} pages, all as received"
    if held is not None and not held.is_whole:
        lacking = [*held.missing, *(entry.label for entry in held.incomplete)]
        return Check(
            name, "note", f"{says}; slices not whole: {_few(lacking)}",
            "bibliometrics harvest STUDY goes on",
        )  # fmt: skip
    return Check(name, "good", says)


def _is_as_entered(path: Path, sha256: str) -> bool:
    body = cache.read_whole(path)
    return body is not None and hashlib.sha256(body).hexdigest() == sha256


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _room(root: Path, free_bytes: int | None) -> Check:
    if free_bytes is None:
        place = next(path for path in (root, *root.absolute().parents) if path.is_dir())
        free_bytes = shutil.disk_usage(place).free
    says = f"{free_bytes / 1e9:.1f} GB free"
    if free_bytes < LEAST_ROOM:
        return Check("disk", "bad", says, f"make room: {LEAST_ROOM / 1e9:.0f} GB at least")
    return Check("disk", "good", says)


def _quota(ask: Callable[[], Quota]) -> Check:
    try:
        quota = ask()
    except BibliometricsError as error:
        return Check("Scopus", "bad", error.what, error.hint)
    except PassingError as error:
        return Check("Scopus", "bad", error.what, "check the network, then ask again")
    except QuotaSpentError as error:
        quota = Quota(error.quota.limit, 0, error.quota.resets_at)
    if quota.remaining is None:
        return Check("Scopus", "good", "answers; it does not tell the quota left")
    renewed = f", renewed at {ledger.stamp(quota.resets_at)}" if quota.resets_at else ""
    says = f"answers; {quota.remaining} of {quota.limit or '?'} requests left{renewed}"
    if quota.remaining == 0:
        return Check("Scopus", "bad", says, "wait until it is renewed")
    return Check("Scopus", "good", says)
