"""Is the corpus about the topic? A seeded sample of papers to mark, and what the marks show.

Strata are keywords: a paper belongs to the rarest keyword that brings it, so that rare keywords are
judged too. Within a stratum papers are drawn with equal probability. Estimates are Hájek ratios
over all papers that a keyword brings, whatever their stratum, with Wilson's interval at the
effective number (``estimates``). The marker sees neither keyword nor institution:
the form is in ``delineation_form``.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from bibliometrics import schema
from bibliometrics.counting.ranking import Stamp
from bibliometrics.errors import InputError
from bibliometrics.firmness.estimates import hajek

_FEWEST = 10
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper of the sample: the keywords that bring it, |-separated, and its probability."""

    sample_id: int
    paper_id: str
    keywords: str
    stratum: str
    probability: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A paper of the sample after marking: ``about`` is yes, no, or empty where nobody marked it.

    ``weight`` is how many papers it stands for: 1/probability, raised in each stratum to what its
    unmarked papers stood for; 0 for these.
    """

    paper_id: str
    keywords: str
    weight: float
    about: str
    marked_by: str
    marked_on: str


def draw(hits: pd.DataFrame, size: int, seed: int) -> tuple[Drawn, ...]:
    """About ``size`` papers; ``hits`` as ``schema.KEYWORD_HITS``.

    Raises
    ------
    InputError : ``size`` is below one, or the corpus has no keyword hit.
    """
    if size < 1:
        raise InputError("a sample needs at least one paper", hint="give a larger --size")
    words: dict[str, set[str]] = defaultdict(set)
    for paper, word in zip(hits["paper_id"], hits["keyword"], strict=True):
        words[str(paper)].add(str(word))
    if not words:
        raise InputError(
            "no paper of this edition has a keyword", hint="its corpus cannot be judged by keyword"
        )
    frequency = Counter(word for found in words.values() for word in found)
    strata: dict[str, list[str]] = defaultdict(list)
    for paper in sorted(words):
        strata[min(words[paper], key=lambda word: (frequency[word], word))].append(paper)
    rng = random.Random(seed)
    chosen: list[tuple[str, str, float]] = []
    for name in sorted(strata):
        papers = strata[name]
        number = min(len(papers), max(_FEWEST, round(size / len(strata))))
        chosen += [(paper, name, number / len(papers)) for paper in rng.sample(papers, number)]
    rng.shuffle(chosen)
    return tuple(
        Drawn(number, paper, "|".join(sorted(words[paper])), stratum, probability)
        for number, (paper, stratum, probability) in enumerate(chosen, 1)
    )


def judged(sample: Sequence[Drawn], marks: Mapping[str, tuple[str, str, str]]) -> Iterable[Judged]:
    """The sample with its marks: sample_id → (yes or no, who, when)."""
    drawn: dict[str, float] = defaultdict(float)
    marked: dict[str, float] = defaultdict(float)
    for row in sample:
        drawn[row.stratum] += 1 / row.probability
        if str(row.sample_id) in marks:
            marked[row.stratum] += 1 / row.probability
    for row in sample:
        about, who, when = marks.get(str(row.sample_id), ("", "", ""))
        weight = drawn[row.stratum] / marked[row.stratum] / row.probability if about else 0.0
        yield Judged(row.paper_id, row.keywords, weight, about, who, when)


def table(
    marks: Sequence[Judged], hits: pd.DataFrame, papers: int, seed: int, stamp: Stamp
) -> pd.DataFrame:
    """``schema.DELINEATION``: by keyword and over all, what part is about the topic.

    ``hits`` and ``papers`` are the edition's own; without a mark the table is empty.
    """
    if not any(row.about for row in marks):
        return schema.empty(schema.DELINEATION)
    brought = hits.groupby("keyword")["paper_id"].nunique()
    words = sorted({word for row in marks for word in row.keywords.split("|")})
    rows = []
    for word in (_ALL, *words):
        of = [row for row in marks if word == _ALL or word in row.keywords.split("|")]
        marked = [row for row in of if row.about]
        found = hajek(word, "papers", [(row.weight, float(row.about == "yes")) for row in marked])
        total = papers if word == _ALL else int(brought.get(word, 0))
        rows.append(
            {
                "keyword": word,
                "papers": total,
                "drawn": len(of),
                "marked": len(marked),
                "about": sum(row.about == "yes" for row in marked),
                "share_about": found.value,
                "share_about_low": found.low,
                "share_about_high": found.high,
                "effective": found.effective,
                "papers_about": None if found.value is None else found.value * total,
                "marked_by": "|".join(sorted({row.marked_by for row in marked})),
                "marked_on": max((row.marked_on for row in marked), default=""),
            }
        )
    frame = stamp.on(pd.DataFrame(rows), f"papers of the keyword; sample of seed {seed}", "full")
    return schema.conform(frame, schema.DELINEATION)
