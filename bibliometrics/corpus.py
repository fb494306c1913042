"""From records to the corpus: papers, authorships, affiliations, with every row accounted for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from bibliometrics import schema
from bibliometrics.duplicates import Duplicate, find_duplicates
from bibliometrics.errors import InputError
from bibliometrics.findings import Finding, corpus_findings
from bibliometrics.flow import FlowStep, Tally, flow_of
from bibliometrics.keywords import Hits, KeywordRule
from bibliometrics.merging import (
    Other,
    counted_database,
    merge,
    others,
    others_merged,
)
from bibliometrics.selection import CountryOf, Selection
from bibliometrics.sources.record import AffiliationFacts, Quarantined, Record
from bibliometrics.study import Study

_WITHOUT_KEYWORDS = ("OpenAlex",)


@dataclass(frozen=True)
class Corpus:
    """The deduplicated, filtered papers and what was set aside on the way.

    ``papers``, ``authorships``, ``affiliations``, ``keyword_hits``, ``subjects``,
    ``duplicates``, ``excluded`` and ``quarantine`` conform to ``schema``; ``flow`` starts at the
    rows read and ends at ``papers``.
    ``others`` are records of databases that the study does not count.
    """

    papers: pd.DataFrame
    authorships: pd.DataFrame
    affiliations: pd.DataFrame
    keyword_hits: pd.DataFrame
    subjects: pd.DataFrame
    duplicates: pd.DataFrame
    excluded: pd.DataFrame
    quarantine: pd.DataFrame
    flow: tuple[FlowStep, ...]
    findings: tuple[Finding, ...]
    is_simulated: bool
    database: str
    others: tuple[Other, ...]


def build_corpus(
    rows: Iterable[Record | Quarantined],
    study: Study,
    country_of: CountryOf,
    notes_zh: Mapping[str, str] = {},
) -> Corpus:
    """Judge every row and lay down the corpus.

    ``country_of`` gives an address's ISO code, ``notes_zh`` the Chinese of a record's findings.

    Raises
    ------
    InputError : simulated and real records in one run.
    InvariantError : a row is not accounted for.
    """
    rule = KeywordRule(study.query)
    records: list[Record] = []
    hits: list[Hits] = []
    quarantined: list[Quarantined] = []
    share = _Shared()
    for row in rows:
        if isinstance(row, Quarantined):
            quarantined.append(row)
            continue
        hits.append(rule.hits(_texts(row)))
        records.append(share.lean(row))
    kinds = {record.is_simulated for record in records}
    if len(kinds) > 1:
        raise InputError(
            "simulated and real records were given together",
            hint="give one kind: a figure made of both would mean nothing",
        )
    database = counted_database(records, study)
    elsewhere = others(records, database)
    read = len(records)
    if database is not None:
        own = [index for index, record in enumerate(records) if record.database == database]
        records, hits = [records[i] for i in own], [hits[i] for i in own]
    duplicates = find_duplicates(records)
    set_aside = {duplicate.index for duplicate in duplicates}
    merged = merge(records, duplicates)
    elsewhere += others_merged(records, duplicates)
    for duplicate in duplicates:
        if duplicate.kept in merged:
            hits[duplicate.kept] = hits[duplicate.kept].joined(hits[duplicate.index])
    selection = Selection(study, rule, country_of)
    kept: list[int] = []
    excluded: list[tuple[Record, str]] = []
    for index, record in enumerate(records):
        if index in set_aside:
            continue
        step = selection.judge(record, hits[index])
        if step is None:
            kept.append(index)
        else:
            excluded.append((record, step))
    tally = Tally(len(quarantined), read, len(records), len(duplicates), len(kept))
    across = sum(records[item.index].database != records[item.kept].database for item in duplicates)
    flow = flow_of(tally, across, selection, database)
    papers = [records[index] for index in kept]
    ids = _paper_ids(papers)
    affiliations, places = _affiliations(papers, country_of)
    return Corpus(
        papers=_papers(papers, ids, [merged.get(index) for index in kept]),
        authorships=_authorships(papers, ids, places),
        affiliations=affiliations,
        keyword_hits=_keyword_hits(ids, [hits[index] for index in kept]),
        subjects=_subjects(papers, ids),
        duplicates=_duplicates(records, duplicates),
        excluded=_excluded(excluded),
        quarantine=_quarantine(quarantined),
        flow=flow,
        findings=tuple(
            corpus_findings(
                records, hits, duplicates, selection.steps, papers, country_of, notes_zh
            )
        ),
        is_simulated=kinds == {True},
        database=database or " + ".join(sorted({record.database for record in records})),
        others=tuple(elsewhere),
    )


class _Shared:
    """Keeps one copy of each affiliation string and drops the texts that were searched."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def lean(self, record: Record) -> Record:
        keep = self._known.setdefault
        record.abstract = None
        record.author_keywords = None
        record.index_keywords = None
        if record.affiliations is not None:
            record.affiliations = tuple(keep(item, item) for item in record.affiliations)
        if record.author_affiliations is not None:
            record.author_affiliations = tuple(
                tuple(keep(item, item) for item in items) for items in record.author_affiliations
            )
        return record


