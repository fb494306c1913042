"""What a list must satisfy, one row of a table a constraint, and the verdict on each.

``facts/list_constraints.csv`` holds those of the 109 AI universities, ``facts/other_lists.csv``
those of the other lists of the report. Unobserved is not true: a constraint on what the file does
not say has the verdict *not observed*.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bibliometrics.attribution.institutions import Institution
from bibliometrics.claims import printed
from bibliometrics.claims.claim_file import facts_text
from bibliometrics.claims.places import APART
from bibliometrics.errors import InputError
from bibliometrics.lists.given import Listed

MET, NOT_MET, NOT_OBSERVED, CONTEXT = "met", "not met", "not observed", "context"
AUTHORITIES = {
    "Ministry of Education (direct)": "moe",
    "Ministry of Industry and Information Technology (direct)": "miit",
    "provincial government": "provincial",
    "other ministries": "other",
}
_COLUMNS = ("constraint_id", "kind", "key", "operator", "value", "basis", "note")
MAINLAND_PROVINCES = 31
_GROUPS = {"universities": "university", "institutes": "institute"}


@dataclass(frozen=True)
class Constraint:
    constraint_id: str
    kind: str
    key: str
    operator: str
    value: str
    basis: str
    note: str

    @property
    def place(self) -> str:
        """The province it speaks of, if one."""
        return self.key.removeprefix("province=") if self.key.startswith("province=") else ""

    @property
    def authority(self) -> str:
        """The authority it speaks of, if one."""
        name = self.key.removeprefix("authority=")
        return AUTHORITIES.get(name, "") if name != self.key else ""


SUBSET = Constraint(
    "link-to-117", "choice", "institutions listed by the edition", "subset", "all",
    "the study: link_to_109 = subset", "the report does not say it",
)  # fmt: skip
"""That the AI universities are among the institutions that the ranking lists."""


@dataclass(frozen=True)
class Outcome:
    computed: str
    verdict: str
    note: str = ""


@dataclass(frozen=True)
class Held:
    """A list as the constraints see it.

    ``members`` are sure, each once; ``papers`` of the edition by id, and the institutions it
    ``listed``: ``None`` where there is no edition.
    """

    rows: Sequence[Listed]
    members: Sequence[Institution]
    papers: Mapping[str, int] | None
    named: tuple[str, ...]
    listed: frozenset[str] | None = None

    @property
    def provinces(self) -> Counter[str]:
        return Counter(member.province for member in self.members)

    @property
    def authorities(self) -> Counter[str]:
        return Counter(authority_of(member) for member in self.members)

    def others(self) -> dict[str, int]:
        """Members by province, of the provinces that no constraint names."""
        return {p: n for p, n in self.provinces.items() if p not in self.named}


def authority_of(member: Institution) -> str:
    """The report's four classes. The Academy's universities and the military ones are under other
    ministries there: they are neither the Ministry of Education's nor a province's."""
    own = member.authority_class
    return own if own in {"moe", "miit", "provincial"} else "other"


def is_mainland(member: Institution) -> bool:
    return member.country == "CN" and member.province not in APART


def read_constraints(text: str, where: str) -> tuple[Constraint, ...]:
    """Constraints in the form of ``facts/list_constraints.csv``.

    Raises
    ------
    InputError : a column is missing, or an id stands twice.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    lacking = [c for c in _COLUMNS[:5] if c not in (reader.fieldnames or [])]
    if lacking:
        raise InputError(
            f"the constraints lack the columns {', '.join(lacking)}",
            where=where,
            hint="take bibliometrics/data/facts/list_constraints.csv as a pattern",
        )
    found = tuple(Constraint(*((row.get(c) or "").strip() for c in _COLUMNS)) for row in reader)
    twice = [i for i, n in Counter(c.constraint_id for c in found).items() if n > 1]
    if twice:
        raise InputError(f"constraints stand twice: {', '.join(twice)}", where=where)
    return found


