"""Institutions outside the geography and the countries they stand in."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from babel import Locale

from bibliometrics import schema
from bibliometrics.attribution.entities import Entity
from bibliometrics.counting.counts import Counts, full_totals
from bibliometrics.counting.ranking import Denominator, Stamp
from bibliometrics.study.model import Study


def partners(
    papers: pd.DataFrame, counts: Counts, entities: Mapping[str, Entity], study: Study, stamp: Stamp
) -> pd.DataFrame:
    """Partners ranked within their scope: foreign, or Hong Kong, Macao and Taiwan.

    A partner's papers are those of the corpus that name it together with an institution of the
    geography, so its own total is not known: no index of collaboration can be computed from it.
    An institution that is a partner by the other rule alone (a laboratory at home with an owner
    abroad, or the reverse) stands here too, without a rank.
    """
    domestic = counts.credits[counts.credits["scope"] == "domestic"]
    elsewhere = {i for i, entity in entities.items() if entity.other_scope != "domestic"}
    both_ways = domestic["institution_id"].isin(elsewhere)
    known_home = with_home(counts.credits)
    met_by = domestic[~both_ways]
    together = pd.concat(
        [
            known_home[known_home["scope"] != "domestic"],
            domestic[both_ways & schema.among(domestic["paper_id"], met_by["paper_id"])],
        ]
    )
    frame = full_totals(together, ["institution_id"]).rename("papers").reset_index()
    frame = frame[frame["papers"] >= study.thresholds.partner_minimum]
    known = [entities[i] for i in frame["institution_id"]]
    frame["name"] = [entity.name_en for entity in known]
    frame["country"] = [entity.country for entity in known]
    frame["scope"] = [entity.scope for entity in known]
    frame["other_rule"] = [f"{entity.other_country} {entity.other_scope}" for entity in known]
    met = together[["paper_id", "institution_id"]].merge(
        domestic[["paper_id", "institution_id"]], on="paper_id", suffixes=("", "_domestic")
    )
    met = met[met["institution_id"] != met["institution_id_domestic"]]
    frame["domestic_institutions"] = frame["institution_id"].map(
        met.groupby("institution_id")["institution_id_domestic"].nunique()
    )
    ranks = frame.groupby("scope")["papers"].rank(method="min", ascending=False)
    frame["rank"] = ranks.where(frame["scope"] != "domestic")
    whole = Denominator("distinct papers of the corpus", len(papers))
    frame["share"] = whole.share(frame["papers"])
    frame = frame.rename(columns={"institution_id": "partner_id"})
    return schema.conform(stamp.on(frame, whole.says, "full"), schema.PARTNERS)


def with_home(credits_: pd.DataFrame) -> pd.DataFrame:
    """Credits of the geography, and of partners on papers with an institution of the geography.

    The one definition of a partner's papers: what it publishes without anybody inside is no
    collaboration, and a corpus filtered to one geography holds only chance parts of it.
    """
    domestic = credits_["scope"] == "domestic"
    home = schema.among(credits_["paper_id"], credits_.loc[domestic, "paper_id"])
    return credits_[domestic | home]


def countries(
    papers: pd.DataFrame, authorships: pd.DataFrame, affiliations: pd.DataFrame, stamp: Stamp
) -> pd.DataFrame:
    """Distinct papers by country or region of an address, whether or not its institution is known.

    An address that states no country counts for none; the findings say how many.
    """
    country = affiliations.set_index("affiliation_id")["country"].dropna()
    placed = authorships[authorships["affiliation_id"].isin(country.index)]
    dated = placed.assign(country=placed["affiliation_id"].map(country))
    frame = full_totals(dated, ["country"]).rename("papers").reset_index()
    for language in ("en", "zh"):
        names = Locale(language).territories
        frame[f"name_{language}"] = [str(names.get(code, code)) for code in frame["country"]]
    whole = Denominator("distinct papers of the corpus", len(papers))
    frame["share"] = whole.share(frame["papers"])
    return schema.conform(stamp.on(frame, whole.says, "full"), schema.COUNTRIES)
