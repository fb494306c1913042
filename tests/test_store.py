"""Files of an edition: harmless cells, the same bytes, whole or not at all."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics import schema, store
from bibliometrics.errors import EditionError, InvariantError


def unmatched(*names: str) -> pd.DataFrame:
    frame = pd.DataFrame({"affiliation": names, "country": "CN", "papers": range(len(names))})
    return schema.conform(frame, schema.UNMATCHED)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_would_be_a_formula_is_made_harmless(cell: str) -> None:
    rows = list(
        csv.reader(io.StringIO(store.csv_text(unmatched(cell), schema.UNMATCHED), newline=""))
    )
    assert rows[1][0] == f"'{cell}".replace("\r", "\n")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), unique=True, max_size=6))
def test_what_is_written_reads_back(names: list[str]) -> None:
    text = store.csv_text(unmatched(*names), schema.UNMATCHED)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert sorted(row["affiliation"] for row in rows) == sorted(store.harmless(n) for n in names)


def test_rows_are_sorted_and_numbers_plain() -> None:
    frame = pd.DataFrame(
        {"country": ["B", "A", "C"], "papers": [1, 1, 5], "share": [1 / 3, 1e-12, 1.0]}
    )
    text = store.csv_text(schema.conform(frame, schema.COUNTRIES), schema.COUNTRIES)
    cells = [line.split(",")[:5] for line in text.splitlines()[1:]]
    assert cells == [
        ["C", "", "", "5", "1"],
        ["A", "", "", "1", "0"],
        ["B", "", "", "1", "0.3333333333"],
    ]


def test_a_key_that_is_not_unique_stops_the_run() -> None:
    frame = pd.DataFrame({"country": ["A", "A"], "papers": [1, 2]})
    with pytest.raises(InvariantError, match="countries has 1 rows"):
        schema.conform(frame, schema.COUNTRIES)


def test_parquet_reads_back_with_unknown_as_unknown(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"paper_id": ["p", "p"], "author_position": [1, None], "affiliation_id": [None, 3]}
    )
    conforming = schema.conform(frame, schema.AUTHORSHIPS)
    store.write_parquet(tmp_path, conforming, schema.AUTHORSHIPS)
    back = store.read_parquet(tmp_path, schema.AUTHORSHIPS)
    assert back["affiliation_id"].isna().tolist() == [True, False]
    assert back["author_position"].isna().tolist() == [False, True]


def test_a_folder_without_manifest_is_no_edition(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="no finished edition"):
        store.read_manifest(tmp_path)
    store.write_text(tmp_path / "a.txt", "a\n")
    store.write_manifest(tmp_path, {"study": "s"})
    manifest = store.read_manifest(tmp_path)
    assert list(manifest["files"]) == ["a.txt"]
    assert not list(tmp_path.glob(".*"))


def test_every_table_says_what_a_row_is_and_numbers_carry_their_rule() -> None:
    counted = {"counting", "denominator", "as_of", "source"}
    for table in schema.EDITION_TABLES:
        assert table.grain
        assert all(column.says for column in table.columns)
        assert set(table.key) <= set(table.column_names)
        if any(column.name == "share" for column in table.columns):
            assert counted <= set(table.column_names), table.name
