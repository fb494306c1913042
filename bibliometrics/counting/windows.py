"""Counts by every rule, over all years and over windows of them: year, sliding four years, to date.

A paper has one year, so the whole numerators of years add up to those of any window; fractions are
formed and added last, as in ``counting``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution.entities import Entity
from bibliometrics.counting import rules
from bibliometrics.counting.counts import Counts, add, sums_of_stretches
from bibliometrics.counting.ranking import (
    DENOMINATORS,
    Denominator,
    Stamp,
    competition_ranks,
    is_mainland_university,
)
from bibliometrics.counting.weights import NONE
from bibliometrics.study.model import Study

SLIDING = 4
TIE_RULE = "competition: equal counts share the best rank"

Whole = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Window:
    """Years ``first`` to ``last`` of a ``kind``."""

    kind: str
    first: int
    last: int


@dataclass(frozen=True)
class _Yearly:
    """What windows are made of: arrays by year, from ``start`` on.

    ``rows``: counting × institution_id × denominator in this order; ``numerators``: rows × years;
    ``papers`` of the corpus, ``named`` those that name a mainland university: by year.
    """

    start: int
    rows: pd.DataFrame
    numerators: Whole
    papers: Whole
    named: Whole

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last year."""
        return self.start, self.start + len(self.papers) - 1


def windows_of(first: int, last: int) -> list[Window]:
    """The windows of a corpus with papers from ``first`` to ``last``."""
    years = range(first, last + 1)
    return [
        *(Window("year", year, year) for year in years),
        *(Window("four_years", year - SLIDING + 1, year) for year in years[SLIDING - 1 :]),
        *(Window("cumulative", first, year) for year in years),
    ]


def tables(
    papers: pd.DataFrame,
    counts: Counts,
    entities: Mapping[str, Entity],
    listed: pd.Series[Any],
    study: Study,
    stamp: Stamp,
) -> dict[str, pd.DataFrame]:
    """``schema.COUNTS`` and ``schema.WINDOWS``, of the institutions ``listed``, by name: every rule
    over all years, and over every window."""
    if papers.empty:
        return {table.name: schema.empty(table) for table in (schema.COUNTS, schema.WINDOWS)}
    yearly = _yearly(papers, counts, entities)
    asked = {
        schema.COUNTS: [Window("all", *yearly.span)],
        schema.WINDOWS: windows_of(*yearly.span),
    }
    return {
        table.name: schema.conform(_listed(yearly, windows, entities, listed, study, stamp), table)
        for table, windows in asked.items()
    }


def _listed(
    yearly: _Yearly,
    windows: Sequence[Window],
    entities: Mapping[str, Entity],
    listed: pd.Series[Any],
    study: Study,
    stamp: Stamp,
) -> pd.DataFrame:
    """The institutions ``listed`` in ``windows``, ranked among all and stamped."""
    frame = _counted(yearly, windows, entities, study)
    return _stamped(frame[schema.among(frame["institution_id"], listed)], study, stamp)


def rules_table(counts: Counts, scopes: Mapping[str, str], source: str) -> pd.DataFrame:
    """``schema.COUNTING_RULES``: what each rule can tell of this corpus, and its three sums."""
    papers = max(counts.counted.values(), default=0)
    kind = counts.totals["institution_id"].map(dict(scopes)).astype("object")
    kind = kind.where(kind.isna() | (kind == "domestic"), "others")
    nobody = counts.totals["institution_id"] == NONE
    summed = add(
        counts.totals.assign(of=kind.where(~nobody, "nobody")), ["counting", "of"]
    ).unstack("of", fill_value=0)
    rows = []
    for order, rule in enumerate(rules.RULES, 1):
        counted = counts.counted[rule.name]
        has_all = counted == papers and papers > 0
        told: dict[str, object] = {
            "counting": rule.name,
            "order": order,
            "available": "yes" if has_all else "in part" if counted else "no",
            "papers_counted": counted,
            "papers_not_available": papers - counted,
            "name_en": rule.name_en,
            "name_zh": rule.name_zh,
            "says_en": rule.says_en,
            "says_zh": rule.says_zh,
            "source": source,
        }
        if counted:
            for of in ("domestic", "others", "nobody"):
                has = rule.name in summed.index and of in summed.columns
                told[f"sum_{of}"] = summed.loc[rule.name, of] if has else 0.0
            if not rule.splits:
                told["sum_nobody"] = pd.NA
        rows.append(told)
    return schema.conform(pd.DataFrame(rows), schema.COUNTING_RULES)


