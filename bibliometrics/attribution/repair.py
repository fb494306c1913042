"""Repaired spelling: a word of an organisation's name that is one slip away from a known one.

A word is repaired only if no name of the registry contains it, a word of the registry's names is
one slip away (optimal string alignment, Damerau 1964), and it stands in a comma segment that names
an organisation: a place on its own is never repaired. What the repaired name needs beside it, and
that only one reading may stand, is for the rules to say.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import product
from math import prod
from typing import NamedTuple

from rapidfuzz.distance import OSA

from bibliometrics.attribution.text import BREAK, Tokens

_SHORTEST = 6
_MOST_READINGS = 4
_ORGANISATIONS = frozenset({"university", "institute", "academy", "college"})


class Repaired(NamedTuple):
    """The tokens with words repaired, and the positions of those words."""

    tokens: Tokens
    positions: frozenset[int]


class Speller:
    """Finds the known words that a misspelt one can be."""

    def __init__(self, names: Iterable[tuple[str, ...]], known: Container[str]) -> None:
        """`names` are the words of institutions' names; words in `known` are never repaired."""
        self._known = known
        self._neighbours: dict[str, set[str]] = {}
        words = {word for name in names for word in name}
        for word in sorted(words):
            if len(word) >= _SHORTEST and word.isascii() and word.isalpha():
                for form in _shortened(word):
                    self._neighbours.setdefault(form, set()).add(word)

    def repaired(self, tokens: Tokens) -> list[Repaired]:
        """The readings of a string with misspelt words repaired; none where there are too many."""
        options: list[tuple[int, list[str]]] = []
        for start, end in _organisation_segments(tokens):
            for index in range(start, end):
                near = self._meant(tokens.words[index])
                if near:
                    options.append((index, near))
        if not options or prod(len(near) for _, near in options) > _MOST_READINGS:
            return []
        positions = frozenset(index for index, _ in options)
        readings = []
        for chosen in product(*(near for _, near in options)):
            words = list(tokens.words)
            for (index, _), word in zip(options, chosen, strict=True):
                words[index] = word
            readings.append(Repaired(Tokens(words, tokens.raws, tokens.glue), positions))
        return readings

    def _meant(self, word: str) -> list[str]:
        if len(word) < _SHORTEST - 1 or not word.isascii() or not word.isalpha():
            return []
        if word in self._known:
            return []
        near = {
            known
            for form in _shortened(word)
            for known in self._neighbours.get(form, ())
            if OSA.distance(word, known, score_cutoff=1) <= 1
        }
        return sorted(near)


def _shortened(word: str) -> list[str]:
    """The word and the word without each one of its letters."""
    return [word, *(word[:i] + word[i + 1 :] for i in range(len(word)))]


def _organisation_segments(tokens: Tokens) -> Iterable[tuple[int, int]]:
    start = 0
    for index in range(1, len(tokens.words) + 1):
        if index == len(tokens.words) or tokens.glue[index] & BREAK:
            if not _ORGANISATIONS.isdisjoint(tokens.words[start:index]):
                yield start, index
            start = index
