"""DuckDB inside the process: the engine that needs nothing installed and nothing set up."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bibliometrics.engine.model import Engine, framed

MEMORY = "2GB"


def duckdb_engine(memory: str = MEMORY, threads: int | None = None) -> Engine:
    """DuckDB with a bound on its memory; what does not fit goes to a temporary folder.

    ``memory`` as DuckDB writes it (``2GB``); ``threads``: all cores by default. Neither changes an
    answer.
    """
    folder = Path(tempfile.mkdtemp(prefix="bibliometrics-"))
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": str(folder / "spill"),
        # Answers are ordered by their keys: keeping the order of rows would only cost memory.
        "preserve_insertion_order": False,
    }
    if threads is not None:
        settings["threads"] = threads
    connection = duckdb.connect(config=settings)

    def put(name: str, frame: pd.DataFrame) -> None:
        connection.register(name, pa.Table.from_pandas(frame, preserve_index=False))

    def read(name: str, path: str) -> None:
        connection.read_parquet(path).create_view(name, replace=True)

    def keep(name: str, sql: str) -> None:
        connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS {sql}')

    def number(name: str, sql: str, column: str) -> None:
        keep(name, f'SELECT *, row_number() OVER () AS "{column}" FROM ({sql})')  # noqa: S608

    def forget(name: str) -> None:
        connection.execute(f'DROP TABLE "{name}"')

    def ask(sql: str) -> pd.DataFrame:
        return framed(_whole(connection.sql(sql).to_arrow_table()))

    def write(sql: str, path: str) -> None:
        pq.write_table(_whole(connection.sql(sql).to_arrow_table()), path, compression="zstd")

    def close() -> None:
        connection.close()
        shutil.rmtree(folder, ignore_errors=True)

    return Engine("duckdb", put, read, keep, number, forget, ask, write, close)


def _whole(answer: pa.Table) -> pa.Table:
    """``answer`` with 64-bit integers where DuckDB sums them to 128 bits.

    Raises
    ------
    ArrowInvalid : a sum does not fit, which no number of papers reaches.
    """
    plain = [
        field.with_type(pa.int64()) if pa.types.is_decimal(field.type) else field
        for field in answer.schema
    ]
    return answer.cast(pa.schema(plain))
