"""A harvest planned by counts: which slices, how many requests, how long; and control totals.

Counting costs one request a slice; nothing else is asked here. Slices exclude one another and
together equal the query, but for records without a year: the unsliced total tells how many.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bibliometrics.harvesting import ledger
from bibliometrics.harvesting.asking import Asker, Patience, Tell
from bibliometrics.harvesting.loading import by_load_month, by_load_year, publication_year
from bibliometrics.sources.paged import BrokenPageError, PagedSource, Quota, asking_for
from bibliometrics.study.model import Study
from bibliometrics.study.query import Slice, scopus_query, slices

Split = Literal["where too large", "by load year"]
"""Slices by publication year alone where they are small, or all of them by load year too."""

TOO_LARGE = 5_000
"""Records of a slice above which it is split: what an expired cursor can cost, 200 requests."""

COUNTS_SERVE_DAYS = 1.0
"""How long a count need not be asked for again: a plan serves the harvest that follows it."""

GAP = 0.02
"""Share of a control total above which its difference from ours wants a reason."""

_SECONDS_A_PAGE = 0.5  # judged: a COMPLETE page over a usual line, where nothing was timed yet


@dataclass(frozen=True)
class Search:
    """A study's question as one service understands it: whole, and in slices.

    Slices exclude one another. ``has_load_dates``: the service is searched by load date as Scopus
    is, so that slices can be split by it.
    """

    query: str
    slices: tuple[Slice, ...]
    has_load_dates: bool


def scopus_search(study: Study) -> Search:
    return Search(scopus_query(study), slices(study), has_load_dates=True)


@dataclass(frozen=True)
class Control:
    """A count that checks the harvest; ``purpose``: unsliced, alone, left out, institution."""

    label: str
    query: str
    purpose: str


@dataclass(frozen=True)
class Sized:
    """A slice or control with its announced total."""

    label: str
    query: str
    total: int


@dataclass(frozen=True)
class CountPlan:
    """What a harvest will ask. ``pages`` of each slice, ``requests`` and ``seconds`` in all."""

    query: str
    view: str
    page_size: int
    slices: tuple[Sized, ...]
    controls: tuple[Sized, ...]
    counts_sent: int
    quota: Quota
    seconds_a_page: float
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(part.total for part in self.slices)

    def pages(self, part: Sized) -> int:
        return math.ceil(part.total / self.page_size)

    @property
    def requests(self) -> int:
        return sum(self.pages(part) for part in self.slices)

    @property
    def seconds(self) -> float:
        return self.requests * self.seconds_a_page

    @property
    def is_affordable(self) -> bool | None:
        """Whether the allowance suffices; None where the service does not tell it."""
        return None if self.quota.remaining is None else self.quota.remaining >= self.requests


@dataclass(frozen=True)
class Institution:
    """An institution to ask Scopus's own count for, by its affiliation ids."""

    name: str
    afids: tuple[str, ...]


def controls(study: Study, institutions: Sequence[Institution] = ()) -> tuple[Control, ...]:
    """The control totals of a study, each one count-only request."""
    whole = scopus_query(study)
    found = [Control("unsliced", whole, "unsliced")]
    words = study.query.keywords
    if len(words) > 1:
        for word in words:
            rest = tuple(other for other in words if other != word)
            found.append(Control(f"{word} alone", _with(study, (word,)), "alone"))
            found.append(Control(f"without {word}", _with(study, rest), "left out"))
    for one in institutions:
        ids = " OR ".join(f"AF-ID({afid})" for afid in one.afids if afid.isdecimal())
        if ids:
            found.append(Control(one.name, f"{whole} AND ({ids})", "institution"))
    return tuple(found)


def _with(study: Study, keywords: tuple[str, ...]) -> str:
    query = study.query.model_copy(update={"keywords": keywords})
    return scopus_query(study.model_copy(update={"query": query}))


def announced(
    search: Search, checked: Sequence[Control], known: ledger.Known, source: str
) -> tuple[tuple[str, str], ...]:
    """(label, query) of every count that ``plan_counts`` will ask first; splits come on top."""
    wanted = [(part.label, part.query) for part in search.slices]
    wanted += [(control.label, control.query) for control in checked]
    return tuple(item for item in wanted if (source, item[1]) not in known.counts)


def plan(
    study: Study,
    source: PagedSource,
    cache_folder: Path,
    tell: Tell,
    *,
    patience: Patience | None = None,
    checked: Sequence[Control] = (),
    counts_serve_days: float = COUNTS_SERVE_DAYS,
    too_large: int = TOO_LARGE,
    split: Split = "where too large",
    search: Search | None = None,
) -> CountPlan:
    """The command ``plan``: ``plan_counts`` on a cache folder, whose ledger keeps the counts."""
    asker = Asker(
        patience or Patience(), tell, f"bibliometrics plan {study.name}{asking_for(source)}"
    )
    since = ledger.stamp(asker.patience.now() - counts_serve_days * 86_400)
    with ledger.writing(cache_folder) as append:
        known = ledger.fold(ledger.read(cache_folder))
        return plan_counts(
            study, search or scopus_search(study), source, asker, append, known,
            checked=checked, fresh_since=since, too_large=too_large, split=split,
        )  # fmt: skip


