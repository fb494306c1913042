"""What a simulated corpus is made of. Every count of the truth is taken from these objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Generation = Literal["G1", "G2", "G3"]
Scope = Literal["domestic", "foreign", "hk_mo_tw"]
Place = Literal["mainland", "hk_mo_tw", "foreign"]

KEPT = "kept"
KEYWORDS = (
    "Artificial Intelligence",
    "Machine learning",
    "robot",
    "Speech Recognition",
    "pattern recognition",
)
FIELDS = ("title", "abstract", "author_keywords", "index_keywords")
Hit = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution as it is counted, after the roll-up; country is a two-letter code."""

    id: str
    name: str
    scope: Scope
    kind: str
    country: str
    province: str
    since: int = 0


@dataclass(frozen=True, slots=True)
class Address:
    """One affiliation string.

    ``department_first`` is how exports up to 2024 print it, ``organisation_first`` how later ones
    do; the two ``raw`` forms hold the HTML entities, where the string is printed with some.
    ``institution_ids`` are the most specific ids, ``counted_ids`` those that get the paper.
    """

    department_first: str
    organisation_first: str
    raw_department_first: str
    raw_organisation_first: str
    organisation: str
    city: str
    country: str
    afid: str
    institution_ids: tuple[str, ...]
    counted_ids: tuple[str, ...]
    place: Place
    since: int
    until: int

    def text(self, generation: Generation) -> str:
        """The affiliation with its entities resolved."""
        return self.organisation_first if generation == "G3" else self.department_first

    def raw(self, generation: Generation) -> str:
        """The affiliation as an export of the generation prints it."""
        return self.raw_organisation_first if generation == "G3" else self.raw_department_first

    @property
    def api_text(self) -> str:
        """The affiliation as the Search API gives it: name, city and country."""
        return f"{self.organisation}, {self.city}, {self.country}"


@dataclass(frozen=True, slots=True)
class Author:
    """A person; ``initials`` with full stops."""

    id: str
    surname: str
    given: str
    initials: str


@dataclass(frozen=True, slots=True)
class Signature:
    """One author's place on one paper, with the addresses signed, possibly none."""

    author: Author
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """The words of a paper, and where the five keywords stand in them."""

    title: str
    abstract: str
    author_keywords: tuple[str, ...]
    index_keywords: tuple[str, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. ``serial`` counts from 1 over all papers drawn."""

    serial: int
    eid: str
    doi: str
    year: int
    text: Text
    signatures: tuple[Signature, ...]
    corresponding: int
    journal: int
    volume: str
    issue: str
    first_page: int
    cited_by: int
    document_type: str = "Article"
    stage: str = "Final"


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the exports: a paper, why it stays or falls, and what the row leaves blank."""

    paper: Paper
    reason: str
    blank: tuple[str, ...] = ()
    is_cut_short: bool = False


@dataclass(frozen=True)
class Simulation:
    """The rows of a simulated search, in the order of the files.

    ``papers`` is the number of papers that end in the corpus.
    """

    papers: int
    seed: int
    records: tuple[Record, ...]
    institutions: dict[str, Institution]

    def kept(self) -> list[Paper]:
        """The papers of the corpus, in the order of the files."""
        return [record.paper for record in self.records if record.reason == KEPT]


def members(paper: Paper) -> list[str]:
    """The institutions that count for a paper, each once, sorted."""
    return sorted(
        {
            institution
            for signature in paper.signatures
            for address in signature.addresses
            for institution in address.counted_ids
        }
    )
