"""A file of affiliation strings in, the same file with its attributions out."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from bibliometrics.attribution.matching import Matcher
from bibliometrics.attribution.model import Attribution
from bibliometrics.attribution.place import country_code
from bibliometrics.errors import InputError

ADDED = ("institution_ids", "decision", "rule", "evidence")
_FIELDS = ("affiliation", "country", "city", "year", "afid")
_DECISIONS = ("matched", "ambiguous", "out_of_scope", "unmatched")
BLANK = "empty lines left out"
_FIELD_LIMIT = 10_000_000


def match_file(source: Path, out: Path, matcher: Matcher) -> dict[str, int]:
    """Attribute every row of a CSV and write the rows with `ADDED` behind them.

    `source`: UTF-8 CSV (a byte order mark is allowed) with a column `affiliation` and, where
    present, `country`, `city`, `year`, `afid`; other columns are kept as they are. Returns the
    number of rows by decision, and of empty lines left out, if there are any. Raises InputError
    naming file, row and field.
    """
    header, rows = _read(source)
    columns = {name: header.index(name) for name in _FIELDS if name in header}
    if "affiliation" not in columns:
        raise InputError(
            "there is no column named affiliation",
            where=source.name,
            hint="name the column that holds the strings `affiliation`",
        )
    taken = [name for name in header if name in ADDED]
    if taken:
        raise InputError(
            f"the columns {', '.join(taken)} are there already, and would be overwritten",
            where=source.name,
            hint="rename them, or take the file without them",
        )
    if out.exists() and out.samefile(source):
        raise InputError(
            "the file to write is the file to read", where=out.name, hint="give another --out"
        )
    keep = range(len(header))
    answers: dict[tuple[str, ...], Attribution] = {}
    counts = dict.fromkeys(_DECISIONS, 0)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*(header[i] for i in keep), *ADDED])
    for number, row in enumerate(rows, start=2):
        if not row and len(header) == 1:
            row = [""]  # noqa: PLW2901 - an empty line is an empty string, where a row is one string
        if not row:
            counts[BLANK] = counts.get(BLANK, 0) + 1
            continue
        if len(row) != len(header):
            raise InputError(
                f"{len(row)} cells where the header has {len(header)}",
                where=f"{source.name}, row {number}",
                hint="quote cells that hold commas",
            )
        cells = tuple(row[i] for i in columns.values())
        answer = answers.get(cells)
        if answer is None:
            fields = dict(zip(columns, cells, strict=True))
            answer = _attribute(fields, matcher, f"{source.name}, row {number}")
            answers[cells] = answer
        counts[answer.decision] += 1
        writer.writerow(
            [*(row[i] for i in keep), "|".join(answer.institution_ids), answer.decision,
             answer.rule, answer.evidence]
        )  # fmt: skip
    # Whole or not at all: what lay there before stays until the new file is complete.
    partial = out.with_name(f".{out.name}.partial")
    partial.write_text(buffer.getvalue(), encoding="utf-8", newline="")
    partial.replace(out)
    return counts


def _attribute(fields: dict[str, str], matcher: Matcher, where: str) -> Attribution:
    country = fields.get("country", "").strip()
    if country and country_code(country) is None:
        raise InputError(
            f"{country[:60]!r} is no country",
            where=f"{where}, field country",
            hint="give a country's English name or its two-letter ISO code, or leave it empty",
        )
    year = fields.get("year", "").strip()
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise InputError(
            f"{year[:60]!r} is no year", where=f"{where}, field year", hint="four digits, or empty"
        )
    return matcher.match(
        fields["affiliation"],
        country=country or None,
        city=fields.get("city", "").strip() or None,
        year=int(year) if year else None,
        afid=fields.get("afid", "").strip() or None,
    )


def _read(source: Path) -> tuple[list[str], list[list[str]]]:
    try:
        text = source.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            "the file cannot be read", where=source.name or str(source), hint="check the path"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            "the file is not UTF-8", where=source.name, hint="save it as UTF-8 CSV"
        ) from error
    previous = csv.field_size_limit(_FIELD_LIMIT)
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise InputError(f"no CSV: {error}", where=source.name, hint="save it as CSV") from error
    finally:
        csv.field_size_limit(previous)
    while rows and not rows[0]:
        rows.pop(0)
    if not rows:
        raise InputError("the file is empty", where=source.name, hint="give a CSV with a header")
    repeated = [name for name, times in Counter(rows[0]).items() if times > 1]
    if repeated:
        raise InputError(
            f"columns stand twice: {', '.join(repeated)}", where=source.name, hint="rename one"
        )
    return rows[0], rows[1:]
