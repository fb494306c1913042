"""A real browser without a network, for the tests of the pages: every request is a fault."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Watched:
    """A page, and everything it did that a page of ours must not do.

    ``beside``: it may load scripts and pictures that lie beside it on disk.
    """

    page: sync_api.Page
    beside: bool = False
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", lambda m: self.faults.append(f"console {m.type}: {m.text}"))
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("request", self._request)
        self.page.on("dialog", self._dialog)

    def _request(self, request: sync_api.Request) -> None:
        local = request.url.startswith(("file://", "blob:"))
        if not (local and (self.beside or request.is_navigation_request())):
            self.faults.append(f"request: {request.url}")

    def _dialog(self, dialog: sync_api.Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()


Open = Callable[..., sync_api.Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: sync_api.Browser, pages: Path) -> Iterator[Open]:
    """Opens a page of the module's fixture ``pages`` offline; fails on whatever it did wrong."""
    opened: list[Watched] = []

    def open_page(
        name: str, viewport: dict[str, int] = WIDE, beside: bool = False, **options: object
    ) -> sync_api.Page:
        context = browser.new_context(
            offline=True, viewport=viewport, **{"locale": "en-GB", **options}
        )
        watched = Watched(context.new_page(), beside)
        watched.watch()
        opened.append(watched)
        path, _, part = name.partition("#")
        address = (pages / f"{path}.html").as_uri()
        watched.page.goto(f"{address}#{part}" if part else address)
        return watched.page

    yield open_page
    faults = [fault for watched in opened for fault in watched.faults]
    for watched in opened:
        watched.page.context.close()
    assert faults == []


def accessibility(page: sync_api.Page) -> list[str]:
    """Findings of axe-core that are serious or worse, each with the elements it names."""
    axe = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
    source = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    page.evaluate(source)
    found = page.evaluate("axe.run()")
    return [
        f"{v['id']}: {v['help']}: {[n['html'][:120] for n in v['nodes'][:3]]}"
        for v in found["violations"]
        if v["impact"] in {"serious", "critical"}
    ]
