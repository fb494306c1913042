"""The page of a comparison, with hostile records in every cell: nothing runs, nothing breaks."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from bibliometrics import schema
from bibliometrics.presentation.comparison import Facts, render_comparison
from browsing import NARROW, WIDE, accessibility, browser, needs_chromium, visit
from pages_fixture import HOSTILE, frame

__all__ = ["browser", "visit"]  # fixtures
MANY = "; ".join(f"Author {n}, Institute of Invented Matters {n}" for n in range(40))
TEXTS = (*HOSTILE, MANY)


def filled(texts: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """A row for each text in every table, the text in each text cell, and 1 in the others."""
    tables = {}
    for table in schema.COMPARISON_TABLES:
        rows = []
        for place in range(len(texts)):
            text = iter(texts[place:] + texts[:place])
            cells = {c.name: next(text, texts[0]) if c.kind == "text" else 1 for c in table.columns}
            rows.append({**cells, **({"figure": "papers"} if "figure" in cells else {})})
        tables[table.name] = frame(table, rows)
    return tables


def page(texts: tuple[str, ...]) -> str:
    facts = Facts(
        study=texts[0], title_en=texts[0], title_zh=texts[-1], before="e1", after="e2",
        is_simulated=True, papers=(10, 11), causes=(texts[0],), untestable=(texts[0],),
        software="bibliometrics",
    )  # fmt: skip
    return render_comparison(facts, filled(texts))


def test_hostile_cells_are_text():
    tame, hostile = page(("a", "b")), page(TEXTS)
    assert hostile.count("<script") == tame.count("<script") == 1
    assert "<img" not in hostile
    assert "onerror=alert" in hostile and 'onerror=alert(1)>"' not in hostile
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2028\u2029]", hostile)
    assert len(hostile) < 1_500_000


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("comparisons")
    (folder / "hostile.html").write_text(page(TEXTS), encoding="utf-8", newline="")
    return folder


@needs_chromium
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_runs_nothing_fits_the_screen_and_works_by_keyboard(visit, viewport, scheme):
    shown = visit("hostile", viewport, color_scheme=scheme)
    shown.locator("#language-en").focus()
    shown.keyboard.press("ArrowRight")
    assert shown.locator("html").get_attribute("lang") == "zh-Hans"
    shown.keyboard.press("ArrowLeft")
    assert shown.locator("html").get_attribute("lang") == "en"
    shown.keyboard.press("Tab")
    focus = "document.activeElement.className"
    assert shown.evaluate(focus) == "scroll"
    assert shown.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert accessibility(shown) == []
