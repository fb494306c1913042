"""Runs the command line and kills itself (SIGKILL) at a point of a refresh.

python refresh_kills.py POINT refresh STUDY --edition NAME
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bibliometrics import store
from bibliometrics.cli import main
from bibliometrics.editions import comparing
from bibliometrics.editions import making as editions

POINTS = ("harvest", "tables", "manifest", "compare", "page")


def _dies(before: Callable[..., Any], when: Callable[..., bool]) -> Callable[..., Any]:
    """``before``, but the process is gone where ``when`` holds of its arguments."""

    def watched(*given: Any, **named: Any) -> Any:
        if when(*given, **named):
            os.kill(os.getpid(), signal.SIGKILL)
        return before(*given, **named)

    return watched


def _after(calls: int) -> Callable[..., bool]:
    seen = 0

    def when(*_: object, **__: object) -> bool:
        nonlocal seen
        seen += 1
        return seen > calls

    return when


def arm(point: str) -> None:
    """Set the trap."""
    if point == "harvest":
        of_pages = _after(1)

        def replaces(path: Path, target: Path) -> bool:
            return "pages" in Path(target).parts and Path(target).suffix == ".gz" and of_pages()

        Path.replace = _dies(Path.replace, replaces)  # type: ignore[method-assign]
    elif point == "tables":
        store.write_table = _dies(store.write_table, _after(7))
    elif point == "manifest":
        store.write_manifest = _dies(store.write_manifest, lambda *_: True)
    elif point == "compare":
        comparing.compare_editions = _dies(comparing.compare_editions, lambda *_: True)
    elif point == "page":
        store.write_text = _dies(
            store.write_text, lambda path, _: Path(path).name == "comparison.html"
        )
    else:
        raise ValueError(point)


if __name__ == "__main__":
    assert editions.store is store
    arm(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
