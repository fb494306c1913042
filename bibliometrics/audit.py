"""Audit of attribution: a seeded sample to mark by hand, and what the marks show.

Strata are rule and decision; within one, strings are drawn with unequal probability (systematic,
Madow 1949, in random order), larger for strings with more papers. Estimates are Hájek ratios over
strings and over papers; their intervals are Wilson's with the effective sample size (Kish 1965;
Franco, Little, Louis and Slud 2019), the cluster being the string. Everything here turns data into
data: files are read and written by the caller.
"""

from __future__ import annotations

import csv
import datetime
import io
import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bibliometrics.errors import InputError
from bibliometrics.firmness.estimates import Estimate, Weighting, cohen_kappa, hajek
from bibliometrics.store import harmless

NONE = "NONE"
SAME = "="
FORM = (
    "sample_id", "affiliation", "country", "machine", "institution_ids", "marked_by", "marked_on",
    "note",
)  # fmt: skip
KEY = (
    "sample_id", "affiliation", "country", "papers", "institution_ids", "decision", "rule",
    "stratum", "stratum_size", "probability", "is_blind", "is_second",
)  # fmt: skip
_FEWEST = 10
_BLIND_SHARE = 0.5
_SECOND_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Attributed:
    """One distinct string with the machine's answer; `papers` ≥ 1 carry it."""

    affiliation: str
    country: str
    papers: int
    institution_ids: tuple[str, ...]
    decision: str
    rule: str

    @property
    def stratum(self) -> str:
        """Decision and rule; strings with several institutions are a stratum of their own."""
        if len(self.institution_ids) > 1:
            return "matched, several institutions"
        return f"{self.decision}, {self.rule}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A string of the sample: its stratum's size in strings and its probability of being drawn.

    `is_blind`: the marker does not see the machine's answer. `is_second`: a second marker marks it
    too, always blind.
    """

    sample_id: int
    item: Attributed
    stratum_size: int
    probability: float
    is_blind: bool
    is_second: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """What one marker found; no ids: no institution of the registry."""

    institution_ids: frozenset[str]
    marked_by: str
    marked_on: str


@dataclass(frozen=True, slots=True)
class Audit:
    """The result: estimates by measure, agreement of two markers, what was drawn and marked."""

    estimates: tuple[Estimate, ...]
    kappa: float | None
    agreement: float | None
    double_marked: int
    drawn: int
    marked: int
    marked_on: str


def draw(items: Iterable[Attributed], size: int, seed: int) -> tuple[Drawn, ...]:
    """A sample of about `size` strings over all strata.

    Each stratum gets ten strings (or all it has); the rest go by the square root of its papers.
    Raises InputError where `size` is below one.
    """
    if size < 1:
        raise InputError("a sample needs at least one string", hint="give a larger size")
    strata: dict[str, list[Attributed]] = defaultdict(list)
    for item in sorted(items, key=lambda i: (i.affiliation, i.country)):
        strata[item.stratum].append(item)
    shares = _allocation(strata, size)
    rng = random.Random(seed)
    chosen: list[tuple[Attributed, int, float]] = []
    for name in sorted(strata):
        rows = strata[name]
        for row, probability in _systematic(rows, shares[name], rng):
            chosen.append((row, len(rows), probability))
    rng.shuffle(chosen)
    blind = set(rng.sample(range(len(chosen)), math.ceil(len(chosen) * _BLIND_SHARE)))
    second = set(rng.sample(range(len(chosen)), math.ceil(len(chosen) * _SECOND_SHARE)))
    return tuple(
        Drawn(number, row, of, probability, number in blind, number in second)
        for number, (row, of, probability) in enumerate(chosen)
    )


def _allocation(strata: Mapping[str, list[Attributed]], size: int) -> dict[str, int]:
    least = {name: min(len(rows), _FEWEST) for name, rows in strata.items()}
    rest = max(0, size - sum(least.values()))
    weights = {name: math.sqrt(sum(row.papers for row in rows)) for name, rows in strata.items()}
    total = sum(weights.values())
    return {
        name: min(len(rows), least[name] + round(rest * weights[name] / total))
        for name, rows in strata.items()
    }


def _systematic(
    rows: Sequence[Attributed], number: int, rng: random.Random
) -> list[tuple[Attributed, float]]:
    """`number` rows, the probability of each as the square root of its papers (at most 1)."""
    order = list(rows)
    rng.shuffle(order)
    sizes = [math.sqrt(row.papers) for row in order]
    probabilities = [0.0] * len(order)
    certain: set[int] = set()
    while True:
        left = number - len(certain)
        total = math.fsum(s for i, s in enumerate(sizes) if i not in certain)
        full = {i for i in range(len(order)) if i not in certain and left * sizes[i] >= total}
        if not full:
            break
        certain |= full
    for index, measure in enumerate(sizes):
        probabilities[index] = 1.0 if index in certain else left * measure / total
    picked: list[tuple[Attributed, float]] = []
    threshold = rng.random()
    reached = 0.0
    for row, probability in zip(order, probabilities, strict=True):
        if probability >= 1.0:
            picked.append((row, 1.0))
            continue
        reached += probability
        if reached > threshold:
            picked.append((row, probability))
            threshold += 1.0
    return picked


def form(sample: Iterable[Drawn], marker: Literal["first", "second"]) -> str:
    """The CSV a marker fills: `institution_ids` (joined by |), NONE, or = for the machine's own."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(FORM)
    for drawn in sample:
        if marker == "second" and not drawn.is_second:
            continue
        item = drawn.item
        shown = (
            "" if marker == "second" or drawn.is_blind else "|".join(item.institution_ids) or NONE
        )
        cells = (item.affiliation, item.country, shown)
        writer.writerow([drawn.sample_id, *map(harmless, cells), "", "", "", ""])
    return buffer.getvalue()


