"""Records of several databases: one of them is counted, or all are merged, as the study says.

A mixed corpus changes coverage: an institution gains where one database indexes more of its
journals. Rankings therefore take one database unless the study says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bibliometrics.corpus.duplicates import Duplicate
from bibliometrics.errors import InputError
from bibliometrics.sources.record import Database, Record
from bibliometrics.study.model import Study

# Fields of a paper that another database's record of it may fill; never who wrote it and where.
_FILLED = ("doi", "source_title", "document_type", "source_type", "publication_stage", "language")


@dataclass(frozen=True)
class Other:
    """A record of a database that is not counted: kept to compare its institutions."""

    doi: str
    database: Database
    affiliations: tuple[str, ...]


def counted_database(databases: Iterable[Database], study: Study) -> Database | None:
    """The one database that is counted; ``None``: all are merged.

    Raises
    ------
    InputError : records of several databases, none of them the study's.
    """
    present = sorted(set(databases))
    if study.source.databases == "merged" or len(present) < 2:
        return None
    if study.source.database not in present:
        raise InputError(
            f"records of several databases ({', '.join(present)}), and none of the study's own"
            f" ({study.source.database})",
            hint='set [source] database to one of them, or [source] databases = "merged"',
        )
    return study.source.database


def others(records: Sequence[Record], counted: Database | None) -> list[Other]:
    """What the databases that are not counted say of papers with a DOI."""
    if counted is None:
        return []
    return [
        Other(record.doi, record.database, record.affiliations or ())
        for record in records
        if record.database != counted and record.doi and record.affiliations
    ]


def merge(records: Sequence[Record], duplicates: Sequence[Duplicate]) -> dict[int, str]:
    """Fill the winners' empty fields from other databases' records of the same paper.

    Returns for each winner that another database also holds a note such as
    ``Scopus; language: OpenAlex``: the database of the record, then the fields that came from
    elsewhere.
    """
    notes: dict[int, list[str]] = {}
    for duplicate in duplicates:
        winner, loser = records[duplicate.kept], records[duplicate.index]
        if loser.is_retracted or winner.is_retracted is None:
            # A retraction that one record tells is true of the paper.
            winner.is_retracted = loser.is_retracted
        if winner.database == loser.database:
            continue
        if loser.subjects:
            # Each under its own scheme: no classification replaces another's.
            winner.subjects = tuple(dict.fromkeys((*(winner.subjects or ()), *loser.subjects)))
        said = notes.setdefault(duplicate.kept, [winner.database, f"also in {loser.database}"])
        for field in _FILLED:
            if not getattr(winner, field) and getattr(loser, field):
                setattr(winner, field, getattr(loser, field))
                said.append(f"{field}: {loser.database}")
    return {index: "; ".join(dict.fromkeys(said)) for index, said in notes.items()}


def others_merged(records: Sequence[Record], duplicates: Sequence[Duplicate]) -> list[Other]:
    """What records that were merged into another database's said of who wrote the paper."""
    return [
        Other(records[d.kept].doi, records[d.index].database, records[d.index].affiliations or ())
        for d in duplicates
        if records[d.index].database != records[d.kept].database
        and records[d.kept].doi
        and records[d.index].affiliations
    ]
