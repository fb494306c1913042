"""The network of one edition: which tables come from what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from bibliometrics.attribution.entities import Entity
from bibliometrics.counting.counts import Counts
from bibliometrics.counting.ranking import Stamp
from bibliometrics.network import atlas, tables
from bibliometrics.network.domestic_graph import domestic
from bibliometrics.study.model import Study


@dataclass(frozen=True)
class Networked:
    """The tables by name, and the modularity of the communities; None where there are none."""

    tables: dict[str, pd.DataFrame]
    modularity: float | None


def network_tables(
    papers: pd.DataFrame,
    counts: Counts,
    ties: pd.DataFrame,
    ranked: pd.DataFrame,
    entities: Mapping[str, Entity],
    study: Study,
    stamp: Stamp,
) -> Networked:
    """Measures, communities and the map's nodes and ties; ``ties`` are the collaborations."""
    tying = atlas.tying(papers, counts, study)
    graph = domestic(counts.credits, ties, study)
    made = tables.tables(papers, counts.credits, tying, ties, graph, entities, study, stamp)
    made["nodes"] = atlas.map_nodes(counts, entities, ties, ranked, study, stamp, graph.communities)
    made["collaborations_by_year"] = atlas.ties_by_year(papers, tying, made["nodes"], stamp)
    return Networked(made, graph.modularity)
