"""What of a string can decide: comma segments that cannot are left out before the rules run.

Most of an affiliation string is a department, a street or a postcode. A segment without any name,
place, country or acronym of the registry, which also cannot be part of a name that a comma splits,
changes no answer. What is left is short and repeats itself, so its answer can be remembered. The
same string is always shortened in the same way: answers depend on nothing but the string.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple

from bibliometrics.attribution.lexicon import Lexicon
from bibliometrics.attribution.repair import Speller
from bibliometrics.attribution.text import tokenise

_PLAIN = re.compile(r"[ ]*[A-Za-z0-9][A-Za-z0-9 .&/'-]*[A-Za-z0-9.][ ]*")
_POSTCODE_DIGITS = 6
# Stands for what was left out: a segment of its own that means nothing.
_PLACEHOLDER = " 0"
_APART = frozenset({"kong", "hongkong", "macau", "macao", "taiwan"})
_BARE = frozenset({"university", "institute", "academy", "college"})
_MOST_SEGMENTS = 200_000


class _Anything:
    """Holds every word."""

    def __contains__(self, word: object) -> bool:
        return True


class _Segment(NamedTuple):
    """What a comma segment is: `first` is its first word, `continuations` as of the lexicon."""

    is_inert: bool
    first: str
    continuations: Container[str] = frozenset()
    is_apart: bool = False
    is_postcode: bool = False


_ANYTHING = _Anything()


class Reducer:
    """Shortens strings; what it remembers about segments changes its speed, never its answers."""

    def __init__(self, lexicon: Lexicon, speller: Speller, stated: Container[str]) -> None:
        """`stated` are the words and codes that may state a country."""
        self._lexicon = lexicon
        self._speller = speller
        self._stated = stated
        self._segments: dict[str, _Segment] = {}

    def reduce(self, affiliation: str) -> str:
        """The string without the comma segments that cannot change its answer."""
        if ";" in affiliation and "&" in affiliation:
            return affiliation  # an entity, perhaps: only the whole string can be read
        known = self._segments
        kept: list[str] = []
        begun: Container[str] = ()
        is_apart = False
        for segment in affiliation.split(","):
            state = known.get(segment)
            if state is None:
                state = self._remembered(segment)
            is_continued = state.first in begun
            if state.is_inert and not is_continued and not is_apart:
                begun = ()
                if not kept or kept[-1] is not _PLACEHOLDER:
                    kept.append(_PLACEHOLDER)
                continue
            # Of a postcode only the digits of its province count.
            kept.append(f" {segment.strip()[:2]}0000" if state.is_postcode else segment)
            # A name that went on over one comma may go on over another.
            begun = _ANYTHING if is_continued else state.continuations
            is_apart = is_apart or state.is_apart
        return ",".join(kept)

    def _remembered(self, segment: str) -> _Segment:
        digits = segment.strip()
        if digits.isdigit() and digits.isascii():
            is_postcode = len(digits) == _POSTCODE_DIGITS
            return _Segment(is_inert=not is_postcode, first=digits, is_postcode=is_postcode)
        if len(self._segments) >= _MOST_SEGMENTS:
            self._segments.clear()
        state = self._segments[segment] = self._state(segment)
        return state

    def _state(self, segment: str) -> _Segment:
        if not _PLAIN.fullmatch(segment) or "ror.org" in segment.lower():
            return _unread(segment)
        tokens = self._lexicon.mended(tokenise(segment))
        words, raws = tokens.words, tokens.raws
        if not words or tokens.glue[0] or not segment.rstrip(" .").endswith(raws[-1]):
            return _unread(segment)
        continuations = self._lexicon.continuations(tokens)
        is_apart = not _APART.isdisjoint(words)
        is_inert = not (
            continuations
            or is_apart
            or (len(words) == 1 and words[0] in _BARE)
            or any(word in self._stated for word in words)
            or any(len(word) == _POSTCODE_DIGITS and word.isdigit() for word in words)
            or any(raw in self._stated for raw in raws)
            or self._lexicon.scan(tokens)
            or self._speller.repaired(tokens)
        )
        return _Segment(is_inert, words[0], continuations, is_apart)


def _unread(segment: str) -> _Segment:
    """A segment that can only be read within the whole string."""
    is_apart = not segment.isascii() or any(word in segment.lower() for word in _APART)
    return _Segment(is_inert=False, first="", continuations=_ANYTHING, is_apart=is_apart)
