"""A Spark session in local mode, or a skip that says what is missing."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETTINGS = {
    "spark.master": "local[2]",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.log.level": "ERROR",
}


def lacking() -> str | None:
    """What Spark needs and this machine lacks."""
    if importlib.util.find_spec("pyspark") is None:
        return "Spark is not here: pyspark is not installed"
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "Spark is not here: no Java"
    return None


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    reason = lacking()
    if reason is not None:
        pytest.skip(reason)
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.appName("tests")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    folder = str(tmp_path_factory.mktemp("warehouse"))
    session = builder.config("spark.sql.warehouse.dir", folder).getOrCreate()
    yield session
    session.stop()
