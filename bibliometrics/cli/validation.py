"""Published claims against an edition, and lists against their constraints."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bibliometrics.cli import shared
from bibliometrics.errors import EXIT_DONE, EXIT_FINDINGS, EditionError, InputError

if TYPE_CHECKING:
    import pandas as pd

    from bibliometrics.attribution.institutions import Registry
    from bibliometrics.lists.constraints import Constraint
    from bibliometrics.lists.given import Listed
    from bibliometrics.lists.proposal import Problem
    from bibliometrics.schema import Table
    from bibliometrics.study.model import Study

_SIMULATED = "SIMULATED"
# The country whose lists the carried constraints are about.
_CARRIED_OF = "CN"


def register(verbs: shared.Verbs) -> None:
    """Add this command to the parser."""
    add = verbs.of_edition(
        "validate", _validate, "published claims against computed figures; lists against theirs",
        "validate cingai-2020 --list universities.csv",
    )  # fmt: skip
    add.add_argument("--claim", metavar="ID", help="one claim, with the words of the report")
    add.add_argument("--consistency", action="store_true", help="the report against itself")
    add.add_argument("--list", type=Path, metavar="FILE", dest="names", help="a list of names")
    add.add_argument("--of", default="ai_universities", metavar="LIST",
                     help="whose constraints: ai_universities, institutes, majors, …")  # fmt: skip
    add.add_argument("--propose", action="store_true", help="the family of lists that satisfy them")
    add.add_argument("--constraints", type=Path, metavar="FILE", help="other constraints (CSV)")
    add.add_argument(
        "--tolerance", type=shared.number(0, 1), default=0.01, help="of the criterion; 0.01"
    )
    add.add_argument(
        "--draws",
        type=shared.whole(1),
        default=100,
        metavar="N",
        help="perturbations of the criterion; 100",
    )
    add.add_argument("--spread", type=shared.number(0), default=0.25, help="their spread; 0.25")
    add.add_argument("--seed", type=int, default=2020, help="of the perturbations; 2020")
    add.add_argument(
        "--least-papers",
        type=shared.whole(0),
        default=1,
        metavar="N",
        help="papers a candidate must have; 1",
    )
    add.add_argument("--patents", type=Path, metavar="FILE", help="CSV: assignee, number, year")
    add.add_argument("--out", type=Path, metavar="FOLDER", help="write the tables there, too")
    add.add_argument("--strict", action="store_true", help="exit 1 where a verdict is against it")


def _validate(given: argparse.Namespace) -> int:
    study, path = shared.study(given.study)
    shared.folder_to_write(given.out)
    asked = {
        "--claim": given.claim,
        "--consistency": given.consistency,
        "--propose": given.propose,
        "--list or --patents": not given.propose and (given.names or given.patents),
    }
    together = [name for name, value in asked.items() if value]
    if len(together) > 1:
        raise InputError(f"{' and '.join(together)} were given together", hint="ask one at a time")
    if given.propose and given.patents:
        raise InputError(
            "--propose makes nothing of patents", hint="give --patents with --list, or alone"
        )
    if given.propose:
        return _propose(given, study, path)
    if given.names or given.patents:
        return _list(given, study, path)
    folder = shared.edition(given, study)
    if given.consistency:
        return _consistency(given, folder)
    return _claims(given, folder)


def _table(folder: Path, name: str) -> pd.DataFrame:
    from bibliometrics import lookup, schema

    return lookup.read_table(folder, next(t for t in schema.EDITION_TABLES if t.name == name))


def _rows(frame: pd.DataFrame) -> list[dict[str, str]]:
    """The rows of a table as text, unknown as nothing, without what guards spreadsheets."""
    from bibliometrics import store

    shown = frame.astype(object).where(frame.notna(), "")
    return [
        {str(k): store.as_it_was(str(v)) for k, v in row.items()}
        for row in shown.to_dict("records")
    ]


def _mark(source: str) -> str:
    if source != _SIMULATED:
        return ""
    return "SIMULATED records: these verdicts test the program; they say nothing about the report\n"


def _claims(given: argparse.Namespace, folder: Path) -> int:
    from bibliometrics import schema
    from bibliometrics.claims.verdicts import NOT_COMPUTABLE, REPRODUCED, summary

    claims = _table(folder, "claims")
    if claims.empty:
        raise InputError(
            "this study has no claims to compare",
            hint="lay <study>.claims.csv beside the study (docs/claims.md), then run again",
        )
    source = str(claims["source"].iloc[0])
    print(_mark(source), end="")
    if given.claim:
        return _one_claim(claims, given.claim)
    _write(given, schema.CLAIMS, claims)
    prefix = f"{_SIMULATED} · " if source == _SIMULATED else ""
    for row in _rows(claims):
        if row["verdict"] == NOT_COMPUTABLE:
            continue
        beside = f"  [{row['stability']}]" if row["stability"] else ""
        figures = f"{row['published']:>11} {row['computed']:>12} {row['difference']:>22}"
        print(f"{row['claim_id']:<24} {figures}  {prefix}{row['verdict']}{beside}")
        if row["note"] and row["verdict"] != REPRODUCED:
            print(f"{'':<24} {row['note']}")
    absent = claims[claims["verdict"] == NOT_COMPUTABLE]
    for needs, rows in absent.groupby("note", sort=True):
        print(f"{NOT_COMPUTABLE}: {len(rows)} claims, {needs}")
    _search(folder)
    print("\n" + ", ".join(f"{number} {name}" for name, number in summary(claims)))
    failed = claims["verdict"].isin(["not reproduced", "not identifiable"]).any()
    return EXIT_FINDINGS if given.strict and failed else EXIT_DONE


def _one_claim(claims: pd.DataFrame, claim_id: str) -> int:
    found = claims[claims["claim_id"] == claim_id]
    if found.empty:
        raise InputError(
            f"there is no claim {claim_id!r}", hint="without --claim, validate lists them all"
        )
    for name, value in _rows(found)[0].items():
        if value:
            print(f"{name:>14}  {value.removesuffix('.0') if name.startswith('count') else value}")
    return EXIT_DONE


def _search(folder: Path) -> None:
    for name in ("total_meanings", "claim_cuts"):
        for says in _table(folder, name)["says_en"]:
            print(f"  {says}")
    for row in _rows(_table(folder, "choice_search")):
        print(f"{float(row['value']):>10g}  {row['says_en']}")
    options = _table(folder, "choice_options")
    fitting = options[options["fitting"] > 0].sort_values(["dimension", "option"])
    for row in _rows(fitting):
        part = float(row["share_of_fitting"])
        print(f"{part:>10.0%}  of the fitting hold {row['dimension']} = {row['option']}")


def _consistency(given: argparse.Namespace, folder: Path) -> int:
    from bibliometrics import schema

    checks = _table(folder, "consistency")
    if checks.empty:
        raise InputError(
            "this study's claims carry no checks", hint="only the carried report has them"
        )
    _write(given, schema.CONSISTENCY, checks)
    for row in _rows(checks):
        stated = row["stated"] or "not stated"
        told = f"{row['statement']}: {stated}; {row['computed']} ({row['basis']})"
        print(f"{row['verdict']:<17} {row['check_id']:<24} {told}")
    counts = checks.groupby("verdict").size()
    print("\n" + ", ".join(f"{number} {name}" for name, number in counts.items()))
    wrong = checks["verdict"].isin(["contradiction", "not_integral"]).any()
    return EXIT_FINDINGS if given.strict and wrong else EXIT_DONE


@dataclass(frozen=True)
class _Edition:
    """What a list is held against: the ranking of an edition, or nothing."""

    folder: Path | None
    ranking: pd.DataFrame | None
    source: str

    @property
    def papers(self) -> dict[str, int] | None:
        """Papers of every institution of the geography, listed by the study or not."""
        from bibliometrics import schema, store

        if self.folder is None:
            return None
        credits_ = store.read_parquet(self.folder / "corpus", schema.CREDITS)
        ours = credits_.loc[credits_["scope"] == "domestic", "institution_id"]
        return {str(who): int(papers) for who, papers in ours.value_counts().items()}

    @property
    def listed(self) -> frozenset[str] | None:
        """The institutions that the study's selection lists."""
        return None if self.ranking is None else frozenset(self.ranking["institution_id"])


