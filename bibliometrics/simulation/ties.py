"""Who appears with whom: whole counts per institution laid out over papers, in communities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from bibliometrics.errors import InvariantError
from bibliometrics.simulation.cast import ACADEMY
from bibliometrics.simulation.chance import Chance, running
from bibliometrics.simulation.model import Institution

FIRST_YEAR, LAST_YEAR = 1990, 2019
UCAS = "university-of-chinese-academy-of-sciences"

_REGIONS = {
    "north": ("Beijing", "Tianjin", "Hebei", "Shanxi", "Inner Mongolia"),
    "northeast": ("Liaoning", "Jilin", "Heilongjiang"),
    "east": ("Shanghai", "Jiangsu", "Zhejiang", "Anhui", "Shandong", "Fujian", "Jiangxi"),
    "south": ("Guangdong", "Guangxi", "Hainan", "Hubei", "Hunan", "Henan"),
    "west": ("Shaanxi", "Sichuan", "Chongqing", "Yunnan", "Guizhou", "Gansu", "Ningxia", "Qinghai",
             "Xinjiang", "Tibet"),
}  # fmt: skip
_THEMES = (
    ("health", ("medical",)),
    ("speech", ("posts", "electronic", "information", "iflytek", "xidian", "telecom")),
    ("earth", ("petroleum", "mining", "geosciences", "ocean", "hohai", "agricultur")),
    ("industry", ("power", "maritime", "southwest-jiaotong", "beijing-jiaotong", "railway", "civil",
                  "grid", "changan", "shanghai-university")),
    ("robotics", ("aeronaut", "harbin", "polytechn", "beihang", "beijing-institute", "shenyang",
                  "dalian", "northeastern", "defense", "military", "engineering-physics")),
    ("learning", ()),
)  # fmt: skip


@dataclass(slots=True)
class Plan:
    """A paper before its authors: year, theme and the institutions, the leading one first."""

    year: int
    theme: str
    institutions: list[str]
    is_large: bool = False
    limit: int = 4


@dataclass
class _Layout:
    """Papers under construction, by the institution that leads them."""

    plans: list[Plan] = field(default_factory=list)
    led: dict[str, list[Plan]] = field(default_factory=dict)
    large: list[Plan] = field(default_factory=list)


def theme(who: str) -> str:
    """The field an institution is at home in, told by its name."""
    return next(name for name, parts in _THEMES if not parts or any(part in who for part in parts))


def region(province: str) -> str:
    """The part of the country a province lies in."""
    return next(name for name, provinces in _REGIONS.items() if province in provinces)


def draw_year(chance: Chance, since: int = FIRST_YEAR) -> int:
    """A publication year between ``since`` and 2019 on a growing literature."""
    first = max(since, FIRST_YEAR)
    return first + chance.place(_literature(first))


@cache
def _literature(first: int) -> tuple[float, ...]:
    """The running size of a literature that grows by 13 % a year."""
    return running(1.13 ** (year - FIRST_YEAR) for year in range(first, LAST_YEAR + 1))


def lay_out(
    chance: Chance,
    institutions: Mapping[str, Institution],
    domestic: Mapping[str, int],
    partners: Mapping[str, int],
    papers: int,
) -> list[Plan]:
    """Lay the counts over ``papers`` papers: each institution on exactly as many as it has.

    Each paper has one leading mainland institution; what an institution has beyond the papers it
    leads goes to papers led by others, near and alike first. Partners follow their favourites.
    """
    layout = _leading(chance, institutions, domestic, papers)
    affinity = _affinities(institutions, layout.led)
    left = chance.shuffled(
        who for who, count in domestic.items() for _ in range(count - len(layout.led.get(who, ())))
    )
    leaders = list(layout.led)
    for who in left:
        _attach(chance, layout, leaders, affinity[who], institutions[who])
    tokens = chance.shuffled(who for who, count in partners.items() for _ in range(count))
    favourites = {who: _favourites(chance, layout.led) for who in partners}
    for who in tokens:
        _attach(chance, layout, leaders, favourites[who], institutions[who])
    return layout.plans


def _leading(
    chance: Chance,
    institutions: Mapping[str, Institution],
    domestic: Mapping[str, int],
    papers: int,
) -> _Layout:
    layout = _Layout()
    for who, count in _leads(domestic, papers).items():
        layout.led[who] = []
        since = institutions[who].since
        for _ in range(count):
            is_large = chance.happens(0.012)
            at_home = theme(who) if chance.happens(0.7) else chance.pick(_THEMES)[0]
            plan = Plan(draw_year(chance, since), at_home, [who], is_large, 14 if is_large else 4)
            layout.led[who].append(plan)
            layout.plans.append(plan)
            if is_large:
                layout.large.append(plan)
    layout.led = {who: plans for who, plans in layout.led.items() if plans}
    return layout


def _leads(domestic: Mapping[str, int], papers: int) -> dict[str, int]:
    """How many papers each institution leads; students' second address leads less often."""
    if sum(domestic.values()) < papers:
        raise InvariantError("fewer places of institutions than papers")
    weights = {who: count * (0.35 if who == UCAS else 1.0) for who, count in domestic.items()}
    scale = papers / sum(weights.values())
    leads = {who: min(domestic[who], int(weight * scale)) for who, weight in weights.items()}
    missing = papers - sum(leads.values())
    while missing:
        for who in sorted(leads, key=lambda each: (leads[each] - domestic[each], each)):
            if missing and leads[who] < domestic[who]:
                leads[who] += 1
                missing -= 1
    return leads


def _affinities(
    institutions: Mapping[str, Institution], led: Mapping[str, list[Plan]]
) -> dict[str, tuple[float, ...]]:
    """For each institution the running weights of the leaders it would join."""
    domestic = {who: each for who, each in institutions.items() if each.scope == "domestic"}
    places = {who: (each.province, region(each.province)) for who, each in domestic.items()}
    themes = {who: theme(who) for who in domestic}
    weights = {}
    for one in domestic:
        row = []
        for other, plans in led.items():
            weight = 1.0
            weight += 14 * (places[one][0] == places[other][0])
            weight += 7 * (places[one][1] == places[other][1])
            weight += 8 * (themes[one] == themes[other])
            weight *= 25 if {one, other} == {UCAS, ACADEMY} else 1
            row.append(0.0 if one == other else weight * len(plans))
        weights[one] = running(row)
    return weights


def _favourites(chance: Chance, led: Mapping[str, list[Plan]]) -> tuple[float, ...]:
    sizes = [float(len(plans)) for plans in led.values()]
    cumulative = running(sizes)
    chosen = {chance.place(cumulative) for _ in range(6)}
    return running(size * (1 + 12 * (position in chosen)) for position, size in enumerate(sizes))


def _attach(
    chance: Chance,
    layout: _Layout,
    leaders: list[str],
    weights: tuple[float, ...],
    who: Institution,
) -> None:
    """Put the institution on one paper that it is not on yet."""
    for _ in range(40):
        if layout.large and chance.happens(0.05):
            plan = chance.pick(layout.large)
        else:
            plan = chance.pick(layout.led[leaders[chance.place(weights)]])
        if _has_room(plan, who):
            plan.institutions.append(who.id)
            return
    for room in (0, 10, 40):
        for plan in layout.plans:
            if _has_room(plan, who, room):
                plan.institutions.append(who.id)
                return
    raise InvariantError(f"no paper is left for {who.id}")


def _has_room(plan: Plan, who: Institution, more: int = 0) -> bool:
    return (
        plan.year >= who.since
        and who.id not in plan.institutions
        and len(plan.institutions) < plan.limit + more
    )
