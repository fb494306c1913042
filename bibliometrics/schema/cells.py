"""Text cells of the files we write, which people open in spreadsheets and give back to us."""

from __future__ import annotations

# A spreadsheet runs a cell that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """A text cell that no spreadsheet runs: an apostrophe before what would be a formula.

    A carriage return becomes a line feed: CSV readers do not agree on a bare one.
    """
    safe = f"'{cell}" if cell.startswith(_FORMULA) else cell
    return safe.replace("\r\n", "\n").replace("\r", "\n") if "\r" in safe else safe


def as_it_was(cell: str) -> str:
    """A text cell as it was before ``harmless`` guarded it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
