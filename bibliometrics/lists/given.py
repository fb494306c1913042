"""A list as a user gives it: names in either language, matched by the registry.

A name that the registry holds once is that institution. A name it holds twice, one mended or one
read from a longer text is *doubtful*: it is reported with its candidates and not counted.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from bibliometrics.attribution import Matcher
from bibliometrics.attribution.institutions import Institution, Registry
from bibliometrics.attribution.text import normalise
from bibliometrics.errors import InputError

Standing = Literal["matched", "doubtful", "not found", "repeated"]
_NAME_COLUMNS = (
    "name", "name_en", "name_zh", "university", "institution", "institution_id", "id", "学校",
    "学校名称", "名称", "高校", "机构", "单位",
)  # fmt: skip
_AI_UNIT_COLUMNS = ("ai_unit", "ai_school", "人工智能学院")
_ROUND_COLUMNS = ("round", "year", "批次")
_YES, _NO = {"yes", "y", "1", "true", "是", "有"}, {"no", "n", "0", "false", "否", "无"}


@dataclass(frozen=True)
class Listed:
    """One row of the list.

    ``ai_unit`` is yes, no, or empty: unobserved. ``round`` is as the file says.
    """

    row: int
    name: str
    standing: Standing
    institution: Institution | None
    candidates: tuple[str, ...]
    ai_unit: str
    round: str


def read_names(text: str, file: str) -> list[dict[str, str]]:
    """The rows of a list: a CSV with a column of names, or one name a line.

    Raises
    ------
    InputError : nothing in it, or several columns of which none is known to hold names.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    rows = [[cell.strip() for cell in row] for row in reader if any(cell.strip() for cell in row)]
    if not rows:
        raise InputError("the list is empty", where=file, hint="give one name a line")
    header = [cell.casefold() for cell in rows[0]]
    columns = [column for column in _NAME_COLUMNS if column in header]
    if not columns:
        if any(len(row) > 1 for row in rows):
            raise InputError(
                "no column of names was found",
                where=file,
                hint=f"name one of the columns: {', '.join(_NAME_COLUMNS)}",
            )
        return [{"name": row[0]} for row in rows]
    told = []
    for row in rows[1:]:
        cells = dict(zip(header, row, strict=False))
        cells["name"] = next((cells[c] for c in columns if cells.get(c)), "")
        told.append(cells)
    return told


def match_list(rows: list[dict[str, str]], registry: Registry, matcher: Matcher) -> list[Listed]:
    """Each row with the institution of the registry it means, if that is sure."""
    by_name = _names(registry)
    seen: set[str] = set()
    listed = []
    for number, cells in enumerate(rows, 1):
        standing, ids = _find(cells["name"], registry, by_name, matcher.match)
        if standing == "matched" and ids[0] in seen:
            standing = "repeated"
        seen.update(ids if standing == "matched" else ())
        sure = standing in {"matched", "repeated"}
        listed.append(
            Listed(
                row=number,
                name=cells["name"],
                standing=standing,
                institution=registry.institutions[ids[0]] if sure else None,
                candidates=() if sure else ids,
                ai_unit=_yes_or_no(_cell(cells, _AI_UNIT_COLUMNS)),
                round=_cell(cells, _ROUND_COLUMNS),
            )
        )
    return listed


def _find(
    name: str,
    registry: Registry,
    by_name: Mapping[str, tuple[str, ...]],
    match: Callable[..., object],
) -> tuple[Standing, tuple[str, ...]]:
    if name in registry.institutions:
        return "matched", (name,)
    exact = by_name.get(normalise(name), ())
    if len(exact) == 1:
        return "matched", exact
    if exact:
        return "doubtful", exact
    answer = match(name, country="CN")
    ids = tuple(getattr(answer, "institution_ids", ()))
    others = tuple(c.institution_id for c in getattr(answer, "candidates", ()))
    found = tuple(dict.fromkeys((*ids, *others)))
    return ("doubtful", found) if found else ("not found", ())


def _names(registry: Registry) -> dict[str, tuple[str, ...]]:
    """Every name and alias, folded, with the institutions that bear it. A name beats an alias."""
    official: dict[str, dict[str, None]] = defaultdict(dict)
    others: dict[str, dict[str, None]] = defaultdict(dict)
    for row in registry.institutions.values():
        if row.same_as:
            continue
        for name in (row.name_en, row.name_zh):
            if name:
                official[normalise(name)][row.id] = None
        former = (each.name for each in row.former_names)
        for name in (*row.aliases, *row.aliases_conditional, *former):
            others[normalise(name)][row.id] = None
    return {
        name: tuple(sorted(official.get(name) or others[name])) for name in {*official, *others}
    }


def _cell(cells: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((cells[name] for name in names if cells.get(name)), "")


def _yes_or_no(cell: str) -> str:
    folded = cell.casefold()
    return "yes" if folded in _YES else "no" if folded in _NO else ""
