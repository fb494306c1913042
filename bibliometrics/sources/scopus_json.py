"""Entries of the Scopus Search API as records: tolerant of every shape seen, without loss.

Lists come as lists, as a single object, or as null; ids as text, number or ``{"$": …}``; text with
HTML entities. What does not fit goes to quarantine with the entry as received. An affiliation
becomes the string "name, city, country", with its AF-ID beside it as a fact.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Final, Literal

from bibliometrics.sources.record import AffiliationFacts, Quarantined, Record
from bibliometrics.sources.scopus_authors import CountryCode
from bibliometrics.sources.scopus_page import is_empty_row, loads
from bibliometrics.sources.scopus_values import afids, line, listed, text, whole_signs

View = Literal["COMPLETE", "STANDARD"]
ReadPage = Callable[[bytes, str, str], Iterator[Record | Quarantined]]

ABSENT_ID: Final = "author's affiliation id is not among the paper's affiliations"
UNTIED: Final = "affiliation that no listed author is tied to"
CUT: Final = "author list cut by the source"
REPEATED: Final = "author listed twice"
SAME_STRING: Final = "two affiliation ids under one name"
EMPTY_ROW: Final = "row that says only that nothing was found"
NOTES_ZH: Final = {
    ABSENT_ID: "作者的机构标识不在论文的地址列表中",
    UNTIED: "有地址未与任何列出的作者关联",
    CUT: "来源截断了作者列表",
    REPEATED: "作者重复列出",
    SAME_STRING: "同名地址有两个机构标识",
}
"""Chinese for the findings of a record, as the corpus prints them."""

_EID = re.compile(r"2-s2\.0-[0-9A-Za-z]+")
_YEAR = re.compile(r"(1[5-9]|20|21)\d\d")
_CUT = re.compile(r"Author list of (\d+) truncated", re.IGNORECASE)
_REMEMBERED = 1 << 16
_SUBTYPES = {
    "ar": "Article", "re": "Review", "cp": "Conference Paper", "ch": "Book Chapter", "bk": "Book",
    "ed": "Editorial", "le": "Letter", "no": "Note", "sh": "Short Survey", "er": "Erratum",
    "dp": "Data Paper", "tb": "Retracted", "ab": "Abstract Report", "cr": "Conference Review",
}  # fmt: skip
_OF_AFFILIATION = ("afid", "affilname", "affiliation-city", "affiliation-country")
_IN_COMPLETE = ("author", "author-count", "authkeywords", "dc:description")


def page_reader(country_code: CountryCode) -> ReadPage:
    """A reader of kept pages: (body, name for messages, view) → every row in order."""

    compose = composer(country_code)

    def read(body: bytes, name: str, view: str) -> Iterator[Record | Quarantined]:
        seen: View = "COMPLETE" if view == "COMPLETE" else "STANDARD"
        results = loads(body)["search-results"]
        entries = listed(results.get("entry"))
        return rows_of(entries, name, compose, seen, 1, is_alone=len(entries) == 1)

    return read


def read_entries(
    entries: list[Any],
    file: str,
    country_code: CountryCode,
    view: View | None = None,
    first_row: int = 1,
) -> Iterator[Record | Quarantined]:
    """Each entry as a ``Record`` or a ``Quarantined``; rows count from ``first_row``.

    ``view`` None: COMPLETE where an entry of the list carries what only that view has. Rows that
    only say that nothing was found are no records: they are left out where they stand alone.
    """
    if view is None:
        view = view_of(entries)
    compose, is_alone = composer(country_code), len(entries) == 1
    yield from rows_of(entries, file, compose, view, first_row, is_alone=is_alone)


def rows_of(
    entries: Sequence[Any],
    file: str,
    compose: Compose,
    view: View,
    first_row: int,
    *,
    is_alone: bool = False,
) -> Iterator[Record | Quarantined]:
    """As ``read_entries``; ``is_alone``: the file or page has no other entry."""
    for row, entry in enumerate(entries, first_row):
        if is_empty_row(entry):
            if not is_alone:
                yield _quarantined(file, row, EMPTY_ROW, entry)
            continue
        yield _entry(entry, file, row, compose, view)


def view_of(entries: list[Any]) -> View:
    """The view entries came in, by what they carry."""
    carries = any(
        isinstance(entry, dict) and any(name in entry for name in _IN_COMPLETE) for entry in entries
    )
    return "COMPLETE" if carries else "STANDARD"


def _quarantined(file: str, row: int, reason: str, entry: object) -> Quarantined:
    return Quarantined(file, row, reason, whole_signs(json.dumps(entry, ensure_ascii=False)))


def _entry(
    entry: object, file: str, row: int, compose: Compose, view: View
) -> Record | Quarantined:
    if not isinstance(entry, dict):
        return _quarantined(file, row, "not an object", entry)
    if "error" in entry and "eid" not in entry and "dc:title" not in entry:
        return _quarantined(file, row, f"error instead of a record: {text(entry['error'])}", entry)
    title = line(entry.get("dc:title"))
    eid = _eid(entry)
    doi = text(entry.get("prism:doi")).lower().removeprefix("https://doi.org/")
    if not (title or eid or doi):
        return _quarantined(file, row, "no title and no identifier", entry)
    year = _year(entry)
    if year is None:
        shown = text(entry.get("prism:coverDate"))[:20]
        return _quarantined(file, row, f"year is not a year: {shown!r}", entry)
    names = _Affiliations(listed(entry.get("affiliation")), compose)
    subtype = text(entry.get("subtype")).lower()
    document_type = text(entry.get("subtypeDescription")) or _SUBTYPES.get(subtype, "")
    values = list(entry.values())
    findings: list[str] = []
    if view == "COMPLETE":
        ids, tied = _authors(listed(entry.get("author")), names, findings)
    else:
        ids, tied = (), None
    announced, is_cut = _number_of_authors(entry, tied)
    if is_cut:
        findings.append(CUT)
    if tied and any(tied) and not {*chain.from_iterable(tied)}.issuperset(names.strings):
        findings.append(UNTIED)
    if names.is_ambiguous:
        findings.append(SAME_STRING)
    return Record(
        file=file,
        row=row,
        database="Scopus",
        is_simulated=entry.get("simulated") is True,
        eid=eid,
        doi=doi,
        title=title,
        year=year,
        source_title=text(entry.get("prism:publicationName")),
        document_type=document_type,
        source_type=text(entry.get("prism:aggregationType")) or None,
        publication_stage=None,
        language=None,
        abstract=text(entry.get("dc:description")) if view == "COMPLETE" else None,
        author_keywords=_keywords(entry) if view == "COMPLETE" else None,
        index_keywords=None,
        authors_announced=announced,
        author_ids=ids,
        author_affiliations=tied,
        affiliations=tuple(names.strings),
        filled=len(values) - values.count(None) - values.count("") - values.count([]),
        findings=tuple(dict.fromkeys(findings)),
        facts=names.facts,
        is_cut=is_cut,
        is_retracted=subtype == "tb" or document_type.lower() == "retracted",
        subjects=_subjects(entry) if "subject-area" in entry else None,
    )


def _subjects(entry: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Subject areas, where somebody joined them to the entry: the search itself sends none."""
    names = [line(item) for item in listed(entry["subject-area"])]
    return tuple(("ASJC", name) for name in dict.fromkeys(names) if name)


