"""Whether a paper of one edition would have passed the filter of the other edition's study.

Only what the corpus keeps can be asked: keywords found and their fields, type, language, year,
retraction mark, countries. Where the studies differ in something else, a paper that the other
edition lacks cannot be told from one it would have refused: it counts as refused, and is counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from bibliometrics import schema
from bibliometrics.comparison.side import Side
from bibliometrics.corpus.selection import document_type_of
from bibliometrics.study.model import Query, Study

# How a keyword is matched: the texts themselves would be needed to try another rule.
_UNTESTABLE = ("phrase", "word_forms", "hyphen_and_case", "copyright_line", "articles_in_press",
               "source_types", "as_of", "end_date_field")  # fmt: skip
_FIELDS = {
    "author_and_index": ("author_keywords", "index_keywords"),
    "author_only": ("author_keywords",),
    "index_only": ("index_keywords",),
}


@dataclass(frozen=True)
class Admission:
    """Boolean columns query, window and geography by paper_id; ``untestable`` names options."""

    passes: pd.DataFrame
    untestable: tuple[str, ...]


def admission(of: Side, under: Study) -> Admission:
    """Judge the papers ``of`` one side by the study of the other."""
    papers = of.tables["papers"].set_index("paper_id")
    query = under.query
    untestable = tuple(
        name for name in _UNTESTABLE if getattr(query, name) != getattr(of.study.query, name)
    )
    passes = pd.DataFrame(index=papers.index)
    passes["query"] = ~pd.Series(bool(untestable), index=papers.index)
    if query != of.study.query:
        passes["query"] &= _types(papers, query) & _keywords(of, papers.index, query)
        if query.international_paper == "english_only":
            language = papers["language"].str.casefold()
            passes["query"] &= (language == "english").fillna(value=True)
        if query.retracted == "drop":
            passes["query"] &= (papers["is_retracted"] != 1).fillna(value=True)
    first = query.start_year if isinstance(query.start_year, int) else 0
    passes["window"] = papers["year"].between(first, query.end_date.year).fillna(value=True)
    passes["geography"] = _geography(of, papers.index, under)
    return Admission(passes.astype(bool), untestable)


def _types(papers: pd.DataFrame, query: Query) -> pd.Series[bool]:
    kinds = papers["document_type"].map(document_type_of, na_action="ignore")
    return kinds.isin(query.document_types) | papers["document_type"].isna()


def _keywords(of: Side, ids: pd.Index[str], query: Query) -> pd.Series[bool]:
    hits = of.tables["keyword_hits"]
    fields = {"title", "abstract"} & set(query.fields)
    if "keywords" in query.fields:
        fields |= set(_FIELDS[query.keyword_fields])
    folded = {" ".join(keyword.casefold().split()) for keyword in query.keywords}
    named = hits["keyword"].str.casefold().str.split().str.join(" ").isin(folded)
    found = hits.loc[named & hits["field"].isin(fields | {"across fields"}), "paper_id"]
    without_any = ~schema.among(pd.Series(ids), pd.Index(hits["paper_id"]))
    inside = schema.among(pd.Series(ids), pd.Index(found))
    return pd.Series((inside | without_any).to_numpy(), index=ids)


def _geography(of: Side, ids: pd.Index[str], under: Study) -> pd.Series[bool]:
    geography = under.geography
    if geography == of.study.geography or geography.country_filter == "none":
        return pd.Series(data=True, index=ids)
    affiliations = of.tables["affiliations"].set_index("affiliation_id")["country"]
    authorships = of.tables["authorships"]
    country = authorships["affiliation_id"].map(affiliations)
    inside = authorships.loc[country.isin(geography.codes), "paper_id"]
    return pd.Series(schema.among(pd.Series(ids), pd.Index(inside)).to_numpy(), index=ids)
