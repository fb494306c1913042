"""An edition on disk read back as data: its study, decisions, registry, corpus and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bibliometrics import auditing, lookup, schema, store
from bibliometrics.attribution import HumanDecision
from bibliometrics.attribution.institutions import Registry
from bibliometrics.auditing import Audited
from bibliometrics.claims import ClaimSet
from bibliometrics.comparison import Side
from bibliometrics.editions import registry_snapshot
from bibliometrics.errors import EditionError
from bibliometrics.firmness.delineation import Judged
from bibliometrics.study.model import Study

AUDIT = "audit.csv"
REGISTRY = "registry.json.gz"
_DECISIONS = TypeAdapter(tuple[HumanDecision, ...])
_CLAIMS: TypeAdapter[ClaimSet | None] = TypeAdapter(ClaimSet | None)
_JUDGED: TypeAdapter[tuple[Judged, ...]] = TypeAdapter(tuple[Judged, ...])
_CORPUS = (
    schema.PAPERS, schema.AUTHORSHIPS, schema.AFFILIATIONS, schema.KEYWORD_HITS, schema.EXCLUDED,
    schema.CREDITS,
)  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """What an edition's manifest says, and the folder it lies in."""

    folder: Path
    manifest: Mapping[str, Any]
    study: Study
    decisions: tuple[HumanDecision, ...]
    claims: ClaimSet | None
    delineation: tuple[Judged, ...]

    @property
    def name(self) -> str:
        return str(self.manifest["edition"])


def find(given: str, output: Path, study: str | None = None) -> Path:
    """The folder of an edition given as a path, as STUDY/EDITION, or by its name alone.

    Raises
    ------
    EditionError : there is none, or several studies have one of that name.
    """
    tried = [Path(given), output / given]
    tried += [output / study / given] if study else []
    for folder in tried:
        if store.is_finished(folder):
            return folder
    found = sorted(path for path in output.glob(f"*/{given}") if store.is_finished(path))
    if len(found) == 1:
        return found[0]
    if found:
        named = ", ".join(f"{path.parent.name}/{path.name}" for path in found)
        raise EditionError(
            f"{given!r} is an edition of several studies: {named}", hint="give STUDY/EDITION"
        )
    known = sorted(
        f"{path.parent.name}/{path.name}" for path in output.glob("*/*") if store.is_finished(path)
    )
    raise EditionError(
        f"there is no finished edition {given!r}",
        hint=f"give a folder, or one of: {', '.join(known[-8:]) or 'none has been made yet'}",
    )


def read(folder: Path) -> Stored:
    """The manifest of an edition, understood.

    Raises
    ------
    EditionError : it cannot be read by this version.
    """
    manifest = store.read_manifest(folder)
    try:
        study = Study.model_validate(manifest["policies"])
        decisions = _DECISIONS.validate_python(manifest["decisions"])
        claims = _CLAIMS.validate_python(manifest["claims"])
        judged = _JUDGED.validate_python(manifest["delineation"])
        str(manifest["edition"]), str(manifest["software"]), str(manifest["registry_version"])
    except (ValidationError, KeyError) as error:
        raise EditionError(
            "another version of the software wrote this manifest, with other options",
            where=f"{folder.parent.name}/{folder.name}",
            hint="make the edition again, from the same inputs, under another name",
        ) from error
    return Stored(folder, manifest, study, decisions, claims, judged)


def registry_of(edition: Stored) -> Registry:
    """The registry the edition was attributed by.

    Raises
    ------
    EditionError : it is not there.
    """
    path = edition.folder / "corpus" / REGISTRY
    if not path.is_file():
        raise EditionError(
            "the edition does not keep its registry",
            where=edition.name,
            hint="make the edition again, from the same inputs, under another name",
        )
    return registry_snapshot.unpack(path.read_bytes(), f"{edition.name}/corpus/{REGISTRY}")


def audit_of(edition: Stored) -> Audited | None:
    """The audit the edition carries, if it carries one."""
    path = edition.folder / "corpus" / AUDIT
    if not path.is_file():
        return None
    return auditing.from_text(path.read_text(encoding="utf-8"), f"{edition.name}/corpus/{AUDIT}")


def side(edition: Stored) -> Side:
    """The edition as one of the two that are compared."""
    corpus = edition.folder / "corpus"
    tables = {table.name: store.read_parquet(corpus, table) for table in _CORPUS}
    tables["ranking"] = lookup.read_table(edition.folder, schema.RANKING)
    return Side(
        name=edition.name,
        study=edition.study,
        registry=registry_of(edition),
        registry_version=str(edition.manifest["registry_version"]),
        decisions=edition.decisions,
        software=str(edition.manifest["software"]),
        is_simulated=bool(edition.manifest["is_simulated"]),
        tables=tables,
    )
