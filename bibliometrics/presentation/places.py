"""The geographic map: institutions at their city, ties as arcs, provinces and countries shaded."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bibliometrics.edition import Edition, Ground
from bibliometrics.presentation import links
from bibliometrics.presentation.bilingual import Text, count, name, say, term, territory
from bibliometrics.presentation.city_names import city_zh
from bibliometrics.presentation.page import Parts, asset, environment, page_title

MOST_ARCS = 400
_LISTED = 40
_LARGEST = 26.0
_SHADES = 5
Pair = list[str]


def render_places(edition: Edition, china: Ground, world: Ground, borders: str) -> str:
    """The whole page as text, to be written as UTF-8 with line ends as they are.

    It asks for nothing. Without institutions of the registry only the world is drawn.
    """
    cities, of_institution = _cities(edition, china)
    ties = _city_ties(edition, of_institution)
    arcs = ties[:MOST_ARCS]
    countries = _countries(edition, world)
    title = name(edition.title_en, edition.title_zh, 300)
    parts = Parts(
        styles=(asset("page.css"), asset("places.css")),
        without_script=asset("nojs.css"),
        scripts=(asset("language.js"), asset("places.js")),
    )
    places = edition.tables["places"]
    lost = int(places["latitude"].isna().sum())
    return environment().get_template("places.html").render(
        edition=edition,
        parts=parts,
        title=say("places_title", title=title),
        page_title=page_title(edition, say("places_title", title=title)),
        china=_picture(china, _shades(edition, "provinces", "province")),
        world=_picture(world, _shades(edition, "countries", "country")),
        cities=cities,
        arcs=[_arc(cities, *tie) for tie in arcs],
        arcs_say=say("places_arcs", shown=count(len(arcs)), total=count(len(ties)),
                     most=count(MOST_ARCS)),
        countries=countries,
        hub=_hub(edition, world),
        borders=say(f"places_borders_{borders}"),
        unplaced=_unplaced(edition, world),
        missing=say("places_missing", n=count(lost)) if lost else None,
        data={
            "cities": [city["data"] for city in cities],
            "countries": [country["data"] for country in countries],
            "most": max([tie[2] for tie in ties], default=1),
        },
    )  # fmt: skip


def _picture(ground: Ground, shades: Mapping[str, int]) -> dict[str, Any]:
    return {
        "width": ground.width,
        "height": ground.height,
        "areas": [
            {"d": path, "shade": shades.get(code, 0), "name": _area_name(code)}
            for code, path in ground.areas
        ],
    }


def _area_name(code: str) -> str:
    if code == "-99":
        return ""
    is_country = len(code) == 2
    return (territory(code) if is_country else term("province", code)).joined


def _shades(edition: Edition, table: str, column: str) -> dict[str, int]:
    """Five steps by the square root of papers, so that small units are told apart too."""
    frame = edition.tables[table]
    home = edition.country if column == "country" else ""
    told = {
        str(code): int(papers)
        for code, papers in zip(frame[column], frame["papers"], strict=True)
        if code != home
    }
    most = max(told.values(), default=0)
    return {
        code: max(1, math.ceil(_SHADES * math.sqrt(papers / most))) for code, papers in told.items()
    }


def _cities(edition: Edition, china: Ground) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Cities, most papers first, and the number of the city of each institution."""
    ranking = edition.tables["ranking"].set_index("institution_id")
    places = edition.tables["places"].dropna(subset=["latitude", "longitude"])
    grouped: dict[tuple[str, str], list[Mapping[Any, Any]]] = defaultdict(list)
    for row in places.to_dict("records"):
        grouped[row["city"], row["province"]].append(row)
    order = sorted(grouped.items(), key=lambda item: (-sum(r["papers"] for r in item[1]), item[0]))
    most = max((sum(r["papers"] for r in rows) for _, rows in order), default=1)
    cities, of_institution = [], {}
    for number, ((city, province), rows) in enumerate(order):
        x, y = china.place(float(rows[0]["longitude"]), float(rows[0]["latitude"]))
        papers = sum(int(row["papers"]) for row in rows)
        members = []
        for member in rows:
            institution = member["institution_id"]
            of_institution[institution] = number
            held = ranking.loc[institution]
            told = name(held["name_en"], held["name_zh"])
            members.append(
                [*_pair(told), int(member["papers"]), links.to_papers(institution=institution)]
            )
        where, zh = term("province", province), city_zh(city, province)
        told = name(f"{city}, {where.en}", zh if zh == where.zh else f"{where.zh} {zh}")
        cities.append(
            {
                "x": round(x, 1), "y": round(y, 1), "number": number,
                "r": round(max(2.5, _LARGEST * math.sqrt(papers / most)), 1),
                "name": told, "papers": count(papers), "institutions": count(len(rows)),
                "data": [*_pair(told), papers, members[:_LISTED], len(members)],
            }
        )  # fmt: skip
    return cities, of_institution


