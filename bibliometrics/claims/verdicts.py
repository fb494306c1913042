"""The verdict on every claim: reproduced, under which choices, or not, or not computable.

Stability is no part of a verdict: report and edition count the same census, and rounding alone
decides. It stands beside, as context.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from bibliometrics import schema
from bibliometrics.claims import printed
from bibliometrics.claims.claim_file import Claim, ClaimSet
from bibliometrics.claims.computations import Computed, Figures, compute
from bibliometrics.claims.effects import Effect
from bibliometrics.claims.printed import Printed, written
from bibliometrics.claims.search import DIMENSIONS, Search
from bibliometrics.counting.ranking import Stamp
from bibliometrics.study.model import Study
from bibliometrics.study.option_names import called

REPRODUCED = "reproduced"
NOT_REPRODUCED = "not reproduced"
NOT_IDENTIFIABLE = "not identifiable"
NOT_COMPUTABLE = "not computable"
VERDICTS = (REPRODUCED, "reproduced under X", NOT_REPRODUCED, NOT_IDENTIFIABLE, NOT_COMPUTABLE)


@dataclass(frozen=True)
class Verdict:
    """A verdict, with the options of X and a note in both languages."""

    verdict: str
    under: str = ""
    note_en: str = ""
    note_zh: str = ""


@dataclass(frozen=True)
class Joint:
    """What the search leaves standing, shared by all claims.

    ``under`` are the options of the one fitting joint choice that differ from the study's;
    ``figures`` how many different figures fit (none: no joint choice does).
    """

    figures: int
    under: str
    searched: frozenset[str]
    effects: tuple[Effect, ...]


def joint(search: Search | None) -> Joint:
    """The joint choices that fit every claim of the search."""
    if search is None or not search.targets:
        return Joint(0, "", frozenset(), ())
    searched = frozenset(target.claim.claim_id for target in search.targets)
    fitting = search.fitting
    numbers = [int(at) for at in fitting["effect"].unique()]
    effects = tuple(search.effects[at] for at in numbers)
    figures = len({effect.figures for effect in effects})
    return Joint(figures, _nearest(fitting, search.choices.own), searched, effects)


def _nearest(vectors: pd.DataFrame, own: dict[str, str]) -> str:
    """The options of the joint choice that departs least from the study's, in words."""
    if vectors.empty:
        return ""
    names = list(DIMENSIONS)
    departures = (vectors[names] != pd.Series(own)[names]).sum(axis=1)
    least = vectors.loc[departures == departures.min(), names]
    first = least.sort_values(names, kind="stable").iloc[0]
    changed = [f"{name}={first[name]}" for name in DIMENSIONS if first[name] != own[name]]
    return ", ".join(changed)


def claims_table(
    claims: ClaimSet, figures: Figures, search: Search | None, study: Study, stamp: Stamp
) -> pd.DataFrame:
    """``schema.CLAIMS``: a row for each claim, in the order of their ids."""
    shared = joint(search)
    ranks = _rank_sets(figures.tables["ranking"])
    partners = [c for c in claims.claims if c.computation == "partner_position"]
    rows = []
    for claim in claims.claims:
        computed = compute(claim, figures)
        told = judge(claim, computed, shared, search, figures, len(partners))
        value = printed.parse(claim.value)
        low, high = _bounds(value, computed, study)
        rows.append(
            {
                "claim_id": claim.claim_id,
                "section": claim.section,
                "subject": claim.subject,
                "measure": claim.measure,
                "unit": claim.unit,
                "published": claim.value,
                "computed": shown(computed, value),
                "difference": difference(computed, value, study),
                "verdict": told.verdict,
                "under": told.under,
                "count": _whole(computed.count),
                "count_low": low,
                "count_high": high,
                "stability": ranks.get(computed.institution_id, ""),
                "computation": " ".join(filter(None, (claim.computation, claim.of))),
                "note": told.note_en,
                "note_zh": told.note_zh,
                "quote_en": claim.en_quote,
                "quote_zh": claim.zh_quote,
                "denominator": _denominator(computed),
            }
        )
    frame = pd.DataFrame(rows)
    stamped = stamp.on(frame, "").assign(denominator=frame["denominator"])
    return schema.conform(stamped, schema.CLAIMS)