def _edition(given: argparse.Namespace, study: Study) -> _Edition:
    try:
        folder = shared.edition(given, study)
    except EditionError:
        if given.edition is not None or given.propose:
            raise
        shared.tell("there is no edition of the study: papers and ranks are not observed")
        return _Edition(None, None, "no edition")
    ranking = _table(folder, "ranking")
    source = "" if ranking.empty else str(ranking["source"].iloc[0])
    return _Edition(folder, ranking, source)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 at byte {error.start}", where=path.name, hint="save the file as UTF-8"
        ) from error


def _constraints(given: argparse.Namespace, study: Study) -> tuple[Constraint, ...]:
    from bibliometrics.lists.constraints import SUBSET, carried_constraints, read_constraints

    if given.constraints:
        return read_constraints(_read(given.constraints), given.constraints.name)
    if study.geography.country != _CARRIED_OF:
        return _of_another_country(given, study)
    linked = given.of == "ai_universities" and study.claims.link_to_109 == "subset"
    return (*carried_constraints(given.of), *((SUBSET,) if linked else ()))


def _of_another_country(given: argparse.Namespace, study: Study) -> tuple[Constraint, ...]:
    """None: a list is then matched and not judged; a proposal, which needs some, is refused."""
    of = study.geography.country
    why = f"the carried constraints are of Chinese lists, and {study.name} is a study of {of}"
    remedy = "give constraints of your own: --constraints FILE (docs/claims.md has the form)"
    if given.propose:
        raise InputError(why, hint=remedy)
    shared.tell(f"{why}: the names are matched, nothing is judged; to judge, {remedy}")
    return ()