def key(sample: Iterable[Drawn]) -> str:
    """The CSV that stays with the study: the answers and the probabilities of the draw."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(KEY)
    for drawn in sample:
        item = drawn.item
        writer.writerow(
            [drawn.sample_id, item.affiliation, item.country, item.papers,
             "|".join(item.institution_ids), item.decision, item.rule, item.stratum,
             drawn.stratum_size, repr(drawn.probability), int(drawn.is_blind), int(drawn.is_second)]
        )  # fmt: skip
    return buffer.getvalue()


def read_key(text: str, where: str) -> tuple[Drawn, ...]:
    """The sample back from `key`. Raises InputError where it is not one."""
    try:
        return tuple(
            Drawn(
                int(row["sample_id"]),
                Attributed(
                    row["affiliation"], row["country"], int(row["papers"]),
                    _ids(row["institution_ids"]), row["decision"], row["rule"],
                ),
                int(row["stratum_size"]), float(row["probability"]),
                row["is_blind"] == "1", row["is_second"] == "1",
            )
            for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, csv.Error) as error:
        raise InputError(
            "this is not the key of an audit", where=where, hint="draw the sample again"
        ) from error


def read_marks(
    text: str, where: str, sample: Iterable[Drawn], known: Iterable[str]
) -> dict[int, Mark]:
    """The marks of a filled form by sample_id; rows nobody has filled are passed over.

    `known` are the ids of the registry. Raises InputError naming every fault at once.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    missing = [column for column in FORM[:-1] if column not in (rows.fieldnames or ())]
    if missing:
        raise InputError(
            f"columns are missing: {', '.join(missing)}", where=where, hint="fill the form as it is"
        )
    drawn = {row.sample_id: row for row in sample}
    ids = frozenset(known)
    marks: dict[int, Mark] = {}
    faults: list[str] = []
    for number, row in enumerate(rows, start=2):
        cell = (row["institution_ids"] or "").strip()
        if not cell:
            continue
        of = drawn.get(int(row["sample_id"])) if row["sample_id"].isdigit() else None
        if of is None:
            faults.append(f"row {number}: {row['sample_id']!r} is not of this sample")
            continue
        found = () if cell == NONE else _ids(cell)
        if cell == SAME:
            found = of.item.institution_ids
            if not row["machine"]:
                faults.append(f"row {number}: the machine's answer was not shown: write the ids")
        faults += [f"row {number}: {i!r} is no institution" for i in found if i not in ids]
        if of.sample_id in marks:
            faults.append(f"row {number}: sample {of.sample_id} is marked twice")
        who, when = (row["marked_by"] or "").strip(), (row["marked_on"] or "").strip()
        if not who:
            faults.append(f"row {number}: marked_by is empty")
        try:
            datetime.date.fromisoformat(when)
        except ValueError:
            faults.append(f"row {number}: marked_on {when!r} is no date (YYYY-MM-DD)")
        marks[of.sample_id] = Mark(frozenset(found), who, when)
    if faults:
        raise InputError(
            "the marks cannot be used:\n" + "\n".join(f"  - {fault}" for fault in faults),
            where=where,
            hint="correct the rows named above",
        )
    return marks


def _ids(cell: str) -> tuple[str, ...]:
    return tuple(sorted({part.strip() for part in cell.split("|")} - {""}))


