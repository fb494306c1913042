"""The lists of papers that an edition's numbers stand for: how one is asked for.

A list is asked for by the words of the links in the pages: what follows ``#`` in
``evidence/index.html#institution=ID&with=ID&year=Y``. The terminal and the pages give the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import parse_qsl

from bibliometrics.counting import rules
from bibliometrics.errors import InputError

# What a list is of: at most one of these; without any, the whole corpus.
SUBJECTS = (
    "institution", "country", "province", "authority", "community", "keyword", "subject",
    "unmatched", "decision",
)  # fmt: skip
_IN_LINK = {"with": "other"}
# How the command line names a part, where it names it otherwise.
_SAID = {"other": "with", "since": "from", "until": "to"}
_ONLY_OPTIONS = frozenset({"other", "since", "until"})
_OF = {
    "institution": ("other", "rule", "long"),
    "keyword": ("also", "field", "only"),
    "subject": ("scheme",),
}
_NUMBERS = ("community", "unmatched", "year")
_YEARS = re.compile(r"(\d{4})-(\d{4})")
_FLAGS = ("only", "abroad", "retracted", "long")
RULES = tuple(rule.name for rule in rules.RULES)
DECISIONS = ("attributed", "unattributed")
FIELDS = ("title", "abstract", "author_keywords", "index_keywords")


@dataclass(frozen=True)
class PaperList:
    """A list that is asked for; the names are those of ``presentation.links.to_papers``.

    ``long``: papers of two institutions that make no tie too. ``rule``: a counting rule.
    """

    institution: str | None = None
    other: str | None = None
    rule: str | None = None
    long: bool = False
    country: str | None = None
    province: str | None = None
    authority: str | None = None
    community: int | None = None
    keyword: str | None = None
    also: str | None = None
    field: str | None = None
    only: bool = False
    subject: str | None = None
    scheme: str | None = None
    unmatched: int | None = None
    decision: str | None = None
    year: int | None = None
    since: int | None = None
    until: int | None = None
    abroad: bool = False
    retracted: bool = False

    @property
    def of(self) -> str | None:
        """What the list is of; None: the corpus."""
        return next((name for name in SUBJECTS if getattr(self, name) is not None), None)

    @property
    def holders(self) -> tuple[str, ...]:
        """The institutions that it names."""
        return tuple(i for i in (self.institution, self.other) if i is not None)


def parse(link: str) -> dict[str, Any]:
    """The parts of a link of the pages, or of what follows its ``#``, as ``PaperList`` names them.

    Raises
    ------
    InputError : a part that no list has, or a value that cannot be one.
    """
    asked = link.rpartition("#")[2]
    known = {part.name for part in fields(PaperList)}
    found: dict[str, Any] = {}
    for name, value in parse_qsl("" if asked == "all" else asked, keep_blank_values=True):
        own = _IN_LINK.get(name, name)
        if name in ("lang", "all"):
            continue
        if name == "year" and (years := _YEARS.fullmatch(value)):
            found["since"], found["until"] = int(years[1]), int(years[2])
            continue
        if own not in known or name in _ONLY_OPTIONS:
            raise InputError(f"no list of papers has {name!r}", where="--list", hint=_hint())
        if own in _NUMBERS and not value.isdecimal():
            raise InputError(f"{name}={value!r} is no number", where="--list", hint=_hint())
        found[own] = int(value) if own in _NUMBERS else own in _FLAGS or value
    if not found and asked != "all":
        raise InputError(f"{link!r} names no list", where="--list", hint=_hint())
    return found


def _hint() -> str:
    return "copy what follows # in a link of the report, e.g. --list 'institution=ID&year=2019'"


def asked_for(parts: Mapping[str, Any]) -> PaperList:
    """The list made of ``parts``, those that are None or False left out.

    Raises
    ------
    InputError : two things that no list is of together.
    """
    given = {
        name: value for name, value in parts.items() if value is not None and value is not False
    }
    subjects = [name for name in SUBJECTS if name in given]
    if len(subjects) > 1:
        raise InputError(
            f"a list is of one thing, and {' and '.join(subjects)} were given",
            hint="give one of them; year, abroad and retracted narrow any list",
        )
    for subject, parts_ in _OF.items():
        for part in parts_:
            if part in given and subject not in given:
                raise InputError(
                    f"{_SAID.get(part, part)!r} narrows a list of one {subject}",
                    hint=f"add {subject}",
                )
    for name, values in (("rule", RULES), ("decision", DECISIONS), ("field", FIELDS)):
        if name in given and given[name] not in values:
            raise InputError(
                f"{name} {given[name]!r} is not known", hint=f"one of: {', '.join(values)}"
            )
    if "other" in given and given["other"] == given["institution"]:
        raise InputError("an institution has no tie with itself", hint="name two institutions")
    if "since" in given and "until" in given and given["since"] > given["until"]:
        raise InputError(
            f"no year lies from {given['since']} to {given['until']}", hint="give the earlier first"
        )
    if "rule" in given and "other" in given:
        raise InputError("a tie is counted in full", hint="leave out rule, or the second one")
    return PaperList(**given)
