"""What lies behind a comparison: its causes, papers, strings and options."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pandas as pd

from bibliometrics import schema
from bibliometrics.comparison.causes import CAUSES
from bibliometrics.comparison.credits import Recounted
from bibliometrics.comparison.history import History
from bibliometrics.comparison.side import Side
from bibliometrics.study.model import Study

_SECTIONS = {
    "query": "query", "geography": "policy", "institutions": "policy", "roll_up": "policy",
    "counting": "policy",
}  # fmt: skip
_OF_THE_WINDOW = ("query.start_year", "query.end_date")


def causes_of(past: History) -> pd.Series[str]:
    """The causes of each paper of ``past``, |-separated; empty: nothing happened to it."""
    papers = past.papers
    found = papers["record_cause"].astype(object)
    for test, cause in (("query", "query"), ("window", "new_years"), ("geography", "policy")):
        refused = ~(papers[f"{test}_before"] & papers[f"{test}_after"])
        joined = found.where(found == "", found + "|") + cause
        found = found.where(~refused, joined)
    return found.astype("string")


def causes(past: History, acted: Sequence[str]) -> pd.DataFrame:
    """``schema.CAUSES_TABLE`` without its stamp."""
    named = causes_of(past).str.split("|").explode()
    papers = named[named != ""].value_counts()
    of_papers = ("new_years", "newly_indexed", "record_changed", "papers_gone", "query")
    return pd.DataFrame(
        [
            {
                "order": number,
                "cause": cause.name,
                "acted": int(cause.name in acted),
                "papers": int(papers.get(cause.name, 0)) if cause.name in of_papers else None,
                "says_en": cause.en,
                "says_zh": cause.zh,
            }
            for number, cause in enumerate(CAUSES, 1)
        ]
    )


def papers(past: History, sides: Mapping[str, Side]) -> pd.DataFrame:
    """``schema.CHANGED_PAPERS`` without its stamp."""
    named = causes_of(past)
    moved = past.papers[named != ""].assign(causes=named[named != ""])
    title = {}
    for side in ("before", "after"):
        tables = sides[side].tables
        title[side] = moved[side].map(tables["papers"].set_index("paper_id")["title"])
        credits_ = tables["credits"]
        ours = credits_[
            (credits_["scope"] == "domestic") & schema.among(credits_["paper_id"], moved[side])
        ]
        counted = ours.groupby("paper_id")["institution_id"].agg("|".join)
        moved[f"institutions_{side}"] = moved[side].map(counted)
    return moved.assign(
        title=title["after"].fillna(title["before"]),
        paper_id_before=moved["before"],
        paper_id_after=moved["after"],
    )


def strings(recounted: Recounted) -> pd.DataFrame:
    """``schema.CHANGED_STRINGS`` without its stamp: strings of the later corpus."""
    key = ["affiliation", "country"]
    told = {registry: recounted.attribution["after", registry] for registry in ("before", "after")}
    joined = told["before"][[*key, "counted_ids", "rule"]].merge(
        told["after"][[*key, "papers", "counted_ids", "rule"]], on=key, suffixes=("_before", "")
    )
    apart = joined[joined["counted_ids_before"] != joined["counted_ids"]]
    return apart.rename(
        columns={
            "counted_ids_before": "counted_before", "counted_ids": "counted_after",
            "rule": "rule_after",
        }
    )  # fmt: skip


def options(before: Study, after: Study) -> pd.DataFrame:
    """``schema.CHANGED_OPTIONS`` without its stamp."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    rows = []
    for section in sorted(old.keys() | new.keys()):
        mine, theirs = old.get(section, {}), new.get(section, {})
        for name in sorted(mine.keys() | theirs.keys()):
            if mine.get(name) == theirs.get(name):
                continue
            option = f"{section}.{name}"
            cause = "new_years" if option in _OF_THE_WINDOW else _SECTIONS.get(section, "")
            rows.append(
                {
                    "option": option,
                    "before": _shown(mine.get(name)),
                    "after": _shown(theirs.get(name)),
                    "cause": cause or None,
                }
            )
    return pd.DataFrame(rows, columns=["option", "before", "after", "cause"])


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