def evaluate(
    sample: Sequence[Drawn], first: Mapping[int, Mark], second: Mapping[int, Mark] | None = None
) -> Audit:
    """Precision (also by stratum), recall, exact, each over strings and over papers; κ.

    A wrong answer is an error of precision and a miss of the right institution. Strings drawn but
    not marked are taken to be like the marked ones of their stratum.
    """
    second = second or {}
    weights = stood_for(sample, first)
    marked = [drawn for drawn in sample if drawn.sample_id in first]
    estimates: list[Estimate] = []
    weightings: tuple[Weighting, ...] = ("strings", "papers")
    for weighting in weightings:
        for name, rows, top, bottom in _measures(marked, first):
            estimates.append(hajek(name, weighting, _shares(rows, weighting, weights, top, bottom)))
    both = [drawn for drawn in marked if drawn.sample_id in second]
    pairs = [
        (
            _is_right(drawn, first[drawn.sample_id]),
            _is_right(drawn, second[drawn.sample_id]),
        )
        for drawn in both
    ]
    same = [first[d.sample_id].institution_ids == second[d.sample_id].institution_ids for d in both]
    dates = [mark.marked_on for mark in (*first.values(), *second.values())]
    return Audit(
        estimates=tuple(estimates),
        kappa=cohen_kappa(pairs),
        agreement=sum(same) / len(same) if same else None,
        double_marked=len(both),
        drawn=len(sample),
        marked=len(marked),
        marked_on=max(dates, default=""),
    )


def of_institution(
    sample: Sequence[Drawn], first: Mapping[int, Mark], institution: str
) -> list[Estimate]:
    """Precision and recall of one institution, over strings and over papers."""
    weights = stood_for(sample, first)
    marked = [drawn for drawn in sample if drawn.sample_id in first]
    given = [d for d in marked if institution in d.item.institution_ids]
    true = [d for d in marked if institution in first[d.sample_id].institution_ids]
    both = {d.sample_id for d in given} & {d.sample_id for d in true}
    weightings: tuple[Weighting, ...] = ("strings", "papers")
    return [
        hajek(f"{name}: institution {institution}", weighting,
              _shares(rows, weighting, weights, lambda d: float(d.sample_id in both), _one))
        for name, rows in (("precision", given), ("recall", true))
        for weighting in weightings
    ]  # fmt: skip


_Amount = Callable[[Drawn], float]


def _measures(
    marked: Sequence[Drawn], marks: Mapping[int, Mark]
) -> list[tuple[str, list[Drawn], _Amount, _Amount]]:
    def truth(drawn: Drawn) -> frozenset[str]:
        return marks[drawn.sample_id].institution_ids

    def right(drawn: Drawn) -> float:
        return len(truth(drawn) & set(drawn.item.institution_ids))

    def given(drawn: Drawn) -> float:
        return len(drawn.item.institution_ids)

    rows = list(marked)
    measures: list[tuple[str, list[Drawn], _Amount, _Amount]] = [
        ("precision", rows, right, given),
        ("recall", rows, right, lambda d: len(truth(d))),
        ("exact", rows, lambda d: float(_is_right(d, marks[d.sample_id])), _one),
        ("precision, blind", [d for d in rows if d.is_blind], right, given),
        ("precision, answer shown", [d for d in rows if not d.is_blind], right, given),
    ]
    for stratum in sorted({drawn.item.stratum for drawn in rows}):
        of = [drawn for drawn in rows if drawn.item.stratum == stratum]
        measures.append(
            (f"exact: {stratum}", of, lambda d: float(_is_right(d, marks[d.sample_id])),
             _one)
        )  # fmt: skip
    return measures


def _one(_: Drawn) -> float:
    return 1.0


def _is_right(drawn: Drawn, mark: Mark) -> bool:
    return frozenset(drawn.item.institution_ids) == mark.institution_ids


def stood_for(sample: Sequence[Drawn], marks: Mapping[int, Mark]) -> dict[int, float]:
    """Strings of each marked one: 1/probability, raised to cover its stratum's unmarked ones."""
    drawn_weight: dict[str, float] = defaultdict(float)
    marked_weight: dict[str, float] = defaultdict(float)
    for drawn in sample:
        drawn_weight[drawn.item.stratum] += 1 / drawn.probability
        if drawn.sample_id in marks:
            marked_weight[drawn.item.stratum] += 1 / drawn.probability
    return {
        d.sample_id: drawn_weight[d.item.stratum] / marked_weight[d.item.stratum] / d.probability
        for d in sample
        if d.sample_id in marks
    }


def _shares(
    rows: Iterable[Drawn], weighting: Weighting, weights: Mapping[int, float], top: _Amount,
    bottom: _Amount,
) -> list[tuple[float, float]]:  # fmt: skip
    """For each string its weight in the ratio of the totals, and its own share."""
    shares = []
    for drawn in rows:
        of = bottom(drawn)
        if of:
            papers = drawn.item.papers if weighting == "papers" else 1
            shares.append((weights[drawn.sample_id] * papers * of, top(drawn) / of))
    return shares
