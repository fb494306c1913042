"""Commands that speak to a service, or would: plan, totals, harvest, doctor."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bibliometrics.cli import shared
from bibliometrics.errors import EXIT_DONE, EXIT_FINDINGS

if TYPE_CHECKING:
    from bibliometrics.attribution.institutions import Registry
    from bibliometrics.harvesting import planning
    from bibliometrics.harvesting.harvest import Harvest, Progress
    from bibliometrics.harvesting.planning import CountPlan, Search
    from bibliometrics.harvesting.services import Name
    from bibliometrics.sources.paged import Quota
    from bibliometrics.study.model import Study

Tell = Callable[[str], None]
SERVICES: tuple[Name, ...] = ("scopus", "openalex")


def register(verbs: shared.Verbs) -> None:
    """Add these commands to the parser."""
    plan = verbs.of_study(
        "plan", _plan, "the query, its slices, and what a harvest will cost", "plan cingai-2020"
    )
    plan.add_argument("--dry-run", action="store_true", help="send nothing")
    harvest = verbs.of_study(
        "harvest", _harvest, "fetch into cache/, resumable", "harvest cingai-2020"
    )
    totals = verbs.of_study(
        "totals", _totals, "the database's own totals by count, for [totals] of the study",
        "totals cingai-2020 --source openalex --institution tsinghua-university --country US SG",
    )  # fmt: skip
    totals.add_argument("--dry-run", action="store_true", help="list the counts, send nothing")
    totals.add_argument("--institution", nargs="+", default=[], metavar="ID",
                        help="of these too, a count a year each")  # fmt: skip
    totals.add_argument("--country", nargs="+", default=[], metavar="CODE",
                        help="international works of these too (OpenAlex)")  # fmt: skip
    for added in (plan, harvest, totals):
        added.add_argument("--source", choices=SERVICES, default="scopus",
                           help="service to ask (default scopus)")  # fmt: skip
    harvest.add_argument("--max-age", type=shared.number(0), metavar="DAYS",
                         help="fetch older slices again")  # fmt: skip
    harvest.add_argument("--profiles", action="store_true", help="affiliation profiles too")
    harvest.add_argument("--strict", action="store_true", help="exit 1 where a slice is incomplete")
    doctor = verbs.add(
        "doctor", _doctor, "environment, key (never printed), cache", "doctor --online"
    )
    doctor.add_argument("--online", action="store_true", help="ask for the quota: one request")
    doctor.add_argument("--strict", action="store_true", help="exit 1 where something is wrong")


def _plan(given: argparse.Namespace) -> int:
    study, _ = shared.study(given.study)
    return plan(given, study, shared.CACHE, shared.tell)


def _harvest(given: argparse.Namespace) -> int:
    study, _ = shared.study(given.study)
    return harvest(given, study, shared.CACHE, shared.tell)


def _doctor(given: argparse.Namespace) -> int:
    return doctor(given, shared.CACHE)


def _totals(given: argparse.Namespace) -> int:
    from bibliometrics import kept

    study, path = shared.study(given.study)
    return totals(given, study, kept.registry_of(study, path), shared.CACHE, shared.tell)


def plan(given: argparse.Namespace, study: Study, cache: Path, tell: Tell) -> int:
    """Print the query and its slices; with a key and without --dry-run, ask for the counts."""
    from bibliometrics.harvesting import planning, services

    name: Name = given.source
    question = services.search(name, study)
    print(f"study   {study.name}: {study.study.title_en}\n\nquery\n{question.query}\n")
    _print_differences(name, study)
    checked = planning.controls(study, _known_to_scopus(study)) if name == "scopus" else ()
    if given.dry_run or not _has_key(name):
        sent = "nothing was sent" if given.dry_run else "no key is set, so nothing was sent"
        print(f"slices  {len(question.slices)}, by publication year; {sent}")
        for part in question.slices:
            print(f"{part.label:>12}  {part.query}")
        for control in checked:
            print(f"     control  {control.label}: {control.query}")
        print(f"requests to count: {len(question.slices) + len(checked)}")
        return EXIT_DONE
    folder = services.folder(cache, name, study)
    made = planning.plan(
        study, services.source(name, os.environ), folder, tell,
        checked=checked, split=study.source.split, search=question,
    )  # fmt: skip
    _print_plan(made, study)
    return EXIT_DONE


def totals(
    given: argparse.Namespace, study: Study, registry: Registry, cache: Path, tell: Tell
) -> int:
    """Print the sections of a study file that hold the database's totals; ready to paste."""
    import datetime as dt

    from bibliometrics.attribution.place import country_code
    from bibliometrics.harvesting import database_totals, services

    name: Name = given.source
    unknown = [each for each in given.institution if each not in registry.institutions]
    if unknown:
        given.refuse(
            f"--institution: the registry has no {', '.join(unknown)};"
            " ids stand in tables/ranking.csv, and `bibliometrics explain` tells that of a name"
        )
    if name == "scopus" and given.country:
        given.refuse(
            "--country: Scopus has no condition for international works; --source openalex"
        )
    strange = [code for code in given.country if country_code(code) != code]
    if strange:
        given.refuse(f"--country: {', '.join(strange)}: give ISO codes of two capitals, e.g. US SG")
    asked = [registry.institutions[each] for each in given.institution]
    slices = services.search(name, study).slices
    if name == "scopus":
        questions = database_totals.scopus_questions(study, slices, asked)
    else:
        questions = database_totals.openalex_questions(study, slices, asked, given.country)
    if not questions:
        given.refuse("no year of the study is a slice of its own: lower [query] slices_from")
    if given.dry_run or not _has_key(name):
        sent = "nothing was sent" if given.dry_run else "no key is set, so nothing was sent"
        print(f"counts  {len(questions)}, one request each; {sent}")
        for one in questions:
            print(f"{one.label:>24}  {one.query}")
        return EXIT_DONE
    tell(f"asking {services.KINDS[name]} for {len(questions)} counts")
    folder = services.folder(cache, name, study)
    answers = database_totals.ask(study, questions, services.source(name, os.environ), folder, tell)
    print(database_totals.as_toml(answers, services.KINDS[name], dt.datetime.now(dt.UTC).date()))
    tell(f"next: paste this into {given.study}'s file, then bibliometrics run {given.study}")
    return EXIT_DONE


