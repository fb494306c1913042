"""Ties, their weights and normalisation, communities and layout."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibliometrics.cooccurrence import pairs
from bibliometrics.exchange import gexf, graphml
from bibliometrics.network import graph, lay_out


def credits_of(papers: list[set[str]]) -> pd.DataFrame:
    """Ids that begin with x- are foreign, all others domestic."""
    rows = [(f"p{n}", name) for n, names in enumerate(papers) for name in sorted(names)]
    frame = pd.DataFrame(rows, columns=["paper_id", "institution_id"], dtype="string")
    frame["scope"] = [
        "foreign" if name.startswith("x-") else "domestic" for name in frame["institution_id"]
    ]
    return frame


def test_pairs_by_hand() -> None:
    found = pairs(credits_of([{"a", "b"}, {"a", "b", "x-1"}, {"a", "x-1", "x-2"}, {"c"}]))
    told = found[["source_id", "target_id", "scope", "papers", "weight_fractional"]]
    assert told.to_numpy().tolist() == [
        ["a", "b", "domestic", 2, 1.5],
        ["a", "x-1", "foreign", 2, 1.0],
        ["a", "x-2", "foreign", 1, 0.5],
        ["b", "x-1", "foreign", 1, 0.5],
    ]


def test_association_strength_by_hand_and_only_where_the_corpus_can_tell() -> None:
    found = pairs(credits_of([{"a", "b"}, {"a", "b"}, {"a", "c"}, {"a", "x-1"}]))
    strength = found.set_index(["source_id", "target_id"])["association_strength"]
    # s_a = 3, s_b = 2, s_c = 1 and 2m = 6 over the domestic ties.
    assert strength["a", "b"] == pytest.approx(6 * 2 / (3 * 2))
    assert strength["a", "c"] == pytest.approx(6 * 1 / (3 * 1))
    assert pd.isna(strength["a", "x-1"])


names = st.sampled_from(["a", "b", "c", "d", "x-1", "x-2"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(names, min_size=1), min_size=1, max_size=15))
def test_fractional_strength_is_the_number_of_papers_with_another(papers: list[set[str]]) -> None:
    found = pairs(credits_of(papers))
    for name in "abcd":
        own = found[(found["source_id"] == name) | (found["target_id"] == name)]
        expected = sum(name in paper and len(paper) > 1 for paper in papers)
        assert own["weight_fractional"].sum() == pytest.approx(expected)
    assert (found["source_id"] < found["target_id"]).all()
    assert not (
        found["source_id"].str.startswith("x-") & found["target_id"].str.startswith("x-")
    ).any()


def nodes(*ids: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "institution_id": name, "name_en": f"<{name}> & \x0b", "papers": 10 - place,
                "scope": "foreign" if name.startswith("x-") else "domestic",
            }
            for place, name in enumerate(ids)
        ]
    )  # fmt: skip


CLIQUES = pairs(
    credits_of([{"a", "b"}, {"b", "c"}, {"a", "c"}, {"d", "e"}, {"e", "f"}, {"d", "f"}, {"c", "d"}])
)


def test_the_layout_holds_every_node_is_the_same_each_time_and_moves_with_the_seed() -> None:
    network = graph(nodes("a", "b", "c", "d", "e", "f", "lonely"), CLIQUES)
    groups = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2, "f": 2}
    first, again, other = (
        lay_out(network, weight="weight", communities=groups, seed=seed) for seed in (1, 1, 2)
    )
    assert first.keys() == set(network)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in first.values())
    assert first == again
    assert first != other


def test_small_components_stand_in_rows_and_stay_inside() -> None:
    couples = [{f"c{n}a", f"c{n}b"} for n in range(40)] + [{"a", "b"}, {"b", "c"}, {"c", "d"}]
    ring = [{f"r{n:03}", f"r{(n + 1) % 60:03}"} for n in range(60)]
    ties = pairs(credits_of(couples + ring))
    network = graph(nodes(*sorted({name for pair in couples + ring for name in pair})), ties)
    positions = lay_out(network, weight="weight", communities={}, seed=1)
    assert len(set(positions.values())) == len(network)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in positions.values())
    assert all(positions[f"c{n}a"][1] == positions[f"c{n}b"][1] for n in range(40))


def test_an_empty_network_has_no_layout() -> None:
    assert lay_out(graph(nodes(), CLIQUES), weight="weight", communities={}, seed=1) == {}


def test_exchange_files_read_back_and_carry_no_clock() -> None:
    import io

    import networkx as nx

    network = graph(nodes("a", "b", "c", "d", "e", "f"), CLIQUES)
    back = nx.read_graphml(io.BytesIO(graphml(network).encode()))
    assert {tuple(sorted(edge)) for edge in back.edges} == {tuple(sorted(e)) for e in network.edges}
    assert back.nodes["a"]["papers"] == 10
    text = gexf(network)
    assert "lastmodified" not in text
    assert set(nx.read_gexf(io.BytesIO(text.encode())).nodes) == set(network)
