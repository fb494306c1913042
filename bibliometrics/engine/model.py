"""What an engine is, and how an expression becomes its SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa

from bibliometrics.schema import Table

EngineName = Literal["duckdb", "spark"]
_DIALECTS: dict[EngineName, str] = {"duckdb": "duckdb", "spark": "pyspark"}
_TYPES = {"text": "string", "integer": "int64", "number": "float64"}
_FRAMED: dict[Any, Any] = {
    pa.string(): pd.StringDtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
}


@dataclass(frozen=True)
class Engine:
    """A place that computes SQL over named tables.

    ``put`` names a frame (columns of the kinds of ``schema``), ``read`` a folder or glob of
    Parquet; ``keep`` computes a table once for those that follow, and ``number`` does so with one
    column more, which gives each row a whole number of its own; ``forget`` frees what nothing asks
    for again; ``ask`` brings an answer out as a
    frame of plain types; ``write`` leaves one as Parquet without bringing it here; ``close`` frees
    what was kept.
    """

    name: EngineName
    put: Callable[[str, pd.DataFrame], None]
    read: Callable[[str, str], None]
    keep: Callable[[str, str], None]
    number: Callable[[str, str, str], None]
    forget: Callable[[str], None]
    ask: Callable[[str], pd.DataFrame]
    write: Callable[[str, str], None]
    close: Callable[[], None]

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def declared(table: Table, columns: Sequence[str], name: str | None = None) -> ir.Table:
    """Some columns of a declared table, as expressions see it, under its name in an engine."""
    kinds = {column.name: _TYPES[column.kind] for column in table.columns}
    return ibis.table({column: kinds[column] for column in columns}, name=name or table.name)


def compiled(expression: ir.Table, engine: EngineName, order: Sequence[str] = ()) -> str:
    """``expression`` in the SQL of an engine; its rows in the order of a key, if one is given."""
    ordered = expression.order_by(list(order)) if order else expression
    return str(ibis.to_sql(ordered, dialect=_DIALECTS[engine]))


def framed(answer: pa.Table) -> pd.DataFrame:
    """An engine's answer as a frame of the types of ``schema``."""
    # A table without rows may come without chunks, which pandas cannot merge.
    whole = answer if answer.num_rows else answer.schema.empty_table()
    frame: pd.DataFrame = whole.to_pandas(types_mapper=_FRAMED.get)
    return frame
