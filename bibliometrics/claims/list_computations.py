"""The named computations on what a user gives: lists of institutions, and patents."""

from __future__ import annotations

from fractions import Fraction

from bibliometrics.claims.computations import Computed, Figures, Member, lacking, named, share_of


def _listed(figures: Figures, name: str) -> tuple[Member, ...] | Computed:
    members = figures.lists.get(name)
    if members is None:
        return lacking(
            f"the list itself: bibliometrics validate {figures.study.name} --list FILE --of {name}",
            f"需要名单本身：bibliometrics validate {figures.study.name} --list FILE --of {name}",
        )
    return members


def _count(figures: Figures, of: str, column: str) -> Computed:
    name, _, wanted = of.partition("|")
    members = _listed(figures, name)
    if isinstance(members, Computed):
        return members
    values = [getattr(member, column) for member in members]
    if column == "round" and not all(values):
        return lacking("a column `round` in the list", "名单中的 round 列")
    return Computed(Fraction(values.count(wanted)))


@named("list_count")
def _list_count(figures: Figures, name: str) -> Computed:
    members = _listed(figures, name)
    return members if isinstance(members, Computed) else Computed(Fraction(len(members)))


@named("list_provinces")
def _list_provinces(figures: Figures, name: str) -> Computed:
    members = _listed(figures, name)
    if isinstance(members, Computed):
        return members
    return Computed(Fraction(len({member.province for member in members if member.province})))


@named("list_province")
def _list_province(figures: Figures, of: str) -> Computed:
    return _count(figures, of, "province")


@named("list_authority")
def _list_authority(figures: Figures, of: str) -> Computed:
    return _count(figures, of, "authority")


@named("list_round")
def _list_round(figures: Figures, of: str) -> Computed:
    return _count(figures, of, "round")


@named("list_province_share")
def _list_province_share(figures: Figures, of: str) -> Computed:
    return _list_share(figures, of, "province")


@named("list_authority_share")
def _list_authority_share(figures: Figures, of: str) -> Computed:
    return _list_share(figures, of, "authority")


def _list_share(figures: Figures, of: str, column: str) -> Computed:
    part = _count(figures, of, column)
    members = figures.lists.get(of.partition("|")[0], ())
    return share_of(part, Fraction(len(members)))


def _top(figures: Figures, number: str) -> Computed:
    if figures.patents is None:
        return lacking(
            f"the institutes' patents: bibliometrics validate {figures.study.name} --patents FILE",
            f"需要机构专利：bibliometrics validate {figures.study.name} --patents FILE",
        )
    largest = sorted(figures.patents.values(), reverse=True)[: int(number)]
    return Computed(Fraction(sum(largest)))


@named("patents_top")
def _patents_top(figures: Figures, number: str) -> Computed:
    return _top(figures, number)


@named("patents_top_share")
def _patents_top_share(figures: Figures, number: str) -> Computed:
    whole = sum((figures.patents or {}).values())
    return share_of(_top(figures, number), Fraction(whole))
