"""What a report claims, and what an edition says of it: claims, verdicts, open choices."""

from __future__ import annotations

from bibliometrics.claims import list_computations
from bibliometrics.claims.claim_file import Claim, ClaimSet, carried_claims, read_claims
from bibliometrics.claims.computations import COMPUTATIONS
from bibliometrics.errors import InputError

__all__ = ["Claim", "ClaimSet", "carried_claims", "claims_of", "list_computations"]


def claims_of(content: bytes, name: str) -> ClaimSet:
    """The claims of a claims file, given its content and its name.

    Raises
    ------
    InputError : it is not UTF-8, or a row is wrong; every fault is listed.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 at byte {error.start}", where=name, hint="save the file as UTF-8"
        ) from error
    return read_claims(text, name, frozenset(COMPUTATIONS))
