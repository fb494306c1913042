"""The stages in order: this is the page to read.

source → corpus → attribution → counts → network → tables. Everything here takes data and returns
data; ``editions`` puts the result on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import networkx as nx
import pandas as pd

from bibliometrics import __version__, atlas, entities, partners, ranking, schema
from bibliometrics.attribution import HumanDecision, Matcher
from bibliometrics.attribution.place import country_code, country_of
from bibliometrics.corpus import Corpus, FlowStep, build_corpus
from bibliometrics.counting import Counts, count, fractional_totals
from bibliometrics.edition import Edition, Input
from bibliometrics.errors import StudyError
from bibliometrics.findings import Finding
from bibliometrics.institutions import load_registry, registry_version
from bibliometrics.query import scopus_query
from bibliometrics.sources.record import Quarantined, Record
from bibliometrics.sources.scopus_csv import CUT_AT, Export, open_export, read_export
from bibliometrics.study import Study, choices

SIMULATED = "SIMULATED"
_KIND = "Scopus CSV export"

Watch = Callable[[Iterable[Record | Quarantined]], Iterable[Record | Quarantined]]


@dataclass(frozen=True)
class Made:
    """An edition as data, with the corpus and the graph behind it."""

    edition: Edition
    corpus: Corpus
    credited: entities.Credited
    counts: Counts
    graph: nx.Graph[str]


@dataclass(frozen=True)
class Plan:
    """What a run is made of; equal plans give equal bytes."""

    study: Study
    edition: str
    exports: tuple[Export, ...]
    decisions: tuple[HumanDecision, ...] = ()


def check_computable(study: Study) -> None:
    """Refuse options whose computation this version lacks.

    Raises
    ------
    StudyError : naming each of them.
    """
    lacking = []
    if study.counting.rule == "corresponding_affiliation":
        lacking.append("[counting] rule = corresponding_affiliation")
    if study.roll_up.campuses == "as_in_scopus":
        lacking.append("[roll_up] campuses = as_in_scopus (an export has no affiliation ids)")
    if study.geography.partner_unit == "each_unit":
        lacking.append("[geography] partner_unit = each_unit")
    if lacking:
        listed = "; ".join(lacking)
        raise StudyError(
            f"this version cannot compute: {listed}",
            where=study.name,
            hint="choose another value of these options",
        )


def open_exports(paths: Sequence[Path]) -> tuple[Export, ...]:
    """Recognise every input file by its content."""
    return tuple(open_export(path) for path in paths)


def make_edition(plan: Plan, watch: Watch = iter) -> Made:
    """Run all stages in memory. ``watch`` passes the rows through, to show progress.

    Raises
    ------
    BibliometricsError : whatever stage found a fault.
    """
    study = plan.study
    check_computable(study)
    registry = load_registry()
    place = cache(country_of)
    rows: list[int] = [0] * len(plan.exports)
    corpus = build_corpus(watch(_rows(plan.exports, rows)), study, place)
    matcher = Matcher(registry, plan.decisions)
    credited = entities.credit_affiliations(corpus.affiliations, matcher, registry, study)
    scopes = {name: entity.scope for name, entity in credited.entities.items()}
    counts = count(corpus.papers, corpus.authorships, credited.by_affiliation, scopes)
    source = SIMULATED if corpus.is_simulated else "Scopus export"
    as_of = "unknown" if study.query.as_of == "none" else str(study.query.as_of)
    stamp = ranking.Stamp(study.counting.rule, as_of, source)
    inputs = tuple(
        Input(export.name, export.sha256, _KIND, rows[place])
        for place, export in enumerate(plan.exports)
    )
    tables, denominator = _tables(corpus, counts, credited, study, stamp)
    ties = tables["collaborations"]
    nodes, layout = atlas.map_nodes(
        counts, credited.entities, ties, tables["ranking"], study, stamp
    )
    tables["nodes"] = nodes
    attributed = _attributed(counts)
    flow = (*corpus.flow, _last_step(len(corpus.papers), attributed, study))
    tables["flow"] = _flow(flow, source)
    found = (
        *_input_findings(plan.exports, inputs),
        *corpus.findings,
        *_counting_findings(corpus, counts, credited, tables, attributed),
    )
    tables["findings"] = _findings(found, source)
    years = corpus.papers["year"]
    network_en, network_zh = _network_says(layout.modularity, study)
    edition = Edition(
        name=plan.edition,
        study=study.name,
        title_en=study.study.title_en,
        title_zh=study.study.title_zh,
        question_en=study.study.question_en,
        question_zh=study.study.question_zh,
        country=study.geography.country,
        query=scopus_query(study),
        years=(int(years.min()), int(years.max())) if len(years) else None,
        is_simulated=corpus.is_simulated,
        as_of=as_of,
        counting=study.counting.rule,
        denominator=denominator.says,
        denominator_papers=int(denominator.value),
        papers=len(corpus.papers),
        papers_attributed=attributed,
        rank_floor=study.thresholds.rank_floor,
        inputs=inputs,
        choices=choices(study),
        network_says_en=network_en,
        network_says_zh=network_zh,
        software=f"bibliometrics {__version__}",
        registry_version=registry_version(registry),
        seed=study.network.seed,
        tables=tables,
    )
    whole = atlas.whole_graph(counts, credited.entities, ties, source)
    return Made(edition, corpus, credited, counts, whole)


def _rows(exports: Sequence[Export], tally: list[int]) -> Iterator[Record | Quarantined]:
    for place, export in enumerate(exports):
        for row in read_export(export, cache(country_code)):
            tally[place] += 1
            yield row


def _tables(
    corpus: Corpus, counts: Counts, credited: entities.Credited, study: Study, stamp: ranking.Stamp
) -> tuple[dict[str, pd.DataFrame], ranking.Denominator]:
    papers = corpus.papers
    known = credited.entities
    ranked, denominator = ranking.institutions(papers, counts, known, study, stamp)
    unmatched = entities.finish_unmatched(credited.unmatched, corpus.authorships, counts.credits)
    own = {"source": stamp.source}
    tables = {table.name: schema.empty(table) for table in schema.EDITION_TABLES}
    tables |= {
        "ranking": ranked,
        "ranking_by_year": ranking.by_year(papers, counts, ranked, stamp),
        "years": ranking.years(papers, counts, stamp),
        "provinces": ranking.grouped(schema.PROVINCES, "province", counts, ranked, papers, stamp),
        "authorities": ranking.grouped(
            schema.AUTHORITIES, "authority", counts, ranked, papers, stamp
        ),
        "keywords": ranking.keywords(corpus.keyword_hits, study, papers, stamp),
        "partners": partners.partners(papers, counts, known, study, stamp),
        "countries": partners.countries(papers, corpus.authorships, corpus.affiliations, stamp),
        "collaborations": atlas.collaborations(papers, counts, known, stamp),
        "attribution": schema.conform(credited.attribution.assign(**own), schema.ATTRIBUTION),
        "unmatched": schema.conform(unmatched.assign(**own), schema.UNMATCHED),
        "quarantine": corpus.quarantine,
    }
    return tables, denominator


def _attributed(counts: Counts) -> int:
    domestic = counts.credits.loc[counts.credits["scope"] == "domestic", "paper_id"]
    return int(domestic.nunique())


def _last_step(papers: int, attributed: int, study: Study) -> FlowStep:
    places = ", ".join(study.geography.codes)
    en = f"papers with an institution of the geography ({places}); the others stay in the corpus"
    zh = f"有本地区（{places}）机构的论文；其余仍留在语料库"
    return FlowStep("attribution", "done", papers, attributed, 0, en, zh)


def _flow(steps: Sequence[FlowStep], source: str) -> pd.DataFrame:
    frame = pd.DataFrame([vars(step) for step in steps]).assign(
        order=range(1, len(steps) + 1), source=source
    )
    return schema.conform(frame, schema.FLOW)


def _findings(found: Iterable[Finding], source: str) -> pd.DataFrame:
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


def _input_findings(exports: Sequence[Export], inputs: Sequence[Input]) -> Iterator[Finding]:
    for export, given in zip(exports, inputs, strict=True):
        if given.rows in CUT_AT:
            yield Finding(
                f"probably cut: {given.name}", given.rows,
                f"{given.name} has exactly {given.rows} rows: the web export stops there, so it is"
                " probably cut; export by year",
                f"{given.name} 恰有 {given.rows} 行：网页导出到此为止，很可能被截断；请按年导出",
                is_warning=True,
            )  # fmt: skip
        if export.ends_in_quote:
            yield Finding(
                f"cut: {given.name}", 1,
                f"{given.name} ends inside a quoted cell: the file was cut, rows are missing",
                f"{given.name} 在引号内结束：文件被截断，有记录缺失",
                is_warning=True,
            )  # fmt: skip


def _counting_findings(
    corpus: Corpus,
    counts: Counts,
    credited: entities.Credited,
    tables: dict[str, pd.DataFrame],
    attributed: int,
) -> Iterator[Finding]:
    total = int(tables["ranking"]["papers"].sum())
    papers = len(corpus.papers)
    yield Finding(
        "three totals", papers,
        f"distinct papers of the corpus: {papers}; of these with an institution: {attributed};"
        f" sum over institutions: {total}. Shares of distinct papers sum to more than 1",
        f"语料去重论文：{papers}；其中有机构归属：{attributed}；各机构合计：{total}。"
        "按去重论文计算的占比之和大于 1",
    )  # fmt: skip
    lost = papers - attributed
    if lost:
        yield Finding(
            "papers without institution", lost,
            f"{lost} papers of the corpus have no institution of the geography: see unmatched.csv",
            f"语料中 {lost} 篇论文未归属任何本地区机构，见 unmatched.csv",
            is_warning=True,
        )  # fmt: skip
    unmatched = tables["unmatched"]
    if len(unmatched):
        yield Finding(
            "strings unmatched", len(unmatched),
            f"{len(unmatched)} affiliation strings of the geography have no institution; they stand"
            " on papers that other strings count, or on none",
            f"{len(unmatched)} 个本地区地址未能归属机构",
        )  # fmt: skip
    by_policy = credited.attribution["evidence"].str.contains(" set aside: ").sum()
    if by_policy:
        yield Finding(
            "set aside by policy", int(by_policy),
            f"{int(by_policy)} strings name an institution that the study's roll-up does not"
            " credit (hospitals, laboratories): see attribution.csv",
            f"{int(by_policy)} 个地址按归并规则（医院、实验室）不计入机构，见 attribution.csv",
        )  # fmt: skip
    if counts.has_fractional:
        nobody = counts.shares[counts.shares["institution_id"] == ""].assign(of="nobody")
        weight = float(fractional_totals(nobody, ["of"]).sum()) if len(nobody) else 0.0
        yield Finding(
            "fractional weight of nobody", round(weight),
            f"author-fractional weight that belongs to no institution: {weight:.2f} of"
            f" {papers - counts.untied} papers",
            f"不归任何机构的作者分数权重：{weight:.2f}（共 {papers - counts.untied} 篇）",
        )  # fmt: skip
    else:
        yield Finding(
            "fractional not available", papers,
            "author-fractional counts are not available: no record ties affiliations to authors",
            "无法计算作者分数计数：记录未将地址与作者关联",
            is_warning=True,
        )  # fmt: skip


def _network_says(modularity: float | None, study: Study) -> tuple[str, str]:
    if modularity is None:
        return (
            "No two institutions of the geography share a paper: there are no communities.",
            "本地区机构之间没有合作论文，无社区划分。",
        )
    weight = study.network.weight
    return (
        f"Communities of the domestic ties by the Leiden algorithm, modularity {modularity:.3f} at"
        f" resolution {study.network.resolution:g}, {weight} weights, seed {study.network.seed}.",
        f"境内合作网络按 Leiden 算法划分社区：模块度 {modularity:.3f}，分辨率"
        f" {study.network.resolution:g}，权重 {weight}，随机种子 {study.network.seed}。",
    )
