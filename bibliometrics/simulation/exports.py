"""Prints a simulation as Scopus CSV exports of three generations."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from bibliometrics.simulation.model import Author, Generation, Paper, Record, Signature, Simulation
from bibliometrics.simulation.vocabulary import JOURNALS

MARK = "SIMULATED"
_COLUMNS = (
    "Authors", "Author full names", "Author(s) ID", "Title", "Year", "Source title", "Volume",
    "Issue", "Art. No.", "Page start", "Page end", "Page count", "Cited by", "DOI", "Link",
    "Affiliations", "Authors with affiliations", "Abstract", "Author Keywords", "Index Keywords",
    "Correspondence Address", "Publisher", "ISSN", "Language of Original Document",
    "Abbreviated Source Title", "Document Type", "Publication Stage", "Open Access", "Source",
    "EID",
)  # fmt: skip
_LEFT_OUT = {
    "G1": frozenset({"Author full names"}),
    "G2": frozenset[str](),
    "G3": frozenset({"Page count"}),
}
_CELLS_OF_A_CUT_ROW = 6


def columns(generation: Generation) -> list[str]:
    """The header of an export of the generation."""
    return [name for name in _COLUMNS if name not in _LEFT_OUT[generation]]


def write_exports(
    simulation: Simulation,
    folder: Path,
    *,
    generation: Generation = "G2",
    rows_per_file: int = 19_999,
    compressed: bool = False,
) -> list[Path]:
    """Write the rows as exports, two files at least, and return the files in reading order.

    Parameters
    ----------
    generation : G1 exports of about 2022 (authors joined by commas, department first, BOM), G2
        of 2023 and 2024 (semicolons, CRLF, no BOM), G3 of 2025 on (organisation first, BOM).
    rows_per_file : most rows in a file; Scopus itself stops at 20,000.
    compressed : write ``.csv.gz``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    records = simulation.records
    files = max(2, -(-len(records) // rows_per_file))
    size = -(-len(records) // files)
    paths = []
    for number in range(files):
        content = _export(records[number * size : (number + 1) * size], generation)
        path = folder / f"simulated_scopus_{generation}_{number + 1:02d}.csv"
        if compressed:
            path = path.with_suffix(".csv.gz")
            content = gzip.compress(content, compresslevel=6, mtime=0)
        path.write_bytes(content)
        paths.append(path)
    return paths


def _export(records: Sequence[Record], generation: Generation) -> bytes:
    """One file: header, line ends and byte-order mark as the generation has them."""
    header = columns(generation)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n" if generation == "G2" else "\n")
    writer.writerow(header)
    for record in records:
        cells = row(record, generation)
        line = [cells[name] for name in header]
        writer.writerow(line[:_CELLS_OF_A_CUT_ROW] if record.is_cut_short else line)
    return text.getvalue().encode("utf-8" if generation == "G2" else "utf-8-sig")


def row(record: Record, generation: Generation) -> dict[str, str]:
    """The cells of a row by column."""
    paper = record.paper
    signatures = paper.signatures
    text = paper.text
    journal = JOURNALS[paper.journal]
    between = ", " if generation == "G1" else "; "
    first = paper.first_page
    cells = {
        "Authors": between.join(short_name(each.author) for each in signatures),
        "Author full names": "; ".join(_full_name(each.author) for each in signatures),
        "Author(s) ID": _author_ids(signatures, generation),
        "Title": text.title,
        "Year": str(paper.year),
        "Source title": journal,
        "Volume": paper.volume,
        "Issue": paper.issue,
        "Art. No.": "",
        "Page start": str(first),
        "Page end": str(first + 11),
        "Page count": "12",
        "Cited by": str(paper.cited_by) if paper.cited_by else "",
        "DOI": paper.doi,
        "Link": _link(paper, generation),
        "Affiliations": "; ".join(_addresses(paper, generation)),
        "Authors with affiliations": "; ".join(_signed(each, generation) for each in signatures),
        "Abstract": text.abstract,
        "Author Keywords": "; ".join(text.author_keywords),
        "Index Keywords": "; ".join(text.index_keywords),
        "Correspondence Address": _correspondence(paper, generation),
        "Publisher": "Simulated Press",
        "ISSN": f"0000{paper.journal:04d}",
        "Language of Original Document": "English",
        "Abbreviated Source Title": journal.replace("Journal of", "J.").replace(
            "Simulated", "Sim."
        ),
        "Document Type": _document_type(paper, generation),
        "Publication Stage": paper.stage,
        "Open Access": "All Open Access" if paper.serial % 4 == 0 else "",
        "Source": MARK,
        "EID": paper.eid,
    }
    for name in record.blank:
        cells[name] = ""
    return cells


def short_name(author: Author) -> str:
    """Surname and initials: 'Wang X.'."""
    return f"{author.surname} {author.initials}"


def _full_name(author: Author) -> str:
    return f"{author.surname}, {author.given} ({author.id})"


def _author_ids(signatures: Sequence[Signature], generation: Generation) -> str:
    ids = [each.author.id for each in signatures]
    # Exports to about 2022 end the list with a stray separator.
    return "".join(f"{each};" for each in ids) if generation == "G1" else "; ".join(ids)


def _signed(signature: Signature, generation: Generation) -> str:
    author = signature.author
    name = f"{author.surname}, {author.initials}" if generation == "G1" else short_name(author)
    return ", ".join([name, *(address.raw(generation) for address in signature.addresses)])


def _addresses(paper: Paper, generation: Generation) -> list[str]:
    return list(
        dict.fromkeys(
            address.raw(generation)
            for signature in paper.signatures
            for address in signature.addresses
        )
    )


def _correspondence(paper: Paper, generation: Generation) -> str:
    signature = paper.signatures[paper.corresponding]
    if not signature.addresses:
        return ""
    author = signature.author
    name = {
        "G1": f"{author.surname}, {author.initials}",
        "G2": f"{author.initials} {author.surname}",
        "G3": f"{author.initials} {author.surname}",
    }[generation]
    email = f"author{author.id}@example.org"
    return f"{name}; {signature.addresses[0].raw(generation)}; email: {email}"


def _link(paper: Paper, generation: Generation) -> str:
    doi = quote(paper.doi, safe="")
    doi = doi if generation == "G3" else doi.replace("%2F", "%2f")
    return f"https://simulated.example/inward/record.uri?eid={paper.eid}&doi={doi}&partnerID=40"


def _document_type(paper: Paper, generation: Generation) -> str:
    if generation == "G3" and paper.document_type == "Conference Paper":
        return "Conference paper"
    return paper.document_type
