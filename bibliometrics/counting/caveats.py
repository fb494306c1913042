"""What the reader of an edition's figures should know of its inputs and its counting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from bibliometrics.attribution import entities
from bibliometrics.corpus.assembling import Corpus
from bibliometrics.corpus.findings import Finding
from bibliometrics.counting.counts import Counts, fractional_totals
from bibliometrics.edition import Input
from bibliometrics.network import atlas
from bibliometrics.study.model import Study

# Totals further apart than this are told, with a place for their reason.
GAP = 0.02
_LEAST_RANKED = 20
_GROUPS_ZH = {"universities": "高校", "institutes": "科研机构"}


def of_inputs(
    inputs: Sequence[Input], cut_at: Mapping[str, tuple[int, ...]], cut: Sequence[str]
) -> Iterator[Finding]:
    """Files that were probably cut: ``cut_at`` tells by kind where a service's export stops."""
    for given in inputs:
        if given.rows in cut_at.get(given.kind, ()):
            yield Finding(
                f"probably cut: {given.name}", given.rows,
                f"{given.name} has exactly {given.rows} rows: the web export stops there, so it is"
                " probably cut; export by year",
                f"{given.name} 恰有 {given.rows} 行：网页导出到此为止，很可能被截断；请按年导出",
                is_warning=True,
            )  # fmt: skip
        if given.name in cut:
            yield Finding(
                f"cut: {given.name}", 1,
                f"{given.name} does not end as its format ends: it was cut, rows are missing",
                f"{given.name} 结尾不完整：文件被截断，有记录缺失",
                is_warning=True,
            )  # fmt: skip


def of_counting(
    study: Study,
    corpus: Corpus,
    counts: Counts,
    credited: entities.Credited,
    tables: dict[str, pd.DataFrame],
    attributed: int,
) -> Iterator[Finding]:
    papers = len(corpus.papers)
    total = int((counts.credits["scope"] == "domestic").sum())
    if not papers:
        return
    yield Finding(
        "three totals", papers,
        f"distinct papers of the corpus: {papers}; of these with an institution: {attributed};"
        f" sum over institutions: {total}, which is {total / papers:.2f} institutions a paper",
        f"语料去重论文：{papers}；其中有机构归属：{attributed}；各机构合计：{total}，"
        f"平均每篇 {total / papers:.2f} 个机构",
    )  # fmt: skip
    lost = papers - attributed
    if lost:
        yield Finding(
            "papers without institution", lost,
            f"{lost} papers of the corpus have no institution of the geography: see unmatched.csv",
            f"语料中 {lost} 篇论文未归属任何本地区机构，见 unmatched.csv",
            is_warning=True,
        )  # fmt: skip
    unmatched = tables["unmatched"]
    if len(unmatched):
        yield Finding(
            "strings unmatched", len(unmatched),
            f"{len(unmatched)} affiliation strings of the geography have no institution; they stand"
            " on papers that other strings count, or on none",
            f"{len(unmatched)} 个本地区地址未能归属机构",
        )  # fmt: skip
    if study.institutions.known_by == "open":
        names = int((tables["ranking"]["institution_id"]).size)
        yield Finding(
            "names as written", names,
            f"institutions are {names} names as written in addresses, spellings joined where a rule"
            " is sure: papers of the others are lower bounds, ranks may be too low",
            f"机构按地址书写计（{names} 个），仅在规则确定时合并写法：其余论文数为下限，"
            "名次可能偏低",
            is_warning=True,
        )  # fmt: skip
    by_policy = credited.attribution["evidence"].str.contains(" set aside: ").sum()
    if by_policy:
        yield Finding(
            "set aside by policy", int(by_policy),
            f"{int(by_policy)} strings name an institution that the study's roll-up does not"
            " credit (hospitals, laboratories): see attribution.csv",
            f"{int(by_policy)} 个地址按归并规则（医院、实验室）不计入机构，见 attribution.csv",
        )  # fmt: skip
    crowded = int(atlas.without_pairs(corpus.papers, study).sum())
    if crowded:
        yield Finding(
            "papers without pairs", crowded,
            f"{crowded} papers of more than {atlas.MANY_AUTHORS} authors, or with a cut list of"
            " authors, count in the ranking and make no ties",
            f"{crowded} 篇论文作者超过 {atlas.MANY_AUTHORS} 人或名单被截断：计入排名，不计合作关系",
        )  # fmt: skip
    heavy = atlas.weight_of_many(atlas.tying(corpus.papers, counts, study))
    if heavy:
        yield Finding(
            "weight of many institutions", round(heavy * 100),
            f"{heavy:.1%} of the full weight of ties comes from papers of more than"
            f" {atlas.MANY_INSTITUTIONS} institutions; fractional weights temper them",
            f"合作关系完整权重的 {heavy:.1%} 来自机构多于 {atlas.MANY_INSTITUTIONS} 个的论文",
        )  # fmt: skip
    silent = papers - counts.counted["corresponding_author"]
    if silent and study.counting.rule == "corresponding_affiliation":
        yield Finding(
            "corresponding author not available", silent,
            f"{silent} of {papers} papers do not say who their corresponding author is: they are in"
            " no count of this ranking, and nobody is guessed",
            f"{papers} 篇论文中有 {silent} 篇未写明通讯作者：不计入本排名，亦不推测",
            is_warning=True,
        )  # fmt: skip
    if counts.has_fractional:
        nobody = counts.shares[counts.shares["institution_id"] == ""].assign(of="nobody")
        weight = float(fractional_totals(nobody, ["of"]).sum()) if len(nobody) else 0.0
        yield Finding(
            "fractional weight of nobody", round(weight),
            f"author-fractional weight that belongs to no institution: {weight:.2f} of"
            f" {papers - counts.untied} papers",
            f"不归任何机构的作者分数权重：{weight:.2f}（共 {papers - counts.untied} 篇）",
        )  # fmt: skip
        if counts.untied:
            yield Finding(
                "first author not available", counts.untied,
                f"{counts.untied} papers do not tell who their first author's institution is: they"
                " are in no first-author count",
                f"{counts.untied} 篇论文无法确定第一作者单位，不计入第一作者计数",
                is_warning=True,
            )  # fmt: skip
    else:
        yield Finding(
            "fractional not available", papers,
            "author-fractional counts are not available: no record ties affiliations to authors",
            "无法计算作者分数计数：记录未将地址与作者关联",
            is_warning=True,
        )  # fmt: skip


