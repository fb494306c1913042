"""The papers behind a number."""

from __future__ import annotations

import argparse
from pathlib import Path

from bibliometrics.cli import shared
from bibliometrics.errors import EXIT_DONE


def register(verbs: shared.Verbs) -> None:
    """Add this command to the parser."""
    papers = verbs.of_edition(
        "papers", _papers, "the papers behind a number",
        "papers cingai-2020 --institution tsinghua-university --year 2019",
    )  # fmt: skip
    papers.add_argument("--institution", required=True, metavar="ID")
    papers.add_argument("--with", dest="with_institution", metavar="ID", help="and this one")
    papers.add_argument("--year", type=int)
    papers.add_argument("--out", type=Path, help="file to write instead of printing: .csv or .ris")


def _papers(given: argparse.Namespace) -> int:
    from bibliometrics import lookup, store
    from bibliometrics.institutions import load_registry

    study, _ = shared.study(given.study)
    edition = shared.edition(given, study)
    other = given.with_institution
    found = lookup.papers_behind(edition, given.institution, other, given.year)
    registry = load_registry()
    name = lookup.name_of(given.institution, registry)
    beside = f" with {lookup.name_of(other, registry)}" if other else ""
    dated = f" in {given.year}" if given.year else ""
    mark = " (SIMULATED)" if (found["source"] == "SIMULATED").any() else ""
    papers = "1 paper" if len(found) == 1 else f"{len(found):,} papers"
    shared.tell(f"{papers} of {name}{beside}{dated}, edition {edition.name}{mark}")
    if given.out:
        written = lookup.as_ris if given.out.suffix.lower() == ".ris" else lookup.as_csv
        store.write_text(given.out, written(found))
        shared.tell(f"written: {given.out}")
        return EXIT_DONE
    for row in found.astype("string").fillna("").to_dict("records"):
        doi = f"https://doi.org/{row['doi']}" if row["doi"] else ""
        where = (row["source_title"], row["paper_id"], doi)
        print(f"{row['year'] or '–'}  {_line(row['title'])}")
        print("      " + "  ".join(_line(part) for part in where if part))
        strings = zip(row["affiliations"].split(" | "), row["rules"].split(" | "), strict=False)
        for affiliation, rule in strings:
            print(f"      - {_line(affiliation)}  [{rule}]")
    return EXIT_DONE


def _line(value: str) -> str:
    """A text of a record on one line: it may hold what a terminal would obey."""
    from bibliometrics.presentation.bilingual import clean

    return clean(value, 300)
