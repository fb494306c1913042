"""Making an edition: run, and simulate."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bibliometrics.cli import services, shared
from bibliometrics.cli.services import SERVICES
from bibliometrics.errors import EXIT_DONE, EXIT_FINDINGS, InputError

if TYPE_CHECKING:
    from bibliometrics.editions import Result

# A log has no width of its own; this one keeps the longest names on a line.
_LOG_WIDTH = 110


def register(verbs: shared.Verbs) -> None:
    """Add these commands to the parser."""
    making = verbs.of_edition(
        "run", run, "the whole pipeline: records in; ranking, network, map and report out",
        "run cingai-2020 --input export-2018.csv export-2019.csv.gz",
    )  # fmt: skip
    making.add_argument("--input", nargs="+", type=Path, default=[], metavar="FILE",
                     help="exports (gzip too), or the folder of an OpenAlex snapshot")  # fmt: skip
    making.add_argument("--strict", action="store_true", help="exit 1 where there are warnings")
    making.add_argument("--processes", type=int, metavar="N",
                        help="how many read; else one a processor if large")  # fmt: skip
    making.add_argument(
        "--engine",
        choices=("duckdb", "spark"),
        default="duckdb",
        help="what counts: DuckDB inside, or your Spark; the figures are the same",
    )
    making.add_argument("--source", choices=SERVICES, help="harvest first (or resume), then run")
    simulate = verbs.add("simulate", _simulate, "a labelled simulated corpus with its ground truth",
                         "simulate --papers 1000 --out simulated/")  # fmt: skip
    simulate.add_argument("--papers", type=int, default=10_000)
    simulate.add_argument("--seed", type=int, default=2020)
    simulate.add_argument("--generation", choices=("G1", "G2", "G3"), default="G2")
    simulate.add_argument("--api", action="store_true", help="also as pages of the Search API")
    simulate.add_argument("--lines", action="store_true", help="also as JSON, one entry a line")
    simulate.add_argument("--out", type=Path, required=True, help="folder to write")


def run(given: argparse.Namespace) -> int:
    """Make the edition that ``given`` asks for, and print the top of its ranking."""
    from bibliometrics import editions, records
    from bibliometrics.attribution import read_decisions
    from bibliometrics.institutions import load_registry
    from bibliometrics.pipeline import Plan, open_inputs

    began = time.monotonic()
    study, path = shared.study(given.study)
    if given.processes is not None and given.processes < 1:
        raise InputError(f"--processes {given.processes}: at least one", hint="leave it out")
    if given.source and given.input:
        raise InputError("--source and --input were given together", hint="give one of them")
    names = (given.source,) if given.source else SERVICES
    if given.source:
        services.fetch(given.source, study, shared.CACHE, shared.tell)
    chosen = records.choose(study, given.input, shared.CACHE, shared.tell, names)
    cached = None if isinstance(chosen, list) else chosen
    paths = chosen if isinstance(chosen, list) else []
    inputs = open_inputs([path for path in paths if not path.is_dir()])
    snapshots = tuple(path for path in paths if path.is_dir())
    beside = path.with_suffix(".decisions.csv")
    decisions = read_decisions(beside, load_registry()) if beside.is_file() else ()
    name = given.edition or editions.today()
    plan = Plan(
        study, name, inputs, snapshots, cached, decisions,
        processes=given.processes, engine=given.engine, claims=shared.claims_beside(path),
    )  # fmt: skip
    with shared.watching() as watch:
        result = editions.run(plan, given.output, watch, shared.tell)
    _show(result, time.monotonic() - began, shared.again(given, result.made.edition.name))
    warnings = result.made.edition.tables["findings"]["severity"].eq("warning").any()
    return EXIT_FINDINGS if given.strict and warnings else EXIT_DONE


def _show(result: Result, seconds: float, again: str) -> None:
    from rich.console import Console

    from bibliometrics.presentation.terminal import ranking_table

    edition = result.made.edition
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _LOG_WIDTH)
    flow = edition.tables["flow"]
    for step in flow.itertuples(index=False):
        note = "" if step.status == "done" else f"  ({step.status})"
        console.print(f"{step.step:>18} {step.papers_in:>8,} → {step.papers_out:>8,}{note}")
    if not edition.papers:
        console.print("The corpus is empty: the flow above tells which step left nothing.")
    elif not edition.papers_attributed:
        console.print("No paper names an institution of the study: see tables/unmatched.csv.")
    else:
        console.print(ranking_table(edition))
    for row in edition.tables["findings"].itertuples(index=False):
        if row.severity == "warning":
            console.print(f"! {row.says_en}", markup=False)
    word = "made" if result.outcome == "made" else "verified, identical"
    console.print(f"\nedition {edition.study} {edition.name}: {word} in {seconds:.1f} s")
    for name in ("report.html", "map.html", "tables"):
        console.print(f"  {result.folder / name}", markup=False, soft_wrap=True)
    for first in edition.tables["ranking"]["institution_id"].head(1):
        console.print(f"next: bibliometrics papers {again} --institution {first}", markup=False)


def _simulate(given: argparse.Namespace) -> int:
    from bibliometrics import simulation

    if given.papers < 1:
        raise InputError(f"--papers {given.papers}: at least one", hint="e.g. --papers 10000")
    drawn = simulation.simulate(given.papers, given.seed)
    exports = simulation.write_exports(drawn, given.out, generation=given.generation)
    truth = simulation.write_truth(drawn, given.out)
    entries = simulation.write_api_pages(drawn, given.out / "api")[:1] if given.api else []
    entries += [simulation.write_api_lines(drawn, given.out)] if given.lines else []
    shared.tell(f"SIMULATED: {given.papers} papers, seed {given.seed}")
    for path in [*exports, *truth, *entries]:
        print(path)
    return EXIT_DONE
