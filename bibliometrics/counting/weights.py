"""The counting rules, each written once: what part of a paper an institution gets.

Every rule gives rows of paper_id × year × institution_id × denominator with a whole ``numerator``,
several of one key where it shares papers out (``summed`` adds them);
the weight is numerator over denominator, and what belongs to nobody has the id ''. They are Ibis
expressions: DuckDB and Spark compute the same ones. No fraction is added here, only whole numbers,
so that neither threads nor partitions can move a total.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

NONE = ""
KEY = ("paper_id", "year", "institution_id", "denominator")


@dataclass(frozen=True)
class Mentions:
    """A corpus as counting reads it.

    ``papers``: paper_id, year, authors_announced, tie. ``authors``: a paper × author, with the
    number of its strings, of papers that tie affiliations to authors. ``strings``: a paper × author
    (or none) × affiliation × institution it is credited to, '' for nobody, with the number of
    institutions of the string.
    """

    papers: ir.Table
    authors: ir.Table
    strings: ir.Table


def mentions(papers: ir.Table, authorships: ir.Table, credited: ir.Table) -> Mentions:
    """Authorships with the institutions of their affiliations.

    Parameters
    ----------
    papers, authorships : as ``schema.PAPERS`` and ``schema.AUTHORSHIPS``.
    credited : as ``schema.CREDITED``; an affiliation that is not in it is credited to nobody.
    """
    of_papers = papers.select("paper_id", "year", "authors_announced", "tie")
    credited = credited.select("affiliation_id", "institution_id")
    sizes = credited.group_by("affiliation_id").agg(n_institutions=credited.count())
    named = credited.join(sizes, "affiliation_id")
    rows = authorships.join(of_papers, "paper_id")
    listed = rows.filter(rows.author_position.notnull(), rows.tie == "author")
    authors = listed.group_by("paper_id", "year", "authors_announced", "author_position").agg(
        n_affiliations=listed.affiliation_id.count()
    )
    placed = rows.filter(rows.affiliation_id.notnull()).left_join(named, "affiliation_id")
    strings = placed.select(
        "paper_id", "year", "tie", "author_position", "is_corresponding", "affiliation_id",
        institution_id=ibis.coalesce(placed.institution_id, ibis.literal(NONE)),
        n_institutions=ibis.coalesce(placed.n_institutions, ibis.literal(1).cast("int64")),
    )  # fmt: skip
    return Mentions(of_papers, authors, strings)


def credits_(seen: Mentions) -> ir.Table:
    """paper_id × year × institution_id of every institution a paper names, by whatever author."""
    named = seen.strings.filter(seen.strings.institution_id != NONE)
    return named.select("paper_id", "year", "institution_id").distinct()


def full(seen: Mentions) -> ir.Table:
    """One for every institution of the paper, however often it is named."""
    return _whole(credits_(seen))


def author_fractional(seen: Mentions) -> ir.Table:
    """1/N_authors × 1/n_affiliations of the author × 1/n_institutions of the string.

    As in the Leiden Ranking Open Edition (2024). N_authors is what the source announces; authors
    who are not listed, or have no affiliation, count for nobody. Papers whose source ties
    affiliations to no author have no row.
    """
    placed = seen.authors.filter(seen.authors.n_affiliations > 0)
    strings = seen.strings.filter(
        seen.strings.author_position.notnull(), seen.strings.tie == "author"
    )
    joined = strings.join(placed.drop("year"), ["paper_id", "author_position"])
    parts = joined.select(
        "paper_id", "year", "institution_id",
        denominator=joined.authors_announced * joined.n_affiliations * joined.n_institutions,
        numerator=ibis.literal(1).cast("int64"),
    )  # fmt: skip
    heads = placed.group_by("paper_id").agg(placed=placed.count())
    tied = seen.papers.filter(seen.papers.tie == "author").left_join(heads, "paper_id")
    absent = tied.select(
        "paper_id", "year",
        institution_id=ibis.literal(NONE),
        denominator=tied.authors_announced,
        numerator=tied.authors_announced - ibis.coalesce(tied.placed, 0),
    )  # fmt: skip
    return parts.union(absent.filter(absent.numerator > 0))


def first_author(seen: Mentions) -> ir.Table:
    """One for every institution of the first author."""
    own = seen.strings.filter(seen.strings.author_position == 1, seen.strings.tie == "author")
    return _whole(_named(own))


def first_author_fractional(seen: Mentions) -> ir.Table:
    """1/k for each of the k institutions of the first author, an unregistered string being one."""
    own = seen.strings.filter(seen.strings.author_position == 1, seen.strings.tie == "author")
    return _split(own, seen.papers.filter(seen.papers.tie == "author"))


def corresponding_author(seen: Mentions) -> ir.Table:
    """One for every institution of a corresponding author, where the source says who that is."""
    return _whole(_named(seen.strings.filter(seen.strings.is_corresponding == 1)))


def institution_fractional(seen: Mentions) -> ir.Table:
    """1/n for each of the n institutions of the paper, an unregistered string being one."""
    return _split(seen.strings, seen.papers)


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
    return weights.group_by("year", "institution_id", "denominator").agg(
        numerator=weights.numerator.sum().cast("int64")
    )


def _named(strings: ir.Table) -> ir.Table:
    named = strings.filter(strings.institution_id != NONE)
    return named.select("paper_id", "year", "institution_id").distinct()


def _whole(rows: ir.Table) -> ir.Table:
    one = ibis.literal(1).cast("int64")
    return rows.mutate(denominator=one, numerator=one)


def _split(strings: ir.Table, papers: ir.Table) -> ir.Table:
    """Equal parts of each of ``papers`` for its units among ``strings``; none: nobody gets it."""
    nobody = ibis.literal(-1).cast("int64")
    units = strings.select(
        "paper_id", "institution_id",
        unit=ibis.ifelse(strings.institution_id == NONE, strings.affiliation_id, nobody),
    ).distinct()  # fmt: skip
    sizes = units.group_by("paper_id").agg(denominator=units.count())
    sized = papers.select("paper_id", "year").left_join(sizes, "paper_id")
    whole = sized.select("paper_id", "year", "denominator")
    parts = whole.join(units, "paper_id").select(*KEY, numerator=ibis.literal(1).cast("int64"))
    empty = whole.filter(whole.denominator.isnull())
    one = ibis.literal(1).cast("int64")
    left = empty.select(
        "paper_id", "year", institution_id=ibis.literal(NONE), denominator=one, numerator=one
    )
    return parts.union(left)


def summed(rows: ir.Table) -> ir.Table:
    """``rows`` of a rule that shares papers out, with one for each ``KEY``.

    For totals they are added once, over papers: grouping millions of them by paper first would
    take as long again.
    """
    return rows.group_by(*KEY).agg(numerator=rows.numerator.sum().cast("int64"))
