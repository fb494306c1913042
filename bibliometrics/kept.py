"""What is kept beside a study's file: decisions, and the audit of its attributions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bibliometrics import auditing
from bibliometrics.attribution import HumanDecision, read_decisions, ror
from bibliometrics.attribution.institutions import Registry, load_registry
from bibliometrics.auditing import Audited
from bibliometrics.errors import InputError
from bibliometrics.study.model import Study


@dataclass(frozen=True)
class Kept:
    """The registry that a study asks for, its decisions, its audit (None: none yet)."""

    registry: Registry
    decisions: tuple[HumanDecision, ...]
    audited: Audited | None


def decisions_file(study: Path) -> Path:
    return study.with_suffix(".decisions.csv")


def audit_file(study: Path) -> Path:
    return study.with_suffix(".audit.csv")


def read(study: Study, path: Path) -> Kept:
    """All that stands beside the study file at ``path``.

    Raises
    ------
    InputError, RegistryError : a file that is there cannot be used.
    """
    registry = registry_of(study, path)
    decided, audited = decisions_file(path), audit_file(path)
    return Kept(
        registry=registry,
        decisions=read_decisions(decided, registry) if decided.is_file() else (),
        audited=auditing.from_text(text_of(audited), audited.name) if audited.is_file() else None,
    )


def registry_of(study: Study, path: Path) -> Registry:
    """The registry of the study file at ``path``: the curated one, with the records of a ROR file
    below it where one is named, or that file alone (``known_by = "ror"``)."""
    named = study.institutions.registry_file
    if named == "none":
        return load_registry()
    records = ror.read_ror(path.parent / named)
    if study.institutions.known_by == "ror":
        return ror.registry_of(records, study.geography.codes)
    return ror.below(load_registry(), records)


def text_of(path: Path) -> str:
    """A text file kept beside a study. Raises InputError where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", where=path.name, hint="check the path"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 at byte {error.start}", where=path.name, hint="save it as UTF-8 CSV"
        ) from error
