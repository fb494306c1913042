"""Measures of any weighted edge list: against networkx, and what a wrong file is told."""

from __future__ import annotations

import csv
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibliometrics.cli import main
from bibliometrics.edge_list import read_edges
from bibliometrics.errors import InputError
from bibliometrics.network import communities, tie_list
from bibliometrics.network.measures import measures
from conftest import ROOT

REFERENCE = ROOT.parent / "shared" / "data" / "reference"
COLUMNS = ["degree", "strength", "betweenness", "closeness", "pagerank", "eigenvector", "community"]


def by_networkx(graph: nx.Graph[str]) -> dict[str, dict[str, float]]:
    """The same measures by networkx; the eigenvector by its dense solver, per component."""
    eigenvector = dict.fromkeys(graph, 0.0)
    parts = [graph.subgraph(part) for part in nx.connected_components(graph)]
    solved = []
    for part in parts:
        values, vectors = np.linalg.eigh(nx.to_numpy_array(part, weight="weight"))
        leading = values[-1] if len(part) > 1 else 0.0
        solved.append((leading, list(part), np.abs(vectors[:, -1])))
    most = max(leading for leading, _, _ in solved)
    for leading, members, vector in solved:
        if leading >= most * (1 - 1e-9):
            eigenvector |= dict(zip(members, vector * vector.sum(), strict=True))
    top = max(eigenvector.values())
    return {
        "degree": dict(graph.degree()),
        "strength": dict(graph.degree(weight="weight")),
        "betweenness": nx.betweenness_centrality(graph, normalized=False),
        "closeness": nx.closeness_centrality(graph),
        "pagerank": nx.pagerank(graph, alpha=0.85, weight="weight", tol=1e-13, max_iter=2000),
        "eigenvector": {node: value / top for node, value in eigenvector.items()},
    }


def ours(graph: nx.Graph[str]) -> dict[str, dict[str, float]]:
    rows = [(a, b, data["weight"]) for a, b, data in graph.edges(data=True)]
    ties = tie_list(graph, [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])
    found = measures(ties).set_index("node")
    return {column: found[column].to_dict() for column in found.columns}


def assert_equal(graph: nx.Graph[str]) -> None:
    expected, computed = by_networkx(graph), ours(graph)
    for measure, values in expected.items():
        for node, value in values.items():
            assert computed[measure][node] == pytest.approx(value, rel=1e-9, abs=1e-9), measure


weights = st.integers(1, 60) | st.floats(0.05, 60).map(lambda value: round(value, 3))
names = st.integers(0, 14).map(lambda number: f"n{number:02}")


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.tuples(names, names), weights, max_size=40), st.sets(names))
def test_random_graphs_connected_or_not_are_as_networkx_says(
    edges: dict[tuple[str, str], float], alone: set[str]
) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sorted(alone | {"lonely"}))
    graph.add_weighted_edges_from((a, b, w) for (a, b), w in edges.items() if a != b)
    assert_equal(graph)


@pytest.mark.parametrize("seed", range(4))
def test_larger_random_graphs_are_as_networkx_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = nx.relabel_nodes(nx.gnm_random_graph(120, 150 * (seed + 1), seed=seed), str)
    for _, _, data in graph.edges(data=True):
        data["weight"] = float(rng.integers(1, 200))
    assert_equal(graph)


def test_equal_components_share_the_lead_of_the_eigenvector() -> None:
    graph = nx.Graph()
    graph.add_weighted_edges_from([("a", "b", 2), ("c", "d", 2), ("e", "f", 1)])
    assert ours(graph)["eigenvector"] == pytest.approx(
        {"a": 1, "b": 1, "c": 1, "d": 1, "e": 0, "f": 0}
    )
    walked = nx.eigenvector_centrality(graph, weight="weight", max_iter=10_000, tol=1e-14)
    assert walked["a"] == pytest.approx(walked["c"])
    assert walked["e"] == pytest.approx(0, abs=1e-6)


def write(folder: Path, text: str) -> Path:
    path = folder / "ties.csv"
    path.write_text(text, encoding="utf-8")
    return path


