"""Whether a record matches the study's keywords, where, and by which of them.

The rule imitates Scopus's search as its help describes it: case and hyphens do not matter inside
quotes, a singular word also finds its plural and possessive, and ``robot`` does not find *robotic*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Literal, NamedTuple

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
_SIGNS = ("?", "(c)", "copyright")
_LONGEST_SIGN = len("copyright")
_SENTENCE_END = re.compile(r"\.\s+(?=[A-Z])")
_COPYRIGHT_TAIL = 600
_AT_START = 3


class Hits(NamedTuple):
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
        leaves_out = "abstract" in self._fields and query.copyright_line == "leave_out"
        self._leaves_out = self._fields.index("abstract") if leaves_out else None
        self._phrases = [
            (keyword, _needle(keyword, query), _phrase(keyword, query))
            for keyword in dict.fromkeys(query.keywords)
        ]
        self._words = {
            keyword: [_phrase(word, query) for word in keyword.split() if _words_of(word, query)]
            for keyword in query.keywords
        }

    def hits(self, texts: Mapping[str, str | None]) -> Hits:
        """Match one record's ``texts`` (field → text; ``None``: the source lacks the field)."""
        given = [texts.get(field) for field in self._fields]
        parts = [text or "" for text in given]
        left_out = ""
        if self._leaves_out is not None:
            parts[self._leaves_out], left_out = without_copyright(parts[self._leaves_out])
        found = self._find(parts)
        in_copyright = False
        if not found and left_out and self._leaves_out is not None:
            parts[self._leaves_out] += f" {left_out}"
            in_copyright = bool(self._find(parts))
        lacks = not found and None in given
        return Hits(found, in_copyright, not lacks)

    def _prepared(self, parts: Sequence[str]) -> list[str]:
        """Each text in the form in which keywords are looked for."""
        if self._query.hyphen_and_case != "ignore_case_and_hyphen":
            return [_evened(text) for text in parts]
        whole = "\n".join(parts)
        if whole.isascii():
            whole = whole.lower().replace("-", " ")
            if whole.count("\n") == len(parts) - 1 and not _is_uneven(whole):
                return whole.split("\n")
        return [_evened(_plain(text)) for text in parts]

    def _find(self, parts: Sequence[str]) -> tuple[tuple[str, Field], ...]:
        """The keywords found in ``parts``, the texts of the fields searched."""
        texts = self._prepared(parts)
        if self._query.phrase == "phrase":
            # A plain search is many times faster than the pattern, and rules out most.
            whole = "\n".join(texts)
            possible = [phrase for phrase in self._phrases if phrase[1] in whole]
            found: list[tuple[str, Field]] = []
            for field, text in zip(self._fields, texts if possible else ()):
                for keyword, needle, pattern in possible:
                    if needle in text and text and _stands(pattern, needle, text):
                        found.append((keyword, field))
            return tuple(found)
        searched = dict(zip(self._fields, texts, strict=True))
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


def _plain(text: str) -> str:
    """``text`` without case and hyphens."""
    text = text.lower().replace("-", " ")
    return text if text.isascii() else _DASHES.sub(" ", text.replace("’", "'"))


def _evened(text: str) -> str:
    # Only a space is white space and printable: most texts need no splitting.
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(text.split())


def _is_uneven(text: str) -> bool:
    """Whether ASCII text has white space that is neither a single space nor a line feed.

    Spaces at its ends do not matter: no keyword begins or ends with one. A search for each sign is
    several times faster than ``isprintable``.
    """
    return (
        "  " in text or "\t" in text or "\r" in text or "\v" in text or "\f" in text
        or "\x1c" in text or "\x1d" in text or "\x1e" in text or "\x1f" in text
    )  # fmt: skip


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


def _signs(abstract: str, start: int) -> Iterator[int]:
    """Where from ``start`` on a sign of a copyright line stands, in order."""
    while start <= len(abstract):
        end = abstract.find("©", start)
        yield from _other_signs(abstract, start, len(abstract) if end < 0 else end)
        if end < 0:
            return
        yield end
        start = end + 1


def _other_signs(abstract: str, start: int, end: int) -> list[int]:
    """The signs between ``start`` and ``end``, where no © stands."""
    lower = abstract[start:end].lower()
    if not lower.isascii():
        lower = lower.replace("ı", "i")
        if len(lower) != end - start:  # "İ" is two letters in lower case
            return [sign.start() for sign in _COPYRIGHT_SIGNS.finditer(abstract, start, end)]
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


def _words_of(keyword: str, query: Query) -> list[str]:
    """The words of a keyword in the form of the texts; a dash alone is none where dashes are not
    looked at."""
    is_exact = query.hyphen_and_case == "exact"
    return (keyword if is_exact else _plain(keyword)).split()


def _phrase(keyword: str, query: Query) -> re.Pattern[str]:
    words = _words_of(keyword, query)
    joined = r"\ ".join(re.escape(word) for word in words[:-1])
    lead = joined + r"\ " if joined else ""
    return re.compile(rf"(?<!\w){lead}{_last(words[-1], query)}(?!\w)")


def _needle(keyword: str, query: Query) -> str:
    """Letters that every text holds in which the keyword's pattern is found."""
    plain = " ".join(_words_of(keyword, query))
    if query.hyphen_and_case == "exact":
        return plain if query.word_forms == "exact" else ""
    return plain.removesuffix("y")


def _last(word: str, query: Query) -> str:
    if query.word_forms == "exact":
        return re.escape(word)
    if query.word_forms == "prefix":
        return re.escape(word) + r"\w*"
    if len(word) > 2 and word.endswith("y") and word[-2] not in "aeiou":
        return rf"(?:{re.escape(word)}(?:'s)?|{re.escape(word[:-1])}ies'?)"
    return re.escape(word) + r"(?:'s|(?:e?s)'?)?"
