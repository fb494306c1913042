"""The tables of an edition."""

from __future__ import annotations

from bibliometrics.schema.declare import Table, integer, number, text

COUNTED = (
    text("counting", "the counting rule of the row: full, author-fractional, …"),
    text("denominator", "what a share is a share of, with its number"),
    text("as_of", "load date the records stand for; unknown for a web export"),
    text("source", "where the records came from; SIMULATED where nobody wrote them"),
)


RANKING = Table(
    "ranking",
    "an institution of the study's geography with at least one paper",
    (
        text("group", "ranked among: universities or institutes (or institutions)"),
        integer(
            "rank", "competition rank in its group (ties share the best); empty below the floor"
        ),
        text("institution_id", "registry id, or x-<country>-<slug> in a study without registry"),
        text("name_en", "English name"),
        text("name_zh", "Chinese name"),
        text("kind", "university, academy, cas, corporate, national_lab, new_rd, open"),
        text("province", "province-level unit"),
        text("authority", "supervising authority class"),
        integer("papers", "distinct papers (full counting)"),
        number("share", "papers over the denominator, 0 to 1"),
        number("papers_fractional_author", "author-fractional count; empty: not available"),
        integer("papers_first_author", "papers whose first author names it; empty: not available"),
        integer(
            "papers_corresponding_author", "of its corresponding authors; empty: not available"
        ),
        integer("papers_international", "distinct papers with a foreign partner"),
        integer("rank_low", "best rank of its rank set; empty: no rank"),
        integer("rank_high", "worst rank of its rank set; empty: no rank"),
        *COUNTED,
    ),
    key=("institution_id",),
    order=("group", "share", "papers", "institution_id"),
    descending=("group", "share", "papers"),
)

RANKING_BY_YEAR = Table(
    "ranking_by_year",
    "an institution × publication year with at least one paper",
    (
        integer("year", "publication year"),
        text("institution_id", "ranking.institution_id"),
        integer("papers", "distinct papers"),
        number("papers_fractional_author", "author-fractional count"),
        *COUNTED,
    ),
    key=("year", "institution_id"),
    order=("year", "papers", "institution_id"),
    descending=("papers",),
)

YEARS = Table(
    "years",
    "a publication year of the corpus",
    (
        integer("year", "publication year"),
        integer("papers", "distinct papers of the corpus"),
        integer("papers_international", "of these, with a foreign partner"),
        integer("institutions", "institutions of the geography with a paper"),
        *COUNTED,
    ),
    key=("year",),
    order=("year",),
)

COLLABORATIONS = Table(
    "collaborations",
    "an unordered pair of institutions with a paper together, one of them domestic",
    (
        text("source_id", "the smaller id in code-point order"),
        text("target_id", "the larger id"),
        text("source_name", "English name"),
        text("target_name", "English name"),
        text("scope", "domestic, foreign, or hk_mo_tw"),
        integer("papers", "distinct papers together"),
        number("weight_fractional", "sum over papers of 1/(institutions of the paper - 1)"),
        number("association_strength", "2m·c/(s·s), domestic pairs only; 1 is as expected"),
        number("association_corrected", "the same, corrected for no pairing with itself"),
        *COUNTED,
    ),
    key=("source_id", "target_id"),
    order=("papers", "source_id", "target_id"),
    descending=("papers",),
)

PARTNERS = Table(
    "partners",
    "an institution outside the geography with a paper together with one inside",
    (
        text("scope", "foreign, hk_mo_tw (ranked apart), or domestic: a partner by the other rule"),
        integer("rank", "competition rank in its scope; empty where it is domestic by this rule"),
        text("partner_id", "registry id, or x-<country>-<slug>"),
        text("name", "most frequent spelling"),
        text("country", "ISO 3166 alpha-2"),
        integer("papers", "distinct papers that name it and an institution of the geography"),
        number("share", "papers over the corpus's distinct papers"),
        integer("domestic_institutions", "institutions of the geography on these papers"),
        text("other_rule", "country and scope by the other partner rule (owner or address)"),
        *COUNTED,
    ),
    key=("partner_id",),
    order=("scope", "papers", "partner_id"),
    descending=("papers",),
)

COUNTRIES = Table(
    "countries",
    "a country or region named in an affiliation of a paper of the corpus",
    (
        text("country", "ISO 3166 alpha-2; HK, MO and TW as in the source"),
        text("name_en", "English name"),
        text("name_zh", "Chinese name"),
        integer("papers", "distinct papers"),
        number("share", "papers over the corpus's distinct papers"),
        *COUNTED,
    ),
    key=("country",),
    order=("papers", "country"),
    descending=("papers",),
)

PROVINCES = Table(
    "provinces",
    "a province-level unit with an institution that has a paper",
    (
        text("province", "English name"),
        integer("institutions", "institutions with a paper"),
        integer("papers", "distinct papers of the unit, never the sum of its members"),
        number("share", "papers over the denominator"),
        *COUNTED,
    ),
    key=("province",),
    order=("papers", "province"),
    descending=("papers",),
)

AUTHORITIES = Table(
    "authorities",
    "a class of supervising authority with an institution that has a paper",
    (
        text("authority", "moe, miit, other_ministry, provincial, military, cas, …"),
        integer("institutions", "institutions with a paper"),
        integer("papers", "distinct papers of the class"),
        number("share", "papers over the denominator"),
        *COUNTED,
    ),
    key=("authority",),
    order=("papers", "authority"),
    descending=("papers",),
)

