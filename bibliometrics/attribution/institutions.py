"""The registry of institutions: what each is called, where it is, and what it belongs to.

The registry is package data (`data/registry`), read once and checked: `load_registry` refuses a
registry that contradicts itself and lists every fault in one message.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from bibliometrics.errors import RegistryError

Group = Literal["university", "institute"]

_GREATER_CHINA = {"HK": "HK", "MO": "MO", "TW": "TW"}
_ROR = re.compile(r"0[0-9a-hjkmnp-tv-z]{6}[0-9]{2}")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ROR_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_UNIVERSITY_WORDS = ("university", "institute of technology", "college")
_TABLES = ("universities.csv", "universities_hk_mo_tw.csv", "institutes.csv")


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name an institution bore until `last_year` (None: not known, or still used by some)."""

    name: str
    last_year: int | None


@dataclass(frozen=True, slots=True)
class Institution:
    """One institution.

    `aliases` stand alone; `aliases_conditional` need an agreeing city, province, country or
    parent (also where the same string is the name). `country` is where it is, `owner_country`
    whose it is. `campus_of` may be rolled up, `parent_id` (the owner) may not.
    """

    id: str
    name_en: str
    name_zh: str
    kind: str
    group: Group
    authority_class: str
    authority_zh: str
    province: str
    city: str
    country: str
    owner_country: str
    ror_id: str
    scopus_afids: tuple[str, ...]
    aliases: tuple[str, ...]
    aliases_conditional: tuple[str, ...]
    valid_from: int | None
    valid_to: int | None
    parent_id: str
    campus_of: str
    same_as: str
    successor_id: str
    confidence: str
    domains: tuple[str, ...] = ()
    former_names: tuple[FormerName, ...] = ()

    @property
    def unconditional_names(self) -> tuple[str, ...]:
        """The names that stand alone, first the official ones, without repetition."""
        conditional = {name.casefold() for name in self.aliases_conditional}
        names = (self.name_en, self.name_zh, *self.aliases)
        return tuple(dict.fromkeys(n for n in names if n and n.casefold() not in conditional))


@dataclass(frozen=True, slots=True)
class Unit:
    """A hospital, laboratory or other unit. Several parents are candidates, one city for each."""

    name: str
    ror_id: str
    kind: str
    cities: tuple[str, ...]
    parent_ids: tuple[str, ...]
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AmbiguousName:
    """A name with several readings; `default` is an id, "NONE" or "by country"."""

    alias: str
    candidate_ids: tuple[str, ...]
    default: str
    disambiguation: str


@dataclass(frozen=True, slots=True)
class City:
    """A city of the registry with its province (or HK, MO, TW) and coordinates in degrees."""

    name: str
    province: str
    country: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Registry:
    """Everything attribution needs to know, in a fixed order.

    `city_spellings` maps another spelling to the registry's own, `towns` an institution to other
    places it signs from; `home` are the countries whose institutions it means to hold.
    """

    institutions: Mapping[str, Institution]
    units: tuple[Unit, ...]
    cities: tuple[City, ...]
    city_spellings: tuple[tuple[str, str], ...]
    towns: Mapping[str, tuple[str, ...]]
    ambiguous: tuple[AmbiguousName, ...]
    home: tuple[str, ...] = ("CN", "HK", "MO", "TW")

    @cached_property
    def _parents(self) -> dict[str, str]:
        return {r.id: r.campus_of or r.parent_id for r in self.institutions.values()}

    def ancestors(self, institution_id: str) -> tuple[str, ...]:
        """The owners of an institution, nearest first."""
        chain: list[str] = []
        current = self._parents.get(institution_id, "")
        while current:
            chain.append(current)
            current = self._parents.get(current, "")
        return tuple(chain)


