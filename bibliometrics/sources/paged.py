"""What a harvest needs of a service that answers page by page, and how such a service can fail.

A source is a parameter of the harvest: anything with the methods of ``PagedSource``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bibliometrics.errors import EXIT_STOPPED, BibliometricsError


@dataclass(frozen=True, slots=True)
class Quota:
    """The allowance a service states: requests, and when it is renewed (seconds since 1970)."""

    limit: int | None = None
    remaining: int | None = None
    resets_at: float | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """The number of records a service announces for a query."""

    total: int
    quota: Quota = Quota()


@dataclass(frozen=True, slots=True)
class Reply:
    """One page as received, and what its envelope says.

    ``ids`` has one id a row, in order ("" where a row carries none); ``empty_rows`` counts rows
    that only say that nothing was found; ``cursor`` is the one the page says it answers ("" where
    it does not say); ``is_simulated`` is None on a page without rows.
    """

    body: bytes
    total: int
    ids: tuple[str, ...]
    empty_rows: int
    cursor: str
    next_cursor: str
    is_simulated: bool | None
    quota: Quota = Quota()


class PagedSource(Protocol):
    """A service searched by cursor. Every method may raise the errors below."""

    @property
    def name(self) -> str: ...

    @property
    def view(self) -> str: ...

    @property
    def page_size(self) -> int: ...

    @property
    def per_second(self) -> float | None:
        """Requests allowed a second; None: as many as it can answer."""

    @property
    def software(self) -> str: ...

    def count(self, query: str) -> Counted: ...

    def page(self, query: str, cursor: str) -> Reply: ...

    def read(self, body: bytes) -> Reply:
        """A page that was kept, read again; raises ``BrokenPageError``."""


FIRST_CURSOR = "*"


class PassingError(Exception):
    """The service or the way to it failed in a manner that may pass: wait, then ask again."""

    def __init__(self, what: str, *, retry_after: float | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.retry_after = retry_after


class BrokenPageError(Exception):
    """An answer that is not a page: cut, of another type, or without its list of entries."""


class CursorExpiredError(Exception):
    """The service no longer knows the cursor: its slice must begin again."""


class QuotaSpentError(Exception):
    """The allowance is used up; ``resets_at`` is None where the service does not say when."""

    def __init__(self, quota: Quota) -> None:
        super().__init__("the allowance is used up")
        self.quota = quota


class ViewDeniedError(BibliometricsError):
    """The key has no right to the view that was asked for."""


class RequestRefusedError(BibliometricsError):
    """The service understood and refused: a wrong key, a query it cannot read, an odd address."""


class HarvestStoppedError(BibliometricsError):
    """A harvest ended early; everything received is kept and the same command goes on."""

    exit_status = EXIT_STOPPED


def asking_for(source: PagedSource) -> str:
    """The option that names the service in a command to resume with; Scopus is the default."""
    return "" if source.name == "scopus" else f" --source {source.name}"
