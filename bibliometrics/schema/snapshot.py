"""Tables of a snapshot that was counted as a whole: totals, not an edition."""

from __future__ import annotations

from bibliometrics.schema.declare import Table, integer, number, text
from bibliometrics.schema.edition import COLLABORATIONS

_STUDY = text("study", "name of the study whose filter and rules were used")

SNAPSHOT_COUNTS = Table(
    "snapshot_counts",
    "an institution × counting rule, over all years",
    (
        text("counting", "the rule, as in the column counting of an edition's tables"),
        text("institution_id", "id of the institution or partner"),
        text("name_en", "English name"),
        text("name_zh", "Chinese name, where it is known"),
        text("scope", "domestic, foreign, or hk_mo_tw"),
        text("country", "ISO code"),
        number("papers", "papers by this rule"),
        _STUDY,
    ),
    key=("counting", "institution_id"),
    order=("counting", "papers", "institution_id"),
    descending=("papers",),
)

SNAPSHOT_TIES = Table(
    "snapshot_ties",
    "an unordered pair of institutions with a paper together, one of them domestic",
    (
        *COLLABORATIONS.columns[:8],  # as an edition has them, up to association_strength
        _STUDY,
    ),
    key=("source_id", "target_id"),
    order=("papers", "source_id", "target_id"),
    descending=("papers",),
)

SNAPSHOT_QUARANTINE = Table(
    "snapshot_quarantine",
    "a reason why lines were set aside",
    (
        text("reason", "its first words; file, line number and text are in quarantine as Parquet"),
        integer("lines", "lines set aside for it"),
        _STUDY,
    ),
    key=("reason",),
    order=("reason",),
)

SNAPSHOT_TABLES = (SNAPSHOT_COUNTS, SNAPSHOT_TIES, SNAPSHOT_QUARANTINE)
