"""What a ranking hangs on: the study's other options, its query, and the totals beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import pandas as pd

from bibliometrics.corpus.findings import Finding
from bibliometrics.counting import anatomy, growth
from bibliometrics.counting.ranking import Stamp
from bibliometrics.firmness import (
    attribution_error,
    delineation,
    intervals,
    moves,
    sensitivity,
    variants,
)
from bibliometrics.firmness.delineation import Judged
from bibliometrics.study.model import Study


def tables(
    base: sensitivity.Base,
    made: Mapping[str, pd.DataFrame],
    lacking: Callable[[Study], str],
    stamp: Stamp,
    judged: Sequence[Judged] = (),
) -> dict[str, pd.DataFrame]:
    """The tables by name.

    ``made`` are the tables that are there already; ``lacking`` says what of a study cannot be
    computed; ``judged`` are papers marked as about the topic or not.
    """
    study, corpus = base.study, base.corpus
    papers = len(corpus.papers)
    found = {
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
    if not len(made["ranking"]):
        return found
    every = list(variants.variants(study, base.counts.counted, lacking))
    compared = moves.tables(sensitivity.outcomes(base, every), study.uncertainty.rbo_p, stamp)
    ranges, rates = attribution_error.simulate(base, made["audit"])
    return found | {
        "intervals": intervals.with_attribution(made["intervals"], ranges),
        "attribution_error": attribution_error.rates_table(rates, base, stamp.source),
        "sensitivity": compared.options,
        "sensitivity_moves": compared.moves,
        "sensitivity_summary": compared.summary,
    }


def findings(base: sensitivity.Base, ranked: pd.DataFrame) -> Iterator[Finding]:
    """What the reader should know of subjects and totals."""
    yield from anatomy.without_subjects(base.corpus.subjects, base.corpus.papers)
    yield from growth.findings(base.study, ranked["institution_id"], base.corpus.papers)