def _texts(record: Record) -> dict[str, str | None]:
    # A database that has no keywords at all is searched without them; an export that lacks them
    # although its database has them cannot tell.
    absent = "" if record.database in _WITHOUT_KEYWORDS else None
    return {
        "title": record.title,
        "abstract": record.abstract,
        "author_keywords": absent if record.author_keywords is None else record.author_keywords,
        "index_keywords": absent if record.index_keywords is None else record.index_keywords,
    }


def paper_id(record: Record) -> str:
    """EID, else DOI, else a hash of title, year and source: the same from run to run."""
    if record.eid:
        return record.eid
    if record.doi:
        return f"doi:{record.doi}"
    if record.source_id:
        return record.source_id
    known = f"{record.title}|{record.year}|{record.source_title or ''}"
    return f"title:{hashlib.sha256(known.encode()).hexdigest()[:16]}"


def _paper_ids(papers: list[Record]) -> list[str]:
    seen: dict[str, int] = {}
    ids = []
    for record in papers:
        first = paper_id(record)
        seen[first] = seen.get(first, 0) + 1
        # Two records that only a short title identifies are two papers until somebody says not.
        ids.append(first if seen[first] == 1 else f"{first}-{seen[first]}")
    return ids


def _papers(papers: list[Record], ids: list[str], merged: list[str | None]) -> pd.DataFrame:
    def column(get: Callable[[Record], object]) -> list[object]:
        return [get(record) for record in papers]

    frame = pd.DataFrame(
        {
            "paper_id": pd.Series(ids, dtype="string"),
            "eid": column(lambda r: r.eid or None),
            "doi": column(lambda r: r.doi or None),
            "title": column(lambda r: r.title),
            "year": column(lambda r: r.year),
            "source_title": column(lambda r: r.source_title),
            "document_type": column(lambda r: r.document_type),
            "language": column(lambda r: r.language),
            "authors_announced": column(lambda r: r.authors_announced),
            "tie": column(lambda r: r.tie),
            "is_cut": column(lambda r: int(r.is_cut)),
            "is_retracted": column(lambda r: None if (x := _retracted(r)) is None else int(x)),
            "database": column(lambda r: r.database),
            "merged": pd.Series(merged, dtype="string"),
            "location": column(lambda r: r.location),
        }
    )
    return schema.conform(frame, schema.PAPERS)


def _retracted(record: Record) -> bool | None:
    if record.is_retracted is not None:
        return record.is_retracted
    return None if record.document_type is None else record.document_type.lower() == "retracted"


def _affiliations(
    papers: list[Record], country_of: CountryOf
) -> tuple[pd.DataFrame, dict[str, int]]:
    tally: dict[str, int] = {}
    for record in papers:
        for item in set(record.affiliations or ()):
            tally[item] = tally.get(item, 0) + 1
    strings = sorted(tally)
    facts = _facts(papers)
    nothing = AffiliationFacts()
    frame = pd.DataFrame(
        {
            "affiliation_id": range(len(strings)),
            "affiliation": pd.Series(strings, dtype="string"),
            "country": pd.Series(
                [country_of(item) or facts.get(item, nothing).country or None for item in strings],
                dtype="string",
            ),
            "papers": [tally[item] for item in strings],
            "afid": [facts.get(item, nothing).afid or None for item in strings],
            "ror": [facts.get(item, nothing).ror or None for item in strings],
        }
    )
    places = {item: place for place, item in enumerate(strings)}
    return schema.conform(frame, schema.AFFILIATIONS), places


