"""The section of a study on its pages."""

from __future__ import annotations

from typing import Annotated, Literal

from bibliometrics.study.section import Says, Section


class Report(Section):
    """What the pages draw."""

    borders: Annotated[
        Literal["natural_earth", "official_chinese"],
        Says(
            "outlines of the world map: de facto (Natural Earth), or as China's official maps draw",
            "世界地图的边界画法：按实际控制（Natural Earth），或按中国官方地图",
        ),
    ] = "natural_earth"
