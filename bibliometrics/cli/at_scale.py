"""A snapshot larger than any one machine: count-snapshot."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bibliometrics.cli import shared
from bibliometrics.errors import EXIT_DONE, EXIT_FINDINGS, InputError


def register(verbs: shared.Verbs) -> None:
    """Add this command to the parser."""
    counting = verbs.of_study(
        "count-snapshot", _count, "counts and ties of a whole OpenAlex snapshot, on your own Spark",
        "count-snapshot cingai-2020 --snapshot s3a://bucket/works --out counted/",
    )  # fmt: skip
    counting.add_argument("--snapshot", required=True, metavar="FOLDER",
                          help="of gzip JSON lines, wherever your Spark can read")  # fmt: skip
    counting.add_argument("--out", type=Path, required=True, help="folder for the three tables")
    counting.add_argument("--work", metavar="FOLDER",
                          help="for the corpus as Parquet, where Spark can write (default:"
                          " corpus in --out)")  # fmt: skip
    counting.add_argument(
        "--strict", action="store_true", help="exit 1 where lines were set aside, or none counted"
    )


def _count(given: argparse.Namespace) -> int:
    from bibliometrics import at_scale, kept, schema, store
    from bibliometrics.engine.spark import open_session

    study, path = shared.study(given.study)
    if "://" not in given.snapshot and not Path(given.snapshot).is_dir():
        raise InputError(
            f"--snapshot {given.snapshot}: there is no such folder", hint="check the path"
        )
    if given.out.is_file():
        raise InputError(f"--out {given.out}: a file, not a folder", hint="give a folder's name")
    beside = kept.read(study, path)
    given.out.mkdir(parents=True, exist_ok=True)
    place = given.work or str((given.out / "corpus").resolve())
    shared.tell(f"{study.name}: counts the snapshot {given.snapshot} on Spark; writes {given.out}")
    spark = open_session()
    scaled = at_scale.count_snapshot(
        spark, given.snapshot, study, beside.registry, place, beside.decisions
    )
    made = at_scale.tables(scaled, study)
    for table in schema.SNAPSHOT_TABLES:
        store.write_table(given.out, made[table.name], table)
        print(given.out / table.file_name)
    print(f"{scaled.papers:,} papers, {len(scaled.entities):,} institutions")
    for reason, lines in scaled.quarantined.items():
        counted = f"{lines:,} line{'s' * (lines != 1)}"
        print(f"! {counted} set aside: {reason}; see {place}/quarantine", file=sys.stderr)
    is_doubtful = bool(scaled.quarantined) or not scaled.papers
    return EXIT_FINDINGS if given.strict and is_doubtful else EXIT_DONE
