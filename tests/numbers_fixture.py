"""A corpus as a list of papers, for the tests of what is made of counts."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from bibliometrics import schema
from bibliometrics.counting import Counts, count
from bibliometrics.entities import Entity
from bibliometrics.ranking import Stamp
from bibliometrics.study import Study

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
