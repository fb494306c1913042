"""Whether a record matches the study's keywords, where, and by which of them.

The rule imitates Scopus's search as its help describes it: case and hyphens do not matter inside
quotes, a singular word also finds its plural and possessive, and ``robot`` does not find *robotic*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from bibliometrics.study.model import Query

Field = Literal["title", "abstract", "author_keywords", "index_keywords", "across fields"]

_DASHES = re.compile(r"[-‐‑‒–—−­]+")
# "? 2021": exports whose © was lost write a question mark at the start of the sentence.
# "(c)" alone also numbers a list, and "copyright held by" may be what a paper is about: both need a
# year, or the start of a sentence.
_YEAR = r"(?=(?:19|20)\d\d\b)"
_COPYRIGHT = re.compile(
    rf"(?:copyright\s*)?©|(?:copyright\s*)?\(c\)\s*(?:copyright\s*)?{_YEAR}"
    rf"|copyright\s+{_YEAR}"
    rf"|(?:(?<=[.!?]\s)|^)(?:copyright\s+(?:by|held|owned)\b|\?\s*{_YEAR})",
    re.IGNORECASE,
)
_COPYRIGHT_LETTERS = ("©", "?", "(c)", "(C)", "opyright", "OPYRIGHT")
_COPYRIGHT_SIGNS = re.compile(r"[©?]|\(c\)|copyright", re.IGNORECASE)
_SIGNS = ("©", "?", "(c)", "copyright")
_LONGEST_SIGN = len("copyright")
_SENTENCE_END = re.compile(r"\.\s+(?=[A-Z])")
_COPYRIGHT_TAIL = 600
_AT_START = 3


@dataclass(frozen=True)
class Hits:
    """Where the keywords stand in one record.

    ``found`` lists (keyword, field) pairs; ``only_in_copyright`` says that the record would match,
    but only by its copyright line; ``is_testable`` is false where nothing was found and the source
    lacks a field that the study searches.
    """

    found: tuple[tuple[str, Field], ...]
    only_in_copyright: bool
    is_testable: bool

    def joined(self, other: Hits) -> Hits:
        """What two records of one paper match together."""
        found = tuple(dict.fromkeys((*self.found, *other.found)))
        return Hits(
            found,
            self.only_in_copyright and not found,
            self.is_testable or other.is_testable,
        )


class KeywordRule:
    """The study's keyword rule, compiled once."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._fields = searched_fields(query)
        self._phrases = [
            (keyword, _needle(keyword, query), _phrase(keyword, query))
            for keyword in dict.fromkeys(query.keywords)
        ]
        self._words = {
            keyword: [_phrase(word, query) for word in keyword.split()]
            for keyword in query.keywords
        }

    def hits(self, texts: Mapping[str, str | None]) -> Hits:
        """Match one record's ``texts`` (field → text; ``None``: the source lacks the field)."""
        searched: dict[Field, str] = {}
        left_out = ""
        for field in self._fields:
            text = texts.get(field) or ""
            if field == "abstract" and self._query.copyright_line == "leave_out":
                text, left_out = without_copyright(text)
            searched[field] = self._prepared(text)
        found = self._find(searched)
        in_copyright = False
        if not found and left_out:
            in_copyright = bool(
                self._find(
                    {**searched, "abstract": f"{searched['abstract']} {self._prepared(left_out)}"}
                )
            )
        lacks = not found and any(texts.get(field) is None for field in self._fields)
        return Hits(found, in_copyright, not lacks)

    def _prepared(self, text: str) -> str:
        if self._query.hyphen_and_case == "ignore_case_and_hyphen":
            text = text.lower().replace("-", " ")
            if not text.isascii():
                text = _DASHES.sub(" ", text.replace("’", "'"))
        # Only a space is white space and printable: most texts need no splitting.
        if text.isprintable() and "  " not in text:
            return text.strip()
        return " ".join(text.split())

    def _find(self, searched: Mapping[Field, str]) -> tuple[tuple[str, Field], ...]:
        if self._query.phrase == "phrase":
            # A plain search is many times faster than the pattern, and rules out most.
            whole = "\n".join(searched.values())
            possible = [phrase for phrase in self._phrases if phrase[1] in whole]
            return tuple(
                (keyword, field)
                for field, text in (searched.items() if possible else ())
                for keyword, needle, pattern in possible
                if needle in text and text and _stands(pattern, needle, text)
            )
        if self._query.phrase == "words_and":
            return self._find_words(searched)
        return self._find_unquoted(searched)

    def _find_words(self, searched: Mapping[Field, str]) -> tuple[tuple[str, Field], ...]:
        whole = " \n ".join(searched.values())
        found: list[tuple[str, Field]] = []
        for keyword, words in self._words.items():
            if not all(word.search(whole) for word in words):
                continue
            here: list[tuple[str, Field]] = [
                (keyword, field)
                for field, text in searched.items()
                if all(word.search(text) for word in words)
            ]
            found.extend(here or [(keyword, "across fields")])
        return tuple(found)

    def _find_unquoted(self, searched: Mapping[Field, str]) -> tuple[tuple[str, Field], ...]:
        """The line typed without quotes: Scopus evaluates OR before AND.

        ``a b OR c d`` is then a AND (b OR c) AND d.
        """
        whole = " \n ".join(searched.values())
        groups: list[list[re.Pattern[str]]] = []
        for words in self._words.values():
            if groups:
                groups[-1].append(words[0])
                groups.extend([word] for word in words[1:])
            else:
                groups.extend([word] for word in words)
        line = " OR ".join(self._query.keywords)
        if all(any(word.search(whole) for word in group) for group in groups):
            return ((line, "across fields"),)
        return ()


