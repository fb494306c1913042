"""The map's switches in a real browser: colour, weight, years, backbone, ties, saved pictures."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from bibliometrics import schema
from bibliometrics.edition import Edition
from bibliometrics.presentation import maps
from browsing import NARROW, WIDE, accessibility, browser, needs_chromium, visit
from pages_fixture import hostile_edition, made_up_edition

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = needs_chromium
__all__ = ["browser", "visit"]  # fixtures
SVG = "{http://www.w3.org/2000/svg}"


def by_year(edition: Edition) -> Edition:
    """Each tie's papers over 2017 to 2019, and every second domestic tie in the backbone."""
    ties = edition.tables["collaborations"]
    years = []
    for row in ties.to_dict("records"):
        parts = [row["papers"] // 2, row["papers"] // 4]
        for year, papers in zip(
            (2019, 2018, 2017), (*parts, row["papers"] - sum(parts)), strict=True
        ):
            if papers:
                part = papers / row["papers"] * row["weight_fractional"]
                years.append({**row, "year": year, "papers": papers, "weight_fractional": part})
    kept = ties[ties["scope"] == "domestic"].iloc[::2].assign(is_drawn="yes")
    tables = {
        "collaborations_by_year": schema.conform(
            pd.DataFrame(years)[list(schema.COLLABORATIONS_BY_YEAR.column_names)],
            schema.COLLABORATIONS_BY_YEAR,
        ),
        "backbone": schema.conform(
            kept.reindex(columns=schema.BACKBONE.column_names), schema.BACKBONE
        ),
    }
    return replace(edition, tables={**edition.tables, **tables})


@pytest.fixture(scope="module")
def edition() -> Edition:
    return by_year(made_up_edition())


@pytest.fixture(scope="module")
def pages(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("maps")
    texts = {
        "full": maps.render_map(edition),
        "hostile": maps.render_map(by_year(hostile_edition())),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maps, "MANY_NODES", 100)
        texts["large"] = maps.render_map(edition)
    for name, text in texts.items():
        (folder / f"{name}.html").write_bytes(text.encode())
    return folder


def shown(page: sync_api.Page) -> int:
    return page.evaluate("bibliometricsMap.edges.length")


def papers_in_sight(page: sync_api.Page) -> int:
    return page.evaluate(
        "bibliometricsMap.edges.getIds().reduce((n, id) => n + bibliometricsMap.tieAt(id)[0], 0)"
    )


def strongest_tie(page: sync_api.Page) -> tuple[float, float]:
    """The strongest tie alone and in the middle; where on the page to click it."""
    page.locator("#least").fill("199")
    spot = page.evaluate(
        """() => { const m = bibliometricsMap, e = m.edges.get()[0];
        const a = m.network.getPosition(e.from), b = m.network.getPosition(e.to);
        m.network.moveTo({ position: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, scale: 4, animation: false });
        return m.network.canvasToDOM({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }); }"""
    )
    box = page.locator("#map").bounding_box()
    return box["x"] + spot["x"], box["y"] + spot["y"]


def fill_of(page: sync_api.Page, index: int) -> str:
    return page.evaluate(f"bibliometricsMap.nodes.get({index}).color.background")


def test_colour_by_country_sets_all_nodes_of_a_country_alike(visit, edition):
    page = visit("full")
    assert fill_of(page, 0) != fill_of(page, 1)
    page.get_by_label("country or region").check()
    assert fill_of(page, 0) == fill_of(page, 1)
    foreign = list(edition.tables["nodes"]["country"]).index("US")
    assert fill_of(page, foreign) != fill_of(page, 0)
    assert page.locator("#by-country").is_visible() and page.locator("#by-community").is_hidden()
    assert "China" in page.locator("#by-country").inner_text()
    page.get_by_label("community", exact=False).first.check()
    assert fill_of(page, 0) != fill_of(page, 1)


def test_full_weights_order_ties_by_papers(visit, edition):
    page = visit("full")
    assert page.locator("[name=weight][value=fractional]").is_checked()
    page.get_by_label("full: papers together").check()
    page.locator("#least").fill("199")
    strongest = page.evaluate("bibliometricsMap.tieAt(bibliometricsMap.edges.getIds()[0])[0]")
    assert strongest == edition.tables["collaborations"]["papers"].max()
    assert page.locator("#least-value").inner_text() == str(strongest)


def test_the_years_recount_the_ties(visit, edition):
    page = visit("full")
    page.locator("#least").fill("0")
    table = edition.tables["collaborations_by_year"]
    assert papers_in_sight(page) == edition.tables["collaborations"]["papers"].sum()
    page.locator("#first-year").select_option("2019")
    assert papers_in_sight(page) == table.loc[table["year"] == 2019, "papers"].sum()
    assert shown(page) == (table["year"] == 2019).sum()
    page.locator("#first-year").select_option("2018")
    assert papers_in_sight(page) == table.loc[table["year"] >= 2018, "papers"].sum()
    page.locator("#last-year").select_option("2017")
    assert shown(page) == 0
    assert "lies after the last" in page.locator("#years-wrong").inner_text()
    page.locator("#last-year").select_option("2019")
    page.locator("#first-year").select_option("2017")
    assert papers_in_sight(page) == edition.tables["collaborations"]["papers"].sum()


def test_a_click_on_a_tie_tells_its_papers_and_leads_to_them(visit, edition):
    page = visit("full", reduced_motion="reduce")
    at = strongest_tie(page)
    page.mouse.click(*at)
    page.wait_for_selector("#tie:visible")
    strongest = edition.tables["collaborations"].nlargest(1, "weight_fractional").iloc[0]
    assert page.locator("#tie-papers").inner_text() == str(strongest["papers"])
    link = page.locator("#tie-link").get_attribute("href")
    assert link.startswith("evidence/index.html#institution=")
    ends = set(re.findall(r"(?:institution|with)=([^&]+)", link))
    assert ends == {strongest["source_id"], strongest["target_id"]}
    assert "2019:" in page.locator("#tie-years").inner_text()
    page.locator("#first-year").select_option("2019")
    assert page.locator("#tie-link").get_attribute("href") == f"{link}&year=2019"
    page.locator("#first-year").select_option("2018")
    assert page.locator("#tie-link").get_attribute("href") == f"{link}&year=2018-2019"
    page.keyboard.press("Escape")
    assert page.locator("#tie").is_hidden()


def test_the_panel_leads_to_the_papers_and_says_where_the_folder_is_missing(browser, pages):
    # Not by visit: the picture that is asked for is missing, and that is what is tested.
    page = browser.new_context(offline=True, reduced_motion="reduce", locale="en-GB").new_page()
    page.goto((pages / "full.html").as_uri())
    page.locator("#search").fill("tsinghua")
    page.locator("#search").press("Enter")
    assert (
        page.locator("#panel-link").get_attribute("href")
        == "evidence/index.html#institution=tsinghua-university"
    )
    partner = page.locator("#panel-top a").first
    assert "institution=tsinghua-university&with=" in partner.get_attribute("href")
    page.locator("#panel-link").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#evidence-missing[open]")
    page.context.close()


def test_a_large_network_opens_with_its_backbone_and_says_so(visit, edition):
    page = visit("large")
    kept = (edition.tables["backbone"]["is_drawn"] == "yes").sum()
    assert page.locator("#backbone").is_checked()
    assert shown(page) == kept
    assert "More than 100 nodes" in page.locator(".side").inner_text()
    page.locator("#backbone").uncheck()
    assert shown(page) == len(edition.tables["collaborations"])
    small = visit("full")
    assert not small.locator("#backbone").is_checked()
    small.locator("#backbone").check()
    assert 0 < shown(small) <= kept


def test_the_picture_is_saved_as_png(visit, tmp_path):
    page = visit("full")
    page.wait_for_timeout(300)
    with page.expect_download() as saved:
        page.locator("#save-png").click()
    path = tmp_path / "map.png"
    saved.value.save_as(path)
    assert saved.value.suggested_filename == "map.png"
    from matplotlib.image import imread

    pixels = imread(path)
    box = page.locator("#map canvas").bounding_box()
    assert pixels.shape[1] == round(box["width"]) and pixels.shape[0] == round(box["height"]) + 26
    assert len({tuple(p) for p in pixels[::9, ::9].reshape(-1, pixels.shape[2])}) > 50


@pytest.mark.parametrize("name", ["full", "hostile"])
def test_the_picture_is_saved_as_svg_of_what_is_shown(visit, tmp_path, name):
    page = visit(name)
    page.get_by_label("country or region").check()
    page.get_by_label("full: papers together").check()
    with page.expect_download() as saved:
        page.locator("#save-svg").click()
    path = tmp_path / "map.svg"
    saved.value.save_as(path)
    root = ET.parse(path).getroot()
    assert len(root.findall(f".//{SVG}line")) == shown(page) > 0
    nodes = [*root.iter(f"{SVG}circle"), *root.iter(f"{SVG}polygon")]
    assert len(nodes) == page.evaluate("bibliometricsMap.nodes.length")
    names = [float(text.get("font-size")) for text in root.iter(f"{SVG}text")]
    assert 5 < len(names) < 60 and max(names) <= 17
    allowed = {
        f"{SVG}{tag}" for tag in ["svg", "g", "rect", "line", "circle", "polygon", "title", "text"]
    }
    assert {element.tag for element in root.iter()} <= allowed
    assert "SIMULATED" in "".join(root.itertext())


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_of_accessibility_with_a_panel_open(visit, viewport, scheme):
    page = visit("full", viewport, reduced_motion="reduce", color_scheme=scheme)
    page.evaluate("bibliometricsMap.go(0)")
    page.get_by_label("country or region").check()
    assert accessibility(page) == []
    page.evaluate("bibliometricsMap.openTie(0)")
    assert accessibility(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= viewport["width"]


def scale(page: sync_api.Page) -> float:
    return page.evaluate("bibliometricsMap.network.getScale()")


def test_zoom_by_its_buttons_with_the_keyboard(visit):
    page = visit("full", reduced_motion="reduce")
    whole = scale(page)
    page.locator("#zoom-in").press("Enter")
    assert scale(page) == pytest.approx(whole * 1.4)
    page.locator("#zoom-out").press("Enter")
    page.locator("#zoom-out").press("Enter")
    assert scale(page) == pytest.approx(whole / 1.4)
    page.locator("#zoom-all").press("Enter")
    everything = scale(page)
    page.locator("#zoom-in").press("Enter")
    page.locator("#zoom-in").press("Enter")
    page.locator("#zoom-all").press("Enter")
    assert scale(page) == pytest.approx(everything, rel=0.1)  # names are fitted in too
    box = page.locator("#map").bounding_box()
    places = page.evaluate(
        """bibliometricsMap.nodes.getIds().map(id =>
        bibliometricsMap.network.canvasToDOM(bibliometricsMap.network.getPosition(id)))"""
    )
    assert all(
        0 <= spot["x"] <= box["width"] and 0 <= spot["y"] <= box["height"] for spot in places
    )


def test_a_tie_leads_to_both_ends_and_panels_close_by_their_buttons(visit):
    page = visit("full", reduced_motion="reduce")
    at = strongest_tie(page)
    for end in ("#tie-from", "#tie-to"):
        page.mouse.click(*at)
        page.wait_for_selector("#tie:visible")
        named = page.locator(end).inner_text()
        view = page.evaluate("bibliometricsMap.network.getViewPosition()")
        size = scale(page)
        page.locator(end).press("Enter")
        page.wait_for_selector("#panel:visible")
        assert page.locator("#tie").is_hidden()
        assert page.locator("#panel-en").inner_text() == named
        page.locator("#close").press("Enter")
        assert page.locator("#panel").is_hidden()
        assert page.evaluate("document.activeElement.id") == "search"
        page.evaluate(
            "([position, scale]) => bibliometricsMap.network.moveTo({ position, scale, animation: false })",
            [view, size],
        )
    page.mouse.click(*at)
    page.wait_for_selector("#tie:visible")
    page.locator("#tie-close").press("Enter")
    assert page.locator("#tie").is_hidden()
    assert page.evaluate("document.activeElement.id") == "search"
