"""The tables that let an attribution be checked: audit, decisions, names outside the registry."""

from __future__ import annotations

from bibliometrics.schema.declare import Table, integer, number, text

AUDIT = Table(
    "audit",
    "a measure of the attribution × stratum × weighting, from strings marked by hand",
    (
        text("measure", "precision, recall, exact, agreement or kappa (of two markers)"),
        text("stratum", "all; blind or shown (the machine's answer); else decision and rule"),
        text("weighting", "strings (each counts once) or papers (each counts its papers)"),
        integer("strings", "strings that were marked"),
        integer("papers", "papers that carry them"),
        number("estimate", "share, 0 to 1; kappa: -1 to 1; empty: no string of it could tell"),
        number("low", "lower end of the 95 % interval; empty where none is computed"),
        number("high", "upper end of the 95 % interval; empty where none is computed"),
        number("shown_at_least", "what the sample shows with 95 % confidence, one-sided"),
        number("effective_n", "size of an equal-probability sample that tells as much"),
        text("marked_on", "day of the last mark"),
        text("source", "where the records of the audited edition came from"),
    ),
    key=("measure", "stratum", "weighting"),
    order=("measure", "stratum", "weighting"),
)

DECISIONS_USED = Table(
    "decisions_used",
    "a signed decision kept beside the study",
    (
        text("kind", "string: whose an affiliation is; merge or apart: two names outside it"),
        text("affiliation", "the string decided on, or the id of the first name"),
        text("country", "ISO 3166 alpha-2; empty: any"),
        text("institution_ids", "what was decided, |-separated; empty: outside the registry"),
        text("decided_by", "who"),
        text("decided_on", "when"),
        text("reason", "why"),
        text("used", "yes, or no: nothing of this edition met it"),
        integer("strings", "affiliation strings it settled"),
        integer("papers", "distinct papers that carry them"),
        integer("papers_moved", "of these, papers of strings the rules would answer otherwise"),
        text("without_it", "ids the rules alone would give, |-separated"),
        text("source", "where the records came from"),
    ),
    key=("kind", "affiliation", "country"),
    order=("used", "papers_moved", "kind", "affiliation", "country"),
    descending=("used", "papers_moved"),
)

OPEN_WORLD = Table(
    "open_world",
    "a spelling of an organisation outside the registry",
    (
        text("entity_id", "the organisation it counts for: x-<country>-<slug>"),
        text("name", "its most frequent spelling"),
        text("country", "ISO 3166 alpha-2"),
        text("spelling_id", "the id this spelling would have alone"),
        text("spelling", "the segment as written, cleaned"),
        integer("papers", "papers of the strings that carry it, summed over strings"),
        text("rule", "as-written, or the rule that joined it to the organisation"),
        text("reason", "why, in words"),
        text("source", "where the records came from"),
    ),
    key=("spelling_id",),
    order=("entity_id", "papers", "spelling_id"),
    descending=("papers",),
)

OPEN_WORLD_REVIEW = Table(
    "open_world_review",
    "two organisations outside the registry that may be one",
    (
        text("entity_id", "the one with more papers"),
        text("name", "its most frequent spelling"),
        text("other_id", "the other"),
        text("other_name", "its most frequent spelling"),
        text("country", "ISO 3166 alpha-2"),
        integer("papers", "papers of the strings of the one"),
        integer("papers_other", "papers of the strings of the other: what is at stake"),
        text("reason", "why they may be one, and what would settle it"),
        text("source", "where the records came from"),
    ),
    key=("entity_id", "other_id"),
    order=("papers_other", "entity_id", "other_id"),
    descending=("papers_other",),
)

ATTRIBUTION_TABLES = (AUDIT, DECISIONS_USED, OPEN_WORLD, OPEN_WORLD_REVIEW)
