"""Profiles of affiliation ids, as the Affiliation Retrieval API of Scopus sends them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bibliometrics.sources.paged import BrokenPageError
from bibliometrics.sources.scopus_values import afids, text


@dataclass(frozen=True, slots=True)
class Profile:
    """An affiliation id's profile: what Scopus says of the organisation, not of a paper."""

    afid: str
    name: str
    parent: str
    city: str
    country: str


def read_profile(body: bytes, afid: str) -> Profile:
    """A profile as received.

    Raises
    ------
    BrokenPageError : it is none.
    """
    try:
        found = json.loads(body)["affiliation-retrieval-response"]
        found = found[0] if isinstance(found, list) else found
        inner = found.get("institution-profile") or {}
        inner = inner if isinstance(inner, dict) else {}
        address = inner.get("address") or {}
        parent = next(iter(afids(inner.get("@parent") or inner.get("parent"))), "")
        return Profile(
            afid=afid,
            name=text(found.get("affiliation-name")),
            parent="" if parent in {afid, "0"} else parent,
            city=text(found.get("city")) or text(address.get("city")),
            country=text(found.get("country")) or text(address.get("country")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise BrokenPageError(f"not the profile of affiliation {afid}") from None
