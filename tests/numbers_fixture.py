"""A corpus as a list of papers, for the tests of what is made of counts."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution.entities import Entity
from bibliometrics.counting.counts import Counts, count
from bibliometrics.counting.ranking import Stamp
from bibliometrics.study.model import Study

STAMP = Stamp("full", "unknown", "SIMULATED")


@dataclass(frozen=True)
class Small:
    papers: pd.DataFrame
    counts: Counts
    entities: dict[str, Entity]


def entity(name: str, group: str = "universities", scope: str = "domestic") -> Entity:
    kind = "university" if group == "universities" else "cas"
    return Entity(
        entity_id=name, name_en=name.title(), name_zh=f"{name}大学", scope=scope, group=group,
        kind=kind, province="Beijing", authority="moe", country="CN", other_country="CN",
        other_scope=scope,
    )  # fmt: skip


def small(papers: list[str], years: list[int] | None = None, institutes: str = "") -> Small:
    """``papers`` of one author each: the letters are the institutions, e.g. "ab"."""
    letters = sorted(set("".join(papers)))
    numbers = {letter: place for place, letter in enumerate(letters)}
    paper_rows = pd.DataFrame(
        {
            "paper_id": [f"p{n:05}" for n in range(len(papers))],
            "year": years or [2019] * len(papers),
            "authors_announced": 1,
            "tie": "author",
        }
    )
    rows = [
        {"paper_id": f"p{n:05}", "author_position": 1, "affiliation_id": numbers[letter]}
        for n, paper in enumerate(papers)
        for letter in paper
    ]
    rows += [
        {"paper_id": f"p{n:05}", "author_position": 1, "affiliation_id": None}
        for n, paper in enumerate(papers)
        if not paper
    ]
    entities = {
        letter: entity(letter, "institutes" if letter in institutes else "universities")
        for letter in letters
    }
    frame = schema.conform(paper_rows, schema.PAPERS)
    counts = count(
        frame,
        schema.conform(pd.DataFrame(rows), schema.AUTHORSHIPS),
        {number: (letter,) for letter, number in numbers.items()},
        dict.fromkeys(letters, "domestic"),
    )
    return Small(frame, counts, entities)


def with_sections(study: Study, **sections: dict[str, object]) -> Study:
    """``study`` with options replaced."""
    changed = {
        name: getattr(study, name).model_copy(update=options) for name, options in sections.items()
    }
    return study.model_copy(update=changed)


@dataclass(frozen=True)
class Paper:
    """A paper as a reader sees it: each author's strings, parted by spaces.

    A string is the letters of its institutions; "?" is a string of nobody. ``corresponding`` is the
    position of the corresponding author, 0 where the source does not say.
    """

    authors: tuple[str, ...]
    year: int | None = 2019
    corresponding: int = 0
    tie: str = "author"
    is_retracted: int | None = 0
    announced: int = 0


def written(papers: list[Paper], entities: dict[str, Entity]) -> Small:
    """The corpus of ``papers``, counted; the i-th has the id ``p<i>``."""
    strings = sorted(
        {text for paper in papers for author in paper.authors for text in author.split()}
    )
    numbers = {text: number for number, text in enumerate(strings)}
    told = pd.DataFrame(
        {
            "paper_id": f"p{n}", "year": paper.year, "tie": paper.tie,
            "authors_announced": paper.announced or len(paper.authors),
            "is_retracted": paper.is_retracted,
        }
        for n, paper in enumerate(papers)
    )  # fmt: skip
    rows = pd.DataFrame(
        {
            "paper_id": f"p{n}",
            "author_position": position if paper.tie == "author" else None,
            "affiliation_id": numbers.get(text),
            "is_corresponding": int(position == paper.corresponding)
            if paper.corresponding
            else None,
        }
        for n, paper in enumerate(papers)
        for position, author in enumerate(paper.authors, 1)
        for text in author.split() or [""]
    )
    frame = schema.conform(told, schema.PAPERS)
    counts = count(
        frame,
        schema.conform(rows, schema.AUTHORSHIPS),
        {number: tuple(text) for text, number in numbers.items() if text != "?"},
        {name: entity.scope for name, entity in entities.items()},
    )
    return Small(frame, counts, entities)


def credits_of(papers: list[set[str]]) -> pd.DataFrame:
    """Ids that begin with x- are foreign, all others domestic."""
    rows = [(f"p{n}", name) for n, names in enumerate(papers) for name in sorted(names)]
    frame = pd.DataFrame(rows, columns=["paper_id", "institution_id"], dtype="string")
    frame["scope"] = [
        "foreign" if name.startswith("x-") else "domestic" for name in frame["institution_id"]
    ]
    return frame
