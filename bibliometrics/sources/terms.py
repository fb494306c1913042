"""The words of the sources in one vocabulary: Scopus's types, names of languages, bare DOIs.

A study names document and source types as Scopus does. A word that has no counterpart there stays
as the source wrote it, and so falls outside every type a study can name.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from babel import Locale

from bibliometrics.sources.record import Record

ARTICLE = "Article"
CONFERENCE_PAPER = "Conference Paper"
RETRACTED = "Retracted"
JOURNAL = "Journal"
PROCEEDINGS = "Conference Proceeding"
SERIES = "Book Series"
BOOK = "Book"
FINAL = "Final"
IN_PRESS = "Article in press"
SIMULATED = "SIMULATED"
ASJC = "ASJC"
WOS_CATEGORY = "Web of Science category"
WOS_AREA = "Web of Science research area"
OPENALEX_FIELD = "OpenAlex field"
LENS_FIELD = "Lens field of study"

NO_TIE: Final = "address without an author's name: the paper's ties are not used"
NOT_AN_AUTHOR: Final = "name among the addresses that is no author's"
NAMESAKES: Final = "authors of one name share their addresses"
UNEQUAL: Final = "numbers of authors and of affiliations differ: the paper's ties are not used"
CUT_UNTOLD: Final = "author list cut by the source, the number of authors not told"
NOTES_ZH: Final = {
    NO_TIE: "有地址未注明作者：不采用该文的作者与地址对应关系",
    NOT_AN_AUTHOR: "地址中的姓名不在作者之列",
    NAMESAKES: "同名作者共用地址",
    UNEQUAL: "作者数与地址数不符：不采用该文的作者与地址对应关系",
    CUT_UNTOLD: "来源截断了作者列表且未说明作者总数",
}
"""Chinese for the findings of a record, as the corpus prints them."""

# Of several words of one record the first of this list decides: the special before the general.
_WEB_OF_SCIENCE = {
    "retracted publication": RETRACTED,
    "correction": "Erratum",
    "correction, addition": "Erratum",
    "retraction": "Erratum",
    "expression of concern": "Erratum",
    "book review": "Book Review",
    "data paper": "Data Paper",
    "book chapter": "Book Chapter",
    "proceedings paper": CONFERENCE_PAPER,
    "meeting abstract": "Abstract Report",
    "editorial material": "Editorial",
    "letter": "Letter",
    "note": "Note",
    "news item": "Note",
    "discussion": "Note",
    "book": "Book",
    "review": "Review",
    "article": ARTICLE,
}
_PUBMED = {
    "retracted publication": RETRACTED,
    "published erratum": "Erratum",
    "retraction of publication": "Erratum",
    "retraction notice": "Erratum",
    "expression of concern": "Erratum",
    "preprint": "Preprint",
    "editorial": "Editorial",
    "letter": "Letter",
    "comment": "Note",
    "news": "Note",
    "newspaper article": "Note",
    "congress": "Conference Review",
    "review": "Review",
    "systematic review": "Review",
    "journal article": ARTICLE,
    "case reports": ARTICLE,
    "clinical trial": ARTICLE,
    "randomized controlled trial": ARTICLE,
    "comparative study": ARTICLE,
    "evaluation study": ARTICLE,
    "meta-analysis": ARTICLE,
    "multicenter study": ARTICLE,
    "observational study": ARTICLE,
    "validation study": ARTICLE,
}
_OPENALEX = {
    "article": ARTICLE,
    "review": "Review",
    "book": "Book",
    "book-chapter": "Book Chapter",
    "editorial": "Editorial",
    "letter": "Letter",
    "erratum": "Erratum",
    "retraction": "Erratum",
    "conference-paper": CONFERENCE_PAPER,
    "data-paper": "Data Paper",
}
_LENS = {
    "journal article": ARTICLE,
    "conference proceedings article": CONFERENCE_PAPER,
    "book chapter": "Book Chapter",
    "book": "Book",
    "review": "Review",
    "editorial": "Editorial",
    "letter": "Letter",
    "news": "Note",
    "conference proceedings": "Conference Review",
}
OPENALEX_SOURCES = {
    "journal": JOURNAL,
    "conference": PROCEEDINGS,
    "book series": SERIES,
    "ebook platform": BOOK,
}
LENS_SOURCES = {
    "journal article": JOURNAL,
    "conference proceedings article": PROCEEDINGS,
    "conference proceedings": PROCEEDINGS,
    "book chapter": BOOK,
    "book": BOOK,
}
# ISO 639-2 codes as MEDLINE writes them, where Unicode knows the language by two letters.
_MEDLINE_LANGUAGES = {
    "ara": "ar", "bul": "bg", "cat": "ca", "chi": "zh", "cze": "cs", "dan": "da", "dut": "nl",
    "eng": "en", "est": "et", "fin": "fi", "fre": "fr", "ger": "de", "gre": "el", "heb": "he",
    "hrv": "hr", "hun": "hu", "ice": "is", "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko",
    "lav": "lv", "lit": "lt", "mac": "mk", "nor": "no", "per": "fa", "pol": "pl", "por": "pt",
    "rum": "ro", "rus": "ru", "slo": "sk", "slv": "sl", "spa": "es", "srp": "sr", "swe": "sv",
    "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi",
}  # fmt: skip

_DOI = re.compile(r"\b(10\.\d{4,9}/\S+)", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[5-9]|20|21)\d\d\b")
_EID_IN_LINK = re.compile(r"[?&]eid=(2-s2\.0-[0-9A-Za-z]+)")
_CONTACT = re.compile(
    r"\s*(?:Electronic address:.*|(?:E-?mail:\s*)?[\w.+'-]+@[\w.-]+\w\.?)\s*$", re.IGNORECASE
)
_IDENTIFIERS = re.compile(
    r"[.,]?(?:\s+(?:GRID|ISNI|ROR):\s*(?:https?://ror\.org/)?[\w.]+(?:\s\d{4}\s\d{4}\s[\dX]{4})?)+\s*$"
)


def web_of_science_type(text: str) -> str:
    """Scopus's word for ``DT``, such as "Article; Early Access"; '' for none."""
    words = [word for word in _words(text.split(";")) if word != "early access"]
    return _first_of(_WEB_OF_SCIENCE, words)