def _yearly(papers: pd.DataFrame, counts: Counts, entities: Mapping[str, Entity]) -> _Yearly:
    by_year = papers.groupby("year").size()
    start, last = int(by_year.index.min()), int(by_year.index.max())
    domestic = {i for i, entity in entities.items() if entity.scope == "domestic"}
    kept = counts.totals[counts.totals["institution_id"].astype(object).isin(domestic)]
    key = ["counting", "institution_id", "denominator"]
    rows = kept[key].drop_duplicates().sort_values(key, kind="stable", ignore_index=True)
    number = kept.groupby(key, sort=True).ngroup().to_numpy("int64")
    numerators = np.zeros((len(rows), last - start + 1), dtype="int64")
    year = kept["year"].to_numpy("int64") - start
    np.add.at(numerators, (number, year), kept["numerator"].to_numpy("int64"))
    universities = {i for i in domestic if is_mainland_university(entities[i])}
    of_them = counts.credits["institution_id"].astype(object).isin(universities)
    named = schema.among(papers["paper_id"], counts.credits.loc[of_them, "paper_id"])

    def dense(years: pd.Series[Any]) -> Whole:
        found: Whole = np.bincount(
            years.to_numpy("int64") - start, minlength=last - start + 1
        ).astype("int64")
        return found

    return _Yearly(start, rows, numerators, dense(papers["year"]), dense(papers.loc[named, "year"]))


def _counted(
    yearly: _Yearly, asked: Sequence[Window], entities: Mapping[str, Entity], study: Study
) -> pd.DataFrame:
    """A row for each window × counting × institution with a paper, ranked within its group."""
    cells = ["counting", "institution_id"]
    heads = yearly.rows[cells].drop_duplicates(ignore_index=True)
    number = yearly.rows.groupby(cells, sort=True).ngroup().to_numpy()
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    summed = _to_date(yearly.numerators)
    below = yearly.rows["denominator"].to_numpy("int64")
    frames = []
    for window in asked:
        whole = _within(summed, window, yearly.start)
        frames.append(
            heads.assign(
                window_kind=window.kind, first_year=window.first, last_year=window.last,
                papers=sums_of_stretches(whole / below, starts),
            )
        )  # fmt: skip
    frame = pd.concat(frames, ignore_index=True)
    together = study.institutions.groups == "together"
    group = {i: "institutions" if together else entity.group for i, entity in entities.items()}
    frame["group"] = frame["institution_id"].map(group)
    of_window = ["window_kind", "last_year"]
    is_full = frame["counting"] == "full"
    full = frame.loc[is_full, [*of_window, "institution_id", "papers"]]
    full = full.rename(columns={"papers": "papers_full"})
    frame = frame.merge(full, on=[*of_window, "institution_id"], how="left")
    frame = _with_shares(frame, yearly, asked, entities, study)
    frame = frame[frame["papers"] > 0]
    ranked = frame["papers"].where(frame["papers_full"] >= study.thresholds.rank_floor)
    by = [frame[column] for column in (*of_window, "counting", "group")]
    return frame.assign(rank=competition_ranks(ranked, by))


def _to_date(by_year: Whole) -> Whole:
    """Sums over the years before each place of the last axis, with one place more at the end."""
    before = np.zeros((*by_year.shape[:-1], 1), dtype="int64")
    summed: Whole = np.concatenate([before, by_year.cumsum(axis=-1)], axis=-1)
    return summed


def _within(summed: Whole, window: Window, start: int) -> Whole:
    found: Whole = summed[..., window.last - start + 1] - summed[..., window.first - start]
    return found


def _with_shares(
    frame: pd.DataFrame,
    yearly: _Yearly,
    asked: Sequence[Window],
    entities: Mapping[str, Entity],
    study: Study,
) -> pd.DataFrame:
    """``frame`` with each row's denominator and its share of it."""
    chosen = study.counting.share_denominator
    by = [frame["window_kind"], frame["last_year"]]
    if chosen in {"papers_total", "distinct_mainland_universities"}:
        of_year = yearly.papers if chosen == "papers_total" else yearly.named
        summed = _to_date(of_year)
        whole = {(w.kind, w.last): float(_within(summed, w, yearly.start)) for w in asked}
        values = pd.Series(
            [whole[each] for each in zip(*by, strict=True)], index=frame.index, dtype="float64"
        )
    else:
        inside = frame["papers"]
        if chosen == "sum_over_mainland_universities":
            mainland = {i: is_mainland_university(entity) for i, entity in entities.items()}
            inside = inside.where(frame["institution_id"].map(mainland), 0.0)
        values = inside.groupby([*by, frame["counting"]]).transform(math.fsum)
    name = DENOMINATORS[chosen]
    said = {value: Denominator(name, value).says for value in values.unique()}
    return frame.assign(
        share=(frame["papers"] / values).where(values > 0), denominator_says=values.map(said)
    )


def _stamped(frame: pd.DataFrame, study: Study, stamp: Stamp) -> pd.DataFrame:
    """``frame`` with the floor and tie rule that shaped its ranks, and what every table says."""
    return frame.rename(columns={"denominator_says": "denominator"}).assign(
        rank_floor=study.thresholds.rank_floor,
        tie_rule=TIE_RULE,
        as_of=stamp.as_of,
        source=stamp.source,
    )