Told = tuple[tuple[str, ...], str, AffiliationFacts]
"""The ids of an affiliation, its string, and the facts of the first id."""


@dataclass(frozen=True)
class Compose:
    """Affiliations as they are told; the many repetitions made once.

    ``of_id``: (id, name, city, country) → string and facts. ``of_any``: the same four as an entry
    has them, in any of their shapes. ``of_plain``: the same where they can be remembered; raises
    ``TypeError`` for a list or an object.
    """

    of_id: Callable[[str, str, str, str], tuple[str, AffiliationFacts]]
    of_any: Callable[[object, object, object, object], Told]
    of_plain: Callable[[object, object, object, object], Told]


def composer(country_code: CountryCode) -> Compose:
    """Composes the strings of affiliations; ``country_code`` knows the names of countries."""

    @lru_cache(maxsize=_REMEMBERED)
    def of_id(afid: str, name: str, city: str, country: str) -> tuple[str, AffiliationFacts]:
        stands_for = name or (f"AF-ID {afid}" if afid else "")
        composed = ", ".join(part for part in (stands_for, city, country) if part)
        return composed, AffiliationFacts(afid, "", city, country_code(country) or "")

    def of_any(afid: object, name: object, city: object, country: object) -> Told:
        ids = tuple(afids(afid))
        return ids, *of_id(ids[0] if ids else "", line(name), line(city), line(country))

    # Typed: 1 and True would be one key, and only the first is an id.
    return Compose(of_id, of_any, lru_cache(maxsize=_REMEMBERED, typed=True)(of_any))


