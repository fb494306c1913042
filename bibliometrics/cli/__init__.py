"""The command line: ten lines a verb; the only place that prints and catches."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence

from bibliometrics import __version__
from bibliometrics.cli import (
    at_scale,
    attribution,
    delineation,
    editions,
    evidence,
    network,
    run,
    services,
    shared,
    validation,
)
from bibliometrics.errors import EXIT_DONE, EXIT_INTERRUPTED, EXIT_USAGE, BibliometricsError

# In the order in which --help lists them.
_COMMANDS = (
    run, services, attribution, evidence, network, editions, validation, delineation, at_scale,
)  # fmt: skip


def entry() -> None:
    """The installed command."""
    status = main(sys.argv[1:])
    # On its way out Python would search all that a run has made for cycles: up to a second.
    gc.freeze()
    sys.exit(status)


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    parsed, unknown = _parser().parse_known_args(arguments)
    if unknown:
        parsed.refuse(f"unknown here: {' '.join(unknown)}; its --help lists what it takes")
    command: shared.Command = parsed.command
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bibliometrics",
        description="From a literature search to a defensible ranking of research institutions.",
        epilog="example: bibliometrics run cingai-2020 --input scopus1.csv scopus2.csv",
    )
    parser.add_argument("--version", action="version", version=f"bibliometrics {__version__}")
    verbs = shared.Verbs(parser)
    for module in _COMMANDS:
        module.register(verbs)
    return parser
