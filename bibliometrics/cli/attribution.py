"""Whose a string is: match, explain, review."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from bibliometrics.cli import shared
from bibliometrics.errors import EXIT_DONE, EditionError, InputError


def register(verbs: shared.Verbs) -> None:
    """Add these commands to the parser."""
    match = verbs.add("match", _match, "attribute a CSV of affiliations, no study needed",
                      "match affiliations.csv --out matched.csv")  # fmt: skip
    match.add_argument("file", type=Path, metavar="FILE", help="CSV with a column affiliation")
    match.add_argument("--out", type=Path, required=True, help="CSV to write")
    match.add_argument("--study", help="its registry and decisions instead of the package's")
    explain = verbs.add(
        "explain", _explain, "one affiliation: the decision, its rule, who lost and why",
        'explain "Dept. of Physics, Peking Univ., Beijing, China"',
    )  # fmt: skip
    explain.add_argument("affiliation", metavar="AFFILIATION")
    explain.add_argument("--country", help="ISO code or name, where the string has none")
    explain.add_argument("--city", help="where the string has none")
    explain.add_argument("--year", type=int, help="of the paper: names change with time")
    explain.add_argument("--study", help="its registry, and the names its last edition joined")
    review = verbs.of_edition(
        "review", _review, "the strings without an institution, by papers, and how to settle them",
        "review cingai-2020 --out queries/cingai-2020.decisions.csv",
    )  # fmt: skip
    review.add_argument(
        "--top", type=shared.whole(0), default=20, help="how many to print (default 20)"
    )
    review.add_argument("--out", type=Path, help="write the queue as a form to fill")
    registry = verbs.add(
        "registry", _registry, "the institutions of a country out of a ROR file, for a study",
        "registry ror-data.json --country UA --out queries/ror-ua.jsonl",
    )  # fmt: skip
    registry.add_argument(
        "file", type=Path, metavar="ROR_FILE", help="JSON, or lines of it; gzip too"
    )
    registry.add_argument("--country", nargs="+", required=True, metavar="CODE", help="ISO codes")
    registry.add_argument("--out", type=Path, required=True, help="JSON lines to write")
    audit = verbs.of_edition(
        "audit", _audit, "draw attributions to mark by hand, and read the marks back",
        "audit cingai-2020 --size 400",
    )  # fmt: skip
    audit.add_argument("--size", type=shared.whole(1), default=400,
                       help="strings to draw (default 400); ten of each kind at least")  # fmt: skip
    audit.add_argument("--seed", type=int, help="default: the seed of the study")
    audit.add_argument("--out", type=Path, help="folder for the forms (default: the study's)")
    audit.add_argument("--read", nargs="+", type=Path, metavar="FILE",
                       help="filled forms: of one marker, or of two")  # fmt: skip


def _match(given: argparse.Namespace) -> int:
    from bibliometrics import kept
    from bibliometrics.attribution import Matcher
    from bibliometrics.attribution.batch import match_file
    from bibliometrics.attribution.institutions import load_registry

    shared.file_to_write(given.out, given.file)
    if given.study:
        beside = kept.read(*shared.study(given.study))
        matcher = Matcher(beside.registry, beside.decisions)
    else:
        matcher = Matcher(load_registry())
    tally = match_file(given.file, given.out, matcher)
    counted = ", ".join(f"{number} {decision}" for decision, number in sorted(tally.items()))
    shared.tell(f"{given.out}: {counted}")
    return EXIT_DONE


def _explain(given: argparse.Namespace) -> int:
    from bibliometrics import kept, lookup, schema
    from bibliometrics.attribution import Matcher, settling
    from bibliometrics.attribution.explain import explain
    from bibliometrics.attribution.institutions import load_registry
    from bibliometrics.attribution.place import country_code
    from bibliometrics.editions import making as editions

    if not given.affiliation.strip():
        raise InputError("the affiliation is empty", hint='e.g. "Peking Univ., Beijing, China"')
    country = country_code(given.country) if given.country else None
    if given.country and not country:
        raise InputError(
            f"--country {given.country!r}: no country is known by it",
            hint="give its ISO code of two capitals, or its English name: CN, China",
        )
    registry, known = load_registry(), None
    if given.study:
        study, path = shared.study(given.study)
        registry = kept.registry_of(study, path)
        try:
            newest, _ = editions.latest(shared.OUTPUTS, study.name)
            known = lookup.read_table(newest, schema.OPEN_WORLD)
        except EditionError:
            shared.tell(f"{study.name} has no edition yet: names it would join are not known")
    answer = Matcher(registry).match(
        given.affiliation, country=given.country, city=given.city, year=given.year
    )
    print(explain(answer, registry, affiliation=given.affiliation, country=country))
    told = settling.explain_outside(given.affiliation, given.country, answer, known)
    if told:
        print(told)
    return EXIT_DONE


def _review(given: argparse.Namespace) -> int:
    from bibliometrics import kept, lookup, review_form, schema, store

    shared.file_to_write(given.out)
    study, path = shared.study(given.study)
    edition = shared.edition(given, study)
    queue = lookup.read_table(edition, schema.UNMATCHED)
    shown = queue.head(given.top)
    print(f"{len(queue)} strings without an institution, {edition.name}; the largest {len(shown)}:")
    for row in shown.itertuples(index=False):
        held = "paper " if row.papers == 1 else "papers"
        told = f"{row.papers:>6} {held} ({row.papers_uncounted} counted nowhere)"
        print(f"{told}  {row.affiliation}")
        if isinstance(row.candidates, str):
            print(f"{'':>7}candidates: {row.candidates}")
    names = lookup.read_table(edition, schema.OPEN_WORLD_REVIEW)
    if len(names):
        print(
            f"{len(names)} pairs of organisations outside the registry that may be one; the first:"
        )
    for row in names.head(given.top).itertuples(index=False):
        print(f"{row.papers_other:>6} papers  {row.other_name} = {row.name}?  ({row.reason})")
    agreement = lookup.read_table(edition, schema.AGREEMENT)
    differ = agreement[agreement["agrees"] == "no"]
    if len(differ):
        print(f"{len(differ)} papers whose institutions differ between two databases; the first:")
        for row in differ.head(given.top).itertuples(index=False):
            ours, theirs = row.institution_ids, row.institution_ids_other
            print(f"  {row.paper_id}: {ours}  |  {row.database}: {theirs}")
    beside = kept.decisions_file(path)
    if not (len(queue) or len(names)):
        print("there is nothing to settle")
    if given.out:
        filled = review_form.held(given.out)
        store.write_text(given.out, review_form.form(queue, names, filled))
        if filled:
            print(f"kept: the {len(filled)} rows of {given.out} that somebody had filled")
        as_ = "" if given.out == beside else f" and save it as {beside}"
        print(f"to settle them: fill {given.out}{as_}")
    elif len(queue) or len(names):
        again = shared.again(given, edition.name)
        print(f"to settle them: bibliometrics review {again} --out {shlex.quote(str(beside))}")
    return EXIT_DONE


def _audit(given: argparse.Namespace) -> int:
    from bibliometrics import audit, auditing, kept, lookup, schema, store

    study, path = shared.study(given.study)
    folder = given.out or path.parent
    key = folder / f"{study.name}.audit-key.csv"
    edition = shared.edition(given, study)
    if not given.read:
        items = auditing.population(lookup.read_table(edition, schema.ATTRIBUTION))
        seed = study.network.seed if given.seed is None else given.seed
        sample = audit.draw(items, given.size, seed)
        if not sample:
            raise InputError(
                f"{edition.name} has no affiliation to draw", hint="audit an edition with papers"
            )
        if key.exists():
            raise InputError(
                "a sample was drawn before", where=key.name,
                hint="read its marks with --read, give another --out, or remove the file",
            )  # fmt: skip
        store.write_text(key, audit.key(sample))
        forms = [folder / f"{study.name}.audit-{number}.csv" for number in ("first", "second")]
        store.write_text(forms[0], audit.form(sample, "first"))
        store.write_text(forms[1], audit.form(sample, "second"))
        twice = sum(drawn.is_second for drawn in sample)
        print(f"{len(sample)} strings of {edition.name} drawn (seed {seed}), {twice} for a second:")
        if len(sample) > given.size:
            print(f"  more than {given.size}: ten of each kind are the least that can be judged")
        print(f"  {forms[0]}\n  {forms[1]}")
        print("institution_ids: ids joined by |, NONE, or = where a machine's answer that is shown"
              " is right")  # fmt: skip
        names = " ".join(shlex.quote(str(form)) for form in forms)
        print(f"then: bibliometrics audit {shared.again(given, edition.name)} --read {names}")
        return EXIT_DONE
    if len(given.read) > 2:
        raise InputError("--read takes the forms of one marker or of two", hint="give two at most")
    sample = audit.read_key(kept.text_of(key), key.name)
    known = kept.registry_of(study, path).institutions.keys()
    outside = lookup.read_table(edition, schema.OPEN_WORLD)["entity_id"]
    ids = {*known, *outside}
    marks = [audit.read_marks(kept.text_of(f), f.name, sample, ids) for f in given.read]
    audited = auditing.Audited(sample, marks[0], marks[1] if marks[1:] else {})
    if not any(marks):
        raise InputError(
            "no row is marked", where=given.read[0].name, hint="fill the column institution_ids"
        )
    store.write_text(kept.audit_file(path), auditing.to_text(audited))
    ranked = lookup.read_table(edition, schema.RANKING).sort_values("papers", ascending=False)
    table = auditing.table(audited, "marks", ranked["institution_id"].tolist())
    told = table.dropna(subset=["estimate"]).astype(object)
    for row in told.where(told.notna(), None).to_dict("records"):
        low = row["shown_at_least"]
        at_least = "" if low is None else f", shown at least {low:.3f}"
        share = f"{row['measure']:>10} {row['estimate']:.3f} by {row['weighting']}"
        print(f"{share}{at_least}  {row['stratum']}")
    print(f"kept as {kept.audit_file(path)}: the next run carries it into its edition")
    return EXIT_DONE


def _registry(given: argparse.Namespace) -> int:
    from bibliometrics import store
    from bibliometrics.attribution import ror
    from bibliometrics.attribution.place import country_code

    shared.file_to_write(given.out, given.file)
    countries = [code.upper() for code in given.country]
    strange = [code for code in countries if country_code(code) != code]
    if strange:
        given.refuse(f"--country: {', '.join(strange)}: give ISO codes of two letters, e.g. UA")
    made = ror.registry_of(ror.read_ror(given.file), countries)
    store.write_bytes(given.out, ror.cut(given.file, countries))
    weak = sum(len(row.aliases_conditional) for row in made.institutions.values())
    print(
        f"{given.out}: {len(made.institutions)} institutions of {', '.join(countries)},"
        f" {len(made.units)} hospitals of universities; {weak} names need their city"
    )
    print(f'in the study: [institutions] known_by = "ror", registry_file = "{given.out.name}"')
    return EXIT_DONE
