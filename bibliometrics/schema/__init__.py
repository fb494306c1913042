"""Every table, declared once: what one row is, its columns, its key and its order.

All stages pass tables that conform to a declaration here. ``conform`` gives a frame the declared
columns, types and row order, and stops the run where a key is not unique: files are then the same
from run to run whatever order rows were computed in.
"""

from bibliometrics.schema.anatomy import (
    ANATOMY_TABLES,
    DELINEATION,
    GROWTH,
    KEYWORD_OVERLAPS,
    SPECIALISATION,
    SUBJECT_AREAS,
)
from bibliometrics.schema.corpus import (
    AFFILIATIONS,
    AUTHORSHIPS,
    CORPUS_TABLES,
    CREDITED,
    CREDITS,
    DUPLICATES,
    EXCLUDED,
    KEYWORD_HITS,
    PAPERS,
)
from bibliometrics.schema.declare import DECIMALS, Column, Table, among, conform, empty
from bibliometrics.schema.edition import (
    AGREEMENT,
    ATTRIBUTION,
    AUTHORITIES,
    CLAIMS,
    COLLABORATIONS,
    COUNTRIES,
    FINDINGS,
    FLOW,
    KEYWORDS,
    MAIN_TABLES,
    NODES,
    PARTNERS,
    PROVINCES,
    QUARANTINE,
    RANKING,
    RANKING_BY_YEAR,
    RETRACTIONS,
    UNMATCHED,
    YEARS,
)
from bibliometrics.schema.uncertainty import (
    ATTRIBUTION_ERROR,
    INTERVALS,
    PAIRWISE,
    SENSITIVITY,
    SENSITIVITY_MOVES,
    SENSITIVITY_SUMMARY,
    UNCERTAINTY_TABLES,
)

EDITION_TABLES = (*MAIN_TABLES, *UNCERTAINTY_TABLES, *ANATOMY_TABLES)

__all__ = [
    "AFFILIATIONS",
    "AGREEMENT",
    "ATTRIBUTION",
    "ATTRIBUTION_ERROR",
    "AUTHORITIES",
    "AUTHORSHIPS",
    "CLAIMS",
    "COLLABORATIONS",
    "CORPUS_TABLES",
    "COUNTRIES",
    "CREDITED",
    "CREDITS",
    "DECIMALS",
    "DELINEATION",
    "DUPLICATES",
    "EDITION_TABLES",
    "EXCLUDED",
    "FINDINGS",
    "FLOW",
    "GROWTH",
    "INTERVALS",
    "KEYWORDS",
    "KEYWORD_HITS",
    "KEYWORD_OVERLAPS",
    "NODES",
    "PAIRWISE",
    "PAPERS",
    "PARTNERS",
    "PROVINCES",
    "QUARANTINE",
    "RANKING",
    "RANKING_BY_YEAR",
    "RETRACTIONS",
    "SENSITIVITY",
    "SENSITIVITY_MOVES",
    "SENSITIVITY_SUMMARY",
    "SPECIALISATION",
    "SUBJECT_AREAS",
    "UNMATCHED",
    "YEARS",
    "Column",
    "Table",
    "among",
    "conform",
    "empty",
]