def run(folder: Path, text: str) -> list[dict[str, str]]:
    out = folder / "measures.csv"
    assert main(["measure", str(write(folder, text)), "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_measure_writes_what_is_promised(tmp_path: Path) -> None:
    rows = run(tmp_path, "source,target,weight\na,b,2\nb,c,1\nx,y,5\n")
    assert list(rows[0]) == ["node", *COLUMNS]
    assert [row["node"] for row in rows] == ["x", "y", "b", "a", "c"]
    told = {row["node"]: row for row in rows}
    assert (told["b"]["degree"], told["b"]["strength"], told["b"]["betweenness"]) == ("2", "3", "1")
    assert float(told["b"]["closeness"]) == pytest.approx(2 / 2 * 2 / 4)
    assert float(told["x"]["closeness"]) == pytest.approx(1 / 4)
    assert sum(float(row["pagerank"]) for row in rows) == pytest.approx(1)
    assert (told["x"]["eigenvector"], told["b"]["eigenvector"]) == ("1", "0")
    # Numbered by the largest member: x has most weight.
    assert [told[n]["community"] for n in "xyabc"] == ["1", "1", "2", "2", "2"]


def test_measure_is_the_same_whatever_the_order_of_rows(tmp_path: Path) -> None:
    rows = ["a,b,2", "b,c,1", "c,a,7", "c,d,1", "d,e,3", "e,f,3", "f,d,3"]
    made = []
    for number, order in enumerate((rows, rows[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        run(folder, "source,target,weight\n" + "\n".join(order) + "\n")
        made.append((folder / "measures.csv").read_bytes())
    assert made[0] == made[1]


def test_a_network_without_ties_has_measures_too(tmp_path: Path) -> None:
    rows = run(tmp_path, "source,target,weight\na,b,0\na,a,4\n")
    assert [(r["node"], r["degree"], r["closeness"], r["pagerank"]) for r in rows] == [
        ("a", "0", "0", "0.5"), ("b", "0", "0", "0.5"),
    ]  # fmt: skip
    assert run(tmp_path, "source,target,weight\n") == []


@pytest.mark.parametrize(
    ("text", "weight", "told"),
    [
        ("source,target,weight\na,b,1\na,b,2\n", {("a", "b"): 3}, "1 row names a tie again"),
        ("source,target,weight\na,b,1\nb,a,2\n", {("a", "b"): 3}, "1 row names a tie again"),
        ("source,target,weight\na,b,2\nb,a,2\n", {("a", "b"): 2}, "in both directions"),
        ("Source,Target,Type,Weight\na,b,x,2\nc,c,x,2\n", {("a", "b"): 2}, "1 node has a tie with itself"),
        ("source,target,weight\na,b,2\na,c,0\n", {("a", "b"): 2}, "1 row has the weight zero"),
        (",a,b\na,9,2\nb,2,0\n", {("a", "b"): 2}, "symmetric matrix of 2 nodes"),
        ("name,a,b\na,,2\nb,,\n", {("a", "b"): 2}, "triangular matrix of 2 nodes"),
        ("t,name,a_u_,b_b_\n1,A U.,0,2\n1,B & B,2,0\n", {("A U.", "B & B"): 2}, "symmetric"),
    ],
)  # fmt: skip
def test_what_is_made_of_a_file_is_told(
    tmp_path: Path, text: str, weight: dict[tuple[str, str], float], told: str
) -> None:
    edges = read_edges(write(tmp_path, text))
    assert edges.weight == weight
    assert told in " ".join(edges.told)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("a;b\n1;2\n", "neither a list of ties nor a square matrix"),
        ("source,target\na,b\n", "there is no column weight"),
        ("source,target,weight,weight\na,b,1,1\n", "columns stand twice: weight"),
        ("source,target,weight\na,b\n", "row 2: 2 cells where the header has 3"),
        ("source,target,weight\na,b,1\n\na,,1\n", "row 4, field target: is empty"),
        ("source,target,weight\na,b,many\n", "row 2, field weight: 'many' is no number"),
        ("source,target,weight\na,b,\n", "row 2, field weight: '' is no number"),
        ("source,target,weight\na,b,-1\n", "row 2, field weight: '-1' is below zero"),
        ("source,target,weight\na,b,nan\na,b,inf\n", "2 rows cannot be used"),
        ("name,a,b\na,0,2\nb,3,0\n", "row 2: 2 with 'b', whose own row says 3"),
        ("name,a,b\nb,0,2\na,2,0\n", "row 2: 'b' stands in the place of column 'a'"),
        ("name,a,b\na,0,x\nb,x,0\n", "row 2, field b: 'x' is no number"),
    ],
)
def test_a_wrong_file_is_told_where(
    tmp_path: Path, text: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, text)
    assert main(["measure", str(path), "--out", str(tmp_path / "out.csv")]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert "what to do" in said
    assert not (tmp_path / "out.csv").exists()


def test_the_input_is_not_overwritten(tmp_path: Path) -> None:
    path = write(tmp_path, "source,target,weight\na,b,1\n")
    assert main(["measure", str(path), "--out", str(path)]) == 2
    assert path.read_text(encoding="utf-8").startswith("source")


def test_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_edges(tmp_path / "none.csv")


def test_the_table_of_coauthored_articles_of_ncses_is_read_as_it_is(tmp_path: Path) -> None:
    table = REFERENCE / "ncses_10065.csv"
    if not table.is_file():
        pytest.skip("needs ../shared/data/reference")
    edges = read_edges(table)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_weighted_edges_from((a, b, w) for (a, b), w in edges.weight.items())
    # 84 institutions; links of 50 papers and more, each pair in two cells, no diagonal.
    assert (len(graph), graph.number_of_edges()) == (84, 226)
    assert min(edges.weight.values()) == 50
    assert_equal(graph)
    listed = write(
        tmp_path,
        "source,target,weight\n"
        + "".join(f'"{x}","{y}",{w:g}\n' for (a, b), w in edges.weight.items() for x, y in ((a, b), (b, a))),
    )  # fmt: skip
    assert read_edges(listed).weight == edges.weight


def test_the_published_indices_of_collaboration_are_reproduced(tmp_path: Path) -> None:
    pairs, totals = REFERENCE / "ncses_10060.csv", REFERENCE / "ncses_10059.csv"
    if not pairs.is_file() or not totals.is_file():
        pytest.skip("needs ../shared/data/reference")
    out = tmp_path / "indices.csv"
    assert main(["collaboration", str(pairs), "--totals", str(totals), "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    china = {
        (row["source"] if row["target"] == "China" else row["target"]): row["index"]
        for row in rows
        if "China" in (row["source"], row["target"])
    }
    published = {
        "United States": 1.08, "Singapore": 1.77, "Australia": 1.41, "Canada": 1.02,
        "United Kingdom": 0.90, "France": 0.28,
    }  # fmt: skip
    assert {name: round(float(china[name]), 2) for name in published} == published
    assert china["Argentina"] == ""  # 8 papers: fewer than 50


def test_indices_say_what_is_lacking(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = write(tmp_path, "source,target,weight\nCN,US,60\nCN,SG,60\nCN,FR,10\n")
    totals = tmp_path / "totals.csv"
    totals.write_text("place,international\nWorld,1000\nCN,200\nUS,300\nFR,90\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    asked = ["collaboration", str(pairs), "--totals", str(totals), "--out", str(out)]
    assert main(asked) == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = {row["target"]: row for row in csv.DictReader(file)}
    assert float(rows["US"]["index"]) == pytest.approx(60 * 1000 / (200 * 300))
    assert rows["FR"]["status"] == "not available: fewer than 50 papers together"
    assert rows["SG"]["status"] == "not available: no total of its own is given: SG"
    assert main([*asked, "--world", "Earth"]) == 2
    assert "there is no row 'Earth'" in capsys.readouterr().err
    assert main([*asked, "--column", "papers"]) == 2


def test_communities_are_numbered_by_their_largest_member() -> None:
    groups = np.array([7, 7, 3, 3, 5])
    found = communities.numbered(groups, ["a", "b", "c", "d", "e"], np.array([1, 2, 9, 1, 2]))
    # c is largest; b and e are equal, and b comes first.
    assert found.tolist() == [2, 2, 1, 1, 3]


def test_stability_is_the_share_of_mates_that_stay() -> None:
    groups = np.array([1, 1, 1, 2])
    by_node, by_group = communities.together(
        groups, [np.array([0, 0, 0, 5]), np.array([0, 0, 1, 1])]
    )
    assert by_node[:3] == pytest.approx([0.75, 0.75, 0.5])
    assert by_group[1] == pytest.approx((1 + 1 / 3) / 2)
    assert np.isnan(by_node[3])
    assert np.isnan(by_group[2])
