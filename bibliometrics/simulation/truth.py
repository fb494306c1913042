"""Counts the truth of a simulation, plainly, from what was drawn."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path

from bibliometrics.simulation.api_pages import UNSEEN
from bibliometrics.simulation.model import (
    FIELDS,
    KEPT,
    KEYWORDS,
    Address,
    Generation,
    Institution,
    Paper,
    Simulation,
    members,
)

REASONS = (
    "quarantined", "duplicates", "document_type", "year", "keywords", "no_affiliation", "country",
)  # fmt: skip
NOBODY = ("unregistered", "no_affiliation")
_DEPARTMENT_FIRST: Generation = "G2"
_ORGANISATION_FIRST: Generation = "G3"
Cells = Sequence[object]


def write_truth(simulation: Simulation, folder: Path) -> list[Path]:
    """Write ``truth/*.csv`` into the folder and return the files.

    ``flow``, ``institutions``, ``by_year``, ``provinces``, ``partners``, ``pairs``,
    ``attribution``, ``keywords`` and ``papers`` as their headers say; ``fractional`` the parts of
    the author-fractional total by the place they go to; ``flow_api`` the flow of the pages of the
    Search API, which lack the unreadable rows and those without a keyword.
    """
    target = folder / "truth"
    target.mkdir(parents=True, exist_ok=True)
    kept = simulation.kept()
    named = [members(paper) for paper in kept]
    shares, nobody = fractional(kept)
    known = simulation.institutions
    tables: dict[str, tuple[Cells, Iterable[Cells]]] = {
        "flow": (("reason", "rows"), _flow(simulation, frozenset())),
        "flow_api": (("reason", "rows"), _flow(simulation, UNSEEN)),
        "institutions": (
            ("institution_id", "scope", "kind", "papers", "fractional", "fractional_decimal",
             "first_author_papers"),
            _institutions(kept, named, shares, known),
        ),
        "fractional": (
            ("place", "fractional", "fractional_decimal"),
            _places(shares, nobody, known),
        ),
        "by_year": (("year", "institution_id", "papers"), _by_year(kept, named)),
        "provinces": (("province", "institutions", "papers"), _provinces(named, known)),
        "partners": (("partner_id", "name", "country", "scope", "papers"), _partners(named, known)),
        "pairs": (("source_id", "target_id", "papers"), _pairs(named, known)),
        "attribution": (
            ("affiliation", "institution_ids", "counted_ids", "printed_in"),
            _attribution(simulation),
        ),
        "keywords": (("keyword", "field", "papers", "papers_only_by_it"), _keywords(kept)),
        "papers": (("eid", "year", "kept", "reason", "institution_ids"), _papers(simulation)),
    }  # fmt: skip
    paths = []
    for name, (header, rows) in tables.items():
        path = target / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
        paths.append(path)
    return paths


def fractional(papers: Iterable[Paper]) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """Author-fractional weights by institution, and those that go to nobody, by why.

    An author has 1/authors of the paper, each address of the author an equal part of that, each
    institution of the address an equal part again (Leiden Ranking Open Edition).
    """
    # Whole numerators by denominator first: adding fractions one by one is slow.
    tally: dict[str, Counter[int]] = defaultdict(Counter)
    for paper in papers:
        authors = len(paper.signatures)
        for signature in paper.signatures:
            if not signature.addresses:
                tally["no_affiliation"][authors] += 1
            parts = authors * len(signature.addresses)
            for address in signature.addresses:
                if not address.counted_ids:
                    tally["unregistered"][parts] += 1
                for who in address.counted_ids:
                    tally[who][parts * len(address.counted_ids)] += 1
    sums = {
        who: sum((Fraction(count, below) for below, count in sorted(parts.items())), Fraction())
        for who, parts in sorted(tally.items())
    }
    nobody = {why: sums.pop(why, Fraction()) for why in NOBODY}
    return sums, nobody


def nine_decimals(value: Fraction) -> str:
    """A fraction rounded half up to nine decimals."""
    whole = int(value * 10**9 + Fraction(1, 2))
    return f"{whole // 10**9}.{whole % 10**9:09d}"


def _ratio(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _flow(simulation: Simulation, left_out: frozenset[str]) -> list[Cells]:
    counts = Counter(
        record.reason for record in simulation.records if record.reason not in left_out
    )
    rows: list[Cells] = [("rows_in", sum(counts.values()))]
    rows += [(reason, counts[reason]) for reason in (*REASONS, KEPT)]
    return rows


def _institutions(
    kept: list[Paper],
    named: list[list[str]],
    shares: dict[str, Fraction],
    known: dict[str, Institution],
) -> list[Cells]:
    papers = Counter(who for each in named for who in each)
    first = Counter(
        who
        for paper in kept
        for who in {one for each in paper.signatures[0].addresses for one in each.counted_ids}
    )
    return [
        (who, known[who].scope, known[who].kind, papers[who], _ratio(shares[who]),
         nine_decimals(shares[who]), first[who])
        for who in sorted(papers)
    ]  # fmt: skip


def _places(
    shares: dict[str, Fraction], nobody: dict[str, Fraction], known: dict[str, Institution]
) -> list[Cells]:
    places: dict[str, Fraction] = dict(nobody)
    for who, share in shares.items():
        scope = known[who].scope
        places[scope] = places.get(scope, Fraction()) + share
    return [(place, _ratio(share), nine_decimals(share)) for place, share in sorted(places.items())]


def _by_year(kept: list[Paper], named: list[list[str]]) -> list[Cells]:
    counts = Counter((paper.year, who) for paper, each in zip(kept, named) for who in each)
    return [(*key, count) for key, count in sorted(counts.items())]


def _provinces(named: list[list[str]], known: dict[str, Institution]) -> list[Cells]:
    papers: Counter[str] = Counter()
    institutions: dict[str, set[str]] = defaultdict(set)
    for each in named:
        domestic = [who for who in each if known[who].scope == "domestic"]
        papers.update({known[who].province for who in domestic})
        for who in domestic:
            institutions[known[who].province].add(who)
    return [(place, len(institutions[place]), papers[place]) for place in sorted(papers)]


def _partners(named: list[list[str]], known: dict[str, Institution]) -> list[Cells]:
    papers = Counter(who for each in named for who in each if known[who].scope != "domestic")
    return [
        (who, known[who].name, known[who].country, known[who].scope, papers[who])
        for who in sorted(papers)
    ]


def _pairs(named: list[list[str]], known: dict[str, Institution]) -> list[Cells]:
    counts = Counter(
        pair
        for each in named
        for pair in combinations(each, 2)
        if "domestic" in {known[pair[0]].scope, known[pair[1]].scope}
    )
    return [(*pair, count) for pair, count in sorted(counts.items())]


def _attribution(simulation: Simulation) -> list[Cells]:
    """Every string of every readable row, in all the forms it is printed in."""
    addresses: dict[Address, None] = {}
    for record in simulation.records:
        if record.reason != "quarantined":
            for signature in record.paper.signatures:
                addresses.update(dict.fromkeys(signature.addresses))
    meaning: dict[str, tuple[str, str]] = {}
    printed: dict[str, set[str]] = defaultdict(set)
    for address in addresses:
        ids = "|".join(sorted(address.institution_ids)), "|".join(sorted(address.counted_ids))
        for form, text in (
            ("G1", address.text(_DEPARTMENT_FIRST)),
            ("G2", address.text(_DEPARTMENT_FIRST)),
            ("G3", address.text(_ORGANISATION_FIRST)),
            ("API", address.api_text),
        ):
            if meaning.setdefault(text, ids) != ids:
                raise ValueError(f"two meanings of {text!r}")
            printed[text].add(form)
    return [(text, *meaning[text], "|".join(sorted(printed[text]))) for text in sorted(meaning)]


def _keywords(kept: list[Paper]) -> list[Cells]:
    """Papers by keyword and field, and those that would be lost without that one combination."""
    rows: list[Cells] = []
    for keyword in sorted(KEYWORDS):
        for name in sorted((*FIELDS, "any")):
            papers = alone = 0
            for paper in kept:
                hits = paper.text.hits
                mine = [hit for hit in hits if hit[0] == keyword and name in {hit[1], "any"}]
                papers += bool(mine)
                alone += bool(mine) and len(mine) == len(hits)
            rows.append((keyword, name, papers, alone))
    return rows


def _papers(simulation: Simulation) -> list[Cells]:
    """Every row of the files; the kept row of an EID stands before its copies."""
    rows = [
        (paper.eid, 1 - int(reason == KEPT), reason, paper.year, "|".join(members(paper)))
        for paper, reason in ((record.paper, record.reason) for record in simulation.records)
    ]
    return [(eid, year, 1 - other, reason, who) for eid, other, reason, year, who in sorted(rows)]
