"""Load and first draw of the map page beside plain pyvis and a page in VOSviewer's manner, in one run.

    PYTHONPATH=. python benchmarks/pages.py --sizes 100 1000 3000 --turns 3

The network is made up: twenty ties a node, positions given. ``map.html`` shows the
600 strongest ties first, past 2,000 nodes the backbone. Beside it stand

- the same page made to show all the ties it holds at once (20,000 at most), as plain pyvis does;
- plain pyvis, what a user writes with the same nodes and ties: with the positions given and physics
  off, and as it comes (its layout runs in the browser);
- a page drawn the way VOSviewer Online draws by default, written for this comparison because that
  program is a service and no package: one canvas, circles by size, names of a size that follows the
  circle's and left out where they would overlap, and the thousand strongest ties as curves. No
  library, no panel, no search, no links: it is about the least that a page of this kind can do.

First draw is the end of the task in which the first circle was drawn on a canvas, told by the page
itself: asking a busy page would wait until it answers. Each page has a browser process of its own,
which is ended at the limit, whatever the page is doing; what has not drawn by then is printed as more
than the limit. Medians over the turns, in which the pages take their turns.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Playwright, sync_playwright
from pyvis.network import Network

from bibliometrics import schema
from bibliometrics.edition import Edition
from bibliometrics.presentation import network_view
from bibliometrics.presentation.maps import render_map
from bibliometrics.presentation.page import json_block

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from pages_fixture import COUNTED, empty_edition, frame

TIES_A_NODE, YEARS = 20, range(2015, 2020)
# What VOSviewer Online draws at most unless told otherwise.
VOSVIEWER_LINKS = 1000
_TOLD = "first draw benchmark:"
_WATCH = """
(function () {
  var told = false;
  ["arc", "ellipse"].forEach(function (name) {
    var own = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function () {
      if (!told) {
        told = true;
        // Runs when the drawing function has returned: the whole picture is drawn then.
        queueMicrotask(function () { console.log("%s draw " + performance.now()); });
      }
      return own.apply(this, arguments);
    };
  });
  addEventListener("load", function () { console.log("%s load " + performance.now()); });
})();
""".replace("%s", _TOLD)
_CANVAS_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>network</title>
<style>html,body{margin:0;height:100%}canvas{width:100%;height:100%;display:block}</style></head>
<body><canvas></canvas><script type="application/json">DATA</script><script>
var data = JSON.parse(document.querySelector("script").textContent);
var canvas = document.querySelector("canvas"), pen = canvas.getContext("2d");
canvas.width = canvas.clientWidth; canvas.height = canvas.clientHeight;
var at = data.nodes.map(function (n) { return [20 + n[0] * (canvas.width - 40), 20 + n[1] * (canvas.height - 40)]; });
function radius(n) { return 2 + 22 * Math.sqrt(n[2]); }
pen.globalAlpha = 0.4;
data.links.forEach(function (link) {
  var a = at[link[0]], b = at[link[1]], dx = b[0] - a[0], dy = b[1] - a[1];
  pen.strokeStyle = "hsl(" + 40 * data.nodes[link[0]][3] + ",60%,60%)";
  pen.lineWidth = 0.5 + 3 * link[2];
  pen.beginPath(); pen.moveTo(a[0], a[1]);
  pen.quadraticCurveTo((a[0] + b[0]) / 2 + dy / 8, (a[1] + b[1]) / 2 - dx / 8, b[0], b[1]);
  pen.stroke();
});
pen.globalAlpha = 0.8;
data.nodes.forEach(function (node, i) {
  pen.fillStyle = "hsl(" + 40 * node[3] + ",60%,50%)";
  pen.beginPath(); pen.arc(at[i][0], at[i][1], radius(node), 0, 7); pen.fill();
});
pen.globalAlpha = 1; pen.fillStyle = "#000"; pen.textAlign = "center"; pen.textBaseline = "middle";
var taken = [];
data.nodes.forEach(function (node, i) {
  var size = 8 + radius(node) / 2;
  pen.font = size + "px sans-serif";
  var half = pen.measureText(node[4]).width / 2;
  var box = [at[i][0] - half, at[i][1] - size / 2, at[i][0] + half, at[i][1] + size / 2];
  if (taken.some(function (o) { return box[0] < o[2] && o[0] < box[2] && box[1] < o[3] && o[1] < box[3]; })) { return; }
  taken.push(box); pen.fillText(node[4], at[i][0], at[i][1]);
});
</script></body></html>"""


