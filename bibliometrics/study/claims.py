"""The section of a study that fixes, beforehand, how published claims are compared."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bibliometrics.study.section import Says, Section

Dimension = Literal[
    "counting",
    "share_denominator",
    "total_meaning",
    "campuses",
    "hospitals",
    "key_laboratories",
    "academy_institutes",
    "ucas",
    "scope",
    "selection",
    "end_year",
    "keyword_fields",
]


class Claims(Section):
    """Choices that only the comparison with published claims reads."""

    report: Annotated[
        Literal["by_study_name", "cingai-2020", "none"],
        Says(
            "the report whose claims are compared (by_study_name: the carried one of that name;"
            " a claims file beside the study goes first)",
            "所比较的报告（by_study_name：与研究同名的内置报告；研究文件旁的声明文件优先）",
        ),
    ] = "by_study_name"
    total_meaning: Annotated[
        Literal["unknown", "distinct", "sum_over_institutions", "all_chinese_hits"],
        Says("what the published total counts", "公布总数的含义"),
    ] = "unknown"
    partner_order: Annotated[
        Literal["unordered_set", "ranked"],
        Says("is the order of mention the rank", "提及顺序是否为名次"),
    ] = "unordered_set"
    rounding: Annotated[
        Literal["half_up", "half_even", "truncate"],
        Says("how published shares were rounded", "公布占比的舍入方式"),
    ] = "half_up"
    link_to_109: Annotated[
        Literal["separate_lists", "subset"],
        Says(
            "the 109 AI universities and the 117 listed (subset: validate --list tests, and"
            " --propose asks, that they be among the institutions this study lists)",
            "109 所与所列 117 所的关系（subset：validate --list 检验、--propose 要求其均在"
            "本研究所列机构之中）",
        ),
    ] = "separate_lists"
    vary: Annotated[
        tuple[Dimension, ...],
        Says("open choices that are tried jointly", "联合尝试的未定选项"),
    ] = (
        "counting",
        "share_denominator",
        "total_meaning",
        "campuses",
        "hospitals",
        "key_laboratories",
        "academy_institutes",
        "ucas",
        "scope",
        "selection",
        "end_year",
        "keyword_fields",
    )
    tolerance: Annotated[
        int,
        Field(ge=0, le=1000),
        Says(
            "papers outside the rounding interval that still count as fitting",
            "超出舍入区间仍算吻合的论文数",
        ),
    ] = 0
    loss: Annotated[
        Literal["claims_missed", "papers_outside"],
        Says("what the search makes small", "搜索所最小化的量"),
    ] = "claims_missed"
    placebo_sets: Annotated[
        int,
        Field(ge=0, le=10_000),
        Says("fake sets of claims the search is tried on", "用于检验搜索的虚构声明组数"),
    ] = 1000
    placebo_seed: Annotated[
        int, Field(ge=0), Says("seed of the fake claims", "虚构声明的随机种子")
    ] = 2020
    shape_tolerance: Annotated[
        float,
        Field(gt=0, lt=1),
        Says(
            "how far a total scaled to the published shares may lie from the published one",
            "按公布占比推算的总数与公布总数可相差的比例",
        ),
    ] = 0.1
