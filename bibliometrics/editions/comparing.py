"""Two editions on disk compared, and the comparison put beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bibliometrics import __version__, schema, store
from bibliometrics.comparison import Comparison, compare
from bibliometrics.editions import stored
from bibliometrics.errors import EditionError
from bibliometrics.presentation.comparison import Facts, render_comparison

FOLDER = "comparisons"


@dataclass(frozen=True)
class Compared:
    """A comparison, the folder it was written to, and that of the later edition."""

    comparison: Comparison
    folder: Path


def compare_editions(before: Path, after: Path) -> Compared:
    """Compare two editions of one study and write the page and its tables.

    They go to ``comparisons/<before>--<after>`` beside the later edition; a comparison that is
    there already is written anew, with the same bytes if nothing has changed.

    Raises
    ------
    EditionError : the editions are of two studies, or one of them cannot be read.
    """
    old, new = stored.read(before), stored.read(after)
    if old.study.name != new.study.name:
        raise EditionError(
            f"these are editions of two studies, {old.study.name} and {new.study.name}",
            hint="compare two editions of one study",
        )
    found = compare(stored.side(old), stored.side(new))
    facts = Facts(
        study=new.study.name,
        title_en=new.study.study.title_en,
        title_zh=new.study.study.title_zh,
        before=found.before,
        after=found.after,
        is_simulated=found.is_simulated,
        papers=found.papers,
        causes=found.players,
        untestable=found.untestable,
        software=f"bibliometrics {__version__}",
    )
    folder = after.parent / FOLDER / f"{old.name}--{new.name}"
    for table in schema.COMPARISON_TABLES:
        store.write_table(folder / "tables", found.tables[table.name], table)
    store.write_text(folder / "comparison.html", render_comparison(facts, found.tables))
    return Compared(found, folder)
