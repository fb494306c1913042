"""The search of the open choices as tables: classes of choices, options, and its figures."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pandas as pd

from bibliometrics import schema
from bibliometrics.claims.effects import Effect, Target
from bibliometrics.claims.open_choices import SAYS
from bibliometrics.claims.placebo import Placebo
from bibliometrics.claims.printed import written
from bibliometrics.claims.search import DIMENSIONS, Search
from bibliometrics.study.model import Study

NEAREST = 200


def vectors_table(search: Search, study: Study, source: str) -> pd.DataFrame:
    """``schema.CHOICE_VECTORS``: what fits, the study's own, and the nearest others."""
    loss = search.losses(study.claims.loss)
    ranked = sorted(
        range(len(search.effects)),
        key=lambda at: (loss[at], search.effects[at].outside, at != search.own, at),
    )
    fitting = sum(effect.is_fitting for effect in search.effects)
    shown = ranked[: max(NEAREST, fitting)]
    if search.own is not None and search.own not in shown:
        shown.append(search.own)
    sizes = search.vectors.groupby("effect", sort=True).size()
    options = _options(search, shown)
    rows = []
    for order, at in enumerate(shown, 1):
        effect = search.effects[at]
        rows.append(
            {
                "order": order,
                "vectors": int(sizes[at]),
                "is_study": int(at == search.own),
                "is_fitting": int(effect.is_fitting),
                "claims": len(effect.met),
                "claims_met": sum(effect.met),
                "loss": loss[at],
                **options[at],
                "phrase": search.choices.own["phrase"],
                "cut_low": effect.cut.low if effect.cut else None,
                "cut_high": effect.cut.high if effect.cut else None,
                "missed": "; ".join(_missed(effect, search.targets)),
                "source": source,
            }
        )
    return schema.conform(
        pd.DataFrame(rows, columns=schema.CHOICE_VECTORS.column_names), schema.CHOICE_VECTORS
    )


def _options(search: Search, effects: list[int]) -> dict[int, dict[str, str]]:
    """The options that the joint choices of each effect hold, by dimension."""
    within = search.vectors[search.vectors["effect"].isin(effects)]
    found: dict[int, dict[str, str]] = {at: {} for at in effects}
    for name in DIMENSIONS:
        pairs = within[["effect", name]].drop_duplicates().sort_values(["effect", name])
        for at, options in pairs.groupby("effect", sort=True)[name]:
            found[int(str(at))][name] = "|".join(options)
    return found


def _missed(effect: Effect, targets: tuple[Target, ...]) -> Iterator[str]:
    for target, answer in zip(targets, effect.answers, strict=True):
        if not answer.is_met:
            places = target.printed.decimals
            figure = "none"
            if answer.shown is not None:
                figure = written(Fraction(answer.shown, 10**places), places)
            yield f"{target.claim.claim_id} {figure} for {target.printed}"


def options_table(search: Search, study: Study, source: str) -> pd.DataFrame:
    """``schema.CHOICE_OPTIONS``: what part of the fitting joint choices holds each option."""
    effects = search.vectors["effect"].to_numpy(dtype="int64")
    loss = search.losses(study.claims.loss)
    least = min(loss, default=0.0)
    fits = np.array([effect.is_fitting for effect in search.effects], dtype=bool)[effects]
    best = np.array([one == least for one in loss], dtype=bool)[effects]
    rows = []
    for dimension, options in search.choices.tried.items():
        for option in options:
            holds = np.ones(len(effects), dtype=bool)
            if dimension in DIMENSIONS:
                holds = (search.vectors[dimension] == option).to_numpy(dtype=bool)
            rows.append(
                {
                    "dimension": dimension,
                    "option": option,
                    "is_study": int(option == search.choices.own[dimension]),
                    "vectors": int(holds.sum()),
                    "fitting": int((holds & fits).sum()),
                    "share_of_fitting": _part(holds & fits, fits),
                    "best": int((holds & best).sum()),
                    "share_of_best": _part(holds & best, best),
                    "needs": "",
                }
            )
    rows += [
        {
            "dimension": each.dimension, "option": each.option, "is_study": 0, "vectors": 0,
            "fitting": 0, "best": 0, "needs": each.needs,
        }
        for each in search.choices.untried
    ]  # fmt: skip
    frame = pd.DataFrame(rows).assign(source=source)
    frame["says_en"] = frame["dimension"].map({name: says[0] for name, says in SAYS.items()})
    frame["says_zh"] = frame["dimension"].map({name: says[1] for name, says in SAYS.items()})
    return schema.conform(frame, schema.CHOICE_OPTIONS)


def _part(some: np.ndarray, whole: np.ndarray) -> float | None:
    number = int(whole.sum())
    return int(some.sum()) / number if number else None


def search_table(search: Search, placebo: Placebo, study: Study, source: str) -> pd.DataFrame:
    """``schema.CHOICE_SEARCH``: the figures of the search."""
    loss = search.losses(study.claims.loss)
    fitting = search.fitting
    seen = len({search.effects[int(at)].figures for at in fitting["effect"].unique()})
    best = min((effect.missed for effect in search.effects), default=0)
    rows = [
        ("claims", len(search.targets), "claims that depend on the open choices",
         "取决于未定选项的声明数"),
        ("tried", len(search.vectors), "joint choices tried", "已尝试的联合选项数"),
        ("classes", len(search.printed),
         "classes of them that print the same figures: the claims cannot tell their members apart",
         "打印数值相同的等价类数：声明无法区分类内选项"),
        ("fitting", len(fitting), "joint choices under which every claim prints as published",
         "使全部声明均与公布值一致的联合选项数"),
        ("fitting_figures", seen,
         "different figures among the fitting: more than one cannot be told apart",
         "吻合选项中不同数值组的个数：多于一个则无法识别"),
        ("least_loss", min(loss, default=0.0),
         f"least loss ({study.claims.loss})", f"最小损失（{study.claims.loss}）"),
        ("least_missed", best, "fewest claims that one joint choice misses",
         "单一联合选项最少未满足的声明数"),
        ("placebo_sets", placebo.sets, "fake sets of claims tried", "尝试的虚构声明组数"),
        ("placebo_as_well", placebo.as_well,
         "of these, met by some joint choice as well as the published set is",
         "其中与公布声明同样吻合的组数"),
        ("placebo_fitting", placebo.whole, "of these, met wholly", "其中完全吻合的组数"),
        ("tolerance", study.claims.tolerance, "papers outside the rounding that still fit",
         "允许超出舍入区间的论文数"),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["item", "value", "says_en", "says_zh"])
    frame = frame.assign(order=range(1, len(frame) + 1), source=source)
    return schema.conform(frame, schema.CHOICE_SEARCH)
