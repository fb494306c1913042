"""The network of an edition: ties, and the nodes that the map shows."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import pandas as pd

from bibliometrics import schema
from bibliometrics.cooccurrence import pairs
from bibliometrics.counting import Counts, full_totals
from bibliometrics.entities import Entity
from bibliometrics.network import Layout, graph, lay_out
from bibliometrics.ranking import Stamp
from bibliometrics.study import Study

MANY_AUTHORS = 100
MANY_INSTITUTIONS = 10


def collaborations(
    papers: pd.DataFrame,
    counts: Counts,
    entities: Mapping[str, Entity],
    study: Study,
    stamp: Stamp,
) -> pd.DataFrame:
    """Every pair of institutions with a paper together, one of them domestic.

    Left out are papers whose list of authors the source cut, since their pairs are not all known,
    and, unless the study keeps them, papers of more than 100 authors, whose thousands of pairs tell
    of no working together.
    """
    out = papers.loc[without_pairs(papers, study), "paper_id"]
    frame = pairs(counts.credits[~schema.among(counts.credits["paper_id"], out)])
    for side in ("source", "target"):
        frame[f"{side}_name"] = [entities[i].name_en for i in frame[f"{side}_id"]]
    return schema.conform(stamp.on(frame, "none: counts only", "full"), schema.COLLABORATIONS)


def without_pairs(papers: pd.DataFrame, study: Study) -> pd.Series[bool]:
    """The papers that make no pairs."""
    out = papers["is_cut"] == 1
    if study.network.many_authors == "leave_out":
        out |= papers["authors_announced"] > MANY_AUTHORS
    return out.fillna(value=False).astype(bool)


def weight_of_many(counts: Counts) -> float:
    """What part of the full weight of pairs comes from papers of more than ten institutions."""
    size = counts.credits.groupby("paper_id").size()
    pairs_of = size * (size - 1) / 2
    whole = float(pairs_of.sum())
    return float(pairs_of[size > MANY_INSTITUTIONS].sum()) / whole if whole else 0.0


def whole_graph(
    counts: Counts, entities: Mapping[str, Entity], ties: pd.DataFrame, source: str
) -> nx.Graph[str]:
    """All institutions and partners with their ties, for the exchange files.

    Each node says where the records came from: a node outlives its file.
    """
    described = _described(full_totals(counts.credits, ["institution_id"]), entities)
    return graph(described.assign(source=source), ties)


def map_nodes(
    counts: Counts,
    entities: Mapping[str, Entity],
    ties: pd.DataFrame,
    ranked: pd.DataFrame,
    study: Study,
    stamp: Stamp,
) -> tuple[pd.DataFrame, Layout]:
    """The map's nodes: the ranked institutions and the partners with most papers."""
    papers = full_totals(counts.credits, ["institution_id"])
    described = _described(papers, entities)
    inside = described[described["institution_id"].isin(ranked["institution_id"])]
    inside = inside.head(study.thresholds.map_institutions)
    outside = described[
        (described["scope"] != "domestic")
        & described["institution_id"].isin(pd.concat([ties["source_id"], ties["target_id"]]))
    ].head(study.thresholds.map_partners)
    shown = pd.concat([inside, outside], ignore_index=True)
    network = graph(shown, ties)
    layout = lay_out(
        network,
        weight="weight" if study.network.weight == "fractional" else "papers",
        resolution=study.network.resolution,
        seed=study.network.seed,
    )
    ids = [str(i) for i in shown["institution_id"]]
    shown = shown.assign(
        partners=[network.degree(i) for i in ids],
        community=pd.Series([layout.communities.get(i) for i in ids], dtype="Int64"),
        x=[layout.positions[i][0] for i in ids],
        y=[layout.positions[i][1] for i in ids],
    )
    return schema.conform(stamp.on(shown, "none: counts only", "full"), schema.NODES), layout


def _described(papers: pd.Series[int], entities: Mapping[str, Entity]) -> pd.DataFrame:
    frame = papers.rename("papers").reset_index()
    known = [entities[i] for i in frame["institution_id"]]
    for attribute in ("name_en", "name_zh", "scope", "kind", "country", "province"):
        frame[attribute] = [getattr(entity, attribute) or None for entity in known]
    return frame.sort_values(
        ["papers", "institution_id"], ascending=[False, True], kind="stable"
    ).reset_index(drop=True)
