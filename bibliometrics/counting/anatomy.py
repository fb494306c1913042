"""The query taken apart: where its keywords meet, and which subjects its papers are filed under."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from bibliometrics import schema
from bibliometrics.corpus.findings import Finding
from bibliometrics.counting.ranking import Stamp
from bibliometrics.study.model import Study

_ANY = "any"


def overlaps(hits: pd.DataFrame, papers: int, study: Study, stamp: Stamp) -> pd.DataFrame:
    """Papers on which two keywords meet, by field and anywhere.

    ``hits`` as ``schema.KEYWORD_HITS``; ``papers`` is the corpus's number. Every pair of the study
    has its row under "any", those that never meet with 0; in a field only those that meet.
    """
    known = set(hits["keyword"])
    order = [word for word in study.query.keywords if word in known]
    order += sorted(known - set(order))
    anywhere = hits[["paper_id", "keyword"]].drop_duplicates().assign(field=_ANY)
    rows: list[dict[str, object]] = []
    for field, of in pd.concat([hits, anywhere], ignore_index=True).groupby("field", sort=True):
        named = {str(word): set(part) for word, part in of.groupby("keyword")["paper_id"]}
        for a, b in combinations([word for word in order if word in named], 2):
            both = len(named[a] & named[b])
            if not both and field != _ANY:
                continue
            rows.append(
                {
                    "field": field,
                    "keyword_a": a,
                    "keyword_b": b,
                    "papers": both,
                    "papers_a": len(named[a]),
                    "papers_b": len(named[b]),
                    "share_of_a": both / len(named[a]),
                    "share_of_b": both / len(named[b]),
                    "jaccard": both / len(named[a] | named[b]),
                }
            )
    frame = pd.DataFrame(rows, columns=schema.KEYWORD_OVERLAPS.column_names[:9])
    says = f"distinct papers of the corpus = {papers}"
    return schema.conform(stamp.on(frame, says, "full"), schema.KEYWORD_OVERLAPS)


def subject_areas(subjects: pd.DataFrame, papers: int, stamp: Stamp) -> pd.DataFrame:
    """The corpus by subject area, as its sources classify papers; empty where none does."""
    areas = subjects.groupby(["paper_id", "scheme"]).size().rename("areas").reset_index()
    alone = subjects.merge(areas[areas["areas"] == 1], on=["paper_id", "scheme"])
    key = ["scheme", "subject"]
    frame = subjects.groupby(key).size().rename("papers").reset_index()
    single = alone.groupby(key).size().rename("papers_only_in_it").reset_index()
    frame = frame.merge(single, on=key, how="left")
    frame["papers_only_in_it"] = frame["papers_only_in_it"].astype("Int64").fillna(0)
    frame["share"] = frame["papers"] / papers if papers else pd.NA
    says = f"distinct papers of the corpus = {papers}"
    return schema.conform(stamp.on(frame, says, "full"), schema.SUBJECT_AREAS)


def without_subjects(subjects: pd.DataFrame, papers: pd.DataFrame) -> tuple[Finding, ...]:
    """What part of the corpus no source files under a subject."""
    number = len(papers) - subjects["paper_id"].nunique()
    if not number:
        return ()
    if number == len(papers):
        en = "subject areas are not available: no source of these records gives them"
        zh = "学科分布不可得：这些记录的来源均未提供学科分类"
    else:
        en = f"{number} papers have no subject area in their source; shares are of all papers"
        zh = f"{number} 篇论文的来源未提供学科分类；占比以全部论文为分母"
    return (Finding("papers without subject area", number, en, zh),)
