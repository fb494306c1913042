"""A bibliographic record as read from a source, before any choice of the study is applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Database = Literal["Scopus", "Web of Science", "OpenAlex", "PubMed", "Lens", "IEEE Xplore"]
Tie = Literal["author", "paper", "none"]


class AffiliationFacts(NamedTuple):
    """What a source says of an affiliation beside its string; empty where it says nothing.

    ``country`` is an ISO code of the source's profile, which need not be the paper's address.
    """

    afid: str = ""
    ror: str = ""
    city: str = ""
    country: str = ""


@dataclass(slots=True)
class Record:
    """One record. ``None`` means that the source lacks the field; an empty value, that it is empty.

    ``author_affiliations`` holds for each author, in order, the affiliation strings the source ties
    to that author; it is ``None`` where the source ties affiliations to the paper only. ``facts``
    tells more of some of these strings. ``is_cut``: the source announced more authors
    (``authors_announced``) than it lists. ``row`` counts from 1 within ``file``. ``subjects`` are
    (scheme, subject area), the scheme being whose classification it is. ``corresponding`` are the
    positions of the corresponding authors, from 1; ``None`` where the source does not say.
    """

    file: str
    row: int
    database: Database
    is_simulated: bool
    eid: str
    doi: str
    title: str
    year: int
    source_title: str | None
    document_type: str | None
    source_type: str | None
    publication_stage: str | None
    language: str | None
    abstract: str | None
    author_keywords: str | None
    index_keywords: str | None
    authors_announced: int
    author_ids: tuple[str, ...]
    author_affiliations: tuple[tuple[str, ...], ...] | None
    affiliations: tuple[str, ...] | None
    filled: int
    findings: tuple[str, ...] = ()
    facts: Mapping[str, AffiliationFacts] = field(default_factory=dict)
    is_cut: bool = False
    source_id: str = ""
    is_retracted: bool | None = None
    subjects: tuple[tuple[str, str], ...] | None = None
    corresponding: tuple[int, ...] | None = None

    @property
    def location(self) -> str:
        return f"{self.file} row {self.row}"

    @property
    def tie(self) -> Tie:
        if self.author_affiliations is not None and any(self.author_affiliations):
            return "author"
        return "paper" if self.affiliations else "none"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that could not be used: where it stands, why, and the row as received."""

    file: str
    row: int
    reason: str
    raw: str
