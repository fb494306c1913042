"""The command line: ten lines a verb; the only place that prints and catches."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bibliometrics import __version__
from bibliometrics.errors import (
    EXIT_DONE,
    EXIT_FINDINGS,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    BibliometricsError,
    InputError,
)

if TYPE_CHECKING:  # imported late: --help should not wait for pandas
    from bibliometrics.editions import Result
    from bibliometrics.services import Name
    from bibliometrics.sources.record import Quarantined, Record
    from bibliometrics.study import Study

_SERVICES: tuple[Name, ...] = ("scopus", "openalex")
# A log has no width of its own; this one keeps the longest names on a line.
_LOG_WIDTH = 110
_QUERIES, _CACHE, _OUTPUTS = Path("queries"), Path("cache"), Path("outputs")


def entry() -> None:
    """The installed command."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    parsed = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = parsed.command
    try:
        return command(parsed)
    except BibliometricsError as error:
        print(f"bibliometrics: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("\nbibliometrics: interrupted; run the same command again", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return EXIT_DONE
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        print(
            f"bibliometrics: {what}\n  what to do: check the path, the rights to it and the"
            " room on its disk",
            file=sys.stderr,
        )
        return EXIT_USAGE


def _tell(message: str) -> None:
    print(message, file=sys.stderr)


def _study(name: str) -> tuple[Study, Path]:
    from bibliometrics.study_file import find_study, load_study

    path = find_study(name, _QUERIES)
    return load_study(path), path


def _watch(rows: Iterable[Record | Quarantined]) -> Iterable[Record | Quarantined]:
    from tqdm import tqdm

    return tqdm(rows, desc="reading", unit=" rows", disable=not sys.stderr.isatty())


def _run(given: argparse.Namespace) -> int:
    from bibliometrics import cli_services, editions, records
    from bibliometrics.attribution import read_decisions
    from bibliometrics.institutions import load_registry
    from bibliometrics.pipeline import Plan, open_inputs

    began = time.monotonic()
    study, path = _study(given.study)
    if given.source and given.input:
        raise InputError("--source and --input were given together", hint="give one of them")
    names = (given.source,) if given.source else _SERVICES
    if given.source:
        cli_services.fetch(given.source, study, _CACHE, _tell)
    chosen = records.choose(study, given.input, _CACHE, _tell, names)
    cached = None if isinstance(chosen, list) else chosen
    paths = chosen if isinstance(chosen, list) else []
    inputs = open_inputs([path for path in paths if not path.is_dir()])
    snapshots = tuple(path for path in paths if path.is_dir())
    beside = path.with_suffix(".decisions.csv")
    decisions = read_decisions(beside, load_registry()) if beside.is_file() else ()
    plan = Plan(study, given.edition or editions.today(), inputs, snapshots, cached, decisions)
    result = editions.run(plan, given.output, _watch, _tell)
    _show(result, time.monotonic() - began, _again(given, result.made.edition.name))
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


def _again(given: argparse.Namespace, edition: str) -> str:
    """STUDY and the options with which another command finds the same edition."""
    words = [given.study, "--edition", edition]
    if given.output != _OUTPUTS:
        words += ["--output", str(given.output)]
    return " ".join(shlex.quote(word) for word in words)


def _plan(given: argparse.Namespace) -> int:
    from bibliometrics import cli_services

    study, _ = _study(given.study)
    return cli_services.plan(given, study, _CACHE, _tell)


def _harvest(given: argparse.Namespace) -> int:
    from bibliometrics import cli_services

    study, _ = _study(given.study)
    return cli_services.harvest(given, study, _CACHE, _tell)


def _doctor(given: argparse.Namespace) -> int:
    from bibliometrics import cli_services

    return cli_services.doctor(given, _CACHE)


def _match(given: argparse.Namespace) -> int:
    from bibliometrics.attribution import Matcher
    from bibliometrics.attribution.batch import match_file
    from bibliometrics.institutions import load_registry

    tally = match_file(given.file, given.out, Matcher(load_registry()))
    counted = ", ".join(f"{number} {decision}" for decision, number in sorted(tally.items()))
    _tell(f"{given.out}: {counted}")
    return EXIT_DONE


def _explain(given: argparse.Namespace) -> int:
    from bibliometrics.attribution import Matcher
    from bibliometrics.attribution.explain import explain
    from bibliometrics.institutions import load_registry

    registry = load_registry()
    answer = Matcher(registry).match(
        given.affiliation, country=given.country, city=given.city, year=given.year
    )
    print(explain(answer, registry, affiliation=given.affiliation))
    return EXIT_DONE


def _review(given: argparse.Namespace) -> int:
    from bibliometrics import lookup, schema, store

    study, path = _study(given.study)
    edition = _edition(given, study)
    queue = lookup.read_table(edition, schema.UNMATCHED)
    shown = queue.head(given.top)
    print(f"{len(queue)} strings without an institution, {edition.name}; the largest {len(shown)}:")
    for row in shown.itertuples(index=False):
        print(f"{row.papers:>6} papers ({row.papers_uncounted} counted nowhere)  {row.affiliation}")
        if isinstance(row.candidates, str):
            print(f"{'':>7}candidates: {row.candidates}")
    agreement = lookup.read_table(edition, schema.AGREEMENT)
    differ = agreement[agreement["agrees"] == "no"]
    if len(differ):
        print(f"{len(differ)} papers whose institutions differ between two databases; the first:")
        for row in differ.head(given.top).itertuples(index=False):
            ours, theirs = row.institution_ids, row.institution_ids_other
            print(f"  {row.paper_id}: {ours}  |  {row.database}: {theirs}")
    beside = path.with_suffix(".decisions.csv")
    if given.out:
        store.write_text(given.out, lookup.review_form(queue))
        print(f"to settle them: fill {given.out} and save it as {beside}")
    else:
        again = _again(given, edition.name)
        print(f"to settle them: bibliometrics review {again} --out {shlex.quote(str(beside))}")
    return EXIT_DONE


def _papers(given: argparse.Namespace) -> int:
    from bibliometrics import lookup, store
    from bibliometrics.institutions import load_registry

    study, _ = _study(given.study)
    edition = _edition(given, study)
    other = given.with_institution
    found = lookup.papers_behind(edition, given.institution, other, given.year)
    registry = load_registry()
    name = lookup.name_of(given.institution, registry)
    beside = f" with {lookup.name_of(other, registry)}" if other else ""
    mark = " (SIMULATED)" if (found["source"] == "SIMULATED").any() else ""
    _tell(f"{len(found)} papers of {name}{beside}, edition {edition.name}{mark}")
    if given.out:
        store.write_text(given.out, lookup.as_csv(found))
        return EXIT_DONE
    for row in found.itertuples(index=False):
        doi = f" doi:{row.doi}" if isinstance(row.doi, str) else ""
        print(f"{row.year}  {row.paper_id}  {row.title}{doi}\n{'':>6}{row.affiliations}")
    return EXIT_DONE


def _simulate(given: argparse.Namespace) -> int:
    from bibliometrics import simulation

    if given.papers < 1:
        raise InputError(f"--papers {given.papers}: at least one", hint="e.g. --papers 10000")
    drawn = simulation.simulate(given.papers, given.seed)
    exports = simulation.write_exports(drawn, given.out, generation=given.generation)
    truth = simulation.write_truth(drawn, given.out)
    pages = simulation.write_api_pages(drawn, given.out / "api") if given.api else []
    _tell(f"SIMULATED: {given.papers} papers, seed {given.seed}")
    for path in [*exports, *truth, *pages[:1]]:
        print(path)
    return EXIT_DONE


def _edition(given: argparse.Namespace, study: Study) -> Path:
    from bibliometrics import editions
    from bibliometrics.errors import EditionError

    if given.edition is None:
        newest, others = editions.latest(given.output, study.name)
        if others:
            _tell(f"edition {newest.name}, made last; others: {', '.join(others)} (--edition)")
        return newest
    folder: Path = given.output / study.name / editions.check_name(given.edition)
    if not folder.is_dir():
        raise EditionError(
            f"there is no edition {given.edition} of {study.name}",
            hint=f"run: bibliometrics run {study.name} --edition {given.edition}",
        )
    return folder


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bibliometrics",
        description="From a literature search to a defensible ranking of research institutions.",
        epilog="example: bibliometrics run cingai-2020 --input scopus1.csv scopus2.csv",
    )
    parser.add_argument("--version", action="version", version=f"bibliometrics {__version__}")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    def verb(
        name: str, command: Callable[[argparse.Namespace], int], says: str, example: str
    ) -> argparse.ArgumentParser:
        added = verbs.add_parser(
            name, help=says, description=says, epilog=f"example: bibliometrics {example}"
        )
        added.set_defaults(command=command)
        return added

    def of_study(added: argparse.ArgumentParser) -> argparse.ArgumentParser:
        added.add_argument("study", metavar="STUDY", help="a path, or a name in queries/")
        return added

    def of_edition(added: argparse.ArgumentParser) -> argparse.ArgumentParser:
        added.add_argument("--edition", help="name of the edition")
        added.add_argument("--output", type=Path, default=_OUTPUTS, help="holds <study>/<edition>")
        return added

    run = of_edition(of_study(verb(
        "run", _run, "the whole pipeline: records in; ranking, network, map and report out",
        "run cingai-2020 --input export-2018.csv export-2019.csv.gz",
    )))  # fmt: skip
    run.add_argument("--input", nargs="+", type=Path, default=[], metavar="FILE",
                     help="exports (gzip too), or the folder of an OpenAlex snapshot")  # fmt: skip
    run.add_argument("--strict", action="store_true", help="exit 1 where there are warnings")
    run.add_argument("--source", choices=_SERVICES, help="harvest first (or resume), then run")
    plan = of_study(verb(
        "plan", _plan, "the query, its slices, and what a harvest will cost", "plan cingai-2020",
    ))  # fmt: skip
    plan.add_argument("--dry-run", action="store_true", help="send nothing")
    harvest = of_study(verb(
        "harvest", _harvest, "fetch into cache/, resumable", "harvest cingai-2020",
    ))  # fmt: skip
    for added in (plan, harvest):
        added.add_argument("--source", choices=_SERVICES, default="scopus")
    harvest.add_argument("--max-age", type=float, metavar="DAYS", help="fetch older slices again")
    harvest.add_argument("--profiles", action="store_true", help="affiliation profiles too")
    harvest.add_argument("--strict", action="store_true", help="exit 1 where a slice is incomplete")
    doctor = verb("doctor", _doctor, "environment, key (never printed), cache", "doctor --online")
    doctor.add_argument("--online", action="store_true", help="ask for the quota: one request")
    doctor.add_argument("--strict", action="store_true", help="exit 1 where something is wrong")
    match = verb("match", _match, "attribute a CSV of affiliations, no study needed",
                 "match affiliations.csv --out matched.csv")  # fmt: skip
    match.add_argument("file", type=Path, metavar="FILE", help="CSV with a column affiliation")
    match.add_argument("--out", type=Path, required=True, help="CSV to write")
    explain = verb("explain", _explain, "one affiliation: the decision, its rule, who lost and why",
                   'explain "Dept. of Physics, Peking Univ., Beijing, China"')  # fmt: skip
    explain.add_argument("affiliation", metavar="AFFILIATION")
    explain.add_argument("--country", help="ISO code or name, where the string has none")
    explain.add_argument("--city")
    explain.add_argument("--year", type=int)
    review = of_edition(of_study(verb(
        "review", _review, "the strings without an institution, by papers, and how to settle them",
        "review cingai-2020 --out queries/cingai-2020.decisions.csv",
    )))  # fmt: skip
    review.add_argument("--top", type=int, default=20, help="how many to print (default 20)")
    review.add_argument("--out", type=Path, help="write the queue as a form to fill")
    papers = of_edition(of_study(verb(
        "papers", _papers, "the papers behind a number",
        "papers cingai-2020 --institution tsinghua-university --year 2019",
    )))  # fmt: skip
    papers.add_argument("--institution", required=True, metavar="ID")
    papers.add_argument("--with", dest="with_institution", metavar="ID", help="and this one")
    papers.add_argument("--year", type=int)
    papers.add_argument("--out", type=Path, help="CSV to write instead of printing")
    simulate = verb("simulate", _simulate, "a labelled simulated corpus with its ground truth",
                    "simulate --papers 1000 --out simulated/")  # fmt: skip
    simulate.add_argument("--papers", type=int, default=10_000)
    simulate.add_argument("--seed", type=int, default=2020)
    simulate.add_argument("--generation", choices=("G1", "G2", "G3"), default="G2")
    simulate.add_argument("--api", action="store_true", help="also as pages of the Search API")
    simulate.add_argument("--out", type=Path, required=True, help="folder to write")
    return parser
