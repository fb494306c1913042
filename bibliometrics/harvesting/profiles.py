"""Profiles of affiliation ids: what Scopus says of an organisation, beside what papers say.

A profile's country is not a paper's address; both are kept, and the study chooses.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Protocol

from bibliometrics.harvesting import cache, ledger
from bibliometrics.harvesting.asking import Asker, Patience, Tell
from bibliometrics.sources.paged import BrokenPageError
from bibliometrics.sources.scopus_profile import Profile, read_profile


class ProfileSource(Protocol):
    """A service that tells of an affiliation id; each is one request."""

    def profile(self, afid: str) -> bytes: ...


def missing_profiles(folder: Path, afids: Iterable[str]) -> tuple[str, ...]:
    """Those of ``afids`` whose profile the cache lacks, each once: the requests it will cost."""
    wanted = dict.fromkeys(afid for afid in afids if afid.isdecimal())
    return tuple(afid for afid in wanted if not cache.profile_path(folder, afid).is_file())


def fetch_profiles(
    source: ProfileSource,
    folder: Path,
    afids: Iterable[str],
    tell: Tell,
    *,
    patience: Patience | None = None,
    resume: str = "the same command",
) -> tuple[Profile, ...]:
    """The profiles of ``afids``, those the cache lacks fetched; what is no id is left out.

    Raises
    ------
    HarvestStoppedError, RequestRefusedError : what came before is kept.
    """
    asker = Asker(patience or Patience(), tell, resume)
    wanted = tuple(dict.fromkeys(afid for afid in afids if afid.isdecimal()))
    with ledger.writing(folder) as append:
        for afid in missing_profiles(folder, wanted):
            try:
                body = asker.ask(partial(source.profile, afid), f"profile {afid}")
                read_profile(body, afid)
            except BrokenPageError as broken:
                raise asker.stopped(str(broken)) from None
            digest = cache.write_whole(cache.profile_path(folder, afid), body)
            at = ledger.stamp(asker.patience.now())
            append(ledger.ProfileKept(at, afid, digest))
            asker.kept += 1
    return cached_profiles(folder, wanted)


def cached_profiles(folder: Path, afids: Iterable[str]) -> tuple[Profile, ...]:
    """The profiles that lie in the cache, in the order asked."""
    found = []
    for afid in afids:
        body = cache.read_whole(cache.profile_path(folder, afid))
        if body is not None:
            found.append(read_profile(body, afid))
    return tuple(found)
