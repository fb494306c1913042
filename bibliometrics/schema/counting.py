"""The tables of an edition that compare counting rules and windows of years."""

from __future__ import annotations

from bibliometrics.schema.declare import Table, integer, number, text
from bibliometrics.schema.edition import COUNTED

_RANKED = (
    text("group", "ranked among: universities or institutes (or institutions)"),
    text("institution_id", "ranking.institution_id"),
    number("papers", "papers by the rule of the row; a fraction where the rule splits papers"),
    number("share", "papers over the denominator, 0 to 1"),
    integer("rank", "rank in its group by the rule of the row; empty below the floor"),
    integer("rank_floor", "least papers in full counting for a rank"),
    text("tie_rule", "what equal counts get; competition: all of them the best rank"),
    *COUNTED,
)

COUNTS = Table(
    "counts",
    "an institution × counting rule; a rule that is not available has no row",
    _RANKED,
    key=("counting", "institution_id"),
    order=("counting", "group", "papers", "institution_id"),
    descending=("papers",),
)

COUNTING_RULES = Table(
    "counting_rules",
    "a counting rule, and what the records of the corpus can tell for it",
    (
        text("counting", "the rule, as in the column counting of other tables"),
        integer("order", "order of display"),
        text("available", "yes; in part: some papers cannot be counted by it; no"),
        integer("papers_counted", "papers of the corpus that can be counted by it"),
        integer("papers_not_available", "papers whose source does not say what the rule asks"),
        number("sum_domestic", "sum over institutions of the geography"),
        number("sum_others", "sum over partners outside it"),
        number("sum_nobody", "weight that belongs to no institution; empty: the rule has none"),
        text("name_en", "name of the rule"),
        text("name_zh", "the same in Chinese"),
        text("says_en", "its definition and its caveat"),
        text("says_zh", "the same in Chinese"),
        text("source", "where the records came from"),
    ),
    key=("counting",),
    order=("order",),
)

WINDOWS = Table(
    "windows",
    "an institution × window of years × counting rule with a paper",
    (
        text("window_kind", "year, four_years (sliding), cumulative (from the first year on)"),
        integer("first_year", "first publication year of the window"),
        integer("last_year", "last publication year of the window"),
        *_RANKED,
    ),
    key=("window_kind", "last_year", "counting", "institution_id"),
    order=("window_kind", "last_year", "counting", "group", "papers", "institution_id"),
    descending=("papers",),
)

COUNTING_TABLES = (COUNTS, COUNTING_RULES, WINDOWS)
