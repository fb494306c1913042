"""What the reader of a number should know of the records it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bibliometrics.corpus.duplicates import Duplicate
from bibliometrics.corpus.selection import Step
from bibliometrics.study.option_names import step_zh

# Step → what to do where a source lacks the field that its condition asks for.
_AFFILIATIONS = (
    "export again with the affiliations",
    "请重新导出并勾选作者机构",
)
_BY_QUERY = (
    "a Scopus web export never has it: paste the query that `bibliometrics plan` prints, which"
    " holds this condition",
    "Scopus 网页导出从无此字段：请使用 `bibliometrics plan` 给出的检索式，其中已含此条件",
)
REMEDIES = {
    "document type": (
        "export again with the document type (Scopus: citation information)",
        "请重新导出并勾选文献类型（Scopus：citation information）",
    ),
    "source type": _BY_QUERY,
    "publication date": (
        'records tell years, not days: `end_date_field = "publication_year"` can be tested',
        '记录只有年份而无日期：`end_date_field = "publication_year"` 可以检验',
    ),
    "load date": (
        "no record tells when it was loaded: only a harvest from the Scopus API asks for it",
        "任何记录均不写入库日期：只有经 Scopus API 采集时方可作为条件",
    ),
    "publication stage": (
        "export again with the publication stage (Scopus: citation information)",
        "请重新导出并勾选出版阶段（Scopus：citation information）",
    ),
    "retracted": (
        "the formats that mark retractions stand in docs/sources.md",
        "标明撤稿的格式见 docs/sources.md",
    ),
    "international paper": (
        "`english_only` needs the language of the original document (export it);"
        " `non_chinese_source` cannot be tested on any source",
        "`english_only` 需导出原文语种；`non_chinese_source` 在任何来源上均无法检验",
    ),
    "keywords": (
        "export again with abstract and keywords",
        "请重新导出并勾选摘要与关键词",
    ),
    "affiliation": _AFFILIATIONS,
    "country": _AFFILIATIONS,
}


@dataclass(frozen=True)
class Finding:
    """Something the reader of a number should know; ``count`` rows, papers or strings."""

    name: str
    count: int
    says_en: str
    says_zh: str
    is_warning: bool = False


@dataclass(frozen=True)
class Seen:
    """What reading saw of the rows and papers of a corpus, as counts.

    ``copyright_only`` rows match by their copyright line alone; ``stateless`` papers have an
    affiliation without country; ``ties`` are papers by tie; ``notes`` are rows by what their source
    reported of them.
    """

    copyright_only: int
    stateless: int
    ties: Mapping[str, int]
    cut: int
    retracted: int
    databases: Sequence[str]
    notes: Mapping[str, int]


def corpus_findings(
    seen: Seen,
    duplicates: Sequence[Duplicate],
    steps: Sequence[Step],
    notes_zh: Mapping[str, str],
) -> Iterable[Finding]:
    """Everything about rows and papers that counting cannot see any more."""
    if seen.copyright_only:
        yield Finding(
            "copyright line", seen.copyright_only,
            f"{seen.copyright_only} rows match only by the copyright line of the abstract; left"
            " out",
            f"{seen.copyright_only} 条记录仅在摘要版权行中命中检索词，已剔除",
        )  # fmt: skip
    differ = sum(item.titles_differ and item.matched_by == "doi" for item in duplicates)
    if differ:
        yield Finding(
            "same DOI, other title", differ,
            f"{differ} rows were merged by DOI although their titles differ",
            f"{differ} 条记录 DOI 相同而题名不同，按 DOI 合并",
        )  # fmt: skip
    for step in steps:
        if step.not_testable:
            yield Finding(
                f"not testable: {step.name}", step.not_testable,
                f"the condition on {step.name} could not be tested for {step.not_testable} of"
                f" {step.entered} rows: their source lacks the field; they were kept;"
                f" {REMEDIES[step.name][0]}",
                f"“{step_zh(step.name)}”条件有 {step.not_testable}/{step.entered} 条记录无法检验"
                f"（来源缺少该字段），予以保留；{REMEDIES[step.name][1]}",
                is_warning=True,
            )  # fmt: skip
        if step.unknown:
            yield Finding(
                f"set aside unknown: {step.name}", step.unknown,
                f"{step.unknown} rows were set aside at {step.name} because they do not state it;"
                " none is known to be wrong",
                f"{step.unknown} 条记录因未写明而在“{step_zh(step.name)}”一步被剔除，并非确知不符",
                is_warning=True,
            )  # fmt: skip
    stateless = seen.stateless
    if stateless:
        yield Finding(
            "affiliation without country", stateless,
            f"{stateless} papers of the corpus carry an affiliation that states no country",
            f"语料中 {stateless} 篇论文含未写明国别的地址",
        )  # fmt: skip
    for tie, en, zh in (
        ("paper", "tie affiliations to the paper only, not to its authors", "仅将地址与论文关联"),
        ("none", "have no affiliation at all", "没有任何地址"),
    ):
        count = seen.ties.get(tie, 0)
        if count:
            yield Finding(
                f"tie: {tie}", count,
                f"{count} papers {en}: their fractional weight belongs to no institution",
                f"{count} 篇论文{zh}：其分数权重不归任何机构",
                is_warning=True,
            )  # fmt: skip
    cut = seen.cut
    if cut:
        yield Finding(
            "author list cut", cut,
            f"{cut} papers have more authors than their source lists: the missing weight belongs to"
            " nobody, and they are left out of pairs",
            f"{cut} 篇论文的作者名单被来源截断：缺失的权重不归任何机构，且不计入合作对",
            is_warning=True,
        )  # fmt: skip
    retracted = seen.retracted
    if retracted:
        yield Finding(
            "retracted", retracted,
            f"{retracted} papers of the corpus are marked as retracted",
            f"语料中 {retracted} 篇论文被标记为撤稿",
            is_warning=True,
        )  # fmt: skip
    if len(seen.databases) > 1:
        listed = ", ".join(seen.databases)
        yield Finding(
            "mixed databases", len(seen.databases),
            f"records of several databases are merged ({listed}): coverage differs between them,"
            " and so do the counts of institutions",
            f"合并了多个数据库（{listed}）的记录：收录范围不同，机构计数不可直接比较",
            is_warning=True,
        )  # fmt: skip
    for note, count in sorted(seen.notes.items()):
        yield Finding(
            f"row: {note}",
            count,
            f"{note}: {count} rows",
            f"{notes_zh.get(note, note)}：{count} 条记录",
        )