def carried_constraints(name: str) -> tuple[Constraint, ...]:
    """The constraints of one of the lists the report speaks of.

    Raises
    ------
    InputError : there is no such list.
    """
    if name == "ai_universities":
        return read_constraints(facts_text("list_constraints.csv"), "list_constraints.csv")
    rows = list(csv.DictReader(io.StringIO(facts_text("other_lists.csv"))))
    own = [row for row in rows if row["list"] == name]
    if not own:
        known = ["ai_universities", *dict.fromkeys(row["list"] for row in rows)]
        raise InputError(
            f"there is no list {name!r}", hint=f"the lists with constraints: {', '.join(known)}"
        )
    return tuple(Constraint(*(row[column] for column in _COLUMNS)) for row in own)


def judge_list(
    rows: Sequence[Listed],
    constraints: Sequence[Constraint],
    papers: Mapping[str, int] | None,
    listed: frozenset[str] | None = None,
) -> list[tuple[Constraint, Outcome]]:
    """A verdict on every constraint, in their order."""
    sure = [row.institution for row in rows if row.standing == "matched" and row.institution]
    named = tuple(c.place for c in constraints if c.place and c.operator == "==")
    held = Held(rows, sure, papers, named, listed)
    return [(constraint, _judge(constraint, held)) for constraint in constraints]


def _judge(constraint: Constraint, held: Held) -> Outcome:
    if constraint.kind == "soft":
        inside = _names(constraint, held, present=True)
        return Outcome(f"{len(inside)} of {len(_wanted(constraint))} in it", CONTEXT)
    if constraint.operator == "all of":
        absent = _names(constraint, held, present=False)
        return _outcome(f"{len(absent)} missing", not absent, "; ".join(absent))
    if constraint.operator in {"round1", "round2"}:
        return _share(constraint, held)
    if constraint.operator == "authority":
        return _named_authority(constraint, held)
    if constraint.operator == "rank":
        count = held.provinces[constraint.place]
        rank = 1 + sum(other > count for other in held.provinces.values())
        return _outcome(str(rank), str(rank) == constraint.value)
    special = _SPECIAL.get(constraint.key)
    if special:
        return special(constraint, held)
    number = count_of(constraint, held)
    if number is None:
        return Outcome("", NOT_OBSERVED, "the list does not say")
    return _compare(number, constraint)


def count_of(constraint: Constraint, held: Held) -> int | None:
    """The number that a counting constraint is about; ``None``: the file does not say."""
    if constraint.key == "all":
        return len(held.members)
    if constraint.place:
        return held.provinces[constraint.place]
    if constraint.authority:
        return held.authorities[constraint.authority]
    if constraint.key == "distinct province":
        return len(held.provinces)
    if constraint.key.startswith("group="):
        group = _GROUPS[constraint.key.removeprefix("group=")]
        return sum(member.group == group for member in held.members)
    if constraint.key.startswith("round="):
        rounds = [row.round for row in held.rows if row.standing == "matched"]
        return rounds.count(constraint.key.removeprefix("round=")) if all(rounds) else None
    return None


def _compare(number: int, constraint: Constraint) -> Outcome:
    wanted = int(constraint.value)
    holds = number <= wanted if constraint.operator == "<=" else number == wanted
    gap = number - wanted
    return _outcome(str(number), holds, "" if holds else f"{gap:+d}")


def _outcome(computed: str, holds: bool, note: str = "") -> Outcome:
    return Outcome(computed, MET if holds else NOT_MET, note)


def _share(constraint: Constraint, held: Held) -> Outcome:
    number = count_of(constraint, held)
    value = printed.parse(constraint.value)
    if not held.members or number is None or value is None:
        return Outcome("", NOT_OBSERVED, "no member is sure")
    exact = printed.percent(number, len(held.members))
    shown = printed.written(exact, value.decimals)
    return _outcome(shown, printed.prints(exact, value, "half_up"), f"{number}/{len(held.members)}")


def _wanted(constraint: Constraint) -> list[str]:
    return [name.strip() for name in constraint.value.split(";") if name.strip()]


def _names(constraint: Constraint, held: Held, *, present: bool) -> list[str]:
    own = {member.name_en for member in held.members} | {m.id for m in held.members}
    return [name for name in _wanted(constraint) if (name in own) == present]


def _mainland(_: Constraint, held: Held) -> Outcome:
    outside = [m.name_en for m in held.members if not is_mainland(m)]
    return _outcome(f"{len(outside)} outside", not outside, "; ".join(outside))


