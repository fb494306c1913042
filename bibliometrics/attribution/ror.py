"""A registry made from a ROR file of the user's (Research Organization Registry, CC0).

Both record schemas are read (1 and 2), as a JSON list or as JSON lines, gzip too. Institutions keep
their ROR id as id (`ror-…`), so that it does not move from one release to the next. A name that
two of them bear stands only with its city; a hospital whose university is in the file is a unit of
it.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from bibliometrics.attribution.compared import words_of
from bibliometrics.attribution.institutions import (
    City,
    Group,
    Institution,
    Registry,
    Unit,
    is_ror_id,
    registry_faults,
)
from bibliometrics.errors import InputError, RegistryError

_HINT = "give the JSON file of a ROR release, or lines of its records"
_ADDED = frozenset({"education", "healthcare", "company"})
# A ministry stands in addresses as the owner of a laboratory; it is no author's institution.
_NAMED_BESIDE = frozenset({"government", "funder"})
_HANS = range(0x4E00, 0x9FFF + 1)


@dataclass(frozen=True, slots=True)
class RorRecord:
    """A record of either schema, as far as attribution needs it."""

    ror_id: str
    name: str
    names: tuple[tuple[str, str], ...]  # (name, language)
    acronyms: tuple[str, ...]
    kinds: tuple[str, ...]
    status: str
    established: int | None
    country: str
    city: str
    province: str
    latitude: float | None
    longitude: float | None
    domains: tuple[str, ...]
    related: tuple[tuple[str, str], ...]  # (parent, child, successor, …; ROR id)


def read_ror(path: Path) -> list[RorRecord]:
    """The records of a ROR file.

    Raises
    ------
    InputError : the file cannot be read, or a record is none of ROR's; the row is named.
    """
    return [record for record, _ in _read(path)]


def cut(path: Path, countries: Sequence[str]) -> bytes:
    """The records of ``countries`` as JSON lines, in the order of their ids: a file to keep.

    Raises
    ------
    InputError : as ``read_ror``.
    """
    chosen = sorted(
        (r.ror_id, orjson.dumps(row)) for r, row in _read(path) if r.country in countries
    )
    return b"".join(line + b"\n" for _, line in chosen)


def _read(path: Path) -> list[tuple[RorRecord, Mapping[str, Any]]]:
    try:
        raw = path.read_bytes()
        content = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except (OSError, EOFError, zlib.error) as error:
        raise InputError("the file cannot be read", where=path.name, hint=_HINT) from error
    records = []
    for number, row in enumerate(_rows(content, path.name), start=1):
        try:
            records.append((_record(row), row))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise InputError(
                f"this is no record of ROR (schema 1 or 2): {str(error)[:80]}",
                where=f"{path.name}, record {number}",
                hint=_HINT,
            ) from error
    if not records:
        raise InputError("the file holds no record", where=path.name, hint=_HINT)
    return records


def _rows(content: bytes, name: str) -> Iterator[Mapping[str, Any]]:
    try:
        if content.lstrip()[:1] == b"[":
            yield from orjson.loads(content)
            return
        for line in io.BytesIO(content):
            if line.strip():
                yield orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise InputError(f"not JSON: {error}", where=name, hint=_HINT) from error


def _record(row: Mapping[str, Any]) -> RorRecord:
    ror_id = str(row["id"]).rpartition("/")[2]
    if not is_ror_id(ror_id):
        raise ValueError(f"{ror_id!r} is not a ROR id")
    shared: dict[str, Any] = {
        "ror_id": ror_id,
        "kinds": tuple(str(kind).casefold() for kind in row["types"]),
        "status": str(row.get("status") or "active").casefold(),
        "established": row.get("established"),
        "domains": tuple(row.get("domains") or ()),
        "related": tuple(
            (str(r["type"]).casefold(), str(r["id"]).rpartition("/")[2])
            for r in row.get("relationships") or ()
        ),
    }
    return RorRecord(**shared, **(_second(row) if "names" in row else _first(row)))


def _first(row: Mapping[str, Any]) -> dict[str, Any]:
    address = (row.get("addresses") or [{}])[0]
    admin = ((address.get("geonames_city") or {}).get("geonames_admin1") or {}).get("name")
    labels = [(str(each["label"]), str(each["iso639"] or "")) for each in row.get("labels") or ()]
    aliases = [(str(alias), "") for alias in row.get("aliases") or ()]
    return {
        "name": str(row["name"]),
        "names": ((str(row["name"]), ""), *labels, *aliases),
        "acronyms": tuple(map(str, row.get("acronyms") or ())),
        "country": str(row["country"]["country_code"]),
        "city": str(address.get("city") or ""),
        "province": str(admin or ""),
        "latitude": address.get("lat"),
        "longitude": address.get("lng"),
    }


def _second(row: Mapping[str, Any]) -> dict[str, Any]:
    place = row["locations"][0]["geonames_details"]
    told = [(str(n["value"]), str(n.get("lang") or ""), n["types"]) for n in row["names"]]
    shown = next(value for value, _, types in told if "ror_display" in types)
    names = [(value, lang) for value, lang, types in told if "acronym" not in types]
    return {
        "name": shown,
        "names": ((shown, ""), *names),
        "acronyms": tuple(value for value, _, types in told if "acronym" in types),
        "country": str(place["country_code"]),
        "city": str(place.get("name") or ""),
        "province": str(place.get("country_subdivision_name") or ""),
        "latitude": place.get("lat"),
        "longitude": place.get("lng"),
    }


def registry_of(records: Iterable[RorRecord], countries: Sequence[str] = ()) -> Registry:
    """The records of ``countries`` (none: of all) as a registry served by the same rules.

    Withdrawn records, and bodies of government that are nothing else, are left out.

    Raises
    ------
    RegistryError : none is left, or what is left contradicts itself.
    """
    wanted = {
        r.ror_id: r for r in records
        if r.status != "withdrawn" and (not countries or r.country in countries)
        and not {*r.kinds} <= _NAMED_BESIDE
    }  # fmt: skip
    if not wanted:
        raise RegistryError(
            f"the ROR file holds no institution of {', '.join(countries) or 'any country'}",
            hint="compare the study's [geography] country with the file",
        )
    ordered = [wanted[ror_id] for ror_id in sorted(wanted)]
    hospitals = {r.ror_id: _hosts(r, wanted) for r in ordered}
    rows = [_institution(r, wanted) for r in ordered if not hospitals[r.ror_id]]
    rows = _conditional_where_shared(_without_circles(rows))
    units = tuple(_unit(r, hospitals[r.ror_id], wanted) for r in ordered if hospitals[r.ror_id])
    faults = registry_faults(rows, units)
    if faults:
        raise RegistryError(
            "the ROR file contradicts itself:\n" + "\n".join(f"  - {f}" for f in faults[:20]),
            hint="correct the records, or leave them out",
        )
    return Registry(
        institutions={row.id: row for row in rows},
        units=units,
        cities=_cities(ordered),
        city_spellings=(),
        towns={},
        ambiguous=(),
        home=tuple(sorted({r.country for r in ordered})),
    )


def below(curated: Registry, records: Iterable[RorRecord]) -> Registry:
    """``curated`` with the records it lacks added; the curated rows win every name.

    A record is lacked where neither its ROR id nor a name of it is known. Only universities,
    hospitals and companies are added: a laboratory or ministry of ROR is mostly named beside the
    institution that counts, and would be credited with it.
    """
    rows = curated.institutions.values()
    ids = {row.ror_id for row in rows if row.ror_id} | {u.ror_id for u in curated.units}
    names = {_compared(name) for row in rows for name in _all_names(row)}
    names |= {_compared(former.name) for row in rows for former in row.former_names}
    names |= {_compared(name) for u in curated.units for name in (u.name, *u.aliases)}
    told = [
        r for r in records
        if r.country in curated.home and r.status != "withdrawn" and _ADDED & {*r.kinds}
    ]  # fmt: skip
    lacked = [
        r for r in told
        if r.ror_id not in ids and not any(_compared(name) in names for name, _ in r.names)
    ]  # fmt: skip
    if not lacked:
        return curated
    of_curated = {row.ror_id: row.id for row in rows if row.ror_id and row.group == "university"}
    owned = {
        r.ror_id: sorted({of_curated[i] for _, i in r.related if i in of_curated})
        for r in lacked
        if "healthcare" in r.kinds
    }
    hospitals = tuple(
        Unit(r.name, r.ror_id, "healthcare", (r.city,) * len(owned[r.ror_id]),
             tuple(owned[r.ror_id]), ())
        for r in lacked if owned.get(r.ror_id)
    )  # fmt: skip
    others = [r for r in lacked if not owned.get(r.ror_id)]
    added = registry_of(others) if others else replace(curated, institutions={}, units=())
    known_cities = {city.name for city in curated.cities}
    return replace(
        curated,
        institutions={**curated.institutions, **added.institutions},
        units=(*curated.units, *hospitals, *added.units),
        cities=(*curated.cities, *(c for c in added.cities if c.name not in known_cities)),
    )


def _hosts(record: RorRecord, wanted: Mapping[str, RorRecord]) -> tuple[str, ...]:
    """The universities a hospital belongs to, where they are in the file."""
    if "healthcare" not in record.kinds or "education" in record.kinds:
        return ()
    related = [i for kind, i in record.related if kind in {"parent", "related"} and i in wanted]
    return tuple(sorted({i for i in related if "education" in wanted[i].kinds}))


def _id(ror_id: str) -> str:
    return f"ror-{ror_id}"


def _institution(record: RorRecord, wanted: Mapping[str, RorRecord]) -> Institution:
    is_university = "education" in record.kinds
    group: Group = "university" if is_university else "institute"
    english = next((n for n, lang in record.names if lang == "en"), record.name)
    chinese = next((n for n, lang in record.names if lang == "zh"), "")
    others = tuple(dict.fromkeys(n for n, _ in record.names if n not in {english, chinese}))
    parents = [i for kind, i in record.related if kind == "parent" and i in wanted]
    owners = [i for i in parents if not _hosts(wanted[i], wanted)]
    heirs = [i for kind, i in record.related if kind == "successor" and i in wanted]
    # One word ("Charité", "Bosch") may be a word of anything: it needs its city.
    weak = tuple(name for name in (english, chinese, *others) if name and _is_weak(name))
    return Institution(
        id=_id(record.ror_id),
        name_en=english,
        name_zh=chinese,
        kind="university" if is_university else _kind(record),
        group=group,
        authority_class="",
        authority_zh="",
        province=record.province,
        city=record.city,
        country=record.country,
        owner_country=record.country,
        ror_id=record.ror_id,
        scopus_afids=(),
        aliases=tuple(name for name in others if not _is_weak(name)),
        aliases_conditional=tuple(dict.fromkeys((*weak, *record.acronyms))),
        valid_from=record.established,
        valid_to=None,
        parent_id=_id(owners[0]) if owners else "",
        campus_of="",
        same_as="",
        successor_id=_id(heirs[0]) if heirs and not _hosts(wanted[heirs[0]], wanted) else "",
        confidence="ror",
        domains=record.domains,
    )


def _kind(record: RorRecord) -> str:
    return record.kinds[0] if record.kinds else "other"


def _is_weak(name: str) -> bool:
    has_han = any(ord(letter) in _HANS for letter in name)
    return len(name.split()) < 2 and not (has_han and len(name) > 3)


def _unit(record: RorRecord, hosts: Sequence[str], wanted: Mapping[str, RorRecord]) -> Unit:
    return Unit(
        name=record.name,
        ror_id=record.ror_id,
        kind="healthcare",
        cities=tuple(record.city or wanted[host].city for host in hosts),
        parent_ids=tuple(_id(host) for host in hosts),
        aliases=tuple(dict.fromkeys(n for n, _ in record.names if n != record.name)),
    )


def _without_circles(rows: Sequence[Institution]) -> list[Institution]:
    """Parents cut where they lead back: ROR states "parent" of some pairs both ways."""
    parents = {row.id: row.parent_id for row in rows}
    for start in sorted(parents):
        seen, current = {start}, parents[start]
        while current:
            if current in seen:
                parents[start] = ""
                break
            seen.add(current)
            current = parents.get(current, "")
    return [replace(row, parent_id=parents[row.id]) for row in rows]


def _conditional_where_shared(rows: Sequence[Institution]) -> list[Institution]:
    """A name of two institutions needs the city of either, the official one too."""
    bearers = Counter(name for row in rows for name in {_plain(n) for n in _all_names(row)})
    found = []
    for row in rows:
        shared = [name for name in _all_names(row) if bearers[_plain(name)] > 1]
        conditional = tuple(dict.fromkeys((*row.aliases_conditional, *shared)))
        aliases = tuple(name for name in row.aliases if name not in shared)
        found.append(replace(row, aliases=aliases, aliases_conditional=conditional))
    return found


def _all_names(row: Institution) -> tuple[str, ...]:
    names = (row.name_en, row.name_zh, *row.aliases, *row.aliases_conditional)
    return tuple(dict.fromkeys(name for name in names if name))


def _compared(name: str) -> tuple[str, ...]:
    return tuple(sorted(words_of(name))) or (name,)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _cities(records: Iterable[RorRecord]) -> tuple[City, ...]:
    found: dict[tuple[str, str], list[RorRecord]] = defaultdict(list)
    for record in records:
        if record.city:
            found[record.city, record.province].append(record)
    cities = []
    for (city, province), of in sorted(found.items()):
        first = of[0]
        cities.append(
            City(city, province, first.country, first.latitude or 0.0, first.longitude or 0.0)
        )
    return tuple(cities)
