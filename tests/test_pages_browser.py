"""The pages in a real browser without a network: every control works, and nothing is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bibliometrics.edition import Edition
from bibliometrics.presentation.maps import render_map
from bibliometrics.presentation.report import render_report
from browsing import NARROW, WIDE, browser, needs_chromium, visit
from pages_fixture import empty_edition, hostile_edition, made_up_edition

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = needs_chromium
__all__ = ["browser", "visit"]  # fixtures

EDITIONS: dict[str, Callable[[], Edition]] = {
    "full": made_up_edition,
    "empty": empty_edition,
    "hostile": hostile_edition,
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, make in EDITIONS.items():
        edition = make()
        for kind, text in (("report", render_report(edition)), ("map", render_map(edition))):
            path = folder / f"{name}-{kind}.html"
            with path.open("w", encoding="utf-8", newline="") as file:
                file.write(text)
    return folder


def shown_rows(page: sync_api.Page, table: str = "#group-1") -> list[str]:
    rows = page.locator(f"{table} table.ranking tbody tr:visible th .nm span[lang=en]")
    return rows.all_inner_texts()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("kind", ["report", "map"])
@pytest.mark.parametrize("name", EDITIONS)
def test_pages_load_quietly_and_fit_the_screen(visit, name, kind, viewport):
    page = visit(f"{name}-{kind}", viewport)
    page.wait_for_timeout(150)
    for language in ("English", "中文"):
        page.get_by_text(language, exact=True).click()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], language


@pytest.mark.parametrize("kind", ["report", "map"])
def test_the_language_switch_works_and_stays(visit, kind):
    page = visit(f"full-{kind}")
    banner = page.locator(".banner small")
    assert "made by a generator" in banner.inner_text()
    page.get_by_text("中文", exact=True).click()
    assert banner.inner_text().startswith("本页所有论文")
    page.reload()
    assert banner.inner_text().startswith("本页所有论文")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.get_by_text("English", exact=True).click()
    assert "made by a generator" in banner.inner_text()


def test_a_chinese_browser_starts_in_chinese(visit):
    page = visit("full-report", locale="zh-CN")
    assert "居首" in page.locator("#answer").inner_text()
    assert "leads with" not in page.locator("#answer").inner_text()


def test_without_script_everything_is_readable_and_the_switch_still_works(visit):
    page = visit("full-report", java_script_enabled=False)
    assert len(shown_rows(page)) == 117
    assert page.locator(".tools").is_hidden()
    assert "居首" not in page.locator("#answer").inner_text()
    page.locator("label[for=language-zh]").click()
    assert "居首" in page.locator("#answer").inner_text()


def test_sorting_by_a_column_and_back(visit):
    page = visit("full-report")
    before = shown_rows(page)
    heading = page.locator("#group-1 thead th").nth(7).get_by_role("button")
    heading.click()
    assert page.locator("#group-1 th[aria-sort=descending]").count() == 1
    ratios = page.locator("#group-1 tbody tr td:nth-child(8)").evaluate_all(
        "cells => cells.map(cell => Number(cell.dataset.v))"
    )
    assert ratios == sorted(ratios, reverse=True) and ratios != ratios[::-1]
    heading.press("Enter")
    assert page.locator("#group-1 th[aria-sort=ascending]").count() == 1
    page.locator("#group-1 thead th").first.get_by_role("button").click()
    assert shown_rows(page) == before


@pytest.mark.parametrize("typed", ["tsinghua", "清华"])
def test_searching_in_both_scripts(visit, typed):
    page = visit("full-report")
    page.locator("#search").fill(typed)
    assert shown_rows(page) == ["Tsinghua University"]
    assert page.locator("[data-shown]").first.inner_text() == "1"
    page.locator("#search").fill("")
    assert len(shown_rows(page)) == 25
    page.locator("#group-1").get_by_role("button", name="Show all 117 rows").click()
    assert len(shown_rows(page)) == 117


def test_filtering_by_province_together_with_a_search(visit):
    page = visit("full-report")
    page.locator("#province").select_option("Heilongjiang")
    found = shown_rows(page)
    assert "Harbin Institute of Technology" in found and "Tsinghua University" not in found
    page.locator("#search").fill("engineering")
    assert shown_rows(page) == ["Harbin Engineering University"]


def test_printing_drops_the_controls_and_keeps_the_warning(visit):
    page = visit("full-report")
    page.emulate_media(media="print")
    assert page.locator(".tools").is_hidden() and page.locator(".language").is_hidden()
    assert page.locator(".banner").is_visible()
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF") and len(pdf) > 50_000


def edges_shown(page: sync_api.Page) -> int:
    text = page.locator("#edges-shown").inner_text()
    return int(re.match(r"[\d,]+", text)[0].replace(",", ""))


def colours_on_canvas(page: sync_api.Page) -> int:
    """Distinct colours among a sample of the canvas's pixels."""
    return page.evaluate(
        """() => { const canvas = document.querySelector('#map canvas');
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        const seen = new Set();
        for (let i = 0; i < pixels.length; i += 4 * 7) {
          if (pixels[i + 3]) { seen.add(pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2]); } }
        return seen.size; }"""
    )


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_draws(visit, viewport, scheme):
    page = visit("full-map", viewport, color_scheme=scheme)
    page.wait_for_timeout(300)
    assert colours_on_canvas(page) > 50


