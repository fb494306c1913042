"""The compared form of an organisation's name outside the registry: words without their dress.

Languages, abbreviations, ordinals, initials and spellings of places are brought to one form by a
small table (`data/registry/open_world_words.csv`); what stands in quotation marks is kept apart.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bibliometrics.attribution.text import fold

_INITIAL = re.compile(r"\b[^\W\d_]\.(?=\s*\S)")
_QUOTE = re.compile(r'^(?P<head>[^"]*)"(?P<quoted>[^"]+)"(?P<tail>[^"]*)$')
_BRACKET = re.compile(r"\s*\([^()]*\)\s*")


@dataclass(frozen=True, slots=True)
class Form:
    """A name as compared: `words` in order, and the parts of a name with a quoted name in it."""

    words: tuple[str, ...]
    head: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    quoted_raw: str = ""

    @property
    def sorted(self) -> tuple[str, ...]:
        return tuple(sorted(self.words))

    @property
    def own(self) -> tuple[str, ...]:
        """The words that are not generic: what tells this name from others of its kind."""
        return tuple(word for word in self.words if not is_generic(word))


@cache
def _table() -> dict[str, tuple[str, str]]:
    path = resources.files("bibliometrics") / "data" / "registry" / "open_world_words.csv"
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
    return {row["word"]: (row["means"], row["kind"]) for row in rows}


@cache
def _generic() -> frozenset[str]:
    return frozenset(means for means, kind in _table().values() if kind == "generic")


def is_generic(word: str) -> bool:
    """Whether a compared word tells only the kind of an organisation."""
    return word in _generic()


def is_ordinal(word: str) -> bool:
    """Whether a compared word is a number: Mohammed V, Paris 7."""
    return word.isdecimal()


def words_of(text: str) -> tuple[str, ...]:
    """The compared words of a text: "Université de Paris VI" and "University of Paris 6" agree."""
    plain = fold(_INITIAL.sub(" ", text)).casefold().replace("&", " and ")
    plain = re.sub(r"['‘’`]s\b|['‘’`ʼ´]", "", plain)
    found = []
    for word in re.findall(r"[^\W_]+", plain):
        means, _ = _table().get(word, (word, ""))
        if means and (len(means) > 1 or not means.isascii() or means.isdecimal()):
            found.append(_singular(means))
    return tuple(found)


def _singular(word: str) -> str:
    is_plural = len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is", "cs"))
    shorter = word[:-1]
    return shorter if is_plural and word not in _generic() and shorter in _generic() else word


@cache
def form_of(name: str) -> Form:
    """The compared form of a name as `foreign` reads it from a string."""
    name = _BRACKET.sub(" ", name)
    match = _QUOTE.match(name)
    if match is None:
        return Form(words_of(name))
    tail = words_of(match["tail"])
    return Form(
        words=words_of(name.replace('"', " ")),
        head=(*words_of(match["head"]), *tail),
        quoted=words_of(match["quoted"]),
        quoted_raw=match["quoted"].strip(),
    )


def place_form(text: str) -> str:
    """A place in its compared form: Kiev and Kyiv agree."""
    return " ".join(words_of(text))


def is_acronym_of(acronym: str, words: tuple[str, ...]) -> bool:
    """Whether an acronym is made of the beginnings of the words in order: KhPI, NTUU, UM6P."""
    letters = acronym.casefold()

    def fits(at: int, number: int) -> bool:
        if number == len(words):
            return at == len(letters)
        word = words[number]
        return any(
            letters[at : at + size] == word[:size] and fits(at + size, number + 1)
            for size in (1, 2, 3)
            if at + size <= len(letters) and size <= len(word)
        )

    return len(letters) > 1 and fits(0, 0)
