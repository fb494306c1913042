"""What a report claims, and what an edition says of it: claims, verdicts, open choices."""

from __future__ import annotations

from pathlib import Path

from bibliometrics.claims import list_computations
from bibliometrics.claims.claim_file import Claim, ClaimSet, carried_claims, read_claims
from bibliometrics.claims.computations import COMPUTATIONS
from bibliometrics.errors import InputError

__all__ = ["Claim", "ClaimSet", "carried_claims", "list_computations", "read_claims_file"]


def read_claims_file(path: Path) -> ClaimSet:
    """The claims of the file at ``path``.

    Raises
    ------
    InputError : it is not UTF-8, or a row is wrong; every fault is listed.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 at byte {error.start}", where=path.name, hint="save the file as UTF-8"
        ) from error
    return read_claims(text, path.name, frozenset(COMPUTATIONS))