def _facts(papers: list[Record]) -> dict[str, AffiliationFacts]:
    """For each string what its source says most often; ties by identifier."""
    seen: dict[str, dict[AffiliationFacts, int]] = {}
    for record in papers:
        for item, facts in record.facts.items():
            tally = seen.setdefault(item, {})
            tally[facts] = tally.get(facts, 0) + 1
    return {
        item: min(tally, key=lambda facts: (-tally[facts], facts.afid, facts.ror))
        for item, tally in seen.items()
    }


def _authorships(papers: list[Record], ids: list[str], places: dict[str, int]) -> pd.DataFrame:
    papers_column: list[str] = []
    positions: list[int | None] = []
    authors: list[str | None] = []
    strings: list[int | None] = []
    corresponding: list[int | None] = []
    for record, paper in zip(papers, ids, strict=True):
        known = record.corresponding
        for position, author, place in _ties(record, places):
            papers_column.append(paper)
            positions.append(position)
            authors.append(author)
            strings.append(place)
            told = None if known is None or position is None else int(position in known)
            corresponding.append(told)
    frame = pd.DataFrame(
        {
            "paper_id": pd.Series(papers_column, dtype="string"),
            "author_position": pd.Series(positions, dtype="Int64"),
            "author_id_scopus": pd.Series(authors, dtype="string"),
            "affiliation_id": pd.Series(strings, dtype="Int64"),
            "is_corresponding": pd.Series(corresponding, dtype="Int64"),
        }
    )
    return schema.conform(frame, schema.AUTHORSHIPS)


def _ties(
    record: Record, places: dict[str, int]
) -> Iterable[tuple[int | None, str | None, int | None]]:
    if record.tie != "author":
        for item in dict.fromkeys(record.affiliations or ()):
            yield None, None, places[item]
        return
    for position, items in enumerate(record.author_affiliations or (), 1):
        author = record.author_ids[position - 1] if record.author_ids else None
        distinct = dict.fromkeys(items)
        if not distinct:
            yield position, author, None
        for item in distinct:
            yield position, author, places[item]
    tied = {item for items in record.author_affiliations or () for item in items}
    for item in dict.fromkeys(record.affiliations or ()):
        if item not in tied:
            yield None, None, places[item]


def _keyword_hits(ids: list[str], hits: list[Hits]) -> pd.DataFrame:
    rows = [
        (paper, keyword, field)
        for paper, found in zip(ids, hits, strict=True)
        for keyword, field in found.found
    ]
    frame = pd.DataFrame(rows, columns=["paper_id", "keyword", "field"], dtype="string")
    return schema.conform(frame, schema.KEYWORD_HITS)


def _subjects(papers: list[Record], ids: list[str]) -> pd.DataFrame:
    rows = [
        (paper, scheme, subject)
        for record, paper in zip(papers, ids, strict=True)
        for scheme, subject in record.subjects or ()
    ]
    frame = pd.DataFrame(rows, columns=schema.SUBJECTS.column_names, dtype="string")
    return schema.conform(frame, schema.SUBJECTS)


def _duplicates(records: list[Record], duplicates: list[Duplicate]) -> pd.DataFrame:
    rows = [
        (
            records[item.index].location,
            records[item.kept].location,
            paper_id(records[item.kept]),
            item.matched_by,
            item.reason,
        )
        for item in duplicates
    ]
    frame = pd.DataFrame(rows, columns=schema.DUPLICATES.column_names, dtype="string")
    return schema.conform(frame, schema.DUPLICATES)


def _excluded(rows: list[tuple[Record, str]]) -> pd.DataFrame:
    ids = _paper_ids([record for record, _ in rows])
    frame = pd.DataFrame(
        {
            "paper_id": pd.Series(ids, dtype="string"),
            "eid": [record.eid or None for record, _ in rows],
            "doi": [record.doi or None for record, _ in rows],
            "year": [record.year for record, _ in rows],
            "step": pd.Series([step for _, step in rows], dtype="string"),
        }
    )
    return schema.conform(frame, schema.EXCLUDED)


def _quarantine(rows: list[Quarantined]) -> pd.DataFrame:
    frame = pd.DataFrame(
        [(row.file, f"row {row.row}", row.reason, row.raw) for row in rows],
        columns=schema.QUARANTINE.column_names,
        dtype="string",
    )
    return schema.conform(frame, schema.QUARANTINE)