def made_up(size: int) -> Edition:
    """An edition of ``size`` domestic nodes and twenty ties each, every tenth in the backbone."""
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
    """The page that pyvis makes of the same nodes and ties, everything in it.

    Ties are put into its list as ``add_edge`` would: that looks through all of them for each one.
    """
    network = Network(cdn_resources="in_line")
    for row in edition.tables["nodes"].itertuples():
        place = {"x": row.x * 1600, "y": row.y * 1060, "physics": False} if has_layout else {}
        network.add_node(row.institution_id, label=row.name_en, size=8, **place)
    network.edges = [
        {"from": row.source_id, "to": row.target_id, "width": 1}
        for row in edition.tables["collaborations"].itertuples()
    ]
    if has_layout:
        network.toggle_physics(False)
    return str(network.generate_html())


def canvas(edition: Edition) -> str:
    """The same nodes and the strongest ties on one canvas, as VOSviewer Online draws by default."""
    nodes = network_view.nodes(edition)
    ties = network_view.ties(edition, nodes)[:VOSVIEWER_LINKS]
    data = {
        "nodes": [[n.x, n.y, n.share_of_largest, n.community, n.name.en] for n in nodes],
        "links": [[t.source, t.target, t.weight / 5] for t in ties],
    }
    return _CANVAS_PAGE.replace("DATA", str(json_block(data)))


def all_ties(edition: Edition) -> str:
    """``map.html`` with all its ties on from the start; without its policy, which the change breaks."""
    text, changed = re.subn(r"var AT_FIRST = \d+;", "var AT_FIRST = Infinity;", render_map(edition))
    text, freed = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    text = text.replace('id="backbone" checked', 'id="backbone"')
    if (changed, freed) != (1, 1) or 'id="backbone" autocomplete' not in text:
        raise SystemExit("the map page is written otherwise now: mend all_ties")
    return text


PAGES: dict[str, Callable[[Edition], str]] = {
    "map.html": render_map,
    "map.html, all ties": all_ties,
    "pyvis, places given": lambda edition: plain(edition, has_layout=True),
    "pyvis as it comes": lambda edition: plain(edition, has_layout=False),
    "one canvas": canvas,
}


def measured(playwright: Playwright, path: Path, limit: float) -> dict[str, float]:
    """Seconds to ``load`` and to first ``draw``, of those that came within ``limit`` seconds."""
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
    )
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page = context.new_page()
    found: dict[str, float] = {}

    def listen(message: ConsoleMessage) -> None:
        if message.text.startswith(_TOLD):
            what, at = message.text.removeprefix(_TOLD).split()
            found[what] = float(at) / 1000

    page.on("console", listen)
    page.add_init_script(_WATCH)
    until = time.monotonic() + limit
    page.goto(path.as_uri(), wait_until="commit", timeout=limit * 1000)
    while len(found) < 2 and time.monotonic() < until:
        # Waits beside the page, not in it: a busy page would not answer.
        page.wait_for_timeout(50)
    browser.close()
    return {what: at for what, at in found.items() if at < limit}


def told(seconds: list[dict[str, float]], what: str, limit: float) -> tuple[float | None, str]:
    """The median over the turns and how it is printed; None where a turn passed the limit."""
    if not all(what in turn for turn in seconds):
        return None, f"{'>' + format(limit, 'g'):>9}"
    median = statistics.median(turn[what] for turn in seconds)
    return median, f"{median:9.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 3000])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--limit", type=float, default=60, help="seconds a page may take")
    given = parser.parse_args()
    print(f"{'nodes':>6}{'ties':>8}  {'page':<22}{'MB':>6}{'load s':>9}{'draw s':>9}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        for size in given.sizes:
            edition = made_up(size)
            ties = len(edition.tables["collaborations"])
            paths = {name: Path(folder) / f"{place}.html" for place, name in enumerate(PAGES)}
            for name, path in paths.items():
                path.write_text(PAGES[name](edition), encoding="utf-8", newline="")
            seconds: dict[str, list[dict[str, float]]] = {name: [] for name in PAGES}
            for _ in range(given.turns):
                for name, path in paths.items():
                    # What passed the limit once is not waited for again.
                    if all("draw" in turn for turn in seconds[name]):
                        seconds[name].append(measured(playwright, path, given.limit))
            own, _ = told(seconds["map.html"], "draw", given.limit)
            for name, path in paths.items():
                _, load = told(seconds[name], "load", given.limit)
                draw, drawn = told(seconds[name], "draw", given.limit)
                if own is None:
                    ratio = f"{'–':>8}"
                elif draw is None:
                    ratio = f"{'>' + format(given.limit / own, '.0f'):>8}"
                else:
                    ratio = f"{draw / own:8.2f}"
                size_mb = path.stat().st_size / 1e6
                print(f"{size:6}{ties:8}  {name:<22}{size_mb:6.1f}{load}{drawn}{ratio}", flush=True)


if __name__ == "__main__":
    main()
