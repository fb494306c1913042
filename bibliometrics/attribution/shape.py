"""Whether a name found is only part of a longer name that the registry lacks."""

from __future__ import annotations

from collections.abc import Container

from bibliometrics.attribution.lexicon import Hit
from bibliometrics.attribution.text import (
    AND,
    BRACKET,
    BREAK,
    CLOSE,
    HYPHEN,
    OF,
    STOP,
    Tokens,
    tokenise,
)

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
_COUNTRY = frozenset({"china", "republic", "peoples"})
_GENERIC_HEADS = frozenset({"institute", "academy", "college", "center"})
# What may stand right before a Chinese name without being part of it: the end of another word.
_CHINESE_ENDS = frozenset("省市区县州国校院系部所室心")
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
        and words[before].isascii()
        and len(words[before]) > 1
    ):
        head = hit.pattern.words[0]
        is_conditional = all(e.standing == "conditional" for e in hit.pattern.entries)
        if (head in _GENERIC_HEADS and words[before] not in _FACULTY) or (
            head == "university" and (is_conditional or words[before] in place_words)
        ):
            return f"the name goes on before it: {tokens.between(before, hit.end)}"
    if _is_tail(hit, tokens, place_words):
        return f"the name goes on before it: {tokens.between(before, hit.end)}"
    after = hit.end
    if after >= len(words):
        return None
    word, link = words[after], glue[after]
    if link == 0 and word in _NAME_TAILS and _is_company(hit):
        return f"it is the head of a longer name: {tokens.between(hit.start, after + 1)}"
    if _is_part(hit) and not link & ~AND and word.isalpha() and word.isascii():
        is_other = word in place_words or word in _FACULTY or after in starts
        return None if is_other else f"the name goes on: {tokens.between(hit.start, after + 1)}"
    if hit.pattern.words[-1] not in _NAME_TAILS:
        return None
    if link & (BREAK | BRACKET | CLOSE | AND):
        return None
    end = next((i for i in (after + 1, after + 2) if i >= len(words) or glue[i] & BREAK), after + 3)
    reason = f"it is the head of a longer name: {tokens.between(hit.start, end)}"
    if link == 0 and _is_abbreviated_head(hit, tokens, place_words, starts):
        return reason
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


def _is_tail(hit: Hit, tokens: Tokens, place_words: Container[str]) -> bool:
    """Whether a name several bear is the end of a longer one: "Kaifeng City University"."""
    entries = hit.pattern.entries
    if hit.start == 0 or tokens.glue[hit.start] or len(hit.pattern.words) == 1:
        return False
    if any(e.standing != "conditional" or e.is_acronym for e in entries):
        return False
    word = tokens.words[hit.start - 1]
    if not word.isascii():
        return not hit.pattern.words[0].isascii() and word not in _CHINESE_ENDS
    if word in _COUNTRY or len(word) == 1 or not word.isalpha():
        return False
    is_placed = any(w in place_words or w in _DIRECTIONS for w in hit.pattern.words)
    if word not in place_words and (is_placed or _names_faculty_before(hit, tokens)):
        return False
    own = {w for e in entries for place in (e.institution.city, e.institution.province)
           for w in tokenise(place).words}  # fmt: skip
    return word not in own


def _names_faculty_before(hit: Hit, tokens: Tokens) -> bool:
    """Whether the comma segment begins with a faculty: "School of Metallurgy X University"."""
    index = hit.start
    while index > 0 and not tokens.glue[index] & BREAK:
        index -= 1
        if tokens.words[index] in _FACULTY:
            return True
    return False


def _is_abbreviated_head(
    hit: Hit, tokens: Tokens, place_words: Container[str], starts: Container[int]
) -> bool:
    """Whether "X Univ" goes on in its segment: Web of Science leaves out the "of" of a name."""
    if hit.pattern.words[-1] != "university" or tokens.raws[hit.end - 1].lower() != "univ":
        return False
    word = tokens.words[hit.end]
    if not word.isalpha() or not word.isascii() or word in place_words or hit.end in starts:
        return False
    for index in range(hit.end, len(tokens.words)):
        if tokens.glue[index] & (BREAK | BRACKET | CLOSE):
            break
        if tokens.words[index] in _FACULTY or index in starts:
            return False
    return True


def _is_company(hit: Hit) -> bool:
    return all(entry.institution.kind == "corporate" for entry in hit.pattern.entries)


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
