"""Where the expressions of counting are computed: DuckDB in the process, or the user's Spark.

Counting is written once, as Ibis expressions over the tables of the corpus; each is compiled to the
SQL of an engine, which takes tables in, keeps what several questions read, and answers. Only what
both engines compute alike is used: no sums of floats, no order without a complete tie-break, no
sampling, no hashing.
"""

from __future__ import annotations

from typing import get_args

from bibliometrics.engine.embedded import duckdb_engine
from bibliometrics.engine.model import Engine, EngineName, compiled, declared

ENGINES: tuple[EngineName, ...] = get_args(EngineName)

__all__ = [
    "ENGINES", "Engine", "EngineName", "compiled", "declared", "duckdb_engine", "open_engine",
]  # fmt: skip


def open_engine(name: EngineName) -> Engine:
    """The engine of that name; close it after use (it is a context manager).

    Raises
    ------
    EngineError : Spark is asked for, and it is not installed or does not start.
    """
    if name == "spark":
        # Only who asks for Spark needs it installed, and waits for its import.
        from bibliometrics.engine.spark import spark_engine  # noqa: PLC0415

        return spark_engine()
    return duckdb_engine()
