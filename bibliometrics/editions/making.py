"""Editions on disk: made beside, put in place whole, verified when they exist already."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import math
import os
import platform
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Literal

from bibliometrics import auditing, evidence, ingest, outlines, pipeline, schema, store
from bibliometrics.beside import Beside, collected_seldom
from bibliometrics.editions import registry_snapshot, stored
from bibliometrics.editions.exports import (
    WORK_MODULES,
    write_figures,
    write_map,
    write_network,
    write_tables,
    write_workbook,
)
from bibliometrics.errors import EditionError
from bibliometrics.network.exchange import citation
from bibliometrics.pipeline import Made, Plan, Watch, unwatched
from bibliometrics.presentation.evidence import render_evidence
from bibliometrics.presentation.places import render_places
from bibliometrics.presentation.report import render_report

Outcome = Literal["made", "identical"]
Tell = Callable[[str], None]
# Folders that lie beside the editions of a study.
_RESERVED = ("comparisons",)
# What computes, draws or writes: where two machines disagree, the first thing to look at.
_LIBRARIES = (
    "pandas", "numpy", "scipy", "pyarrow", "duckdb", "ibis-framework", "networkx", "igraph",
    "matplotlib", "xlsxwriter", "pyvis",
)  # fmt: skip
# Papers: below, another process takes longer to start than it saves.
_WORTH_ANOTHER = 10_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Result:
    folder: Path
    outcome: Outcome
    made: Made


def check_name(name: str) -> str:
    """An edition's name is a folder's: letters, digits, dots, hyphens.

    Raises
    ------
    EditionError : anything else.
    """
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise EditionError(
            f"{name[:80]!r} cannot be the name of an edition",
            hint="use letters, digits, dots and hyphens, e.g. 2026-11-23",
        )
    return name


def facts(plan: Plan, made: Made) -> dict[str, object]:
    """What the manifest says, but for the hashes of the files."""
    edition = made.edition
    return {
        "study": edition.study,
        "edition": edition.name,
        # No record is neither simulated nor real.
        "is_simulated": edition.is_simulated if any(i.rows for i in edition.inputs) else None,
        "as_of": edition.as_of,
        "query": edition.query,
        "sources": [asdict(given) for given in edition.inputs],
        "slices": [
            {"label": e.label, "slice": e.slice, "attempt": e.attempt, "content": e.content}
            for e in (plan.cached.held.entries if plan.cached else ())
        ],
        "registry_version": edition.registry_version,
        "policies": plan.study.model_dump(mode="json"),
        "decisions": [
            {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(decision).items()}
            for decision in plan.decisions
        ],
        "claims": _as_stored(asdict(plan.claims)) if plan.claims else None,
        "audit": auditing.digest(plan.audited),
        "delineation": [asdict(judged) for judged in plan.delineation],
        "seed": edition.seed,
        "software": edition.software,
        "versions": _versions(),
        "flow": edition.tables["flow"][["step", "papers_in", "papers_out"]].to_dict("records"),
    }


def _as_stored(told: object) -> object:
    """As the manifest gives it back: JSON knows no tuples."""
    return json.loads(json.dumps(told))


def _versions() -> dict[str, str]:
    """Python and the libraries that figures pass through: told, never compared."""
    return {"python": platform.python_version()} | {
        name: metadata.version(name) for name in _LIBRARIES
    }


def write(folder: Path, plan: Plan, made: Made, beside: Beside | None = None) -> None:
    """Every file of an edition into ``folder``, the manifest last; some of them ``beside``."""
    beside = beside or Beside()
    corpus = made.corpus
    # In the order of what they have to load: what the other process does not come to is done here.
    given = [
        beside.give(writer, folder, made.edition)
        for writer in (write_figures, write_map, write_workbook, write_tables)
    ]
    given.append(
        beside.give(write_network, folder, made.edition, made.counts, made.credited.entities)
    )
    for table, frame in (
        (schema.PAPERS, corpus.papers),
        (schema.AUTHORSHIPS, corpus.authorships),
        (schema.AFFILIATIONS, corpus.affiliations),
        (schema.KEYWORD_HITS, corpus.keyword_hits),
        (schema.SUBJECTS, corpus.subjects),
        (schema.DUPLICATES, corpus.duplicates),
        (schema.EXCLUDED, corpus.excluded),
        (schema.CREDITED, made.credited.credited),
        (schema.CREDITS, made.counts.credits),
    ):
        store.write_parquet(folder / "corpus", frame, table)
    store.write_bytes(folder / "corpus" / stored.REGISTRY, registry_snapshot.pack(made.registry))
    if plan.audited is not None:
        kept = auditing.to_text(plan.audited)
        store.write_text(folder / "corpus" / stored.AUDIT, kept)
    store.write_text(folder / "CITATION.cff", citation(made.edition))
    store.write_text(folder / "report.html", render_report(made.edition))
    borders = plan.study.report.borders
    placed = render_places(made.edition, outlines.china(), outlines.world(borders), borders)
    store.write_text(folder / "places.html", placed)
    behind = evidence.gather(
        corpus, made.credited, made.counts, made.edition.tables[schema.UNMATCHED.name], plan.study
    )
    for name, text in render_evidence(made.edition, behind).items():
        store.write_text(folder / "evidence" / name, text)
    for written in reversed(given):
        written.result()
    store.write_manifest(folder, facts(plan, made))


def run(plan: Plan, output: Path, watch: Watch = unwatched, tell: Tell = lambda _: None) -> Result:
    """Make the edition, or verify the one that exists.

    Raises
    ------
    EditionError : it exists and was made from something else, or does not come out the same.
    """
    final = output / plan.study.name / check_name(plan.edition)
    unfinished = final.with_name(f".{final.name}.{os.getpid()}.partial")
    for left in store.unfinished(final):
        tell(f"an unfinished run of {plan.edition} is removed")
        shutil.rmtree(left)
    exists = store.is_finished(final)
    if not exists:
        store.check_free(final)
    with collected_seldom(), contextlib.closing(Beside()) as beside:
        if plan.cached is not None:  # what is cached is told by its size before it is read
            _hire(beside, plan, sum(entry.distinct for entry in plan.cached.held.entries))
        made = pipeline.make_edition(plan, watch, partial(_hire, beside, plan), beside)
        if exists:
            _refuse_others(store.read_manifest(final), facts(plan, made), final)
        try:
            write(unfinished, plan, made, beside)
            if not exists:
                store.put_in_place(unfinished, final)
                return Result(final, "made", made)
            _refuse_differing(unfinished, final)
            return Result(final, "identical", made)
        finally:
            beside.close()
            if unfinished.exists():
                shutil.rmtree(unfinished)


def _hire(beside: Beside, plan: Plan, papers: int) -> None:
    """Another process, where the corpus is worth one and the user did not ask for one alone."""
    if beside.is_started:
        return
    if papers >= _WORTH_ANOTHER and (plan.processes or ingest.processors()) > 1:
        beside.start(*WORK_MODULES)


def _refuse_others(old: dict[str, object], new: dict[str, object], folder: Path) -> None:
    compared = (
        "sources",
        "policies",
        "decisions",
        "claims",
        "audit",
        "delineation",
        "registry_version",
        "software",
        "is_simulated",
    )
    differ = [key for key in compared if old.get(key) != new.get(key)]
    if differ:
        raise EditionError(
            f"this edition exists and was made from other {', '.join(_words(differ))}",
            where=f"{folder.parent.name}/{folder.name}",
            hint="editions are not overwritten: give a new name with --edition,"
            " or remove the folder yourself",
        )


def _words(keys: list[str]) -> list[str]:
    """Keys of a manifest as a reader would say them."""
    named = {"is_simulated": "records (simulated against real)"}
    return [named.get(key, key.replace("_", " ")) for key in keys]


def _refuse_differing(partial: Path, final: Path) -> None:
    before, after = store.digests(final), store.digests(partial)
    differ = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    if differ:
        raise EditionError(
            f"the same inputs give other files: {', '.join(differ[:8])}",
            where=f"{final.parent.name}/{final.name}",
            hint="a file was changed by hand, or the environment differs: compare, then make a new"
            " edition with --edition",
        )


def latest(output: Path, study: str) -> tuple[Path, list[str]]:
    """The finished edition of ``study`` that was made last, and the names of the others.

    Raises
    ------
    EditionError : there is none.
    """
    folder = output / study
    finished = sorted(
        (path for path in folder.glob("*") if path.is_dir() and store.is_finished(path)),
        key=lambda path: (store.made_at(path), path.name),
    )
    if not finished:
        raise EditionError(
            f"there is no edition of {study} yet", hint=f"run: bibliometrics run {study}"
        )
    return finished[-1], sorted(path.name for path in finished[:-1])


def newest_before(output: Path, study: str, name: str) -> Path | None:
    """The edition of ``study`` that was made last before ``name``; None: no other.

    Where ``name`` is not there yet, every edition was made before it.
    """
    own = output / study / name
    limit = store.made_at(own) if store.is_finished(own) else math.inf
    made = [
        path
        for path in (output / study).glob("*")
        if path.is_dir() and store.is_finished(path) and path.name != name
        and store.made_at(path) <= limit
    ]  # fmt: skip
    return max(made, key=lambda path: (store.made_at(path), path.name), default=None)


def today() -> str:
    """The default name of an edition: the only thing in it that comes from the clock."""
    return dt.datetime.now(tz=dt.UTC).astimezone().date().isoformat()