def searched_fields(query: Query) -> tuple[Field, ...]:
    """The fields of a record that the study searches."""
    fields: list[Field] = []
    if "title" in query.fields:
        fields.append("title")
    if "abstract" in query.fields:
        fields.append("abstract")
    if "keywords" in query.fields:
        if query.keyword_fields != "index_only":
            fields.append("author_keywords")
        if query.keyword_fields != "author_only":
            fields.append("index_keywords")
    return tuple(fields)


def without_copyright(abstract: str) -> tuple[str, str]:
    """An abstract without its copyright line, and that line ('' where there is none).

    At the start the line ends with its first sentence; otherwise it runs to the end of the text,
    unless more than 600 characters follow, which no copyright line has.
    """
    for letters in _COPYRIGHT_LETTERS:
        if letters in abstract:
            break
    else:
        return abstract, ""
    # A sign between the opening and the last letters decides nothing: it is not looked for.
    tail = max(_AT_START + 1, len(abstract) - _COPYRIGHT_TAIL)
    places: Iterable[int] = ()
    if _COPYRIGHT_SIGNS.search(abstract, 0, _AT_START + _LONGEST_SIGN):
        places = range(_AT_START + 1)
    opening = (place for place in places if _COPYRIGHT_SIGNS.match(abstract, place))
    for sign in chain(opening, _signs(abstract, tail)):
        match = _COPYRIGHT.match(abstract, sign)
        if match is None:
            continue
        start = match.start()
        if start <= _AT_START:
            end = _SENTENCE_END.search(abstract, match.end())
            if end is None:
                return "", abstract
            rest, line = without_copyright(abstract[end.end() :])
            return rest, f"{abstract[: end.end()]} {line}".strip()
        return abstract[:start].rstrip(), abstract[start:]
    return abstract, ""


def _signs(abstract: str, start: int) -> list[int]:
    """Where from ``start`` on a sign of a copyright line stands, in order."""
    lower = abstract[start:].lower().replace("ı", "i")
    if len(lower) != len(abstract) - start:  # "İ" is two letters in lower case
        return [sign.start() for sign in _COPYRIGHT_SIGNS.finditer(abstract, start)]
    found = []
    for sign in _SIGNS:
        place = lower.find(sign)
        while place >= 0:
            found.append(start + place)
            place = lower.find(sign, place + 1)
    return sorted(found)


def _stands(pattern: re.Pattern[str], needle: str, text: str) -> bool:
    """Whether ``pattern``, which begins with ``needle``, is found in ``text``."""
    if not needle:
        return pattern.search(text) is not None
    place = text.find(needle)
    while place >= 0:
        if pattern.match(text, place):
            return True
        place = text.find(needle, place + 1)
    return False


def _phrase(keyword: str, query: Query) -> re.Pattern[str]:
    exact = query.hyphen_and_case == "exact"
    words = (keyword if exact else _DASHES.sub(" ", keyword).lower()).split()
    joined = r"\ ".join(re.escape(word) for word in words[:-1])
    lead = joined + r"\ " if joined else ""
    return re.compile(rf"(?<!\w){lead}{_last(words[-1], query)}(?!\w)")


def _needle(keyword: str, query: Query) -> str:
    """Letters that every text holds in which the keyword's pattern is found."""
    if query.hyphen_and_case == "exact":
        return " ".join(keyword.split()) if query.word_forms == "exact" else ""
    plain = " ".join(_DASHES.sub(" ", keyword).lower().split())
    return plain.removesuffix("y")


def _last(word: str, query: Query) -> str:
    if query.word_forms == "exact":
        return re.escape(word)
    if query.word_forms == "prefix":
        return re.escape(word) + r"\w*"
    if len(word) > 2 and word.endswith("y") and word[-2] not in "aeiou":
        return rf"(?:{re.escape(word)}(?:'s)?|{re.escape(word[:-1])}ies'?)"
    return re.escape(word) + r"(?:'s|(?:e?s)'?)?"
