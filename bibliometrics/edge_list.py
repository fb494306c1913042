"""Reading a weighted network from CSV: a list of ties, or a square matrix."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bibliometrics.errors import InputError

COLUMNS = ("source", "target", "weight")
_FIELD_LIMIT = 1_000_000
_SHOWN = 5
_HINT = (
    "give a CSV with the columns source,target,weight, or a square matrix whose columns stand in"
    " the order of its rows"
)

Pair = tuple[str, str]
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Edges:
    """An undirected network as read: ``weight`` by pair (smaller name first), each above zero.

    ``nodes`` holds every name, those without a tie too; ``told`` says what was made of rows that
    are not plainly a tie.
    """

    nodes: tuple[str, ...]
    weight: dict[Pair, float]
    told: tuple[str, ...]

    @property
    def columns(self) -> tuple[list[str], list[str], list[float]]:
        """Sources, targets and weights, in order."""
        rows = sorted(self.weight.items())
        return [a for (a, _), _ in rows], [b for (_, b), _ in rows], [w for _, w in rows]


def read_edges(path: Path) -> Edges:
    """The network in ``path``.

    A list may name a tie more than once: its weights are added, and it is told. Where every tie
    stands once in each direction with one weight, the list is a symmetric matrix written out, and
    each counts once. A tie of weight zero is none; a tie of a node with itself is left out.

    Raises
    ------
    InputError : no CSV of these forms, or rows that are wrong, each with its place.
    """
    header, rows = read_csv(path)
    lowered = [name.strip().lower() for name in header]
    if all(name in lowered for name in COLUMNS):
        return _from_list(path.name, lowered, rows)
    if any(name in lowered for name in COLUMNS):
        lacking = ", ".join(name for name in COLUMNS if name not in lowered)
        raise InputError(f"there is no column {lacking}", where=path.name, hint=_HINT)
    return _from_matrix(path.name, header, rows)


@dataclass(frozen=True)
class Totals:
    """A number for each name, and the columns they were read from."""

    value: dict[str, float]
    name: str
    column: str


def read_totals(path: Path, name: str | None, column: str | None) -> Totals:
    """Totals by name: the columns asked for, else those that their content tells.

    Raises
    ------
    InputError : no such column, more than one that may be meant, or rows that are wrong.
    """
    header, rows = read_csv(path)
    known = f"columns: {', '.join(header)}"
    for asked in (name, column):
        if asked is not None and header.count(asked) != 1:
            raise InputError(f"there is no one column {asked!r}", where=path.name, hint=known)
    meant = [head for head in header if "international" in head.lower()]
    if column is None and len(meant) != 1:
        raise InputError(
            f"{len(meant)} columns may hold the internationally co-authored papers",
            where=path.name,
            hint=f"name one by --column; {known}",
        )
    column = column or meant[0]
    name = name or next((head for head in header if _has_names(rows, header.index(head))), None)
    if name is None:
        raise InputError("no column holds names", where=path.name, hint=f"give --name; {known}")
    places, numbers = header.index(name), header.index(column)
    value: dict[str, float] = {}
    faults = []
    for line, row in rows:
        called = row[places].strip()
        if not called or called in value:
            faults.append(f"row {line}, field {name}: {called!r} is empty or stands twice")
            continue
        try:
            value[called] = _weight(row[numbers])
        except ValueError as error:
            faults.append(f"row {line}, field {column}: {error}")
    _refuse(path.name, faults, "one row a place, with its number of papers")
    return Totals(value, name, column)


def _has_names(rows: Sequence[Row], place: int) -> bool:
    """Whether a column tells its rows apart by words: not by numbers, nor by codes like r001."""
    cells = [row[place].strip() for _, row in rows]
    return len(set(cells)) == len(cells) and any(re.search(r"[^\W\d_]{2}", cell) for cell in cells)


def read_csv(path: Path) -> tuple[list[str], list[Row]]:
    """Header and rows (with their line) of a CSV whose rows are all as long as its header.

    Raises
    ------
    InputError : not there, not UTF-8, no CSV, empty, or a row of another length.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 at byte {error.start}", where=path.name, hint="save it as UTF-8 CSV"
        ) from error
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", where=path.name, hint="check the path"
        ) from error
    previous = csv.field_size_limit(_FIELD_LIMIT)
    try:
        reader = csv.reader(io.StringIO(text, newline=""))
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise InputError(f"no CSV: {error}", where=path.name, hint=_HINT) from error
    finally:
        csv.field_size_limit(previous)
    if not rows:
        raise InputError("the file is empty", where=path.name, hint=_HINT)
    (_, header), *rest = rows
    faults = [
        f"row {line}: {len(row)} cells where the header has {len(header)}"
        for line, row in rest
        if len(row) != len(header)
    ]
    _refuse(path.name, faults, "quote cells that hold commas")
    return header, rest


def _refuse(name: str, faults: Sequence[str], hint: str) -> None:
    if faults:
        more = f"\n  and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        listed = "\n".join(f"  {fault}" for fault in faults[:_SHOWN])
        what = f"{len(faults)} row{'s' if len(faults) > 1 else ''} cannot be used\n{listed}{more}"
        raise InputError(what, where=name, hint=hint)


