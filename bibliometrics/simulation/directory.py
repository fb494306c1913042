"""The institutions of the simulation with all the strings they sign with.

The registry is read as data from the package; how it is read is this module's own.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from importlib import resources

from bibliometrics.simulation import cast
from bibliometrics.simulation.addresses import (
    DEPARTMENTS,
    DEPARTMENTS_ABROAD,
    ROOMS,
    AddressBook,
    Seat,
    mainland_seat,
    slug,
)
from bibliometrics.simulation.chance import Chance, running
from bibliometrics.simulation.model import Address, Institution

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Pool:
    """The addresses of one institution and the running sums of how often each is signed."""

    addresses: tuple[Address, ...]
    cumulative: tuple[float, ...]

    def draw(self, chance: Chance, year: int) -> Address:
        """An address that was in use in the year."""
        for _ in range(12):
            address = self.addresses[chance.place(self.cumulative)]
            if address.since <= year <= address.until:
                return address
        return next(each for each in self.addresses if each.since <= year <= each.until)


@dataclass(frozen=True)
class Directory:
    """All institutions, their addresses, and the strings that count for nobody."""

    institutions: dict[str, Institution]
    pools: dict[str, Pool]
    uncounted: tuple[Address, ...]
    joint_names: dict[str, tuple[str, Seat]]
    report: tuple[str, ...]
    greater: tuple[str, ...]
    others: tuple[str, ...]
    book: AddressBook

    def joint(self, one: str, other: str) -> Address:
        """A joint laboratory of two universities, at the seat of the first.

        The other is named before it, so that no name runs on into a city that is not its own.
        """
        name, seat = self.joint_names[one]
        text = f"Joint Laboratory of {self.joint_names[other][0]} and {name}"
        return self.book.address(text, seat, (one, other), (one, other))


class _Builder:
    def __init__(self) -> None:
        self.universities = _rows("universities")
        self.institutes = _rows("institutes")
        self.partners = _rows("universities_hk_mo_tw")
        self.units = list(_read("units"))
        self.unsafe = _unsafe_names()
        self.book = AddressBook()
        self.institutions: dict[str, Institution] = {}
        self.pools: dict[str, Pool] = {}
        self.weighted: dict[str, list[tuple[Address, float]]] = {}
        self.seats: dict[str, Seat] = {}
        self.joint_names: dict[str, tuple[str, Seat]] = {}

    def add(self, who: str, address: Address, weight: float) -> None:
        self.weighted.setdefault(who, []).append((address, weight))

    def safe_aliases(self, row: Row, most: int) -> list[str]:
        """Registry aliases that need nothing near by, in plain letters."""
        return [
            alias
            for alias in row["aliases"].split("|")
            if alias.isascii()
            and alias
            and not set(alias) & set(",()")
            and alias.casefold() not in self.unsafe
        ][:most]

    def mainland(self, row: Row, number: int, kind: str) -> None:
        who = row["id"]
        since = int(row["valid_from"] or 0)
        self.institutions[who] = Institution(
            who, row["name_en"], "domestic", kind, "CN", row["province"], since
        )
        self.seats[who] = seat = mainland_seat(row["province"], row["city"], number)
        self._main(row, seat, number, since)
        own = (who,)
        for alias in self.safe_aliases(row, 3):
            entities = "&" in alias
            for department in ("", (ROOMS * 5 if kind == "institute" else DEPARTMENTS)[number % 9]):
                address = self.book.address(
                    alias, seat, own, own, department=department, since=since, entities=entities
                )
                self.add(who, address, 0.03)
        name = row["name_en"]
        if "(" in name:
            short = name.partition(" (")[0]
            address = self.book.address(short, seat, own, own, department=DEPARTMENTS[0])
            self.add(who, address, 0.2)
        elif kind == "university" and name.casefold() not in self.unsafe and "," not in name:
            self.joint_names[who] = (name, seat)

    def _main(self, row: Row, seat: Seat, number: int, since: int) -> None:
        own = (row["id"],)
        name = row["name_en"]
        is_ucas = row["id"] == "university-of-chinese-academy-of-sciences"
        written_out = Seat(seat.city, seat.city, "P.R. China", seat.country, seat.scope)
        schools = ROOMS if self.institutions[row["id"]].kind == "institute" else DEPARTMENTS
        for step in range(min(9, len(schools))):
            department = schools[(number + step * 5) % len(schools)]
            # Ampersands become entities in some strings only: each string is printed one way.
            entities = "&" in department and number % 2 == 0
            address = self.book.address(
                name, seat, own, own, department=department, since=2012 if is_ucas else since,
                known_afid=row["scopus_afids"].partition("|")[0], entities=entities,
            )  # fmt: skip
            self.add(row["id"], address, 1 / (1 + step))
            if is_ucas:
                former = self.book.address(
                    "Graduate University of Chinese Academy of Sciences", seat, own, own,
                    department=department, until=2011,
                )  # fmt: skip
                self.add(row["id"], former, 1 / (1 + step))
        start = 2012 if is_ucas else since
        bare = self.book.address(name, written_out, own, own, since=start)
        self.add(row["id"], bare, 0.05)
        if "'" in name + seat.city:
            escaped = self.book.address(
                name, seat, own, own, department="Institute of Applied Mathematics and Mechanics",
                entities=True,
            )  # fmt: skip
            self.add(row["id"], escaped, 0.1)

    def campus(self, row: Row, number: int) -> None:
        parent = row["campus_of"]
        seat = mainland_seat(row["province"], row["city"], number)
        for step in range(2):
            address = self.book.address(
                row["name_en"], seat, (row["id"],), (parent,),
                department=DEPARTMENTS[(number + step) % 10], since=int(row["valid_from"] or 0),
            )  # fmt: skip
            self.add(parent, address, 0.16)

    def academy_institute(self, row: Row, number: int) -> None:
        seat = mainland_seat(row["province"], row["city"], number)
        later = row["name_en"].replace(", Chinese Academy", " Chinese Academy")
        names = [(row["name_en"], later), *((each, each) for each in self.safe_aliases(row, 1))]
        for name, name_since_2025 in names:
            for department in ROOMS:
                address = self.book.address(
                    name, seat, (row["id"],), (cast.ACADEMY,), department=department,
                    later_name=name_since_2025, since=int(row["valid_from"] or 0),
                    until=int(row["valid_to"] or 9999),
                )  # fmt: skip
                self.add(cast.ACADEMY, address, 1.0 if name == row["name_en"] else 0.15)

    def laboratories(self) -> None:
        """Key laboratories: alone, and some with the name of their host."""
        roll_up = dict.fromkeys(cast.ACADEMY_INSTITUTES, cast.ACADEMY)
        names = [unit["unit_name"] for unit in self.units]
        done: dict[str, int] = {}
        for unit in self.units:
            host, name = unit["parent_ids"], unit["unit_name"]
            counted = roll_up.get(host, host)
            row = self.universities.get(host) or self.institutes.get(host)
            if (
                counted not in self.institutions
                or row is None
                or not name.startswith("State Key Laboratory of ")
                or not name.isascii()
                or name.casefold() in self.unsafe
                or row["city"] != unit["city"]
                or sum(name in other for other in names) > 1
                or done.get(counted, 0) >= 3
            ):
                continue
            done[counted] = done.get(counted, 0) + 1
            seat = mainland_seat(row["province"], row["city"], len(name))
            alone = self.book.address(name, seat, (host,), (counted,))
            self.add(counted, alone, 0.06)
            if counted == host and done[counted] == 1:
                named = self.book.address(
                    row["name_en"], seat, (host,), (counted,), department=name
                )
                self.add(counted, named, 0.06)

    def hospitals(self) -> tuple[Address, ...]:
        """Strings with the name of a university count for it; a hospital alone counts for none."""
        units = {unit["unit_name"]: unit for unit in self.units}
        for name, host in cast.NAMED_HOSPITALS:
            row = self.universities[host]
            seat = mainland_seat(row["province"], units[name]["city"], len(name))
            address = self.book.address(row["name_en"], seat, (host,), (host,), department=name)
            self.add(host, address, 0.2)
        alone = []
        for name in cast.UNNAMED_HOSPITALS:
            host = units[name]["parent_ids"]
            row = self.universities[host]
            seat = mainland_seat(row["province"], units[name]["city"], len(name))
            alone.append(self.book.address(name, seat, (host,), ()))
        return tuple(alone)

    def greater_china(self, row: Row, number: int) -> None:
        codes = {"HK": "Hong Kong", "MO": "Macao", "TW": "Taiwan"}
        printed = {
            "HK": ("Hong Kong", "Hong Kong SAR, China"),
            "MO": ("Macao", "Macau SAR, China"),
            "TW": ("Taiwan", "Taiwan, China"),
        }
        code, who = row["province"], row["id"]
        self.institutions[who] = Institution(who, row["name_en"], "hk_mo_tw", "partner", code, "")
        place = "" if code == "HK" else row["city"]
        name = row["name_en"].partition(" (")[0]
        for step, last in enumerate(printed[code] * 2):
            seat = Seat(place, row["city"], last, codes[code], "hk_mo_tw")
            address = self.book.address(
                name, seat, (who,), (who,), department=DEPARTMENTS_ABROAD[(number + step) % 5]
            )  # fmt: skip
            self.add(who, address, 1.0 if step % 2 == 0 else 0.3)

    def report_partner(self, row: Row, number: int) -> str:
        who = row["same_as"] or row["id"]
        names = {code: name for name, code in cast.COUNTRIES.items()}
        self.institutions[who] = Institution(
            who, row["name_en"], "foreign", "partner", row["owner_country"], "",
            1998 if who == cast.MICROSOFT else 0,
        )  # fmt: skip
        if who == cast.MICROSOFT:
            seat = mainland_seat("Beijing", "Beijing", number)
            address = self.book.address("Microsoft Research Asia", seat, (who,), (who,), since=1998)
            self.add(who, address, 1.0)
            return who
        country = names[row["country"]]
        place = "Atlanta, GA 30332" if row["city"] == "Atlanta" else row["city"]
        seat = Seat(place, row["city"], country, country, "foreign")
        known = row["scopus_afids"].partition("|")[0]
        names_used = [row["name_en"], *self.safe_aliases(row, 2)]
        if who == "cnrs":
            names_used = ["CNRS", "Centre National de la Recherche Scientifique"]
        for step in range(6):
            name = names_used[0] if step < 4 else names_used[step % len(names_used)]
            address = self.book.address(
                name, seat, (who,), (who,), known_afid=known,
                department="" if who == "cnrs" else DEPARTMENTS_ABROAD[(number + step) % 5],
            )  # fmt: skip
            self.add(who, address, 1.0 if step < 4 else 0.2)
        return who

    def outsider(self, name: str, place: str, country: str, number: int) -> str:
        code = cast.COUNTRIES[country]
        who = f"x-{code.lower()}-{slug(name)}"
        self.institutions[who] = Institution(who, name, "foreign", "partner", code, "")
        seat = Seat(place, place.partition(",")[0], country, country, "foreign")
        is_company = name.endswith("Inc.")
        for step in range(1 if is_company else 3):
            department = "" if is_company else DEPARTMENTS_ABROAD[(number + step * 5) % 6]
            with_article = name.startswith("University of") and number % 6 == 3 and step == 2
            address = self.book.address(
                f"The {name}" if with_article else name, seat, (who,), (who,),
                department=department,
                entities=not name.isascii() or "&" in department or "'" in name,
            )  # fmt: skip
            self.add(who, address, 1 / (1 + step))
        return who

    def build(self) -> Directory:
        """Everything in a fixed order, so that ids come out the same each time."""
        for number, who in enumerate((*cast.PUBLISHED_SHARES, *cast.OTHER_UNIVERSITIES)):
            self.mainland(self.universities[who], number, "university")
        for number, who in enumerate((cast.ACADEMY, *cast.OTHER_INSTITUTES), 200):
            self.mainland(self.institutes[who], number, "institute")
        for number, who in enumerate(cast.CAMPUSES, 300):
            self.campus(self.universities[who], number)
        for number, who in enumerate(cast.ACADEMY_INSTITUTES, 400):
            self.academy_institute(self.institutes[who], number)
        self.laboratories()
        hospitals = self.hospitals()
        for number, who in enumerate(cast.GREATER_CHINA_PARTNERS):
            self.greater_china(self.partners[who], number)
        named = _rows("foreign_partners")
        report = [self.report_partner(named[who], n) for n, who in enumerate(cast.REPORT_PARTNERS)]
        invented = cast.invented_institutions()
        others = [self.outsider(*each, number) for number, each in enumerate(invented)]
        unknown = tuple(
            self.book.address(name, mainland_seat(province, city, 500), (), ())
            for name, city, province in cast.UNREGISTERED
        )
        return Directory(
            institutions=self.institutions,
            pools={who: _pool(weighted) for who, weighted in self.weighted.items()},
            uncounted=unknown + hospitals,
            joint_names=self.joint_names,
            report=tuple(report),
            greater=cast.GREATER_CHINA_PARTNERS,
            others=tuple(others),
            book=self.book,
        )


def directory() -> Directory:
    """All institutions and addresses of the simulation; the same for every seed."""
    return _Builder().build()


def _pool(weighted: list[tuple[Address, float]]) -> Pool:
    return Pool(tuple(each for each, _ in weighted), running(weight for _, weight in weighted))


def _read(name: str) -> list[Row]:
    source = resources.files("bibliometrics") / "data" / "registry" / f"{name}.csv"
    return list(csv.DictReader(io.StringIO(source.read_text(encoding="utf-8"))))


def _rows(name: str) -> dict[str, Row]:
    return {row["id"]: row for row in _read(name)}


def _unsafe_names() -> set[str]:
    """Names that need a city near by, or stand for several institutions."""
    unsafe = {row["alias"].casefold() for row in _read("ambiguous_aliases")}
    for name in ("universities", "institutes", "universities_hk_mo_tw", "foreign_partners"):
        for row in _read(name):
            unsafe |= {alias.casefold() for alias in row["aliases_conditional"].split("|") if alias}
    return unsafe
