"""Making an edition: run, and simulate."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bibliometrics.cli import delineation, services, shared
from bibliometrics.cli.services import SERVICES
from bibliometrics.errors import EXIT_DONE, EXIT_FINDINGS, InputError

if TYPE_CHECKING:
    from bibliometrics.editions.making import Result
    from bibliometrics.pipeline import Plan

# What an edition holds, in the order in which a reader opens it.
_MADE = (
    ("report.html", "open this first: English and Chinese, one file"),
    ("map.html", "who works with whom"),
    ("places.html", "where they are"),
    ("evidence", "the papers behind each number; keep it beside the pages"),
    ("tables.xlsx", "all tables as a workbook"),
    ("tables", "all tables as CSV"),
    ("figures", "pictures for papers"),
)
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
    shared.making_options(making)
    making.add_argument("--source", choices=SERVICES, help="harvest first (or resume), then run")
    simulate = verbs.add("simulate", _simulate, "a labelled simulated corpus with its ground truth",
                         "simulate --papers 1000 --out simulated/")  # fmt: skip
    simulate.add_argument("--papers", type=int, default=10_000, metavar="N",
                          help="papers in the corpus, 150 at least (default 10000)")  # fmt: skip
    simulate.add_argument("--seed", type=int, default=2020, help="of the draw (default 2020)")
    simulate.add_argument("--generation", choices=("G1", "G2", "G3"), default="G2",
                          help="export of 2022, of 2023-24 (default), of 2025 on")  # fmt: skip
    simulate.add_argument("--api", action="store_true", help="also as pages of the Search API")
    simulate.add_argument("--lines", action="store_true", help="also as JSON, one entry a line")
    simulate.add_argument("--out", type=Path, required=True, help="folder to write")


def run(given: argparse.Namespace) -> int:
    """Make the edition that ``given`` asks for, and print the top of its ranking."""
    from bibliometrics import kept, records
    from bibliometrics.editions import making as editions
    from bibliometrics.pipeline import Plan, open_inputs

    began = time.monotonic()
    study, path = shared.study(given.study)
    if given.source and given.input:
        raise InputError("--source and --input were given together", hint="give one of them")
    shared.folder_to_write(given.output)
    name = editions.today() if given.edition is None else editions.check_name(given.edition)
    names = (given.source,) if given.source else SERVICES
    if given.source:
        services.fetch(given.source, study, shared.CACHE, shared.tell)
    chosen = records.choose(study, given.input, shared.CACHE, shared.tell, names)
    cached = None if isinstance(chosen, list) else chosen
    paths = chosen if isinstance(chosen, list) else []
    inputs = open_inputs([path for path in paths if not path.is_dir()])
    snapshots = tuple(path for path in paths if path.is_dir())
    beside = kept.read(study, path)
    plan = Plan(
        study, name, inputs, snapshots, cached, beside.decisions, beside.registry,
        processes=given.processes, engine=given.engine, claims=shared.claims_beside(path),
        audited=beside.audited,
        delineation=delineation.beside(path),
    )  # fmt: skip
    shared.tell(_intent(plan, given.output))
    rows = sum(entry.distinct for entry in cached.held.entries) if cached else None
    with shared.watching(rows) as watch:
        result = editions.run(plan, given.output, watch, shared.tell)
    _show(result, time.monotonic() - began, shared.again(given, result.made.edition.name))
    made = result.made.edition
    is_doubtful = (
        not made.papers_attributed or made.tables["findings"]["severity"].eq("warning").any()
    )
    return EXIT_FINDINGS if given.strict and is_doubtful else EXIT_DONE


def _intent(plan: Plan, output: Path) -> str:
    """What a run will do, before it does it."""
    parts = [f"{len(plan.inputs)} file{'s' * (len(plan.inputs) != 1)}"] if plan.inputs else []
    folders = len(plan.snapshots)
    parts += [f"{folders} folder{'s' * (folders != 1)}"] if folders else []
    parts += [f"the cache of {plan.cached.service}"] if plan.cached else []
    given = " and ".join(parts) or "no records"
    kept = f", {len(plan.decisions)} signed decisions" if plan.decisions else ""
    return (
        f"{plan.study.name}: reads {given}{kept}; attributes, counts and draws;"
        f" writes edition {plan.edition} into {output / plan.study.name}"
    )


def _show(result: Result, seconds: float, again: str) -> None:
    from rich.console import Console

    class _Console(Console):
        def on_broken_pipe(self) -> None:
            """A reader that leaves early is no failure here either."""
            raise BrokenPipeError

    from bibliometrics.presentation.terminal import ranking_table

    edition = result.made.edition
    console = _Console(highlight=False, width=None if sys.stdout.isatty() else _LOG_WIDTH)
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
    for name, holds in _MADE:
        if (result.folder / name).exists():
            line = f"  {result.folder / name}  ({holds})"
            console.print(line, markup=False, soft_wrap=True)
    if len(edition.tables["unmatched"]):
        console.print(f"next: bibliometrics review {again}", markup=False, soft_wrap=True)
    for first in edition.tables["ranking"]["institution_id"].head(1):
        line = f"next: bibliometrics papers {again} --institution {first}"
        console.print(line, markup=False, soft_wrap=True)


def _simulate(given: argparse.Namespace) -> int:
    from bibliometrics import simulation

    if given.papers < 1:
        raise InputError(f"--papers {given.papers}: none", hint="ask for at least 150 papers")
    shared.folder_to_write(given.out)
    began = time.monotonic()
    shared.tell(f"draws {given.papers:,} SIMULATED papers, seed {given.seed}, into {given.out}")
    drawn = simulation.simulate(given.papers, given.seed)
    exports = simulation.write_exports(drawn, given.out, generation=given.generation)
    truth = simulation.write_truth(drawn, given.out)
    entries = simulation.write_api_pages(drawn, given.out / "api")[:1] if given.api else []
    entries += [simulation.write_api_lines(drawn, given.out)] if given.lines else []
    for path in [*exports, *truth, *entries]:
        print(path)
    shared.tell(f"SIMULATED: made in {time.monotonic() - began:.1f} s")
    files = " ".join(shlex.quote(str(path)) for path in exports)
    shared.tell(f"next: bibliometrics run cingai-2020 --input {files} --edition simulated")
    return EXIT_DONE
