"""The workbook and the exchange files: read back by readers that are not ours."""

from __future__ import annotations

import io
import json
import zipfile

import networkx as nx
import openpyxl
import pandas as pd
import pytest

from bibliometrics import schema
from bibliometrics.edition import Edition
from bibliometrics.network import graph
from bibliometrics.network.exchange import pajek, vosviewer
from bibliometrics.workbook import MOST_ROWS, workbook
from pages_fixture import empty_edition, hostile_edition, made_up_edition


def opened(edition: Edition) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(edition)))


def test_the_workbook_has_a_sheet_a_table_typed_with_a_header_that_stays() -> None:
    edition = made_up_edition()
    book = opened(edition)
    filled = [t for t in schema.EDITION_TABLES if 0 < len(edition.tables[t.name]) <= MOST_ROWS]
    assert book.sheetnames == ["notes", *(table.name for table in filled)]
    ranking, sheet = edition.tables["ranking"], book["ranking"]
    assert [cell.value for cell in sheet[1]] == schema.RANKING.column_names
    assert sheet.freeze_panes == "A2"
    assert sheet.max_row == len(ranking) + 1
    place = schema.RANKING.column_names.index("papers")
    assert [row[place].value for row in sheet.iter_rows(min_row=2)] == ranking["papers"].tolist()
    assert sheet.cell(2, place + 1).data_type == "n"
    notes = "\n".join(str(cell.value) for row in book["notes"].iter_rows() for cell in row)
    assert "SIMULATED" in notes
    assert edition.query in notes


def test_nothing_in_the_workbook_is_a_formula_or_a_link() -> None:
    content = workbook(hostile_edition())
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        assert not any(b"<f>" in parts.read(name) for name in sheets)
        assert not [name for name in parts.namelist() if "externalLinks" in name]
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                # In the notes stand the study's own words, options such as "-" among them.
                if isinstance(cell.value, str):
                    assert not cell.value.startswith(("=", "+", "@", "\t"))


def test_the_workbook_is_the_same_each_time_and_stands_without_rows() -> None:
    assert workbook(made_up_edition()) == workbook(made_up_edition())
    assert opened(empty_edition()).sheetnames == ["notes"]


def test_a_long_table_stays_in_its_csv_and_the_notes_say_so() -> None:
    edition = made_up_edition()
    rows = edition.tables["unmatched"].head(1)
    many = pd.concat([rows] * (MOST_ROWS + 1))
    edition.tables["unmatched"] = many.assign(affiliation=[f"a{n}" for n in range(len(many))])
    book = opened(edition)
    assert "unmatched" not in book.sheetnames
    said = [str(row[1].value) for row in book["notes"].iter_rows() if row[0].value == "unmatched"]
    assert said[0].endswith(f"{MOST_ROWS + 1} rows: only in tables/unmatched.csv")


@pytest.mark.parametrize("make", [made_up_edition, hostile_edition])
def test_the_vosviewer_file_has_the_documented_fields(make: type[Edition]) -> None:
    edition = make()
    read = json.loads(vosviewer(edition))
    items, links = read["network"]["items"], read["network"]["links"]
    nodes = edition.tables["nodes"]
    assert len(items) == len(nodes.dropna(subset=["x", "y"]))
    assert [item["id"] for item in items] == list(range(1, len(items) + 1))
    for item in items:
        assert isinstance(item["label"], str)
        assert -1 <= item["x"] <= 1
        assert -1 <= item["y"] <= 1
        assert set(item["weights"]) == {"Documents", "Links"}
        assert set(item) <= {"id", "label", "description", "x", "y", "cluster", "weights"}
        assert all(weight >= 0 for weight in item["weights"].values())
        assert isinstance(item["id"], int) and 1 <= item.get("cluster", 1) <= 1000
        assert "<" not in item["description"]
    known = {item["id"] for item in items}
    assert links
    for link in links:
        assert {link["source_id"], link["target_id"]} <= known
        assert link["strength"] > 0
        assert set(link) == {"source_id", "target_id", "strength"}
    # https://app.vosviewer.com/docs/file-types/json-file-type/
    assert set(read) == {"network", "config", "info"}
    assert set(read["network"]) == {"items", "links", "clusters"}
    assert set(read["info"]) == {"title", "description"}
    assert set(read["config"]) == {"terminology"}
    assert set(read["config"]["terminology"]) == {
        "item", "items", "link", "links", "cluster", "clusters", "link_strength",
        "total_link_strength",
    }  # fmt: skip
    for cluster in read["network"]["clusters"]:
        assert set(cluster) == {"cluster", "label"} and 1 <= cluster["cluster"] <= 1000
    assert "<" not in read["info"]["description"]
    pairs = [frozenset((link["source_id"], link["target_id"])) for link in links]
    assert len(set(pairs)) == len(pairs)
    assert "SIMULATED" in read["info"]["description"]


def test_the_pajek_file_reads_back() -> None:
    nodes = pd.DataFrame(
        {
            "institution_id": ["a", "b", "c"],
            "name_en": ['The "A"', "B\n*Edges", "名称"],
            "papers": [3, 2, 1],
            "scope": "domestic",
        }
    )
    ties = pd.DataFrame(
        [("a", "b", 2, 1.5, "domestic"), ("b", "c", 1, 1.0, "domestic")],
        columns=["source_id", "target_id", "papers", "weight_fractional", "scope"],
    )
    text = pajek(graph(nodes, ties))
    back = nx.Graph(nx.parse_pajek(text))
    assert set(back) == {"The 'A'", "B *Edges", "名称"}
    assert back["The 'A'"]["B *Edges"]["weight"] == 2
    assert back.number_of_edges() == 2
