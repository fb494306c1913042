"""What a user writes in an afternoon: pandas, networkx and pyvis on a Scopus export.

The baseline of ``compare.py``: load, count by organisation name, co-occurrence, spring layout, and,
with ``--page``, a pyvis page. No attribution, no filter, no duplicates: less work than ours.
"""

from __future__ import annotations

import argparse
import itertools
import re
from collections import Counter
from pathlib import Path

import networkx as nx
import pandas as pd

ORGANISATION = re.compile(r"university|institute of technology|academy|laborator", re.IGNORECASE)


def organisations(cell: str) -> list[str]:
    """The organisations of one paper: in each address the first segment that looks like one."""
    found = set()
    for address in cell.split("; "):
        for segment in address.split(", "):
            if ORGANISATION.search(segment):
                found.add(segment.strip())
                break
    return sorted(found)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("exports", nargs="+", type=Path)
    parser.add_argument("--page", type=Path)
    parser.add_argument("--nodes", type=int, default=1_000)
    given = parser.parse_args()
    frames = [
        pd.read_csv(path, usecols=["EID", "Year", "Affiliations"], dtype=str, on_bad_lines="skip")
        for path in given.exports
    ]
    papers = pd.concat(frames).drop_duplicates("EID")
    named = papers["Affiliations"].fillna("").map(organisations)
    counts = Counter(name for names in named for name in names)
    pairs = Counter(pair for names in named for pair in itertools.combinations(names, 2))
    top = {name for name, _ in counts.most_common(given.nodes)}
    network = nx.Graph()
    network.add_nodes_from(sorted(top))
    for (a, b), weight in pairs.items():
        if a in top and b in top:
            network.add_edge(a, b, weight=weight)
    place = nx.spring_layout(network, seed=1)
    print(f"{len(papers)} papers, {len(counts)} names, {network.number_of_edges()} edges")
    if given.page:
        from pyvis.network import Network

        page = Network(cdn_resources="in_line")
        for name in network:
            x, y = place[name]
            page.add_node(name, value=counts[name], x=float(x) * 1000, y=float(y) * 1000)
        for a, b, data in network.edges(data=True):
            page.add_edge(a, b, value=data["weight"])
        given.page.write_text(page.generate_html(), encoding="utf-8")


if __name__ == "__main__":
    main()