def of_slices(missing: Sequence[str], incomplete: Sequence[str]) -> Iterator[Finding]:
    """Slices of a harvest that are not there, or not whole."""
    if missing:
        yield Finding(
            "slices missing", len(missing),
            f"{len(missing)} slices of the query were not fetched ({', '.join(missing[:6])}): the"
            " counts are too low; run bibliometrics harvest again",
            f"查询有 {len(missing)} 个分片尚未抓取（{', '.join(missing[:6])}），计数偏低",
            is_warning=True,
        )  # fmt: skip
    if incomplete:
        yield Finding(
            "slices incomplete", len(incomplete),
            f"{len(incomplete)} slices are incomplete: {'; '.join(incomplete[:4])}",
            f"{len(incomplete)} 个分片不完整：{'; '.join(incomplete[:4])}",
            is_warning=True,
        )  # fmt: skip


def of_rank_sets(ranking: pd.DataFrame) -> Iterator[Finding]:
    """Groups whose first places tell little: the rank sets of the first ten span half the list.

    The rule: at least 20 institutions have a rank, and the median width of the rank sets of the
    first ten is more than half of their number. Shorter lists are seen whole at a glance.
    """
    for group, part in ranking.dropna(subset=["rank", "rank_low", "rank_high"]).groupby("group"):
        ranked = len(part)
        first = part.nsmallest(10, "rank", keep="first")
        width = float((first["rank_high"] - first["rank_low"] + 1).astype(float).median())
        if ranked >= _LEAST_RANKED and width > ranked / 2:
            yield Finding(
                f"ranks not told apart: {group}", round(width),
                f"among the first ten of {ranked} {group} the median rank set is {width:g} places"
                " wide, more than half the list: most of their order is not firm; quote no rank"
                " without its set",
                f"{ranked} 个{_GROUPS_ZH.get(str(group), '机构')}中前十名的名次集宽度中位数为"
                f" {width:g}，超过名单之半：多数先后并不稳固，引用名次须附名次集",
                is_warning=True,
            )  # fmt: skip


def of_totals(papers: pd.DataFrame, study: Study) -> Iterator[Finding]:
    """Totals typed from the service's web page against the papers here, where they are far apart.

    Labels are ``unsliced`` for all years, or a year.
    """
    here = {str(year): int(n) for year, n in papers.groupby("year").size().items()}
    here["unsliced"] = len(papers)
    for label, announced in study.source.totals.items():
        if label != "unsliced" and not label.isdecimal():
            continue  # totals of keywords and institutions are compared by plan
        seen = here.get(label, 0)
        if abs(seen - announced) > GAP * announced:
            reason = study.source.reasons.get(label, "no reason given in [source] reasons")
            yield Finding(
                f"total: {label}", seen,
                f"{label}: the service announces {announced}, the corpus has {seen} ({reason})",
                f"{label}：服务公布 {announced} 篇，语料库有 {seen} 篇（{reason}）",
                is_warning=True,
            )  # fmt: skip
