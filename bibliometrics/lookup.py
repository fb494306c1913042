"""Answers about one edition on disk: its tables, lists of papers as files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
import rispy

from bibliometrics import schema, store
from bibliometrics.attribution.institutions import Registry
from bibliometrics.errors import EditionError

# Line ends and control characters would end a field of RIS, or begin another.
_PLAIN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Types of RIS by what sources call a document, in lower case; what is none of these is general.
_RIS_TYPES = {
    "article": "JOUR", "ar": "JOUR", "review": "JOUR", "re": "JOUR", "letter": "JOUR",
    "editorial": "JOUR", "note": "JOUR", "short survey": "JOUR", "data paper": "JOUR",
    "journal article": "JOUR", "article in press": "JOUR",
    "conference paper": "CPAPER", "cp": "CPAPER", "proceedings paper": "CPAPER",
    "proceedings-article": "CPAPER",
    "book": "BOOK", "bk": "BOOK", "book chapter": "CHAP", "book-chapter": "CHAP", "ch": "CHAP",
    "dissertation": "THES", "dataset": "DATA", "preprint": "UNPB",
}  # fmt: skip


def read_table(edition: Path, table: schema.Table) -> pd.DataFrame:
    """A table of an edition as text and numbers."""
    path = edition / "tables" / table.file_name
    if not path.is_file():
        raise EditionError(f"the edition holds no {path.name}", hint="run the study again")
    dtypes = {c.name: "string" for c in table.columns if c.kind == "text"}
    return pd.read_csv(path, dtype=dtypes, keep_default_na=False, na_values={
        c.name: [""] for c in table.columns
    })  # fmt: skip


def name_of(institution: str, registry: Registry, outside: Mapping[str, str]) -> str:
    """English and Chinese name of a registry id, else that of ``outside``, else the id itself."""
    known = registry.institutions.get(institution)
    if known is None:
        return outside.get(institution, institution)
    return f"{known.name_en} {known.name_zh}".strip()


def as_csv(found: pd.DataFrame) -> str:
    """Papers as CSV, text cells made harmless to spreadsheets."""
    return csv_of(
        [str(name) for name in found.columns],
        (["" if pd.isna(cell) else str(cell) for cell in row] for row in found.to_numpy()),
    )


def as_ris(found: pd.DataFrame) -> str:
    """Papers as RIS, for reference managers.

    The type is the document's where the source tells it, else general (GEN). No authors: an edition
    keeps no names of persons. A simulated paper says so in its database and in a note.
    """
    rows = []
    for paper in found.astype("string").fillna("").to_dict("records"):
        told = {key: _PLAIN.sub(" ", value).strip() for key, value in paper.items()}
        fields = {
            "id": told["paper_id"],
            "title": told["title"],
            "secondary_title": told["source_title"],
            "year": told["year"],
            "doi": told["doi"],
            "name_of_database": told["source"],
        }
        kind = _RIS_TYPES.get(told.get("document_type", "").lower(), "GEN")
        links = [f"https://doi.org/{told['doi']}"] if told["doi"] else []
        notes = ["SIMULATED: no real paper"] if told["source"] == "SIMULATED" else []
        kept = {key: value for key, value in fields.items() if value}
        rows.append({"type_of_reference": kind, **kept, "urls": links, "notes": notes})
    return str(rispy.dumps(rows))


def csv_of(header: list[str], rows: Iterable[list[str]]) -> str:
    """Rows of text as CSV, made harmless to spreadsheets."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([store.harmless(cell) for cell in row] for row in rows)
    return out.getvalue()
