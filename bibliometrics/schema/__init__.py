"""Every table, declared once: what one row is, its columns, its key and its order.

All stages pass tables that conform to a declaration here. ``conform`` gives a frame the declared
columns, types and row order, and stops the run where a key is not unique: files are then the same
from run to run whatever order rows were computed in.
"""

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
    EDITION_TABLES,
    FINDINGS,
    FLOW,
    KEYWORDS,
    NODES,
    PARTNERS,
    PROVINCES,
    QUARANTINE,
    RANKING,
    RANKING_BY_YEAR,
    RETRACTIONS,
    SENSITIVITY,
    UNMATCHED,
    YEARS,
)

__all__ = [
    "AFFILIATIONS",
    "AGREEMENT",
    "ATTRIBUTION",
    "AUTHORITIES",
    "AUTHORSHIPS",
    "CLAIMS",
    "COLLABORATIONS",
    "CORPUS_TABLES",
    "COUNTRIES",
    "CREDITED",
    "CREDITS",
    "DECIMALS",
    "DUPLICATES",
    "EDITION_TABLES",
    "EXCLUDED",
    "FINDINGS",
    "FLOW",
    "KEYWORDS",
    "KEYWORD_HITS",
    "NODES",
    "PAPERS",
    "PARTNERS",
    "PROVINCES",
    "QUARANTINE",
    "RANKING",
    "RANKING_BY_YEAR",
    "RETRACTIONS",
    "SENSITIVITY",
    "UNMATCHED",
    "YEARS",
    "Column",
    "Table",
    "among",
    "conform",
    "empty",
]
