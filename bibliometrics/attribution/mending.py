"""Words mended before names are looked for: glued, split, or generic and misspelt."""

from __future__ import annotations

from collections.abc import Container, Sequence

from rapidfuzz.distance import OSA

from bibliometrics.attribution.text import BREAK, Tokens, tokenise, written_forms

_GENERIC = (
    "university institute technology academy sciences science college laboratory department "
    "hospital engineering electronics research national polytechnic medical normal agriculture "
    "forestry aeronautics astronautics telecommunications communications petroleum geosciences "
    "finance economics chinese education international affiliated school center"
)
GENERIC_WORDS = tuple(dict.fromkeys(tokenise(_GENERIC).words))
_SHORTEST = 6
# Every way in which such a word may be written out, with its compared form.
_WRITTEN = {
    **{word: word for word in GENERIC_WORDS if len(word) >= _SHORTEST},
    **{
        written: form
        for form in (*GENERIC_WORDS, "information", "management", "chemical")
        for written in written_forms(form)
        if len(written) >= _SHORTEST + 2
    },
}
# Words that are right as they stand, near as they are to one above.
_RIGHT = frozenset({"universities", "universe", "universal", "rational", "nation", "nations"})
_MOST_WORDS = 65_536


class Mender:
    """Mends words that no name contains; what it remembers changes its speed, never its answers."""

    def __init__(self, words: Container[str], acronyms: Container[str]) -> None:
        self._ids = words
        self._acronyms = acronyms
        self._mends: dict[str, tuple[tuple[str, str], ...]] = {}

    def mended(self, tokens: Tokens) -> Tokens:
        """The same string with split and glued words joined or parted, generic words respelt.

        Only words that no name of the registry contains are touched, and only into words that
        one contains; a place is never respelt.
        """
        ids, words, raws, glue = self._ids, tokens.words, tokens.raws, tokens.glue
        unknown = [index for index, word in enumerate(words) if word not in ids]
        if not unknown or not any(self._may_mend(index, tokens) for index in unknown):
            return tokens
        new = Tokens([], [], [])
        for word, raw, mark in zip(words, raws, glue, strict=True):
            before = new.words[-1] if new.words else ""
            if before and not mark & BREAK and (word not in ids or before not in ids):
                joined = before + word
                if joined in ids and not word.isdigit():
                    new.words[-1] = joined
                    new.raws[-1] += raw
                    continue
            if word in ids or raw in self._acronyms or not raw.isascii() or raw.isdigit():
                parts: Sequence[tuple[str, str]] = ((word, raw),)
            else:
                parts = self._mended_word(word, raw)
            for number, (part, part_raw) in enumerate(parts):
                new.words.append(part)
                new.raws.append(part_raw)
                new.glue.append(0 if number else mark)
        return new

    def _may_mend(self, index: int, tokens: Tokens) -> bool:
        """Whether an unknown word is respelt or parted, or joins one of its neighbours."""
        words, raw = tokens.words, tokens.raws[index]
        word = words[index]
        if index and words[index - 1] + word in self._ids:
            return True
        if index + 1 < len(words) and word + words[index + 1] in self._ids:
            return True
        if raw in self._acronyms or not raw.isascii() or raw.isdigit():
            return False
        return self._mended_word(word, raw) != ((word, raw),)

    def _mended_word(self, word: str, raw: str) -> tuple[tuple[str, str], ...]:
        known = self._mends.get(raw)
        if known is None:
            if len(self._mends) >= _MOST_WORDS:
                self._mends.clear()
            known = self._mends[raw] = tuple(self._mend(word, raw))
        return known

    def _mend(self, word: str, raw: str) -> list[tuple[str, str]]:
        for cut in range(2, len(raw) - 2):
            if raw[cut].isupper() and raw[cut - 1].islower():
                pieces = tokenise(raw[:cut] + " " + raw[cut:])
                if len(pieces.words) in {1, 2} and all(w in self._ids for w in pieces.words):
                    return list(zip(pieces.words, pieces.raws, strict=True))
        return [(_respelt(word), raw)]


def _respelt(word: str) -> str:
    """A generic word of an institution's name with a slip of the pen mended."""
    if len(word) < 5 or not word.isalpha() or word in _RIGHT:
        return word
    allowed = 2 if len(word) >= 9 else 1
    best = min((OSA.distance(word, written, score_cutoff=allowed), written)
               for written in _WRITTEN)  # fmt: skip
    return _WRITTEN[best[1]] if best[0] <= allowed else word
