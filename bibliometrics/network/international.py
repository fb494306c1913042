"""The index of international collaboration of a study's country with each partner country."""

from __future__ import annotations

import pandas as pd
from babel import Locale

from bibliometrics import schema
from bibliometrics.attribution.entities import scope_of_country
from bibliometrics.counting.counts import full_totals
from bibliometrics.counting.ranking import Stamp
from bibliometrics.network import indices
from bibliometrics.study.model import Study

WORLD = "world"


def collaboration_indices(
    authorships: pd.DataFrame, affiliations: pd.DataFrame, study: Study, stamp: Stamp
) -> pd.DataFrame:
    """The index of each partner country, where the study gives the totals it needs.

    A corpus filtered to one country holds of a partner only its papers with that country: without
    the partner's own international papers, and the world's, there is no index. Foreign is what the
    study's geography calls so, as in ``ranking.papers_international``: Hong Kong, Macao and Taiwan
    have a row, stand apart, and make no paper international. Countries are those of addresses.
    """
    country = affiliations.set_index("affiliation_id")["country"].dropna()
    placed = authorships[authorships["affiliation_id"].isin(country.index)]
    named = placed[["paper_id"]].assign(country=placed["affiliation_id"].map(country))
    named = named.drop_duplicates()
    inside = named["country"].isin(study.geography.codes)
    own = named.loc[inside, "paper_id"].drop_duplicates()
    outside = named[~inside & schema.among(named["paper_id"], own)]
    together = full_totals(outside, ["country"]).rename("papers").reset_index()
    foreign = [c for c in together["country"] if scope_of_country(str(c), study) == "foreign"]
    abroad = outside[outside["country"].isin(foreign)]
    totals = study.network.international_totals
    international = int(abroad["paper_id"].nunique())
    world = totals.get(WORLD)
    rows = []
    for code, papers in zip(together["country"], together["papers"], strict=True):
        partner = totals.get(str(code))
        status, value = indices.COMPUTED, None
        if code not in foreign:
            status = "not available: stands apart from foreign countries in this study"
        elif world is None:
            status = "not available: the study gives no international_totals"
        elif partner is None:
            status = indices.NO_TOTAL
        elif papers < indices.LEAST_PAPERS:
            status = indices.TOO_FEW
        elif papers > partner or international > world:
            status = "not available: the corpus holds more papers than the total given"
        else:
            value = indices.index(papers, international, partner, world)
        rows.append((international, partner, world, value, status))
    added = [
        "papers_international",
        "partner_international",
        "world_international",
        "index",
        "status",
    ]
    frame = together.join(pd.DataFrame(rows, columns=added, index=together.index))
    for language in ("en", "zh"):
        names = Locale(language).territories
        frame[f"name_{language}"] = [str(names.get(code, code)) for code in frame["country"]]
    said = f"world's international papers = {world}" if world else "none: not available"
    return schema.conform(stamp.on(frame, said, "full"), schema.COLLABORATION_INDICES)
