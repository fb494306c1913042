"""Whose a string is: match, explain, review."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from bibliometrics.cli import shared
from bibliometrics.errors import EXIT_DONE


def register(verbs: shared.Verbs) -> None:
    """Add these commands to the parser."""
    match = verbs.add("match", _match, "attribute a CSV of affiliations, no study needed",
                      "match affiliations.csv --out matched.csv")  # fmt: skip
    match.add_argument("file", type=Path, metavar="FILE", help="CSV with a column affiliation")
    match.add_argument("--out", type=Path, required=True, help="CSV to write")
    explain = verbs.add(
        "explain", _explain, "one affiliation: the decision, its rule, who lost and why",
        'explain "Dept. of Physics, Peking Univ., Beijing, China"',
    )  # fmt: skip
    explain.add_argument("affiliation", metavar="AFFILIATION")
    explain.add_argument("--country", help="ISO code or name, where the string has none")
    explain.add_argument("--city")
    explain.add_argument("--year", type=int)
    review = verbs.of_edition(
        "review", _review, "the strings without an institution, by papers, and how to settle them",
        "review cingai-2020 --out queries/cingai-2020.decisions.csv",
    )  # fmt: skip
    review.add_argument("--top", type=int, default=20, help="how many to print (default 20)")
    review.add_argument("--out", type=Path, help="write the queue as a form to fill")


def _match(given: argparse.Namespace) -> int:
    from bibliometrics.attribution import Matcher
    from bibliometrics.attribution.batch import match_file
    from bibliometrics.institutions import load_registry

    tally = match_file(given.file, given.out, Matcher(load_registry()))
    counted = ", ".join(f"{number} {decision}" for decision, number in sorted(tally.items()))
    shared.tell(f"{given.out}: {counted}")
    return EXIT_DONE


def _explain(given: argparse.Namespace) -> int:
    from bibliometrics.attribution import Matcher
    from bibliometrics.attribution.explain import explain
    from bibliometrics.institutions import load_registry

    registry = load_registry()
    answer = Matcher(registry).match(
        given.affiliation, country=given.country, city=given.city, year=given.year
    )
    print(explain(answer, registry, affiliation=given.affiliation))
    return EXIT_DONE


def _review(given: argparse.Namespace) -> int:
    from bibliometrics import lookup, schema, store

    study, path = shared.study(given.study)
    edition = shared.edition(given, study)
    queue = lookup.read_table(edition, schema.UNMATCHED)
    shown = queue.head(given.top)
    print(f"{len(queue)} strings without an institution, {edition.name}; the largest {len(shown)}:")
    for row in shown.itertuples(index=False):
        print(f"{row.papers:>6} papers ({row.papers_uncounted} counted nowhere)  {row.affiliation}")
        if isinstance(row.candidates, str):
            print(f"{'':>7}candidates: {row.candidates}")
    agreement = lookup.read_table(edition, schema.AGREEMENT)
    differ = agreement[agreement["agrees"] == "no"]
    if len(differ):
        print(f"{len(differ)} papers whose institutions differ between two databases; the first:")
        for row in differ.head(given.top).itertuples(index=False):
            ours, theirs = row.institution_ids, row.institution_ids_other
            print(f"  {row.paper_id}: {ours}  |  {row.database}: {theirs}")
    beside = path.with_suffix(".decisions.csv")
    if given.out:
        store.write_text(given.out, lookup.review_form(queue))
        print(f"to settle them: fill {given.out} and save it as {beside}")
    else:
        again = shared.again(given, edition.name)
        print(f"to settle them: bibliometrics review {again} --out {shlex.quote(str(beside))}")
    return EXIT_DONE
