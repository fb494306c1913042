"""The network of an edition: ties, and the nodes that the map shows."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution.entities import Entity
from bibliometrics.counting.cooccurrence import pairs_by_year
from bibliometrics.counting.counts import Counts, full_totals
from bibliometrics.counting.partners import with_home
from bibliometrics.counting.ranking import Stamp
from bibliometrics.network import graph, lay_out, tie_list
from bibliometrics.network.backbone import expected
from bibliometrics.study.model import Study

MANY_AUTHORS = 100
MANY_INSTITUTIONS = 10


def collaborations(
    together: pd.DataFrame, entities: Mapping[str, Entity], stamp: Stamp
) -> pd.DataFrame:
    """Every pair of institutions with a paper together, one of them domestic.

    ``together`` are the ``cooccurrence.pairs`` of ``tying``.
    """
    frame = together.copy()
    frame["association_corrected"] = _corrected(frame)
    for side in ("source", "target"):
        frame[f"{side}_name"] = [entities[i].name_en for i in frame[f"{side}_id"]]
    return schema.conform(stamp.on(frame, "none: counts only", "full"), schema.COLLABORATIONS)


def tying(papers: pd.DataFrame, counts: Counts, study: Study) -> pd.DataFrame:
    """The credits of the papers that make ties.

    Left out are papers whose list of authors the source cut, since their pairs are not all known,
    and, unless the study keeps them, papers of more than 100 authors, whose thousands of pairs tell
    of no working together.
    """
    out = papers.loc[without_pairs(papers, study), "paper_id"]
    return counts.credits[~schema.among(counts.credits["paper_id"], out)]


def _corrected(frame: pd.DataFrame) -> pd.Series[float]:
    """Papers together over those expected without pairing with itself; domestic pairs only."""
    own = frame[frame["scope"] == "domestic"].sort_values(["source_id", "target_id"])
    ends = own["source_id"].tolist(), own["target_id"].tolist()
    ties = tie_list([*ends[0], *ends[1]], *ends, own["papers"].tolist())
    values = ties.weight / expected(ties) if len(own) else ties.weight
    return pd.Series(values, index=own.index, dtype="Float64").reindex(frame.index)


def without_pairs(papers: pd.DataFrame, study: Study) -> pd.Series[bool]:
    """The papers that make no pairs."""
    out = papers["is_cut"] == 1
    if study.network.many_authors == "leave_out":
        out |= papers["authors_announced"] > MANY_AUTHORS
    return out.fillna(value=False).astype(bool)


def weight_of_many(credits_: pd.DataFrame) -> float:
    """What part of the full weight of ties comes from papers of more than ten institutions.

    ``credits_`` are of papers that make ties; counted are pairs with a domestic end, as in ties.
    """
    inside = (credits_["scope"] == "domestic").groupby(credits_["paper_id"])
    own, size = inside.sum().astype(int), inside.size()
    made = own * (own - 1) / 2 + own * (size - own)
    whole = float(made.sum())
    return float(made[size > MANY_INSTITUTIONS].sum()) / whole if whole else 0.0


def whole_graph(
    counts: Counts, entities: Mapping[str, Entity], ties: pd.DataFrame, source: str
) -> nx.Graph[str]:
    """All institutions and partners with their ties, for the exchange files.

    Each node says where the records came from: a node outlives its file.
    """
    papers = full_totals(with_home(counts.credits), ["institution_id"])
    described = _described(papers, entities)
    return graph(described.assign(source=source), ties)


def map_nodes(
    counts: Counts,
    entities: Mapping[str, Entity],
    ties: pd.DataFrame,
    ranked: pd.DataFrame,
    study: Study,
    stamp: Stamp,
    communities: Mapping[str, int],
) -> pd.DataFrame:
    """The map's nodes: the ranked institutions and the partners with most papers."""
    papers = full_totals(with_home(counts.credits), ["institution_id"])
    described = _described(papers, entities)
    inside = described[described["institution_id"].isin(ranked["institution_id"])]
    inside = inside.head(study.thresholds.map_institutions)
    outside = described[
        (described["scope"] != "domestic")
        & described["institution_id"].isin(pd.concat([ties["source_id"], ties["target_id"]]))
    ].head(study.thresholds.map_partners)
    shown = pd.concat([inside, outside], ignore_index=True)
    network = graph(shown, ties)
    positions = lay_out(
        network,
        weight="weight" if study.network.weight == "fractional" else "papers",
        communities=communities,
        seed=study.network.seed,
    )
    ids = [str(i) for i in shown["institution_id"]]
    shown = shown.assign(
        partners=[network.degree(i) for i in ids],
        community=pd.Series([communities.get(i) for i in ids], dtype="Int64"),
        x=[positions[i][0] for i in ids],
        y=[positions[i][1] for i in ids],
    )
    return schema.conform(stamp.on(shown, "none: counts only", "full"), schema.NODES)


def ties_by_year(
    papers: pd.DataFrame, tying: pd.DataFrame, nodes: pd.DataFrame, stamp: Stamp
) -> pd.DataFrame:
    """The ties between ``nodes`` of the map by year; ``tying`` are the credits that make ties."""
    year_of = papers.set_index("paper_id")["year"]
    found = pairs_by_year(tying, year_of, pd.Index(nodes["institution_id"]))
    return schema.conform(
        stamp.on(found, "none: counts only", "full"), schema.COLLABORATIONS_BY_YEAR
    )


def _described(papers: pd.Series[int], entities: Mapping[str, Entity]) -> pd.DataFrame:
    frame = papers.rename("papers").reset_index()
    known = [entities[i] for i in frame["institution_id"]]
    for attribute in ("name_en", "name_zh", "scope", "kind", "country", "province"):
        frame[attribute] = [getattr(entity, attribute) or None for entity in known]
    return frame.sort_values(
        ["papers", "institution_id"], ascending=[False, True], kind="stable"
    ).reset_index(drop=True)
