"""Who wrote a paper and from where, out of the text columns of a Scopus export.

Three generations write the same facts in three ways: ``Sauer F., Xie J.`` or ``Sauer F.; Xie J.``;
an entry of *Authors with affiliations* opens with ``Sauer, F.,`` or ``Sauer F.,``; and one author's
several affiliations are joined by the same comma that stands inside each of them. The paper's own
list of affiliations tells where one ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_KEY = re.compile(r"[\s.,’'`\-]+")
_NOBODY = re.compile(r"^\[no author (name|id) (available|found)\]$", re.IGNORECASE)
_NAME_PARTS = 3
_LEAST_PARTS = 2

NOTES_ZH = {
    "entry before any author's name": "作者地址条目前无作者姓名",
    "entry without a name joined to the author before it": "无姓名的地址条目并入前一作者",
    "author without an entry among the affiliations": "作者没有对应的地址条目",
    "joined affiliations cut after a country": "合并书写的地址按国名切分",
    "numbers of author ids and names differ": "作者标识数与姓名数不符",
}
"""Chinese for the findings of a record, as the corpus prints them."""

CountryCode = Callable[[str], str | None]


def evened(text: str) -> str:
    """``text`` with its white space single, and none at its ends."""
    # Only a space is white space and printable: most texts need no splitting.
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(text.split())


def semicolon_list(text: str) -> list[str]:
    """The items of a list that is separated by semicolons, without empty ones."""
    if text.isprintable() and "  " not in text:  # then its only white space is single spaces
        apart = text.split("; ")
        if (
            len(apart) == text.count(";") + 1
            and " ;" not in text
            and all(apart)
            and text[0] != " " != text[-1]
        ):
            return apart
        return [item for part in text.split(";") if (item := part.strip(" "))]
    return [item for item in (" ".join(part.split()) for part in text.split(";")) if item]


def author_names(text: str, ids: int) -> list[str]:
    """The authors' names; ``ids`` is the number of author ids, 0 where there is no such column.

    Newer exports separate names by semicolons, older ones by commas.
    """
    if not text or text.isspace() or _is_nobody(text):
        return []
    by_semicolon = semicolon_list(text)
    if len(by_semicolon) > 1 or ids == 1:
        return by_semicolon
    return [name for name in (part.strip() for part in text.split(", ")) if name]


def author_ids(text: str) -> list[str]:
    """The author ids, a stray separator at the end or a placeholder left out."""
    return [] if _is_nobody(text) else semicolon_list(text)


def _is_nobody(text: str) -> bool:
    return "[" in text and _NOBODY.match(text.strip()) is not None


def by_author(
    entries: list[str], names: list[str], known: list[str], country_code: CountryCode
) -> tuple[list[tuple[str, ...]], list[str]]:
    """Affiliation strings for each of ``names``, and findings.

    Parameters
    ----------
    entries : the items of *Authors with affiliations*.
    names : the authors' names in order.
    known : the paper's distinct affiliations, their white space evened.
    country_code : ISO code of a country's name, or None.
    """
    plain = _as_listed(entries, names, known)
    if plain is not None:
        return plain, []
    findings: list[str] = []
    texts: list[str | None] = [None] * len(names)
    place = -1
    keys: list[str] = []
    aligned = len(entries) == len(names)
    for position, entry in enumerate(entries):
        author: int | None = place + 1
        if place + 1 < len(names) and entry.startswith(names[place + 1] + ","):
            rest = entry[len(names[place + 1]) + 1 :].strip()
        else:
            keys = keys or [_key(name) for name in names]
            author, rest = _whose(entry, keys, place + 1)
        if author is None and aligned and texts[position] is None:
            # The counts agree, and only the spelling of the name differs between the columns.
            author, rest = position, entry.partition(",")[2].strip()
        if author is None:
            if place < 0:
                findings.append("entry before any author's name")
                continue
            # No author's name opens it: a semicolon inside an affiliation cut the entry.
            texts[place] = f"{texts[place] or ''}; {entry}"
            findings.append("entry without a name joined to the author before it")
            continue
        texts[author], place = rest, author
    found: list[tuple[str, ...]] = []
    for text in texts:
        # Nearly always: one affiliation, as the paper lists it.
        if text is not None and text in known and text[-1] != ",":
            found.append((text,))
            continue
        parts, how = split_joined(text or "", known, country_code)
        found.append(tuple(map(evened, parts)))
        if how:
            findings.append(how)
    if None in texts:
        findings.append("author without an entry among the affiliations")
    return found, findings


def _as_listed(
    entries: list[str], names: list[str], known: list[str]
) -> list[tuple[str, ...]] | None:
    """What nearly every paper has: each author in turn, with one affiliation as it is listed."""
    if len(entries) != len(names):
        return None
    alone = {item: (item,) for item in known if item[-1] != ","}
    found = [
        alone.get(entry[len(name) + 2 :])
        for name, entry in zip(names, entries, strict=True)
        if entry.startswith(name + ", ")
    ]
    if len(found) != len(names):
        return None
    sure: list[tuple[str, ...]] = [one for one in found if one is not None]
    return sure if len(sure) == len(found) else None


def split_joined(
    text: str, known: list[str], country_code: CountryCode
) -> tuple[tuple[str, ...], str]:
    """One author's affiliations, joined by commas, as a tuple; and how, where it was not plain.

    Cut where the paper's own affiliations say; else after a country that an organisation follows.
    """
    text = text.strip().rstrip(",").strip()
    if not text:
        return (), ""
    if text in known:
        return (text,), ""
    cut = _cut_by_list(text, sorted(set(known), key=lambda item: (-len(item), item)))
    if cut is not None:
        return cut, ""
    parts = _cut_by_country(text, country_code)
    return parts, "joined affiliations cut after a country" if len(parts) > 1 else ""


def _whose(entry: str, keys: list[str], start: int) -> tuple[int | None, str]:
    """The author from ``start`` on whose name opens the entry, and the rest of the entry."""
    parts = entry.split(",")
    openings = [_key(",".join(parts[: size + 1])) for size in range(min(_NAME_PARTS, len(parts)))]
    for author in range(start, len(keys)):
        for size, opening in enumerate(openings):
            if opening and opening == keys[author]:
                return author, ",".join(parts[size + 1 :]).strip()
    return None, ""


def _key(name: str) -> str:
    return _KEY.sub("", name).lower()


def _cut_by_list(text: str, longest_first: list[str]) -> tuple[str, ...] | None:
    found: list[str] = []
    place = 0
    while place < len(text):
        item = next(
            (
                known
                for known in longest_first
                if text.startswith(known, place)
                and text[place + len(known) : place + len(known) + 2] in {"", ", "}
            ),
            None,
        )
        if item is None:
            return None
        found.append(item)
        place += len(item) + 2
    return tuple(dict.fromkeys(found))


def _cut_by_country(text: str, country_code: CountryCode) -> tuple[str, ...]:
    parts = text.split(", ")
    found: list[str] = []
    current: list[str] = []
    for place, part in enumerate(parts):
        current.append(part)
        rest = parts[place + 1 :]
        if country_code(part) is None or len(current) < _LEAST_PARTS:
            continue
        # "Georgia, United States" or "Taiwan, China": a name that is also a state, or a region.
        follows_place = not rest or country_code(rest[0]) is not None or rest[0][:1].isdigit()
        ends_in_country = any(country_code(item) is not None for item in rest[1:])
        if follows_place or not ends_in_country:
            continue
        found.append(", ".join(current))
        current = []
    found.append(", ".join(current))
    return tuple(dict.fromkeys(item for item in found if item))
