"""Which records a run uses: files the user gives, what the cache holds, or our simulated ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from bibliometrics import simulation, store
from bibliometrics.errors import InputError
from bibliometrics.harvesting import services
from bibliometrics.harvesting.services import Cached
from bibliometrics.study.model import Study

_SEED = 2020


def choose(
    study: Study,
    given: Sequence[Path],
    cache: Path,
    tell: Callable[[str], None],
    names: tuple[services.Name, ...] = services.NAMES,
) -> list[Path] | Cached:
    """The files of a run, or what the cache holds of the study from the services of ``names``.

    Raises
    ------
    InputError : neither is there, and the study does not fall back to simulated records.
    """
    if given:
        return list(given)
    held = services.cached(study, cache, names)
    if held is not None:
        tell(f"records: {held.opened.name}, fetched up to {held.held.newest[:10]}")
        return held
    if study.source.without_records == "simulated":
        tell("no records were given: our own SIMULATED records are used, no finding comes of them")
        return simulated_exports(study.source.simulated_papers, cache, tell)
    raise InputError(
        f"there are no records of {study.name}",
        hint=f"give exports: bibliometrics run {study.name} --input FILE…, or fetch them:"
        f" bibliometrics harvest {study.name}",
    )


def simulated_exports(papers: int, cache: Path, tell: Callable[[str], None]) -> list[Path]:
    """The simulated corpus of ``papers`` papers, made on first use; the same bytes everywhere."""
    folder = cache / "simulated" / f"{simulation.VERSION}-{papers}-{_SEED}"
    if store.is_finished(folder):
        if store.read_manifest(folder).get("files") == store.digests(folder):
            return sorted(folder.glob("*.csv*"))
        tell("the simulated records in the cache were changed: they are made anew")
    tell(f"simulating {papers} papers (once)…")
    partial = folder.with_name(f".{folder.name}.partial")
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(parents=True)
    simulation.write_exports(simulation.simulate(papers, _SEED), partial)
    store.write_manifest(partial, {"simulated": papers, "seed": _SEED})
    if folder.exists():
        shutil.rmtree(folder)
    partial.replace(folder)
    return sorted(folder.glob("*.csv*"))
