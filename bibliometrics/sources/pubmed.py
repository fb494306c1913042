"""PubMed records in the MEDLINE format (``PMID-``), as the site saves them.

Each author (``FAU``) is followed by the affiliations of that author (``AD``), which ties them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bibliometrics.sources import terms
from bibliometrics.sources.reading import Opened, Row, TextFile, is_decoded, quarantined
from bibliometrics.sources.record import Record

KIND = "PubMed (MEDLINE)"
_TAG = re.compile(r"([A-Z]{2,4}) *- ")
_PREFIX = 6
_IS_FINAL = {"ppublish": terms.FINAL, "epublish": terms.FINAL, "aheadofprint": terms.IN_PRESS}

Field = tuple[str, str]


def open_pubmed(file: TextFile) -> Opened | None:
    """``file`` if it begins with a PubMed identifier."""
    if not re.match(r"PMID- *\d", file.start.lstrip("\ufeff \r\n\t")):
        return None
    return Opened(file.name, file.sha256, KIND, lambda: _rows(file))


def _rows(file: TextFile) -> Iterator[Row]:
    present = {found.group(1) for line in file.lines() if (found := _TAG.match(line))}
    number = 0
    block: list[str] = []
    for line in file.lines():
        if line.startswith("PMID-") and block:
            number += 1
            yield _row(file.name, number, block, present)
            block = []
        if line.strip():
            block.append(line)
    # ``SO`` is the last field of a record as PubMed saves it.
    if block and not any(line.startswith("SO  -") for line in block) and "SO" in present:
        reason = "the file ends inside a record: it was cut"
        yield quarantined(file.name, number + 1, reason, "\n".join(block))
    elif block:
        yield _row(file.name, number + 1, block, present)


def _row(name: str, number: int, block: list[str], present: set[str]) -> Row:
    raw = "\n".join(block)
    if not is_decoded(raw):
        return quarantined(name, number, "not UTF-8", raw)
    fields: list[Field] = []
    for line in block:
        found = _TAG.match(line)
        if found:
            fields.append((found.group(1), line[_PREFIX:].strip()))
        elif fields:
            tag, value = fields[-1]
            fields[-1] = (tag, f"{value} {line.strip()}")
    found_record = _record(name, number, fields, present)
    if isinstance(found_record, str):
        return quarantined(name, number, found_record, raw)
    return found_record


def _record(name: str, number: int, fields: list[Field], present: set[str]) -> Record | str:
    def items(tag: str) -> list[str]:
        return [terms.tidy(value) for key, value in fields if key == tag]

    def field(tag: str) -> str | None:
        return " ".join(items(tag)) if tag in present else None

    title = " ".join(items("TI") or items("BTI")).strip("[]")
    if not (title or items("PMID")):
        return "no title and no identifier"
    year = terms.year_in(" ".join(items("DP"))) or terms.year_in(" ".join(items("DEP")))
    if year is None:
        return f"year is not a year: {' '.join(items('DP'))[:20]!r}"
    types = items("PT")
    kind = terms.pubmed_type(types)
    tied = _tied(fields)
    is_book = bool(items("BTI"))
    source_type = terms.BOOK if is_book else terms.JOURNAL if items("JT") else ""
    status = " ".join(items("PST"))
    return terms.finished(
        Record(
            file=name,
            row=number,
            database="PubMed",
            is_simulated=terms.SIMULATED in items("OWN"),
            eid="",
            doi=_doi([*items("LID"), *items("AID")]),
            title=title.removesuffix("."),
            year=year,
            source_title=" ".join(items("JT") or items("TA") or items("BTI")),
            document_type=kind,
            source_type="" if kind == "Preprint" else source_type,
            publication_stage=_IS_FINAL.get(status, "") if "PST" in present else None,
            language="; ".join(terms.language_name(code) for code in items("LA")),
            abstract=field("AB"),
            author_keywords=_keywords(items("OT"), present, "OT"),
            index_keywords=_keywords(items("MH"), present, "MH"),
            authors_announced=len(tied),
            author_ids=(),
            author_affiliations=tied if "AD" in present else None,
            affiliations=terms.distinct(item for items in tied for item in items)
            if "AD" in present
            else None,
            filled=0,
            is_retracted=any(each.lower() == "retracted publication" for each in types),
        )
    )


def _tied(fields: list[Field]) -> tuple[tuple[str, ...], ...]:
    """The affiliations of each author; those of investigators and of groups are left out."""
    whole = any(tag == "FAU" for tag, _ in fields)
    authors: list[list[str]] = []
    whose: list[str] | None = None
    for tag, value in fields:
        if tag == ("FAU" if whole else "AU"):
            whose = []
            authors.append(whose)
        elif tag in {"CN", "FIR", "IR", "FED", "ED"}:
            whose = None
        elif tag == "AD" and whose is not None:
            whose.extend(addresses(value))
    return tuple(terms.distinct(items) for items in authors)


def addresses(text: str) -> list[str]:
    """The addresses of one ``AD`` field, parted by semicolons, without contacts and identifiers.

    Older records put several into one field; newer ones write a field for each.
    """
    parts = (terms.bare_address(part).rstrip(". ") for part in text.split("; "))
    return [part for part in parts if part]


def _keywords(items: list[str], present: set[str], tag: str) -> str | None:
    # An asterisk marks a main heading, a slash its aspect: "*Robotics/methods".
    return terms.join(item.replace("*", "") for item in items) if tag in present else None


def _doi(values: list[str]) -> str:
    named = [value for value in values if value.endswith("[doi]")]
    return terms.bare_doi(" ".join(named))
