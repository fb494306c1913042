"""The papers behind each number of an edition: which string brought which paper to whom, and why.

One place knows how a paper came to an institution; the pages and the command line both ask here.
"""

from __future__ import annotations

import pandas as pd

from bibliometrics.attribution.entities import Credited
from bibliometrics.corpus.assembling import Corpus
from bibliometrics.counting.counts import Counts
from bibliometrics.counting.partners import with_home
from bibliometrics.edition import Evidence
from bibliometrics.network import atlas
from bibliometrics.study.model import Study

_FLAGS = ["is_first", "is_corresponding"]


def mentions(authorships: pd.DataFrame, credited: pd.DataFrame) -> pd.DataFrame:
    """A row for each paper × institution × affiliation string that brought it there.

    Parameters
    ----------
    authorships, credited : as ``schema.AUTHORSHIPS``, ``CREDITED``. All of ``credited`` that a
        paper may carry must be there: what counts only if the institution is named elsewhere on
        the paper is tested on it.

    Returns columns paper_id, institution_id, affiliation_id, rule, is_first and is_corresponding:
    whether the first, or a corresponding, author has the string.
    """
    rows = authorships[["paper_id", "author_position", "is_corresponding", "affiliation_id"]]
    rows = rows.dropna(subset=["affiliation_id"])
    flagged = rows.assign(
        is_first=rows["author_position"].eq(1).fillna(value=False).astype(bool),
        is_corresponding=rows["is_corresponding"].eq(1).fillna(value=False).astype(bool),
    )
    placed = flagged.merge(credited, on="affiliation_id", how="inner")
    conditional = placed["only_if_named"].eq(1).fillna(value=False).astype(bool)
    if conditional.any():
        pair = ["paper_id", "institution_id"]
        named = placed.loc[~conditional, pair].drop_duplicates()
        kept = placed[conditional].merge(named, on=pair, how="inner")
        placed = pd.concat([placed[~conditional], kept], ignore_index=True)
    keys = ["paper_id", "institution_id", "affiliation_id", "rule"]
    return placed.groupby(keys, sort=True, dropna=False)[_FLAGS].any().reset_index()


def units(authorships: pd.DataFrame, credited: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Institutions among which a paper (``of_paper``), or its first author's part (``of_first``),
    is divided: those it is credited to, and each string that is credited to nobody.

    ``told`` are all ``mentions``; 0 where nobody has a string.
    """
    rows = authorships[["paper_id", "author_position", "affiliation_id"]]
    rows = rows.dropna(subset=["affiliation_id"])
    pair = ["paper_id", "affiliation_id"]
    is_told = rows["affiliation_id"].isin(told["affiliation_id"])
    conditional = credited.loc[credited["only_if_named"] == 1, "affiliation_id"]
    doubtful = is_told & rows["affiliation_id"].isin(conditional)
    if doubtful.any():
        known = pd.MultiIndex.from_frame(told[pair].astype({"affiliation_id": "int64"}))
        asked = pd.MultiIndex.from_frame(
            rows.loc[doubtful, pair].astype({"affiliation_id": "int64"})
        )
        is_told[doubtful] = asked.isin(known)
    nobody = rows[~is_told]
    firsts = nobody[nobody["author_position"].eq(1).fillna(value=False)]
    holding = ["paper_id", "institution_id"]
    parts = {
        "of_paper": (told[holding].drop_duplicates(), nobody[pair].drop_duplicates()),
        "of_first": (
            told.loc[told["is_first"], holding].drop_duplicates(),
            firsts[pair].drop_duplicates(),
        ),
    }
    sizes = {
        name: pd.concat([part["paper_id"] for part in both]).value_counts(sort=False)
        for name, both in parts.items()
    }
    return pd.DataFrame(sizes).fillna(0).astype(int).rename_axis("paper_id").reset_index()


def gather(
    corpus: Corpus, credited: Credited, counts: Counts, unmatched: pd.DataFrame, study: Study
) -> Evidence:
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
    told = mentions(corpus.authorships, credited.credited)
    texts = strings.set_index("affiliation_id")["affiliation"]
    return Evidence(
        papers=corpus.papers,
        holders=holders,
        credits=with_home(counts.credits),
        mentions=told.assign(affiliation=told["affiliation_id"].map(texts)),
        countries=named[["paper_id", "country"]].dropna().drop_duplicates(),
        keyword_hits=corpus.keyword_hits,
        subjects=corpus.subjects,
        units=units(corpus.authorships, credited.credited, told),
        unmatched=_of_unmatched(unmatched, named),
        untied=corpus.papers.loc[atlas.without_pairs(corpus.papers, study), ["paper_id"]],
    )


def _of_unmatched(unmatched: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    """Papers of the unmatched strings; ``row`` is 1-based, as in ``tables/unmatched.csv``."""
    keys = ["affiliation", "country"]
    numbered = unmatched[keys].astype("string").fillna("").assign(row=range(1, len(unmatched) + 1))
    carried = named.assign(**{k: named[k].astype("string").fillna("") for k in keys})
    joined = numbered.merge(carried, on=keys, how="inner")
    return joined[["row", "affiliation", "paper_id"]].drop_duplicates()
