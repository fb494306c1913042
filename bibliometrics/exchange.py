"""The network in the formats other programs read: GraphML and GEXF."""

from __future__ import annotations

import io
import re

import networkx as nx

# GEXF carries the day it was written and the writer's version: neither is of the network.
_META = re.compile(r"\s*<meta\b.*?</meta>|\s*<meta\b[^>]*/>", re.DOTALL)
# XML 1.0 knows no other control characters than tab, line feed and carriage return.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


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


def _clean(network: nx.Graph[str]) -> nx.Graph[str]:
    copy = network.copy()
    for _, data in copy.nodes(data=True):
        for key, value in data.items():
            if isinstance(value, str):
                data[key] = _CONTROL.sub("\ufffd", value)
    return copy
