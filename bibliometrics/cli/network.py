"""Networks that need no study: measure, collaboration."""

from __future__ import annotations

import argparse
import csv
import io
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bibliometrics.cli import shared
from bibliometrics.errors import EXIT_DONE, InputError

if TYPE_CHECKING:
    from bibliometrics.edge_list import Edges

# Above so many ties fewer seeds are tried: each takes up to a second.
MANY_TIES, FEW_SEEDS = 50_000, 5
MEASURES = (
    "node", "degree", "strength", "betweenness", "closeness", "pagerank", "eigenvector",
    "community",
)  # fmt: skip


def register(verbs: shared.Verbs) -> None:
    """Add these commands to the parser."""
    measure = verbs.add(
        "measure", _measure, "network measures of any weighted edge list, no study needed",
        "measure ties.csv --out measures.csv",
    )  # fmt: skip
    measure.add_argument(
        "file", type=Path, metavar="FILE",
        help="CSV with the columns source,target,weight, or a square matrix with names",
    )  # fmt: skip
    measure.add_argument("--out", type=Path, required=True, help="CSV to write")
    measure.add_argument(
        "--resolution", type=_above_zero, default=1.0, help="of the communities (default 1)"
    )
    measure.add_argument("--seed", type=int, default=2020, help="of the communities")
    together = verbs.add(
        "collaboration", _collaboration,
        "indices of international collaboration from pair counts and totals",
        "collaboration pairs.csv --totals totals.csv --out indices.csv",
    )  # fmt: skip
    together.add_argument(
        "file", type=Path, metavar="PAIRS",
        help="papers together: a CSV source,target,weight, or a square matrix with names",
    )  # fmt: skip
    together.add_argument(
        "--totals", type=Path, required=True, metavar="CSV",
        help="internationally co-authored papers of each place and of the world",
    )  # fmt: skip
    together.add_argument(
        "--name", metavar="COLUMN", help="of the places in --totals (default: the first of text)"
    )
    together.add_argument(
        "--column", metavar="COLUMN",
        help="of the papers in --totals (default: the one whose name has 'international')",
    )  # fmt: skip
    together.add_argument("--world", default="World", metavar="NAME", help="row of the world")
    together.add_argument("--out", type=Path, required=True, help="CSV to write")


def _above_zero(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number above zero")
    return value


def _measure(given: argparse.Namespace) -> int:
    from bibliometrics.network import communities, tie_list
    from bibliometrics.network.measures import measures

    shared.file_to_write(given.out, given.file)
    edges = _read(given)
    ties = tie_list(edges.nodes, *edges.columns)
    found = measures(ties)
    number = communities.SEEDS if len(ties.weight) <= MANY_TIES else FEW_SEEDS
    best = communities.partitions(
        ties, resolution=given.resolution, seed=given.seed, number=number
    )[0]
    found["community"] = communities.numbered(best, ties.nodes, ties.strength)
    found = found.sort_values(["strength", "node"], ascending=[False, True], kind="stable")
    _write(given.out, MEASURES, found[list(MEASURES)].itertuples(index=False, name=None))
    groups = int(found["community"].max()) if len(found) else 0
    shared.tell(
        f"{given.out}: {_many(len(ties.nodes), 'node')}, {_many(len(ties.weight), 'tie')},"
        f" {_many(groups, 'community', 'communities')}"
    )
    return EXIT_DONE


def _many(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _read(given: argparse.Namespace) -> Edges:
    from bibliometrics.edge_list import read_edges

    edges = read_edges(given.file)
    for told in edges.told:
        shared.tell(f"{given.file.name}: {told}")
    return edges


def _write(out: Path, header: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Numbers with all the digits that a float has, names as they were read."""
    from bibliometrics import store

    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    store.write_text(out, text.getvalue())


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else str(value)


def _collaboration(given: argparse.Namespace) -> int:
    from bibliometrics.edge_list import read_totals
    from bibliometrics.network import indices

    shared.file_to_write(given.out, given.file, given.totals)
    edges = _read(given)
    totals = read_totals(given.totals, given.name, given.column)
    world = totals.value.pop(given.world, None)
    if not world:
        raise InputError(
            f"there is no row {given.world!r} with papers of the world",
            where=given.totals.name,
            hint="add it, or name it by --world",
        )
    found = indices.of_pairs(edges.weight, totals.value, world)
    found["index"] = found["index"].astype(object).where(found["index"].notna(), None)
    _write(given.out, list(found.columns), found.itertuples(index=False, name=None))
    computed = int((found["status"] == indices.COMPUTED).sum())
    few = int((found["status"] == indices.TOO_FEW).sum())
    shared.tell(f"totals: column {totals.column!r}, names {totals.name!r}, world {world:g}")
    shared.tell(
        f"{given.out}: {_many(computed, 'index', 'indices')}; {_many(few, 'pair')} with fewer than"
        f" {indices.LEAST_PAPERS} papers, {len(found) - computed - few} without a total"
    )
    return EXIT_DONE
