"""What uncertainty and the claims search cost, in processor seconds, beside counting itself.

    python benchmarks/uncertainty.py --papers 53000 --runs 3

A simulated corpus is counted once. Then are measured in turns, in this process: the count (the
baseline), the draws with stability intervals, the confidence sets of ranks and pairwise
probabilities (``intervals.firmness``), the simulation of attribution error, the sensitivity
variants, and the search of the joint choices behind the claims. Prints medians and ratios.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bibliometrics import pipeline, simulation  # noqa: E402
from bibliometrics.firmness import attribution_error, intervals, sensitivity  # noqa: E402
from bibliometrics.inputs import open_inputs  # noqa: E402
from bibliometrics.study.file import load_study  # noqa: E402

MEASURED: tuple[tuple[Any, str, str], ...] = (
    (pipeline, "count", "the count (baseline)"),
    (intervals, "firmness", "intervals, sets of ranks, pairwise"),
    (attribution_error, "simulate", "attribution error"),
    (sensitivity, "outcomes", "sensitivity variants"),
    (pipeline, "claim_tables", "claims and their search"),
)
UNCERTAINTY = MEASURED[1:3]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--papers", type=int, default=53_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    study = load_study(ROOT / "queries" / "cingai-2020.toml")
    seen: dict[str, list[float]] = defaultdict(list)
    for owner, name, says in MEASURED:
        setattr(owner, name, timed(getattr(owner, name), seen[says]))
    with tempfile.TemporaryDirectory() as place:
        drawn = simulation.simulate(given.papers, 2020)
        exports = simulation.write_exports(drawn, Path(place), generation="G2")
        del drawn
        for _ in range(given.runs):
            pipeline.make_edition(pipeline.Plan(study, "measured", open_inputs(exports)))
    base = statistics.median(seen[MEASURED[0][2]])
    for says, seconds in seen.items():
        middle = statistics.median(seconds)
        print(f"{says:>36}: {middle:6.2f} s ({min(seconds):.2f}-{max(seconds):.2f}), "
              f"{middle / base:.2f} of the count")  # fmt: skip
    both = [sum(pair) for pair in zip(*(seen[says] for *_, says in UNCERTAINTY), strict=True)]
    print(f"uncertainty together: {statistics.median(both):.2f} s (aim 3)")


def timed(function: Callable[..., Any], seconds: list[float]) -> Callable[..., Any]:
    """``function``, whose processor seconds are noted at each call."""

    def called(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
        began = time.process_time()
        found = function(*arguments, **named)
        seconds.append(time.process_time() - began)
        return found

    return called


if __name__ == "__main__":
    main()
