"""The registry of an edition beside its corpus, so that next year can attribute by last year's."""

from __future__ import annotations

import gzip

from pydantic import TypeAdapter, ValidationError

from bibliometrics.attribution.institutions import Registry
from bibliometrics.errors import EditionError

_REGISTRY = TypeAdapter(Registry)


def pack(registry: Registry) -> bytes:
    """The registry as compressed JSON, the same bytes on every machine and day."""
    return gzip.compress(_REGISTRY.dump_json(registry), mtime=0)


def unpack(content: bytes, where: str) -> Registry:
    """The registry that ``pack`` wrote.

    Raises
    ------
    EditionError : the file was damaged, or a version with other columns wrote it.
    """
    try:
        return _REGISTRY.validate_json(gzip.decompress(content))
    except (OSError, EOFError, ValidationError) as error:
        raise EditionError(
            "the registry kept with the edition cannot be read",
            where=where,
            hint="make the edition again under another name, from the same inputs",
        ) from error
