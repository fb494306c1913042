"""The geographic map: outlines where the places are, cities with their institutions, in a browser."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bibliometrics import outlines
from bibliometrics.editions import making as editions
from bibliometrics.pipeline import Plan, open_inputs
from bibliometrics.study.file import load_study
from bibliometrics.study.model import Study
from browsing import Open, accessibility, browser, needs_chromium, visit
from comparison_fixture import FUDAN, HARBIN, TSINGHUA, paper
from conftest import HEADER, ROOT, WriteExport

__all__ = ["browser", "visit"]

PARIS = "Department of Physics, University of Northfield, Northfield, France"
HOSTILE = "Laboratory of </script><b onmouseover=alert(1)>, University of Ill Will, Paris, France"


def inside(point: tuple[float, float], ring: tuple[tuple[float, float], ...]) -> bool:
    """By the even–odd rule."""
    x, y = point
    found = False
    for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            found = not found
    return found


@pytest.mark.parametrize(
    ("city", "province", "longitude", "latitude"),
    [
        ("Beijing", "Beijing", 116.39, 39.91), ("Harbin", "Heilongjiang", 126.65, 45.75),
        ("Urumqi", "Xinjiang", 87.6, 43.8), ("Guangzhou", "Guangdong", 113.25, 23.12),
        ("Taipei", "TW", 121.53, 25.05), ("Lhasa", "Tibet", 91.1, 29.65),
    ],
)  # fmt: skip
def test_a_city_lies_in_its_province(
    city: str, province: str, longitude: float, latitude: float
) -> None:
    point = outlines.albers(longitude, latitude)
    holds = [o.code for o in outlines.provinces() if any(inside(point, ring) for ring in o.rings)]
    assert holds == [province], city


@pytest.mark.parametrize("borders", ["natural_earth", "official_chinese"])
def test_a_capital_lies_in_its_country(borders: outlines.Borders) -> None:
    drawn = outlines.countries(borders)
    for code, longitude, latitude in [
        ("FR", 2.35, 48.85),
        ("US", -77.0, 38.9),
        ("BR", -47.9, -15.8),
    ]:
        point = outlines.equal_earth(longitude, latitude)
        assert [o.code for o in drawn if any(inside(point, r) for r in o.rings)] == [code]


def test_the_choice_of_borders_decides_whether_taiwan_is_apart() -> None:
    assert "TW" in {o.code for o in outlines.countries("natural_earth")}
    assert "TW" not in {o.code for o in outlines.countries("official_chinese")}
    # A tie to a place too small for the outlines still has an end.
    for borders in ("natural_earth", "official_chinese"):
        assert {"SG", "HK", "MO", "TW"} <= set(outlines.world(borders).centres)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("places")
    rows = [
        paper(1, TSINGHUA, HARBIN), paper(2, TSINGHUA, FUDAN), paper(3, TSINGHUA, HARBIN),
        paper(4, FUDAN, PARIS), paper(5, HARBIN, HOSTILE),
    ]  # fmt: skip
    export = folder / "export.csv"
    with export.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    study = load_study(ROOT / "queries" / "cingai-2020.toml")
    made = editions.run(Plan(study, "e", open_inputs([export])), folder / "out")
    return made.folder


def test_the_tables_place_every_institution(
    flagship: Study, write_export: WriteExport, tmp_path: Path
) -> None:
    rows = [paper(1, TSINGHUA, HARBIN), paper(4, FUDAN, PARIS)]
    plan = Plan(flagship, "e", open_inputs([write_export(rows)]))
    tables = editions.run(plan, tmp_path / "out").made.edition.tables
    placed = tables["places"].set_index("institution_id")
    assert placed["city"].to_dict() == {
        "tsinghua-university": "Beijing", "harbin-institute-of-technology": "Harbin",
        "fudan-university": "Shanghai",
    }  # fmt: skip
    assert placed["latitude"].between(30, 46).all()
    ties = tables["country_ties"][["institution_id", "country", "papers"]].to_numpy().tolist()
    assert ties == [["fudan-university", "FR", 1]]


@needs_chromium
def test_every_control_works_by_mouse_and_keyboard_and_nothing_runs(
    visit: Open, pages: Path
) -> None:
    page = visit("places")
    page.locator("#china .city").first.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    assert "Tsinghua University" in panel.inner_text()
    link = panel.locator("a").first.get_attribute("href")
    assert link is not None
    assert link.startswith("evidence/index.html#")
    assert page.locator("#china .arc.on").count() == 2
    page.locator("#least").focus()
    page.keyboard.press("End")
    assert page.locator("#china .arc:not(.off)").count() == 1
    page.keyboard.press("Home")
    before = page.locator("#china svg").get_attribute("viewBox")
    page.locator("#in").click()
    assert page.locator("#china svg").get_attribute("viewBox") != before
    page.locator("#out").click()
    page.get_by_role("radio", name="World").check()
    assert page.locator("#world").is_visible()
    page.locator("#world .city").first.press("Enter")
    assert "France" in panel.inner_text()
    page.get_by_text("中文", exact=True).click()
    assert "法国" in panel.inner_text()
    page.locator("summary").click()
    page.locator(".of-china button").nth(1).click()
    assert page.locator("#china").is_visible()
    assert accessibility(page) == []
    assert "<b onmouseover" not in (pages / "places.html").read_text(encoding="utf-8")
