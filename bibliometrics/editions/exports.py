"""What other programs read of an edition: tables as CSV and as a workbook, and figures."""

from __future__ import annotations

from pathlib import Path

from bibliometrics import schema, store
from bibliometrics.edition import Edition
from bibliometrics.presentation.figures import render_figures
from bibliometrics.workbook import workbook


def write_exports(folder: Path, edition: Edition) -> None:
    """``tables/``, ``tables.xlsx`` and ``figures/`` of ``edition`` into its ``folder``."""
    for table in schema.EDITION_TABLES:
        store.write_table(folder / "tables", edition.tables[table.name], table)
    store.write_bytes(folder / "tables.xlsx", workbook(edition))
    for name, content in render_figures(edition).items():
        store.write_bytes(folder / "figures" / name, content)
