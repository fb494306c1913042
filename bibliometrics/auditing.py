"""An audit kept beside a study: its strings, its marks, and what it shows in an edition.

``audit`` draws and evaluates; here the result is a text that stays with the study, the table
``audit`` of an edition, and the strings answered wrongly that error is simulated from.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from bibliometrics import audit, schema
from bibliometrics.audit import Attributed, Drawn, Mark
from bibliometrics.corpus.findings import Finding
from bibliometrics.errors import InputError
from bibliometrics.firmness.confusers import Confused
from bibliometrics.firmness.estimates import Estimate

_MARKS = ("truth", "marked_by", "marked_on", "second", "second_by", "second_on")
_AS_WRITTEN = "organisation-as-written"
_TOP = 20
_YEARS_OLD = 365


@dataclass(frozen=True)
class Audited:
    """The sample with the marks of one marker, or of two on a part of it."""

    sample: tuple[Drawn, ...]
    first: Mapping[int, Mark]
    second: Mapping[int, Mark]


def population(attribution: pd.DataFrame) -> list[Attributed]:
    """The strings of an edition (``schema.ATTRIBUTION``) with the answer that is audited."""
    rows = attribution.astype(object).where(attribution.notna(), "")
    items = []
    for row in rows.to_dict("records"):
        told = row["counted_ids"] if row["rule"] == _AS_WRITTEN else row["institution_ids"]
        items.append(
            Attributed(
                affiliation=str(row["affiliation"]),
                country=str(row["country"]),
                papers=int(row["papers"]),
                institution_ids=tuple(sorted(part for part in str(told).split("|") if part)),
                decision=str(row["decision"]),
                rule=str(row["rule"]),
            )
        )
    return items


def to_text(audited: Audited) -> str:
    """The audit as CSV: the key of the sample with the marks behind each string."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    rows = list(csv.reader(io.StringIO(audit.key(audited.sample), newline="")))
    writer.writerow([*rows[0], *_MARKS])
    for drawn, row in zip(audited.sample, rows[1:], strict=True):
        cells: list[str] = []
        for marks in (audited.first, audited.second):
            mark = marks.get(drawn.sample_id)
            cells += _cells(mark)
        writer.writerow([*row, *cells])
    return buffer.getvalue()


def digest(audited: Audited | None) -> str | None:
    """The sha256 of an audit's text, for the manifest."""
    return hashlib.sha256(to_text(audited).encode()).hexdigest() if audited else None


def _cells(mark: Mark | None) -> list[str]:
    if mark is None:
        return ["", "", ""]
    ids = "|".join(sorted(mark.institution_ids)) or audit.NONE
    return [ids, mark.marked_by, mark.marked_on]


def from_text(text: str, where: str) -> Audited:
    """The audit back from ``to_text``. Raises InputError where it is not one."""
    sample = audit.read_key(text, where)
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    missing = [column for column in _MARKS if column not in (reader.fieldnames or ())]
    if missing:
        raise InputError(
            f"columns are missing: {', '.join(missing)}",
            where=where,
            hint="write the audit again: bibliometrics audit STUDY --read FILE",
        )
    first: dict[int, Mark] = {}
    second: dict[int, Mark] = {}
    for row in reader:
        number = int(row["sample_id"])
        for marks, names in ((first, _MARKS[:3]), (second, _MARKS[3:])):
            ids, who, when = (row[name] or "" for name in names)
            if ids:
                found = frozenset() if ids == audit.NONE else frozenset(ids.split("|"))
                marks[number] = Mark(found, who, when)
    return Audited(sample, first, second)


def table(audited: Audited, source: str, top: Sequence[str] = ()) -> pd.DataFrame:
    """``schema.AUDIT``; ``top`` are the institutions that are shown singly, with most papers."""
    result = audit.evaluate(audited.sample, audited.first, audited.second)
    singly = [
        estimate
        for institution in top[:_TOP]
        for estimate in audit.of_institution(audited.sample, audited.first, institution)
    ]
    marked = [drawn for drawn in audited.sample if drawn.sample_id in audited.first]
    rows = [_row(estimate, marked, audited.first) for estimate in (*result.estimates, *singly)]
    for measure, value in (("kappa", result.kappa), ("agreement", result.agreement)):
        if result.double_marked:
            rows.append(
                {"measure": measure, "stratum": "all", "weighting": "strings", "estimate": value,
                 "strings": result.double_marked}
            )  # fmt: skip
    frame = pd.DataFrame(rows, columns=schema.AUDIT.column_names)
    return schema.conform(frame.assign(marked_on=result.marked_on, source=source), schema.AUDIT)


