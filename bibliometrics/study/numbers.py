"""Sections of a study on how firm its numbers are, and on totals that only a database knows."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from bibliometrics.study.section import Says, Section

Year = Annotated[int, Field(ge=1800, le=2100)]
Papers = Annotated[int, Field(ge=1)]


class Uncertainty(Section):
    """How the corpus is resampled, and how rankings are compared."""

    draws: Annotated[
        int,
        Field(ge=200, le=10_000),
        Says("resamples behind the stability intervals", "稳定区间的重抽样次数"),
    ] = 1000
    level: Annotated[
        float,
        Field(ge=0.5, lt=1),
        Says("level of intervals and rank sets", "区间与名次集的置信水平"),
    ] = 0.95
    seed: Annotated[
        int,
        Field(ge=0),
        Says("seed of resampling and of simulated errors", "重抽样与模拟的种子"),
    ] = 2020
    rbo_p: Annotated[
        float,
        Field(gt=0, lt=1),
        Says(
            "p of the rank-biased overlap (0.9: the first ten ranks hold 86 % of the weight)",
            "排序偏倚重叠度 RBO 的参数 p（0.9：前十名占 86% 权重）",
        ),
    ] = 0.9


class Totals(Section):
    """Papers on any topic, by year, of the database and of institutions, as somebody found them.

    They are of the study's geography, document types and source types, or they mean nothing
    beside its counts: ``totals_from`` says where and how they were asked.
    """

    totals_from: str = ""
    database: dict[Year, Papers] = Field(default_factory=dict)
    institutions: dict[
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)], dict[Year, Papers]
    ] = Field(default_factory=dict)

    @field_validator("institutions")
    @classmethod
    def _told(
        cls, institutions: dict[str, dict[int, int]], info: ValidationInfo
    ) -> dict[str, dict[int, int]]:
        given = bool(institutions) or bool(info.data.get("database"))
        if given and not str(info.data.get("totals_from", "")).strip():
            raise ValueError(
                "totals_from is missing: say where and how the totals were asked, with the day"
            )
        return institutions
