"""From records found to papers counted: the PRISMA-style drawing, and every step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bibliometrics.edition import Edition
from bibliometrics.presentation import links, rows
from bibliometrics.presentation.bilingual import Text, count, reason, same, say, term, whole
from bibliometrics.presentation.rows import Row

# The stages of the drawing, and the steps that lead to each.
_LEADING = (
    ("found", ("snapshot", "rows read")),
    ("usable", ("quarantine",)),
    ("merged", ("duplicates",)),
    ("attributed", ("attribution",)),
)
STAGES = ("found", "usable", "merged", "filtered", "attributed", "counted")
_KNOWN = {step: stage for stage, steps in _LEADING for step in steps}
_LINE, _PAD = 19, 12


@dataclass(frozen=True)
class Side:
    """One line of a side box: what left at a step, or what a step could not be tested on."""

    text: Text
    flagged: bool
    href: str | None = None


@dataclass
class Stage:
    code: str
    label: Text
    papers: int
    kept: Text
    href: str | None
    sides: list[Side] = field(default_factory=list)


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Placed:
    """A stage with its boxes; ``arrow`` leads from it to the next."""

    stage: Stage
    main: Box
    side: Box | None
    arrow: tuple[int, int, int] | None


@dataclass(frozen=True)
class Drawing:
    css: str
    width: int
    height: int
    placed: list[Placed]
    line: int = _LINE


def view(edition: Edition) -> dict[str, Any]:
    found = stages(edition)
    return {
        "has_lists": links.has_evidence(edition),
        "flow": steps(edition),
        "title": say("flow_alt", first=count(found[0].papers), last=count(found[-1].papers))
        if found
        else None,
        "drawings": [_broad(found), _narrow(found)] if found else [],
    }


def stages(edition: Edition) -> list[Stage]:
    """Found, usable, merged, filtered, attributed, counted: with what left on the way to each."""
    table = rows.table(edition, "flow").sort_values("order")
    made: dict[str, Stage] = {}
    for row in table.itertuples(index=False):
        code = _KNOWN.get(str(row.step), "filtered")
        href = _href(edition, row.step)
        kept = whole(row.papers_out)
        stage = made.setdefault(code, Stage(code, say(f"stage_{code}"), kept, count(kept), href))
        stage.papers, stage.kept, stage.href = kept, count(kept), href or stage.href
        lost = whole(row.papers_in) - kept
        label = term("step", row.step)
        if lost:
            said = say("flow_side", step=label, n=count(lost))
            stage.sides.append(Side(said, flagged=False, href=_href(edition, row.step, lost=True)))
        untested = whole(row.not_testable)
        if untested:
            said = say("flow_side_untested", step=label, n=count(untested))
            stage.sides.append(Side(said, flagged=True))
    if made and edition.papers_attributed:
        n = count(len(rows.table(edition, "ranking")))
        label = say("stage_counted", n=n)
        href = "#ranking"
        made["counted"] = Stage(
            "counted", label, edition.papers_attributed, count(edition.papers_attributed), href
        )
    return [made[code] for code in STAGES if code in made]


def _href(edition: Edition, step: object, *, lost: bool = False) -> str | None:
    """The papers that a step kept, or lost: the lists hold those of the corpus only."""
    if not links.has_evidence(edition):
        return None
    if step == "corpus" and not lost:
        return links.to_papers()
    if _KNOWN.get(str(step)) == "attributed":
        return links.to_papers(decision="unattributed" if lost else "attributed")
    return None


def _broad(found: list[Stage]) -> Drawing:
    """Stages on the left, what left on the right."""
    placed, y = [], 4
    for place, stage in enumerate(found):
        lines = len(stage.sides)
        height = 62
        side = None
        if lines:
            side = Box(390, y, 326, max(62, lines * _LINE + 2 * _PAD))
            height = max(height, side.height)
        main = Box(4, y, 320, height)
        bottom = y + height
        arrow = (164, bottom, bottom + 30) if place + 1 < len(found) else None
        placed.append(Placed(stage, main, side, arrow))
        y = bottom + 34
    return Drawing("broad", 720, y - 28, placed)


def _narrow(found: list[Stage]) -> Drawing:
    """Stages below one another, what left indented under each."""
    placed, y = [], 4
    for place, stage in enumerate(found):
        main = Box(4, y, 352, 62)
        bottom, side = y + 62, None
        if stage.sides:
            side = Box(44, bottom + 8, 312, len(stage.sides) * _LINE + 2 * _PAD)
            bottom = side.y + side.height
        arrow = (22, y + 62, bottom + 24) if place + 1 < len(found) else None
        placed.append(Placed(stage, main, side, arrow))
        y = bottom + 28
    return Drawing("narrow", 360, y - 22, placed)


def steps(edition: Edition) -> list[Row]:
    """Steps in order: what was kept, what was set aside, what could not be tested."""
    listed = []
    for row in rows.records(rows.table(edition, "flow").sort_values("order")):
        out = whole(row["papers_in"]) - whole(row["papers_out"])
        untested = whole(row["not_testable"])
        flag: Text | None = None
        if untested:
            flag = say("flow_untested", n=count(untested))
        elif row["status"] != "done":
            flag = say("flow_untested_bare")
        listed.append(
            Row(
                name=term("step", row["step"]),
                kept_href=_href(edition, row["step"]),
                out_href=_href(edition, row["step"], lost=True),
                before=count(row["papers_in"]),
                kept=count(row["papers_out"]),
                out=count(out) if out else same(""),
                has_left=out > 0,
                reason=reason(row["reason"], row["reason_zh"]),
                untested=flag,
            )
        )
    return listed