def load_registry(extra: Sequence[Path] = ()) -> Registry:
    """Read and check the registry, with rows of `extra` added.

    Each file of `extra` has the columns of institutes.csv (`kind` "university" makes a row a
    university; missing columns are empty). Raises RegistryError listing every fault.
    """
    folder = resources.files("bibliometrics") / "data" / "registry"
    rows: list[Institution] = []
    for table in _TABLES:
        rows.extend(_institution(row, table) for row in _read(folder / table))
    rows.extend(_partner(row) for row in _read(folder / "foreign_partners.csv"))
    for path in extra:
        rows.extend(_institution(row, path.name) for row in _read(path))
    former = _former_names(_read(folder / "former_names.csv"))
    rows = [replace(row, former_names=tuple(former.get(row.id, ()))) for row in rows]
    units = tuple(_unit(row) for row in _read(folder / "units.csv"))
    spellings, towns = _city_variants(_read(folder / "city_variants.csv"))
    ambiguous = tuple(_ambiguous(row) for row in _read(folder / "ambiguous_aliases.csv"))
    named = {
        "former_names": former.keys(),
        "city_variants": towns.keys(),
        "ambiguous_aliases": {i for row in ambiguous for i in row.candidate_ids},
    }
    faults = registry_faults(rows, units)
    for table, ids in named.items():
        faults += [f"{table}: no institution {i}" for i in sorted(ids - {r.id for r in rows})]
    if faults:
        raise RegistryError(
            "the registry contradicts itself:\n" + "\n".join(f"  - {fault}" for fault in faults),
            hint="correct the rows named above",
        )
    return Registry(
        institutions={row.id: row for row in rows},
        units=units,
        cities=tuple(_city(row) for row in _read(folder / "cities.csv")),
        city_spellings=spellings,
        towns=towns,
        ambiguous=ambiguous,
    )


def registry_version(registry: Registry) -> str:
    """The sha256 of the registry's content, the same on every machine."""
    digest = hashlib.sha256()
    for institution_id in sorted(registry.institutions):
        digest.update(_canonical(asdict(registry.institutions[institution_id])))
    for group in (registry.units, registry.cities, registry.ambiguous):
        for line in sorted(_canonical(asdict(row)) for row in group):
            digest.update(line)
    digest.update(_canonical(sorted(registry.city_spellings)))
    digest.update(_canonical(sorted((key, list(value)) for key, value in registry.towns.items())))
    return digest.hexdigest()


def registry_faults(rows: Sequence[Institution], units: Sequence[Unit]) -> list[str]:
    """Every contradiction among the rows, one sentence each, in a fixed order."""
    known = {row.id for row in rows}
    faults = [*_repeated_ids(rows), *_shared_names(rows), *_shared_former(rows), *_bad_rors(rows)]
    for row in rows:
        faults += [
            f"{row.id}: {field} {getattr(row, field)} is not in the registry"
            for field in ("parent_id", "campus_of", "successor_id", "same_as")
            if getattr(row, field) and getattr(row, field) not in known
        ]
    faults += _circles(rows)
    for unit in units:
        faults += [
            f"unit {unit.name}: parent {parent} is not in the registry"
            for parent in unit.parent_ids
            if parent not in known
        ]
        if len(unit.parent_ids) > 1 and len(unit.cities) != len(unit.parent_ids):
            faults.append(f"unit {unit.name}: one city for each of its parents is needed")
        if unit.ror_id and not is_ror_id(unit.ror_id):
            faults.append(f"unit {unit.name}: {unit.ror_id} is not a ROR id")
    return faults


def is_ror_id(text: str) -> bool:
    """Whether `text` is a ROR id whose check digits agree (ISO 7064, MOD 97-10)."""
    if not _ROR.fullmatch(text):
        return False
    number = 0
    for letter in text[:7]:
        number = number * 32 + _ROR_DIGITS.index(letter)
    return 98 - (number * 100) % 97 == int(text[7:])


def _repeated_ids(rows: Iterable[Institution]) -> Iterator[str]:
    seen: set[str] = set()
    for row in rows:
        if not _ID.fullmatch(row.id):
            yield f"{row.name_en or row.name_zh}: {row.id!r} is no id (small letters, digits, -)"
        elif row.id in seen:
            yield f"{row.id}: the id stands twice"
        seen.add(row.id)


def _shared_names(rows: Iterable[Institution]) -> list[str]:
    owners: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.same_as:
            continue
        for name in row.unconditional_names:
            owners[_plain(name)].append(row.id)
    return [
        f"the unconditional name {name!r} belongs to {' and '.join(sorted(set(ids)))}"
        for name, ids in sorted(owners.items())
        if len(set(ids)) > 1
    ]


