"""What all commands share: the study and edition they are asked for, and how they speak."""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bibliometrics.errors import InputError

if TYPE_CHECKING:  # imported late: --help should not wait for pandas
    from bibliometrics.claims.claim_file import ClaimSet
    from bibliometrics.study.model import Study

_ROWS_A_LINE = 100_000
QUERIES, CACHE, OUTPUTS = Path("queries"), Path("cache"), Path("outputs")
Command = Callable[[argparse.Namespace], int]


class Verbs:
    """The commands of the parser: each module of this package adds its own."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._added: Any = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(self, name: str, command: Command, says: str, example: str) -> argparse.ArgumentParser:
        """A command with its sentence and an example."""
        added: argparse.ArgumentParser = self._added.add_parser(
            name, help=says, description=says, epilog=f"example: bibliometrics {example}"
        )
        added.set_defaults(command=command, refuse=added.error)
        return added

    def of_study(
        self, name: str, command: Command, says: str, example: str
    ) -> argparse.ArgumentParser:
        """A command about a study."""
        added = self.add(name, command, says, example)
        added.add_argument("study", metavar="STUDY", help="a path, or a name in queries/")
        return added

    def of_edition(
        self, name: str, command: Command, says: str, example: str
    ) -> argparse.ArgumentParser:
        """A command about an edition of a study."""
        added = self.of_study(name, command, says, example)
        added.add_argument("--edition", help="name of the edition")
        added.add_argument("--output", type=Path, default=OUTPUTS, help="holds <study>/<edition>")
        return added


def making_options(command: argparse.ArgumentParser) -> None:
    """How an edition is made: what `run` and `refresh` have in common."""
    command.add_argument("--processes", type=whole(1), metavar="N",
                         help="how many read; else one each processor; 1: alone")  # fmt: skip
    engine_option(command)
    command.add_argument("--strict", action="store_true",
                         help="exit 1 where there are warnings, or nothing to rank")  # fmt: skip


def engine_option(command: argparse.ArgumentParser) -> None:
    """What counts."""
    command.add_argument(
        "--engine",
        choices=("duckdb", "spark"),
        default="duckdb",
        help="what counts: DuckDB inside, or your Spark; the figures are the same",
    )


def whole(least: int) -> Callable[[str], int]:
    """A reader of options: a whole number of at least ``least``."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number of {least} or more")
        return value

    return read


def number(least: float, most: float = math.inf) -> Callable[[str], float]:
    """A reader of options: a number from ``least`` to ``most``."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most or math.isinf(value):
            bound = f" to {most:g}" if most < math.inf else " or more"
            raise argparse.ArgumentTypeError(f"{text!r} is no number of {least:g}{bound}")
        return value

    return read


def file_to_write(out: Path | None, *read: Path) -> None:
    """Refuse, before the work is done, a file that could not be written after it.

    Raises
    ------
    InputError : it is a folder, one of the files ``read``, or lies where nothing can be written.
    """
    if out is None:
        return
    if out.is_dir():
        raise InputError("is a folder", where=str(out), hint="give the name of a file to write")
    if out.exists() and any(file.exists() and out.samefile(file) for file in read):
        raise InputError(
            "the file to write is the file to read", where=out.name, hint="give another --out"
        )
    folder_to_write(out.parent)


def folder_to_write(folder: Path | None) -> None:
    """Refuse, before the work is done, a folder in which nothing could be written after it.

    Raises
    ------
    InputError : it, or what it lies in, is a file, or may not be written.
    """
    if folder is None:
        return
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        raise InputError("is a file, not a folder", where=str(there), hint="give another name")
    if not os.access(there, os.W_OK | os.X_OK):
        raise InputError(
            "nothing may be written here", where=str(there), hint="give another place, or the right"
        )


def tell(message: str) -> None:
    """A word beside the result, for the person at the terminal."""
    print(message, file=sys.stderr)


def study(name: str) -> tuple[Study, Path]:
    """The study of that name or path, and its file."""
    from bibliometrics.study.file import find_study, load_study

    path = find_study(name, QUERIES)
    return load_study(path), path


def claims_beside(study_file: Path) -> ClaimSet | None:
    """The claims in the file beside a study, if it is there."""
    from bibliometrics.claims import claims_of

    beside = study_file.with_suffix(".claims.csv")
    return claims_of(beside.read_bytes(), beside.name) if beside.is_file() else None


@contextlib.contextmanager
def watching(total: int | None = None) -> Iterator[Callable[[int], None]]:
    """To be told of rows as they are read: a bar on a terminal, a line now and then in a log.

    With ``total`` rows to come, the bar tells the time left.
    """
    from tqdm import tqdm

    is_seen = sys.stderr.isatty()
    read = 0

    with tqdm(desc="reading", unit=" rows", total=total, disable=not is_seen) as bar:

        def watch(rows: int) -> None:
            nonlocal read
            bar.update(rows)
            before, read = read, read + rows
            if not is_seen and before // _ROWS_A_LINE < read // _ROWS_A_LINE:
                tell(f"read {read // _ROWS_A_LINE * _ROWS_A_LINE:,} rows…")

        yield watch


def again(given: argparse.Namespace, edition: str) -> str:
    """STUDY and the options with which another command finds the same edition."""
    words = [given.study, "--edition", edition]
    if given.output != OUTPUTS:
        words += ["--output", str(given.output)]
    return " ".join(shlex.quote(word) for word in words)


def edition(given: argparse.Namespace, study: Study) -> Path:
    """The folder of the edition asked for, else of the one made last."""
    from bibliometrics.editions import making as editions
    from bibliometrics.errors import EditionError

    if given.edition is None:
        newest, others = editions.latest(given.output, study.name)
        if others:
            tell(f"edition {newest.name}, made last; others: {', '.join(others)} (--edition)")
        return newest
    folder: Path = given.output / study.name / editions.check_name(given.edition)
    if not folder.is_dir():
        raise EditionError(
            f"there is no edition {given.edition} of {study.name}",
            hint=f"run: bibliometrics run {study.name} --edition {given.edition}",
        )
    return folder
