"""Which record of one edition is the same paper as which of the other."""

from __future__ import annotations

import pandas as pd

from bibliometrics.corpus.duplicates import LEAST_TITLE, plain_title

# From online first to its issue a paper moves by a year or two.
_MOST_YEARS = 2


def link(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Papers of both editions side by side.

    Joined by paper id, then by DOI (a database merges its own ids), then by a title of 16 letters
    or more within two years, and only where each is one paper's on both sides. What is left is in
    one edition only.

    Returns columns before, after (paper ids; empty: not there) and linked_by.
    """
    pieces = []
    left, right = before, after
    for how in ("paper_id", "doi", "title"):
        mine, theirs = _keys(left, how), _keys(right, how)
        joined = mine.merge(theirs, on="key", suffixes=("_before", "_after"))
        if how == "title":
            apart = (joined["year_before"] - joined["year_after"]).abs()
            joined = joined[(apart <= _MOST_YEARS).fillna(value=False)]
        pieces.append(
            pd.DataFrame(
                {
                    "before": joined["paper_id_before"],
                    "after": joined["paper_id_after"],
                    "linked_by": how,
                }
            )
        )
        left = left[~left["paper_id"].isin(joined["paper_id_before"])]
        right = right[~right["paper_id"].isin(joined["paper_id_after"])]
    pieces.append(pd.DataFrame({"before": left["paper_id"], "after": None, "linked_by": None}))
    pieces.append(pd.DataFrame({"before": None, "after": right["paper_id"], "linked_by": None}))
    linked = pd.concat(pieces, ignore_index=True).astype("string")
    return linked.sort_values(["before", "after"], na_position="last", ignore_index=True)


def known_elsewhere(papers: pd.DataFrame, records: pd.DataFrame) -> pd.Series[bool]:
    """For each of ``papers`` whether ``records`` (paper_id, eid, doi) hold it too."""
    found = papers["paper_id"].isin(records["paper_id"])
    for column in ("eid", "doi"):
        known = records[column].dropna()
        found |= papers[column].isin(known) & papers[column].notna()
    return found


def _keys(papers: pd.DataFrame, how: str) -> pd.DataFrame:
    if how == "title":
        plain = papers["title"].fillna("").map(_plain)
        keys = plain.where(plain.str.len() >= LEAST_TITLE)
    else:
        keys = papers[how]
    frame = papers[["paper_id", "year"]].assign(key=keys).dropna(subset=["key"])
    return frame.drop_duplicates("key", keep=False)


def _plain(title: str) -> str:
    # Databases part words differently ("deep-learning"): letters alone are compared.
    return plain_title(title).replace(" ", "")