def _shared_former(rows: Iterable[Institution]) -> Iterator[str]:
    """Former names of two institutions, and undated ones that another institution bears now."""
    rows = [row for row in rows if not row.same_as]
    now = {_plain(name): row.id for row in rows for name in row.unconditional_names}
    owners: dict[str, str] = {}
    for row in rows:
        for former in row.former_names:
            name = _plain(former.name)
            if owners.setdefault(name, row.id) != row.id:
                yield f"the former name {name!r} belongs to {owners[name]} and {row.id}"
            if former.last_year is None and now.get(name, row.id) != row.id:
                yield f"{row.id}: the former name {name!r} is now {now[name]}: give its last year"


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _bad_rors(rows: Iterable[Institution]) -> Iterator[str]:
    owners: dict[str, str] = {}
    for row in rows:
        if not row.ror_id or row.same_as:
            continue
        if not is_ror_id(row.ror_id):
            yield f"{row.id}: {row.ror_id} is not a ROR id"
        elif owners.setdefault(row.ror_id, row.id) != row.id:
            yield f"{row.id}: ROR id {row.ror_id} also stands at {owners[row.ror_id]}"


def _circles(rows: Iterable[Institution]) -> list[str]:
    parents = {row.id: row.campus_of or row.parent_id for row in rows}
    faults = []
    for start in sorted(parents):
        seen, current = {start}, parents[start]
        while current and current not in seen:
            seen.add(current)
            current = parents.get(current, "")
        if current == start:
            faults.append(f"{start}: belongs to itself by its parents")
    return faults


def _read(path: Path | Traversable) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryError(
            "the registry file cannot be read", where=path.name, hint="restore the file"
        ) from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{k: (v or "").strip() for k, v in row.items() if k} for row in rows]


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _year(cell: str) -> int | None:
    return int(cell[:4]) if cell[:4].isdigit() else None


def _institution(row: Mapping[str, str], table: str) -> Institution:
    is_institute = table not in _TABLES[:2] and row.get("kind", "") != "university"
    province = row.get("province", "")
    country = row.get("country", "") or _GREATER_CHINA.get(province, "CN")
    return Institution(
        id=row.get("id", ""),
        name_en=row.get("name_en", ""),
        name_zh=row.get("name_zh", ""),
        kind=row.get("kind", "") or ("institute" if is_institute else "university"),
        group="institute" if is_institute else "university",
        authority_class=row.get("authority_class", ""),
        authority_zh=row.get("authority_zh", ""),
        province=province,
        city=row.get("city", ""),
        country=country,
        owner_country=row.get("owner_country", "") or country,
        ror_id=row.get("ror_id", ""),
        scopus_afids=_list(row.get("scopus_afids", "")),
        aliases=_list(row.get("aliases", "")),
        aliases_conditional=_list(row.get("aliases_conditional", "")),
        valid_from=_year(row.get("valid_from", "")),
        valid_to=_year(row.get("valid_to", "")),
        parent_id=row.get("parent_id", ""),
        campus_of=row.get("campus_of", ""),
        same_as=row.get("same_as", ""),
        successor_id=row.get("successor_id", ""),
        confidence=row.get("confidence", ""),
        domains=_list(row.get("domains", "")),
    )


def _partner(row: Mapping[str, str]) -> Institution:
    name = row.get("name_en", "").casefold()
    kind = "university" if any(word in name for word in _UNIVERSITY_WORDS) else "research"
    return _institution({**row, "kind": kind, "confidence": "high"}, "foreign_partners.csv")


def _former_names(rows: Iterable[Mapping[str, str]]) -> dict[str, list[FormerName]]:
    former: dict[str, list[FormerName]] = defaultdict(list)
    for row in rows:
        former[row["id"]].append(FormerName(row["former_name"], _year(row["last_year"])))
    return former


def _unit(row: Mapping[str, str]) -> Unit:
    return Unit(
        name=row["unit_name"],
        ror_id=row["unit_ror_id"],
        kind=row["type"],
        cities=_list(row["city"]),
        parent_ids=_list(row["parent_ids"]),
        aliases=_list(row["aliases"]),
    )


def _city(row: Mapping[str, str]) -> City:
    return City(row["city"], row["province"], row["country"], float(row["lat"]), float(row["lon"]))


def _ambiguous(row: Mapping[str, str]) -> AmbiguousName:
    return AmbiguousName(
        row["alias"], _list(row["candidate_ids"]), row["default"], row["disambiguation"]
    )


def _city_variants(
    rows: Iterable[Mapping[str, str]],
) -> tuple[tuple[tuple[str, str], ...], dict[str, tuple[str, ...]]]:
    spellings: list[tuple[str, str]] = []
    towns: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["institution_id"] == "*":
            spellings.append((row["city_variant"], row["applies_to_city"]))
        else:
            towns[row["institution_id"]].append(row["city_variant"])
    return tuple(spellings), {key: tuple(value) for key, value in sorted(towns.items())}


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode() + b"\n"