def judge(
    claim: Claim,
    computed: Computed,
    shared: Joint,
    search: Search | None,
    figures: Figures,
    partners: int = 0,
) -> Verdict:
    """The verdict on one claim.

    ``partners`` is the number of partners named: an unordered set is met by a place among them.
    """
    study = figures.study
    if claim.computation == "total" and study.claims.total_meaning == "unknown":
        return _total(claim, shared, search, figures)
    if computed.value is None and not computed.text:
        return Verdict(NOT_COMPUTABLE, "", f"needs {computed.needs_en}", computed.needs_zh)
    if _is_met(claim, computed, study, partners):
        return Verdict(REPRODUCED, "", *_is_claimed_of(claim, computed))
    off_en, off_zh = _off(claim, computed, study)
    if claim.claim_id not in shared.searched or not shared.figures:
        return Verdict(NOT_REPRODUCED, "", off_en, off_zh)
    if shared.figures > 1:
        return Verdict(
            NOT_IDENTIFIABLE,
            "",
            f"{off_en}; joint choices with {shared.figures} different figures fit all claims",
            f"{off_zh}；有 {shared.figures} 组不同数值的联合选项与全部声明吻合",
        )
    return Verdict(f"reproduced under {shared.under}", shared.under, off_en, off_zh)


def _is_met(claim: Claim, computed: Computed, study: Study, partners: int) -> bool:
    if computed.text:
        return computed.text == claim.value
    value = printed.parse(claim.value)
    if value is None or computed.value is None:
        return False
    if claim.computation == "partner_position" and study.claims.partner_order == "unordered_set":
        return computed.value <= partners
    rounding = study.claims.rounding
    if computed.count is None or computed.denominator is None:
        return printed.prints(computed.value, value, rounding)
    off = printed.outside(computed.count, computed.denominator, value, rounding)
    return off <= study.claims.tolerance


def _total(claim: Claim, shared: Joint, search: Search | None, figures: Figures) -> Verdict:
    """The total while its meaning is open: all three are told, and the search may settle it."""
    value = printed.parse(claim.value)
    if value is None:
        return Verdict(NOT_COMPUTABLE, "", "needs a number", "需要数值")
    three = "; ".join(f"{name}: {_plain(total)}" for name, total in figures.totals.items())
    three_zh = "；".join(
        f"{called('total_meaning', name)[1]}：{_plain(total)}"
        for name, total in figures.totals.items()
    )
    rounding = figures.study.claims.rounding
    fits = [n for n, total in figures.totals.items() if printed.prints(total, value, rounding)]
    if search is not None and search.own is not None:
        fits = [name for name in fits if _is_joint(name, search)]
    if len(fits) == 1:
        under = f"total_meaning={fits[0]}"
        return Verdict(f"reproduced under {under}", under, three, three_zh)
    if len(fits) > 1 or shared.figures > 1:
        return Verdict(NOT_IDENTIFIABLE, "", three, three_zh)
    if shared.figures == 1:
        return Verdict(f"reproduced under {shared.under}", shared.under, three, three_zh)
    return Verdict(NOT_REPRODUCED, "", three, three_zh)


def _is_joint(meaning: str, search: Search) -> bool:
    """Whether the study with that meaning of the total meets the other claims no worse."""
    own = search.choices.own | {"total_meaning": meaning}
    at = search.vectors
    for name in DIMENSIONS:
        at = at[at[name] == own[name]]
    if at.empty or search.own is None:
        return False
    with_it, plain = search.effects[int(at["effect"].iloc[0])], search.effects[search.own]
    others = [t.claim.computation != "total" for t in search.targets]
    return all(
        new or not old
        for new, old, counts in zip(with_it.met, plain.met, others, strict=True)
        if counts
    )


