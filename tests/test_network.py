"""Communities, layout and exchange files of a network."""

from __future__ import annotations

import pandas as pd

from bibliometrics.counting.cooccurrence import pairs
from bibliometrics.network import graph, lay_out
from bibliometrics.network.exchange import gexf, graphml, pajek
from numbers_fixture import credits_of
from pages_fixture import HOSTILE


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


def test_hostile_names_read_back_from_every_exchange_file() -> None:
    """Names that break markup, lines or direction, and one of forty authors."""
    import io

    import networkx as nx

    names = [*HOSTILE, "; ".join(f"Author {n}, University of {n}" for n in range(40))]
    described = nodes(*(f"n{place}" for place in range(len(names)))).assign(name_en=names)
    ties = pairs(credits_of([{f"n{place}" for place in range(len(names))}]))
    network = graph(described, ties)
    # XML has no place for control characters: a mark says so; all else comes back as it was.
    control = dict.fromkeys([*range(9), 11, 12, *range(14, 32)], "\ufffd")
    kept = [name.translate(control) for name in names]
    for back in (
        nx.read_graphml(io.BytesIO(graphml(network).encode())),
        nx.read_gexf(io.BytesIO(gexf(network).encode())),
    ):
        assert [back.nodes[f"n{place}"]["name_en"] for place in range(len(names))] == kept
        assert back.number_of_edges() == network.number_of_edges() > 0
    lines = pajek(network).split("\n")
    assert lines[0] == f"*Vertices {len(names)}"
    assert lines[len(names) + 1] == "*Edges"
    assert all(line.count('"') == 2 for line in lines[1 : len(names) + 1])
    assert len(lines) == len(names) + 3 + network.number_of_edges()
