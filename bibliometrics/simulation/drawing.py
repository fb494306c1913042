"""Draws the papers: who signs with which addresses, in what words, in which journal."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bibliometrics.simulation import vocabulary
from bibliometrics.simulation.chance import Chance, running
from bibliometrics.simulation.directory import Directory
from bibliometrics.simulation.model import Address, Author, Paper, Signature, Text
from bibliometrics.simulation.people import Rosters, is_chinese_place
from bibliometrics.simulation.ties import UCAS, Plan, draw_year
from bibliometrics.simulation.wording import Writer

_TEAM_SIZES = running((5, 12, 22, 22, 15, 11, 7, 4, 1, 0.5, 0.5))


@dataclass
class Studio:
    """What drawing a paper needs: chance, addresses, people and words."""

    chance: Chance
    directory: Directory
    rosters: Rosters
    writer: Writer
    sizes: dict[str, int]
    drawn: int = 0

    def paper(self, plan: Plan, text: Text | None = None) -> Paper:
        """A paper that the search finds, by the institutions of the plan."""
        return self.signed(plan, self.signatures(plan), text)

    def signed(
        self, plan: Plan, signatures: tuple[Signature, ...], text: Text | None = None
    ) -> Paper:
        """A paper with these authors."""
        chance = self.chance
        self.drawn += 1
        doi = f"10.5555/sim.{plan.year}.{self.drawn:07d}" if chance.happens(0.96) else ""
        return Paper(
            serial=self.drawn,
            eid=eid(self.drawn),
            doi=doi,
            year=plan.year,
            text=text or self.writer.paper(plan.theme, plan.year),
            signatures=signatures,
            corresponding=0 if chance.happens(0.6) else chance.below(len(signatures)),
            journal=chance.below(len(vocabulary.JOURNALS)),
            volume=str(plan.year - 1970),
            issue=str(chance.between(1, 12)),
            first_page=chance.between(1, 2_400),
            cited_by=int(60 * chance.fraction() ** 4),
            stage="Article in Press" if plan.year == 2019 and chance.happens(0.03) else "Final",
        )

    def signatures(self, plan: Plan) -> tuple[Signature, ...]:
        """Authors such that each institution of the plan is named by at least one."""
        chance = self.chance
        addresses = self._addresses(plan)
        size = chance.between(20, 60) if plan.is_large else 1 + chance.place(_TEAM_SIZES)
        signed: list[list[Address]] = [[] for _ in range(size)]
        seats = [0, *chance.shuffled(range(1, size))]
        order = addresses if chance.happens(0.9) else chance.shuffled(addresses)
        for number, address in enumerate(order):
            if number < size:
                signed[seats[number]].append(address)
            else:
                self._second(signed, address)
        for mine in signed:
            if not mine:
                mine.append(order[0] if chance.happens(0.5) else chance.pick(addresses))
        self._double(signed, addresses)
        people: list[Author] = []
        for mine in signed:
            people.append(self._person(mine[0], people))
        authors = [Signature(person, tuple(mine)) for person, mine in zip(people, signed)]
        if chance.happens(0.01):
            authors.append(Signature(self._free(people), ()))
        return tuple(authors)

    def _addresses(self, plan: Plan) -> list[Address]:
        chance = self.chance
        pools = self.directory.pools
        joint = self.directory.joint_names
        institutions = plan.institutions
        both = institutions[:2]
        if len(both) == 2 and all(who in joint for who in both) and chance.happens(0.05):
            rest = [pools[who].draw(chance, plan.year) for who in institutions[2:]]
            return [self.directory.joint(*both), *rest]
        drawn = [pools[who].draw(chance, plan.year) for who in institutions]
        if chance.happens(0.25) and institutions:
            again = pools[institutions[0]].draw(chance, plan.year)
            if again not in drawn:
                drawn.append(again)
        if chance.happens(0.04) or not institutions:
            drawn.append(chance.pick(self.directory.uncounted))
        return drawn

    def _second(self, signed: list[list[Address]], address: Address) -> None:
        """Give the address to some author as a further one."""
        start = self.chance.below(len(signed))
        for step in range(len(signed)):
            mine = signed[(start + step) % len(signed)]
            if can_stand_beside(address, mine) and len(mine) < 4:
                mine.append(address)
                return
        signed.append([address])

    def _double(self, signed: list[list[Address]], addresses: list[Address]) -> None:
        """Let some authors sign with a second address; students of the academy often do."""
        chance = self.chance
        if len(addresses) < 2:
            return
        students = [each for each in addresses if each.counted_ids == (UCAS,)]
        for mine in signed:
            is_academy = students and "chinese-academy-of-sciences" in mine[0].counted_ids
            if chance.happens(0.6 if is_academy else 0.1):
                further = students[0] if is_academy else chance.pick(addresses)
                if can_stand_beside(further, mine):
                    mine.append(further)

    def _person(self, address: Address, taken: list[Author]) -> Author:
        who = address.counted_ids[0] if address.counted_ids else address.organisation
        institution = self.directory.institutions.get(who)
        is_chinese = institution is None or is_chinese_place(institution)
        for _ in range(8):
            person = self.rosters.author(who, papers=self.sizes.get(who, 12), is_chinese=is_chinese)
            if person not in taken:
                return person
        return self._free(taken)

    def _free(self, taken: list[Author]) -> Author:
        return next(person for person in self.rosters.crowd(len(taken) + 1) if person not in taken)

    def domestic_plan(self, year: int | None = None) -> Plan:
        """A plan of one or two mainland universities, for rows that the filter drops."""
        known = list(self.directory.joint_names)
        first = known[self.chance.below(30)]
        second = [known[30 + self.chance.below(30)]] if self.chance.happens(0.3) else []
        drawn_year = year if year is not None else draw_year(self.chance, 2013)
        return Plan(drawn_year, "learning", [first, *second])


def can_stand_beside(address: Address, others: list[Address]) -> bool:
    """True where the address belongs to another organisation than the author's others.

    The Search API names an organisation once an author, an export may name two departments; an
    author with two addresses of one organisation would weigh differently in the two.
    """
    return all(
        address.afid != other.afid and not set(address.counted_ids) & set(other.counted_ids)
        for other in others
    )


def eid(number: int) -> str:
    """The mark of a simulated record: real numbers are digits only."""
    return f"2-s2.0-SIM{number:010d}"


def renamed(studio: Studio, paper: Paper, *, keep_doi: bool) -> Paper:
    """The same paper under another EID, with its DOI or without one."""
    studio.drawn += 1
    return replace(
        paper, serial=studio.drawn, eid=eid(studio.drawn), doi=paper.doi if keep_doi else ""
    )
