"""The network of an edition measured: what its nodes are, its groups, its ties and their change.

Centralities and communities are of the domestic graph. Ties between two partners outside are seen
only through it, so nothing here speaks of the world.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution.entities import Entity
from bibliometrics.counting.cooccurrence import pairs
from bibliometrics.counting.counts import full_totals
from bibliometrics.counting.ranking import Stamp
from bibliometrics.network import backbone, brokerage
from bibliometrics.network.change import change, windows
from bibliometrics.network.concentration import TOP, concentration
from bibliometrics.network.domestic_graph import Domestic, stability
from bibliometrics.network.graph import Floats
from bibliometrics.network.measures import measures
from bibliometrics.study.model import Study

# Fewer papers together make no "closest partner".
CLOSE_PAPERS = 10
ENDS = ("source", "target")
COUNTS_ONLY = "none: counts only"


def tables(
    papers: pd.DataFrame,
    credits_: pd.DataFrame,
    tying: pd.DataFrame,
    ties: pd.DataFrame,
    graph: Domestic,
    entities: Mapping[str, Entity],
    study: Study,
    stamp: Stamp,
) -> dict[str, pd.DataFrame]:
    """Tables of the domestic graph, by name.

    ``credits_`` are of all papers, ``tying`` of those that make ties, ``ties`` made of these.
    """
    stable, stable_groups = stability(papers, tying, graph, study)
    weight = f"{study.network.weight} ties"
    made = {
        "network_measures": _measures(graph, ties, stable, study),
        "communities": _communities(credits_, graph, stable_groups),
        "concentration": _concentration(credits_, graph),
        "backbone": _backbone(tying, graph),
        "network_change": _change(papers, tying, study),
    }
    names = {key: (entity.name_en, entity.name_zh) for key, entity in entities.items()}
    return {
        name: _finished(frame, getattr(schema, name.upper()), names, stamp, weight)
        for name, frame in made.items()
    }


def _finished(
    frame: pd.DataFrame,
    table: schema.Table,
    names: Mapping[str, tuple[str, str]],
    stamp: Stamp,
    weight: str,
) -> pd.DataFrame:
    """``frame`` with names for ids and what every table of numbers carries."""
    for column, prefix in (("institution_id", "name"), ("largest_id", "largest_name")):
        if column in frame:
            frame[f"{prefix}_en"] = [names[i][0] for i in frame[column]]
            frame[f"{prefix}_zh"] = [names[i][1] or None for i in frame[column]]
    for side in (*ENDS, "closest"):
        if f"{side}_id" in frame:
            known = frame[f"{side}_id"]
            frame[f"{side}_name"] = [None if pd.isna(i) else names[i][0] for i in known]
    counting = weight if table in (schema.NETWORK_MEASURES, schema.COMMUNITIES) else "full"
    return schema.conform(stamp.on(frame, COUNTS_ONLY, counting), table)


def _measures(graph: Domestic, ties: pd.DataFrame, stable: Floats, study: Study) -> pd.DataFrame:
    found = measures(graph.weighed).rename(columns={"node": "institution_id"})
    found["papers"] = graph.papers
    found["community"] = pd.Series(graph.groups, dtype="Int64").where(graph.groups > 0)
    found["community_stability"] = stable
    found["participation"] = brokerage.participation(graph.weighed, graph.groups)
    found["constraint"] = brokerage.constraint(graph.weighed)
    column = "weight_fractional" if study.network.weight == "fractional" else "papers"
    abroad = ties[ties["scope"] != "domestic"]
    sides = [abroad[[f"{end}_id", column]].set_axis(["id", "weight"], axis=1) for end in ENDS]
    ends = pd.concat(sides)
    sums = ends.groupby("id", sort=True)["weight"].agg(math.fsum)
    found["strength_abroad"] = found["institution_id"].map(sums).fillna(0)
    return found.join(_closest(graph))


def _closest(graph: Domestic) -> pd.DataFrame:
    """The partner with the highest corrected association among those of ten papers or more."""
    ties = graph.full
    association = ties.weight / backbone.expected(ties) if len(ties.weight) else ties.weight
    best: list[tuple[float, int, str] | None] = [None] * len(ties.nodes)
    for a, b, papers, value in zip(
        ties.source.tolist(), ties.target.tolist(), ties.weight.tolist(), association.tolist(),
        strict=True,
    ):  # fmt: skip
        if papers >= CLOSE_PAPERS:
            for own, other in ((a, b), (b, a)):
                met = best[own]
                if met is None or (value, papers) > met[:2]:
                    best[own] = (value, int(papers), ties.nodes[other])
    return pd.DataFrame(
        {
            "closest_id": [met[2] if met else None for met in best],
            "closest_papers": [met[1] if met else None for met in best],
            "closest_association": [met[0] if met else None for met in best],
        }
    )


def _communities(
    credits_: pd.DataFrame, graph: Domestic, stable: Mapping[int, tuple[float, float]]
) -> pd.DataFrame:
    ties, groups = graph.weighed, graph.groups
    known = graph.communities
    inside = credits_[schema.among(credits_["institution_id"], pd.Index(list(known)))]
    of_group = inside.assign(community=inside["institution_id"].map(known))
    papers = full_totals(of_group, ["community"])
    same = groups[ties.source] == groups[ties.target]
    rows = []
    for group in range(1, int(groups.max(initial=0)) + 1):
        members = sorted(
            np.flatnonzero(groups == group), key=lambda p: (-int(graph.papers[p]), ties.nodes[p])
        )
        own = (groups[ties.source] == group, groups[ties.target] == group)
        seeds, resampled = stable[group]
        rows.append(
            {
                "community": group,
                "largest_id": ties.nodes[members[0]],
                "members": len(members),
                "papers": int(papers[group]),
                "weight_internal": math.fsum(ties.weight[own[0] & same]),
                "weight_external": math.fsum(ties.weight[(own[0] | own[1]) & ~same]),
                "stability_seeds": seeds,
                "stability_bootstrap": resampled,
                "members_ids": "|".join(ties.nodes[place] for place in members),
            }
        )
    return pd.DataFrame(rows, columns=["community", "largest_id", "members", "papers",
                                       "weight_internal", "weight_external", "stability_seeds",
                                       "stability_bootstrap", "members_ids"])  # fmt: skip


def _concentration(credits_: pd.DataFrame, graph: Domestic) -> pd.DataFrame:
    """Of papers (summed over institutions), strength and ties; of distinct papers the top only."""
    rows = [
        {
            "quantity": quantity, "measure": m.name, "value": m.value, "units": len(amounts),
            "formula": m.formula,
        }
        for quantity, amounts in (
            ("papers", graph.papers.astype(np.float64)),
            ("strength", graph.weighed.strength),
            ("tie weight", graph.weighed.weight),
        )
        for m in concentration(amounts)
    ]  # fmt: skip
    inside = credits_[credits_["scope"] == "domestic"]
    whole = inside["paper_id"].nunique()
    order = np.argsort(-graph.papers, kind="stable")
    for top in TOP:
        if top <= len(order) and whole:
            named = pd.Index([graph.full.nodes[place] for place in order[:top]])
            met = inside.loc[schema.among(inside["institution_id"], named), "paper_id"].nunique()
            rows.append(
                {
                    "quantity": "distinct papers",
                    "measure": f"share of the top {top:02}",
                    "value": met / whole,
                    "units": len(order),
                    "formula": "papers that name one of the k largest / papers that name any",
                }
            )
    return pd.DataFrame(rows, columns=["quantity", "measure", "value", "units", "formula"])


def _backbone(credits_: pd.DataFrame, graph: Domestic) -> pd.DataFrame:
    full = graph.full
    inside = credits_[credits_["scope"] == "domestic"]
    several = int((inside.groupby("paper_id").size() > 1).sum())
    tied = int((full.degree > 0).sum())
    drawn = backbone.disparity(graph.weighed)
    by_chance = backbone.expected(full) if len(full.weight) else full.weight
    value = backbone.chance(full, several) if len(full.weight) else full.weight
    adjusted = backbone.holm(value, tied * (tied - 1) // 2)
    frame = pd.DataFrame(
        {
            "source_id": [full.nodes[place] for place in full.source],
            "target_id": [full.nodes[place] for place in full.target],
            "papers": full.weight,
            "weight_fractional": graph.fractional.weight,
            "association_corrected": full.weight / by_chance,
            "p_disparity": drawn,
            "is_drawn": np.where(drawn < backbone.LEVEL, "yes", "no"),
            "papers_expected": by_chance,
            "p_chance": value,
            "p_adjusted": adjusted,
            "is_above_chance": np.where(adjusted < backbone.LEVEL, "yes", "no"),
        }
    )
    return frame[(frame["is_drawn"] == "yes") | (frame["is_above_chance"] == "yes")].copy()


def _change(papers: pd.DataFrame, credits_: pd.DataFrame, study: Study) -> pd.DataFrame:
    years = papers["year"].dropna()
    if years.empty:
        return schema.empty(schema.NETWORK_CHANGE)
    # Windows of unequal length would make ties grow by themselves.
    width = min(study.network.window_years, (int(years.max()) - int(years.min()) + 1) // 2)
    if not width:
        return schema.empty(schema.NETWORK_CHANGE)
    both = windows(int(years.max()), width)
    before, after = (
        pairs(
            credits_[
                schema.among(
                    credits_["paper_id"],
                    papers.loc[papers["year"].between(first, last).fillna(value=False), "paper_id"],
                )
            ]
        )
        for first, last in both
    )
    named = [f"{first}-{last}" for first, last in both]
    return change(before, after).assign(window_before=named[0], window_after=named[1])
