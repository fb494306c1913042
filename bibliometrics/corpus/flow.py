"""The flow from rows read to papers counted: what entered each step, what left it, and why."""

from __future__ import annotations

from dataclasses import dataclass

from bibliometrics.corpus.selection import Selection
from bibliometrics.errors import InvariantError


@dataclass(frozen=True)
class FlowStep:
    step: str
    status: str
    papers_in: int
    papers_out: int
    not_testable: int
    reason: str
    reason_zh: str


@dataclass(frozen=True)
class Tally:
    """Rows and records at the steps before the study's own filter, and at its end."""

    quarantined: int
    read: int
    counted: int
    duplicates: int
    kept: int


def flow_of(
    tally: Tally, across: int, selection: Selection, database: str | None
) -> tuple[FlowStep, ...]:
    """Every step from rows read to the corpus.

    Raises
    ------
    InvariantError : a row is not accounted for.
    """
    rows, records = tally.quarantined + tally.read, tally.counted
    within = records - (tally.duplicates - across)
    unique = records - tally.duplicates
    steps = [
        FlowStep("rows read", "done", rows, rows, 0, "rows of all files", "全部文件的行"),
        FlowStep(
            "quarantine", "done", rows, tally.read, 0,
            "without rows that cannot be used", "剔除无法使用的行",
        ),
    ]  # fmt: skip
    if database is not None:
        steps.append(
            FlowStep(
                "database", "done", tally.read, records, 0,
                f"counted: {database}; records of others are only compared",
                f"仅计 {database}；其他数据库的记录只作比较",
            )
        )  # fmt: skip
    steps.append(
        FlowStep(
            "duplicates", "done", records, within, 0,
            "one row for each paper: same EID, DOI, or title",
            "同一论文（EID、DOI 或题名相同）只留一行",
        )
    )  # fmt: skip
    if across:
        steps.append(
            FlowStep(
                "merge", "done", within, unique, 0,
                "the same paper in another database, merged into one",
                "其他数据库中的同一论文，合并为一篇",
            )
        )  # fmt: skip
    here = unique
    for step in selection.steps:
        out = here - step.set_aside
        if step.entered != here:
            raise InvariantError(f"step {step.name}: {step.entered} entered, {here} expected")
        steps.append(
            FlowStep(
                step.name, step.status, here, out, step.not_testable, step.says_en, step.says_zh
            )
        )
        here = out
    kept = tally.kept
    if here != kept:
        raise InvariantError(f"{here} records left the filter, {kept} are in the corpus")
    whole = ("distinct papers of the corpus", "语料库去重论文")
    steps.append(FlowStep("corpus", "done", kept, kept, 0, *whole))
    return tuple(steps)
