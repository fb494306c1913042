"""How institutions sign: departments, abbreviations, campuses, laboratories, hospitals."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import unescape

from bibliometrics.simulation.model import Address, Place

DEPARTMENTS = (
    "School of Computer Science and Technology",
    "Department of Automation",
    "School of Mechanical Engineering",
    "College of Information and Control Engineering",
    "School of Electronic Engineering",
    "Department of Electrical Engineering",
    "College of Control Science and Engineering",
    "Department of Computer Science",
    "School of Mathematics and Statistics",
    "Department of Precision Instruments",
    "College of Electrical & Information Engineering",
    "Research Center for Intelligent Systems",
    "School of Automation and Electrical Engineering",
    "Department of Biomedical Engineering",
)
ROOMS = ("", "Research Center for Intelligent Systems", "Laboratory of Signal Processing")
DEPARTMENTS_ABROAD = (
    "Department of Computer Science",
    "School of Engineering",
    "Department of Electrical and Computer Engineering",
    "Faculty of Engineering",
    "Department of Mechanical Engineering",
    "School of Computing & Mathematics",
)
POSTCODES = {
    "Beijing": "10", "Shanghai": "20", "Tianjin": "30", "Chongqing": "40", "Inner Mongolia": "01",
    "Shanxi": "03", "Hebei": "05", "Liaoning": "11", "Jilin": "13", "Heilongjiang": "15",
    "Jiangsu": "21", "Anhui": "23", "Shandong": "25", "Zhejiang": "31", "Jiangxi": "33",
    "Fujian": "35", "Hunan": "41", "Hubei": "43", "Henan": "45", "Guangdong": "51",
    "Guangxi": "53", "Guizhou": "55", "Hainan": "57", "Sichuan": "61", "Yunnan": "65",
    "Shaanxi": "71", "Gansu": "73", "Ningxia": "75", "Qinghai": "81", "Xinjiang": "83",
    "Tibet": "85",
}  # fmt: skip
"""The first two digits of each province; the simulation makes up the other four."""

_ENTITIES = {"&": "&amp;", "'": "&#39;", "é": "&eacute;", "ü": "&uuml;", "É": "&Eacute;"}
_FIRST_INVENTED_AFID = 999_000_001


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an organisation is; ``place`` as addresses print it, such as 'Atlanta, GA 30332'."""

    place: str
    city: str
    printed_country: str
    country: str
    scope: Place


class AddressBook:
    """Makes affiliation strings and gives each organisation its affiliation id."""

    def __init__(self) -> None:
        self._afids: dict[tuple[str, str], str] = {}

    def afid(self, organisation: str, seat: Seat, known: str = "") -> str:
        """The id of an organisation: the known one, else one outside Scopus's own range."""
        key = (organisation, seat.city)
        if key not in self._afids:
            self._afids[key] = known or str(_FIRST_INVENTED_AFID + len(self._afids))
        return self._afids[key]

    def address(
        self,
        organisation: str,
        seat: Seat,
        ids: tuple[str, ...],
        counted: tuple[str, ...],
        *,
        department: str = "",
        later_name: str = "",
        known_afid: str = "",
        since: int = 0,
        until: int = 9999,
        entities: bool = False,
    ) -> Address:
        """One affiliation; ``later_name`` is the organisation's name in exports since 2025."""
        later = later_name or organisation
        tail = [seat.place, seat.printed_country]
        first = ", ".join(part for part in (department, organisation, *tail) if part)
        second = ", ".join(part for part in (later, department, *tail) if part)
        return Address(
            department_first=first,
            organisation_first=second,
            raw_department_first=with_entities(first) if entities else first,
            raw_organisation_first=with_entities(second) if entities else second,
            organisation=later,
            city=seat.city,
            country=seat.country,
            afid=self.afid(later, seat, known_afid),
            institution_ids=ids,
            counted_ids=counted,
            place=seat.scope,
            since=since,
            until=until,
        )


def mainland_seat(province: str, city: str, number: int, *, printed: str = "China") -> Seat:
    """A seat on the mainland with an invented postcode of its province."""
    postcode = f"{POSTCODES[province]}{1_000 + number * 37 % 8_999:04d}"
    return Seat(f"{city}, {postcode}", city, printed, "China", "mainland")


def with_entities(text: str) -> str:
    """The text with its ampersands, apostrophes and some accented letters as HTML entities."""
    escaped = "".join(_ENTITIES.get(letter, letter) for letter in text)
    if unescape(escaped) != text:
        raise ValueError(text)
    return escaped


def slug(name: str) -> str:
    """The slug of an organisation outside the registry: ASCII, lower case, single hyphens.

    An apostrophe joins, as in the registry's own ids (xian-jiaotong-university).
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    plain = plain.replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain.removeprefix("the ")).strip("-")
