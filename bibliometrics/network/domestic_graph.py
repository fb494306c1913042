"""The graph of the institutions of the geography, its communities, and how firm they are.

Ties between two partners outside are seen only through the geography: they are no part of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from bibliometrics.counting.counts import full_totals
from bibliometrics.firmness.resampling import Strata, resample
from bibliometrics.network import TieList, communities, tie_list
from bibliometrics.network.graph import Floats, Ints
from bibliometrics.study.model import Study


@dataclass(frozen=True)
class Domestic:
    """The graph of the institutions of the geography.

    ``weighed`` has the study's weights, ``full`` papers together, ``fractional`` Σ 1/(n−1); the
    three have the same ties. ``papers`` are an institution's papers, in the order of the nodes;
    ``groups`` their communities, 0 without a tie.
    """

    weighed: TieList
    full: TieList
    fractional: TieList
    papers: Ints
    groups: Ints
    seeds: tuple[Ints, ...]
    modularity: float | None

    @property
    def communities(self) -> dict[str, int]:
        """Community of each institution with a tie."""
        return {
            node: int(group)
            for node, group in zip(self.weighed.nodes, self.groups, strict=True)
            if group
        }


def domestic(credits_: pd.DataFrame, ties: pd.DataFrame, study: Study) -> Domestic:
    """The domestic graph and its communities.

    Of 20 partitions from as many seeds the best by modularity is taken. Communities are numbered
    in the order of their largest members, by papers.
    """
    inside = credits_[credits_["scope"] == "domestic"]
    papers = full_totals(inside, ["institution_id"])
    held = {str(name): int(number) for name, number in papers.items()}
    own = ties[ties["scope"] == "domestic"]
    ends = own["source_id"].tolist(), own["target_id"].tolist()
    full = tie_list(held, *ends, own["papers"].tolist())
    fractional = tie_list(held, *ends, own["weight_fractional"].tolist())
    weighed = fractional if study.network.weight == "fractional" else full
    size = np.array([held[node] for node in full.nodes], dtype=np.int64)
    tied = weighed.degree > 0
    seeds = tuple(
        communities.partitions(
            weighed, resolution=study.network.resolution, seed=study.network.seed
        )
        if tied.any()
        else []
    )
    groups = np.zeros(len(size), dtype=np.int64)
    modularity = None
    if seeds:
        places = np.flatnonzero(tied)
        groups[places] = communities.numbered(
            seeds[0][places], [full.nodes[place] for place in places], size[places]
        )
        modularity = communities.modularity(weighed.as_igraph(), seeds[0], study.network.resolution)
    return Domestic(weighed, full, fractional, size, groups, seeds, modularity)


def stability(
    papers: pd.DataFrame, credits_: pd.DataFrame, graph: Domestic, study: Study
) -> tuple[Floats, dict[int, tuple[float, float]]]:
    """How often members of a community stay together, 0 to 1.

    Of each institution over resampled papers (NaN without a tie or alone in its community); of each
    community over the seeds, and over resampled papers. ``credits_`` are of papers that make ties.
    The seeds measure the optimiser, resampled papers (strata: years) the data. Only institutions
    with a tie are asked.
    """
    tied = np.flatnonzero(graph.groups)
    stable = np.full(len(graph.groups), np.nan)
    if not len(tied):
        return stable, {}
    groups = graph.groups[tied]
    _, by_seed = communities.together(groups, (seed[tied] for seed in graph.seeds))
    weights = _paper_ties(papers, credits_, graph.fractional, study)
    years = papers["year"].fillna(0).to_numpy(dtype=np.int64)
    drawn = resample(weights, Strata.of(years), study.network.resamples, study.network.seed)
    network = graph.weighed.as_igraph()
    found = []
    for number, draw in enumerate(drawn):
        network.es["weight"] = draw.tolist()
        found.append(
            communities.leiden(
                network, resolution=study.network.resolution, seed=study.network.seed + number
            )[tied]
        )
    by_node, by_draw = communities.together(groups, found)
    stable[tied] = by_node
    return stable, {group: (by_seed[group], by_draw[group]) for group in by_seed}


def _paper_ties(
    papers: pd.DataFrame, credits_: pd.DataFrame, ties: TieList, study: Study
) -> sparse.csr_array:
    """What each paper (row, as in ``papers``) brings to each tie (column, as in ``ties``)."""
    rows = _incidence(papers, credits_, ties)
    part = 1 / (rows["n"] - 1) if study.network.weight == "fractional" else rows["n"] * 0 + 1.0
    joined = rows.assign(part=part).merge(
        rows[["paper", "node"]], on="paper", suffixes=("", "_other")
    )
    joined = joined[joined["node"] < joined["node_other"]]
    size = len(ties.nodes)
    places = np.searchsorted(
        ties.source * size + ties.target, joined["node"] * size + joined["node_other"]
    )
    return sparse.csr_array(
        (joined["part"].to_numpy(dtype=np.float64), (joined["paper"].to_numpy(), places)),
        shape=(len(papers), len(ties.weight)),
    )


def _incidence(papers: pd.DataFrame, credits_: pd.DataFrame, ties: TieList) -> pd.DataFrame:
    """Columns paper and node (places) and n, the institutions and partners on the paper."""
    inside = credits_[credits_["scope"] == "domestic"]
    size = credits_.groupby("paper_id", sort=False).size()
    place = {paper: number for number, paper in enumerate(papers["paper_id"])}
    node = {name: number for number, name in enumerate(ties.nodes)}
    return pd.DataFrame(
        {
            "paper": inside["paper_id"].map(place).to_numpy(dtype=np.int64),
            "node": inside["institution_id"].map(node).to_numpy(dtype=np.int64),
            "n": inside["paper_id"].map(size).to_numpy(dtype=np.int64),
        }
    )
