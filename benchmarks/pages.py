"""Load and first draw of the map page beside plain pyvis, in one run, in headless Chromium.

    PYTHONPATH=. python benchmarks/pages.py --sizes 100 1000 3000

The network is made up: twenty ties a node, positions given. Plain pyvis is what a user writes with the
same nodes and ties: once as it comes (its layout runs in the browser) and once with the positions
given and physics off. First draw is the first circle on a canvas; a page that has drawn nothing
within the limit is printed as more than it.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from pyvis.network import Network

from bibliometrics import schema
from bibliometrics.edition import Edition
from bibliometrics.presentation.maps import render_map

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from pages_fixture import COUNTED, empty_edition, frame

TIES_A_NODE, LIMIT, YEARS = 20, 60, range(2015, 2020)
_WATCH = """
for (const name of ["arc", "ellipse"]) {
  const own = CanvasRenderingContext2D.prototype[name];
  CanvasRenderingContext2D.prototype[name] = function (...given) {
    if (window.firstDraw === undefined) { window.firstDraw = performance.now(); }
    return own.apply(this, given);
  };
}
"""


def made_up(size: int) -> Edition:
    """An edition of ``size`` domestic nodes and twenty ties each, every second in the backbone."""
    dice = random.Random(size)
    ids = [f"n{number:05}" for number in range(size)]
    nodes = [
        {
            **COUNTED, "institution_id": own, "name_en": f"University {place}",
            "scope": "domestic", "kind": "university", "country": "CN",
            "papers": 1 + 9000 // (1 + place), "partners": 40, "community": place % 12 + 1,
            "x": dice.random(), "y": dice.random(),
        }
        for place, own in enumerate(ids)
    ]  # fmt: skip
    pairs: set[tuple[str, str]] = set()
    while len(pairs) < min(size * TIES_A_NODE, size * (size - 1) // 4):
        a, b = sorted(dice.sample(ids, 2))
        pairs.add((a, b))
    ties = [
        {
            **COUNTED, "source_id": a, "target_id": b, "source_name": a, "target_name": b,
            "scope": "domestic", "papers": 5, "weight_fractional": 5 * dice.random(),
        }
        for a, b in sorted(pairs)
    ]  # fmt: skip
    tables = {
        "nodes": frame(schema.NODES, nodes),
        "collaborations": frame(schema.COLLABORATIONS, ties),
        "collaborations_by_year": frame(
            schema.COLLABORATIONS_BY_YEAR,
            [
                {**tie, "year": year, "papers": 1, "weight_fractional": 0.5}
                for tie in ties
                for year in YEARS
            ],
        ),
        "backbone": frame(schema.BACKBONE, [{**tie, "is_drawn": "yes"} for tie in ties[::10]]),
    }
    edition = empty_edition(papers=10000)
    return empty_edition(papers=10000, tables={**edition.tables, **tables})


def plain(edition: Edition, has_layout: bool) -> str:
    """The page that pyvis makes of the same nodes and ties, everything in it."""
    network = Network(cdn_resources="in_line")
    for row in edition.tables["nodes"].itertuples():
        place = {"x": row.x * 1600, "y": row.y * 1060, "physics": False} if has_layout else {}
        network.add_node(row.institution_id, label=row.name_en, size=8, **place)
    for row in edition.tables["collaborations"].itertuples():
        network.add_edge(row.source_id, row.target_id, width=1)
    if has_layout:
        network.toggle_physics(False)
    return str(network.generate_html())


def measured(browser: Browser, path: Path) -> tuple[float, float]:
    """Seconds to the load event and to the first draw; infinite where nothing is drawn."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(_WATCH)
    page.goto(path.as_uri(), wait_until="commit")
    # Asked again and again: waiting inside the page needs eval, which our page's policy forbids.
    asked = "[performance.getEntriesByType('navigation')[0].loadEventEnd, window.firstDraw || 0]"
    until = time.monotonic() + LIMIT
    load = drawn = 0.0
    while not (load and drawn) and time.monotonic() < until:
        time.sleep(0.05)
        load, drawn = page.evaluate(asked)
    page.close()
    if not (load and drawn):
        load = drawn = float("inf")
    return load / 1000, drawn / 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 3000])
    given = parser.parse_args()
    chromium = shutil.which("chromium")
    print(f"{'nodes':>6}{'ties':>8}  {'page':<22}{'MB':>6}{'load s':>9}{'draw s':>9}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for size in given.sizes:
            edition = made_up(size)
            texts = {
                "map.html": render_map(edition),
                "pyvis, places given": plain(edition, has_layout=True),
                "pyvis as it comes": plain(edition, has_layout=False),
            }
            own = 0.0
            for name, text in texts.items():
                path = Path(folder) / "page.html"
                path.write_text(text, encoding="utf-8")
                load, drawn = measured(browser, path)
                own = own or drawn
                told = [
                    f"{v:9.2f}" if v < LIMIT else f"{'>' + str(LIMIT):>9}" for v in (load, drawn)
                ]
                ratio = (
                    f"{drawn / own:8.1f}"
                    if drawn < LIMIT
                    else f"{'>' + str(round(LIMIT / own)):>8}"
                )
                ties = len(edition.tables["collaborations"])
                print(
                    f"{size:6}{ties:8}  {name:<22}{len(text.encode()) / 1e6:6.1f}{told[0]}{told[1]}{ratio}"
                )
        browser.close()


if __name__ == "__main__":
    main()
