"""BibTeX exports of Scopus (superscript, older, newer) and of Web of Science.

bibtexparser parses each entry. The entries are parted here: two of one citation key are then two
records, and an entry that cannot be parsed costs itself only and keeps its raw text. Authors are
not tied to affiliations: papers are counted whole.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Entry

from bibliometrics.sources import terms
from bibliometrics.sources.reading import Opened, Row, TextFile, is_decoded, quarantined
from bibliometrics.sources.record import Database, Record
from bibliometrics.sources.wos_text import address_of

# What bibtexparser cannot parse is told by the quarantine, not on the terminal.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())

KIND = "BibTeX"
# At a line's start, or behind the brace that closes the entry before it.
_BEGIN = re.compile(r"(?:^|(?<=\}))[ \t]*@([A-Za-z]+)[ \t]*\{", re.MULTILINE)
_FIELD = re.compile(r"^[ \t]*([A-Za-z][\w-]*)[ \t]*=[ \t]*[{\"]", re.MULTILINE)
_NO_ENTRY = frozenset({"comment", "string", "preamble"})
_PUBLISHED_IN = {
    "article": terms.JOURNAL, "conference": terms.PROCEEDINGS, "inproceedings": terms.PROCEEDINGS,
    "proceedings": terms.PROCEEDINGS, "book": terms.BOOK, "incollection": terms.BOOK,
    "inbook": terms.BOOK,
}  # fmt: skip
_CORRESPONDING = re.compile(r"\((?:corresponding|reprint) author\),", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+")
_NOBODY = re.compile(r"^\[no author name", re.IGNORECASE)
_WORD = re.compile(r"[^\s,.]+")
_QUOTES = re.compile(r"``|\{''\}")
_ESCAPED = re.compile(r"\\([&%$#_])")
_BRACES = re.compile(r"\\?[{}]")


def open_bibtex(file: TextFile) -> Opened | None:
    """``file`` if an entry of it begins (``@article{``) within its first characters."""
    kinds = {found.group(1).lower() for found in _BEGIN.finditer(file.start)}
    if not kinds - _NO_ENTRY:
        return None
    return Opened(file.name, file.sha256, KIND, lambda: _rows(file))


def _rows(file: TextFile) -> Iterator[Row]:
    text = file.text()
    starts = [found for found in _BEGIN.finditer(text) if found.group(1).lower() not in _NO_ENTRY]
    ends = [found.start() for found in starts[1:]] + [len(text)]
    present = {found.group(1).lower() for found in _FIELD.finditer(text)}
    for number, (found, end) in enumerate(zip(starts, ends), 1):
        raw = text[found.start() : end].strip()
        entry = _entry(raw)
        row = entry if isinstance(entry, str) else _record(file.name, number, entry, present)
        yield quarantined(file.name, number, row, raw) if isinstance(row, str) else row


def _entry(raw: str) -> Entry | str:
    """The one entry of ``raw``, or why there is none. A field given twice does not lose it."""
    if not is_decoded(raw):
        return "not UTF-8"
    library = parse_string(raw)
    found = [block for block in library.blocks if isinstance(block, Entry)]
    for failed in library.failed_blocks:
        if isinstance(failed.ignore_error_block, Entry):
            found.append(failed.ignore_error_block)
    if len(found) == 1:
        return found[0]
    return f"malformed: {len(found)} entries could be parsed where one begins"


def _record(name: str, number: int, entry: Entry, present: set[str]) -> Record | str:
    fields: dict[str, list[str]] = {}
    for each in entry.fields:
        fields.setdefault(each.key.lower(), []).append(_unwrapped(str(each.value)))

    def raw(*keys: str) -> str:
        return next((fields[key][0] for key in keys if fields.get(key)), "")

    def field(*keys: str) -> str | None:
        return _plain(raw(*keys)) if present & set(keys) else None

    link = raw("url")
    database = _database(fields, entry.key)
    if database is None:
        return "neither of Scopus nor of Web of Science (no source, link or id that says so)"
    eid = terms.eid_in(link)
    title = _plain(raw("title"))
    if not (title or eid):
        return "no title and no identifier"
    year = terms.year_in(raw("year")) or terms.year_in(raw("earlyaccessdate"))
    if year is None:
        return f"year is not a year: {raw('year')[:20]!r}"
    names = author_names(_plain(raw("author")))
    kind, stage = _type(field("type", "document_type"), field("publication_stage"), database)
    in_fields = present & {"affiliation", "affiliations"}
    return terms.finished(
        Record(
            file=name,
            row=number,
            database=database,
            is_simulated=raw("source") == terms.SIMULATED,
            eid=eid,
            doi=terms.bare_doi(_plain(raw("doi"))),
            title=title,
            year=year,
            source_title=field("journal", "booktitle"),
            document_type=kind,
            source_type=_PUBLISHED_IN.get(entry.entry_type.lower(), ""),
            publication_stage=stage,
            language=field("language"),
            abstract=field("abstract"),
            author_keywords=field("keywords" if database != "Scopus" else "author_keywords"),
            index_keywords=field("keywords-plus" if database != "Scopus" else "keywords"),
            authors_announced=len(names),
            author_ids=(),
            author_affiliations=None,
            affiliations=_addresses(raw, names, database) if in_fields else None,
            filled=0,
            is_retracted=None if kind is None else kind == terms.RETRACTED,
            subjects=_subjects(field),
        )
    )


def _subjects(field: Callable[..., str | None]) -> tuple[tuple[str, str], ...] | None:
    told = (
        (terms.WOS_CATEGORY, field("web-of-science-categories")),
        (terms.WOS_AREA, field("research-areas")),
    )
    known = [(scheme, text) for scheme, text in told if text is not None]
    if not known:
        return None
    return tuple(
        pair
        for scheme, text in known
        for pair in terms.subjects(scheme, (part.strip() for part in text.split(";")))
    )


def _database(fields: dict[str, list[str]], key: str) -> Database | None:
    named = " ".join(fields.get("source", ())).lower()
    links = " ".join(fields.get("url", ()))
    if "scopus" in named or terms.eid_in(links):
        return "Scopus"
    identifiers = [key.strip(), *fields.get("unique-id", ())]
    return "Web of Science" if any(item.startswith("WOS:") for item in identifiers) else None


def _type(kind: str | None, stage: str | None, database: Database) -> tuple[str | None, str | None]:
    """Document type and publication stage in Scopus's words."""
    if kind is None:
        return None, stage
    if database == "Web of Science":
        is_early = "early access" in kind.lower()
        return terms.web_of_science_type(kind), terms.IN_PRESS if is_early else terms.FINAL
    if kind.lower() == "article in press":
        return terms.ARTICLE, terms.IN_PRESS if stage is None else stage
    return kind, stage


def author_names(text: str) -> list[str]:
    """The authors' names of a Scopus or Web of Science entry.

    The oldest Scopus style parts them by commas and hangs the letters of their affiliations on the
    initials: ``Rossi, A.a , Verdi, B.a  b``.
    """
    if not text or _NOBODY.match(text):
        return []
    if _AND.search(text) or text.count(",") <= 1:
        return [name for name in (part.strip() for part in _AND.split(text)) if name]
    parts = [part.strip() for part in text.split(",")]
    pairs = zip(parts[::2], [*parts[1::2], ""])
    return [f"{family}, {initials}".rstrip(", ") for family, initials in pairs if family]


def _addresses(raw: Callable[..., str], names: list[str], database: Database) -> tuple[str, ...]:
    if database == "Scopus":
        parts = _plain(raw("affiliations", "affiliation")).split(";")
        return terms.distinct(part.strip() for part in parts)
    # ``Affiliation`` holds the addresses, a line each; ``Affiliations`` the unified organisations.
    lines = [_plain(line) for line in raw("affiliation").split("\n")]
    own = [line for line in lines if not _CORRESPONDING.search(line)]
    return terms.distinct(address_of(_without_names(line, names)) for line in own)


def _without_names(line: str, names: list[str]) -> str:
    """An address line without the authors it opens with: ``Li, Wei; Rossi, A., Address.``

    A name of three parts stands as "Li, Jr, Wei" in the list of authors, "Li, Wei, Jr" here.
    """
    parts = [name.split(", ") for name in names]
    both = [*names, *(f"{each[0]}, {each[2]}, {each[1]}" for each in parts if len(each) == 3)]
    spellings = [r"[\s,.]*".join(map(re.escape, _WORD.findall(name))) for name in both]
    longest_first = sorted(filter(None, spellings), key=len, reverse=True)
    if not longest_first:
        return line
    name = rf"(?:{'|'.join(longest_first)})\.?"
    found = re.match(rf"{name}(?:; {name})*, ", line)
    return line[found.end() :] if found else line


def _unwrapped(value: str) -> str:
    """A field's value with the escapes of BibTeX resolved, its lines kept."""
    return _QUOTES.sub('"', value).replace("`", "'").replace("{[}", "[").replace("{]}", "]")


def _plain(value: str) -> str:
    """A field's value as text: no braces, no escapes, white space single."""
    return terms.tidy(
        _ESCAPED.sub(r"\1", _BRACES.sub("", value.replace(r"\{", "").replace(r"\}", "")))
    )
