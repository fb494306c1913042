"""How many distinct affiliation strings a corpus holds, and how fast a snapshot's are attributed.

    python benchmarks/distinct_strings.py FILE [FILE …] [--papers 53000 150000 500000]

Reads the records of FILE (any that `run` reads, one after the other) and prints, at each number of
papers, the authorship rows (an author with an affiliation) and the distinct strings so far; then
the law strings = k × rows^b (Heaps) that these points give, by least squares of logarithms and
between the last two, and what it makes of 24 million and of 1.2 billion rows. Then the distinct
strings, or `--attribute N` of them drawn from a seed, are attributed by the function that
`count-snapshot` runs in each worker: strings per second of processor time, median, least and most
of batches of 1,000. The first batch is not counted: it makes the matcher.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bibliometrics import at_scale  # noqa: E402
from bibliometrics.attribution.institutions import load_registry  # noqa: E402
from bibliometrics.inputs import open_inputs  # noqa: E402
from bibliometrics.sources.record import Record  # noqa: E402
from bibliometrics.study.file import load_study  # noqa: E402

_ROWS = 24_000_000, 1_200_000_000  # of 5 million works, and of 250 million
_BATCH = 1_000


def growth(
    files: Sequence[Path], sizes: Sequence[int]
) -> tuple[list[tuple[int, int, int]], list[str]]:
    """Papers, rows and distinct strings at each of ``sizes``, and the strings in order."""
    found: list[tuple[int, int, int]] = []
    strings: dict[str, None] = {}
    papers = rows = 0
    for record in chain.from_iterable(file.rows() for file in open_inputs(files)):
        if not isinstance(record, Record):
            continue
        of = record.author_affiliations
        named = list(chain.from_iterable(of)) if of is not None else list(record.affiliations or ())
        strings.update(dict.fromkeys(named))
        papers, rows = papers + 1, rows + len(named)
        if papers in sizes:
            found.append((papers, rows, len(strings)))
            if papers == max(sizes):
                break
    return found, list(strings)


def attribute(strings: Sequence[str]) -> list[float]:
    """Strings per processor second of each batch but the first."""
    study = load_study(ROOT / "queries" / "cingai-2020.toml")
    known = SimpleNamespace(value=(load_registry(), ()))
    frames = (
        pd.DataFrame(
            {
                "affiliation_id": range(start, start + len(part)), "affiliation": part,
                "country": None, "afids": None, "papers": 1, "authors": 1, "mentions": 1,
            }
        )
        for start in range(0, len(strings), _BATCH)
        if (part := strings[start : start + _BATCH])
    )  # fmt: skip
    rates = []
    began = time.process_time()
    for answers in at_scale._attribute(known, study)(frames):
        now = time.process_time()
        rates.append(len(answers) / (now - began))
        began = now
    return rates[1:] or rates


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--papers", type=int, nargs="+", default=[53_000, 150_000, 500_000])
    parser.add_argument("--attribute", type=int, default=100_000)
    given = parser.parse_args(arguments)
    points, strings = growth(given.files, given.papers)
    for papers, rows, distinct in points:
        print(f"{papers:>9} papers {rows:>9} rows {distinct:>8} distinct strings", flush=True)
    logs = np.log(np.array(points, dtype=float)[:, 1:])
    slope, level = np.polyfit(logs[:, 0], logs[:, 1], 1)
    last = float(np.diff(logs[-2:, 1])[0] / np.diff(logs[-2:, 0])[0])
    for name, power, base in (
        ("least squares", slope, float(np.exp(level))),
        ("last two", last, points[-1][2] / points[-1][1] ** last),
    ):
        told = ", ".join(f"at {rows:.2g} rows {base * rows**power:.3g}" for rows in _ROWS)
        print(f"{name:>14}: {base:.3g} x rows^{power:.3f}; {told}")
    chosen = random.Random(1).sample(strings, min(given.attribute, len(strings)))
    rates = attribute(chosen)
    print(f"attribution of {len(chosen)}: median batch {np.median(rates):.0f} strings a processor"
          f" second ({min(rates):.0f} to {max(rates):.0f})")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