def _known_to_scopus(study: Study) -> list[planning.Institution]:
    """Institutions of the geography whose Scopus ids the registry knows: Scopus's own counts."""
    from bibliometrics.attribution.institutions import load_registry
    from bibliometrics.harvesting import planning

    return [
        planning.Institution(found.name_en, found.scopus_afids)
        for found in load_registry().institutions.values()
        if found.scopus_afids and found.country in study.geography.codes
    ]


def _print_differences(name: Name, study: Study) -> None:
    from bibliometrics.sources.openalex_query import differences

    if name == "openalex":
        print("what OpenAlex cannot be asked, or answers otherwise")
        for difference in differences(study):
            print(f"  - {difference.topic}: {difference.en}")
        print()


def _has_key(name: Name) -> bool:
    return name == "openalex" or bool(os.environ.get("SCOPUS_API_KEY", "").strip())


def _print_plan(made: CountPlan, study: Study) -> None:
    from bibliometrics.harvesting.planning import gaps

    print(f"slices  {len(made.slices)}, {made.total:,} records")
    for part in made.slices:
        print(f"{part.label:>14} {part.total:>9,} records {made.pages(part):>6,} requests")
    for control in made.controls:
        print(f"{'control':>14} {control.total:>9,} {control.label}")
    seen = {control.label: control.total for control in made.controls}
    for gap in gaps({"unsliced": made.total, **study.source.totals}, seen, study.source.reasons):
        print(f"! {gap.says}")
    left = "unknown" if made.quota.remaining is None else f"{made.quota.remaining:,}"
    print(
        f"requests {made.requests:,} of {left} left; counts sent {made.counts_sent};"
        f" about {made.seconds / 60:.0f} minutes"
    )
    if made.is_affordable is False:
        print("! the allowance does not suffice: the harvest will stop and can be resumed")
    for note in made.notes:
        print(f"! {note}")


def harvest(given: argparse.Namespace, study: Study, cache: Path, tell: Tell) -> int:
    """Fetch what the cache lacks; resumable."""
    done = fetch(given.source, study, cache, tell, given.max_age)
    held = done.held
    if given.profiles:
        _profiles(study, cache, tell)
    rows = sum(entry.distinct for entry in held.entries)
    print(f"{rows:,} records in {len(held.entries)} slices; {done.requests} requests were sent")
    for note in done.notes:
        print(f"! {note}")
    for entry in held.incomplete:
        reasons = ", ".join(entry.reasons)
        print(f"! incomplete: {entry.label}: {entry.distinct} of {entry.announced} ({reasons})")
    print(f"next: bibliometrics run {study.name}")
    return EXIT_DONE if held.is_whole else EXIT_FINDINGS if given.strict else EXIT_DONE


def fetch(
    name: Name, study: Study, cache: Path, tell: Tell, max_age_days: float | None = None
) -> Harvest:
    """Harvest a study from a service into its cache folder, with progress on a terminal."""
    from tqdm import tqdm

    from bibliometrics.harvesting import harvest as harvesting
    from bibliometrics.harvesting import services

    question: Search = services.search(name, study)
    with tqdm(unit=" pages", disable=not sys.stderr.isatty()) as bar:

        def watch(progress: Progress) -> None:
            bar.total = progress.pages_planned
            bar.set_description(progress.label)
            bar.update(progress.pages_done - bar.n)

        return harvesting.harvest(
            study, services.source(name, os.environ), services.folder(cache, name, study),
            tell, watch, max_age_days=max_age_days,
            fallback=services.fallback(name, study, os.environ),
            split=study.source.split, search=question,
        )  # fmt: skip


def _profiles(study: Study, cache: Path, tell: Tell) -> None:
    """Fetch the profiles of the affiliation ids on the cached papers, one request each."""
    from bibliometrics.harvesting import profiles, services
    from bibliometrics.sources.record import Record
    from bibliometrics.sources.scopus_api import ScopusSource

    cached = services.cached(study, cache, ("scopus",))
    source = services.source("scopus", os.environ)
    if cached is None or not isinstance(source, ScopusSource):
        return
    afids = sorted(
        {
            facts.afid
            for row in cached.opened.rows()
            if isinstance(row, Record)
            for facts in row.facts.values()
            if facts.afid
        }
    )
    folder = services.folder(cache, "scopus", study)
    tell(f"{len(profiles.missing_profiles(folder, afids))} profiles to fetch, one request each")
    resume = f"bibliometrics harvest {study.name} --profiles"
    profiles.fetch_profiles(source, folder, afids, tell, resume=resume)


def doctor(given: argparse.Namespace, cache: Path) -> int:
    """One line for each thing looked at, with its remedy."""
    from bibliometrics import doctor as checking
    from bibliometrics.harvesting import services

    def quota() -> Quota:
        return services.source("scopus", os.environ).count("DOI(10)").quota

    found = checking.checks(os.environ, cache, quota if given.online else None)
    for check in found:
        print(check)
    bad = any(check.verdict == "bad" for check in found)
    return EXIT_FINDINGS if bad and given.strict else EXIT_DONE
