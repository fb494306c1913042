"""The harvest: a loop over slices and pages that can be stopped anywhere and loses nothing.

A page is on disk before the next is asked for. A slice counts only if its rows equal the announced
total, the total is the same on its first and last page, and no page is repeated, shifted or empty.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bibliometrics.errors import InputError
from bibliometrics.harvesting import cache, ledger
from bibliometrics.harvesting.acceptance import Acceptance, Course
from bibliometrics.harvesting.asking import Asker, Patience, Tell
from bibliometrics.harvesting.planning import (
    COUNTS_SERVE_DAYS,
    TOO_LARGE,
    Search,
    Sized,
    Split,
    plan_counts,
    scopus_search,
)
from bibliometrics.sources.paged import (
    BrokenPageError,
    CursorExpiredError,
    PagedSource,
    Reply,
    ViewDeniedError,
    asking_for,
)
from bibliometrics.study.model import Study

_AGAIN = 2  # times a slice that was not accepted is fetched again
_RESTARTS = 3  # times an expired cursor begins a slice anew


@dataclass(frozen=True)
class Progress:
    """Where a harvest stands; requests of this command, pages of the whole plan."""

    label: str
    rows: int
    total: int
    pages_done: int
    pages_planned: int
    quota_remaining: int | None


Watch = Callable[[Progress], None]


def unwatched(_: Progress) -> None:
    """A ``Watch`` that shows nothing."""


@dataclass(frozen=True)
class Harvest:
    """What a harvest command did: what the cache now holds, requests it sent, what to know."""

    held: cache.Held
    requests: int
    fetched: int
    notes: tuple[str, ...]


def harvest(
    study: Study,
    source: PagedSource,
    cache_folder: Path,
    tell: Tell,
    watch: Watch = unwatched,
    *,
    patience: Patience | None = None,
    max_age_days: float | None = None,
    fallback: PagedSource | None = None,
    too_large: int = TOO_LARGE,
    split: Split = "where too large",
    search: Search | None = None,
) -> Harvest:
    """Fetch what the cache lacks of a study, or what is older than ``max_age_days``.

    A harvest that was stopped goes on where it was. With a whole and fresh cache no request is
    sent. ``fallback`` is used where the key has no right to the source's view. ``search`` is the
    study's question for another service than Scopus.

    Raises
    ------
    HarvestStoppedError : the allowance is used up or the service is out of reach (exit 3).
    RequestRefusedError, ViewDeniedError : the service refuses (exit 2).
    InputError : the folder is in use, damaged, or holds the other of real and simulated records.
    """
    bounds = patience or Patience()
    question = search or scopus_search(study)
    asker = Asker(bounds, tell, f"bibliometrics harvest {study.name}{asking_for(source)}")
    with ledger.writing(cache_folder) as append:
        cache.sweep(cache_folder)
        known = ledger.fold(ledger.read(cache_folder))
        run = _Run(
            study, question, source, cache_folder, asker, append, known, watch, too_large, split
        )
        if fallback is None:
            return run.all_slices(max_age_days)
        other = _Run(
            study, question, fallback, cache_folder, asker, append, known, watch, too_large, split
        )
        if other.is_done(max_age_days):
            return other.all_slices(max_age_days)
        try:
            return run.all_slices(max_age_days)
        except ViewDeniedError as denied:
            tell(f"{denied.what}: going on in the {fallback.view} view")
            return other.all_slices(max_age_days)


@dataclass
class _Run:
    """One command: its surroundings and what it has done so far."""

    study: Study
    search: Search
    source: PagedSource
    folder: Path
    asker: Asker
    append: ledger.Append
    known: ledger.Known
    watch: Watch
    too_large: int
    split: Split
    notes: list[str] = field(default_factory=list)
    fetched: int = 0
    pages_done: int = 0
    pages_planned: int = 0

    def now(self) -> str:
        return ledger.stamp(self.asker.patience.now())

    def enter(self, line: ledger.Line) -> None:
        self.append(line)
        self.known.learn(line)

    def is_done(self, max_age_days: float | None) -> bool:
        plan = self._plan()
        return plan is not None and self._finished(plan) and not self._stale(plan, max_age_days)

    def all_slices(self, max_age_days: float | None) -> Harvest:
        plan = self._plan()
        if plan is None or (self._finished(plan) and self._stale(plan, max_age_days)):
            plan = self._planned(max_age_days)
        parts = list(zip(plan.slices, plan.labels, plan.queries, strict=True))
        sizes = [self._size(query) for _, _, query in parts]
        self.pages_planned = sum(-(-size // self.source.page_size) for size in sizes)
        for (key, label, query), size in zip(parts, sizes, strict=True):
            whole = self.known.accepted(key)
            is_fresh = whole is not None and _ended_at(whole) >= plan.fresh_since
            if whole is not None and is_fresh and self._is_sound(whole, label):
                self.pages_done += len(whole.pages)
                continue
            self._slice(Sized(label, query, size), key)
        held = cache.held(self.folder, plan.query, plan.view)
        if held is None:
            raise InputError("the ledger lost its plan", where=self.folder.name)
        return Harvest(held, self.asker.requests, self.fetched, tuple(self.notes))

    @property
    def division(self) -> str:
        return f"{self.split}, above {self.too_large}"

    def _plan(self) -> ledger.Planned | None:
        where = (self.source.name, self.source.view, self.search.query)
        plan = self.known.plans.get(where)
        return plan if plan is not None and plan.division == self.division else None

    def _finished(self, plan: ledger.Planned) -> bool:
        """Whether every slice came whole since the plan wanted it."""
        whole = [self.known.accepted(key) for key in plan.slices]
        return all(w is not None and _ended_at(w) >= plan.fresh_since for w in whole)

    def _stale(self, plan: ledger.Planned, max_age_days: float | None) -> bool:
        since = self._since(max_age_days)
        whole = [self.known.accepted(key) for key in plan.slices]
        return any(w is None or _ended_at(w) < since for w in whole)

    def _since(self, max_age_days: float | None) -> str:
        if max_age_days is None:
            return ""
        return ledger.stamp(self.asker.patience.now() - max_age_days * 86_400)

    def _planned(self, max_age_days: float | None) -> ledger.Planned:
        since = self._since(max_age_days)
        now = self.asker.patience.now()
        counted_since = max(since, ledger.stamp(now - COUNTS_SERVE_DAYS * 86_400))
        counted = plan_counts(
            self.study, self.search, self.source, self.asker, self.append, self.known,
            fresh_since=counted_since, too_large=self.too_large, split=self.split,
        )  # fmt: skip
        self.notes.extend(counted.notes)
        source, view = self.source.name, self.source.view
        plan = ledger.Planned(
            at=self.now(),
            source=source,
            view=view,
            query=counted.query,
            software=self.source.software,
            slices=tuple(cache.slice_key(source, view, part.query) for part in counted.slices),
            labels=tuple(part.label for part in counted.slices),
            queries=tuple(part.query for part in counted.slices),
            fresh_since=since,
            division=self.division,
        )
        self.enter(plan)
        return plan

    def _size(self, query: str) -> int:
        told = self.known.counts.get((self.source.name, query))
        return told.total if told else 0

    def _is_sound(self, attempt: ledger.Attempt, label: str) -> bool:
        """Whether the kept pages of an accepted slice are still what was received."""
        for page in attempt.pages:
            path = cache.page_path(self.folder, page.slice, page.attempt, page.page)
            body = cache.read_whole(path)
            if body is None or hashlib.sha256(body).hexdigest() != page.sha256:
                note = f"slice {label}: page {page.page} is damaged on disk; fetched again"
                self.asker.tell(note)
                self.notes.append(note)
                return False
        return attempt.ended is not None and len(attempt.pages) == attempt.ended.pages

    def _slice(self, part: Sized, key: str) -> None:
        """Fetch a slice until it is accepted, three times at most."""
        attempts = self.known.attempts.get(key, [])
        last = attempts[-1] if attempts else None
        number = 1 if last is None else last.number + (last.ended is not None)
        again = restarts = 0
        self.fetched += 1
        if part.total == 0:
            nothing = hashlib.sha256().hexdigest()
            content = cache.content_of(())
            self.enter(
                ledger.Ended(
                    self.now(), key, number, "accepted", 0, 0, 0, 0, content, nothing
                )
            )  # fmt: skip
            return
        while True:
            ended = self._attempt(part, key, number, is_last=again >= _AGAIN)
            self.enter(ended)
            if ended.outcome == "accepted":
                return
            why = "; ".join(ended.reasons)
            if ended.outcome == "incomplete":
                note = (
                    f"slice {part.label} is INCOMPLETE: {ended.rows} of {ended.announced} rows"
                    f" after {again + 1} attempts: {why}"
                )
                self.asker.tell(note)
                self.notes.append(note)
                return
            number += 1
            if ended.outcome == "cursor expired" and restarts < _RESTARTS:
                restarts += 1
            else:
                again += 1
            self.asker.tell(f"slice {part.label}: {why}; it begins again")
            self.pages_done -= ended.pages

    def _attempt(self, part: Sized, key: str, number: int, *, is_last: bool) -> ledger.Ended:
        """One attempt, from its first page or from where it was stopped, to its verdict."""
        earlier = [a.ended.sequence for a in self.known.attempts.get(key, []) if a.ended]
        course = Course(Acceptance(earlier_sequences=frozenset(earlier)))
        self._taken_up(course, key, number)
        self.enter(
            ledger.Begun(
                self.now(), key, number, len(course.hashes) + 1, self.source.name,
                self.source.view, part.label, part.query, self.source.software,
            )
        )  # fmt: skip
        failure, fault = "", course.fault
        outcome: ledger.Outcome = "incomplete" if is_last else "rejected"
        while not fault and not course.acceptance.is_at_end:
            page = len(course.hashes) + 1
            what = f"slice {part.label}, page {page}"
            try:
                reply = self.asker.ask(lambda: self.source.page(part.query, course.cursor), what)
            except CursorExpiredError:
                outcome, fault = "cursor expired", f"the cursor expired at page {page}"
                break
            except BrokenPageError as broken:
                failure = f"page {page}: {broken}"
                break
            fault = self._kept(course, reply, part, key, number)
        reasons = [failure] if failure else [fault] if fault else course.acceptance.verdict()
        if not reasons:
            outcome = "accepted"
        seen = course.acceptance
        return ledger.Ended(
            self.now(), key, number, outcome, seen.announced, seen.rows, seen.distinct,
            len(course.hashes), cache.content_of(course.hashes), seen.sequence, tuple(reasons),
        )  # fmt: skip

    def _kept(self, course: Course, reply: Reply, part: Sized, key: str, number: int) -> str:
        """Keep a page, then look at it; the fault found, or nothing."""
        self._same_kind(reply)
        path = cache.page_path(self.folder, key, number, len(course.hashes) + 1)
        digest = cache.write_whole(path, reply.body)
        self.enter(_line(course, reply, key, number, digest, self.now()))
        fault = course.take(reply, digest)
        self.asker.kept += 1
        self.pages_done += 1
        seen, left = course.acceptance, reply.quota.remaining
        self.watch(
            Progress(
                part.label, seen.rows, seen.announced, self.pages_done,
                max(self.pages_planned, self.pages_done), left,
            )
        )  # fmt: skip
        if left == 0 and not fault and not seen.is_at_end:
            raise self.asker.out_of_quota(reply.quota)
        return fault

    def _taken_up(self, course: Course, key: str, number: int) -> None:
        """Go over the pages an earlier command kept, as if they had just come.

        A page that was kept before its line was written (the process was killed between) is
        entered now, if it answers the very cursor that was to be asked.
        """
        lines = {
            line.page: line
            for attempt in self.known.attempts.get(key, [])
            if attempt.number == number
            for line in attempt.pages
        }
        while not course.fault and not course.acceptance.is_at_end:
            page = len(course.hashes) + 1
            path = cache.page_path(self.folder, key, number, page)
            body = cache.read_whole(path)
            if body is None:
                return
            digest, line = hashlib.sha256(body).hexdigest(), lines.get(page)
            try:
                reply = self.source.read(body)
            except BrokenPageError:
                return
            if line is not None and line.sha256 != digest:
                return
            if line is None:
                if reply.cursor != course.cursor:
                    return
                at = ledger.stamp(path.stat().st_mtime)
                note = "entered later: the command was stopped before"
                self.enter(_line(course, reply, key, number, digest, at, note))
            course.take(reply, digest)
            self.pages_done += 1

    def _same_kind(self, reply: Reply) -> None:
        kinds = {
            page.is_simulated
            for attempts in self.known.attempts.values()
            for page in (attempts[0].pages[:1] if attempts else ())
            if page.is_simulated is not None
        }
        if reply.is_simulated is not None and kinds - {reply.is_simulated}:
            raise InputError(
                "simulated and real records would share a cache folder",
                where=self.folder.name,
                hint="give the other kind a folder of its own; nothing was mixed",
            )


def _line(
    course: Course, reply: Reply, key: str, number: int, digest: str, at: str, note: str = ""
) -> ledger.PageKept:
    return ledger.PageKept(
        at=at,
        slice=key,
        attempt=number,
        page=len(course.hashes) + 1,
        total=reply.total,
        rows=len(reply.ids),
        sha256=digest,
        next_cursor=reply.next_cursor,
        is_simulated=reply.is_simulated,
        quota_remaining=reply.quota.remaining,
        note=note,
    )


def _ended_at(attempt: ledger.Attempt) -> str:
    return attempt.ended.at if attempt.ended else ""