def _matched(
    given: argparse.Namespace, study: Study, path: Path
) -> tuple[list[Listed], Registry, Any]:
    from bibliometrics import kept
    from bibliometrics.attribution import Matcher
    from bibliometrics.lists.given import match_list, read_names

    registry = kept.registry_of(study, path)
    matcher = Matcher(registry)
    if given.names is None:
        return [], registry, matcher
    names = read_names(_read(given.names), given.names.name)
    return match_list(names, registry, matcher), registry, matcher


def _list(given: argparse.Namespace, study: Study, path: Path) -> int:
    from bibliometrics import schema
    from bibliometrics.lists.constraints import NOT_MET, judge_list
    from bibliometrics.lists.evidence import evidence_table, verdict_table
    from bibliometrics.presentation.bilingual import clean

    constraints = _constraints(given, study) if given.names else ()
    edition = _edition(given, study)
    rows, registry, matcher = _matched(given, study, path)
    print(_mark(edition.source), end="")
    failed = False
    if given.names:
        evidence = evidence_table(rows, edition.ranking, edition.source)
        judged = judge_list(rows, constraints, edition.papers, edition.listed)
        verdicts = verdict_table(judged)
        for row in _rows(verdicts):
            note = f"  ({row['note']})" if row["note"] else ""
            wanted = f"{row['operator']} {clean(row['published'], 40)}".strip()
            told = f"{row['constraint_id']:<22} {wanted}: {row['computed'] or '–'}{note}"
            print(f"{row['verdict']:<13} {told}")
        print()
        for row in _rows(evidence):
            if row["flags"] or row["match"] != "matched":
                near = f" candidates: {row['candidates']}" if row["candidates"] else ""
                print(f"row {row['row']}, {row['name']}: {row['flags'] or row['match']}{near}")
        failed = bool((verdicts["verdict"] == NOT_MET).any())
        _write(given, schema.LIST_VERDICTS, verdicts)
        _write(given, schema.LIST_EVIDENCE, evidence)
    _given_claims(given, study, path, rows, (registry, matcher))
    return EXIT_FINDINGS if given.strict and failed else EXIT_DONE


