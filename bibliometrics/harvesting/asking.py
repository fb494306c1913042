"""Asking a service with patience: every wait is told, and has a bound."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bibliometrics.harvesting import ledger
from bibliometrics.sources.paged import (
    BrokenPageError,
    HarvestStoppedError,
    PassingError,
    Quota,
    QuotaSpentError,
)

T = TypeVar("T")
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Patience:
    """How long one request may be waited for; ``sleep`` and ``now`` are the only clock there is.

    ``tries`` requests in all, ``broken_tries`` where the answer came but was no page; waits double
    from ``first`` to ``longest`` seconds, ``altogether`` seconds at most. A service that itself
    says how long to wait is obeyed within the same bound.
    """

    tries: int = 12
    broken_tries: int = 3
    first: float = 0.5
    longest: float = 120.0
    altogether: float = 600.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    now: Callable[[], float] = field(default=time.time, repr=False)


@dataclass
class Asker:
    """Sends requests and counts them. ``resume`` is the command that goes on after a stop."""

    patience: Patience
    tell: Tell
    resume: str
    requests: int = 0
    kept: int = 0
    waited: float = field(default=0.0)

    def ask(self, request: Callable[[], T], what: str) -> T:
        """The answer to ``request``.

        Raises
        ------
        HarvestStoppedError : the allowance is used up, or the service did not answer in bounds.
        BrokenPageError : it answered ``broken_tries`` times with something that is no page.
        """
        patience, tried, broken, waited = self.patience, 0, 0, 0.0
        while True:
            tried += 1
            self.requests += 1
            try:
                return request()
            except QuotaSpentError as fault:
                raise self.out_of_quota(fault.quota) from None
            except BrokenPageError as fault:
                broken += 1
                if broken >= patience.broken_tries:
                    raise
                says, asked = str(fault), None
            except PassingError as fault:
                says, asked = fault.what, fault.retry_after
            wait = min(patience.first * 2 ** (tried - 1), patience.longest)
            wait = wait if asked is None else asked
            if asked is not None and waited + asked > patience.altogether:
                until = ledger.stamp(patience.now() + asked)
                raise self.stopped(f"{what}: {says}; the service asks to wait until {until}")
            if tried >= patience.tries or waited + wait > patience.altogether:
                raise self.stopped(f"{what}: {says}; given up after {tried} requests")
            self.tell(f"{what}: {says}; waiting {wait:g} s, then try {tried + 1}")
            patience.sleep(wait)
            waited += wait
            self.waited += wait

    def out_of_quota(self, quota: Quota) -> HarvestStoppedError:
        """The error that says when the allowance is renewed."""
        when = "the service does not say when it is renewed"
        if quota.resets_at is not None:
            when = f"it is renewed at {ledger.stamp(quota.resets_at)}"
        limit = f" of {quota.limit} requests" if quota.limit else ""
        return self.stopped(f"the key's allowance{limit} is used up; {when}")

    def stopped(self, what: str) -> HarvestStoppedError:
        kept = f"everything received is kept ({self.kept} pages by this command)"
        return HarvestStoppedError(what, hint=f"{kept}; to go on: {self.resume}")
