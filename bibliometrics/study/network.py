"""The section of a study on its network."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from bibliometrics.study.section import Says, Section

_Place = Annotated[str, StringConstraints(pattern=r"^(world|[A-Z]{2})$")]


class Network(Section):
    """How ties are weighed, grouped and compared.

    ``international_totals`` are internationally co-authored papers on the study's query, years and
    types, of all the world: by country code, and under ``world``. ``totals_from`` says where and
    when they were asked.
    """

    weight: Annotated[
        Literal["fractional", "full"], Says("weight of a tie on the map", "合作网络的权重")
    ] = "fractional"
    many_authors: Annotated[
        Literal["leave_out", "keep"],
        Says("ties of papers of more than 100 authors", "作者超过 100 人的论文的合作关系"),
    ] = "leave_out"
    resolution: Annotated[
        float, Field(gt=0, le=100), Says("resolution of the communities", "社区划分的分辨率")
    ] = 1.0
    seed: Annotated[
        int, Field(ge=0), Says("seed of layout and communities", "布局与社区的随机种子")
    ] = 2020
    resamples: Annotated[
        int,
        Field(ge=10, le=1000),
        Says("resamples of papers behind the stability of communities", "社区稳定性的重抽样次数"),
    ] = 50
    window_years: Annotated[
        int,
        Field(ge=1, le=50),
        Says("years in each of the two windows whose ties are compared", "比较合作变化的时段年数"),
    ] = 4
    totals_from: str = ""
    international_totals: dict[_Place, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)

    @field_validator("international_totals")
    @classmethod
    def _told(cls, totals: dict[str, int], info: ValidationInfo) -> dict[str, int]:
        if not totals:
            return totals
        if not str(info.data.get("totals_from", "")).strip():
            raise ValueError(
                "totals_from is missing: say where and how the totals were asked, with the day"
            )
        if "world" not in totals:
            raise ValueError("world is missing: the index needs the papers of all the world")
        above = [place for place, papers in totals.items() if papers > totals["world"]]
        if above:
            raise ValueError(f"{', '.join(above)} has more papers than the world")
        return totals
