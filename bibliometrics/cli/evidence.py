"""The papers behind a number."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bibliometrics.cli import shared
from bibliometrics.errors import EXIT_DONE, InputError

if TYPE_CHECKING:
    from bibliometrics.editions.stored import Stored
    from bibliometrics.paper_lists import PaperList

# Option → its value's name and what it asks for; the names are those of ``PaperList``.
_OF = (
    ("institution", "ID", "papers of an institution or partner"),
    ("country", "CODE", "papers with an address there"),
    ("province", "NAME", "papers of a province's institutions"),
    ("authority", "CODE", "papers of an authority's institutions"),
    ("community", "N", "papers of a community's members"),
    ("keyword", "WORD", "papers that a keyword finds"),
    ("subject", "AREA", "papers filed under a subject area"),
    ("unmatched", "ROW", "papers of a row of tables/unmatched.csv"),
)
_NUMBERS = ("community", "unmatched")
_WRITTEN = (".csv", ".ris")


def register(verbs: shared.Verbs) -> None:
    """Add this command to the parser."""
    papers = verbs.of_edition(
        "papers", _papers, "the papers behind a number",
        "papers cingai-2020 --institution tsinghua-university --year 2019",
    )  # fmt: skip
    of = papers.add_argument_group("of what", "one of these; without any, all papers")
    for name, value, says in _OF:
        kind = int if name in _NUMBERS else str
        of.add_argument(f"--{name}", metavar=value, type=kind, help=says)
    of.add_argument("--decision", choices=("attributed", "unattributed"),
                    help="papers given to an institution of the geography, or to none")  # fmt: skip
    of.add_argument("--list", metavar="LINK", help="what a link of the report names after its #")
    one = papers.add_argument_group("of one institution, or one keyword")
    one.add_argument("--with", dest="other", metavar="ID", help="and this one: the tie's papers")
    one.add_argument("--long", action="store_true",
                     help="a tie's list with the papers that make no tie")  # fmt: skip
    one.add_argument("--rule", metavar="RULE",
                     help="what a counting rule counts, with each paper's weight")  # fmt: skip
    one.add_argument("--first", action="store_true", help="its author is first")
    one.add_argument("--corresponding", action="store_true", help="its author corresponds")
    one.add_argument("--also", metavar="WORD", help="and this keyword")
    one.add_argument("--field", metavar="FIELD", help="the keyword stands there, e.g. title")
    one.add_argument("--only", action="store_true", help="no other keyword finds them")
    one.add_argument("--scheme", metavar="NAME", help="the classification of the subject area")
    any_ = papers.add_argument_group("narrowed")
    any_.add_argument("--year", type=int, help="published then")
    any_.add_argument("--from", dest="since", type=int, metavar="YEAR", help="then or later")
    any_.add_argument("--to", dest="until", type=int, metavar="YEAR", help="then or earlier")
    any_.add_argument("--abroad", action="store_true", help="with a foreign partner")
    any_.add_argument("--retracted", action="store_true", help="marked as retracted")
    papers.add_argument("--out", type=Path, help="file to write instead of printing: .csv or .ris")
    papers.add_argument("--csv", action="store_true", help="print CSV")


def _asked(given: argparse.Namespace) -> PaperList:
    from dataclasses import fields

    from bibliometrics import paper_lists

    parts = {part.name: getattr(given, part.name, None) for part in fields(paper_lists.PaperList)}
    rules = [
        rule for rule in (
            given.rule, "first_author" if given.first else None,
            "corresponding_author" if given.corresponding else None,
        ) if rule
    ]  # fmt: skip
    if len(rules) > 1:
        raise InputError("two counting rules were given", hint="give one of them")
    parts["rule"] = rules[0] if rules else None
    if given.list is not None:
        linked = paper_lists.parse(given.list)
        twice = sorted(name for name in linked if parts[name])
        if twice:
            raise InputError(
                f"--list names {', '.join(twice)}, which an option names too",
                hint="leave one of them out",
            )
        parts |= linked
    return paper_lists.asked_for(parts)


def _papers(given: argparse.Namespace) -> int:
    from bibliometrics import lookup, papers_behind, store
    from bibliometrics.editions import stored

    asked = _asked(given)
    if given.out and given.out.suffix.lower() not in _WRITTEN:
        raise InputError(
            f"--out {given.out}: papers are written as CSV or RIS",
            hint="end the name with .csv or .ris",
        )
    shared.file_to_write(given.out)
    study, _ = shared.study(given.study)
    edition = stored.read(shared.edition(given, study))
    registry = stored.registry_of(edition)
    found = papers_behind.papers_behind(edition.folder, asked, edition.study, registry)
    mark = " (SIMULATED)" if edition.manifest["is_simulated"] else ""
    papers = "1 paper" if len(found) == 1 else f"{len(found):,} papers"
    shared.tell(f"{papers}{_named(asked, edition)}, edition {edition.name}{mark}")
    if asked.rule and len(found):
        shared.tell(f"sum of weights by {asked.rule}: {found['weight'].sum():,.2f}")
    out = papers_behind.left_out(edition.folder, asked, edition.study, registry)
    if out:
        shared.tell(
            f"left out: {out} that make no tie (more than 100 authors, or a list of authors that"
            " the source cut); with them: --long"
        )
    if given.out:
        written = lookup.as_ris if given.out.suffix.lower() == ".ris" else lookup.as_csv
        store.write_text(given.out, written(found))
        shared.tell(f"written: {given.out}")
        return EXIT_DONE
    if given.csv:
        print(lookup.as_csv(found), end="")
        return EXIT_DONE
    for row in found.astype("string").fillna("").to_dict("records"):
        _print({str(key): str(value) for key, value in row.items()}, asked)
    return EXIT_DONE


def _print(row: dict[str, str], asked: PaperList) -> None:
    doi = f"https://doi.org/{row['doi']}" if row["doi"] else ""
    weight = f"weight {float(row['weight']):.4f}" if asked.rule else ""
    where = (row["source_title"], row["paper_id"], doi, weight)
    print(f"{row['year'] or '–'}  {_line(row['title'])}")
    print("      " + "  ".join(_line(part) for part in where if part))
    if not row["affiliations"]:
        return
    strings = (row[name].split(" | ") for name in ("affiliations", "rules"))
    for affiliation, rule in zip(*strings, strict=False):
        print(f"      - {_line(affiliation)}  [{rule}]")


def _named(asked: PaperList, edition: Stored) -> str:
    """The list in words, as it stands before the edition's name."""
    from bibliometrics import lookup, schema
    from bibliometrics.editions import stored

    registry = stored.registry_of(edition)
    table = lookup.read_table(edition.folder, schema.PARTNERS)
    ranked = lookup.read_table(edition.folder, schema.RANKING)
    outside = dict(zip(ranked["institution_id"], ranked["name_en"], strict=True))
    outside |= dict(zip(table["partner_id"], table["name"], strict=True))
    of = asked.of
    value = getattr(asked, of) if of else None
    words = {
        None: "",
        "institution": f" of {lookup.name_of(str(value), registry, outside)}",
        "community": f" of community {value}",
        "keyword": f" with the keyword {value!r}",
        "subject": f" filed under {value!r}",
        "unmatched": f" of row {value} of unmatched.csv",
        "decision": f", {value}",
    }
    parts = [words.get(of, f" of {of} {value}")]
    parts += [f" with {lookup.name_of(asked.other, registry, outside)}"] if asked.other else []
    parts += [f" and {asked.also!r}"] if asked.also else []
    parts += [f" in its {asked.field}"] if asked.field else []
    parts += [", found by no other keyword"] if asked.only else []
    parts += [f" counted by {asked.rule}"] if asked.rule else []
    parts += [f" in {asked.year}"] if asked.year is not None else []
    if asked.since is not None or asked.until is not None:
        first, last = (year if year is not None else "" for year in (asked.since, asked.until))
        parts += [f" in {first}–{last}"]
    parts += [" with a foreign partner"] if asked.abroad else []
    parts += [", marked as retracted"] if asked.retracted else []
    return "".join(parts)


def _line(value: str) -> str:
    """A text of a record on one line: it may hold what a terminal would obey."""
    from bibliometrics.presentation.bilingual import clean

    return clean(value, 300)
