"""Pairs of institutions with papers together, and the strength of their ties.

Only ties with an institution of the geography are seen whole, so normalised strengths are of the
domestic graph.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd


def pairs(credits_: pd.DataFrame) -> pd.DataFrame:
    """Unordered pairs of institutions with a paper together, at least one of them domestic.

    Returns columns source_id < target_id, scope, papers (distinct papers together),
    weight_fractional and association_strength.

    ``weight_fractional`` is Σ 1/(n_k - 1) over the papers k of the pair, n_k the institutions on
    paper k (Perianes-Rodríguez, Waltman & van Eck, 2016): a domestic institution's strength is its
    number of papers with another institution. ``association_strength`` is 2m·c_ij/(s_i·s_j) with
    s_i = Σ_j c_ij and 2m = Σ_i s_i over domestic pairs (van Eck & Waltman, 2009; it overestimates
    slightly, since i cannot pair with itself: Steijn, 2021); empty for a pair with a partner
    outside, whose other ties the corpus does not hold.
    """
    rows = credits_[["paper_id", "institution_id", "scope"]].copy()
    rows["n"] = rows.groupby("paper_id")["institution_id"].transform("size")
    rows = rows[rows["n"] > 1]
    domestic = rows[rows["scope"] == "domestic"]
    joined = domestic.merge(rows, on="paper_id", suffixes=("", "_other"))
    joined = joined[joined["institution_id"] != joined["institution_id_other"]]
    # A domestic pair comes twice, once from each side: keep the one in order.
    inside = joined["scope_other"] == "domestic"
    joined = joined[~inside | (joined["institution_id"] < joined["institution_id_other"])]
    ordered = joined["institution_id"] < joined["institution_id_other"]
    first, second = joined["institution_id"], joined["institution_id_other"]
    together = pd.DataFrame(
        {
            "source_id": first.where(ordered, second),
            "target_id": second.where(ordered, first),
            "scope": joined["scope_other"],
            "others": joined["n"] - 1,
        }
    )
    key = ["source_id", "target_id", "scope"]
    counted = together.groupby([*key, "others"], sort=True).size().rename("papers").reset_index()
    counted["part"] = counted["papers"] / counted["others"]
    grouped = counted.groupby(key, sort=True)
    found = grouped["papers"].sum().to_frame()
    found["weight_fractional"] = grouped["part"].agg(math.fsum)
    found = found.reset_index()
    return found.assign(association_strength=_association(found))


def _association(found: pd.DataFrame) -> pd.Series[Any]:
    inside = found[found["scope"] == "domestic"]
    if inside.empty:
        return pd.Series(pd.NA, index=found.index, dtype="Float64")
    strength = (
        pd.concat(
            [
                inside.set_index("source_id")["papers"],
                inside.set_index("target_id")["papers"],
            ]
        )
        .groupby(level=0)
        .sum()
    )
    total = int(strength.sum())
    expected = inside["source_id"].map(strength) * inside["target_id"].map(strength)
    values = total * inside["papers"] / expected
    return values.reindex(found.index).astype("Float64")