def is_vocational(member: Institution) -> bool:
    return "ocational" in member.name_en or "职业" in member.name_zh


def _undergraduate(_: Constraint, held: Held) -> Outcome:
    wrong = [m.name_en for m in held.members if m.group != "university" or is_vocational(m)]
    return _outcome(f"{len(wrong)} are none", not wrong, "; ".join(wrong))


def _papers(_: Constraint, held: Held) -> Outcome:
    if held.papers is None:
        return Outcome("", NOT_OBSERVED, "no edition of the study: run it first")
    without = [m.name_en for m in held.members if not held.papers.get(m.id)]
    note = "weakest reading, for the threshold is not stated: one paper of this edition"
    if without:
        note = f"no papers here: {'; '.join(without)}"
    return _outcome(f"{len(without)} without a paper", not without, note)


def _subset(_: Constraint, held: Held) -> Outcome:
    if held.listed is None:
        return Outcome("", NOT_OBSERVED, "no edition of the study: run it first")
    outside = [m.name_en for m in held.members if m.id not in held.listed]
    return _outcome(f"{len(outside)} not listed", not outside, "; ".join(outside))


def _ai_unit(_: Constraint, held: Held) -> Outcome:
    told = Counter(row.ai_unit for row in held.rows if row.standing == "matched")
    computed = f"yes {told['yes']}, no {told['no']}, unobserved {told['']}"
    if told["no"]:
        return Outcome(computed, NOT_MET)
    if told[""] or not told["yes"]:
        return Outcome(computed, NOT_OBSERVED, "give a column ai_unit with yes or no")
    return Outcome(computed, MET)


def _unique(_: Constraint, held: Held) -> Outcome:
    twice = [row.name for row in held.rows if row.standing == "repeated"]
    ids = {member.id for member in held.members}
    campuses = [m.name_en for m in held.members if m.campus_of and m.campus_of in ids]
    return _outcome(f"{len(twice) + len(campuses)} repeated", not twice and not campuses,
                    "; ".join([*twice, *campuses]))  # fmt: skip


def _others_sum(constraint: Constraint, held: Held) -> Outcome:
    """Members there, or places: one key of the carried file stands for both, told by the unit."""
    others = held.others()
    of_places = constraint.constraint_id.endswith("number")
    return _compare(len(others) if of_places else sum(others.values()), constraint)


def _others_max(constraint: Constraint, held: Held) -> Outcome:
    others = held.others()
    most = max(others.values(), default=0)
    over = [f"{p} {n}" for p, n in sorted(others.items()) if n > int(constraint.value)]
    return _outcome(str(most), not over, "; ".join(over))


def _empty(constraint: Constraint, held: Held) -> Outcome:
    inside = {m.province for m in held.members if is_mainland(m)}
    return _compare(MAINLAND_PROVINCES - len(inside), constraint)


def _partition(constraint: Constraint, held: Held) -> Outcome:
    total = sum(held.authorities[name] for name in AUTHORITIES.values())
    return _compare(total, constraint)


def _named_authority(constraint: Constraint, held: Held) -> Outcome:
    name = constraint.key.removeprefix("name=")
    own = [m for m in held.members if m.name_en == name]
    if not own:
        return Outcome("not in the list", CONTEXT)
    found = authority_of(own[0])
    return _outcome(found, found == AUTHORITIES[constraint.value])


def _date(_: Constraint, __: Held) -> Outcome:
    return Outcome("", NOT_OBSERVED, "the day an AI school was founded is in no file")


_SPECIAL: dict[str, Callable[[Constraint, Held], Outcome]] = {
    "country": _mainland,
    "level": _undergraduate,
    "international_journal_papers": _papers,
    "ai_school_department_or_institute": _ai_unit,
    "name": _unique,
    "provinces other than the five named": _others_sum,
    "provinces other than those named": _others_sum,
    "each province other than the five named": _others_max,
    "each province other than those named": _others_max,
    "mainland provinces without an AI university": _empty,
    "authority": _partition,
    "as_of": _date,
    SUBSET.key: _subset,
}