def test_search_goes_to_the_node_and_opens_its_panel(visit):
    page = visit("full-map", reduced_motion="reduce")
    before = page.evaluate("bibliometricsMap.network.getScale()")
    page.locator("#search").fill("清华大学")
    assert page.locator("#found button").count() >= 1
    page.locator("#search").press("Enter")
    assert page.evaluate("bibliometricsMap.network.getScale()") > before * 1.5
    place = page.evaluate(
        "bibliometricsMap.network.getPosition(bibliometricsMap.network.getSelectedNodes()[0])"
    )
    centre = page.evaluate("bibliometricsMap.network.getViewPosition()")
    assert abs(place["x"] - centre["x"]) < 1 and abs(place["y"] - centre["y"]) < 1
    assert page.locator("#panel-en").inner_text() == "Tsinghua University"
    assert page.locator("#panel-zh").inner_text() == "清华大学"
    page.locator("#search").fill("no such place")
    assert page.locator("#found").inner_text() == "Nothing found."


def test_the_slider_and_the_switches_take_ties_away(visit):
    page = visit("full-map")
    first = edges_shown(page)
    page.locator("#least").fill("0")
    everything = edges_shown(page)
    assert everything > first
    page.locator("#least").focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    fewer = edges_shown(page)
    assert 0 < fewer < everything
    page.locator("[data-scope='1']").uncheck()
    domestic = edges_shown(page)
    assert domestic < fewer
    page.locator("[data-scope='0']").uncheck()
    page.locator("[data-scope='2']").uncheck()
    assert edges_shown(page) == 0 == page.evaluate("bibliometricsMap.edges.length")


def test_the_panel_by_keyboard_alone(visit):
    page = visit("full-map", reduced_motion="reduce")
    page.locator("#search").focus()
    page.keyboard.type("peking university")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    assert panel.is_visible()
    assert page.locator("#panel-papers").inner_text() == "370"
    partners = page.locator("#panel-top button")
    assert 0 < partners.count() <= 10
    name = partners.first.inner_text()
    partners.first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#panel-en").inner_text() == name
    page.keyboard.press("Escape")
    assert panel.is_hidden()


def test_a_click_on_a_node_opens_its_panel_and_elsewhere_closes_it(visit):
    page = visit("full-map")
    box = page.locator("#map").bounding_box()
    spot = page.evaluate(
        "bibliometricsMap.network.canvasToDOM(bibliometricsMap.network.getPosition(0))"
    )
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    page.wait_for_selector("#panel:visible")
    assert page.locator("#panel-en").inner_text() == "Peking University"
    page.mouse.click(box["x"] + box["width"] - 4, box["y"] + 4)
    page.wait_for_selector("#panel", state="hidden")


def test_names_on_the_map_follow_the_language(visit):
    page = visit("full-map")
    label = "bibliometricsMap.nodes.get(0).label"
    assert page.evaluate(label) == "Peking University"
    page.get_by_text("中文", exact=True).click()
    assert page.evaluate(label) == "北京大学"


def test_arrow_keys_move_the_map(visit):
    page = visit("full-map")
    page.locator("#map .vis-network").focus()
    before = page.evaluate("bibliometricsMap.network.getViewPosition().x")
    page.keyboard.down("ArrowRight")
    page.wait_for_timeout(200)
    page.keyboard.up("ArrowRight")
    assert page.evaluate("bibliometricsMap.network.getViewPosition().x") != before


def test_names_at_first_sight_do_not_lie_on_one_another(visit):
    """The names large enough to be drawn at the first scale are few and apart."""
    page = visit("full-map")
    seen = page.evaluate(
        """() => { const map = bibliometricsMap, scale = map.network.getScale();
        return map.nodes.get().filter(n => n.font.size * scale > 9).length; }"""
    )
    assert 8 <= seen <= 40


def test_hostile_names_are_text(visit):
    page = visit("hostile-map", reduced_motion="reduce")
    page.locator("#search").fill("alert(1)")
    page.locator("#search").press("Enter")
    assert "<script>alert(1)</script>" in page.locator("#panel-en").inner_text()
    assert page.locator("#panel img").count() == 0
    report = visit("hostile-report")
    report.locator("#search").fill("<script>")
    assert len(shown_rows(report)) > 0
    assert report.locator("main img").count() == 0
