"""One definition, two engines: DuckDB and Spark give the same tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pandas as pd
import pytest

from bibliometrics import engine, schema, simulation
from bibliometrics.beside import Beside, Later
from bibliometrics.counting import counts
from bibliometrics.counting.counts import count
from bibliometrics.engine import Engine, duckdb_engine, open_engine
from bibliometrics.engine.spark import spark_engine
from bibliometrics.errors import EngineError
from bibliometrics.firmness import tables
from bibliometrics.pipeline import Made, Plan, make_edition, open_inputs
from bibliometrics.study.file import load_study
from conftest import ROOT
from spark_fixture import spark  # noqa: F401

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

T = TypeVar("T")

# pyspark leaves sockets to the garbage collector and speaks of its own future.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("sim")
    exports = simulation.write_exports(simulation.simulate(600), folder, generation="G2")
    study = load_study(ROOT / "queries" / "cingai-2020.toml")
    return Plan(study, "e", open_inputs(exports))


@pytest.fixture(scope="module")
def made(plan: Plan) -> Made:
    return make_edition(plan)


class NotHere(Beside):
    """Notes what is given away, and does it at once."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[Callable[..., object]] = []

    def give(self, function: Callable[..., T], *arguments: object) -> Later[T]:
        self.given.append(function)
        return super().give(function, *arguments)


def test_the_whole_set_of_tables_is_the_same_on_spark(
    plan: Plan,
    made: Made,
    spark: SparkSession,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is counted by DuckDB, nor in a process where the session is not."""

    def refused() -> Engine:
        raise AssertionError("counted on DuckDB")

    monkeypatch.setattr(counts, "duckdb_engine", refused)
    monkeypatch.setattr(engine, "duckdb_engine", refused)
    beside = NotHere()
    other = make_edition(dataclasses.replace(plan, engine="spark"), beside=beside)
    assert beside.given
    assert tables.options not in beside.given
    assert len(other.edition.tables["sensitivity"]) > 0
    assert made.edition.tables.keys() == other.edition.tables.keys()
    for table in schema.EDITION_TABLES:
        one, two = made.edition.tables[table.name], other.edition.tables[table.name]
        exact = [column.name for column in table.columns if column.kind != "number"]
        pd.testing.assert_frame_equal(one[exact], two[exact], check_exact=True, obj=table.name)
        pd.testing.assert_frame_equal(one, two, rtol=0, atol=1e-9, obj=table.name)
    pd.testing.assert_frame_equal(made.counts.credits, other.counts.credits, check_exact=True)
    pd.testing.assert_frame_equal(made.counts.totals, other.counts.totals, check_exact=True)


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_and_a_tight_memory_change_nothing(made: Made, threads: int) -> None:
    scopes = {name: entity.scope for name, entity in made.credited.entities.items()}
    inputs = made.corpus.papers, made.corpus.authorships, made.credited.by_affiliation, scopes
    with duckdb_engine("200MB", threads) as used:
        again = count(*inputs, used)
    for name in ("credits", "shares", "first", "corresponding", "totals"):
        one, two = getattr(made.counts, name), getattr(again, name)
        pd.testing.assert_frame_equal(one, two, check_exact=True, obj=name)


def test_without_spark_the_engine_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyspark.sql", None)
    with pytest.raises(EngineError, match="pyspark is not installed") as caught:
        open_engine("spark")
    assert "--engine" in caught.value.hint


def test_what_an_engine_writes_is_read_back(
    tmp_path: Path,
    spark: SparkSession,  # noqa: F811
) -> None:
    frame = pd.DataFrame({"paper_id": ["a", "b", "b"], "n": [1, 2, 3]})
    frame = frame.astype({"paper_id": "string", "n": "Int64"})
    sql = "SELECT paper_id, SUM(n) AS n FROM given GROUP BY paper_id ORDER BY paper_id"
    for each in (duckdb_engine(), spark_engine(spark)):
        with each:
            each.put("given", frame)
            path = tmp_path / f"{each.name}.parquet"
            each.write(sql, str(path))
            each.read("back", str(path))
            found = each.ask("SELECT paper_id, n FROM back ORDER BY paper_id")
            assert found.to_numpy().tolist() == [["a", 1], ["b", 5]]


def test_an_engine_gives_every_row_a_number_of_its_own(
    spark: SparkSession,  # noqa: F811
) -> None:
    frame = pd.DataFrame({"paper_id": [f"p{n}" for n in range(50)]}).astype("string")
    for each in (duckdb_engine(), spark_engine(spark)):
        with each:
            each.put("given", frame)
            each.number("numbered", "SELECT paper_id FROM given WHERE paper_id <> 'p7'", "number")
            first = each.ask("SELECT paper_id, number FROM numbered ORDER BY paper_id")
            again = each.ask("SELECT paper_id, number FROM numbered ORDER BY paper_id")
            assert first["number"].is_unique
            assert sorted(first["paper_id"]) == sorted(set(frame["paper_id"]) - {"p7"})
            pd.testing.assert_frame_equal(first, again)


def test_what_is_forgotten_may_be_kept_anew(
    spark: SparkSession,  # noqa: F811
) -> None:
    for each in (duckdb_engine(), spark_engine(spark)):
        with each:
            each.keep("one", "SELECT 1 AS n")
            each.keep("two", "SELECT n + 1 AS n FROM one")
            each.forget("one")
            assert each.ask("SELECT n FROM two")["n"].tolist() == [2]
            each.keep("one", "SELECT 7 AS n")
            assert each.ask("SELECT n FROM one")["n"].tolist() == [7]
