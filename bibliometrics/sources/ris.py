"""RIS exports of Scopus (older and newer) and of Web of Science.

rispy parses each record; the records are parted here, so that a faulty one costs itself only and
keeps its raw text. No RIS ties authors to affiliations: papers are counted whole.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

import rispy

from bibliometrics.sources import terms
from bibliometrics.sources.reading import Opened, Row, TextFile, is_decoded, quarantined
from bibliometrics.sources.record import Database, Record
from bibliometrics.sources.wos_text import address_of

KIND = "RIS"
_BEGIN = re.compile(r"^TY {1,2}- ?", re.MULTILINE)
_TAG = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: |$)")
_END = re.compile(r"ER {1,2}-")
_NOBODY = re.compile(r"^\[no author name", re.IGNORECASE)
_PUBLISHED_IN = {
    "JOUR": terms.JOURNAL, "JFULL": terms.JOURNAL, "CONF": terms.PROCEEDINGS,
    "CPAPER": terms.PROCEEDINGS, "SER": terms.SERIES, "CHAP": terms.BOOK, "BOOK": terms.BOOK,
    "EDBOOK": terms.BOOK,
}  # fmt: skip
_LETTERS = string.ascii_uppercase
_EVERY = [f"{first}{second}" for first in _LETTERS for second in _LETTERS + string.digits]
# rispy as it is keeps only the first line of a tag it takes for single, such as ``AD``, and parts
# links at semicolons: here every tag is a list of its lines under its own name.
_PARSER = rispy.RisParser(
    mapping={tag: tag for tag in _EVERY}, list_tags=_EVERY, delimiter_tags_mapping={}
)


def open_ris(file: TextFile) -> Opened | None:
    """``file`` if a record of it begins (``TY  -``) within its first characters."""
    if not _BEGIN.search(file.start):
        return None
    return Opened(file.name, file.sha256, KIND, lambda: _rows(file))


def _rows(file: TextFile) -> Iterator[Row]:
    present = {found.group(1) for line in file.lines() if (found := _TAG.match(line))}
    number = 0
    block: list[str] = []
    for line in file.lines():
        if block and _END.match(line):
            number += 1
            yield _row(file.name, number, [*block, "ER  - "], present)
            block = []
        elif _BEGIN.match(line):
            if block:
                number += 1
                reason = "no end of record (ER) before the next record begins"
                yield quarantined(file.name, number, reason, "\n".join(block))
            block = [line]
        elif block:
            block.append(line)
    if block:
        reason = "the file ends inside a record: it was cut"
        yield quarantined(file.name, number + 1, reason, "\n".join(block))


def _row(name: str, number: int, block: list[str], present: set[str]) -> Row:
    raw = "\n".join(block)
    if not is_decoded(raw):
        return quarantined(name, number, "not UTF-8", raw)
    # Some programs write one space before the hyphen where the format has two.
    parsed = _PARSER.parse("\n".join(_TAG.sub(r"\1  - ", line, count=1) for line in block))
    if len(parsed) != 1:
        return quarantined(name, number, "cannot be parsed as one record", raw)
    fields = {
        tag: [item for item in (terms.tidy(str(value)) for value in values) if item]
        for tag, values in (parsed[0] | {"TY": [parsed[0]["TY"]]}).items()
    }
    found = _record(name, number, fields, present)
    return quarantined(name, number, found, raw) if isinstance(found, str) else found


def _record(
    name: str, number: int, fields: dict[str, list[str]], present: set[str]
) -> Record | str:
    def items(*tags: str) -> list[str]:
        return next((fields[tag] for tag in tags if fields.get(tag)), [])

    def field(*tags: str) -> str | None:
        return " ".join(items(*tags)) if present & set(tags) else None

    database = _database(fields)
    if database is None:
        return "neither of Scopus nor of Web of Science (no DB, UR or AN that says so)"
    eid = next((found for link in items("UR") if (found := terms.eid_in(link))), "")
    title = " ".join(items("TI", "T1"))
    if not (title or eid):
        return "no title and no identifier"
    year = terms.year_in(" ".join(items("PY", "Y1")))
    if year is None:
        return f"year is not a year: {' '.join(items('PY', 'Y1'))[:20]!r}"
    names = [item for item in items("AU", "A1") if not _NOBODY.match(item)]
    kind = field("M3")
    if kind == "Article in Press":
        kind = terms.ARTICLE
    # Author and index keywords follow one another under one tag, with no sign between them.
    keywords = terms.join(items("KW")) if "KW" in present else None
    has_addresses = bool(present & {"AD", "C1"})
    return terms.finished(
        Record(
            file=name,
            row=number,
            database=database,
            is_simulated=terms.SIMULATED in items("DB"),
            eid=eid,
            doi=terms.bare_doi(" ".join(items("DO"))),
            title=title,
            year=year,
            source_title=field("T2", "JF", "JO", "C3") if database == "Scopus" else field("T2"),
            document_type=kind,
            source_type=_PUBLISHED_IN.get(" ".join(items("TY")), ""),
            publication_stage=None,
            language=field("LA"),
            abstract=field("AB", "N2"),
            author_keywords=keywords,
            index_keywords=keywords,
            authors_announced=len(names),
            author_ids=(),
            author_affiliations=None,
            affiliations=_addresses(items("AD", "C1"), database) if has_addresses else None,
            filled=0,
            is_retracted=None if kind is None else kind == terms.RETRACTED,
        )
    )


def _database(fields: dict[str, list[str]]) -> Database | None:
    named = " ".join(fields.get("DB", ())).lower()
    links = " ".join(fields.get("UR", ()))
    if "scopus" in named or terms.eid_in(links):
        return "Scopus"
    is_wos = any(item.startswith("WOS:") for item in fields.get("AN", ()))
    return "Web of Science" if is_wos or "web of science" in named else None


def _addresses(lines: list[str], database: Database) -> tuple[str, ...]:
    if database == "Web of Science":
        return terms.distinct(address_of(line) for line in lines)
    return terms.distinct(lines)
