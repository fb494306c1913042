"""The tables that take the query and the corpus apart: keywords, subjects, topic, totals."""

from __future__ import annotations

from bibliometrics.schema.declare import Table, integer, number, text
from bibliometrics.schema.edition import COUNTED

KEYWORD_OVERLAPS = Table(
    "keyword_overlaps",
    "two keywords that meet on a paper, in a field (any: anywhere on it)",
    (
        text("field", "title, abstract, author_keywords, index_keywords, any"),
        text("keyword_a", "the one that stands first in the study"),
        text("keyword_b", "the other"),
        integer("papers", "papers with both there"),
        integer("papers_a", "papers with a there"),
        integer("papers_b", "papers with b there"),
        number("share_of_a", "papers over papers_a"),
        number("share_of_b", "papers over papers_b"),
        number("jaccard", "papers over papers with either"),
        *COUNTED,
    ),
    key=("field", "keyword_a", "keyword_b"),
    order=("field", "papers", "keyword_a", "keyword_b"),
    descending=("papers",),
)

SUBJECT_AREAS = Table(
    "subject_areas",
    "a subject area of the corpus, as its source classifies papers; empty: it does not",
    (
        text("scheme", "the classification"),
        text("subject", "the area as in the source"),
        integer("papers", "distinct papers in it; a paper may be in several"),
        number("share", "papers over the corpus's distinct papers; shares sum to more than 1"),
        integer("papers_only_in_it", "of these, in no other area of the scheme"),
        *COUNTED,
    ),
    key=("scheme", "subject"),
    order=("scheme", "papers", "subject"),
    descending=("papers",),
)

DELINEATION = Table(
    "delineation",
    "a keyword (all: the whole corpus) and what part of its papers is about the topic, as marked",
    (
        text("keyword", "the study's keyword; all: every paper of the corpus"),
        integer("papers", "distinct papers of the corpus that it brings"),
        integer("drawn", "papers of the sample that it brings"),
        integer("marked", "of these, marked yes or no"),
        integer("about", "of these, marked yes"),
        number("share_about", "Hájek estimate of the part about the topic"),
        number("share_about_low", "Wilson's 95 % interval with the effective number: shown ≥ this"),
        number("share_about_high", "its upper end"),
        number("effective", "size of an equal-probability sample that tells as much"),
        number("papers_about", "share_about × papers"),
        text("marked_by", "who marked, |-separated"),
        text("marked_on", "day of the last mark"),
        *COUNTED,
    ),
    key=("keyword",),
    order=("keyword",),
)

SPECIALISATION = Table(
    "specialisation",
    "a listed institution (and year, or all) whose total in the database is given",
    (
        text("institution_id", "ranking.institution_id"),
        text("year", "publication year, or all: the years for which every total is given"),
        integer("papers", "distinct papers of the corpus"),
        integer("papers_total", "its papers in the database on any topic, as given"),
        integer("papers_reference", "papers of the corpus in these years"),
        integer("papers_reference_total", "papers of the database on any topic, as given"),
        number("activity_index", "(papers/papers_reference)/(papers_total/papers_reference_total)"),
        text("totals_from", "where the totals come from, as the study says"),
        *COUNTED,
    ),
    key=("institution_id", "year"),
    order=("institution_id", "year"),
)

GROWTH = Table(
    "growth",
    "a publication year of the corpus beside the database's own",
    (
        integer("year", "publication year"),
        integer("papers", "distinct papers of the corpus"),
        number("growth", "papers over the papers of the year before, less 1"),
        integer("papers_database", "papers of the database on any topic, as given; empty: not"),
        number("growth_database", "the same ratio of the database; empty: not available"),
        number("growth_relative", "(1 + growth)/(1 + growth_database), less 1"),
        number("share_database", "papers over papers_database"),
        text("totals_from", "where the totals come from, as the study says; empty: not given"),
        *COUNTED,
    ),
    key=("year",),
    order=("year",),
)

ANATOMY_TABLES = (KEYWORD_OVERLAPS, SUBJECT_AREAS, DELINEATION, SPECIALISATION, GROWTH)
