"""The one exception family: what was wrong, where, and what to do next."""

from __future__ import annotations

EXIT_DONE = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_STOPPED = 3
EXIT_INTERRUPTED = 130


class BibliometricsError(Exception):
    """A fault that the user can mend.

    Parameters
    ----------
    what : what was wrong, in one sentence.
    where : file, row, field or option; empty where the sentence already says it.
    hint : what to do next.
    """

    exit_status = EXIT_USAGE

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.hint:
            lines.append(f"  what to do: {self.hint}")
        return "\n".join(lines)


class StudyError(BibliometricsError):
    """A study file cannot be used; the message lists every fault."""


class InputError(BibliometricsError):
    """An input is not a bibliographic file, or cannot be read."""


class RegistryError(BibliometricsError):
    """The registry contradicts itself."""


class EditionError(BibliometricsError):
    """An edition is missing, half-written, or made from something else."""


class InvariantError(BibliometricsError):
    """A count broke a rule that must always hold: a fault of the program, never of the data."""


class EngineError(BibliometricsError):
    """The engine that should compute is not there, or does not start."""
