"""The network in the formats other programs read: GraphML, GEXF, Pajek, VOSviewer."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Hashable
from typing import Any

import networkx as nx
import orjson
import pandas as pd

from bibliometrics.edition import Edition

# GEXF carries the day it was written and the writer's version: neither is of the network.
_META = re.compile(r"\s*<meta\b.*?</meta>|\s*<meta\b[^>]*/>", re.DOTALL)
# XML 1.0 knows no other control characters than tab, line feed and carriage return.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

# Clusters of VOSviewer have numbers from 1 to this; a community beyond it is a handful of nodes.
_MOST_CLUSTERS = 1000


def graphml(network: nx.Graph[str]) -> str:
    """``network`` as GraphML."""
    out = io.BytesIO()
    nx.write_graphml(_clean(network), out)
    return out.getvalue().decode("utf-8") + "\n"


def gexf(network: nx.Graph[str]) -> str:
    """``network`` as GEXF 1.2, without its clock."""
    named = _clean(network)
    for node, data in named.nodes(data=True):
        data["label"] = data.get("name_en", node)
    return _META.sub("", "\n".join(nx.generate_gexf(named)), count=1) + "\n"


def pajek(network: nx.Graph[str]) -> str:
    """``network`` as a Pajek file: vertices with their English names, ties with papers together.

    A name's quotation marks become apostrophes and its line ends spaces: the format has no escape.
    """
    clean = _clean(network)
    place = {node: number for number, node in enumerate(clean, start=1)}
    lines = [f"*Vertices {len(place)}"]
    for node, data in clean.nodes(data=True):
        name = " ".join(str(data.get("name_en", node)).replace('"', "'").split())
        lines.append(f'{place[node]} "{name}"')
    lines.append("*Edges")
    lines += [f"{place[a]} {place[b]} {data['papers']}" for a, b, data in clean.edges(data=True)]
    return "\n".join(lines) + "\n"


def vosviewer(edition: Edition) -> str:
    """The map of ``edition`` as VOSviewer and VOSviewer Online read it.

    Items are the map's nodes with their places and communities, weights are papers and ties, a
    link's strength is the fractional weight. A partner outside belongs to no cluster. ``info`` says
    where the records came from.
    """
    nodes = edition.tables["nodes"]
    nodes = nodes[nodes["x"].notna() & nodes["y"].notna()]
    number = {str(name): place for place, name in enumerate(nodes["institution_id"], start=1)}
    items = []
    for row in nodes.to_dict("records"):
        item: dict[str, object] = {
            "id": number[row["institution_id"]],
            "label": _plain(row["name_en"]),
            "description": _described(row),
            "x": round(row["x"] * 2 - 1, 4),
            # VOSviewer's axis points up, the table's down.
            "y": round(1 - row["y"] * 2, 4),
            "weights": {"Documents": int(row["papers"]), "Links": int(row["partners"])},
        }
        if pd.notna(row["community"]) and row["community"] <= _MOST_CLUSTERS:
            item["cluster"] = int(row["community"])
        items.append(item)
    ties = edition.tables["collaborations"].sort_values(["source_id", "target_id"])
    links = [
        {"source_id": number[a], "target_id": number[b], "strength": round(float(weight), 6)}
        for a, b, weight in zip(
            ties["source_id"], ties["target_id"], ties["weight_fractional"], strict=True
        )
        if a in number and b in number
    ]
    groups = edition.tables["communities"]
    clusters = [
        {"cluster": int(group), "label": _plain(name)}
        for group, name in zip(groups["community"], groups["largest_name_en"], strict=True)
        if group <= _MOST_CLUSTERS
    ]
    simulated = "SIMULATED records: no finding. " if edition.is_simulated else ""
    whole = {
        "network": {"items": items, "links": links, "clusters": clusters},
        "config": {
            "terminology": {
                "item": "institution", "items": "institutions", "link": "tie", "links": "ties",
                "link_strength": "papers, fractional", "total_link_strength": "strength",
                "cluster": "community", "clusters": "communities",
            },
        },
        "info": {
            "title": _plain(edition.title_en),
            # Shown as HTML, as an item's is.
            "description": html.escape(
                _plain(
                    f"{simulated}Edition {edition.name} of {edition.study}, {edition.software}"
                )
            ),
        },
    }  # fmt: skip
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2).decode() + "\n"


def citation(edition: Edition) -> str:
    """CITATION.cff 1.2.0 of an edition, as YAML whose texts are written as JSON.

    The author is the software: the people who answer for a study are not in its files. There is no
    release date: the load date of the records is not one, and the clock must not be read.
    """
    simulated = "SIMULATED records: no finding. " if edition.is_simulated else ""
    title = " / ".join(dict.fromkeys(t for t in (edition.title_en, edition.title_zh) if t))
    told = {
        "cff-version": "1.2.0",
        "message": "To cite this edition, name its title, its version and the software.",
        "type": "dataset",
        "title": f"{simulated}{_plain(title)}",
        "version": edition.name,
        "abstract": f"{simulated}Study {_plain(edition.study)}, records as of {edition.as_of},"
        f" counting rule {edition.counting}, made with {_plain(edition.software)}.",
    }
    lines = [f"{key}: {orjson.dumps(value).decode()}" for key, value in told.items()]
    return "\n".join([*lines, "authors:", '  - name: "bibliometrics"', ""])


def _described(row: dict[Hashable, Any]) -> str:
    """What VOSviewer shows of an item, as HTML: nothing of a record may be markup there."""
    parts = [row[name] for name in ("name_zh", "province", "country") if pd.notna(row[name])]
    return html.escape(_plain(", ".join(map(str, parts))))


def _plain(text: object) -> str:
    return "" if text is None or text is pd.NA else _CONTROL.sub("\ufffd", str(text))


def _clean(network: nx.Graph[str]) -> nx.Graph[str]:
    copy = network.copy()
    for _, data in copy.nodes(data=True):
        for key, value in data.items():
            if isinstance(value, str):
                data[key] = _CONTROL.sub("\ufffd", value)
    return copy
