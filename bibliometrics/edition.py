"""What an edition is, as plain data: the pages are made of this and of nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Input:
    """One file the records came from: its bare name, content hash, kind and number of rows."""

    name: str
    sha256: str
    kind: str
    rows: int


@dataclass(frozen=True)
class Choice:
    """One option of the study: where it stands, what was chosen, what else could be."""

    place: str
    value: str
    alternatives: tuple[str, ...]
    says_en: str
    says_zh: str
    is_default: bool


@dataclass(frozen=True)
class Edition:
    """One dated run of a study.

    ``tables`` maps a table's name in ``schema.EDITION_TABLES`` to a frame that conforms to it.
    ``needs_inputs``: to make it again the files must be given; else a run finds the records itself.
    ``denominator_papers`` is the number shares are shares of, a fraction where it adds up
    fractional counts; ``papers`` the corpus's distinct
    papers; ``papers_attributed`` those with at least one institution of the geography.
    """

    name: str
    study: str
    title_en: str
    title_zh: str
    question_en: str
    question_zh: str
    country: str
    query: str
    years: tuple[int, int] | None
    is_simulated: bool
    as_of: str
    counting: str
    denominator: str
    denominator_papers: float
    papers: int
    papers_attributed: int
    rank_floor: int
    inputs: tuple[Input, ...]
    needs_inputs: bool
    choices: tuple[Choice, ...]
    network_says_en: str
    network_says_zh: str
    software: str
    registry_version: str
    seed: int
    tables: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Evidence:
    """What the lists of papers behind an edition's numbers are made of.

    ``papers``, ``keyword_hits`` and ``subjects`` conform to their declarations in ``schema``, and
    ``credits``, but that partners outside the geography have only papers with somebody inside.
    ``holders`` has institution_id, name_en, name_zh, scope, province, authority, country;
    ``mentions`` a row for each paper_id × institution_id × affiliation with its rule, is_first and
    is_corresponding; ``units`` paper_id, of_paper, of_first: institutions among which a paper, or
    its first author's part, is divided, each unregistered string being one; ``countries`` paper_id
    × country; ``unmatched`` row (in its table), affiliation, paper_id; ``untied`` the paper_id of
    papers that make no ties.
    """

    papers: pd.DataFrame
    holders: pd.DataFrame
    credits: pd.DataFrame
    mentions: pd.DataFrame
    countries: pd.DataFrame
    keyword_hits: pd.DataFrame
    subjects: pd.DataFrame
    units: pd.DataFrame
    unmatched: pd.DataFrame
    untied: pd.DataFrame


@dataclass(frozen=True)
class Ground:
    """What a geographic map is drawn on: areas as SVG paths by code, and where a place lies.

    ``place`` takes degrees east and north to the picture, ``centres`` has the middle of each area.
    """

    width: int
    height: int
    areas: tuple[tuple[str, str], ...]
    centres: Mapping[str, tuple[float, float]]
    place: Callable[[float, float], tuple[float, float]]
