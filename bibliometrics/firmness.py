"""How firm a ranking is beyond resampling: other options and wrong attributions."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from bibliometrics import moves, sensitivity, variants
from bibliometrics.ranking import Stamp
from bibliometrics.study import Study


def tables(
    base: sensitivity.Base,
    ranked: pd.DataFrame,
    lacking: Callable[[Study], str],
    stamp: Stamp,
) -> dict[str, pd.DataFrame]:
    """The tables by name. ``ranked`` is the ranking as printed; ``lacking`` says what of a study
    cannot be computed."""
    study = base.study
    if not len(ranked):
        return {}
    every = list(variants.variants(study, base.counts.counted, lacking))
    found = sensitivity.outcomes(base, every)
    compared = moves.tables(found, study.uncertainty.rbo_p, stamp)
    return {
        "sensitivity": compared.options,
        "sensitivity_moves": compared.moves,
        "sensitivity_summary": compared.summary,
    }
