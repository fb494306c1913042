"""Addresses as various as real ones: simulated corpora repeat a few thousand strings.

In real exports most addresses stand only once or twice (606 distinct of 667 in an export of 277
papers), because people write departments in their own words. Here each address gets a department,
drawn by the paper and the address, from so many that a corpus of 53,000 papers holds about 70,000
distinct strings and one of 500,000 about 270,000. The institutions named stay as they were.
"""

from __future__ import annotations

import csv
import json
import sys
import zlib
from pathlib import Path

_FIELDS = (
    "Applied", "Theoretical", "Computational", "Experimental", "General", "Modern", "Advanced",
    "Integrated", "Industrial", "Comparative", "Quantitative", "Structural",
)  # fmt: skip
_SUBJECTS = (
    "Mechanics", "Optics", "Statistics", "Linguistics", "Geodesy", "Acoustics", "Botany",
    "Metallurgy", "Hydraulics", "Pedagogy", "Logistics", "Textiles", "Radiology", "Anatomy",
    "Genetics", "Ceramics", "Forestry", "Nutrition", "Tribology", "Geology",
)  # fmt: skip
DEPARTMENTS = tuple(
    f"{unit} of {field} {subject}"
    for unit in ("Department", "School", "Faculty", "Division")
    for field in _FIELDS
    for subject in _SUBJECTS
)


def _varied(address: str, paper: str) -> str:
    drawn = zlib.crc32(f"{paper}\n{address}".encode())
    return f"{DEPARTMENTS[drawn % len(DEPARTMENTS)]}, {address}" if address else address


def vary_csv(path: Path) -> None:
    """Change the addresses of a Scopus CSV export in place, alike in all its columns."""
    csv.field_size_limit(sys.maxsize)
    new = path.with_suffix(".new")
    with (
        path.open(encoding="utf-8-sig", newline="") as old,
        new.open("w", encoding="utf-8-sig", newline="") as out,
    ):
        rows, written = csv.reader(old), csv.writer(out)
        header = next(rows)
        written.writerow(header)
        eid, listed, tied = map(header.index, ("EID", "Affiliations", "Authors with affiliations"))
        for row in rows:
            if len(row) == len(header):  # others are broken on purpose, and stay so
                for address in dict.fromkeys(row[listed].split("; ")):
                    other = _varied(address, row[eid])
                    for column in (listed, tied):
                        row[column] = "; ".join(
                            part.removesuffix(address) + other if part.endswith(address) else part
                            for part in row[column].split("; ")
                        )
            written.writerow(row)
    new.replace(path)


def vary_lines(path: Path) -> None:
    """Change the affiliations of Scopus entries, one a line, in place."""
    new = path.with_suffix(".new")
    with path.open(encoding="utf-8") as old, new.open("w", encoding="utf-8") as out:
        for line in old:
            entry = json.loads(line)
            for affiliation in entry.get("affiliation") or ():
                named = affiliation.get("affilname")
                affiliation["affilname"] = _varied(named, str(entry.get("eid"))) if named else named
            out.write(json.dumps(entry, ensure_ascii=False) + "\n")
    new.replace(path)
