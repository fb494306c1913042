"""The counting rules, each written once: what part of a paper an institution gets.

Every rule gives rows of paper × year × institution × denominator with a whole ``numerator``,
several of one key where it shares papers out (``summed`` adds them);
the weight is numerator over denominator, and what belongs to nobody has the number ``NOBODY``.
Papers and institutions are whole numbers here (``numbering``): millions of ids take most of the
time of joining and grouping. The rules are Ibis expressions: DuckDB and Spark compute the same
ones. No fraction is added here, only whole numbers, so that neither threads nor partitions can move
a total.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

NONE = ""
# The number of NONE, which comes before all institutions as NONE does before all ids.
NOBODY = -1
KEY = ("paper", "year", "institution", "denominator")
_ONE = ibis.literal(1).cast("int64")
_NOBODY = ibis.literal(NOBODY).cast("int32")


@dataclass(frozen=True)
class Mentions:
    """A corpus as counting reads it.

    ``papers``: paper, year, authors_announced, tie. ``authors``: a paper × author, with the number
    of affiliations. ``strings``: a paper × author (or none) × affiliation × institution it is
    credited to, ``NOBODY`` for nobody, with the ``denominator`` of its author-fractional weight,
    empty without an author. ``named``: an institution of a paper, with 1 where the first author, or
    a corresponding one, names it.
    """

    papers: ir.Table
    authors: ir.Table
    strings: ir.Table
    named: ir.Table


def listed(papers: ir.Table, authorships: ir.Table) -> ir.Table:
    """The authorships of ``papers``: paper × author × affiliation.

    Where a source ties affiliations to no author there is no author.

    Parameters
    ----------
    papers : as ``numbering.PAPERS``.
    authorships : as ``schema.AUTHORSHIPS``.
    """
    rows = authorships.join(papers.select("paper_id", "paper", "tie"), "paper_id")
    return rows.select(
        "paper", "affiliation_id",
        author_position=ibis.ifelse(rows.tie == "author", rows.author_position, ibis.null("int64"))
        .cast("int32"),
        is_corresponding=rows.is_corresponding.cast("int8"),
    )  # fmt: skip


def authors(listed_: ir.Table) -> ir.Table:
    """A paper × author with the number of affiliations, none included."""
    known = listed_.filter(listed_.author_position.notnull())
    return known.group_by("paper", "author_position").agg(
        n_affiliations=known.affiliation_id.count().cast("int32")
    )


def strings(
    papers: ir.Table, listed_: ir.Table, authors_: ir.Table, credited: ir.Table
) -> ir.Table:
    """The affiliations of each author with the institutions they are credited to.

    ``credited`` has affiliation_id × institution; an affiliation that is not in it is credited to
    nobody.
    """
    sizes = credited.group_by("affiliation_id").agg(n_institutions=credited.count().cast("int32"))
    named_ = credited.join(sizes, "affiliation_id")
    placed = listed_.filter(listed_.affiliation_id.notnull())
    rows = (
        placed.join(papers.select("paper", "year", "authors_announced"), "paper")
        .left_join(authors_, ["paper", "author_position"])
        .left_join(named_, "affiliation_id")
    )
    return rows.select(
        "paper", "year", "author_position", "is_corresponding", "affiliation_id",
        institution=ibis.coalesce(rows.institution, _NOBODY),
        denominator=rows.authors_announced
        * rows.n_affiliations.cast("int64")
        * ibis.coalesce(rows.n_institutions, ibis.literal(1).cast("int32")).cast("int64"),
    )  # fmt: skip


def named(strings_: ir.Table) -> ir.Table:
    """Every institution of a paper, by whatever author; 1 where the first author, or a
    corresponding one, names it, else 0."""
    known = strings_.filter(strings_.institution != NOBODY)
    return known.group_by("paper", "institution").agg(
        year=known.year.max(),
        by_first=_flag(known.author_position == 1),
        by_corresponding=_flag(known.is_corresponding == 1),
    )


def full(seen: Mentions) -> ir.Table:
    """One for every institution of the paper, however often it is named."""
    return _whole(seen.named)


def author_fractional(seen: Mentions) -> ir.Table:
    """1/N_authors × 1/n_affiliations of the author × 1/n_institutions of the string.

    As in the Leiden Ranking Open Edition (2024). N_authors is what the source announces; authors
    who are not listed, or have no affiliation, count for nobody. Papers whose source ties
    affiliations to no author have no row.
    """
    rows = seen.strings.filter(seen.strings.denominator.notnull())
    parts = rows.select("paper", "year", "institution", "denominator", numerator=_ONE)
    placed = seen.authors.filter(seen.authors.n_affiliations > 0)
    heads = placed.group_by("paper").agg(placed=placed.count())
    tied = seen.papers.filter(seen.papers.tie == "author").left_join(heads, "paper")
    absent = tied.select(
        "paper", "year",
        institution=_NOBODY,
        denominator=tied.authors_announced,
        numerator=tied.authors_announced - ibis.coalesce(tied.placed, 0),
    )  # fmt: skip
    return parts.union(absent.filter(absent.numerator > 0))


def first_author(seen: Mentions) -> ir.Table:
    """One for every institution of the first author."""
    return _whole(seen.named.filter(seen.named.by_first == 1))


def first_author_fractional(seen: Mentions) -> ir.Table:
    """1/k for each of the k institutions of the first author, an unregistered string being one."""
    return _split(
        seen.named.filter(seen.named.by_first == 1),
        seen.strings.filter(seen.strings.author_position == 1),
        seen.papers.filter(seen.papers.tie == "author"),
    )


def corresponding_author(seen: Mentions) -> ir.Table:
    """One for every institution of a corresponding author, where the source says who that is."""
    return _whole(seen.named.filter(seen.named.by_corresponding == 1))


def institution_fractional(seen: Mentions) -> ir.Table:
    """1/n for each of the n institutions of the paper, an unregistered string being one."""
    return _split(seen.named, seen.strings, seen.papers)


RULES = {
    "full": full,
    "author_fractional": author_fractional,
    "first_author": first_author,
    "first_author_fractional": first_author_fractional,
    "corresponding_author": corresponding_author,
    "institution_fractional": institution_fractional,
}


def totals(weights: ir.Table) -> ir.Table:
    """Whole numerators by year, institution and denominator: what counts and windows add up."""
    return weights.group_by("year", "institution", "denominator").agg(
        numerator=weights.numerator.sum().cast("int64")
    )


def summed(rows: ir.Table) -> ir.Table:
    """``rows`` of a rule that shares papers out, with one for each ``KEY``.

    For totals they are added once, over papers: grouping millions of them by paper first would
    take as long again.
    """
    return rows.group_by(*KEY).agg(numerator=rows.numerator.sum().cast("int64"))


def _flag(condition: ir.BooleanValue) -> ir.IntegerScalar:
    return ibis.ifelse(condition, 1, 0).cast("int8").max()


def _whole(rows: ir.Table) -> ir.Table:
    return rows.select("paper", "year", "institution", denominator=_ONE, numerator=_ONE)


def _split(named_: ir.Table, strings_: ir.Table, papers: ir.Table) -> ir.Table:
    """Equal parts of each of ``papers`` for its units; none: nobody gets it.

    A unit is one of the institutions ``named_``, or one of ``strings_`` credited to nobody.
    """
    unknown = strings_.filter(strings_.institution == NOBODY)
    unknown = unknown.select("paper", "year", "institution", "affiliation_id").distinct()
    columns = ("paper", "year", "institution")
    units = named_.select(*columns).union(unknown.select(*columns))
    sizes = units.group_by("paper").agg(denominator=units.count())
    parts = units.join(sizes, "paper").select(*KEY, numerator=_ONE)
    left = papers.anti_join(sizes, "paper").select(
        "paper", "year", institution=_NOBODY, denominator=_ONE, numerator=_ONE
    )
    return parts.union(left)
