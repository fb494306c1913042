"""What the tests share: a way to write exports by hand, and where real data lies, if it does."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bibliometrics.study.file import load_study
from bibliometrics.study.model import Study

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

HEADER = [
    "Authors", "Author full names", "Author(s) ID", "Title", "Year", "Source title", "DOI", "Link",
    "Affiliations", "Authors with affiliations", "Abstract", "Author Keywords", "Index Keywords",
    "Language of Original Document", "Document Type", "Publication Stage", "Source", "EID",
]  # fmt: skip


def export_row(number: int = 1, **cells: str) -> dict[str, str]:
    """One row of a current export: an article of Tsinghua on machine learning by default."""
    address = "School of Software, Tsinghua University, Beijing, 100084, China"
    return {
        "Authors": "Li W.",
        "Author full names": "Li, Wei (101)",
        "Author(s) ID": "101",
        "Title": f"Machine learning of kind {number}",
        "Year": "2019",
        "Source title": "Invented Journal",
        "DOI": f"10.5555/test.{number}",
        "Link": f"https://www.scopus.com/inward/record.uri?eid=2-s2.0-{number}&partnerID=40",
        "Affiliations": address,
        "Authors with affiliations": f"Li W., {address}",
        "Abstract": "An abstract.",
        "Author Keywords": "",
        "Index Keywords": "",
        "Language of Original Document": "English",
        "Document Type": "Article",
        "Publication Stage": "Final",
        "Source": "Scopus",
        "EID": f"2-s2.0-{number}",
    } | cells


WriteExport = Callable[..., Path]


@pytest.fixture
def write_export(tmp_path: Path) -> WriteExport:
    """Write rows as an export; ``header`` chooses the columns, ``name`` the file."""

    def write(
        rows: Sequence[dict[str, str]],
        name: str = "export.csv",
        header: Sequence[str] = HEADER,
        start: str = "\ufeff",
        line_end: str = "\r\n",
    ) -> Path:
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator=line_end)
        writer.writerow(header)
        writer.writerows([row.get(column, "") for column in header] for row in rows)
        path = tmp_path / name
        path.write_bytes((start + out.getvalue()).encode())
        return path

    return write


@pytest.fixture
def flagship() -> Study:
    return load_study(ROOT / "queries" / "cingai-2020.toml")


def with_options(study: Study, **sections: dict[str, object]) -> Study:
    """``study`` with some options of some sections changed, validated anew."""
    raw = study.model_dump()
    for section, options in sections.items():
        raw[section] |= options
    return Study.model_validate(raw)


def shared(path: str) -> Path:
    """A file of the real data, or a skip that says it is absent."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"real data is not here: shared/{path}")
    return found
