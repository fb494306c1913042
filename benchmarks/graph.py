"""Communities, betweenness, layout and all measures of a network beside networkx, in one run.

    python benchmarks/graph.py --nodes 3000 --ties 100000

The network is made up: twelve groups, a few nodes with many ties. networkx's exact betweenness of
it takes minutes: it is asked from a sample of nodes, and the whole is reckoned from it and said so;
``--exact`` asks for all. Times are processor seconds; none of the work has threads of its own.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable

import networkx as nx
import numpy as np

from bibliometrics.network import communities, lay_out, tie_list
from bibliometrics.network.measures import measures

GROUPS, WITHIN, SAMPLE = 12, 0.85, 100


def made_up(nodes: int, ties: int, seed: int) -> nx.Graph[str]:
    """A weighted graph with groups and an uneven number of ties a node."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, GROUPS, nodes)
    weight = rng.pareto(2, nodes) + 1
    chance = weight / weight.sum()
    found: set[tuple[int, int]] = set()
    while len(found) < ties:
        a, b = (rng.choice(nodes, ties, p=chance) for _ in range(2))
        keep = (a != b) & ((group[a] == group[b]) | (rng.random(ties) > WITHIN))
        pairs = np.sort(np.column_stack([a[keep], b[keep]]), axis=1)
        found.update(map(tuple, pairs[: ties - len(found)].tolist()))
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from((f"n{n:05}", {"scope": "domestic", "papers": 1}) for n in range(nodes))
    for (a, b), value in zip(sorted(found), rng.geometric(0.3, ties).tolist(), strict=True):
        graph.add_edge(f"n{a:05}", f"n{b:05}", weight=float(value), papers=value)
    return graph


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds: on a shared machine the clock on the wall tells of the neighbours."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--nodes", type=int, default=3_000)
    parser.add_argument("--ties", type=int, default=100_000)
    parser.add_argument("--exact", action="store_true", help="networkx's betweenness in full")
    given = parser.parse_args()
    graph = made_up(given.nodes, given.ties, seed=1)
    rows = list(graph.edges(data="weight"))
    ties = tie_list(graph, *([row[place] for row in rows] for place in range(3)))
    network = ties.as_igraph()
    groups = communities.leiden(network, resolution=1, seed=1)
    named = {node: int(group) for node, group in zip(ties.nodes, groups, strict=True)}
    ours = {
        "communities": seconds(lambda: communities.leiden(network, resolution=1, seed=1)),
        "betweenness": seconds(lambda: network.betweenness(directed=False)),
        "layout": seconds(lambda: lay_out(graph, weight="weight", communities=named, seed=1)),
    }
    every = seconds(lambda: measures(ties))
    k = given.nodes if given.exact else min(SAMPLE, given.nodes)
    theirs = {
        "communities": seconds(lambda: nx.community.louvain_communities(graph, seed=1)),
        "betweenness": seconds(lambda: nx.betweenness_centrality(graph, k=k, seed=1))
        * (given.nodes / k),
        "layout": seconds(lambda: nx.spring_layout(graph, iterations=50, seed=1)),
    }
    how = "exact" if given.exact else f"reckoned from {k} of {given.nodes} nodes"
    print(f"{given.nodes} nodes, {given.ties} ties; networkx's betweenness {how}")
    print(f"{'':>12}  {'ours, s':>8} {'networkx, s':>12} {'ratio':>7}")
    for name, own in ours.items():
        print(f"{name:>12}: {own:8.2f} {theirs[name]:12.2f} {own / theirs[name]:7.3f}")
    whole, other = sum(ours.values()), sum(theirs.values())
    print(f"{'together':>12}: {whole:8.2f} {other:12.2f} {whole / other:7.3f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"all measures of `measure`: {every:.2f} s; peak of the whole process {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