@dataclass
class Counting:
    """The counts of one plan: from the ledger where it has them fresh, else asked and entered."""

    source: PagedSource
    asker: Asker
    append: ledger.Append
    known: ledger.Known
    fresh_since: str
    sent: int = 0
    quota: Quota = field(default_factory=Quota)

    def total(self, label: str, query: str, purpose: str) -> int:
        told = self.known.counts.get((self.source.name, query))
        if told is not None and told.at >= self.fresh_since:
            return told.total
        try:
            counted = self.asker.ask(lambda: self.source.count(query), f"counting {label}")
        except BrokenPageError as broken:
            raise self.asker.stopped(f"counting {label}: {broken}") from None
        self.sent += 1
        self.quota = counted.quota
        at = ledger.stamp(self.asker.patience.now())
        line = ledger.CountTold(at, self.source.name, query, label, purpose, counted.total)
        self.append(line)
        self.known.learn(line)
        return counted.total


def plan_counts(
    study: Study,
    search: Search,
    source: PagedSource,
    asker: Asker,
    append: ledger.Append,
    known: ledger.Known,
    *,
    checked: Sequence[Control] = (),
    fresh_since: str = "",
    too_large: int = TOO_LARGE,
    split: Split = "where too large",
) -> CountPlan:
    """Count every slice and control, split what is too large, and say what a harvest will cost.

    Raises
    ------
    HarvestStoppedError, RequestRefusedError : see ``Asker.ask``; counts told so far are kept.
    """
    counting = Counting(source, asker, append, known, fresh_since)
    notes: list[str] = []
    now, waited = asker.patience.now, asker.waited
    began = now()
    parts: list[Sized] = []
    for part in search.slices:
        sized = Sized(part.label, part.query, counting.total(part.label, part.query, "slice"))
        if search.has_load_dates:
            parts.extend(_split(sized, study, counting, too_large, notes, now, split))
        else:
            parts.append(sized)
    totals = tuple(
        Sized(one.label, one.query, counting.total(one.label, one.query, one.purpose))
        for one in checked
    )
    without = [whole.total - sum(part.total for part in parts) for whole in totals[:1]]
    if checked and checked[0].purpose == "unsliced" and without != [0]:
        notes.append(
            f"the unsliced total and the slices differ by {without[0]} records: without a year"
        )
    spent = max(0.0, now() - began - (asker.waited - waited))
    each = spent / counting.sent if counting.sent else _SECONDS_A_PAGE
    if source.per_second:
        each = max(each, 1 / source.per_second)
    return CountPlan(
        search.query, source.view, source.page_size, tuple(parts), totals, counting.sent,
        counting.quota, each, tuple(notes),
    )  # fmt: skip


def _split(
    part: Sized,
    study: Study,
    counting: Counting,
    too_large: int,
    notes: list[str],
    now: Callable[[], float],
    split: Split,
) -> Iterator[Sized]:
    """``part``, or its parts by load year, and these by load month, where too large.

    Parts that do not add up to the whole (records without a load date) are not used: the whole is.
    """
    if part.total == 0 or (part.total <= too_large and split == "where too large"):
        yield part
        return
    as_of, today = study.query.as_of, dt.datetime.fromtimestamp(now(), dt.UTC)
    last = as_of.year if isinstance(as_of, dt.date) else today.year
    first = publication_year(part.label)
    by_year = _counted(by_load_year(Slice(part.label, part.query), first, last), counting)
    if not _adds_up(part, by_year, notes):
        yield part
        return
    for year in by_year:
        if year.total <= too_large:
            if year.total:
                yield year
            continue
        by_month = _counted(by_load_month(Slice(year.label, year.query)), counting)
        if by_month and _adds_up(year, by_month, notes):
            yield from (month for month in by_month if month.total)
        else:
            yield year


def _counted(parts: Sequence[Slice], counting: Counting) -> list[Sized]:
    return [Sized(p.label, p.query, counting.total(p.label, p.query, "slice")) for p in parts]


def _adds_up(whole: Sized, parts: Sequence[Sized], notes: list[str]) -> bool:
    total = sum(part.total for part in parts)
    if total == whole.total:
        return True
    notes.append(
        f"slice {whole.label}: {whole.total} records, {total} by load date: not split, so that none"
        " is lost"
    )
    return False


def told_controls(cache_folder: Path, source: str, checked: Sequence[Control]) -> dict[str, int]:
    """Control totals that a plan asked for earlier, by label; nothing is sent."""
    known = ledger.fold(ledger.read(cache_folder))
    told = ((one.label, known.counts.get((source, one.query))) for one in checked)
    return {label: count.total for label, count in told if count is not None}


@dataclass(frozen=True)
class Gap:
    """A control total against ours; ``reason`` is what the study's author wrote about it."""

    label: str
    expected: int
    seen: int
    share: float
    reason: str

    @property
    def says(self) -> str:
        why = self.reason or "no reason given: write one in the study, [source] reasons"
        return (
            f"{self.label}: {self.expected} announced, {self.seen} here ({self.share:+.1%}): {why}"
        )


def gaps(
    expected: Mapping[str, int], seen: Mapping[str, int], reasons: Mapping[str, str]
) -> tuple[Gap, ...]:
    """Controls of both mappings that differ by more than ``GAP`` of the announced total.

    ``expected`` may come from a plan or be typed by hand from the web page.
    """
    found = []
    for label, total in expected.items():
        if label not in seen:
            continue
        here = seen[label]
        share = (here - total) / total if total else float(here > 0)
        if abs(share) > GAP:
            found.append(Gap(label, total, here, share, reasons.get(label, "")))
    return tuple(found)