def _off(claim: Claim, computed: Computed, study: Study) -> tuple[str, str]:
    value = printed.parse(claim.value)
    if value is None or computed.count is None or computed.denominator is None:
        return "", ""
    low, high = printed.counts(value, computed.denominator, study.claims.rounding)
    whole = _plain(computed.denominator)
    if low > high:
        return (
            f"no whole number of papers, of {whole}, prints as {value}",
            f"{whole} 篇中没有整数论文数可印为 {value}",
        )
    off = computed.count - high if computed.count > high else low - computed.count
    word_en = "above" if computed.count > high else "below"
    word_zh = "多" if computed.count > high else "少"
    return (
        f"{_plain(off)} papers {word_en} what prints so: {low} to {high} of {whole}",
        f"比可印为该值的 {low}—{high}（共 {whole}）{word_zh} {_plain(off)} 篇",
    )


def _is_claimed_of(claim: Claim, computed: Computed) -> tuple[str, str]:
    """For a share, the whole counts that the report's own total leaves for it."""
    value = printed.parse(claim.value)
    total = printed.parse(claim.denominator.split(" ")[0]) if claim.denominator else None
    if value is None or computed.count is None or total is None or not total.value:
        return "", ""
    low, high = printed.counts(value, total.value, "half_up")
    if low > high:
        return (
            f"of the published {total} no whole number of papers prints as {value}",
            f"公布的 {total} 中没有整数论文数可印为 {value}",
        )
    return (
        f"of the published {total} this is {low} to {high}",
        f"按公布的 {total} 计为 {low}—{high}",
    )


def shown(computed: Computed, value: Printed | None) -> str:
    """The computed value as it is written: a share with two places more than published."""
    if computed.text or computed.value is None:
        return computed.text
    places = value.decimals if value else 0
    if computed.count is not None:
        return written(computed.value, places + 2)
    return _plain(computed.value, places)


def difference(computed: Computed, value: Printed | None, study: Study) -> str:
    """Computed less published; for a share also the papers outside its interval."""
    if computed.value is None or value is None:
        return ""
    gap = computed.value - value.value
    if computed.count is None or computed.denominator is None:
        return _plain(gap, value.decimals)
    off = printed.outside(computed.count, computed.denominator, value, study.claims.rounding)
    return f"{written(gap, value.decimals + 2)} ({_plain(off)} papers)"


def _bounds(
    value: Printed | None, computed: Computed, study: Study
) -> tuple[int | None, int | None]:
    if value is None or computed.count is None or computed.denominator is None:
        return None, None
    low, high = printed.counts(value, computed.denominator, study.claims.rounding)
    # Where no whole count prints so, there is neither a least nor a largest: the note says it.
    return (low, high) if low <= high else (None, None)


def _plain(value: Fraction, places: int = 0) -> str:
    """A whole number as it is; another with two places at least."""
    return written(value, 0) if value.denominator == 1 else written(value, max(places, 2))


def _whole(value: Fraction | None) -> int | None:
    return None if value is None or value.denominator != 1 else int(value)


def _denominator(computed: Computed) -> str:
    return "" if computed.denominator is None else _plain(computed.denominator)


def _rank_sets(ranking: pd.DataFrame) -> dict[str, str]:
    """The rank set of each institution, where the edition has one."""
    known = ranking.dropna(subset=["rank_low", "rank_high"])
    sets = zip(known["institution_id"], known["rank_low"], known["rank_high"], strict=True)
    return {str(who): f"ranks {int(low)} to {int(high)}" for who, low, high in sets}


def summary(table: pd.DataFrame) -> Sequence[tuple[str, int]]:
    """How many claims have each verdict, in the order of ``VERDICTS``."""
    words = table["verdict"].where(
        ~table["verdict"].str.startswith("reproduced under"), VERDICTS[1]
    )
    return [(name, int((words == name).sum())) for name in VERDICTS]
