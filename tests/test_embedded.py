"""DuckDB as the engine inside the process: what is put in, kept, numbered, asked and written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bibliometrics import schema
from bibliometrics.engine import compiled, declared, duckdb_engine, open_engine

FRAME = pd.DataFrame(
    {"name": ["b", "a", None], "number": [2, None, 2**62], "part": [0.5, None, 1.0]}
).astype({"name": "string", "number": "Int64", "part": "Float64"})


def test_what_is_put_in_comes_out_in_plain_types() -> None:
    with duckdb_engine() as engine:
        engine.put("given", FRAME)
        told = engine.ask("SELECT * FROM given ORDER BY number NULLS FIRST")
        assert [*told.columns] == ["name", "number", "part"]  # no index beside them
        assert [str(kind) for kind in told.dtypes] == ["string", "Int64", "Float64"]
        assert told["number"].tolist() == [pd.NA, 2, 2**62]
        engine.put("given", FRAME.iloc[[2, 0]].set_axis(["x", "y"]))
        told = engine.ask("SELECT * FROM given ORDER BY number")
        assert [*told.columns] == ["name", "number", "part"]
        assert told["number"].tolist() == [2, 2**62]
    with pytest.raises(duckdb.ConnectionException):
        engine.ask("SELECT * FROM given")


def test_sums_are_whole_numbers_of_64_bits_or_refused() -> None:
    with duckdb_engine() as engine:
        engine.put("given", FRAME)
        told = engine.ask("SELECT sum(number) AS total, name FROM given GROUP BY name ORDER BY 2")
        assert str(told["total"].dtype) == "Int64"
        assert told["total"].tolist() == [pd.NA, 2, 2**62]
        with pytest.raises(pa.ArrowInvalid):
            engine.ask("SELECT 2 * sum(number::HUGEINT) AS total FROM given")


def test_an_answer_without_rows_has_its_columns() -> None:
    with duckdb_engine() as engine:
        engine.put("given", FRAME)
        nothing = engine.ask("SELECT * FROM given WHERE number < 0")
    assert nothing.empty
    assert [str(kind) for kind in nothing.dtypes] == ["string", "Int64", "Float64"]


def test_what_is_kept_is_computed_once_and_can_be_replaced_numbered_and_forgotten() -> None:
    with duckdb_engine() as engine:
        engine.put("given", FRAME)
        engine.keep("kept", "SELECT name FROM given WHERE number = 2")
        engine.put("given", FRAME.head(0))
        assert engine.ask("SELECT * FROM kept")["name"].tolist() == ["b"]
        engine.keep("kept", "SELECT 'c' AS name UNION ALL SELECT 'd'")
        engine.number("numbered", "SELECT name FROM kept", "paper")
        told = engine.ask("SELECT * FROM numbered ORDER BY name")
        assert [*told.columns] == ["name", "paper"]
        assert sorted(told["paper"]) == [1, 2]
        engine.forget("kept")
        with pytest.raises(duckdb.CatalogException):
            engine.ask("SELECT * FROM kept")


def test_parquet_is_read_where_it_lies_and_written_without_coming_here(tmp_path: Path) -> None:
    path = str(tmp_path / "given.parquet")
    with duckdb_engine() as engine:
        engine.put("given", FRAME)
        engine.write("SELECT sum(number) AS total FROM given WHERE number = 2", path)
        engine.read("found", path)
        assert engine.ask("SELECT * FROM found")["total"].tolist() == [2]
        engine.read("found", path)
    table = pq.read_table(path)
    assert table.schema.types == [pa.int64()]
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"


def test_an_engine_has_bounds_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with open_engine("duckdb") as engine:
        assert engine.name == "duckdb"
        folders = [*tmp_path.iterdir()]
        assert [folder.name.startswith("bibliometrics-") for folder in folders] == [True]
        told = engine.ask(
            "SELECT current_setting('memory_limit') AS memory,"
            " current_setting('temp_directory') AS spill,"
            " current_setting('preserve_insertion_order') AS is_ordered"
        )
        assert told.iloc[0].tolist() == ["1.8 GiB", str(folders[0] / "spill"), False]
        (folders[0] / "spill").mkdir(exist_ok=True)
    assert [*tmp_path.iterdir()] == []
    with duckdb_engine():
        next(tmp_path.iterdir()).rmdir()  # somebody tidied up: nothing to say
    with duckdb_engine("1GB", threads=1) as engine:
        assert engine.ask("SELECT current_setting('threads') AS n")["n"].tolist() == [1]
        assert engine.ask("SELECT current_setting('memory_limit') AS m")["m"].tolist() == [
            "953.6 MiB"
        ]


def test_expressions_become_the_sql_of_each_engine_in_the_order_asked() -> None:
    papers = declared(schema.PAPERS, ("paper_id", "year"))
    assert papers.get_name() == "papers"
    assert (
        papers.schema().items()
        == declared(schema.PAPERS, ("paper_id", "year"), "p").schema().items()
    )
    assert declared(schema.PAPERS, ("year",), "named").get_name() == "named"
    assert [str(kind) for kind in papers.schema().types] == ["string", "int64"]
    share = declared(schema.CREDITS, ("weight_author",))
    assert [str(kind) for kind in share.schema().types] == ["float64"]
    assert "ORDER BY" not in compiled(papers, "duckdb")
    ordered = compiled(papers, "duckdb", ("year", "paper_id"))
    assert ordered.index('"year" ASC') < ordered.index('"paper_id" ASC')
    assert '"' not in compiled(papers, "spark", ("year",))  # Spark names columns in backquotes
