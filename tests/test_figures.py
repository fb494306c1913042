"""Figures for papers: what is drawn, that no glyph is a box, and that bytes stay the same."""

from __future__ import annotations

from importlib import resources
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont

from bibliometrics.presentation.figures import render_figures
from pages_fixture import empty_edition, hostile_edition, made_up_edition, registry

NAMES = ("ranking", "trend", "provinces", "network", "collaboration")


def test_every_picture_is_there_twice_and_the_same_each_time() -> None:
    found = render_figures(made_up_edition())
    assert set(found) == {f"{name}.{kind}" for name in NAMES for kind in ("svg", "png")}
    for name in NAMES:
        assert ElementTree.fromstring(found[f"{name}.svg"]).tag.endswith("svg")
        assert found[f"{name}.png"].startswith(b"\x89PNG")
        # Neither a clock nor a machine.
        assert b"<dc:date>" not in found[f"{name}.svg"]
    assert found == render_figures(made_up_edition())


def test_hostile_names_draw_without_a_warning_and_run_nothing() -> None:
    # Warnings are errors: a glyph that the font lacks would be one.
    for name, content in render_figures(hostile_edition()).items():
        if name.endswith(".svg"):
            tags = {element.tag.split("}")[1] for element in ElementTree.fromstring(content).iter()}
            assert not tags & {"script", "foreignObject", "a"}
            assert b"<script" not in content


def test_an_edition_without_rows_has_no_figure() -> None:
    assert render_figures(empty_edition()) == {}


@pytest.mark.parametrize("file_name", ["universities.csv", "institutes.csv"])
def test_the_font_has_every_character_of_the_registrys_names(file_name: str) -> None:
    place = resources.files("bibliometrics") / "data" / "fonts" / "NotoSansCJKsc-subset.otf"
    with resources.as_file(place) as path:
        known = TTFont(path).getBestCmap()
    for row in registry(file_name):
        assert not [c for c in row["name_zh"] + row["name_en"] if ord(c) not in known]
