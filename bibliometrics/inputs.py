"""The files somebody gives, recognised and put in order: all that has to be loaded to begin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bibliometrics.attribution.place import country_code
from bibliometrics.sources.reading import Opened, named, printable
from bibliometrics.sources.recognise import recognise


def open_inputs(paths: Sequence[Path]) -> tuple[Opened, ...]:
    """Recognise every input by its content.

    They are read in the order of name and content, whatever order they were given in; a name that
    comes twice is numbered, so that a row can be found again.

    Raises
    ------
    InputError : a file that cannot be read, or is of no known format.
    """
    opened = sorted(
        (recognise(path, country_code) for path in paths), key=lambda file: (file.name, file.sha256)
    )
    seen: dict[str, int] = {}
    told = []
    for file in opened:
        name = printable(file.name)
        seen[name] = seen.get(name, 0) + 1
        name = name if seen[name] == 1 else f"{name} ({seen[name]})"
        told.append(file if name == file.name else named(file, name))
    return tuple(told)
