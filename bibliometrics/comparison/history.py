"""What became of each paper between two editions, and by which causes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bibliometrics.comparison.admission import admission
from bibliometrics.comparison.linking import known_elsewhere, link
from bibliometrics.comparison.side import Side

# Columns by which papers behave alike in every state.
BEHAVIOUR = (
    "where", "record_cause",
    "query_before", "window_before", "geography_before",
    "query_after", "window_after", "geography_after",
)  # fmt: skip
_TESTS = ("query", "window", "geography")


@dataclass(frozen=True)
class History:
    """``papers``: a row for each paper of either edition.

    Columns: before, after (paper ids), linked_by, year_before, year_after, where (before, after,
    both), record_cause (new_years, newly_indexed, record_changed, papers_gone, or empty), and for
    each of query, window and geography whether the earlier record passes the later study
    (``_before``) and the later record the earlier study (``_after``). ``untestable`` names options
    that the corpora cannot tell apart.
    """

    papers: pd.DataFrame
    untestable: tuple[str, ...]


def history(before: Side, after: Side, differing: frozenset[str] = frozenset()) -> History:
    """Link both corpora and say of each paper what could have brought or taken it.

    ``differing`` are earlier ids of papers that both hold and that count otherwise although no
    string of them changed: they are taken as changed records.
    """
    linked = link(before.tables["papers"], after.tables["papers"])
    earlier = admission(before, after.study)
    later = admission(after, before.study)
    told = linked.merge(
        earlier.passes.add_suffix("_before"), left_on="before", right_index=True, how="left"
    ).merge(later.passes.add_suffix("_after"), left_on="after", right_index=True, how="left")
    tests = [f"{test}_{side}" for side in ("before", "after") for test in _TESTS]
    # A side without the paper tests nothing.
    told[tests] = told[tests].astype("boolean").fillna(value=True).astype(bool)
    for name, side in (("before", before), ("after", after)):
        years = side.tables["papers"].set_index("paper_id")["year"]
        told[f"year_{name}"] = told[name].map(years).astype("Int64")
    told["where"] = np.select(
        [told["after"].isna(), told["before"].isna()], ["before", "after"], "both"
    )
    told["record_cause"] = ""
    _only_after(told, before, after)
    _only_before(told, before, after)
    _both(told, before, after, tests, differing)
    untestable = tuple(dict.fromkeys((*earlier.untestable, *later.untestable)))
    return History(told, untestable)


def _only_after(told: pd.DataFrame, before: Side, after: Side) -> None:
    mine = told["where"] == "after"
    papers = after.tables["papers"].set_index("paper_id", drop=False)
    rows = papers.loc[told.loc[mine, "after"]]
    newest = before.tables["papers"]["year"].max()
    is_new = (~told.loc[mine, "window_after"]).to_numpy() | (
        (rows["year"] > newest).fillna(value=False).to_numpy() if pd.notna(newest) else False
    )
    fits = (told.loc[mine, "query_after"] & told.loc[mine, "geography_after"]).to_numpy()
    known = known_elsewhere(rows, before.tables["excluded"]).to_numpy()
    told.loc[mine, "record_cause"] = np.select(
        [is_new, fits & known, fits], ["new_years", "record_changed", "newly_indexed"], ""
    )
    # The record's own cause says it already: the window must not be asked a second time.
    told.loc[mine, "window_after"] = True


def _only_before(told: pd.DataFrame, before: Side, after: Side) -> None:
    mine = told["where"] == "before"
    papers = before.tables["papers"].set_index("paper_id", drop=False)
    rows = papers.loc[told.loc[mine, "before"]]
    leaves_window = ~told.loc[mine, "window_before"].to_numpy()
    fits = (told.loc[mine, "query_before"] & told.loc[mine, "geography_before"]).to_numpy()
    known = known_elsewhere(rows, after.tables["excluded"]).to_numpy()
    told.loc[mine, "record_cause"] = np.select(
        [leaves_window, fits & known, fits], ["new_years", "record_changed", "papers_gone"], ""
    )
    told.loc[mine, "window_before"] = True


def _both(
    told: pd.DataFrame, before: Side, after: Side, tests: list[str], differing: frozenset[str]
) -> None:
    mine = told["where"] == "both"
    words = _comparable_keywords(before, after)
    old = signatures(before, words).reindex(told.loc[mine, "before"]).to_numpy()
    new = signatures(after, words).reindex(told.loc[mine, "after"]).to_numpy()
    changed = (old != new) | told.loc[mine, "before"].isin(list(differing)).to_numpy()
    told.loc[mine, "record_cause"] = np.where(changed, "record_changed", "")
    same = mine & (told["record_cause"] == "")
    told.loc[same, tests] = True


def _comparable_keywords(before: Side, after: Side) -> frozenset[str]:
    """Keywords whose finding tells of the record: searched by both queries by the same rule.

    Where the queries are the same, a paper that both find needs no closer look.
    """
    old, new = before.study.query, after.study.query
    if old == new or old.model_copy(update={"keywords": new.keywords}) != new:
        return frozenset()
    return frozenset(old.keywords) & frozenset(new.keywords)


def signatures(side: Side, words: frozenset[str] = frozenset()) -> pd.Series[int]:
    """A number for each paper that differs where what is counted of its record differs.

    Of the keywords found only those in ``words`` are looked at.
    """
    papers = side.tables["papers"]
    hashed = pd.util.hash_pandas_object
    facts = papers[["year", "document_type", "tie", "authors_announced", "is_cut", "is_retracted"]]
    own = pd.Series(hashed(facts.astype("string").fillna(""), index=False).to_numpy(),
                    index=papers["paper_id"])  # fmt: skip
    strings = side.tables["affiliations"].set_index("affiliation_id")
    authorships = side.tables["authorships"]
    rows = pd.DataFrame(
        {
            "position": authorships["author_position"].astype("string").fillna(""),
            "string": authorships["affiliation_id"].map(strings["affiliation"]).fillna(""),
            "country": authorships["affiliation_id"].map(strings["country"]).fillna(""),
        }
    )
    own = own + _summed(hashed(rows, index=False), authorships["paper_id"], own.index)
    if words:
        hits = side.tables["keyword_hits"]
        hits = hits[hits["keyword"].isin(words)]
        found = hashed(hits[["keyword", "field"]].astype("string"), index=False)
        own = own + _summed(found, hits["paper_id"], own.index)
    return own


def _summed(hashes: pd.Series[int], papers: pd.Series[str], index: pd.Index[str]) -> pd.Series[int]:
    """Hashes added up by paper, whatever their order, with the overflow that hashes may have."""
    summed = hashes.astype("uint64").groupby(papers.to_numpy()).sum()
    return summed.reindex(index, fill_value=0).astype("uint64")
