"""The index of international collaboration: papers of two countries against what is expected."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from bibliometrics.network.graph import Ints

# Fewer papers together make no index.
LEAST_PAPERS = 50
COMPUTED = "computed"
TOO_FEW = f"not available: fewer than {LEAST_PAPERS} papers together"
NO_TOTAL = "not available: no total of its own is given"


def index(together: float, own: float, partner: float, world: float) -> float:
    """(C_xy/C_x)/(C_y/C_w) over internationally co-authored papers (US National Science Board).

    1 where x works with y as often as y's part in the world's international papers lets expect. It
    is the same seen from y.
    """
    return (together * world) / (own * partner)


def of_pairs(
    pairs: Mapping[tuple[str, str], float], totals: Mapping[str, float], world: float
) -> pd.DataFrame:
    """The index of every pair of places, each once.

    Parameters
    ----------
    pairs : papers together by pair of names.
    totals : a place's internationally co-authored papers, all of them.
    world : those of the world.

    Returns columns source, target, papers, index (empty: not available) and status.
    """
    rows = []
    for (source, target), papers in sorted(pairs.items()):
        status, value = COMPUTED, None
        lacking = [name for name in (source, target) if not totals.get(name)]
        if lacking:
            status = f"{NO_TOTAL}: {', '.join(lacking)}"
        elif papers < LEAST_PAPERS:
            status = TOO_FEW
        else:
            value = index(papers, totals[source], totals[target], world)
        rows.append((source, target, papers, value, status))
    frame = pd.DataFrame(rows, columns=["source", "target", "papers", "index", "status"])
    return frame.astype({"index": "Float64", "papers": "float64"})


def international(country: Ints, paper: Ints) -> Ints:
    """Places (in ``paper``, which may repeat) of the papers that name two countries or more."""
    pairs = pd.DataFrame({"paper": paper, "country": country}).drop_duplicates()
    number = pairs.groupby("paper").size()
    return number.index[number > 1].to_numpy()
