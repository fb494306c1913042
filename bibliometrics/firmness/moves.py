"""What another option does to the ranking: who moves, how far, why, and how much agrees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import pandas as pd

from bibliometrics import schema
from bibliometrics.counting.ranking import Stamp
from bibliometrics.firmness.rank_agreement import rank_biased_overlap, tau_b
from bibliometrics.firmness.sensitivity import Outcome
from bibliometrics.firmness.variants import AS_CHOSEN, KEYWORD, Variant

# A move of more ranks than these is told with its reason.
FEW = 3
# Of a study without registry there are tens of thousands of names: the largest are told.
_LARGEST = 1000
# Below this the own count has kept as much as the median institution's: others moved.
_SAME = 0.02


@dataclass(frozen=True)
class Sensitivity:
    """The tables ``sensitivity``, ``sensitivity_moves`` and ``sensitivity_summary``."""

    options: pd.DataFrame
    moves: pd.DataFrame
    summary: pd.DataFrame


def tables(found: Sequence[Outcome | Variant], rbo_p: float, stamp: Stamp) -> Sensitivity:
    """Compare every outcome with the first, which is the study's own."""
    before = _places(next(each for each in found if isinstance(each, Outcome)))
    options: list[pd.DataFrame] = []
    moves: list[dict[str, object]] = []
    summary: list[dict[str, object]] = []
    for each in found:
        if isinstance(each, Variant):
            summary.append(_not_available(each))
            continue
        options.append(_options(each, stamp))
        if (each.variant.dimension, each.variant.option) == AS_CHOSEN:
            continue
        after = _places(each)
        for group in sorted({place.group for place in (*before.values(), *after.values())}):
            sides = _of_group(before, group), _of_group(after, group)
            summary.append(_summary(each, group, *sides, rbo_p))
            moves.extend(_moves(each, group, *sides))
    told = pd.DataFrame(summary, columns=schema.SENSITIVITY_SUMMARY.column_names)
    told = told.assign(as_of=stamp.as_of, source=stamp.source)
    whole = pd.DataFrame(moves, columns=schema.SENSITIVITY_MOVES.column_names)
    return Sensitivity(
        schema.conform(pd.concat(options, ignore_index=True), schema.SENSITIVITY),
        schema.conform(whole.assign(source=stamp.source), schema.SENSITIVITY_MOVES),
        schema.conform(told, schema.SENSITIVITY_SUMMARY),
    )


