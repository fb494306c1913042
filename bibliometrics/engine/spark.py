"""The user's Spark: the session comes from the user's own configuration."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from bibliometrics.engine.model import Engine, framed
from bibliometrics.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_HINT = "install the extra `spark` and Java 17, or leave --engine out"


def spark_engine(session: SparkSession | None = None) -> Engine:
    """Spark by ``session``; by default the one that the user's own configuration makes.

    The session stays open after ``close``: it is the user's.

    Raises
    ------
    EngineError : pyspark is not installed, or no session can be made.
    """
    spark = open_session() if session is None else session
    kept: dict[str, Any] = {}

    def hold(name: str, frame: Any) -> None:  # noqa: ANN401
        if name in kept:
            kept[name].unpersist()
        kept[name] = frame.persist()
        kept[name].createOrReplaceTempView(name)

    def put(name: str, frame: pd.DataFrame) -> None:
        hold(name, spark.createDataFrame(_plain(frame)))

    def read(name: str, path: str) -> None:
        spark.read.parquet(path).createOrReplaceTempView(name)

    def keep(name: str, sql: str) -> None:
        hold(name, spark.sql(sql))

    def number(name: str, sql: str, column: str) -> None:
        # One number after another would take all rows to one worker.
        from pyspark.sql.functions import monotonically_increasing_id  # noqa: PLC0415

        hold(name, spark.sql(sql).withColumn(column, monotonically_increasing_id()))

    def forget(name: str) -> None:
        """Nothing: what is kept is made when it is first asked for, and then still read from."""

    def ask(sql: str) -> pd.DataFrame:
        return framed(spark.sql(sql).toArrow())

    def write(sql: str, path: str) -> None:
        spark.sql(sql).write.mode("overwrite").parquet(path)

    def close() -> None:
        for frame in kept.values():
            frame.unpersist()

    return Engine("spark", put, read, keep, number, forget, ask, write, close)


def open_session() -> SparkSession:
    """The session of the user's configuration (``spark-defaults.conf``, ``spark-submit``).

    Raises
    ------
    EngineError : pyspark is not installed, or no session can be made.
    """
    # The workers run what this process runs, unless the user says otherwise.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError as error:
        raise EngineError("pyspark is not installed", hint=_HINT) from error
    try:
        return SparkSession.builder.appName("bibliometrics").getOrCreate()
    except (PySparkException, OSError, RuntimeError) as error:
        raise EngineError(f"Spark does not start: {str(error)[:200]}", hint=_HINT) from error


def _plain(frame: pd.DataFrame) -> pa.Table:
    """``frame`` as Arrow, without what pandas alone knows."""
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
