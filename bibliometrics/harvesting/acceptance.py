"""Whether the pages of a slice are the slice: rows, totals, and the order in which ids came."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from bibliometrics.sources.paged import FIRST_CURSOR, Reply


@dataclass
class Acceptance:
    """Takes the pages of one attempt in order and finds what is wrong with them.

    An id that comes twice is merged and counted, unless the manner in which it comes says that a
    page was repeated or shifted: then other rows are missing. One row that comes again at the very
    start of a page can be either; it is believed once another attempt (``earlier_sequences``)
    gave the same ids in the same order.
    """

    earlier_sequences: frozenset[str] = frozenset()
    announced: int = 0
    rows: int = 0
    empty_rows: int = 0
    is_at_end: bool = False
    _pages: int = 0
    _last_total: int = 0
    _doubled: int = 0
    _doubtful: str = ""
    _place: dict[str, int] = field(default_factory=dict)
    _sequence: hashlib._Hash = field(default_factory=hashlib.sha256)

    @property
    def distinct(self) -> int:
        """Rows but for those whose id had come before; rows without an id are distinct."""
        return self.rows - self._doubled

    @property
    def sequence(self) -> str:
        return self._sequence.hexdigest()

    def take(self, page: Reply) -> str:
        """The fault of one more page, "" if it has none."""
        self._pages += 1
        self._last_total = page.total
        if self._pages == 1:
            self.announced = page.total
        fault = self._repetition(page.ids)
        self._enter(page)
        if fault:
            return fault
        if not page.ids and self.rows < page.total:
            return f"page {self._pages} is empty with {self.rows} of {page.total} rows received"
        self.is_at_end = self.rows >= page.total
        if not self.is_at_end and not page.next_cursor:
            return f"page {self._pages} is the last, with {self.rows} of {page.total} rows received"
        return ""

    def verdict(self) -> list[str]:
        """Why the pages, taken to their end, are not the slice; empty: they are."""
        reasons = []
        if self._last_total != self.announced:
            reasons.append(
                f"the total drifted from {self.announced} on the first page to {self._last_total}"
                " on the last"
            )
        if self.rows != self.announced:
            reasons.append(f"{self.rows} rows came of {self.announced} announced")
        if self._doubtful and self.sequence not in self.earlier_sequences:
            reasons.append(self._doubtful)
        return reasons

    def _repetition(self, ids: Sequence[str]) -> str:
        """Rows that came before on other pages, where their order says that paging went wrong."""
        before = [self._place.get(item, -1) if item else -1 for item in ids]
        number = self._pages
        if len(ids) > 1 and all(place >= 0 for place in before):
            return f"page {number} repeats rows received before"
        runs = any(
            first >= 0 and second == first + 1 for first, second in itertools.pairwise(before)
        )
        if runs:
            again = sum(place >= 0 for place in before)
            return f"page {number} is shifted: {again} of its {len(ids)} rows came before"
        if before and before[0] == self.rows - 1 and self.rows:
            self._doubtful = f"page {number} begins with the row that ended the page before"
        elif len(before) == 1 and before[0] >= 0:
            self._doubtful = f"page {number} has one row, which came before"
        return ""

    def _enter(self, page: Reply) -> None:
        for item in page.ids:
            self._sequence.update(item.encode() + b"\n")
            if item and item in self._place:
                self._doubled += 1
            elif item:
                self._place[item] = self.rows
            self.rows += 1
        self.empty_rows += page.empty_rows


@dataclass
class Course:
    """The pages of one attempt so far."""

    acceptance: Acceptance
    cursor: str = FIRST_CURSOR
    hashes: list[str] = field(default_factory=list)
    fault: str = ""

    def take(self, reply: Reply, digest: str) -> str:
        self.hashes.append(digest)
        self.cursor = reply.next_cursor
        self.fault = self.acceptance.take(reply)
        return self.fault
