"""Five papers of four institutions, ready to be counted under other choices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from bibliometrics.attribution.entities import Entity
from bibliometrics.attribution.institutions import Institution, Registry
from bibliometrics.claims.claim_file import COLUMNS, Claim
from bibliometrics.claims.effects import Answer, Effect, Listing, Target, targets
from bibliometrics.claims.open_choices import Choices, open_choices
from bibliometrics.claims.places import Places
from bibliometrics.claims.readings import Readings, Signatures
from bibliometrics.claims.search import DIMENSIONS, Papers, Search, search
from bibliometrics.study.model import Study
from numbers_fixture import entity

IDS = {0: ("a",), 1: ("b",), 2: ("a", "i"), 3: ("h",), 4: ()}
PAPERS = pd.DataFrame(
    [("p0", 2019, 2, "author"), ("p1", 2020, 1, "author"), ("p2", 2020, 3, "author"),
     ("p3", 2018, 2, "paper"), ("p4", 2019, 1, "author")],
    columns=["paper_id", "year", "authors_announced", "tie"],
).astype({"paper_id": "string", "year": "Int64", "authors_announced": "Int64"})  # fmt: skip
# Affiliation 9 is none that was answered; p3 ties nobody to an affiliation.
AUTHORSHIPS = pd.DataFrame(
    [("p0", 1, 0), ("p0", 2, 1), ("p1", 1, 2), ("p2", 1, 0), ("p2", 1, 4), ("p2", 2, 1),
     ("p3", None, 3), ("p4", 1, 4), ("p4", 1, 9), ("p2", 3, None)],
    columns=["paper_id", "author_position", "affiliation_id"],
).astype({"paper_id": "string", "author_position": "Int64", "affiliation_id": "Int64"})  # fmt: skip


def claim(claim_id: str, value: str, computation: str, of: str = "", **rest: str) -> Claim:
    cells = dict.fromkeys(COLUMNS, "") | {
        "claim_id": claim_id, "value": value, "computation": computation, "of": of, **rest,
    }  # fmt: skip
    return Claim(**cells)


def wanted(*rows: tuple[str, str, str]) -> tuple[Target, ...]:
    """Targets of (value, computation, of), named by computation and of."""
    return targets([claim(f"{name}-{of}", value, name, of) for value, name, of in rows])


def institution(name: str, group: str = "university", province: str = "Beijing") -> Institution:
    blank = dict.fromkeys(Institution.__dataclass_fields__, "")
    told = {
        "id": name, "name_en": name.title(), "name_zh": name, "group": group, "province": province,
        "country": "CN", "scopus_afids": (), "aliases": (), "aliases_conditional": (),
        "valid_from": None, "valid_to": None, "domains": (), "former_names": (),
    }  # fmt: skip
    if province in {"HK", "MO", "TW"}:
        told["country"] = province
    return Institution(**(blank | told))


ROWS = {
    "a": institution("a"),
    "b": institution("b", province="Shanghai"),
    "h": institution("h", province="HK"),
    "i": institution("i", group="institute"),
    "m": institution("m", province="MO"),
    "t": institution("t", province="TW"),
}
REGISTRY = Registry(ROWS, (), (), (), {}, ())
OUTSIDE = {"x": entity("x", scope="foreign"), "o": entity("o")}


def readings() -> Readings:
    return Readings(PAPERS, AUTHORSHIPS, Signatures.fixed(IDS, REGISTRY))


def places(study: Study, known: dict[str, Entity] | None = None) -> Places:
    return Places(study, REGISTRY, OUTSIDE if known is None else known)


def listing(
    study: Study, listed: Sequence[bool] = (True,) * 4, standing: Sequence[bool] | None = None
) -> Listing:
    """The corpus by full counting; the order is a, b, h, i. Ranks are among the ``standing``."""
    made = readings()
    tally = made.tally(None, np.ones(len(made), dtype=bool), "all")  # type: ignore[arg-type]
    where = places(study)
    return Listing(
        tally, np.array(listed), where.groups(tally.institutions),
        where.is_mainland(tally.institutions), tally.full, None,
        np.array(listed if standing is None else standing),
    )  # fmt: skip


def choices_of(study: Study, *, has_groups: bool = True) -> Choices:
    return open_choices(study, has_policies=False, has_ties=True, has_groups=has_groups)


def searched(study: Study, asked: tuple[Target, ...]) -> Search:
    """The search of the five papers, with the years as the only part of the corpus to vary."""
    made = readings()
    choices = choices_of(study)
    everything = np.ones(len(made), dtype=bool)
    years = {year: made.years <= int(year) for year in choices.tried["end_year"]}
    parts = Papers(
        years,
        dict.fromkeys(choices.tried["keyword_fields"], everything),
        dict.fromkeys(choices.tried["scope"], everything),
    )
    return search(made, parts, places(study), asked, choices, study)


def effect(*answers: tuple[Fraction | int | None, int | None, bool, float]) -> Effect:
    """An effect of (figure, shown, met, outside) answers; figures are over one."""
    return Effect(
        tuple(
            Answer(None if figure is None else (Fraction(figure), Fraction(1)), shown, met, outside)
            for figure, shown, met, outside in answers
        ),
        None,
    )


def search_of(
    study: Study, asked: tuple[Target, ...], rows: list[tuple[dict[str, str], int]],
    effects: Sequence[Effect], own: int | None,
) -> Search:  # fmt: skip
    """A search by hand: ``rows`` are options that differ from the study's, and their effect."""
    choices = choices_of(study)
    vectors = pd.DataFrame(
        [
            {name: choices.own[name] for name in DIMENSIONS} | options | {"effect": number}
            for options, number in rows
        ]
    )
    return Search(vectors, tuple(effects), asked, choices, own)
