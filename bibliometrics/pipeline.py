"""The stages in order: this is the page to read.

source → corpus → attribution → counts → network → tables. Everything here takes data and returns
data; ``editions`` puts the result on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import pandas as pd

from bibliometrics import __version__, auditing, ingest, schema, tabulate
from bibliometrics.attribution import (
    HumanDecision,
    Matcher,
    agreement,
    entities,
    policies,
    settling,
)
from bibliometrics.attribution.institutions import Registry, load_registry, registry_version
from bibliometrics.attribution.place import country_of
from bibliometrics.auditing import Audited
from bibliometrics.beside import Beside
from bibliometrics.claims.claim_file import ClaimSet, carried_for
from bibliometrics.claims.edition_claims import (
    Attributed,
    Counted,
    claim_tables,
    search_claims,
)
from bibliometrics.corpus.assembling import Corpus, assemble
from bibliometrics.corpus.columns import Slice
from bibliometrics.corpus.findings import Finding
from bibliometrics.corpus.flow import FlowStep
from bibliometrics.corpus.keywords import KeywordRule
from bibliometrics.counting import caveats, ranking
from bibliometrics.counting.cooccurrence import pairs
from bibliometrics.counting.counts import Counts, count
from bibliometrics.edition import Edition, Input
from bibliometrics.engine import EngineName, open_engine
from bibliometrics.errors import StudyError
from bibliometrics.firmness import sensitivity
from bibliometrics.firmness import tables as firmness
from bibliometrics.firmness.delineation import Judged
from bibliometrics.harvesting.services import Cached
from bibliometrics.inputs import open_inputs as open_inputs  # noqa: PLC0414 - used from here
from bibliometrics.network import atlas, international, places
from bibliometrics.network.edition_network import network_tables
from bibliometrics.sources import scopus_authors, scopus_json, terms
from bibliometrics.sources.openalex_filter import open_filtered
from bibliometrics.sources.openalex_json import Tally
from bibliometrics.sources.reading import Opened
from bibliometrics.sources.recognise import CUT_AT
from bibliometrics.study.choices import choices
from bibliometrics.study.model import Study
from bibliometrics.study.query import scopus_query

SIMULATED = "SIMULATED"
NO_RECORDS = "no records"

_NOTES_ZH = {**scopus_authors.NOTES_ZH, **scopus_json.NOTES_ZH, **terms.NOTES_ZH}

# Simulated exports hold some papers twice.
_DOUBLED = 1.1

Watch = Callable[[int], None]
"""Told how many rows were read, a slice at a time."""


def unwatched(rows: int) -> None:
    pass


@dataclass(frozen=True)
class Made:
    """An edition as data, with the corpus and the counts behind it."""

    edition: Edition
    corpus: Corpus
    credited: entities.Credited
    counts: Counts
    registry: Registry


@dataclass(frozen=True)
class Plan:
    """What a run is made of; equal plans give equal bytes, whatever ``processes`` read."""

    study: Study
    edition: str
    inputs: tuple[Opened, ...]
    snapshots: tuple[Path, ...] = ()
    cached: Cached | None = None
    decisions: tuple[HumanDecision, ...] = ()
    registry: Registry | None = None  # none: that of the package
    audited: Audited | None = None
    processes: int | None = None
    claims: ClaimSet | None = None
    delineation: tuple[Judged, ...] = ()
    engine: EngineName = "duckdb"  # what counts; no figure depends on it


def check_listed(study: Study, registry: Registry) -> None:
    """Refuse ids of a given list that the registry does not hold.

    Raises
    ------
    StudyError : naming each of them.
    """
    if study.institutions.known_by == "open":
        return
    unknown = [i for i in study.institutions.given_list if i not in registry.institutions]
    if unknown:
        raise StudyError(
            f"[institutions] given_list names no institution of the registry: {', '.join(unknown)}",
            where=study.name,
            hint="ids stand in tables/ranking.csv; `bibliometrics explain` tells the id of a name",
        )


def make_edition(
    plan: Plan,
    watch: Watch = unwatched,
    when_read: Watch = unwatched,
    beside: Beside | None = None,
) -> Made:
    """Run all stages in memory.

    ``watch`` is told of the rows that were read, ``when_read`` of the papers when all are. What
    needs nothing of the next stages is done ``beside``.

    Raises
    ------
    BibliometricsError : whatever stage found a fault.
    """
    study, beside = plan.study, beside or Beside()
    registry = plan.registry or load_registry()
    check_listed(study, registry)
    read = _read(plan, watch)
    corpus = read.corpus
    when_read(len(corpus.papers))
    matcher = Matcher(registry, plan.decisions)
    answers = entities.answer_affiliations(corpus.affiliations, matcher, study)
    policies.check_ids(answers, study)
    credited = entities.credit(answers, registry, study)
    source = SIMULATED if corpus.is_simulated else corpus.database or NO_RECORDS
    claims = plan.claims or carried_for(study)
    run = Attributed(corpus, answers, credited, registry)
    counting = corpus.without_texts()
    searching = beside.give(search_claims, claims, replace(run, corpus=counting), study, source)
    scopes = {name: entity.scope for name, entity in credited.entities.items()}
    authorships, by_affiliation = entities.for_counting(corpus.authorships, credited)
    with open_engine(plan.engine) as engine:
        counts = count(corpus.papers, authorships, by_affiliation, scopes, engine)
        together = pairs(atlas.tying(corpus.papers, counts, study), engine)
    stamp = ranking.Stamp(study.counting.rule, _as_of(study, corpus, plan.cached), source)
    ordered = tabulate.order(corpus.papers, counts, credited.entities, study, stamp)
    ties = atlas.collaborations(together, credited.entities, stamp)
    drawing = beside.give(
        network_tables, counting.papers, counts, ties, ordered.listed, credited.entities, study,
        stamp,
    )  # fmt: skip
    base = sensitivity.Base(counting, answers, credited, counts, registry, study)
    trying = _with_engine(plan, beside).give(
        firmness.options, base, ordered.listed, partial(policies.lacking, answers), stamp,
        plan.engine,
    )  # fmt: skip
    tables = tabulate.tables(corpus, counts, ordered, ties, credited, study, stamp)
    if plan.audited is not None:
        listed = tables["ranking"].sort_values("papers", ascending=False, kind="stable")
        tables["audit"] = auditing.table(plan.audited, source, listed["institution_id"].tolist())
    tables |= firmness.tables(base, tables, stamp, plan.delineation)
    tables |= firmness.attribution(base, tables, source, auditing.confused(plan.audited))
    tables["collaboration_indices"] = international.collaboration_indices(
        corpus.authorships, corpus.affiliations, study, stamp
    )
    tables |= settling.tables(
        answers, credited, corpus.authorships, plan.decisions, registry, source
    )
    tables["places"] = places.places(tables["ranking"], registry, stamp)
    tables["country_ties"] = places.country_ties(counts, credited.entities, stamp)
    compared = agreement.compare(
        corpus.papers, counts.credits, corpus.others, matcher, registry, study, cache(country_of)
    )
    tables["agreement"] = schema.conform(compared.assign(source=source), schema.AGREEMENT)
    # The last given first: it may not have been begun, and is done here then.
    tables |= trying.result()
    tables |= (drawn := drawing.result()).tables
    attributed = tabulate.attributed(counts)
    flow = (
        *_passed_over(read.tallies),
        *corpus.flow,
        tabulate.last_step(len(corpus.papers), attributed, study),
    )
    tables["flow"] = tabulate.flow(flow, source)
    found = (
        *caveats.of_inputs(read.inputs, CUT_AT, read.cut),
        *_slice_findings(plan.cached),
        *caveats.of_totals(corpus.papers, study),
        *corpus.findings,
        *agreement.finding(compared),
        *settling.findings(tables),
        *firmness.findings(base, tables["ranking"]),
        *auditing.findings(tables["audit"], plan.audited, plan.edition),
        *caveats.of_counting(study, corpus, counts, credited, tables, attributed),
        *caveats.of_rank_sets(tables["ranking"]),
    )
    tables["findings"] = tabulate.findings(found, source)
    counted = Counted(tables, counts, ordered.denominator, stamp)
    tables |= claim_tables(claims, searching.result(), run, counted, study)
    network_en, network_zh = tabulate.network_says(drawn.modularity, study)
    edition = Edition(
        name=plan.edition,
        study=study.name,
        title_en=study.study.title_en,
        title_zh=study.study.title_zh,
        question_en=study.study.question_en,
        question_zh=study.study.question_zh,
        country=study.geography.country,
        query=scopus_query(study),
        years=_span(corpus.papers["year"]),
        is_simulated=corpus.is_simulated,
        as_of=stamp.as_of,
        counting=study.counting.rule,
        denominator=ordered.denominator.says,
        denominator_papers=float(ordered.denominator.value),
        papers=len(corpus.papers),
        papers_attributed=attributed,
        rank_floor=study.thresholds.rank_floor,
        inputs=read.inputs,
        needs_inputs=not (plan.cached or _is_fallback(read.inputs, corpus, study)),
        choices=choices(study),
        network_says_en=network_en,
        network_says_zh=network_zh,
        software=f"bibliometrics {__version__}",
        registry_version=registry_version(registry),
        seed=study.network.seed,
        tables=tables,
    )
    return Made(edition, corpus, credited, counts, registry)


def _with_engine(plan: Plan, beside: Beside) -> Beside:
    """Who can count: a session of Spark is of this process alone."""
    return beside if plan.engine == "duckdb" else Beside()


def _span(years: pd.Series[int]) -> tuple[int, int] | None:
    """The first and the last year of the corpus."""
    return (int(years.min()), int(years.max())) if len(years) else None


def _is_fallback(inputs: Sequence[Input], corpus: Corpus, study: Study) -> bool:
    """Whether the records look like those that a run without any falls back to."""
    papers = study.source.simulated_papers
    return (
        corpus.is_simulated
        and study.source.without_records == "simulated"
        and papers <= sum(given.rows for given in inputs) <= papers * _DOUBLED
    )


def _as_of(study: Study, corpus: Corpus, cached: Cached | None) -> str:
    """The load date the records stand for.

    That of the study where the service was asked for it, or every record was tested on it; else
    the day of the newest fetch; of files given by hand nobody knows it.
    """
    if cached is not None:
        asked = study.query.as_of != "none" and cached.service == "scopus"
        return str(study.query.as_of) if asked else cached.held.newest[:10] or "unknown"
    if study.query.as_of == "none":
        return "unknown"
    tested = all(step.not_testable == 0 for step in corpus.flow if step.step == "load date")
    return str(study.query.as_of) if tested else f"unknown (asked: {study.query.as_of})"


@dataclass(frozen=True)
class _Read:
    """The corpus, and what it was read from; ``cut`` names the inputs that end in the middle."""

    corpus: Corpus
    inputs: tuple[Input, ...]
    cut: list[str]
    tallies: list[Tally]


def _read(plan: Plan, watch: Watch) -> _Read:
    snapshots, tallies = _filtered(plan.study, plan.snapshots)
    files = (*plan.inputs, *snapshots, *([plan.cached.opened] if plan.cached else []))
    rows: list[int] = [0] * len(files)
    read = ingest.slices(files, plan.study, country_of, plan.processes)
    corpus = assemble(_watched(read, rows, watch), plan.study, _NOTES_ZH)
    inputs = tuple(
        Input(file.name, file.sha256, file.kind, count_)
        for file, count_ in zip(files, rows, strict=True)
    )
    return _Read(corpus, inputs, [file.name for file in files if file.is_cut], tallies)


def _filtered(study: Study, folders: Sequence[Path]) -> tuple[list[Opened], list[Tally]]:
    """Snapshots of OpenAlex, of which only what the study can want is read."""
    rule = KeywordRule(study.query)

    def has_keyword(title: str, abstract: str) -> bool:
        texts = {"title": title, "abstract": abstract, "author_keywords": "", "index_keywords": ""}
        return bool(rule.hits(texts).found)

    tallies = [Tally() for _ in folders]
    opened = [
        open_filtered(folder, study, tally, has_keyword)
        for folder, tally in zip(folders, tallies, strict=True)
    ]
    return opened, tallies


def _slice_findings(cached: Cached | None) -> Iterator[Finding]:
    if cached is not None:
        told = [
            f"{entry.label}: {entry.distinct} of {entry.announced} ({', '.join(entry.reasons)})"
            for entry in cached.held.incomplete
        ]
        yield from caveats.of_slices(cached.held.missing, told)


def _passed_over(tallies: Sequence[Tally]) -> tuple[FlowStep, ...]:
    read, out = sum(t.read for t in tallies), sum(t.passed_over for t in tallies)
    if not read:
        return ()
    en = "works of the snapshot that can be of the study: year, type, source, country, keyword"
    zh = "快照中可能属于本研究的文献：年份、类型、来源、国别、检索词"
    return (FlowStep("snapshot", "done", read, read - out, 0, en, zh),)


def _watched(read: Iterable[tuple[int, Slice]], tally: list[int], watch: Watch) -> Iterator[Slice]:
    for number, part in read:
        tally[number] += part.rows
        watch(part.rows)
        yield part
