"""Why a string whose label is outside the registry is attributed all the same, by policy.

`python benchmarks/unlabelled.py GOLD.csv ROR.csv OUT.csv` attributes the labelled strings, takes
those without a label in the registry that get an institution the label does not allow, and writes
one row for each: the sha256 of the string, the half it is in (see tests/test_gold.py), the policy
that explains the answer, and the rule. No string is written. It prints the number by policy.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bibliometrics.attribution import Attribution, Matcher
from bibliometrics.attribution.institutions import load_registry
from bibliometrics.attribution.rollup import is_hospital

POLICIES = {
    "no-label": "the labeller gave no institution at all",
    "same-institution": "the label is the institution answered: its ROR id, or its ROR name and "
    "city, say so",
    "hospital": "the string is a hospital's and names its university; the label is the hospital",
    "hospital-by-city": "the string names a hospital of the university by name and city",
    "owner": "the label is a company or institute of the body answered, by its ROR record",
    "named-without-id": "the string names the institution answered in full; its row has no ROR id "
    "to compare with the label",
    "named-beside-label": "the string names the institution answered in full; the label is a "
    "record not at hand, mostly a part of it that the registry lacks",
    "unexplained": "none of these",
}
_IN_FULL = frozenset({"exact-name", "alias", "acronym", "campus-city"})
_CENTRE = re.compile(r"\b(?:cancer|medical|health) cent(?:er|re)\b", re.IGNORECASE)


class Row(NamedTuple):
    """One answer that the label does not allow."""

    sha256: str
    half: str
    policy: str
    rule: str


class Explainer:
    """Knows the ROR records at hand and what each of their names is attributed to."""

    def __init__(self, matcher: Matcher, records: Path) -> None:
        self._matcher = matcher
        with records.open(encoding="utf-8", newline="") as lines:
            self._records = {row["ror_id"].rsplit("/", 1)[1]: row for row in csv.DictReader(lines)}

    def policy(self, affiliation: str, labels: set[str], extra: set[str],
               answer: Attribution) -> str:  # fmt: skip
        """The policy that explains the institutions `extra` of an answer."""
        rows = [self._matcher.registry.institutions[i] for i in sorted(extra)]
        records = [self._records[label] for label in sorted(labels) if label in self._records]
        if not labels:
            return "no-label"
        named = {i for record in records for i in self._named(record)}
        bodies = any("ealthcare" in record["types"] for record in records)
        if all(row.ror_id in labels for row in rows) or any(
            record["name"].casefold() == row.name_en.casefold() for record in records
            for row in rows
        ):  # fmt: skip
            return "same-institution"
        if any(match.via == "hospital" for match in answer.matches):
            return "hospital-by-city"
        if bodies or is_hospital(affiliation) or _CENTRE.search(affiliation):
            return "hospital"
        if named & extra:
            return "owner"
        if all(m.rule in _IN_FULL for m in answer.matches if m.institution_id in extra):
            has_id = all(row.ror_id for row in rows)
            return "named-beside-label" if has_id else "named-without-id"
        return "unexplained"

    def _named(self, record: dict[str, str]) -> set[str]:
        names = [record["name"], *(name for name in record["aliases"].split("|") if name)]
        return {
            institution_id
            for name in names
            for institution_id in self._matcher.match(
                name, country=record["country_code"], city=record["city"] or None
            ).institution_ids
        }


def rows(gold: Path, records: Path, matcher: Matcher) -> Iterator[Row]:
    """Every answer that no label allows, with its policy, in the order of the file."""
    explainer = Explainer(matcher, records)
    with gold.open(encoding="utf-8-sig", newline="") as lines:
        for line in csv.DictReader(lines):
            answer = matcher.match(line["affiliation"])
            extra = set(answer.institution_ids) - set(line["may"].split("|"))
            if line["must"] or not extra:
                continue
            digest = hashlib.sha256(line["affiliation"].encode()).hexdigest()
            labels = {part for part in line["outside"].split("|") if part}
            policy = explainer.policy(line["affiliation"], labels, extra, answer)
            half = "odd" if int(digest[0], 16) % 2 else "even"
            yield Row(digest, half, policy, answer.rule)


def main() -> int:
    """Write the table and print the counts."""
    gold, records, out = map(Path, sys.argv[1:4])
    found = sorted(set(rows(gold, records, Matcher(load_registry()))))
    with out.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows(found)
    counts = Counter(row.policy for row in found)
    for policy, words in POLICIES.items():
        print(f"{counts[policy]:>4}  {policy}: {words}")
    print(f"{counts.total():>4}  distinct strings")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