class _Affiliations:
    """The strings of one paper, in order, with the id behind each."""

    def __init__(self, entries: list[Any], compose: Compose) -> None:
        self.strings: dict[str, None] = {}
        self.facts: dict[str, AffiliationFacts] = {}
        self.is_ambiguous = False
        self._compose = compose
        self._by_id: dict[str, str] = {}
        for entry in entries:
            item: Mapping[str, Any] = entry if isinstance(entry, dict) else {"affilname": entry}
            said = [*map(item.get, _OF_AFFILIATION)]
            try:
                ids, composed, facts = compose.of_plain(*said)
            except TypeError:
                ids, composed, facts = compose.of_any(*said)
            if composed:
                self._add(composed, facts)
                for afid in ids:
                    self._by_id.setdefault(afid, composed)

    def _add(self, composed: str, facts: AffiliationFacts) -> None:
        self.strings[composed] = None
        known = self.facts.setdefault(composed, facts)
        if known.afid != facts.afid and facts.afid:
            self.is_ambiguous = self.is_ambiguous or bool(known.afid)
            if not known.afid:
                self.facts[composed] = facts

    def of(self, afid: str) -> str | None:
        return self._by_id.get(afid)

    def unlisted(self, afid: str) -> str:
        """A string for an id of which the paper does not say what it is."""
        composed, facts = self._compose.of_id(afid, "", "", "")
        self._add(composed, facts)
        self._by_id[afid] = composed
        return composed


def _authors(
    entries: list[Any], names: _Affiliations, findings: list[str]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Ids of the authors (all or none), and the affiliation strings of each, in order."""
    places: dict[tuple[str, str], int] = {}
    ids: list[str] = []
    tied: list[dict[str, None]] = []
    for entry in entries:
        item: Mapping[str, Any] = entry if isinstance(entry, dict) else {"authname": entry}
        author = item.get("authid")
        if type(author) is not str or not author.isdecimal():
            author = next(iter(afids(author)), "")
        strings: dict[str, None] = {}
        for afid in afids(item.get("afid")):
            known = names.of(afid)
            if known is None:
                findings.append(ABSENT_ID)
                known = names.unlisted(afid)
            strings[known] = None
        seat = item.get("@seq")
        who = (author, seat if isinstance(seat, str) else text(seat))
        # One person may sign twice (two people under one id do): only the same place is the same.
        if author and who[1] and who in places:
            findings.append(REPEATED)
            tied[places[who]] |= strings
            continue
        places[who] = len(ids)
        ids.append(author)
        tied.append(strings)
    return tuple(ids) if all(ids) else (), tuple(map(tuple, tied))


def _number_of_authors(
    entry: Mapping[str, Any], tied: tuple[tuple[str, ...], ...] | None
) -> tuple[int, bool]:
    """How many authors the paper has, and whether the source lists fewer.

    The source lists an author once for each address and counts these rows: where all rows are
    there, the authors are counted instead; where rows are cut, its number is all there is.
    """
    stated, rows = _announced(entry), len(listed(entry.get("author")))
    if tied is None:
        return stated, False
    if stated > rows:
        return stated, True
    return len(tied), False


def _announced(entry: Mapping[str, Any]) -> int:
    """The number of authors the source states, in the count or in its remark; 0: neither."""
    count = entry.get("author-count")
    if isinstance(count, list):
        count = count[0] if count else None
    if isinstance(count, dict):
        count = count.get("$", count.get("@total"))
    number = text(count)
    stated = int(number) if number.isdecimal() else 0
    cut = _CUT.search(text(entry["message"])) if "message" in entry else None
    return max(stated, int(cut[1])) if cut else stated


def _eid(entry: Mapping[str, Any]) -> str:
    found = _EID.fullmatch(text(entry.get("eid")))
    if found:
        return found.group()
    number = text(entry.get("dc:identifier")).removeprefix("SCOPUS_ID:")
    return f"2-s2.0-{number}" if number.isalnum() and number.isascii() else ""


def _year(entry: Mapping[str, Any]) -> int | None:
    for name in ("prism:coverDate", "prism:coverDisplayDate"):
        found = _year_in(text(entry.get(name)))
        if found is not None:
            return found
    return None


@lru_cache(maxsize=_REMEMBERED)
def _year_in(date: str) -> int | None:
    found = _YEAR.search(date)
    return int(found.group()) if found else None


def _keywords(entry: Mapping[str, Any]) -> str:
    value = entry.get("authkeywords")
    parts = [text(part) for part in value] if isinstance(value, list) else [text(value)]
    words = [word.strip() for part in parts for word in part.split("|")]
    return "; ".join([word for word in words if word])
