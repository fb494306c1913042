"""What all tables of the report share: rows, what they sort by, what stands under a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pandas as pd

from bibliometrics.edition import Edition
from bibliometrics.presentation.bilingual import (
    Text,
    capital,
    clean,
    count,
    day,
    denominator,
    missing,
    name,
    same,
    say,
    term,
)

# A page stays readable and small; the whole table lies beside it and the page says so.
MOST_ROWS = 300

Row = SimpleNamespace


@dataclass(frozen=True)
class Basis:
    """What stands under a table: its counting, denominator, date and source."""

    counting: Text
    denominator: Text
    as_of: Text
    source: Text
    has_shares: bool


@dataclass(frozen=True)
class Listing:
    """Rows shown of a table, its caption, and how many rows it has in all."""

    caption: Text
    rows: list[Row]
    total: int


def table(edition: Edition, name_: str) -> pd.DataFrame:
    """A table of the edition; an empty frame where the edition has none of that name."""
    found = edition.tables.get(name_)
    return pd.DataFrame() if found is None else found


def records(frame: pd.DataFrame, most: int = MOST_ROWS) -> list[dict[Any, Any]]:
    """The first ``most`` rows, each a mapping from column to value."""
    return frame.head(most).to_dict("records")


def basis(edition: Edition, name_: str) -> Basis:
    """The table's own columns; where it is empty, the edition's."""
    rows = table(edition, name_)
    first = rows.iloc[0].to_dict() if len(rows) else {}

    def value(column: str, otherwise: str) -> str:
        given = first.get(column)
        return otherwise if missing(given) else str(given)

    named = value("denominator", edition.denominator)
    return Basis(
        counting=term("counting", value("counting", edition.counting)),
        denominator=denominator(named),
        as_of=day(value("as_of", edition.as_of)),
        source=term("source", value("source", "SIMULATED" if edition.is_simulated else "–")),
        has_shares=not named.startswith("none"),
    )


def fraction(value: object, largest: object) -> float:
    """``value`` over ``largest``, from 0 to 1, for a bar; 0 where either is missing."""
    found = over(value, largest)
    return 0.0 if found is None else min(1.0, max(0.0, found))


def largest(frame: pd.DataFrame, column: str = "papers") -> object:
    return frame[column].max() if len(frame) else 0


def key(value: object) -> str:
    """What a column sorts by; empty sorts last."""
    return "" if missing(value) else f"{float(str(value)):.10g}"


def over(part: object, whole: object) -> float | None:
    """A ratio; None where a part of it is missing or the whole is zero."""
    if missing(part) or missing(whole) or not float(str(whole)):
        return None
    return float(str(part)) / float(str(whole))


def rank(value: object) -> Text:
    return same("") if missing(value) else count(value)


def code(value: object) -> str:
    """A code of a table as an attribute value."""
    return "" if missing(value) else clean(str(value))


def words(value: object, longest: int = 300) -> str:
    """A text cell on one line; empty where it is missing."""
    return "" if missing(value) else clean(str(value), longest)


def native_names(edition: Edition) -> dict[str, object]:
    """Chinese name by id, of ranked institutions and of nodes."""
    return {
        str(row.institution_id): row.name_zh
        for frame in (table(edition, "nodes"), table(edition, "ranking"))
        for row in frame.itertuples(index=False)
        if not missing(row.name_zh)
    }


def names(edition: Edition) -> dict[str, Text]:
    """Both names by id, of ranked institutions."""
    return {
        str(row.institution_id): name(row.name_en, row.name_zh)
        for row in table(edition, "ranking").itertuples(index=False)
    }


def options(frame: pd.DataFrame, family: str) -> list[tuple[str, Text]]:
    """Codes and names of a filter, by English name."""
    codes = {code(value) for value in frame[family].dropna()} - {""} if len(frame) else set()
    named = [(c, capital(term(family, c))) for c in codes]
    return sorted(named, key=lambda pair: (pair[1].en, pair[0]))


def status(edition: Edition, name_: str) -> Text | None:
    """Why a table is not there, with the command that makes it; None where it has rows."""
    if len(table(edition, name_)):
        return None
    return say(f"absent_{name_}", study=clean(edition.study))


def joined(codes: Sequence[object]) -> str:
    return ", ".join(clean(str(c)) for c in codes)