KEYWORDS = Table(
    "keywords",
    "a keyword × field (any: in one field or more)",
    (
        text("keyword", "the study's keyword"),
        text("field", "title, abstract, author_keywords, index_keywords, any"),
        integer("papers", "papers of the corpus in which it stands there"),
        integer(
            "papers_only_by_it",
            "of these, papers that no other keyword and no other field brings"
            " (field any: no other keyword)",
        ),
        *COUNTED,
    ),
    key=("keyword", "field"),
    order=("keyword", "field"),
)

FLOW = Table(
    "flow",
    "a step from rows read to papers counted",
    (
        integer("order", "1-based"),
        text("step", "name of the step"),
        text("status", "done, or not testable (the field is missing in some or all rows)"),
        integer("papers_in", "rows that entered"),
        integer("papers_out", "rows that left"),
        integer("not_testable", "rows that passed because their source lacks the field"),
        text("reason", "what the step keeps, or sets aside, and why"),
        text("reason_zh", "the same in Chinese"),
        text("source", "where the records came from"),
    ),
    key=("order",),
    order=("order",),
)

ATTRIBUTION = Table(
    "attribution",
    "a distinct affiliation string with its country",
    (
        text("affiliation", "affiliations.affiliation"),
        text("country", "ISO 3166 alpha-2; empty: not stated"),
        integer("papers", "distinct papers that carry it"),
        text("institution_ids", "most specific registry ids, |-separated"),
        text("counted_ids", "ids credited under the study's policy, |-separated"),
        text("decision", "matched, ambiguous, out_of_scope, unmatched"),
        text("rule", "the rule that decided"),
        text("evidence", "the words and facts it rests on, and what the policy set aside"),
        text("source", "where the records came from"),
    ),
    key=("affiliation", "country"),
    order=("papers", "affiliation", "country"),
    descending=("papers",),
)

UNMATCHED = Table(
    "unmatched",
    "a string of the study's geography that no institution could be given for",
    (
        text("affiliation", "affiliations.affiliation"),
        text("country", "ISO 3166 alpha-2; empty: not stated"),
        integer("papers", "distinct papers that carry it"),
        integer("papers_uncounted", "of these, papers no other string brings to an institution"),
        text("decision", "ambiguous or unmatched"),
        text("candidates", "ids that came into question, |-separated"),
        text("evidence", "what would settle it"),
        text("source", "where the records came from"),
    ),
    key=("affiliation", "country"),
    order=("papers", "affiliation", "country"),
    descending=("papers",),
)

QUARANTINE = Table(
    "quarantine",
    "a row that could not be used",
    (
        text("source", "file"),
        text("location", "row, 1-based, the header not counted"),
        text("reason", "why"),
        text("raw", "the row as received, shortened to 2,000 characters"),
    ),
    key=("source", "location"),
    order=("source", "location"),
)

AGREEMENT = Table(
    "agreement",
    "a paper of the corpus that another database holds too, by its DOI",
    (
        text("paper_id", "papers.paper_id"),
        text("doi", "the DOI both have"),
        text("database", "the other database"),
        text("agrees", "yes where both name the same institutions of the geography, else no"),
        text("institution_ids", "institutions by the counted record, |-separated"),
        text("institution_ids_other", "institutions by the other database's record, |-separated"),
        text("source", "where the counted records came from"),
    ),
    key=("paper_id", "database"),
    order=("agrees", "paper_id", "database"),
)

RETRACTIONS = Table(
    "retractions",
    "an institution × publication year with a paper marked as retracted",
    (
        text("institution_id", "ranking.institution_id"),
        integer("year", "publication year"),
        integer("papers", "distinct papers marked as retracted"),
        *COUNTED,
    ),
    key=("institution_id", "year"),
    order=("papers", "institution_id", "year"),
    descending=("papers",),
)

FINDINGS = Table(
    "findings",
    "something the reader of a number should know",
    (
        text("finding", "short name"),
        integer("count", "how many rows, papers or strings"),
        text("says_en", "the sentence in English"),
        text("says_zh", "the sentence in Chinese"),
        text("severity", "note or warning"),
        text("source", "where the records came from"),
    ),
    key=("finding", "says_en"),
    order=("finding", "says_en"),
)

NODES = Table(
    "nodes",
    "a node of the map: an institution or a partner",
    (
        text("institution_id", "ranking.institution_id or partners.partner_id"),
        text("name_en", "English name"),
        text("name_zh", "Chinese name; empty: none known"),
        text("scope", "domestic, foreign, hk_mo_tw"),
        text("kind", "kind of institution"),
        text("country", "ISO 3166 alpha-2"),
        text("province", "province-level unit; empty outside the registry"),
        integer("papers", "as in ranking; of a partner as in partners: with one of the geography"),
        integer("partners", "nodes it has a tie to"),
        integer("community", "1 is the largest by papers; empty outside the domestic graph"),
        number("x", "layout, 0 to 1"),
        number("y", "layout, 0 to 1"),
        *COUNTED,
    ),
    key=("institution_id",),
    order=("papers", "institution_id"),
    descending=("papers",),
)

MAIN_TABLES = (
    RANKING, RANKING_BY_YEAR, YEARS, COLLABORATIONS, PARTNERS, COUNTRIES, PROVINCES, AUTHORITIES,
    KEYWORDS, FLOW, ATTRIBUTION, UNMATCHED, QUARANTINE,
    AGREEMENT, RETRACTIONS, FINDINGS, NODES,
)  # fmt: skip
