"""Where the institutions of an edition are, and with which countries they work."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution.entities import Entity
from bibliometrics.attribution.institutions import Registry
from bibliometrics.counting.counts import Counts
from bibliometrics.counting.ranking import Stamp

_NO_SHARE = "none: counts only"


def places(ranked: pd.DataFrame, registry: Registry, stamp: Stamp) -> pd.DataFrame:
    """``schema.PLACES`` of the institutions of ``ranked`` (``schema.RANKING``).

    An institution whose city the registry does not know, or has no coordinates for, keeps its row
    without them: it is on no map and is counted.
    """
    known = {(city.name, city.province): city for city in registry.cities}
    rows = []
    for institution, papers in zip(ranked["institution_id"], ranked["papers"], strict=True):
        held = registry.institutions.get(institution)
        city = known.get((held.city, held.province)) if held else None
        rows.append(
            {
                "institution_id": institution,
                "city": (held.city or None) if held else None,
                "province": (held.province or None) if held else None,
                "latitude": city.latitude if city else None,
                "longitude": city.longitude if city else None,
                "papers": papers,
            }
        )
    frame = pd.DataFrame(rows, columns=schema.PLACES.column_names)
    return schema.conform(stamp.on(frame, _NO_SHARE, "full"), schema.PLACES)


def country_ties(counts: Counts, entities: Mapping[str, Entity], stamp: Stamp) -> pd.DataFrame:
    """``schema.COUNTRY_TIES``: distinct papers of an institution with anybody of a country."""
    credits_ = counts.credits
    outside = credits_[credits_["scope"] != "domestic"]
    country = {name: entity.country for name, entity in entities.items() if entity.country}
    abroad = outside[["paper_id"]].assign(country=outside["institution_id"].map(country))
    domestic = credits_.loc[credits_["scope"] == "domestic", ["paper_id", "institution_id"]]
    joined = domestic.merge(abroad.dropna().drop_duplicates(), on="paper_id", how="inner")
    frame = joined.groupby(["institution_id", "country"]).size().rename("papers").reset_index()
    return schema.conform(stamp.on(frame, _NO_SHARE, "full"), schema.COUNTRY_TIES)
