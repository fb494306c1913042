"""The tables that hold a report's claims against an edition, and the search of its open choices."""

from __future__ import annotations

from bibliometrics.schema.declare import Table, integer, number, text
from bibliometrics.schema.edition import COUNTED

_SOURCE = text("source", "where the records came from; SIMULATED where nobody wrote them")
_SAYS = (text("says_en", "in a sentence"), text("says_zh", "the same in Chinese"))

CLAIMS = Table(
    "claims",
    "a published claim against the computed figure",
    (
        text("claim_id", "facts/claims.csv, or the claims file beside the study"),
        text("section", "part of the report"),
        text("subject", "whom or what the claim is about"),
        text("measure", "what is claimed of it"),
        text("unit", "unit of the value"),
        text("published", "value as printed"),
        text("computed", "value of this edition at the study's choices; empty: not computable"),
        text("difference", "computed less published, in the unit; for a share also in papers"),
        text(
            "verdict",
            "reproduced, reproduced under X, not reproduced, not identifiable, not computable",
        ),
        text("under", "the options of X, where the study's own do not reproduce the claim"),
        integer("count", "papers behind a share (numerator); empty: not a share"),
        integer(
            "count_low", "least whole count that prints as published over the same denominator"
        ),
        integer(
            "count_high", "largest such count; both empty: no whole number prints so, or no share"
        ),
        text("stability", "rank set of this edition: context, never part of the verdict"),
        text("computation", "the named computation; empty: none"),
        text("note", "what would be needed, or what differs"),
        text("note_zh", "the same in Chinese"),
        text("quote_en", "the words of the report"),
        text("quote_zh", "the words of the report"),
        *COUNTED,
    ),
    key=("claim_id",),
    order=("claim_id",),
)

DIMENSIONS = (
    "counting", "share_denominator", "total_meaning", "campuses", "hospitals", "key_laboratories",
    "academy_institutes", "ucas", "scope", "selection", "end_year", "keyword_fields", "phrase",
)  # fmt: skip

CHOICE_VECTORS = Table(
    "choice_vectors",
    "a class of joint choices that give the same figure for every claim: those that fit, the"
    " study's own, and the nearest others",
    (
        integer("order", "1 is the best"),
        integer("vectors", "joint choices in the class"),
        integer("is_study", "1: the study's own choices are in it"),
        integer("is_fitting", "1: every claim of the search prints as published"),
        integer("claims", "claims of the search"),
        integer("claims_met", "of these, met"),
        number("loss", "the study's loss: claims missed, or papers outside"),
        *(text(name, "the options in the class, |-separated") for name in DIMENSIONS),
        integer("cut_low", "least minimum of papers that lists the published number; empty: none"),
        integer("cut_high", "largest such minimum"),
        text("missed", "claims that are not met, with computed against published"),
        _SOURCE,
    ),
    key=("order",),
    order=("order",),
)

CHOICE_OPTIONS = Table(
    "choice_options",
    "an option of an open choice",
    (
        text("dimension", "the choice"),
        text("option", "its value"),
        integer("is_study", "1: the study's own"),
        integer("vectors", "joint choices tried that hold it; 0: it could not be tried"),
        integer("fitting", "of these, fitting"),
        number("share_of_fitting", "part of all fitting joint choices that hold it"),
        integer("best", "of these, with the least loss"),
        number("share_of_best", "part of all joint choices of least loss that hold it"),
        text("needs", "why it was not tried: the harvest or field it needs"),
        *_SAYS,
        _SOURCE,
    ),
    key=("dimension", "option"),
    order=("dimension", "option"),
)

CHOICE_SEARCH = Table(
    "choice_search",
    "a figure of the search of the open choices",
    (
        integer("order", "1-based"),
        text("item", "tried, fitting, classes, least loss, placebo sets, placebo fitting, …"),
        number("value", "the figure"),
        *_SAYS,
        _SOURCE,
    ),
    key=("item",),
    order=("order",),
)

