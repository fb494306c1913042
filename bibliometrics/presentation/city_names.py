"""Chinese names of Chinese cities, from the spellings that addresses are read by."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources

# Two cities of one spelling: the province tells which.
_OF_ONE_SPELLING = {
    ("Fuzhou", "Fujian"): "福州", ("Fuzhou", "Jiangxi"): "抚州",
    ("Suzhou", "Jiangsu"): "苏州", ("Suzhou", "Anhui"): "宿州",
    ("Taizhou", "Jiangsu"): "泰州", ("Taizhou", "Zhejiang"): "台州",
    ("Yulin", "Guangxi"): "玉林", ("Yulin", "Shaanxi"): "榆林",
}  # fmt: skip
_SEVERAL = {city for city, _ in _OF_ONE_SPELLING}


def city_zh(city: str, province: str) -> str:
    """The Chinese name of a city; its Latin one where none is known for certain."""
    if city in _SEVERAL:
        return _OF_ONE_SPELLING.get((city, province), city)
    return _names().get(_plain(city), city)


def _plain(city: str) -> str:
    return city.casefold().replace("'", "")


@cache
def _names() -> dict[str, str]:
    table = resources.files("bibliometrics") / "data" / "registry" / "place_names.csv"
    told: dict[str, set[str]] = {}
    for row in csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"), newline="")):
        if row["kind"] == "city":
            told.setdefault(_plain(row["name"]), set()).add(row["spelling"])
    return {name: next(iter(spellings)) for name, spellings in told.items() if len(spellings) == 1}
