"""Editions made from rows by hand, and the comparison of two of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bibliometrics.attribution import HumanDecision
from bibliometrics.comparison import Comparison, compare
from bibliometrics.editions import making as editions
from bibliometrics.editions import stored
from bibliometrics.pipeline import Plan, open_inputs
from bibliometrics.study.model import Study
from conftest import WriteExport, export_row, with_options

TSINGHUA = "School of Software, Tsinghua University, Beijing, 100084, China"
HARBIN = "School of Astronautics, Harbin Institute of Technology, Harbin, 150001, China"
FUDAN = "School of Computer Science, Fudan University, Shanghai, 200433, China"


def paper(number: int, *addresses: str, **cells: str) -> dict[str, str]:
    """A row whose authors sign an address each."""
    names = [f"A{place}" for place in range(len(addresses))]
    return export_row(
        number,
        **{
            "Authors": "; ".join(f"{name} X." for name in names),
            "Author(s) ID": "; ".join(str(place) for place in range(len(addresses))),
            "Affiliations": "; ".join(dict.fromkeys(addresses)),
            "Authors with affiliations": "; ".join(
                f"{name} X., {address}" for name, address in zip(names, addresses, strict=True)
            ),
        }
        | cells,
    )


class Editions:
    """Makes editions of one study in a folder and compares them."""

    def __init__(self, folder: Path, write: WriteExport, study: Study) -> None:
        self._out = folder / "out"
        self._write = write
        self._study = with_options(study, thresholds={"rank_floor": 1})

    def make(
        self,
        name: str,
        rows: Sequence[dict[str, str]],
        decisions: tuple[HumanDecision, ...] = (),
        **options: dict[str, object],
    ) -> Path:
        study = with_options(self._study, **options)
        path = self._write(rows, name=f"{name}.csv")
        plan = Plan(study, name, open_inputs([path]), decisions=decisions)
        return editions.run(plan, self._out).folder

    def compare(self, before: Path, after: Path) -> Comparison:
        return compare(stored.side(stored.read(before)), stored.side(stored.read(after)))


def parts(found: Comparison, figure: str = "papers") -> dict[str, dict[str, float]]:
    """institution → cause → part, those that are not zero."""
    told: dict[str, dict[str, float]] = {}
    frame = found.tables["change_parts"]
    for row in frame[frame["figure"] == figure].itertuples(index=False):
        if row.part:
            told.setdefault(row.institution_id, {})[row.cause] = float(row.part)
    return told
