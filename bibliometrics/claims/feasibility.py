"""What the published total can count, and whether one cut gives the published numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from bibliometrics import schema
from bibliometrics.claims.cuts import Cut, common, cut_for, listed_at
from bibliometrics.claims.effects import Array, Listing, Target
from bibliometrics.study.model import Study

_MEANINGS = {
    "all_chinese_hits": ("all papers of the corpus", "语料库全部论文"),
    "distinct": ("distinct papers of the listed institutions", "所列机构的不重复论文"),
    "sum_over_institutions": ("the sum over the listed institutions", "所列机构论文数之和"),
}


def total_meanings(
    listing: Listing, wanted: Sequence[Target], study: Study, source: str
) -> pd.DataFrame:
    """``schema.TOTAL_MEANINGS``: can the total and the shares of the leaders both be true?

    The published shares of the published total are counts of the leading institutions. Scaled so
    that its leaders have these counts, a corpus of this edition's shape has ``expected`` papers
    with each meaning: a meaning whose expected total is far from the published one would need a
    corpus of another shape.
    """
    published = next((t for t in wanted if t.claim.computation == "total"), None)
    if published is None:
        return schema.empty(schema.TOTAL_MEANINGS)
    total = published.printed.value
    shares = [target for target in wanted if target.is_share]
    leaders = sum((target.printed.value * total / 100 for target in shares), Fraction(0))
    counted = sum((c for c in listing.counts(shares) if c is not None), Fraction(0))
    scale = leaders / counted if counted else None
    tolerance = Fraction(str(study.claims.shape_tolerance))
    rows = []
    for meaning, figure in listing.totals().items():
        expected = None if scale is None else scale * figure
        ratio = None if expected is None or not total else expected / total
        feasible = "unknown" if ratio is None else _yes(abs(ratio - 1) <= tolerance)
        en, zh = _MEANINGS[meaning]
        rows.append(
            {
                "meaning": meaning,
                "published": int(total),
                "computed": float(figure),
                "difference": float(figure - total),
                "expected": None if expected is None else float(round(expected, 1)),
                "ratio": None if ratio is None else float(ratio),
                "feasible": feasible,
                "says_en": f"{en}: {_words(expected)} expected from the published shares and the"
                f" shape of this corpus, {int(total):,} published; feasible within"
                f" {float(tolerance):.0%}",
                "says_zh": f"{zh}：按公布占比与本语料形状推算为 {_words(expected)}，公布"
                f" {int(total):,}；容差 {float(tolerance):.0%}",
                "source": source,
            }
        )
    frame = pd.DataFrame(rows, columns=schema.TOTAL_MEANINGS.column_names)
    return schema.conform(frame, schema.TOTAL_MEANINGS)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _words(expected: Fraction | None) -> str:
    return "?" if expected is None else f"{int(expected + Fraction(1, 2)):,}"


def claim_cuts(
    counts: Array, inside: Array, group: Array, wanted: Sequence[Target], source: str
) -> pd.DataFrame:
    """``schema.CLAIM_CUTS``: the minimums of papers that list the published numbers.

    ``counts`` are papers of institutions, ``inside`` those of the geography, ``group`` their group.
    """
    numbers = {
        t.claim.of: int(t.printed.value) for t in wanted if t.claim.computation == "institutions"
    }
    within = {name: counts[inside & ((group == name) | (name == "all"))] for name in numbers}
    cuts = {name: cut_for(within[name], number) for name, number in numbers.items()}
    rows = [_row(name, numbers, within, cuts[name], source) for name in numbers]
    if len(numbers) > 1:
        both = common(cuts)
        whole = sum(numbers.values())
        everybody = {"both": np.concatenate(list(within.values()))}
        rows.append(_row("both", {"both": whole}, everybody, both, source))
    frame = pd.DataFrame(rows, columns=schema.CLAIM_CUTS.column_names)
    return schema.conform(frame, schema.CLAIM_CUTS)


_GROUPS_ZH = {"universities": "高校", "institutes": "科研机构", "both": "两组合计", "all": "全部"}


def _span(least: int, most: int, to: str) -> str:
    return str(least) if least == most else f"{least}{to}{most}"


def _row(
    name: str, numbers: dict[str, int], within: dict[str, Array], cut: Cut | None, source: str
) -> dict[str, object]:
    others, others_zh = [], []
    for other, number in numbers.items():
        if cut is not None and other != name:
            least, most = listed_at(within[other], cut)
            others.append(f"{_span(least, most, ' to ')} {other} ({number} published)")
            others_zh.append(
                f"{_GROUPS_ZH.get(other, other)} {_span(least, most, '–')} 家（公布 {number} 家）"
            )
    at_it = "; ".join(others)
    group_zh = _GROUPS_ZH.get(name, name)
    if cut is None:
        en = f"no minimum of papers lists just {numbers[name]} ({name})"
        zh = f"没有任何论文数下限恰好列出{group_zh} {numbers[name]} 家"
    else:
        en = (
            f"a minimum of {_span(cut.low, cut.high, ' to ')} papers lists just"
            f" {numbers[name]} ({name})"
        )
        zh = f"论文数下限 {_span(cut.low, cut.high, '–')} 恰好列出{group_zh} {numbers[name]} 家"
        if at_it:
            en, zh = f"{en}, and {at_it}", f"{zh}；同一下限：{'；'.join(others_zh)}"
    return {
        "group": name,
        "published": numbers[name],
        "with_papers": int((within[name] > 0).sum()),
        "minimum_low": cut.low if cut else None,
        "minimum_high": cut.high if cut else None,
        "others_at_it": at_it,
        "says_en": en,
        "says_zh": zh,
        "source": source,
    }
