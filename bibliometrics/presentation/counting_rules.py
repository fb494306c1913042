"""Counts and ranks of every institution under each counting rule that the edition can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from bibliometrics.edition import Edition
from bibliometrics.presentation import answer, rows
from bibliometrics.presentation.bilingual import Text, capital, count, decimal, missing, name, term

# The names of rules as the table ``counts`` has them, by those of the study and older tables.
_NAMES = {
    "fractional": "author_fractional",
    "author-fractional": "author_fractional",
    "first_affiliation": "first_author",
    "corresponding_affiliation": "corresponding_author",
}
# What an edition without ``counts`` can tell, from its ranking.
_COLUMNS = {
    "full": "papers",
    "author_fractional": "papers_fractional_author",
    "first_author": "papers_first_author",
}
_SPLITTING = frozenset({"author_fractional", "first_author_fractional", "institution_fractional"})
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


@dataclass(frozen=True)
class _Counted:
    """Amount, share and rank by id under one rule."""

    amount: Mapping[str, float | None]
    share: Mapping[str, float | None]
    rank: Mapping[str, int | None]


def rules(edition: Edition) -> list[Rule]:
    """The study's own rule first, then the others that have a count for anybody."""
    ranking = rows.table(edition, "ranking")
    if not len(ranking):
        return []
    counted = _of_counts(edition) or _of_ranking(edition)
    own = canonical(edition.counting)
    own = own if own in counted else "full"
    counted[own] = _own(edition, own)
    codes = [own, *(code for code in counted if code != own)][:_MOST_RULES]
    sets, labels = _sets(edition), _labels(edition)
    made = []
    for number, code in enumerate(codes, 1):
        by = counted[code]
        places = {}
        for identity in ranking["institution_id"].astype(str):
            mine, base = by.rank.get(identity), counted[own].rank.get(identity)
            low, high = sets.get((code, identity), (None, None))
            places[identity] = Place(
                amount=by.amount.get(identity),
                share=by.share.get(identity),
                rank=mine,
                low=low,
                high=high,
                moved=0 if mine is None or base is None else base - mine,
            )
        made.append(
            Rule(
                number=number,
                code=code,
                label=capital(labels.get(code) or term("counting", code)),
                is_own=code == own,
                is_whole=code not in _SPLITTING,
                has_sets=any(place.low is not None for place in places.values()),
                places=places,
            )
        )
    return made


def canonical(counting: object) -> str:
    """A counting rule as the table ``counts`` names it."""
    return _NAMES.get(str(counting), str(counting))


def _labels(edition: Edition) -> dict[str, Text]:
    return {
        canonical(row["counting"]): name(row["name_en"], row["name_zh"])
        for row in rows.table(edition, "counting_rules").to_dict("records")
    }


def _of_counts(edition: Edition) -> dict[str, _Counted]:
    table = rows.table(edition, "counts")
    if not len(table):
        return {}
    shown = rows.table(edition, "counting_rules")
    order = {canonical(c): place for place, c in enumerate(shown["counting"])} if len(shown) else {}
    found = {
        canonical(code): _Counted(
            amount=_by_id(part, "papers"),
            share=_by_id(part, "share"),
            rank={i: None if r is None else int(r) for i, r in _by_id(part, "rank").items()},
        )
        for code, part in table.groupby("counting", sort=True)
    }
    return dict(sorted(found.items(), key=lambda pair: (order.get(pair[0], 99), pair[0])))


def _by_id(frame: pd.DataFrame, column: str) -> dict[str, float | None]:
    ids = frame["institution_id"].astype(str)
    return {i: _float(value) for i, value in zip(ids, frame[column], strict=True)}


def _own(edition: Edition, own: str) -> _Counted:
    """The study's own rule, as the ranking has it."""
    ranking = rows.table(edition, "ranking")
    rank = {i: None if r is None else int(r) for i, r in _by_id(ranking, "rank").items()}
    return _Counted(_by_id(ranking, _COLUMNS.get(own, "papers")), _by_id(ranking, "share"), rank)


def _of_ranking(edition: Edition) -> dict[str, _Counted]:
    """Competition ranks within groups, above the floor, by each column of the ranking."""
    ranking = rows.table(edition, "ranking")
    frame = ranking.set_index(ranking["institution_id"].astype(str))
    found = {}
    for code, column in _COLUMNS.items():
        if not frame[column].notna().any():
            continue
        amount = frame[column].astype("Float64")
        enough = amount.where(frame["papers"] >= edition.rank_floor)
        rank = enough.groupby(frame["group"]).rank(method="min", ascending=False)
        amounts = {str(i): _float(value) for i, value in amount.items()}
        found[code] = _Counted(
            amount=amounts,
            share={i: _share(edition, value) for i, value in amounts.items()},
            rank={str(i): None if missing(r) else int(r) for i, r in rank.items()},
        )
    return found


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
    for frame, fixed in ((ranking, canonical(answer.own_rule(edition))), (intervals, None)):
        for row in frame.to_dict("records"):
            if missing(row["rank_low"]) or missing(row["rank_high"]):
                continue
            code = fixed or canonical(row["counting"])
            found[code, str(row["institution_id"])] = (int(row["rank_low"]), int(row["rank_high"]))
    return found
