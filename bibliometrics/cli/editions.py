"""What became of the figures: compare, verify, package, refresh."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bibliometrics.cli import services, shared
from bibliometrics.cli.services import SERVICES
from bibliometrics.errors import EXIT_DONE, EXIT_FINDINGS, EditionError, InputError

if TYPE_CHECKING:
    from bibliometrics.editions.comparing import Compared

_SHOWN = 10


def register(verbs: shared.Verbs) -> None:
    """Add these commands to the parser."""
    compare = verbs.add(
        "compare", _compare, "what changed between two editions, and why",
        "compare cingai-2020/2025-11-24 cingai-2020/2026-11-24",
    )  # fmt: skip
    compare.add_argument("before", metavar="EDITION_A", help="folder, STUDY/EDITION, or a name")
    compare.add_argument("after", metavar="EDITION_B")
    verify = verbs.add(
        "verify", _verify, "compute an edition (or package) again: identical, or what differs",
        "verify cingai-2020/2026-11-24",
    )  # fmt: skip
    verify.add_argument("edition", metavar="EDITION",
                        help="folder, STUDY/EDITION, name, or package.zip")  # fmt: skip
    verify.add_argument("--input", nargs="+", type=Path, default=[], metavar="FILE",
                        help="the records it was made of")  # fmt: skip
    shared.engine_option(verify)
    package = verbs.add(
        "package", _package, "what a reviewer needs to rebuild an edition from their own records",
        "package cingai-2020/2026-11-24 --public --out replication.zip",
    )  # fmt: skip
    package.add_argument("edition", metavar="EDITION", help="folder, STUDY/EDITION, or a name")
    package.add_argument("--public", action="store_true",
                         help="without what a database does not let pass on")  # fmt: skip
    package.add_argument("--out", type=Path, required=True, help="zip file to write")
    for added in (compare, verify, package):
        added.add_argument("--output", type=Path, default=shared.OUTPUTS,
                           help="holds <study>/<edition>")  # fmt: skip
    refresh = verbs.of_edition(
        "refresh", _refresh, "harvest what is new or stale, a new edition, what changed and why",
        "refresh cingai-2020",
    )  # fmt: skip
    refresh.add_argument("--input", nargs="+", type=Path, default=[], metavar="FILE",
                         help="new exports instead of a harvest")  # fmt: skip
    refresh.add_argument("--source", choices=SERVICES, help="service to harvest from")
    refresh.add_argument("--max-age", type=shared.number(0), default=7.0, metavar="DAYS",
                         help="fetch slices again that are older (default 7)")  # fmt: skip
    shared.making_options(refresh)


def _compare(given: argparse.Namespace) -> int:
    from bibliometrics.editions import comparing, stored

    began = time.monotonic()
    before = stored.find(given.before, given.output)
    after = stored.find(given.after, given.output, before.parent.name)
    if before.samefile(after):
        raise EditionError(
            f"{before.name} was given twice", hint="compare an edition with another one"
        )
    _show(comparing.compare_editions(before, after), time.monotonic() - began)
    return EXIT_DONE


def _show(made: Compared, seconds: float) -> None:
    found = made.comparison
    mark = "  (SIMULATED)" if found.is_simulated else ""
    print(f"{found.before} → {found.after}: {found.papers[0]:,} → {found.papers[1]:,} papers{mark}")
    causes = found.tables["causes"].astype(object).where(found.tables["causes"].notna(), None)
    for row in causes[causes["acted"] == 1].to_dict("records"):
        number = f"{row['papers']:>8,} papers" if row["papers"] is not None else ""
        print(f"  {row['says_en']:<48}{number}")
    if not found.players:
        print("  nothing differs")
    for option in found.untestable:
        print(f"! papers cannot be tested on the old value of {option}: the query takes their part")
    changes = found.tables["changes"]
    moved = changes[changes["papers_change"] != 0]
    largest = moved.reindex(moved["papers_change"].abs().sort_values(ascending=False).index)
    for row in largest.head(_SHOWN).to_dict("records"):
        print(f"{row['name_en']}: {row['says_en']}")
    if len(moved) > _SHOWN:
        print(f"… and {len(moved) - _SHOWN} more institutions with another number of papers")
    print(f"\ncompared in {seconds:.1f} s")
    for name in ("comparison.html", "tables"):
        print(f"  {made.folder / name}")


def _package(given: argparse.Namespace) -> int:
    from bibliometrics.editions import replication, stored

    shared.file_to_write(given.out)
    folder = stored.find(given.edition, given.output)
    replication.pack(folder, given.out, public=given.public)
    kind = "public: no title, abstract or address" if given.public else "with addresses: not public"
    print(f"{given.out}: replication package of {folder.parent.name}/{folder.name} ({kind})")
    print(f"next: bibliometrics verify {shlex.quote(str(given.out))} --input FILE…")
    return EXIT_DONE


def _rebuild(package: Path, inputs: list[Path]) -> int:
    from bibliometrics.editions import replication
    from bibliometrics.pipeline import open_inputs

    if not package.is_file():
        raise InputError("there is no such file", where=str(package), hint="check the path")
    if not inputs:
        raise InputError(
            "a package holds no records", where=package.name,
            hint="give your own with --input: an export of the query in its package.json",
        )  # fmt: skip
    found = replication.rebuild(package, open_inputs(inputs))
    for name in found.differing:
        print(f"! tables/{name}.csv comes out differently")
    if found.missing:
        print(
            f"! {len(found.missing)} papers are not among these records; first: {found.missing[0]}"
        )
    if found.moved:
        print(f"! {found.moved} affiliations count for others than the package says")
    if found.is_identical:
        print(f"{found.edition}: every table is rebuilt, identical, from {found.papers:,} papers")
    return EXIT_DONE if found.is_identical else EXIT_FINDINGS


def _verify(given: argparse.Namespace) -> int:
    from bibliometrics.editions import stored, verifying

    began = time.monotonic()
    if Path(given.edition).suffix == ".zip":
        return _rebuild(Path(given.edition), given.input)
    folder = stored.find(given.edition, given.output)
    found = verifying.verify(folder, given.input, shared.CACHE, shared.tell, given.engine)
    seconds = time.monotonic() - began
    name = f"{folder.parent.name}/{folder.name}"
    if found.software:
        print(f"! made by {found.software}: what differs may be the software's doing")
    for path in found.touched:
        print(f"! {path} was changed, added or removed since the edition was made")
    for path in found.differing:
        print(f"! {path} comes out differently")
    if found.is_identical and found.from_records:
        print(f"{name}: identical, every file, from its records ({seconds:.1f} s)")
    elif found.is_identical:
        print(
            f"{name}: its figures follow from its corpus ({seconds:.1f} s). The records it was made"
            " of are neither in the cache nor given: with --input FILE… every file is made again"
        )
    return EXIT_DONE if found.is_identical else EXIT_FINDINGS


def _refresh(given: argparse.Namespace) -> int:
    from bibliometrics.cli import run
    from bibliometrics.editions import comparing
    from bibliometrics.editions import making as editions

    began = time.monotonic()
    shared.folder_to_write(given.output)
    study, _ = shared.study(given.study)
    name = editions.today() if given.edition is None else editions.check_name(given.edition)
    before = editions.newest_before(given.output, study.name, name)
    shared.tell(
        f"refreshing {study.name}: records, then edition {name},"
        + (f" then what changed since {before.name}" if before else "")
    )
    if not given.input:
        _harvest(given, study.name)
    status = run.run(given)
    if before is None:
        print("this is the first edition: there is nothing to compare it with yet")
        return status
    after = given.output / study.name / name
    print()
    _show(comparing.compare_editions(before, after), time.monotonic() - began)
    output = "" if given.output == shared.OUTPUTS else f" --output {shlex.quote(str(given.output))}"
    print(f"next: bibliometrics validate {given.study} --edition {name}{output}")
    return status


def _harvest(given: argparse.Namespace, study_name: str) -> None:
    """Fetch what is new or stale from the service asked, else from that the cache has."""
    from bibliometrics.harvesting import services as known

    study, _ = shared.study(given.study)
    names = [given.source] if given.source else [
        name for name in SERVICES if known.folder(shared.CACHE, name, study).is_dir()
    ]  # fmt: skip
    if not names:
        if study.source.without_records == "simulated":
            return
        raise EditionError(
            f"nothing of {study_name} has been harvested yet, and no records were given",
            hint=f"bibliometrics refresh {study_name} --source scopus, or --input FILE…",
        )
    services.fetch(names[0], study, shared.CACHE, shared.tell, given.max_age)
    given.source = None
    sys.stdout.flush()
