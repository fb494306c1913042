"""Prints a simulation as answers of the Scopus Search API, COMPLETE view."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bibliometrics.simulation.chance import Chance
from bibliometrics.simulation.exports import MARK, short_name
from bibliometrics.simulation.model import Address, Paper, Record, Signature, Simulation
from bibliometrics.simulation.people import Rosters
from bibliometrics.simulation.vocabulary import JOURNALS

UNSEEN = frozenset({"quarantined", "keywords"})
"""Reasons of rows that the service would not send: unreadable ones, and those it does not find."""

_AUTHOR_LIMIT = 100
_SUBTYPES = {
    "Article": "ar",
    "Review": "re",
    "Conference Paper": "cp",
    "Retracted": "tb",
    "Letter": "le",
    "Erratum": "er",
}
_BASE = "https://simulated.example/content"


def write_api_pages(
    simulation: Simulation, folder: Path, *, per_page: int = 25, over_limit: int = 0
) -> list[Path]:
    """Write the search as pages of JSON and return the files in order.

    The pages hold the rows of the exports but for unreadable ones and for those without a
    keyword, which a server does not send. As in the service, there are no index keywords: a paper
    found by these alone cannot be checked again by its words. ``over_limit`` adds that many
    papers of more than 100 authors, whose lists are cut; they are not part of the truth.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = [*_seen(simulation)]
    entries += [_entry(record) for record in _crowded(simulation, over_limit)]
    paths = []
    for number, start in enumerate(range(0, len(entries), per_page), 1):
        page = _envelope(entries[start : start + per_page], start, len(entries), per_page)
        path = folder / f"page_{number:05d}.json"
        path.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8", newline="\n")
        paths.append(path)
    return paths


def write_api_lines(simulation: Simulation, folder: Path) -> Path:
    """Write the same entries to one file, one a line, as large harvests are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "entries.jsonl"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for entry in _seen(simulation):
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return path


def _seen(simulation: Simulation) -> Iterator[dict[str, object]]:
    return (_entry(record) for record in simulation.records if record.reason not in UNSEEN)


def _envelope(
    entries: Sequence[dict[str, object]], start: int, total: int, per_page: int
) -> dict[str, object]:
    def link(kind: str, begin: int) -> dict[str, str]:
        href = f"{_BASE}/search/scopus?start={begin}&count={per_page}&view=COMPLETE"
        return {"@_fa": "true", "@ref": kind, "@href": href, "@type": "application/json"}

    links = [link("self", start), link("first", 0)]
    if start + per_page < total:
        links.append(link("next", start + per_page))
    links.append(link("last", max(0, (total - 1) // per_page * per_page)))
    query = {"@role": "request", "@searchTerms": "simulated", "@startPage": str(start)}
    return {
        "search-results": {
            "opensearch:totalResults": str(total),
            "opensearch:startIndex": str(start),
            "opensearch:itemsPerPage": str(len(entries)),
            "opensearch:Query": query,
            "link": links,
            "entry": list(entries),
        }
    }


def _entry(record: Record) -> dict[str, object]:
    paper, blank = record.paper, set(record.blank)
    number = paper.eid.removeprefix("2-s2.0-")
    signatures = paper.signatures[:_AUTHOR_LIMIT]
    organisations = _organisations(signatures)
    text = paper.text
    entry: dict[str, object] = {
        "@_fa": "true",
        "simulated": True,
        "prism:url": f"{_BASE}/abstract/scopus_id/{number}",
        "dc:identifier": f"SCOPUS_ID:{number}",
        "eid": paper.eid,
        "dc:title": text.title,
        "dc:creator": short_name(paper.signatures[0].author),
        "dc:publisher": MARK,
        "prism:publicationName": JOURNALS[paper.journal],
        "prism:issn": f"0000{paper.journal:04d}",
        "prism:volume": "" if "Volume" in blank else paper.volume,
        "prism:issueIdentifier": "" if "Issue" in blank else paper.issue,
        "prism:pageRange": f"{paper.first_page}-{paper.first_page + 11}",
        "prism:coverDate": f"{paper.year}-{int(paper.issue):02d}-01",
        "prism:coverDisplayDate": str(paper.year),
        "prism:doi": paper.doi,
        "dc:description": "" if "Abstract" in blank else text.abstract,
        "citedby-count": str(paper.cited_by),
        "affiliation": [_affiliation(address) for address in organisations],
        "prism:aggregationType": "Journal",
        "subtype": _SUBTYPES[paper.document_type],
        "subtypeDescription": paper.document_type,
        "author-count": {"@limit": str(_AUTHOR_LIMIT), "$": str(len(paper.signatures))},
        "author": [_author(place, each) for place, each in enumerate(signatures, 1)],
        "authkeywords": "" if "Author Keywords" in blank else " | ".join(text.author_keywords),
        "source-id": str(990_000 + paper.journal),
        "openaccess": "1" if paper.serial % 4 == 0 else "0",
        "openaccessFlag": paper.serial % 4 == 0,
    }
    if len(paper.signatures) > _AUTHOR_LIMIT:
        entry["message"] = (
            f"Author list of {len(paper.signatures)} truncated at {_AUTHOR_LIMIT}; "
            "retrieve the full abstract for a complete list of authors."
        )
    # The service leaves out what it does not have.
    return {name: value for name, value in entry.items() if value not in ("", [])}


def _organisations(signatures: Sequence[Signature]) -> list[Address]:
    found: dict[str, Address] = {}
    for signature in signatures:
        for address in signature.addresses:
            found.setdefault(address.afid, address)
    return list(found.values())


def _affiliation(address: Address) -> dict[str, str]:
    return {
        "@_fa": "true",
        "affiliation-url": f"{_BASE}/affiliation/affiliation_id/{address.afid}",
        "afid": address.afid,
        "affilname": address.organisation,
        "affiliation-city": address.city,
        "affiliation-country": address.country,
    }


def _author(place: int, signature: Signature) -> dict[str, object]:
    author = signature.author
    entry: dict[str, object] = {
        "@_fa": "true",
        "@seq": str(place),
        "author-url": f"{_BASE}/author/author_id/{author.id}",
        "authid": author.id,
        "authname": short_name(author),
        "surname": author.surname,
        "given-name": author.given,
        "initials": author.initials,
    }
    if signature.addresses:
        entry["afid"] = [{"@_fa": "true", "$": each.afid} for each in signature.addresses]
    return entry


def _crowded(simulation: Simulation, number: int) -> list[Record]:
    """Kept papers again under EIDs of their own, with more than a hundred authors."""
    rosters = Rosters(Chance(simulation.seed))
    records = []
    for place, paper in enumerate(simulation.kept()[:number]):
        home = paper.signatures[0].addresses
        crowd = [Signature(person, home) for person in rosters.crowd(104 + place)]
        records.append(Record(_again(paper, place, (*paper.signatures, *crowd)), "over_limit"))
    return records


def _again(paper: Paper, place: int, signatures: tuple[Signature, ...]) -> Paper:
    title = f"{paper.text.title} (with the whole consortium)"
    return replace(
        paper,
        eid=f"2-s2.0-SIM9{place:09d}",
        doi="",
        text=replace(paper.text, title=title),
        signatures=signatures,
    )
