"""Which tables an edition has, and from what each is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution import entities
from bibliometrics.corpus.assembling import Corpus
from bibliometrics.corpus.findings import Finding
from bibliometrics.corpus.flow import FlowStep
from bibliometrics.counting import partners, ranking, windows
from bibliometrics.counting.counts import Counts
from bibliometrics.firmness import intervals
from bibliometrics.network.communities import SEEDS
from bibliometrics.study.model import Study


@dataclass(frozen=True)
class Ordered:
    """The institutions in order: all inside the geography, and those that the study lists."""

    everybody: pd.DataFrame
    listed: pd.DataFrame
    denominator: ranking.Denominator


def order(
    papers: pd.DataFrame,
    counts: Counts,
    known: Mapping[str, entities.Entity],
    study: Study,
    stamp: ranking.Stamp,
) -> Ordered:
    """The ranking as counted, before anything is known of how firm it is."""
    everybody, denominator = ranking.institutions(papers, counts, known, study, stamp)
    listed = ranking.selected(everybody, study).reset_index(drop=True)
    return Ordered(everybody, listed, denominator)


def tables(
    corpus: Corpus,
    counts: Counts,
    ordered: Ordered,
    collaborations: pd.DataFrame,
    credited: entities.Credited,
    study: Study,
    stamp: ranking.Stamp,
) -> dict[str, pd.DataFrame]:
    """Every table that follows from corpus, counts and credits; the others are there and empty."""
    papers, everybody, listed = corpus.papers, ordered.everybody, ordered.listed
    known = credited.entities
    firm = intervals.firmness(papers, counts, known, listed["institution_id"], study, stamp)
    ranked = intervals.with_rank_sets(listed, firm.sets)
    unmatched = entities.finish_unmatched(credited.unmatched, corpus.authorships, counts.credits)
    own = {"source": stamp.source}
    return {table.name: schema.empty(table) for table in schema.EDITION_TABLES} | {
        "ranking": ranked,
        "intervals": firm.intervals,
        "pairwise": firm.pairwise,
        "ranking_by_year": ranking.by_year(papers, counts, ranked, stamp),
        "years": ranking.years(papers, counts, stamp),
        "retractions": ranking.retractions(papers, counts, everybody, stamp),
        "provinces": ranking.grouped(
            schema.PROVINCES, "province", counts, everybody, papers, stamp
        ),
        "authorities": ranking.grouped(
            schema.AUTHORITIES, "authority", counts, everybody, papers, stamp
        ),
        "keywords": ranking.keywords(corpus.keyword_hits, study, papers, stamp),
        "partners": partners.partners(papers, counts, known, study, stamp),
        "countries": partners.countries(papers, corpus.authorships, corpus.affiliations, stamp),
        "collaborations": collaborations,
        "attribution": schema.conform(credited.attribution.assign(**own), schema.ATTRIBUTION),
        "unmatched": schema.conform(unmatched.assign(**own), schema.UNMATCHED),
        "quarantine": corpus.quarantine,
        **windows.tables(papers, counts, known, ranked["institution_id"], study, stamp),
        "counting_rules": windows.rules_table(
            counts, {name: entity.scope for name, entity in known.items()}, stamp.source
        ),
    }


def attributed(counts: Counts) -> int:
    """Distinct papers with an institution of the geography."""
    domestic = counts.credits.loc[counts.credits["scope"] == "domestic", "paper_id"]
    return int(domestic.nunique())


def last_step(papers: int, attributed: int, study: Study) -> FlowStep:
    """The step from the corpus to the papers that are counted for somebody."""
    places = ", ".join(study.geography.codes)
    en = f"papers with an institution of the geography ({places}); the others stay in the corpus"
    zh = f"有本地区（{places}）机构的论文；其余仍留在语料库"
    return FlowStep("attribution", "done", papers, attributed, 0, en, zh)


def flow(steps: Sequence[FlowStep], source: str) -> pd.DataFrame:
    """The steps as ``schema.FLOW``."""
    frame = pd.DataFrame([vars(step) for step in steps]).assign(
        order=range(1, len(steps) + 1), source=source
    )
    return schema.conform(frame, schema.FLOW)


def findings(found: Iterable[Finding], source: str) -> pd.DataFrame:
    """The findings as ``schema.FINDINGS``."""
    rows = [
        {
            "finding": item.name,
            "count": item.count,
            "says_en": item.says_en,
            "says_zh": item.says_zh,
            "severity": "warning" if item.is_warning else "note",
            "source": source,
        }
        for item in found
    ]
    frame = pd.DataFrame(rows, columns=schema.FINDINGS.column_names)
    return schema.conform(frame, schema.FINDINGS)


def network_says(modularity: float | None, study: Study) -> tuple[str, str]:
    """How the communities were found, in both languages."""
    if modularity is None:
        return (
            "No two institutions of the geography share a paper: there are no communities.",
            "本地区机构之间没有合作论文，无社区划分。",
        )
    weight = study.network.weight
    return (
        f"Communities of the domestic ties by the Leiden algorithm, modularity {modularity:.3f} at"
        f" resolution {study.network.resolution:g}, {weight} weights: the best of {SEEDS} seeds"
        f" from {study.network.seed}.",
        f"境内合作网络按 Leiden 算法划分社区：模块度 {modularity:.3f}，分辨率"
        f" {study.network.resolution:g}，权重 {weight}，自种子 {study.network.seed} 起"
        f" {SEEDS} 次中最优。",
    )
