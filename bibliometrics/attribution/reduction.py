"""What of a string can decide: comma segments that cannot are left out before the rules run.

Most of an affiliation string is a department, a street or a postcode. A segment without any name,
place, country or acronym of the registry, which also cannot be part of a name that a comma splits,
changes no answer. What is left is short and repeats itself, so its answer can be remembered. The
same string is always shortened in the same way: answers depend on nothing but the string.
"""

from __future__ import annotations

import re
from collections.abc import Container

from bibliometrics.attribution.lexicon import Lexicon
from bibliometrics.attribution.repair import Speller
from bibliometrics.attribution.text import tokenise

_PLAIN = re.compile(r"[ ]*[A-Za-z0-9][A-Za-z0-9 .&/'-]*[A-Za-z0-9.][ ]*")
_POSTCODE_DIGITS = 6
# Stands for what was left out: a segment of its own that means nothing.
_PLACEHOLDER = " 0"
_APART = frozenset({"kong", "hongkong", "macau", "taiwan"})
_BARE = frozenset({"university", "institute", "academy", "college"})
_INERT, _KEPT, _OPEN, _AFTER_APART, _POSTCODE = 0, 1, 2, 4, 8
# A name with commas in it is searched for in this many segments after the one it begins in.
_REACH = 2
_MOST_SEGMENTS = 200_000


class Reducer:
    """Shortens strings; what it remembers about segments changes its speed, never its answers."""

    def __init__(self, lexicon: Lexicon, speller: Speller, stated: Container[str]) -> None:
        """`stated` are the words and codes that may state a country."""
        self._lexicon = lexicon
        self._speller = speller
        self._stated = stated
        self._segments: dict[str, int] = {}

    def reduce(self, affiliation: str) -> str:
        """The string without the comma segments that cannot change its answer."""
        if ";" in affiliation and "&" in affiliation:
            return affiliation  # an entity, perhaps: only the whole string can be read
        known = self._segments
        kept: list[str] = []
        reach = 0
        is_apart = False
        for segment in affiliation.split(","):
            state = known.get(segment)
            if state is None:
                state = self._remembered(segment)
            if state == _INERT and not reach and not is_apart:
                if not kept or kept[-1] is not _PLACEHOLDER:
                    kept.append(_PLACEHOLDER)
                continue
            # Of a postcode only the digits of its province count.
            kept.append(f" {segment.strip()[:2]}0000" if state == _POSTCODE else segment)
            if state & _OPEN:
                reach = _REACH
            elif reach:
                reach -= 1
            if state & _AFTER_APART:
                is_apart = True
        return ",".join(kept)

    def _remembered(self, segment: str) -> int:
        digits = segment.strip()
        if digits.isdigit() and digits.isascii():
            return _POSTCODE if len(digits) == _POSTCODE_DIGITS else _INERT
        if len(self._segments) >= _MOST_SEGMENTS:
            self._segments.clear()
        state = self._segments[segment] = self._state(segment)
        return state

    def _state(self, segment: str) -> int:
        if not _PLAIN.fullmatch(segment) or "ror.org" in segment.lower():
            return _KEPT | _OPEN | _AFTER_APART
        tokens = self._lexicon.mended(tokenise(segment))
        words, raws = tokens.words, tokens.raws
        if not words or tokens.glue[0] or not segment.rstrip(" .").endswith(raws[-1]):
            return _KEPT | _OPEN
        state = _OPEN if self._lexicon.may_go_on(tokens) else 0
        if not _APART.isdisjoint(words):
            state |= _AFTER_APART
        if (
            state
            or (len(words) == 1 and words[0] in _BARE)
            or any(word in self._stated for word in words)
            or any(len(word) == _POSTCODE_DIGITS and word.isdigit() for word in words)
            or any(raw in self._stated for raw in raws)
            or self._lexicon.scan(tokens)
            or self._speller.repaired(tokens)
        ):
            return state | _KEPT
        return _INERT
