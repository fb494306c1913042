"""The tables of a comparison of two editions."""

from __future__ import annotations

from bibliometrics.schema.declare import Table, integer, number, text

_BOTH = (
    text("edition_before", "the earlier edition"),
    text("edition_after", "the later edition"),
    text("source", "where the records came from; SIMULATED where nobody wrote them"),
)

CHANGES = Table(
    "changes",
    "an institution of either edition: its figures before and after",
    (
        text("group", "ranked among: universities or institutes (or institutions)"),
        text("institution_id", "ranking.institution_id"),
        text("name_en", "English name"),
        text("name_zh", "Chinese name"),
        integer("papers_before", "distinct papers of the earlier edition"),
        integer("papers_after", "distinct papers of the later edition"),
        integer("papers_change", "after less before"),
        number("share_before", "share of the earlier edition, by its own rule and denominator"),
        number("share_after", "share of the later edition, by its own rule and denominator"),
        number("share_change", "after less before"),
        number("share_change_own", "part of it by the institution's own count"),
        number("share_change_denominator", "part of it by what the share is a share of"),
        number("share_change_low", "stability interval of the change, 2.5 %; empty where no cause"
               " is one of sampling"),
        number("share_change_high", "the same, 97.5 %"),
        integer("rank_before", "rank in the earlier edition; empty below its floor"),
        integer("rank_after", "rank in the later edition; empty below its floor"),
        integer("rank_change", "after less before: negative is a rise"),
        number("rank_change_own", "part of it by the institution's own change"),
        number("rank_change_others", "part of it by the change of all others"),
        text("says_en", "the change in a sentence"),
        text("says_zh", "the same in Chinese"),
        *_BOTH,
    ),
    key=("institution_id",),
    order=("group", "share_after", "institution_id"),
    descending=("group", "share_after"),
)  # fmt: skip

CHANGE_PARTS = Table(
    "change_parts",
    "an institution × figure × cause that acted: its part of the change",
    (
        text("institution_id", "changes.institution_id"),
        text("figure", "papers or share"),
        text("cause", "causes.cause"),
        number("part", "average over all orders of the causes (Shapley, 1953); the parts of a"
               " figure sum to its change"),
        number("part_least", "least over the orders"),
        number("part_most", "most over the orders"),
        *_BOTH,
    ),
    key=("institution_id", "figure", "cause"),
    order=("institution_id", "figure", "cause"),
)  # fmt: skip

CAUSES_TABLE = Table(
    "causes",
    "a cause of change, whether it acted or not",
    (
        integer("order", "1-based"),
        text("cause", "name of the cause"),
        integer("acted", "1: the editions differ in it"),
        integer("papers", "papers it brought, took or changed; empty: not a matter of papers"),
        text("says_en", "what it is"),
        text("says_zh", "the same in Chinese"),
        *_BOTH,
    ),
    key=("cause",),
    order=("order",),
)

CHANGED_PAPERS = Table(
    "changed_papers",
    "a paper of one edition only, or whose record changed",
    (
        text("paper_id_before", "papers.paper_id of the earlier edition; empty: not there"),
        text("paper_id_after", "papers.paper_id of the later edition; empty: not there"),
        text("linked_by", "paper_id, doi or title; empty: in one edition only"),
        text("causes", "what brought, took or changed it, |-separated"),
        text("title", "title, of the later record where there is one"),
        integer("year_before", "publication year of the earlier record"),
        integer("year_after", "publication year of the later record"),
        text("institutions_before", "ids counted in the earlier edition, |-separated"),
        text("institutions_after", "ids counted in the later edition, |-separated"),
        *_BOTH,
    ),
    key=("paper_id_before", "paper_id_after"),
    order=("causes", "paper_id_before", "paper_id_after"),
)

CHANGED_STRINGS = Table(
    "changed_strings",
    "an affiliation string that counts for others than before",
    (
        text("affiliation", "the string"),
        text("country", "ISO 3166 alpha-2; empty: not stated"),
        integer("papers", "distinct papers that carry it in the later edition"),
        text("counted_before", "ids by the earlier registry and decisions, |-separated"),
        text("counted_after", "ids by the later ones, |-separated"),
        text("rule_before", "the rule that decided before"),
        text("rule_after", "the rule that decides now"),
        *_BOTH,
    ),
    key=("affiliation", "country"),
    order=("papers", "affiliation", "country"),
    descending=("papers",),
)

CHANGED_OPTIONS = Table(
    "changed_options",
    "an option of the study that differs",
    (
        text("option", "section and name"),
        text("before", "value in the earlier edition"),
        text("after", "value in the later edition"),
        text("cause", "the cause it belongs to; empty: it moves no figure that is compared"),
        *_BOTH,
    ),
    key=("option",),
    order=("option",),
)

COMPARISON_TABLES = (
    CHANGES, CHANGE_PARTS, CAUSES_TABLE, CHANGED_PAPERS, CHANGED_STRINGS, CHANGED_OPTIONS,
)  # fmt: skip