def _row(
    estimate: Estimate, marked: Sequence[Drawn], first: Mapping[int, Mark]
) -> dict[str, object]:
    measure, stratum = _place(estimate.measure)
    is_known = estimate.value is not None
    papers = sum(d.item.papers for d in marked if _is_in(d, stratum, first))
    return {
        "measure": measure,
        "stratum": stratum,
        "weighting": estimate.weighting,
        "strings": estimate.strings,
        "papers": papers,
        "estimate": estimate.value,
        "low": estimate.low if is_known else None,
        "high": estimate.high if is_known else None,
        "shown_at_least": estimate.low if is_known else None,
        "effective_n": estimate.effective,
    }


def _place(named: str) -> tuple[str, str]:
    measure, colon, stratum = named.partition(": ")
    if colon:
        return measure, stratum
    measure, comma, part = named.partition(", ")
    return measure, {"blind": "blind", "answer shown": "shown"}[part] if comma else "all"


def _is_in(drawn: Drawn, stratum: str, first: Mapping[int, Mark]) -> bool:
    if stratum.startswith("institution "):
        who = stratum.removeprefix("institution ")
        return who in {*drawn.item.institution_ids, *first[drawn.sample_id].institution_ids}
    is_blind = {"blind": drawn.is_blind, "shown": not drawn.is_blind}
    return stratum == "all" or is_blind.get(stratum, drawn.item.stratum == stratum)


def findings(found: pd.DataFrame, audited: Audited | None, edition: str) -> Iterator[Finding]:
    """The audit's age at the edition named by its day, and what it shows.

    A warning where the audit is over a year old, or not all marked.
    """
    if audited is None:
        return
    whole = found[(found["measure"] == "precision") & (found["stratum"] == "all")]
    papers = whole[whole["weighting"] == "papers"]
    if papers.empty or pd.isna(papers["estimate"].iloc[0]):
        return
    row = papers.iloc[0]
    days = _days(str(row["marked_on"]), edition)
    age_en = f"{days} days before this edition" if days is not None else "age unknown"
    age_zh = f"早于本期 {days} 天" if days is not None else "距本期时间不明"
    drawn, marked = len(audited.sample), len(audited.first)
    yield Finding(
        "audit of attribution", marked,
        f"attribution was audited on {row['marked_on']} ({age_en}): {marked} of {drawn} strings"
        f" drawn were marked; precision by papers {row['estimate']:.3f}, shown to be at least"
        f" {row['shown_at_least']:.3f} (effective sample {row['effective_n']:.0f})",
        f"机构归属于 {row['marked_on']} 审核（{age_zh}）：抽取 {drawn} 条，标注 {marked} 条；"
        f"按论文加权精确率 {row['estimate']:.3f}，下限 {row['shown_at_least']:.3f}"
        f"（有效样本 {row['effective_n']:.0f}）",
        is_warning=marked < drawn or (days is not None and days > _YEARS_OLD),
    )  # fmt: skip
    pairs = Counter(
        (given, right)
        for each in confused(audited)
        for given in sorted(each.given - each.true)
        for right in sorted(each.true - each.given) or [audit.NONE]
    )
    if not pairs:
        return
    # The most frequent, the first by name of equals.
    (given, right), strings = min(pairs.items(), key=lambda item: (-item[1], item[0]))
    yield Finding(
        "confused in the audit", len(pairs),
        f"the audit found {len(pairs)} pairs of an institution that was given and what is right;"
        " in the simulated attribution errors they weigh beside what names leave open;"
        f" most often: {given} given, {right} right ({strings} strings)",
        f"审核发现 {len(pairs)} 对混淆（所判机构与正确答案），在归属错误的模拟中"
        f"与名称本身的歧义一并计入；最常见：判为 {given}，应为 {right}（{strings} 条）",
    )  # fmt: skip


def _days(marked_on: str, edition: str) -> int | None:
    """Days between two ISO dates, where both are one."""
    dates = pd.to_datetime(pd.Series([marked_on, edition]), format="%Y-%m-%d", errors="coerce")
    if dates.isna().any():
        return None
    return int((dates.iloc[1] - dates.iloc[0]).days)


def confused(audited: Audited | None) -> tuple[Confused, ...]:
    """The strings that were answered wrongly by the first marker, with whose each is.

    Each weighs as many strings as it stands for in the sample; without an audit there are none.
    """
    if audited is None:
        return ()
    weights = audit.stood_for(audited.sample, audited.first)
    return tuple(
        Confused(
            frozenset(drawn.item.institution_ids), mark.institution_ids, weights[drawn.sample_id]
        )
        for drawn in audited.sample
        if (mark := audited.first.get(drawn.sample_id)) is not None
        and mark.institution_ids != frozenset(drawn.item.institution_ids)
    )
