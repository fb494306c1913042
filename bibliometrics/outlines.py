"""Outlines of provinces and countries, read from package data and laid on a plane.

China is drawn in Albers' equal-area conic projection (standard parallels 25° and 47°, centre 105° E
36° N), the world in the Equal Earth projection (Šavrič, Patterson & Jenny, 2018): areas compare.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Literal

from bibliometrics.edition import Ground

Borders = Literal["natural_earth", "official_chinese"]
Point = tuple[float, float]
Projection = Callable[[float, float], Point]

_A = (1.340264, -0.081106, 0.000893, 0.003796)
_THINNEST = 0.6
# The rest is margin: circles on the coast stay inside the picture.
_FILLED = 0.97
# Countries that the outlines know by no code of two letters.
_UNCODED = {"Taiwan": "TW", "Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}


@dataclass(frozen=True)
class Outline:
    """An area: its code or English name, and its rings as points of the plane (x right, y down)."""

    code: str
    rings: tuple[tuple[Point, ...], ...]


def albers(longitude: float, latitude: float) -> Point:
    """Degrees to the plane of the map of China; one unit is an earth radius."""
    first, second = math.radians(25), math.radians(47)
    n = (math.sin(first) + math.sin(second)) / 2
    c = math.cos(first) ** 2 + 2 * n * math.sin(first)
    rho0 = math.sqrt(c - 2 * n * math.sin(math.radians(36))) / n
    rho = math.sqrt(c - 2 * n * math.sin(math.radians(latitude))) / n
    theta = n * math.radians(longitude - 105)
    return rho * math.sin(theta), -(rho0 - rho * math.cos(theta))


def equal_earth(longitude: float, latitude: float) -> Point:
    """Degrees to the plane of the map of the world; one unit is an earth radius."""
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    a1, a2, a3, a4 = _A
    t2 = theta * theta
    t6 = t2**3
    slope = a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2)
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(theta) / (3 * slope)
    return x, -theta * (a1 + a2 * t2 + t6 * (a3 + a4 * t2))


def provinces(lay: Projection = albers) -> tuple[Outline, ...]:
    """The 34 province-level units of China under their English names in the registry."""
    outlines = _json("echarts4_china_provinces.json")
    found = []
    for feature in outlines["features"]:
        name = str(feature["properties"]["name"])
        geometry = feature["geometry"]
        parts = (
            [geometry["coordinates"]]
            if geometry["type"] == "Polygon"
            else (geometry["coordinates"])
        )
        offsets = geometry["encodeOffsets"]
        offsets = [offsets] if geometry["type"] == "Polygon" else offsets
        rings = [
            _decoded(text, start)
            for texts, starts in zip(parts, offsets, strict=True)
            for text, start in zip(texts, starts, strict=True)
        ]
        found.append(_outline(PROVINCES[name], rings, lay))
    return tuple(sorted(found, key=lambda outline: outline.code))


def countries(borders: Borders) -> tuple[Outline, ...]:
    """The countries of the world by ISO 3166 alpha-2 code; Antarctica is left out."""
    rings = _natural_earth() if borders == "natural_earth" else _official()
    return tuple(
        _outline(code, parts, equal_earth) for code, parts in sorted(rings.items()) if code != "AQ"
    )


def centres(outlines: Sequence[Outline]) -> dict[str, Point]:
    """The middle of each area's largest ring: where a tie to a country ends."""
    found = {}
    for outline in outlines:
        ring = max(outline.rings, key=lambda points: abs(_area(points)[0]), default=())
        if ring:
            area, x, y = _area(ring)
            found[outline.code] = (x, y) if area else ring[0]
    return found


