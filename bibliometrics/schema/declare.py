"""What a table declaration is, and how a frame is made to conform to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from bibliometrics.errors import InvariantError

Kind = Literal["text", "integer", "number"]

_DTYPES: dict[Kind, str] = {"text": "string", "integer": "Int64", "number": "Float64"}

# Decimals of a written number: ten are more than any share needs and fewer than a float's noise.
DECIMALS = 10


@dataclass(frozen=True)
class Column:
    name: str
    kind: Kind
    says: str


@dataclass(frozen=True)
class Table:
    """One table: ``grain`` completes the sentence "one row is …"."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    order: tuple[str, ...]
    descending: tuple[str, ...] = ()

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"


def text(name: str, says: str) -> Column:
    return Column(name, "text", says)


def integer(name: str, says: str) -> Column:
    return Column(name, "integer", says)


def number(name: str, says: str) -> Column:
    return Column(name, "number", says)


def empty(table: Table) -> pd.DataFrame:
    """A frame of ``table`` with no row."""
    return pd.DataFrame({c.name: pd.Series(dtype=_DTYPES[c.kind]) for c in table.columns})


def among(column: pd.Series[Any], values: pd.Series[Any] | pd.Index[Any]) -> pd.Series[bool]:
    """Where ``column`` holds one of ``values``: ``isin``, which is slow for Arrow strings.

    pandas turns each of the values into an Arrow scalar first; plain objects take a sixth of the
    time at 150,000 rows.
    """
    return column.astype(object).isin(values.astype(object))


def plain(column: pd.Series[Any]) -> list[Any]:
    """The values of ``column`` as Python's own: text, numbers, and ``pd.NA`` for what is unknown.

    Going through a column of Arrow strings one by one takes ten times as long.
    """
    found: list[Any] = column.astype(object).tolist()
    return found


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """``frame`` with the columns, types and row order of ``table``.

    Columns that the declaration has and the frame lacks come empty; others are dropped.

    Raises
    ------
    InvariantError : the table's key is not unique.
    """
    columns = {}
    for column in table.columns:
        values = (
            frame[column.name]
            if column.name in frame.columns
            else pd.Series([pd.NA] * len(frame), index=frame.index)
        )
        columns[column.name] = _typed(values, column.kind)
    whole = pd.DataFrame(columns, index=frame.index)
    whole = whole.sort_values(
        list(table.order),
        ascending=[name not in table.descending for name in table.order],
        kind="stable",
        na_position="last",
    ).reset_index(drop=True)
    doubled = whole.duplicated(list(table.key))
    if doubled.any():
        first = whole.loc[doubled, list(table.key)].iloc[0].to_dict()
        raise InvariantError(
            f"table {table.name} has {int(doubled.sum())} rows with a key that is not unique",
            where=str(first),
            hint="this is a fault of the program: please report it with the study file",
        )
    return whole


def in_order(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """``frame`` with the columns and types of ``table``, whose rows are in its order already.

    For large tables that were put in order by numbers. That no key comes twice is checked between
    neighbours.

    Raises
    ------
    InvariantError : the table's key is not unique.
    """
    whole = pd.DataFrame({c.name: _typed(frame[c.name], c.kind) for c in table.columns})
    alike = np.arange(1, len(whole))
    # Numbers first: they leave few rows whose strings have to be compared.
    for name in sorted(table.key, key=lambda name: whole[name].dtype == "string"):
        here, before = (whole[name].array[rows] for rows in (alike, alike - 1))
        both_absent = here.isna() & before.isna()
        alike = alike[both_absent | (here == before).fillna(value=False).astype(bool)]
    return conform(whole, table) if len(alike) else whole


def _typed(values: pd.Series[Any], kind: Kind) -> pd.Series[Any]:
    if kind == "text":
        return values.astype("string")
    if kind == "integer":
        return values.astype("Int64")
    return values.astype("Float64").round(DECIMALS)
