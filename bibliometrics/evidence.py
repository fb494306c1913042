"""The papers behind each number of an edition: which string brought which paper to whom, and why.

One place knows how a paper came to an institution; the pages and the command line both ask here.
"""

from __future__ import annotations

import pandas as pd

from bibliometrics.corpus import Corpus
from bibliometrics.counting import Counts
from bibliometrics.edition import Evidence
from bibliometrics.entities import Credited


def mentions(
    authorships: pd.DataFrame, credited: pd.DataFrame, affiliations: pd.DataFrame
) -> pd.DataFrame:
    """A row for each paper × institution × affiliation string that brought it there.

    Parameters
    ----------
    authorships, credited, affiliations : as ``schema.AUTHORSHIPS``, ``CREDITED``, ``AFFILIATIONS``.

    Returns columns paper_id, institution_id, affiliation, rule, is_first (a first author has it).
    """
    rows = authorships[["paper_id", "author_position", "affiliation_id"]].dropna(
        subset=["affiliation_id"]
    )
    placed = rows.merge(credited, on="affiliation_id", how="inner")
    placed["is_first"] = (placed["author_position"] == 1).fillna(value=False).astype(bool)
    keys = ["paper_id", "institution_id", "affiliation_id", "rule"]
    found = placed.groupby(keys, sort=True, dropna=False)["is_first"].any().reset_index()
    strings = affiliations.set_index("affiliation_id")["affiliation"]
    found["affiliation"] = found["affiliation_id"].map(strings)
    return found[["paper_id", "institution_id", "affiliation", "rule", "is_first"]]


def gather(corpus: Corpus, credited: Credited, counts: Counts, unmatched: pd.DataFrame) -> Evidence:
    """All that the lists of papers are made of; ``unmatched`` as ``schema.UNMATCHED``."""
    entities = [credited.entities[i] for i in sorted(credited.entities)]
    holders = pd.DataFrame(
        {
            "institution_id": [e.entity_id for e in entities],
            **{
                name: [getattr(e, name) for e in entities]
                for name in ("name_en", "name_zh", "scope", "province", "authority", "country")
            },
        }
    )
    strings = corpus.affiliations
    carried = corpus.authorships[["paper_id", "affiliation_id"]].dropna().drop_duplicates()
    named = carried.merge(
        strings[["affiliation_id", "affiliation", "country"]], on="affiliation_id", how="inner"
    )
    return Evidence(
        papers=corpus.papers,
        holders=holders,
        credits=counts.credits,
        mentions=mentions(corpus.authorships, credited.credited, strings),
        countries=named[["paper_id", "country"]].dropna().drop_duplicates(),
        keyword_hits=corpus.keyword_hits,
        unmatched=_of_unmatched(unmatched, named),
    )


def _of_unmatched(unmatched: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    """Papers of the unmatched strings; ``row`` is 1-based, as in ``tables/unmatched.csv``."""
    keys = ["affiliation", "country"]
    numbered = unmatched[keys].astype("string").fillna("").assign(row=range(1, len(unmatched) + 1))
    carried = named.assign(**{k: named[k].astype("string").fillna("") for k in keys})
    joined = numbered.merge(carried, on=keys, how="inner")
    return joined[["row", "affiliation", "paper_id"]].drop_duplicates()
