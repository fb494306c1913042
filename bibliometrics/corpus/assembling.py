"""From records to the corpus: papers, authorships, affiliations, with every row accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from bibliometrics.corpus import frames
from bibliometrics.corpus.columns import Judge, Slice, slices_of
from bibliometrics.corpus.doubled import Doubled, regroup
from bibliometrics.corpus.findings import Finding, Seen, corpus_findings
from bibliometrics.corpus.flow import FlowStep, Tally, flow_of
from bibliometrics.corpus.joined import Flags, Joined, join
from bibliometrics.corpus.merging import Other, counted_database, others
from bibliometrics.corpus.selection import CountryOf, Selection, Verdict
from bibliometrics.errors import InputError
from bibliometrics.sources.record import Quarantined, Record
from bibliometrics.study.model import Study

# The columns of papers that counts, intervals and networks are made of.
_COUNTED = ["paper_id", "year", "authors_announced", "tie", "is_cut", "is_retracted"]


@dataclass(frozen=True)
class Corpus:
    """The deduplicated, filtered papers and what was set aside on the way.

    ``papers``, ``authorships``, ``affiliations``, ``keyword_hits``, ``subjects``,
    ``duplicates``, ``excluded`` and ``quarantine`` conform to ``schema``; ``flow`` starts at the
    rows read and ends at ``papers``.
    ``others`` are records of databases that the study does not count.
    """

    papers: pd.DataFrame
    authorships: pd.DataFrame
    affiliations: pd.DataFrame
    keyword_hits: pd.DataFrame
    subjects: pd.DataFrame
    duplicates: pd.DataFrame
    excluded: pd.DataFrame
    quarantine: pd.DataFrame
    flow: tuple[FlowStep, ...]
    findings: tuple[Finding, ...]
    is_simulated: bool
    database: str
    others: tuple[Other, ...]

    def without_texts(self) -> Corpus:
        """The same papers without what no count needs: titles, sources, identifiers, findings."""
        return replace(
            self,
            papers=self.papers[_COUNTED],
            authorships=self.authorships.drop(columns="author_id_scopus"),
            duplicates=self.duplicates[:0],
            excluded=self.excluded[:0],
            quarantine=self.quarantine[:0],
            others=(),
        )


def build_corpus(
    rows: Iterable[Record | Quarantined],
    study: Study,
    country_of: CountryOf,
    notes_zh: Mapping[str, str] = {},
) -> Corpus:
    """Judge every row and lay down the corpus.

    ``country_of`` gives an address's ISO code, ``notes_zh`` the Chinese of a record's findings.

    Raises
    ------
    InputError : simulated and real records in one run.
    InvariantError : a row is not accounted for.
    """
    judge = Judge(study, country_of)
    return assemble(slices_of(rows, judge), study, notes_zh)


def assemble(
    slices: Iterable[Slice],
    study: Study,
    notes_zh: Mapping[str, str] = {},
) -> Corpus:
    """The corpus of all ``slices``, which come in the order of the rows; see ``build_corpus``."""
    whole = join(slices)
    kinds = set(whole.values("is_simulated"))
    if len(kinds) > 1:
        raise InputError(
            "simulated and real records were given together",
            hint="give one kind: a figure made of both would mean nothing",
        )
    databases = whole.records["database"].unique().to_pylist()
    database = counted_database(set(databases), study)
    own: Flags = np.full(len(whole), True)
    if database is not None:
        own = pc.equal(whole.records["database"], database).to_numpy()
    elsewhere = others(whole.taken(np.flatnonzero(~own)), database)
    doubled = regroup(whole, own)
    selection = Selection(study, dict(zip(whole.strings, whole.countries, strict=True)).get)
    stops = whole.numbers("stop").copy()
    again = doubled.verdicts(selection)
    for number, verdict in again.items():
        stops[number] = verdict.stop
    selection.add(_verdicts(whole, own & ~doubled.among) + Counter(again.values()))
    judged = own & ~doubled.set_aside
    kept = judged & (stops == len(selection.steps))
    tally = Tally(
        len(whole.quarantined), len(whole), int(own.sum()), len(doubled.found), int(kept.sum())
    )
    flow = flow_of(tally, doubled.across, selection, database)
    papers = frames.choose(whole, kept, doubled.changed)
    left_out = frames.choose(whole, judged & ~kept, doubled.changed)
    affiliations, ids = frames.affiliations(whole, papers)
    steps = [step.name for step in selection.steps]
    seen = _seen(whole, own, papers, doubled)
    return Corpus(
        papers=frames.papers(papers, doubled.notes),
        authorships=frames.authorships(papers, ids),
        affiliations=affiliations,
        keyword_hits=frames.keyword_hits(papers, doubled.hits),
        subjects=frames.subjects(papers),
        duplicates=frames.duplicates(doubled.records, doubled.found),
        excluded=frames.excluded(left_out, stops, steps),
        quarantine=frames.quarantine(whole.quarantined),
        flow=flow,
        findings=tuple(corpus_findings(seen, doubled.found, selection.steps, notes_zh)),
        is_simulated=kinds == {True},
        database=database or " + ".join(sorted(set(databases))),
        others=(*elsewhere, *doubled.others),
    )


def _verdicts(whole: Joined, among: Flags) -> Counter[Verdict]:
    """How often the filter said what of the records where ``among`` is true."""
    columns = [whole.numbers(name)[among].tolist() for name in ("stop", "untested", "is_unknown")]
    told = Counter(zip(*columns, strict=True))
    return Counter(
        {
            Verdict(stop, untested, bool(is_unknown)): told[stop, untested, is_unknown]
            for stop, untested, is_unknown in sorted(told)
        }
    )


def _seen(whole: Joined, own: Flags, papers: frames.Chosen, doubled: Doubled) -> Seen:
    only = whole.numbers("in_copyright")[own].sum()
    # What merged records match together replaces what the winner matched alone.
    alone = whole.hits_of([*doubled.hits])
    only += sum(hits.only_in_copyright for hits in doubled.hits.values())
    only -= sum(hits.only_in_copyright for hits in alone)
    notes = whole.notes.texts["note"].take(whole.notes.of(own)).to_pylist()
    return Seen(
        copyright_only=int(only),
        stateless=int(whole.numbers("is_stateless")[papers.numbers].sum()),
        ties=Counter(papers.values("tie")),
        cut=sum(papers.values("is_cut")),
        retracted=sum(bool(said) for said in papers.values("is_retracted")),
        databases=sorted(set(papers.values("database"))),
        notes=Counter(notes),
    )