def _area(points: Sequence[Point]) -> tuple[float, float, float]:
    """Signed area and centroid of a ring (the shoelace formula)."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(points, (*points[1:], points[0]), strict=True):
        cross = x0 * y1 - x1 * y0
        area += cross / 2
        x += (x0 + x1) * cross
        y += (y0 + y1) * cross
    return (area, x / (6 * area), y / (6 * area)) if area else (0.0, points[0][0], points[0][1])


def _outline(code: str, rings: Sequence[Sequence[Point]], lay: Projection) -> Outline:
    return Outline(code, tuple(tuple(lay(*point) for point in ring) for ring in rings))


def _json(name: str) -> dict[str, Any]:
    folder = resources.files("bibliometrics") / "data" / "geo"
    found: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return found


def _decoded(text: str, start: Sequence[int]) -> list[Point]:
    """A ring of the compressed outlines: zigzag differences in units of 1/1024 degree."""
    x, y = start
    points = []
    for place in range(0, len(text) - 1, 2):
        x += _zigzag(text[place])
        y += _zigzag(text[place + 1])
        points.append((x / 1024, y / 1024))
    return points


def _zigzag(character: str) -> int:
    value = ord(character) - 64
    return (value >> 1) ^ -(value & 1)


def _natural_earth() -> dict[str, list[list[Point]]]:
    world = _json("world_atlas_countries_110m.topo.json")
    (sx, sy), (tx, ty) = world["transform"]["scale"], world["transform"]["translate"]
    arcs: list[list[Point]] = []
    for arc in world["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    numbers = _numeric_codes()
    found: dict[str, list[list[Point]]] = {}
    for shape in world["objects"]["countries"]["geometries"]:
        code = numbers.get(str(shape.get("id", ""))) or _UNCODED[shape["properties"]["name"]]
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        found.setdefault(code, []).extend(
            [point for number in ring for point in _arc(arcs, number)]
            for polygon in polygons
            for ring in polygon
        )
    return found


def _arc(arcs: Sequence[list[Point]], number: int) -> Iterator[Point]:
    return iter(arcs[number]) if number >= 0 else reversed(arcs[~number])


def _numeric_codes() -> dict[str, str]:
    """ISO 3166 numeric → alpha-2, as the Chinese outlines give both."""
    features = _json("surbowl_world_zh.json")["features"]
    told = ((f["properties"].get("iso_n3"), f["properties"].get("iso_a2")) for f in features)
    return {str(number).zfill(3): str(code) for number, code in told if number and code}


def _official() -> dict[str, list[list[Point]]]:
    found: dict[str, list[list[Point]]] = {}
    for feature in _json("surbowl_world_zh.json")["features"]:
        properties, geometry = feature["properties"], feature["geometry"]
        # Areas that the source gives no code are drawn and never shaded.
        code = str(properties.get("iso_a2") or "-99")
        kind, parts = geometry["type"], geometry["coordinates"]
        if kind == "MultiPolygon":
            rings = [ring for polygon in parts for ring in polygon]
        else:
            rings = [parts] if kind == "LineString" else parts
        found.setdefault(code, []).extend([(p[0], p[1]) for p in ring] for ring in rings)
    return found


def path(rings: Sequence[Sequence[Point]], scale: Projection) -> str:
    """An SVG path of the rings, each thinned to what a screen can show."""
    pieces = []
    for ring in rings:
        drawn: list[Point] = []
        for point in ring:
            x, y = scale(*point)
            if not drawn or abs(x - drawn[-1][0]) + abs(y - drawn[-1][1]) >= _THINNEST:
                drawn.append((x, y))
        if len(drawn) > 2:
            pieces.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in drawn) + "Z")
    return "".join(pieces)


def fit(outlines: Sequence[Outline], width: float, height: float) -> Projection:
    """From the plane of ``outlines`` to a picture of that size, with its proportions kept."""
    points = [point for outline in outlines for ring in outline.rings for point in ring]
    low_x, low_y = (min(point[axis] for point in points) for axis in (0, 1))
    high_x, high_y = (max(point[axis] for point in points) for axis in (0, 1))
    scale = _FILLED * min(width / (high_x - low_x), height / (high_y - low_y))
    left = (width - scale * (high_x - low_x)) / 2
    top = (height - scale * (high_y - low_y)) / 2
    return lambda x, y: (left + scale * (x - low_x), top + scale * (y - low_y))


def china() -> Ground:
    """The map of China by province."""
    return _ground(provinces(), albers, 1000, 760)


def world(borders: Borders) -> Ground:
    """The map of the world; what its outlines are too coarse for, or do not tell apart, still has
    its middle: small countries, and Hong Kong, Macao and Taiwan."""
    drawn = countries(borders)
    ground = _ground(drawn, equal_earth, 1000, 500)
    scale = fit(drawn, 1000, 500)
    finer = centres(countries("official_chinese"))
    finer |= {code: at for code, at in centres(provinces(equal_earth)).items() if len(code) == 2}
    small = {code: scale(*at) for code, at in finer.items() if code not in ground.centres}
    return replace(ground, centres={**small, **ground.centres})


def _ground(drawn: Sequence[Outline], lay: Projection, width: int, height: int) -> Ground:
    scale = fit(drawn, width, height)
    return Ground(
        width,
        height,
        tuple((outline.code, path(outline.rings, scale)) for outline in drawn),
        {code: scale(*point) for code, point in centres(drawn).items()},
        lambda longitude, latitude: scale(*lay(longitude, latitude)),
    )


PROVINCES = {
    "台湾": "TW", "河北": "Hebei", "山西": "Shanxi", "内蒙古": "Inner Mongolia",
    "辽宁": "Liaoning", "吉林": "Jilin", "黑龙江": "Heilongjiang", "江苏": "Jiangsu",
    "浙江": "Zhejiang", "安徽": "Anhui", "福建": "Fujian", "江西": "Jiangxi",
    "山东": "Shandong", "河南": "Henan", "湖北": "Hubei", "湖南": "Hunan",
    "广东": "Guangdong", "广西": "Guangxi", "海南": "Hainan", "四川": "Sichuan",
    "贵州": "Guizhou", "云南": "Yunnan", "西藏": "Tibet", "陕西": "Shaanxi",
    "甘肃": "Gansu", "青海": "Qinghai", "宁夏": "Ningxia", "新疆": "Xinjiang",
    "北京": "Beijing", "天津": "Tianjin", "上海": "Shanghai", "重庆": "Chongqing",
    "香港": "HK", "澳门": "MO",
}  # fmt: skip
