"""An edition made once more, from what it says it was made of, and held against itself."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bibliometrics import __version__, records, store
from bibliometrics.comparison import unlike_stored
from bibliometrics.editions import making as editions
from bibliometrics.editions import stored
from bibliometrics.engine import EngineName
from bibliometrics.errors import EditionError, InputError
from bibliometrics.harvesting import services
from bibliometrics.pipeline import Plan, make_edition, open_inputs

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Verified:
    """``touched``: files that are not what the manifest says; ``differing``: files that come out
    otherwise, tables first; ``from_records``: false where only the corpus could be recounted.
    ``software``: the version that made the edition, where it is not this one.
    """

    touched: tuple[str, ...]
    differing: tuple[str, ...]
    from_records: bool
    software: str

    @property
    def is_identical(self) -> bool:
        return not self.touched and not self.differing


def verify(
    folder: Path, given: Sequence[Path], cache: Path, tell: Tell, engine: EngineName = "duckdb"
) -> Verified:
    """Compute an edition again and name every file that differs.

    The study, decisions and registry are the edition's own. The records are ``given``, or our
    simulated ones, or those of the cache; where none of these are the edition's, the figures are
    recounted from its own corpus.

    Raises
    ------
    EditionError : the edition cannot be read, or was made of snapshots that were not given.
    InputError : the files given are not those of the edition.
    """
    edition = stored.read(folder)
    written = store.digests(folder)
    said = edition.manifest.get("files")
    files = dict(said) if isinstance(said, dict) else {}
    touched = tuple(
        name for name in sorted(files.keys() | written.keys())
        if files.get(name) != written.get(name)
    )  # fmt: skip
    made_by = str(edition.manifest["software"])
    software = "" if made_by == f"bibliometrics {__version__}" else made_by
    plan = _plan(edition, given, cache, tell, engine)
    if plan is None:
        if engine != "duckdb":
            tell(
                f"without its records nothing is counted on {engine}: figures are checked in memory"
            )
        return Verified(touched, _recounted(edition), from_records=False, software=software)
    made = make_edition(plan)
    with tempfile.TemporaryDirectory() as place:
        anew = Path(place) / folder.name
        editions.write(anew, plan, made)
        computed = store.digests(anew)
    differing = [
        name for name in files.keys() | computed.keys() if files.get(name) != computed.get(name)
    ]
    differing.sort(key=lambda name: (not name.startswith("tables/"), name))
    return Verified(touched, tuple(differing), from_records=True, software=software)


def _plan(
    edition: stored.Stored, given: Sequence[Path], cache: Path, tell: Tell, engine: EngineName
) -> Plan | None:
    wanted = sorted(source["sha256"] for source in edition.manifest["sources"])
    own = Plan(
        edition.study, edition.name, (),
        decisions=edition.decisions, registry=stored.registry_of(edition),
        audited=stored.audit_of(edition), claims=edition.claims, delineation=edition.delineation,
        engine=engine,
    )  # fmt: skip

    def plan(paths: Sequence[Path]) -> Plan:
        inputs = open_inputs([path for path in paths if not path.is_dir()])
        return replace(own, inputs=inputs, snapshots=tuple(p for p in paths if p.is_dir()))

    if given:
        made = plan(given)
        if not made.snapshots and sorted(file.sha256 for file in made.inputs) != wanted:
            names = ", ".join(
                f"{source['name']} ({source['sha256'][:12]}…)"
                for source in edition.manifest["sources"]
            )
            raise InputError(
                "these are not the files that the edition was made of",
                where=edition.name,
                hint=f"give {names}",
            )
        return made
    if _may_be_shipped(edition):
        made = plan(records.simulated_exports(edition.study.source.simulated_papers, cache, tell))
        if sorted(file.sha256 for file in made.inputs) == wanted:
            return made
    try:
        cached = services.cached(edition.study, cache)
    except InputError:
        cached = None
    if cached is not None and [cached.opened.sha256] == wanted:
        return replace(own, cached=_page_by_page(cached))
    return None


def _may_be_shipped(edition: stored.Stored) -> bool:
    """Whether the records can be the study's own simulated ones: else these need not be drawn."""
    if not edition.manifest["is_simulated"]:
        return False
    # An export has a row for each paper at least.
    rows = sum(int(source["rows"]) for source in edition.manifest["sources"])
    return rows >= edition.study.source.simulated_papers


def _page_by_page(cached: services.Cached) -> services.Cached:
    """The same records from the pages themselves: who verifies believes nothing derived."""
    return replace(cached, opened=replace(cached.opened, paged=None))


def _recounted(edition: stored.Stored) -> tuple[str, ...]:
    """The tables whose figures do not follow from the edition's own corpus."""
    side = stored.side(edition)
    if side.tables["papers"].empty:
        raise EditionError(
            "the edition has no papers to recount",
            where=edition.name,
            hint="give its records with --input",
        )
    return ("tables/ranking.csv",) if unlike_stored(side) else ()
