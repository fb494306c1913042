"""The tables of a corpus."""

from __future__ import annotations

from bibliometrics.schema.declare import Table, integer, number, text

PAPERS = Table(
    "papers",
    "a distinct paper of the corpus",
    (
        text("paper_id", "EID, else doi:…, else title:… (hash of title, year, source)"),
        text("eid", "Scopus EID"),
        text("doi", "DOI, lower case"),
        text("title", "title as in the source"),
        integer("year", "publication year"),
        text("source_title", "journal"),
        text("document_type", "as in the source"),
        text("language", "as in the source"),
        integer("authors_announced", "authors of the paper, those without affiliation included"),
        text("tie", "author: affiliations tied to authors; paper: to the paper only; none"),
        integer("is_cut", "1: the source lists fewer authors than it announces"),
        integer("is_retracted", "1: the source says so; empty: it does not say"),
        text("database", "where the record came from"),
        text("merged", "the other databases that hold it, and the fields they filled"),
        text("location", "file and row the record was taken from"),
    ),
    key=("paper_id",),
    order=("paper_id",),
)

AUTHORSHIPS = Table(
    "authorships",
    "a paper × author × affiliation, or an author without affiliation",
    (
        text("paper_id", "papers.paper_id"),
        integer(
            "author_position", "1-based; empty where the source ties affiliations to no author"
        ),
        text("author_id_scopus", "Scopus author id"),
        integer("affiliation_id", "affiliations.affiliation_id; empty: author without affiliation"),
        integer("is_corresponding", "1: a corresponding author; 0: another; empty: not said"),
    ),
    key=("paper_id", "author_position", "affiliation_id"),
    order=("paper_id", "author_position", "affiliation_id"),
)

AFFILIATIONS = Table(
    "affiliations",
    "a distinct affiliation string with its country",
    (
        integer("affiliation_id", "rank of (affiliation, country) in code-point order, from 0"),
        text("affiliation", "the string as in the source, entities resolved, white space folded"),
        text(
            "country",
            "ISO 3166 alpha-2 read from the string, else from the source's profile; empty: neither",
        ),
        integer("papers", "distinct papers that carry it"),
        text("afid", "Scopus affiliation id, where the source gives one"),
        text("ror", "ROR id, where the source gives one"),
    ),
    key=("affiliation_id",),
    order=("affiliation_id",),
)

KEYWORD_HITS = Table(
    "keyword_hits",
    "a paper × keyword × field in which the keyword stands",
    (
        text("paper_id", "papers.paper_id"),
        text("keyword", "the study's keyword"),
        text("field", "title, abstract, author_keywords or index_keywords"),
    ),
    key=("paper_id", "keyword", "field"),
    order=("paper_id", "keyword", "field"),
)

SUBJECTS = Table(
    "subjects",
    "a paper × subject area that its source files it under; empty where the source has none",
    (
        text("paper_id", "papers.paper_id"),
        text("scheme", "ASJC, Web of Science category, OpenAlex field, … : whose classification"),
        text("subject", "the area as the source names it"),
    ),
    key=("paper_id", "scheme", "subject"),
    order=("paper_id", "scheme", "subject"),
)

DUPLICATES = Table(
    "duplicates",
    "a row that is another row's paper",
    (
        text("location", "file and row that was set aside"),
        text("kept_location", "file and row that won"),
        text("paper_id", "the paper both rows are"),
        text("matched_by", "eid, doi or title"),
        text("reason", "why the other row won"),
    ),
    key=("location",),
    order=("location",),
)

EXCLUDED = Table(
    "excluded",
    "a distinct record that the study's filter set aside",
    (
        text("paper_id", "EID, else doi:…, else title:…"),
        text("eid", "Scopus EID"),
        text("doi", "DOI, lower case"),
        integer("year", "publication year"),
        text("step", "flow.step that set it aside"),
    ),
    key=("paper_id",),
    order=("paper_id",),
)

CREDITS = Table(
    "credits",
    "a paper × institution, or a paper × foreign or regional partner",
    (
        text("paper_id", "papers.paper_id"),
        text("institution_id", "registry id, or x-<country>-<slug>"),
        text("scope", "domestic, foreign, or hk_mo_tw (outside the study's geography)"),
        number("weight_author", "author-fractional weight; empty where the source has no tie"),
    ),
    key=("paper_id", "institution_id"),
    order=("paper_id", "institution_id"),
)

CREDITED = Table(
    "credited",
    "an affiliation × institution or partner it counts for",
    (
        integer("affiliation_id", "affiliations.affiliation_id"),
        text("institution_id", "registry id, or x-<country>-<slug>"),
        text("rule", "the rule that decided"),
        integer("only_if_named", "1: only on papers that name the institution elsewhere too"),
    ),
    key=("affiliation_id", "institution_id"),
    order=("affiliation_id", "institution_id"),
)

CORPUS_TABLES = (
    PAPERS,
    AUTHORSHIPS,
    AFFILIATIONS,
    KEYWORD_HITS,
    SUBJECTS,
    DUPLICATES,
    EXCLUDED,
    CREDITED,
    CREDITS,
)
