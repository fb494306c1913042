"""Slices by load date: smaller parts, any past state again, and how complete the newest years are.

Scopus can be searched by the day a record was loaded, but does not say that day in its answers: a
slice by load year is how one learns it.
"""

from __future__ import annotations

import datetime as dt
import re
import statistics
from collections.abc import Mapping, Sequence

from bibliometrics.study.query import Slice

_FIRST_LOAD_YEAR = 2004  # Scopus's first; what is older stands in the open first part
_YEAR = re.compile(r"\d{4}")
_ANY_LOADED = re.compile(r" loaded (?P<before>before )?(?P<year>\d{4})(-\d\d)?( on)?$")
_YEARS_KNOWN = 3  # a year of loading counts as over for a publication year this much later


def publication_year(label: str) -> int:
    """The first year whose loading is worth telling apart for a slice by publication year."""
    return int(label) if _YEAR.fullmatch(label) else _FIRST_LOAD_YEAR


def by_load_year(part: Slice, first: int, last: int) -> tuple[Slice, ...]:
    """``part`` by the year of loading: before ``first``, each year, and ``last`` with all later."""
    first = min(max(first, _FIRST_LOAD_YEAR), last)
    found = [_loaded(part, f"before {first}", "", f"{first}0101")]
    found += [_loaded(part, str(y), f"{y - 1}1231", f"{y + 1}0101") for y in range(first, last)]
    return (*found, _loaded(part, f"{last} on", f"{last - 1}1231", ""))


_LOADED = re.compile(r"^(?P<label>.* loaded )(?P<year>\d{4})(?P<open> on)?$")


def by_load_month(part: Slice) -> tuple[Slice, ...]:
    """A slice by load year, by month; none where it has no first year."""
    found = _LOADED.match(part.label)
    if found is None:
        return ()
    year, base = int(found["year"]), part.query
    label = f"{found['label'].removesuffix(' loaded ')}"
    months = []
    for month in range(1, 13):
        after = dt.date(year, month, 1) - dt.timedelta(days=1)
        before = dt.date(year + month // 12, month % 12 + 1, 1)
        is_open = month == 12 and found["open"] is not None
        name = f"{year}-{month:02d}" + (" on" if is_open else "")
        upper = "" if is_open else f"{before:%Y%m%d}"
        months.append(_loaded(Slice(label, base), name, f"{after:%Y%m%d}", upper))
    return tuple(months)


def _loaded(part: Slice, name: str, after: str, before: str) -> Slice:
    conditions = [f"ORIG-LOAD-DATE > {after}"] if after else []
    conditions += [f"ORIG-LOAD-DATE < {before}"] if before else []
    return Slice(f"{part.label} loaded {name}", " AND ".join([part.query, *conditions]))


def load_year(label: str) -> int | None:
    """The load year of a part by its label (the year before, for "before …"); None: not split."""
    found = _ANY_LOADED.search(label)
    if found is None:
        return None
    return int(found["year"]) - (found["before"] is not None)


def loaded_by(labels: Sequence[str], year: int) -> tuple[str, ...] | None:
    """Those slices that were loaded by the end of ``year``: the state of that day.

    None where a slice is not split by load year, so that the state cannot be told.
    """
    years = {label: load_year(label) for label in labels}
    if any(known is None for known in years.values()):
        return None
    return tuple(label for label, known in years.items() if known is not None and known <= year)


def completeness(sizes: Mapping[str, int], as_of_year: int) -> dict[int, float]:
    """Share of each publication year's records that is probably loaded by the end of a year.

    ``sizes``: records by label of a harvest split by load year. A year's share is the median, over
    publication years at least three years older, of the part that was loaded at the same age.
    Years for which no older year tells are left out.
    """
    loaded: dict[int, dict[int, int]] = {}
    for label, size in sizes.items():
        year, head = load_year(label), label.partition(" loaded ")[0]
        if year is not None and _YEAR.fullmatch(head):
            ages = loaded.setdefault(int(head), {})
            age = max(0, year - int(head))
            ages[age] = ages.get(age, 0) + size
    shares = {}
    for published in sorted(loaded):
        age = as_of_year - published
        older = [
            sum(size for when, size in ages.items() if when <= age) / total
            for year, ages in loaded.items()
            if year <= published - _YEARS_KNOWN and (total := sum(ages.values()))
        ]
        if older and age >= 0:
            shares[published] = statistics.median(older)
    return shares
