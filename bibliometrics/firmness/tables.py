"""What a ranking hangs on: the study's other options, its query, and the totals beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import pandas as pd

from bibliometrics.corpus.findings import Finding
from bibliometrics.counting import anatomy, growth
from bibliometrics.counting.ranking import Stamp
from bibliometrics.engine import EngineName, open_engine
from bibliometrics.firmness import (
    attribution_error,
    delineation,
    intervals,
    moves,
    sensitivity,
    variants,
)
from bibliometrics.firmness.confusers import Confused
from bibliometrics.firmness.delineation import Judged
from bibliometrics.study.model import Study


def options(
    base: sensitivity.Base,
    listed: pd.DataFrame,
    lacking: Callable[[Study], str],
    stamp: Stamp,
    engine: EngineName = "duckdb",
) -> dict[str, pd.DataFrame]:
    """The tables of the study's other options, by name; none where nobody is ``listed``.

    ``lacking`` says what of a study cannot be computed; ``engine`` counts.
    """
    if not len(listed):
        return {}
    every = list(variants.variants(base.study, base.counts.counted, lacking))
    with open_engine(engine) as used:
        found = sensitivity.outcomes(base, every, used)
    compared = moves.tables(found, base.study.uncertainty.rbo_p, stamp)
    return {
        "sensitivity": compared.options,
        "sensitivity_moves": compared.moves,
        "sensitivity_summary": compared.summary,
    }


def attribution(
    base: sensitivity.Base,
    made: Mapping[str, pd.DataFrame],
    source: str,
    confused: Sequence[Confused] = (),
) -> dict[str, pd.DataFrame]:
    """The tables of wrong attributions, by name, given what is ``made``; none without a ranking.

    ``confused`` are the strings that the audit found answered wrongly.
    """
    if not len(made["ranking"]):
        return {}
    ranges, rates = attribution_error.simulate(base, made["audit"], confused)
    return {
        "intervals": intervals.with_attribution(made["intervals"], ranges),
        "attribution_error": attribution_error.rates_table(rates, base, source),
    }


def tables(
    base: sensitivity.Base,
    made: Mapping[str, pd.DataFrame],
    stamp: Stamp,
    judged: Sequence[Judged] = (),
) -> dict[str, pd.DataFrame]:
    """The tables of the query and the totals, by name.

    ``made`` are the tables that are there already; ``judged`` are papers marked as about the topic
    or not.
    """
    study, corpus = base.study, base.corpus
    papers = len(corpus.papers)
    return {
        "keyword_overlaps": anatomy.overlaps(corpus.keyword_hits, papers, study, stamp),
        "subject_areas": anatomy.subject_areas(corpus.subjects, papers, stamp),
        "delineation": delineation.table(
            judged, corpus.keyword_hits, papers, study.uncertainty.seed, stamp
        ),
        "growth": growth.growth(corpus.papers, study, stamp),
        "specialisation": growth.specialisation(
            made["ranking_by_year"], corpus.papers, study, stamp
        ),
    }


def findings(base: sensitivity.Base, ranked: pd.DataFrame) -> Iterator[Finding]:
    """What the reader should know of subjects and totals."""
    yield from anatomy.without_subjects(base.corpus.subjects, base.corpus.papers)
    yield from growth.findings(base.study, ranked["institution_id"], base.corpus.papers)