def pubmed_type(types: Iterable[str]) -> str:
    """Scopus's word for a record's publication types (``PT``)."""
    return _first_of(_PUBMED, _words(types))


def openalex_type(word: str, source_type: str) -> str:
    """Scopus's word for a work's type; OpenAlex calls a paper in proceedings an article too."""
    found = _first_of(_OPENALEX, _words([word]))
    return CONFERENCE_PAPER if found == ARTICLE and source_type == PROCEEDINGS else found


def lens_type(word: str) -> str:
    return _first_of(_LENS, _words([word]))


def _words(parts: Iterable[str]) -> list[str]:
    return [word for word in (" ".join(part.split()).lower() for part in parts) if word]


def _first_of(names: dict[str, str], words: list[str]) -> str:
    known = set(words)
    for word, name in names.items():
        if word in known:
            return name
    return words[0].capitalize() if words else ""


@cache
def language_name(code: str) -> str:
    """The English name of a language's code (two letters, or MEDLINE's three); else ``code``."""
    short = _MEDLINE_LANGUAGES.get(code.lower(), code.lower())
    return str(Locale("en").languages.get(short, code))


def bare_doi(text: str) -> str:
    """The DOI in ``text``, lower case, without an address before it; '' where there is none."""
    found = _DOI.search(text)
    return found.group(1).lower().rstrip(".,;") if found else ""


def year_in(text: str) -> int | None:
    """The first year from 1500 to 2199 in ``text``."""
    found = _YEAR.search(text)
    return int(found.group()) if found else None


def eid_in(link: str) -> str:
    """The EID that a link to Scopus carries."""
    found = _EID_IN_LINK.search(link)
    return found.group(1) if found else ""


def tidy(text: str) -> str:
    """``text`` with entities resolved and white space single."""
    for _ in range(2):
        if "&" not in text:
            break
        text = html.unescape(text)
    return " ".join(text.split())


def bare_address(text: str) -> str:
    """An address without what some publishers write behind it: e-mail addresses, identifiers."""
    return _IDENTIFIERS.sub("", _CONTACT.sub("", tidy(text))).strip()


def join(items: Iterable[str]) -> str:
    """A list of keywords as Scopus's exports write it."""
    return "; ".join(item for item in items if item)


def subjects(scheme: str, items: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Subject areas under the name of their classification, each once."""
    return tuple((scheme, item) for item in distinct(items))


def distinct(items: Iterable[str]) -> tuple[str, ...]:
    """The items that are not empty, each once, in the order of their first mention."""
    return tuple(dict.fromkeys(item for item in items if item))


def finished(record: Record) -> Record:
    """``record`` with the number of its filled fields, which decides between two of one paper.

    Only what a record can hold is counted, so that formats with more fields do not win by them;
    authors tied to their affiliations count as one field more.
    """
    record.filled = sum(
        bool(value)
        for value in (
            record.eid, record.doi, record.title, record.year, record.source_title,
            record.document_type, record.source_type, record.publication_stage, record.language,
            record.abstract, record.author_keywords, record.index_keywords,
            record.authors_announced, record.author_ids, record.affiliations,
            record.tie == "author", record.facts,
        )
    )  # fmt: skip
    return record