def _pair(text: Text) -> Pair:
    return [text.en, text.zh]


def _city_ties(edition: Edition, of_institution: Mapping[str, int]) -> list[tuple[int, int, int]]:
    """Pairs of cities with the papers of their pairs of institutions, most first."""
    ties = edition.tables["collaborations"]
    summed: Counter[tuple[int, int]] = Counter()
    for source, target, papers in zip(
        ties["source_id"], ties["target_id"], ties["papers"], strict=True
    ):
        a, b = of_institution.get(source), of_institution.get(target)
        if a is not None and b is not None and a != b:
            summed[min(a, b), max(a, b)] += int(papers)
    return sorted(
        ((a, b, papers) for (a, b), papers in summed.items()), key=lambda tie: (-tie[2], tie[:2])
    )


def _arc(cities: Sequence[Mapping[str, Any]], a: int, b: int, papers: int) -> dict[str, Any]:
    start, end = cities[a], cities[b]
    return {
        "d": _bow(start["x"], start["y"], end["x"], end["y"]),
        "papers": papers, "a": a, "b": b, "width": round(0.5 + math.log2(papers) * 0.5, 2),
        "name": f"{start['name'].joined} – {end['name'].joined}: {papers}",
    }  # fmt: skip


def _bow(x0: float, y0: float, x1: float, y1: float) -> str:
    """An arc that bends to its left by a sixth of its length."""
    middle_x, middle_y = (x0 + x1) / 2 + (y1 - y0) / 6, (y0 + y1) / 2 - (x1 - x0) / 6
    return f"M{x0:.1f} {y0:.1f}Q{middle_x:.1f} {middle_y:.1f} {x1:.1f} {y1:.1f}"


def _hub(edition: Edition, world: Ground) -> tuple[float, float]:
    x, y = world.centres.get(edition.country, (world.width / 2, world.height / 2))
    return round(x, 1), round(y, 1)


def _unplaced(edition: Edition, world: Ground) -> Text | None:
    """Countries with papers that no outline knows: told, since no arc shows them."""
    codes = [str(code) for code in edition.tables["countries"]["country"]]
    lost = [territory(code) for code in codes if code not in world.centres]
    if not lost:
        return None
    return say(
        "places_unplaced",
        names=Text(", ".join(t.en for t in lost), "、".join(t.zh for t in lost)),
    )


def _countries(edition: Edition, world: Ground) -> list[dict[str, Any]]:
    """Partner countries with an arc from the study's own."""
    partners: dict[str, list[list[Any]]] = defaultdict(list)
    table = edition.tables["partners"]
    for row in table.to_dict("records"):
        partners[str(row["country"])].append(
            [
                *_pair(name(row["name"])), int(row["papers"]),
                links.to_papers(institution=row["partner_id"]),
            ]
        )  # fmt: skip
    hub = _hub(edition, world)
    shown: list[dict[str, Any]] = []
    for code, papers in zip(
        edition.tables["countries"]["country"], edition.tables["countries"]["papers"], strict=True
    ):
        if code == edition.country or code not in world.centres:
            continue
        x, y = (round(value, 1) for value in world.centres[code])
        told = territory(code)
        held = partners.get(code, [])
        shown.append(
            {
                "number": len(shown), "x": x, "y": y, "d": _bow(*hub, x, y),
                "papers": int(papers), "count": count(int(papers)), "name": told,
                "width": round(0.6 + math.log2(int(papers)) * 0.45, 2),
                "institutions": count(len(held)),
                "data": [*_pair(told), int(papers), held[:_LISTED], len(held),
                         links.to_papers(country=code)],
            }
        )  # fmt: skip
    return shown
