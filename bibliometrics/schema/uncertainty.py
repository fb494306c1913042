"""The tables that say how firm a number is: resampling, rank sets, attribution, other options."""

from __future__ import annotations

from bibliometrics.schema.declare import Table, integer, number, text
from bibliometrics.schema.edition import COUNTED

INTERVALS = Table(
    "intervals",
    "a listed institution under a counting rule, with what resampling and attribution do to it",
    (
        text("group", "ranking.group"),
        text("institution_id", "ranking.institution_id"),
        integer("rank", "competition rank in its group by this rule; empty below the floor"),
        number("papers", "count by this rule"),
        number("papers_low", "stability interval of the count: not an error bar"),
        number("papers_high", "its upper end"),
        number("share", "papers over the denominator"),
        number("share_low", "stability interval of the share: not an error bar"),
        number("share_high", "its upper end"),
        integer("rank_stability_low", "best rank in the middle of the resamples"),
        integer("rank_stability_high", "worst rank in the middle of the resamples"),
        integer("rank_low", "best rank of the rank set (simultaneous over all rows shown)"),
        integer("rank_high", "worst rank of the rank set (simultaneous over all rows shown)"),
        integer("rank_marginal_low", "best rank of the rank set of this row alone"),
        integer("rank_marginal_high", "worst rank of the rank set of this row alone"),
        number("papers_attribution_low", "count under simulated attribution errors, lower end"),
        number("papers_attribution_high", "its upper end"),
        number("share_attribution_low", "share under simulated attribution errors, lower end"),
        number("share_attribution_high", "its upper end"),
        integer("rank_attribution_low", "best rank under simulated attribution errors"),
        integer("rank_attribution_high", "worst rank under simulated attribution errors"),
        *COUNTED,
    ),
    key=("counting", "institution_id"),
    order=("counting", "group", "papers", "institution_id"),
    descending=("papers",),
)

PAIRWISE = Table(
    "pairwise",
    "two institutions of a group: neighbours in rank, or both among the first thirty",
    (
        text("group", "ranking.group"),
        text("institution_a", "the one with the larger count (ties: the smaller id)"),
        text("institution_b", "the other"),
        integer("rank_a", "its rank"),
        integer("rank_b", "its rank"),
        number("difference", "share of a less share of b"),
        integer("papers_together", "distinct papers that both are on"),
        number("z", "difference over its standard deviation under resampling, shared papers seen"),
        number("p_a_above_b", "part of the resamples in which a is above b, ties half"),
        *COUNTED,
    ),
    key=("institution_a", "institution_b"),
    order=("group", "rank_a", "rank_b", "institution_a", "institution_b"),
)

ATTRIBUTION_ERROR = Table(
    "attribution_error",
    "a rule of attribution with the rate of error that the simulation draws from",
    (
        text("rule", "attribution.rule"),
        text("decision", "matched, ambiguous or unmatched"),
        integer("strings", "distinct strings that it decided"),
        integer("papers", "distinct papers that carry one of them"),
        integer("marked", "strings with a mark: of the audit, or of the measurement before it"),
        integer("wrong", "of these, wrong"),
        number("share_wrong", "mean of the posterior"),
        number("share_wrong_low", "2.5 % point of the posterior"),
        number("share_wrong_high", "97.5 % point of the posterior"),
        text("basis_en", "what the rate rests on: the audit, or an assumption"),
        text("basis_zh", "the same in Chinese"),
        text("source", "where the records came from"),
    ),
    key=("rule", "decision"),
    order=("papers", "rule", "decision"),
    descending=("papers",),
)

SENSITIVITY = Table(
    "sensitivity",
    "an institution under another option",
    (
        text("dimension", "the choice that is varied"),
        text("option", "its value"),
        text("institution_id", "ranking.institution_id"),
        integer("papers", "distinct papers"),
        number("share", "papers over the denominator"),
        integer("rank", "competition rank"),
        *COUNTED,
    ),
    key=("dimension", "option", "institution_id"),
    order=("dimension", "option", "institution_id"),
)

SENSITIVITY_MOVES = Table(
    "sensitivity_moves",
    "an institution that another option moves by more than three ranks",
    (
        text("dimension", "the choice that is varied"),
        text("option", "its value"),
        text("group", "ranking.group"),
        text("institution_id", "ranking.institution_id"),
        text("name_en", "English name"),
        text("name_zh", "Chinese name"),
        integer("rank_from", "rank under the study's options"),
        integer("rank_to", "rank under this option; empty: below the floor, or gone"),
        integer("moved", "rank_from less rank_to: positive is upwards"),
        integer("papers_from", "distinct papers under the study's options"),
        integer("papers_to", "distinct papers under this option"),
        text("why_en", "what moved it"),
        text("why_zh", "the same in Chinese"),
        text("source", "where the records came from"),
    ),
    key=("dimension", "option", "institution_id"),
    order=("dimension", "option", "group", "rank_from", "institution_id"),
)

SENSITIVITY_SUMMARY = Table(
    "sensitivity_summary",
    "another option of a choice, compared with the study's, within a group",
    (
        text("dimension", "the choice that is varied"),
        text("option", "its value"),
        text("group", "ranking.group"),
        text("status", "computed, the study's own, or not available"),
        integer("papers_total", "distinct papers of the corpus under it"),
        integer("institutions", "institutions ranked both ways"),
        number("kendall_tau_b", "rank correlation with the study's ranking"),
        number("rbo", "rank-biased overlap, extrapolated: weighs the top"),
        number("rbo_p", "its p: how fast the weight falls with depth"),
        integer("moved_more_than_three", "institutions that move by more than three ranks"),
        text("largest_mover", "institution that moves furthest; empty: none moves"),
        integer("largest_move", "its ranks, positive upwards"),
        text("says_en", "what the option is, and what to know of it"),
        text("says_zh", "the same in Chinese"),
        *COUNTED,
    ),
    key=("dimension", "option", "group"),
    order=("dimension", "option", "group"),
)

UNCERTAINTY_TABLES = (
    INTERVALS, PAIRWISE, ATTRIBUTION_ERROR, SENSITIVITY, SENSITIVITY_MOVES, SENSITIVITY_SUMMARY,
)  # fmt: skip
