"""What became of the figures: compare, verify, refresh."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bibliometrics.cli import services, shared
from bibliometrics.cli.services import SERVICES
from bibliometrics.errors import EXIT_DONE, EXIT_FINDINGS, EditionError

if TYPE_CHECKING:
    from bibliometrics.comparing import Compared

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
        "verify", _verify, "compute an edition again: identical, or which table differs",
        "verify cingai-2020/2026-11-24",
    )  # fmt: skip
    verify.add_argument("edition", metavar="EDITION", help="folder, STUDY/EDITION, or a name")
    verify.add_argument("--input", nargs="+", type=Path, default=[], metavar="FILE",
                        help="the records it was made of")  # fmt: skip
    for added in (compare, verify):
        added.add_argument("--output", type=Path, default=shared.OUTPUTS,
                           help="holds <study>/<edition>")  # fmt: skip
    refresh = verbs.of_edition(
        "refresh", _refresh, "harvest what is new or stale, a new edition, what changed and why",
        "refresh cingai-2020",
    )  # fmt: skip
    refresh.add_argument("--input", nargs="+", type=Path, default=[], metavar="FILE",
                         help="new exports instead of a harvest")  # fmt: skip
    refresh.add_argument("--source", choices=SERVICES, help="service to harvest from")
    refresh.add_argument("--max-age", type=float, default=7.0, metavar="DAYS",
                         help="fetch slices again that are older (default 7)")  # fmt: skip
    refresh.add_argument("--strict", action="store_true", help="exit 1 where there are warnings")


def _compare(given: argparse.Namespace) -> int:
    from bibliometrics import comparing, stored

    began = time.monotonic()
    before = stored.find(given.before, given.output)
    after = stored.find(given.after, given.output, before.parent.name)
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


def _verify(given: argparse.Namespace) -> int:
    from bibliometrics import stored, verifying

    began = time.monotonic()
    folder = stored.find(given.edition, given.output)
    found = verifying.verify(folder, given.input, shared.CACHE, shared.tell)
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
    from bibliometrics import comparing, editions
    from bibliometrics.cli import run

    began = time.monotonic()
    study, _ = shared.study(given.study)
    name = given.edition or editions.today()
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
    from bibliometrics import services as known

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