TOTAL_MEANINGS = Table(
    "total_meanings",
    "something the published total may count",
    (
        text("meaning", "distinct, sum_over_institutions, all_chinese_hits"),
        integer("published", "the published total"),
        number("computed", "this edition's figure with that meaning"),
        number("difference", "computed less published"),
        number("expected", "computed, scaled to the published counts of the leading institutions"),
        number("ratio", "expected over published: 1 where this meaning agrees with the shares"),
        text("feasible", "yes, no, or unknown: ratio within the tolerance the sentence states"),
        *_SAYS,
        _SOURCE,
    ),
    key=("meaning",),
    order=("meaning",),
)

CLAIM_CUTS = Table(
    "claim_cuts",
    "a group of institutions whose published number a cut must give",
    (
        text("group", "universities, institutes, or both"),
        integer("published", "institutions as published"),
        integer("with_papers", "institutions of this edition with a paper"),
        integer("minimum_low", "least minimum of papers that lists exactly these; empty: none"),
        integer("minimum_high", "largest such minimum"),
        text("others_at_it", "institutions of the other group at that cut, least to most"),
        *_SAYS,
        _SOURCE,
    ),
    key=("group",),
    order=("group",),
)

CONSISTENCY = Table(
    "consistency",
    "a check of the report against itself",
    (
        text("check_id", "facts/consistency.csv"),
        text("kind", "arithmetic, share_to_count, cross_claim, zh_en, external"),
        text("claims", "claim ids, ;-separated"),
        text("statement", "what is checked"),
        text("stated", "as the report states it"),
        text("computed", "as it follows from the printed numbers"),
        text("verdict", "ok, implied, contradiction, not_integral, open, external_mismatch, …"),
        text("basis", "computed, or read: a comparison of wording, made by a person"),
        text("note", "what follows from it"),
        _SOURCE,
    ),
    key=("check_id",),
    order=("check_id",),
)

CLAIM_TABLES = (
    CLAIMS, CHOICE_VECTORS, CHOICE_OPTIONS, CHOICE_SEARCH, TOTAL_MEANINGS, CLAIM_CUTS, CONSISTENCY,
)  # fmt: skip

LIST_VERDICTS = Table(
    "list_verdicts",
    "a constraint on a list, with its verdict",
    (
        text("constraint_id", "facts/list_constraints.csv, or the file given"),
        text("basis", "stated, derived, inferred, common knowledge"),
        text("key", "what is constrained"),
        text("operator", "how"),
        text("published", "the value it must have"),
        text("computed", "the value of the list"),
        text("verdict", "met, not met, not observed (the file does not say), context"),
        text("note", "which members, or what the file lacks"),
    ),
    key=("constraint_id",),
    order=("constraint_id",),
)

LIST_EVIDENCE = Table(
    "list_evidence",
    "a name of the given list",
    (
        integer("row", "1-based row of the file"),
        text("name", "as given"),
        text("institution_id", "registry id; empty: doubtful or not found"),
        text("name_en", "English name"),
        text("name_zh", "Chinese name"),
        text("match", "matched, doubtful, not found, repeated"),
        text("candidates", "ids that came into question, |-separated"),
        integer("papers", "distinct papers of the edition; 0: none here"),
        integer("rank", "rank in its group; empty: below the floor"),
        text("stability", "rank set of the edition"),
        text("province", "province-level unit"),
        text("authority", "supervising authority class"),
        text("ai_major", "round of the AI major; unknown"),
        text("ai_major_confidence", "high, medium, or empty"),
        text("ai_unit", "AI school, department or institute as the file says; unobserved"),
        text("flags", "not mainland, vocational, no papers here, repeated, not a university, …"),
        text("source", "where the records came from"),
    ),
    key=("row",),
    order=("row",),
)

PROPOSAL = Table(
    "proposal",
    "a candidate for the list",
    (
        text("institution_id", "registry id"),
        text("name_en", "English name"),
        text("name_zh", "Chinese name"),
        text("province", "province-level unit"),
        text("authority", "class of the constraints: moe, miit, provincial, other"),
        number("criterion", "papers of the edition"),
        text("status", "forced in, forced out, open"),
        number("frequency", "part of the perturbed optima that hold it"),
        text("reading", "in, out, toss-up"),
        text("source", "where the records came from"),
    ),
    key=("institution_id",),
    order=("frequency", "criterion", "institution_id"),
    descending=("frequency", "criterion"),
)
