"""A change in a sentence, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bibliometrics.comparison.causes import BY_NAME

Row = Mapping[Any, Any]
# A smaller part of a paper is not worth a clause; the table has it.
_LEAST = 0.05


def of_changes(changes: pd.DataFrame, parts: pd.DataFrame) -> tuple[list[str], list[str]]:
    """What happened to each institution of ``changes``, English and Chinese."""
    of_papers = parts[parts["figure"] == "papers"]
    by_cause: dict[str, list[tuple[str, float]]] = {}
    told = (of_papers[column].tolist() for column in ("institution_id", "cause", "part"))
    for institution, cause, part in zip(*told, strict=True):
        if abs(part) >= _LEAST:
            by_cause.setdefault(institution, []).append((cause, part))
    english, chinese = [], []
    for row in changes.to_dict("records"):
        named = sorted(by_cause.get(row["institution_id"], ()), key=lambda item: -abs(item[1]))
        english.append(_english(row, named))
        chinese.append(_chinese(row, named))
    return english, chinese


def _english(row: Row, named: list[tuple[str, float]]) -> str:
    old, new = int(row["papers_before"]), int(row["papers_after"])
    change = new - old
    if change == 0 and not named:
        first = f"{new:,} papers, as before"
    else:
        first = f"{new:,} papers, {_signed(change)} ({old:,} before)"
    why = "; ".join(f"{_signed(part)} by {BY_NAME[cause].en}" for cause, part in named)
    share = _share(row, "Share", "not available")
    return f"{first}{': ' + why if why else ''}. {share}{_rank_en(row)}"


def _chinese(row: Row, named: list[tuple[str, float]]) -> str:
    old, new = int(row["papers_before"]), int(row["papers_after"])
    change = new - old
    if change == 0 and not named:
        first = f"论文 {new:,} 篇，与此前相同"
    else:
        first = f"论文 {new:,} 篇，较此前 {old:,} 篇变动 {_signed(change)}"
    why = "；".join(f"{BY_NAME[cause].zh} {_signed(part)}" for cause, part in named)
    return f"{first}{'：' + why if why else ''}。{_share(row, '占比', '无法计算')}{_rank_zh(row)}"


def _share(row: Row, word: str, unknown: str) -> str:
    shown: list[str] = [
        unknown if pd.isna(row[name]) else f"{row[name]:.2%}"
        for name in ("share_before", "share_after")
    ]
    return f"{word} {' → '.join(shown)}"


def _rank_en(row: Row) -> str:
    old, new = row["rank_before"], row["rank_after"]
    if pd.isna(old) and pd.isna(new):
        return "."
    if pd.isna(old):
        return f"; newly ranked, {int(new)}."
    if pd.isna(new):
        return f"; no longer ranked (was {int(old)})."
    if old == new:
        return f"; rank {int(new)}, as before."
    own, others = row["rank_change_own"], row["rank_change_others"]
    return (
        f"; rank {int(old)} → {int(new)}: {_signed(own)} by its own change,"
        f" {_signed(others)} by that of others."
    )


def _rank_zh(row: Row) -> str:
    old, new = row["rank_before"], row["rank_after"]
    if pd.isna(old) and pd.isna(new):
        return "。"
    if pd.isna(old):
        return f"；新进排名，第 {int(new)} 位。"
    if pd.isna(new):
        return f"；不再列入排名（原第 {int(old)} 位）。"
    if old == new:
        return f"；排名第 {int(new)} 位，与此前相同。"
    own, others = row["rank_change_own"], row["rank_change_others"]
    return (
        f"；排名由第 {int(old)} 位变为第 {int(new)} 位：自身变化 {_signed(own)}，"
        f"其他机构变化 {_signed(others)}。"
    )


def _signed(value: float) -> str:
    number = float(value)
    shown = f"{number:+,.0f}" if number == int(number) else f"{number:+,.1f}"
    return shown.replace("-", "−")
