"""The tables of an edition that describe its network."""

from __future__ import annotations

from bibliometrics.schema.declare import Table, integer, number, text
from bibliometrics.schema.edition import COUNTED

NETWORK_MEASURES = Table(
    "network_measures",
    "an institution of the domestic graph (with or without a tie)",
    (
        text("institution_id", "ranking.institution_id"),
        text("name_en", "English name"),
        text("name_zh", "Chinese name"),
        integer("papers", "distinct papers, as in ranking"),
        integer("degree", "domestic institutions it has a paper with"),
        number("strength", "sum of its domestic ties in the study's weight"),
        number("betweenness", "shortest paths between others through it; ties unweighted"),
        number("closeness", "over its component, scaled by its size; ties unweighted; 0 to 1"),
        number("pagerank", "weighted, damping 0.85; sums to 1"),
        number("eigenvector", "weighted; the largest is 1"),
        integer("community", "communities.community; empty without a domestic tie"),
        number("community_stability", "how often its community-mates stay so under the bootstrap"),
        number("participation", "1 less the squared shares of its strength by community; 0 to 1"),
        number("constraint", "Burt's constraint, weighted; low: it bridges; empty without a tie"),
        number("strength_abroad", "sum of its ties to partners outside, in the study's weight"),
        text("closest_id", "strongest partner by corrected association among those of 10 papers"),
        text("closest_name", "its English name; empty: no partner with 10 papers together"),
        integer("closest_papers", "distinct papers with it"),
        number("closest_association", "corrected association strength with it; 1 is as expected"),
        *COUNTED,
    ),
    key=("institution_id",),
    order=("strength", "institution_id"),
    descending=("strength",),
)

COMMUNITIES = Table(
    "communities",
    "a community of the domestic graph",
    (
        integer("community", "numbered in the order of their largest members"),
        text("largest_id", "the member with most papers: it gives number and colour"),
        text("largest_name_en", "its English name"),
        text("largest_name_zh", "its Chinese name"),
        integer("members", "institutions"),
        integer("papers", "distinct papers with a member"),
        number("weight_internal", "sum of ties between members, in the study's weight"),
        number("weight_external", "sum of ties of members to other communities"),
        number("stability_seeds", "pairs of members together over 20 seeds: the optimiser; 0 to 1"),
        number("stability_bootstrap", "the same over resampled papers: the data; 0 to 1"),
        text("members_ids", "the members by papers, |-separated"),
        *COUNTED,
    ),
    key=("community",),
    order=("community",),
)

CONCENTRATION = Table(
    "concentration",
    "a quantity × measure of how unevenly it is held by the institutions of the geography",
    (
        text("quantity", "papers, distinct papers, strength, or tie weight"),
        text("measure", "share of the top 01, 05, 10, 20; gini; hhi; effective number"),
        number("value", "0 to 1, but for the effective number"),
        integer("units", "institutions or ties it is computed over"),
        text("formula", "how it is computed"),
        *COUNTED,
    ),
    key=("quantity", "measure"),
    order=("quantity", "measure"),
)

BACKBONE = Table(
    "backbone",
    "a domestic tie that one of the two tests keeps",
    (
        text("source_id", "the smaller id"),
        text("target_id", "the larger id"),
        text("source_name", "English name"),
        text("target_name", "English name"),
        integer("papers", "distinct papers together"),
        number("weight_fractional", "collaborations.weight_fractional"),
        number("association_corrected", "papers over those expected; 1 is as expected"),
        number("p_disparity", "disparity filter, the smaller of the two ends"),
        text("is_drawn", "yes where the disparity filter keeps it: for drawing only"),
        number("papers_expected", "papers together if institutions met by chance"),
        number("p_chance", "chance of as many papers together or more"),
        number("p_adjusted", "the same, corrected for all pairs tested (Holm)"),
        text("is_above_chance", "yes where p_adjusted is below 0.05"),
        *COUNTED,
    ),
    key=("source_id", "target_id"),
    order=("p_adjusted", "papers", "source_id", "target_id"),
    descending=("papers",),
)

NETWORK_CHANGE = Table(
    "network_change",
    "a pair of institutions with a paper together in one of the two windows",
    (
        text("source_id", "the smaller id"),
        text("target_id", "the larger id"),
        text("source_name", "English name"),
        text("target_name", "English name"),
        text("scope", "domestic, foreign, or hk_mo_tw"),
        text("window_before", "first-last year; both are equally long, shorter in a short corpus"),
        text("window_after", "first-last year"),
        integer("papers_before", "distinct papers together in the window before"),
        integer("papers_after", "distinct papers together in the window after"),
        number("weight_before", "fractional weight in the window before"),
        number("weight_after", "fractional weight in the window after"),
        text("change", "new, lost, grown, shrunk, or level (papers)"),
        number("papers_expected", "papers_before times the growth of all ties of its scope"),
        number("share_change", "share of its scope's papers together, after less before"),
        *COUNTED,
    ),
    key=("source_id", "target_id"),
    order=("papers_after", "papers_before", "source_id", "target_id"),
    descending=("papers_after", "papers_before"),
)

COLLABORATION_INDICES = Table(
    "collaboration_indices",
    "a country or region with a paper together with the study's country",
    (
        text("country", "ISO 3166 alpha-2"),
        text("name_en", "English name"),
        text("name_zh", "Chinese name"),
        integer("papers", "C_xy: distinct papers with both"),
        integer(
            "papers_international",
            "C_x: the study's country's papers with a foreign address; in a study of China Hong"
            " Kong, Macao and Taiwan are not foreign",
        ),
        integer("partner_international", "C_y: the partner's own; only where the study gives it"),
        integer("world_international", "C_w: of the world; only where the study gives it"),
        number("index", "(C_xy/C_x)/(C_y/C_w); 1 is as expected; empty: not available"),
        text("status", "computed, or why not"),
        *COUNTED,
    ),
    key=("country",),
    order=("papers", "country"),
    descending=("papers",),
)

COLLABORATIONS_BY_YEAR = Table(
    "collaborations_by_year",
    "a tie between two nodes of the map × year with a paper together",
    (
        text("source_id", "collaborations.source_id"),
        text("target_id", "collaborations.target_id"),
        integer("year", "publication year; papers without one are in collaborations only"),
        integer("papers", "distinct papers together in the year"),
        number("weight_fractional", "their part of collaborations.weight_fractional"),
        *COUNTED,
    ),
    key=("source_id", "target_id", "year"),
    order=("source_id", "target_id", "year"),
)

NETWORK_TABLES = (
    NETWORK_MEASURES, COMMUNITIES, CONCENTRATION, BACKBONE, NETWORK_CHANGE, COLLABORATION_INDICES,
    COLLABORATIONS_BY_YEAR,
)  # fmt: skip
