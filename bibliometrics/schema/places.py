"""The tables of an edition that put institutions on a map."""

from __future__ import annotations

from bibliometrics.schema.declare import Table, integer, number, text
from bibliometrics.schema.edition import COUNTED

PLACES = Table(
    "places",
    "an institution of the registry with a paper, at its city",
    (
        text("institution_id", "ranking.institution_id"),
        text("city", "city of the registry; empty: not known"),
        text("province", "province-level unit"),
        number("latitude", "of the city, degrees north; empty: the registry has no coordinates"),
        number("longitude", "of the city, degrees east"),
        integer("papers", "distinct papers"),
        *COUNTED,
    ),
    key=("institution_id",),
    order=("papers", "institution_id"),
    descending=("papers",),
)

COUNTRY_TIES = Table(
    "country_ties",
    "an institution of the geography × a country or region abroad with a paper together",
    (
        text("institution_id", "ranking.institution_id"),
        text("country", "ISO 3166 alpha-2 of the partner"),
        integer("papers", "distinct papers together"),
        *COUNTED,
    ),
    key=("institution_id", "country"),
    order=("papers", "institution_id", "country"),
    descending=("papers",),
)

PLACE_TABLES = (PLACES, COUNTRY_TIES)