def _weight(cell: str) -> float:
    """A finite number not below zero; raises ValueError with what is wrong."""
    shown = cell.strip()
    try:
        value = float(shown)
    except ValueError:
        raise ValueError(f"{shown[:40]!r} is no number") from None
    if not math.isfinite(value) or "_" in shown:
        raise ValueError(f"{shown[:40]!r} is no finite number")
    if value < 0:
        raise ValueError(f"{shown[:40]!r} is below zero")
    return value


def _from_list(name: str, header: list[str], rows: Sequence[Row]) -> Edges:
    twice = [column for column in COLUMNS if header.count(column) > 1]
    if twice:
        raise InputError(
            f"columns stand twice: {', '.join(twice)}", where=name, hint="rename one of them"
        )
    places = [header.index(column) for column in COLUMNS]
    faults: list[str] = []
    ties: list[tuple[str, str, float]] = []
    for line, row in rows:
        source, target, cell = (row[place].strip() for place in places)
        faults += [
            f"row {line}, field {field}: is empty"
            for field, value in (("source", source), ("target", target))
            if not value
        ]
        try:
            ties.append((source, target, _weight(cell)))
        except ValueError as error:
            faults.append(f"row {line}, field weight: {error}")
    _refuse(name, faults, "each row names two nodes and a weight, a number of zero or more")
    return _network(ties)


def _from_matrix(name: str, header: list[str], rows: Sequence[Row]) -> Edges:
    first = len(header) - len(rows)
    if not rows or first < 1:
        raise InputError(
            f"neither a list of ties nor a square matrix: {len(header)} columns, {len(rows)} rows",
            where=name,
            hint=_HINT,
        )
    labels = [row[first - 1].strip() for _, row in rows]
    faults = [
        f"row {line}: {label!r} stands in the place of column {column!r}"
        for (line, _), label, column in zip(rows, labels, header[first:], strict=True)
        if not _same(label, column)
    ]
    faults += [f"row {line}: has no name" for (line, _), label in zip(rows, labels) if not label]
    faults += [f"{label!r} names {labels.count(label)} rows" for label in _repeated(labels)]
    _refuse(name, faults, _HINT)
    values: list[list[float]] = []
    for line, row in rows:
        values.append([])
        for column, cell in zip(header[first:], row[first:], strict=True):
            try:
                values[-1].append(_weight(cell) if cell.strip() else 0.0)
            except ValueError as error:
                faults.append(f"row {line}, field {column}: {error}")
    _refuse(name, faults, "cells are numbers of zero or more; empty means zero")
    places = range(len(labels))
    above = any(values[i][j] for i in places for j in places if i < j)
    below = any(values[i][j] for i in places for j in places if i > j)
    if above and below:
        faults = [
            f"row {rows[i][0]}: {values[i][j]:g} with {labels[j]!r}, whose own row says"
            f" {values[j][i]:g}"
            for i in places
            for j in places
            if i < j and values[i][j] != values[j][i]
        ]
        _refuse(name, faults, "a tie has no direction here: make the matrix symmetric")
    ties = [
        (labels[i], labels[j], max(values[i][j], values[j][i]))
        for i in places
        for j in range(i, len(labels))
    ]
    read = _network(ties, zeros_told=False)
    half = "symmetric" if above and below else "triangular"
    return Edges(
        read.nodes, read.weight, (f"read as a {half} matrix of {len(labels)} nodes", *read.told)
    )


def _repeated(labels: Sequence[str]) -> list[str]:
    return sorted({label for label in labels if label and labels.count(label) > 1})


def _same(label: str, column: str) -> bool:
    """Whether a column's header is a row's name, as written or as a machine shortens names."""
    plain = [re.sub(r"[^a-z0-9]+", " ", text.lower()).strip() for text in (label, column)]
    return label == column.strip() or (plain[0] == plain[1] != "")


def _network(ties: Sequence[tuple[str, str, float]], zeros_told: bool = True) -> Edges:
    nodes: set[str] = set()
    there: dict[Pair, list[float]] = defaultdict(list)
    back: dict[Pair, list[float]] = defaultdict(list)
    loops, zeros = set(), 0
    for source, target, weight in ties:
        nodes |= {source, target}
        if source == target:
            if weight:
                loops.add(source)
        elif weight == 0:
            zeros += 1
        elif source < target:
            there[source, target].append(weight)
        else:
            back[target, source].append(weight)
    told = []
    mirrored = bool(there) and there.keys() == back.keys()
    if mirrored and all(len(there[p]) == len(back[p]) == 1 for p in there) and there == back:
        total = {pair: weights[0] for pair, weights in there.items()}
        told.append(
            f"every tie stands in both directions with one weight: {len(total)} ties, each once"
        )
    else:
        total = {
            pair: math.fsum(sorted(there.get(pair, []) + back.get(pair, [])))
            for pair in there.keys() | back.keys()
        }
        rows = sum(map(len, there.values())) + sum(map(len, back.values()))
        if rows > len(total):
            again = rows - len(total)
            told.append(
                f"{_rows(again)} {'names' if again == 1 else 'name'} a tie again: weights are added"
            )
    if loops:
        who = (
            "1 node has a tie with itself"
            if len(loops) == 1
            else (f"{len(loops)} nodes have a tie with themselves")
        )
        told.append(f"{who}: left out")
    if zeros and zeros_told:
        told.append(f"{_rows(zeros)} {'has' if zeros == 1 else 'have'} the weight zero: no tie")
    return Edges(tuple(sorted(nodes)), total, tuple(told))


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number} rows"
