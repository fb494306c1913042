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
    papers.add_argument("--out", type=Path, help="CSV to write instead of printing")


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
    mark = " (SIMULATED)" if (found["source"] == "SIMULATED").any() else ""
    shared.tell(f"{len(found)} papers of {name}{beside}, edition {edition.name}{mark}")
    if given.out:
        store.write_text(given.out, lookup.as_csv(found))
        return EXIT_DONE
    for row in found.itertuples(index=False):
        doi = f" doi:{row.doi}" if isinstance(row.doi, str) else ""
        print(f"{row.year}  {row.paper_id}  {row.title}{doi}\n{'':>6}{row.affiliations}")
    return EXIT_DONE