def _given_claims(
    given: argparse.Namespace, study: Study, path: Path, rows: list[Listed],
    known: tuple[Registry, Any],
) -> None:  # fmt: skip
    """The claims on lists and patents, with the verdicts that the user's files allow."""
    from bibliometrics.claims.claim_file import carried_for
    from bibliometrics.claims.given_claims import given_claims
    from bibliometrics.lists.evidence import members_of
    from bibliometrics.lists.patents import read_patents

    claims = shared.claims_beside(path) or carried_for(study)
    if claims is None:
        return
    lists = {given.of: members_of(rows)} if given.names else {}
    patents = None
    if given.patents:
        sample = frozenset(m.institution_id for m in lists.get("institutes", ())) or None
        read = read_patents(
            _read(given.patents), given.patents.name, *known, sample, study.query.end_date.year
        )
        patents = read.by_institution
        for what, counts in (
            ("name no institution", read.unmatched),
            ("are no institute of the sample", read.others),
        ):
            print(f"patents whose assignees {what}: {sum(counts.values())}")
            for name, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:10]:
                print(f"  {number:>6}  {name}")
        print(f"rows set aside: {len(read.bad)}", *read.bad[:5], sep="\n  ")
    for claim_id, published, computed, verdict in given_claims(claims, study, lists, patents):
        print(f"{claim_id:<28} {published:>10} {computed:>12}  {verdict}")


def _propose(given: argparse.Namespace, study: Study, path: Path) -> int:
    from bibliometrics import schema
    from bibliometrics.lists.candidates import candidates_of, proposal_table
    from bibliometrics.lists.constraints import SUBSET
    from bibliometrics.lists.proposal import family, problem_of

    constraints = _constraints(given, study)
    edition = _edition(given, study)
    rows, registry, _ = _matched(given, study, path)
    candidates = candidates_of(registry, edition.papers or {}, rows, given.least_papers)
    if SUBSET in constraints:
        candidates = [c for c in candidates if c.institution_id in (edition.listed or ())]
    problem = problem_of(candidates, constraints)
    print(_mark(edition.source), end="")
    print(f"candidates with {given.least_papers} papers or more: {len(candidates)}")
    found = family(problem, given.tolerance, given.draws, given.seed, given.spread)
    if found is None:
        _conflicts(given, problem, constraints)
        return EXIT_FINDINGS if given.strict else EXIT_DONE
    table = proposal_table(problem, found, registry, edition.source)
    print(
        f"a family of lists, none of which is the list: criterion {found.floor:,.0f} to"
        f" {found.best.value:,.0f} papers, {found.draws} perturbations, seed {given.seed}"
    )
    for status, group in table.groupby("status", sort=True):
        print(f"{len(group):>6} {status}")
    print(f"{int((table['reading'] == 'toss-up').sum()):>6} toss-ups among the open")
    for row in _rows(table[table["reading"] != "out"]):
        numbers = f"{float(row['frequency']):>6.0%} {float(row['criterion']):>7g}"
        who = f"{row['name_en']} ({row['province']}, {row['authority']})"
        print(f"{numbers} {row['reading']:<8} {row['status']:<10}  {who}")
    _write(given, schema.PROPOSAL, table)
    return EXIT_DONE


def _conflicts(
    given: argparse.Namespace, problem: Problem, constraints: tuple[Constraint, ...]
) -> None:
    """Which constraints cannot hold among the candidates, by how many, and the next command."""
    from bibliometrics.lists.conflicts import conflicts

    asked = {c.constraint_id: f"{c.key} {c.operator} {c.value}" for c in constraints}
    print("no list of these candidates satisfies the constraints")
    for gaps in conflicts(problem):
        print("cannot be met:" if len(gaps) == 1 else "cannot be met together:")
        for gap in gaps:
            print(f"  {gap}  (asked: {asked[gap.name]})")
    words = f"bibliometrics validate {given.study} --propose"
    if given.least_papers > 0:
        print(f"next, with candidates that have no paper here: {words} --least-papers 0")
    print(f"next, with constraints of your own: {words} --constraints FILE")


def _write(given: argparse.Namespace, table: Table, frame: pd.DataFrame) -> None:
    from bibliometrics import store

    if given.out:
        store.write_table(given.out, frame, table)
        print(given.out / table.file_name, file=sys.stderr)