def _options(each: Outcome, stamp: Stamp) -> pd.DataFrame:
    largest = each.frame.nlargest(_LARGEST, "papers")
    rule = each.variant.study.counting.rule
    return stamp.on(largest, each.denominator.says, rule).assign(
        dimension=each.variant.dimension, option=each.variant.option
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """An institution under one option; ``rank`` is None below the floor, ``basis`` where the
    corpus cannot be counted by the rule."""

    group: str
    name_en: str
    name_zh: str
    papers: int
    basis: float | None
    rank: int | None


_Places = dict[str, _Place]


def _places(outcome: Outcome) -> _Places:
    columns = ("institution_id", "group", "name_en", "name_zh", "papers", "basis", "rank")
    lists = [outcome.frame[c].astype(object).tolist() for c in columns]
    return {
        name: _Place(
            group,
            en,
            zh,
            papers,
            None if pd.isna(basis) else float(basis),
            None if pd.isna(rank) else int(rank),
        )
        for name, group, en, zh, papers, basis, rank in zip(*lists, strict=True)
    }


def _of_group(places: _Places, group: str) -> _Places:
    return {name: place for name, place in places.items() if place.group == group}


def _moved(before: _Places, after: _Places) -> dict[str, int]:
    """Ranks won (positive) or lost by the institutions that have one both ways."""
    return {
        name: place.rank - after[name].rank  # type: ignore[operator]
        for name, place in sorted(before.items())
        if place.rank is not None and name in after and after[name].rank is not None
    }


def _summary(
    each: Outcome, group: str, before: _Places, after: _Places, rbo_p: float
) -> dict[str, object]:
    moved = _moved(before, after)
    ranks = [(before[name].rank or 0, after[name].rank or 0) for name in moved]
    furthest = max(moved, key=lambda n: (abs(moved[n]), -(before[n].rank or 0)), default=None)
    is_still = furthest is None or moved[furthest] == 0
    return {
        "dimension": each.variant.dimension,
        "option": each.variant.option,
        "group": group,
        "status": "computed",
        "papers_total": each.papers,
        "institutions": len(moved),
        "kendall_tau_b": tau_b([one for one, _ in ranks], [other for _, other in ranks]),
        "rbo": rank_biased_overlap(_order(before), _order(after), rbo_p),
        "rbo_p": rbo_p,
        "moved_more_than_three": sum(abs(ranks) > FEW for ranks in moved.values()),
        "largest_mover": None if is_still else furthest,
        "largest_move": None if furthest is None or is_still else moved[furthest],
        "says_en": each.variant.says[0],
        "says_zh": each.variant.says[1],
        "counting": each.variant.study.counting.rule,
        "denominator": each.denominator.says,
    }


def _order(places: _Places) -> list[str]:
    """The institutions in rank order, equals by id."""
    ranked = [(place.rank, name) for name, place in places.items() if place.rank is not None]
    return [name for _, name in sorted(ranked)]


def _not_available(variant: Variant) -> dict[str, object]:
    return {
        "dimension": variant.dimension,
        "option": variant.option,
        "group": "all",
        "status": "not available",
        "says_en": f"not available: {variant.lacks[0]}",
        "says_zh": f"不可得：{variant.lacks[1]}",
        "counting": variant.study.counting.rule,
        "denominator": "none: not available",
    }


def _moves(
    each: Outcome, group: str, before: _Places, after: _Places
) -> Iterator[dict[str, object]]:
    moved = _moved(before, after)
    kept = [part for n in moved if (part := _kept(before[n], after[n])) is not None]
    usual = median(kept) if kept else 1.0
    far = {name for name, ranks in moved.items() if abs(ranks) > FEW}
    has_one = {n for side in (before, after) for n, place in side.items() if place.rank is not None}
    for name in sorted(far | (has_one - set(moved))):
        one, other = before.get(name), after.get(name)
        why = _why(each.variant, name, before, after, usual)
        yield {
            "dimension": each.variant.dimension,
            "option": each.variant.option,
            "group": group,
            "institution_id": name,
            "name_en": (one or after[name]).name_en,
            "name_zh": (one or after[name]).name_zh,
            "rank_from": one and one.rank,
            "rank_to": other and other.rank,
            "moved": moved.get(name),
            "papers_from": one and one.papers,
            "papers_to": other and other.papers,
            "why_en": why[0],
            "why_zh": why[1],
        }


def _why(
    variant: Variant, name: str, before: _Places, after: _Places, usual: float
) -> tuple[str, str]:
    """Its own count before and after, beside what the option does to the median institution."""
    if name not in before:
        papers = f"{after[name].papers:,}"
        return f"new in its group, with {papers} papers", f"本组新出现，{papers} 篇"
    if name not in after:
        return "gone from its group: its papers are counted elsewhere", "不再属于本组：其论文另计"
    one, other = before[name], after[name]
    kept = _kept(one, other)
    if one.basis is None or other.basis is None:
        en = "by one of the two rules this corpus cannot be counted"
        zh = "两种规则之一在本语料中无法计算"
    elif kept is None:
        en = f"its count goes from 0 to {_count(other.basis)}"
        zh = f"其计数由 0 变为 {_count(other.basis)}"
    elif kept == 1 and usual == 1:
        en, zh = _pushed(name, before, after)
    else:
        was, is_now = _count(one.basis), _count(other.basis)
        en = f"its count goes from {was} to {is_now}, {kept:.2f} of before"
        zh = f"其计数由 {was} 变为 {is_now}，为原来的 {kept:.2f} 倍"
        if abs(kept - usual) <= _SAME * usual:
            en += f", as the median of its group ({usual:.2f}): it stands among near equals"
            zh += f"，与本组中位数（{usual:.2f}）相当：名次相近者差距很小"
        else:
            en += f"; the median of its group is {usual:.2f}"
            zh += f"；本组中位数为 {usual:.2f}"
            reason = _REASONS.get(variant.dimension)
            if reason is not None:
                place = 0 if kept > usual else 1
                en, zh = f"{en}: {reason[place]}", f"{zh}：{reason[place + 2]}"
    if other.rank is None:
        en, zh = f"{en}; below the floor it has no rank", f"{zh}；低于门槛，不参与排名"
    elif one.rank is None:
        en, zh = f"{en}; now above the floor", f"{zh}；现高于门槛"
    return en, zh


def _kept(one: _Place, other: _Place) -> float | None:
    """What part of its count an institution keeps; None where there was none to keep."""
    return other.basis / one.basis if one.basis and other.basis is not None else None


def _above(places: _Places, name: str) -> set[str]:
    own = places[name].basis or 0.0
    return {n for n, place in places.items() if (place.basis or 0.0) > own}


def _pushed(name: str, before: _Places, after: _Places) -> tuple[str, str]:
    """Others moved past an institution whose own count stays."""
    above, above_now = _above(before, name), _above(after, name)
    came, went = len(above_now - above), len(above - above_now)
    return (
        f"its own count stays; {came} others came to stand above it, {went} no longer do",
        f"其计数不变；{came} 个机构升至其前，{went} 个不再居前",
    )


# What it means that an institution keeps more, or less, than the median; English, then Chinese.
_REASONS = {
    "counting": (
        "it shares fewer of its papers with others", "it shares more of its papers with others",
        "与其他机构合作的论文较少", "与其他机构合作的论文较多",
    ),
    KEYWORD: (
        "less of it hangs on this keyword", "more of it hangs on this keyword",
        "较少依赖该检索词", "较多依赖该检索词",
    ),
    "retracted": (
        "fewer of its papers are retracted", "more of its papers are retracted",
        "撤稿论文较少", "撤稿论文较多",
    ),
    "hospitals": (
        "more hospitals count for it", "fewer hospitals count for it",
        "计入的附属医院较多", "计入的附属医院较少",
    ),
    "campuses": (
        "more campuses count for it", "campuses counted for it stand apart",
        "计入的校区较多", "校区单独计数",
    ),
    "key_laboratories": (
        "more laboratories count for it", "laboratories that name no host do not count for it",
        "计入的实验室较多", "未写明依托单位的实验室不计入",
    ),
    "academy_institutes": (
        "it counts more units as its own", "its institutes stand apart",
        "计入更多下属单位", "下属研究所单独计数",
    ),
    "ucas": (
        "papers of the Academy or its university are counted for it",
        "its papers are counted for another",
        "科学院或国科大的论文计入该机构", "其论文计入其他机构",
    ),
    "geography": (
        "more of its addresses are inside", "fewer of its papers are inside",
        "更多地址在地区之内", "更少论文在地区之内",
    ),
}  # fmt: skip


def _count(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"
