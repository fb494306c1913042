"""The map: every node and tie of the tables, at its place, and nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pytest

from bibliometrics import schema
from bibliometrics.edition import Edition
from bibliometrics.presentation import maps, network_view
from bibliometrics.presentation.maps import render_map
from pages_fixture import empty_edition, hostile_edition, made_up_edition


def data(text: str) -> dict:
    found = re.search(r'<script type="application/json" id="network">(.*?)</script>', text)
    assert found
    return json.loads(found[1])


@pytest.fixture(scope="module")
def edition() -> Edition:
    return made_up_edition()


@pytest.fixture(scope="module")
def network(edition: Edition) -> dict:
    return data(render_map(edition))


def test_every_node_is_there_largest_first(edition, network):
    nodes = edition.tables["nodes"]
    assert [detail["en"] for detail in network["details"]] == list(nodes["name_en"])
    assert [node["id"] for node in network["nodes"]] == list(range(len(nodes)))
    sizes = [node["size"] for node in network["nodes"]]
    assert sizes == sorted(sizes, reverse=True)


def test_area_grows_with_papers():
    assert network_view.radius(0.25, 1, 40) == pytest.approx(20)
    assert network_view.radius(0.0, 1, 40) == 1


def test_positions_are_the_tables(edition, network):
    first = edition.tables["nodes"].iloc[0]
    assert network["nodes"][0]["x"] == round((first["x"] - 0.5) * 1600, 1)
    assert network["nodes"][0]["y"] == round((first["y"] - 0.5) * 1060, 1)
    assert json.loads(network["options"])["physics"] == {"enabled": False}


def test_every_tie_among_the_nodes_is_there_strongest_first(edition, network):
    ids = list(edition.tables["nodes"]["institution_id"])
    shown = {tuple(sorted((ids[edge["from"]], ids[edge["to"]]))): edge for edge in network["edges"]}
    table = edition.tables["collaborations"]
    assert shown.keys() == set(zip(table["source_id"], table["target_id"], strict=True))
    weights = [edge["w"] for edge in network["edges"]]
    assert weights == sorted(weights, reverse=True)
    row = table.iloc[0]
    edge = shown[row["source_id"], row["target_id"]]
    assert edge["papers"] == row["papers"]
    assert edge["w"] == pytest.approx(row["weight_fractional"], abs=1e-4)


def test_a_tie_to_a_place_that_is_not_on_the_map_is_left_out(edition):
    fewer = edition.tables["nodes"].head(10)
    network = data(render_map(replace(edition, tables={**edition.tables, "nodes": fewer})))
    assert len(network["nodes"]) == 10
    assert all(edge["from"] < 10 and edge["to"] < 10 for edge in network["edges"])


def test_partners_and_regions_have_their_own_shape(edition, network):
    shapes = {
        scope: {network["nodes"][i]["shape"] for i in edition.tables["nodes"].index[own]}
        for scope in ("domestic", "foreign", "hk_mo_tw")
        if (own := edition.tables["nodes"]["scope"] == scope).any()
    }
    assert shapes == {"domestic": {"dot"}, "foreign": {"diamond"}, "hk_mo_tw": {"triangle"}}


def test_above_the_limit_the_strongest_ties_stay_and_the_page_says_so(edition, monkeypatch):
    monkeypatch.setattr(maps, "MOST_EDGES", 50)
    text = render_map(edition)
    kept = data(text)["edges"]
    everything = network_view.ties(edition, network_view.nodes(edition))
    assert [e["w"] for e in kept] == [round(tie.weight, 4) for tie in everything[:50]]
    assert f"strongest 50 of {len(everything):,} ties" in text
    assert "strongest 50" not in render_map(made_up_edition(4, 0))


def test_the_panel_lists_partners_from_all_ties(edition, monkeypatch):
    whole = data(render_map(edition))["details"]
    monkeypatch.setattr(maps, "MOST_EDGES", 1)
    assert data(render_map(edition))["details"] == whole
    table = edition.tables["collaborations"]
    first = edition.tables["nodes"]["institution_id"].iloc[0]
    own = table[(table["source_id"] == first) | (table["target_id"] == first)]
    assert whole[0]["top"][0][1] == own["papers"].max()
    assert len(whole[0]["top"]) == min(10, len(own))


def test_more_communities_than_colours_share_the_last(edition):
    rows = edition.tables["nodes"].copy()
    rows["community"] = pd.Series(range(1, len(rows) + 1), dtype="Int64")
    text = render_map(replace(edition, tables={**edition.tables, "nodes": rows}))
    assert {node["colour"] for node in data(text)["nodes"]} == {-1, *range(9)}
    assert "smaller communities" in text


def test_the_same_tables_give_the_same_bytes(edition):
    shuffled = {
        table.name: schema.conform(edition.tables[table.name].sample(frac=1, random_state=5), table)
        for table in schema.EDITION_TABLES
    }
    assert render_map(replace(edition, tables=shuffled)) == render_map(edition)


def test_the_drawing_library_is_inside_and_its_licence_with_it(edition):
    text = render_map(edition)
    assert "vis.js is dual licensed under both" in text
    assert "sourceMappingURL" not in text
    assert "tom-select" not in text and "bootstrap" not in text


def test_hostile_names_stay_inside_the_data():
    text = render_map(hostile_edition())
    assert "alert(1)" in data(text)["details"][0]["en"]
    assert "<script>alert" not in text and "<img" not in text


def test_without_nodes_the_page_says_so_and_runs_no_library():
    text = render_map(empty_edition())
    assert "No map to draw" in text and "无图可绘" in text
    assert "vis-network" not in text


def test_nodes_without_a_place_are_not_drawn(edition):
    rows = edition.tables["nodes"].copy()
    rows.loc[0, "x"] = pd.NA
    network = data(render_map(replace(edition, tables={**edition.tables, "nodes": rows})))
    assert len(network["nodes"]) == len(rows) - 1


def test_two_nodes_without_a_tie_make_a_map(edition):
    none = schema.empty(schema.COLLABORATIONS)
    network = data(render_map(replace(edition, tables={**edition.tables, "collaborations": none})))
    assert network["edges"] == [] and network["nodes"]
