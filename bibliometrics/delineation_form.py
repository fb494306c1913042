"""The form of a delineation check and its key, as CSV texts; see ``delineation``."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Sequence

import pandas as pd

from bibliometrics.errors import InputError
from bibliometrics.firmness.delineation import Drawn, Judged, judged
from bibliometrics.store import harmless

FORM = (
    "sample_id", "title", "source_title", "year", "doi", "abstract", "about", "marked_by",
    "marked_on", "note",
)  # fmt: skip
KEY = ("sample_id", "paper_id", "keywords", "stratum", "probability")
_YES, _NO = ("yes", "y", "1", "是"), ("no", "n", "0", "否")


def form(sample: Iterable[Drawn], papers: pd.DataFrame) -> str:
    """The CSV a marker fills: yes or no under ``about``. We keep no abstracts: the column is there
    for whoever has them."""
    shown = papers.set_index("paper_id")
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(FORM)
    for drawn in sample:
        row = shown.loc[drawn.paper_id]
        cells = ["" if pd.isna(row[c]) else str(row[c]) for c in FORM[1:5]]
        writer.writerow([drawn.sample_id, *map(harmless, cells), "", "", "", "", ""])
    return buffer.getvalue()


def key(sample: Iterable[Drawn]) -> str:
    """The CSV that stays with the study: what was drawn, and with which probability."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(KEY)
    for drawn in sample:
        texts = map(harmless, (drawn.paper_id, drawn.keywords, drawn.stratum))
        writer.writerow([drawn.sample_id, *texts, repr(drawn.probability)])
    return buffer.getvalue()


def read_key(text: str, where: str) -> tuple[Drawn, ...]:
    """The sample back from ``key``. Raises InputError where it is not one."""
    try:
        return tuple(
            Drawn(int(row["sample_id"]), row["paper_id"], row["keywords"], row["stratum"],
                  float(row["probability"]))
            for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        )  # fmt: skip
    except (KeyError, ValueError, TypeError, csv.Error) as error:
        raise InputError(
            "this is not the key of a delineation", where=where, hint="draw the sample again"
        ) from error


def read_marks(text: str, where: str, sample: Sequence[Drawn]) -> tuple[Judged, ...]:
    """The sample with the marks of a filled form; rows nobody has filled count as unmarked.

    Raises
    ------
    InputError : naming every fault of the form at once.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    wanted = ("sample_id", "about", "marked_by", "marked_on")
    missing = [column for column in wanted if column not in (rows.fieldnames or ())]
    if missing:
        raise InputError(
            f"columns are missing: {', '.join(missing)}", where=where, hint="fill the form as it is"
        )
    drawn = {str(row.sample_id): row for row in sample}
    marks: dict[str, tuple[str, str, str]] = {}
    faults: list[str] = []
    for number, row in enumerate(rows, start=2):
        said = (row["about"] or "").strip().casefold()
        if not said:
            continue
        name = (row["sample_id"] or "").strip()
        about = "yes" if said in _YES else "no" if said in _NO else ""
        if name not in drawn:
            faults.append(f"row {number}: {name!r} is not of this sample")
        elif name in marks:
            faults.append(f"row {number}: sample {name} is marked twice")
        if not about:
            faults.append(f"row {number}: about is {said[:40]!r}: write yes or no")
        who, when = (row["marked_by"] or "").strip(), (row["marked_on"] or "").strip()
        if not who:
            faults.append(f"row {number}: marked_by is empty")
        if not _is_day(when):
            faults.append(f"row {number}: marked_on {when!r} is no date (YYYY-MM-DD)")
        marks[name] = about, who, when
    if faults:
        raise InputError(
            "the marks cannot be used:\n" + "\n".join(f"  - {fault}" for fault in faults),
            where=where,
            hint="correct the rows named above",
        )
    return tuple(judged(sample, marks))


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
