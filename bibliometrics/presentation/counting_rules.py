"""Counts and ranks of every institution under each counting rule that the edition can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from bibliometrics.edition import Edition
from bibliometrics.presentation import answer, rows
from bibliometrics.presentation.bilingual import Text, capital, count, decimal, missing, term

# Rules by the study's own codes, with their column in ``ranking``; others come from ``counts``.
_COLUMNS = {
    "full": "papers",
    "fractional": "papers_fractional_author",
    "first_affiliation": "papers_first_author",
}
_CODES = {
    "author-fractional": "fractional",
    "first": "first_affiliation",
    "first author": "first_affiliation",
    "first-author": "first_affiliation",
}
# Rules whose papers the evidence can list.
TRACED = frozenset(_COLUMNS)
_MOST_RULES = 6
_MOVED = 3


@dataclass(frozen=True)
class Place:
    """An institution under one rule: its amount, share, rank, rank set, and move from the study's
    rank (positive is upwards)."""

    amount: float | None
    share: float | None
    rank: int | None
    low: int | None
    high: int | None
    moved: int

    @property
    def has_moved(self) -> bool:
        """More than three ranks from where the study's rule puts it."""
        return abs(self.moved) > _MOVED


@dataclass(frozen=True)
class Rule:
    """A counting rule; ``number`` counts from 1 and names it in the page, ``places`` is by id."""

    number: int
    code: str
    label: Text
    is_own: bool
    is_whole: bool
    has_sets: bool
    places: Mapping[str, Place]

    def shown(self, amount: object) -> Text:
        return count(amount) if self.is_whole else decimal(amount, 1)


def rules(edition: Edition) -> list[Rule]:
    """The study's own rule first, then the others that have a count for anybody."""
    ranking = rows.table(edition, "ranking")
    if not len(ranking):
        return []
    amounts = {
        code: ranking.set_index("institution_id")[column].astype("Float64")
        for code, column in _COLUMNS.items()
        if ranking[column].notna().any()
    }
    own = edition.counting if edition.counting in amounts else "full"
    codes = [own, *(code for code in amounts if code != own)][:_MOST_RULES]
    ranks = {code: _ranks(edition, ranking, amounts[code], code == own) for code in codes}
    sets = _sets(edition)
    given = dict(zip(ranking["institution_id"].astype(str), ranking["share"], strict=True))
    made = []
    for number, code in enumerate(codes, 1):
        places = {}
        for identity in ranking["institution_id"].astype(str):
            mine, base = ranks[code].get(identity), ranks[own].get(identity)
            low, high = sets.get((code, identity), (None, None))
            moved = 0 if mine is None or base is None else base - mine
            amount = amounts[code].get(identity)
            places[identity] = Place(
                amount=_float(amount),
                share=_float(given[identity]) if code == own else _share(edition, amount),
                rank=mine, low=low, high=high, moved=moved,
            )  # fmt: skip
        made.append(
            Rule(
                number=number,
                code=code,
                label=capital(term("counting", code)),
                is_own=code == own,
                is_whole=code != "fractional",
                has_sets=any(place.low is not None for place in places.values()),
                places=places,
            )
        )
    return made


def _ranks(
    edition: Edition, ranking: pd.DataFrame, amounts: pd.Series[float], is_own: bool
) -> dict[str, int]:
    """Competition ranks within groups, above the floor; the study's own as the table has them."""
    frame = ranking.set_index(ranking["institution_id"].astype(str))
    if is_own and edition.counting in _COLUMNS:
        found = frame["rank"]
    else:
        amount = amounts.copy()
        amount.index = frame.index
        amount = amount.where(frame["papers"] >= edition.rank_floor)
        found = amount.groupby(frame["group"]).rank(method="min", ascending=False)
    return {str(i): int(r) for i, r in found.items() if not missing(r)}


def _float(value: object) -> float | None:
    return None if missing(value) else float(str(value))


def _share(edition: Edition, amount: object) -> float | None:
    """The share by another rule than the study's: only where the denominator is the corpus."""
    if not edition.denominator.startswith("distinct papers of the corpus"):
        return None
    return rows.over(amount, edition.denominator_papers)


def _sets(edition: Edition) -> dict[tuple[str, str], tuple[int | None, int | None]]:
    """Rank sets by rule and id: of ``intervals``, else the ranking's for the study's rule."""
    found: dict[tuple[str, str], tuple[int | None, int | None]] = {}
    ranking, intervals = rows.table(edition, "ranking"), rows.table(edition, "intervals")
    for frame, fixed in ((ranking, answer.own_rule(edition)), (intervals, None)):
        for row in frame.to_dict("records"):
            if missing(row["rank_low"]) or missing(row["rank_high"]):
                continue
            code = fixed or _CODES.get(str(row["counting"]), str(row["counting"]))
            found[code, str(row["institution_id"])] = (int(row["rank_low"]), int(row["rank_high"]))
    return found
