"""Whether a name found is only part of a longer name that the registry lacks."""

from __future__ import annotations

from collections.abc import Container

from bibliometrics.attribution.lexicon import Hit
from bibliometrics.attribution.text import AND, BRACKET, BREAK, CLOSE, HYPHEN, OF, STOP, Tokens

_DIRECTIONS = frozenset(
    {"north", "south", "east", "west", "central", "northern", "southern", "eastern", "western",
     "northeast", "northwest", "southeast", "southwest", "northeastern", "northwestern",
     "southeastern", "southwestern", "mid", "national", "new", "royal"}
)  # fmt: skip
_FACULTY = frozenset(
    {"school", "college", "department", "faculty", "institute", "center", "laboratory",
     "hospital", "academy", "division", "graduate", "library", "key", "state", "research"}
)  # fmt: skip
_SUBJECTS = frozenset(
    {"economics", "finance", "commerce", "arts", "technology", "law", "agriculture", "forestry",
     "petroleum", "posts", "traditional", "political", "chinese", "foreign", "aeronautics",
     "transportation", "traffic"}
)  # fmt: skip
_FOR_WHOM = frozenset({"nationalities", "minorities", "ethnic", "women"})
_OWN_COLLEGE = frozenset({"arts", "commerce", "culture", "tourism"})
_GENERIC_HEADS = frozenset({"institute", "academy", "college", "center"})
_NAME_TAILS = frozenset({"university", "academy", "college", "institute", "institutes"})


def longer_name(
    hit: Hit, tokens: Tokens, place_words: Container[str], starts: Container[int]
) -> str | None:
    """The reason why `hit` is only part of a longer name, or None.

    `place_words` are words of places and countries, which may follow "of" without making another
    name; `starts` are the positions at which another name of the registry begins.
    """
    words, glue = tokens.words, tokens.glue
    before = hit.start - 1
    if before >= 0 and words[before] in _DIRECTIONS and not glue[hit.start] & ~HYPHEN:
        return f"the name goes on before it: {tokens.between(before, hit.end)}"
    if (
        before >= 0
        and glue[hit.start] == 0
        and words[before].isalpha()
        and (words[before].isascii())
    ):
        head = hit.pattern.words[0]
        is_conditional = all(e.standing == "conditional" for e in hit.pattern.entries)
        if (head in _GENERIC_HEADS and words[before] not in _FACULTY) or (
            head == "university" and (is_conditional or words[before] in place_words)
        ):
            return f"the name goes on before it: {tokens.between(before, hit.end)}"
    after = hit.end
    if after >= len(words):
        return None
    word, link = words[after], glue[after]
    if _is_part(hit) and link == 0 and word.isalpha() and word.isascii():
        is_other = word in place_words or word in _FACULTY or after in starts
        return None if is_other else f"the name goes on: {tokens.between(hit.start, after + 1)}"
    if hit.pattern.words[-1] not in _NAME_TAILS:
        return None
    if link & (BREAK | BRACKET | CLOSE | AND):
        return None
    end = next((i for i in (after + 1, after + 2) if i >= len(words) or glue[i] & BREAK), after + 3)
    reason = f"it is the head of a longer name: {tokens.between(hit.start, end)}"
    if link & STOP and word in _FOR_WHOM:
        return reason
    if link & OF:
        is_other = word in place_words or word in _FACULTY or after in starts
        return None if is_other else reason
    following = words[after + 1] if after + 1 < len(words) else ""
    ends_here = after + 1 >= len(words) or glue[after + 1] & BREAK
    if word == "college" and following in _OWN_COLLEGE and glue[after + 1] & OF:
        return reason
    if (
        word in _SUBJECTS
        and link == 0
        and (ends_here or (glue[after + 1] & AND and following in _SUBJECTS))
    ):
        return reason
    return None


def _is_part(hit: Hit) -> bool:
    """Whether a name is one such as "Institute of Physics", which "Education" may follow."""
    return hit.pattern.words[0] in {"institute", "university"} and all(
        e.standing == "conditional" and not e.is_acronym for e in hit.pattern.entries
    )


def is_designation(hit: Hit, tokens: Tokens) -> bool:
    """Whether a name stands before "Key Laboratory": who designated it, not whose it is."""
    after = hit.end
    words = tokens.words
    return (
        after + 1 < len(words)
        and words[after] in {"key", "engineering", "open"}
        and words[after + 1] in {"laboratory", "research"}
        and not tokens.glue[after] & (BREAK | OF)
    )


def first_segment_end(hit: Hit, tokens: Tokens) -> int:
    """Where the first comma segment of a hit ends (exclusive)."""
    for index in range(hit.start + 1, hit.end):
        if tokens.glue[index] & BREAK:
            return index
    return hit.end


def acronym_is_alone(hit: Hit, tokens: Tokens) -> bool:
    """Whether an acronym is not one half of a hyphenated word such as SYSU-CMU."""
    if tokens.glue[hit.start] & HYPHEN and hit.start > 0:
        return False
    return hit.end >= len(tokens.words) or not tokens.glue[hit.end] & HYPHEN


def in_brackets(hit: Hit, tokens: Tokens) -> bool:
    """Whether a hit stands alone in brackets, as the abbreviation of the name before it."""
    opens = bool(tokens.glue[hit.start] & BRACKET)
    closes = hit.end >= len(tokens.words) or bool(tokens.glue[hit.end] & CLOSE)
    return opens and closes
