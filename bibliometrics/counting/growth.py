"""The corpus beside the database it comes from, where somebody gave the database's totals.

Activity index (Frame 1977; Schubert & Braun 1986): an institution's part of the topic over its part
of everything, (p_i/p)/(t_i/t), p papers of the corpus and t papers of the database on any topic.
Above 1 it works on the topic more than the rest of the geography does. Both totals must be of the
study's geography, document types and years, or the index means nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from bibliometrics import schema
from bibliometrics.corpus.findings import Finding
from bibliometrics.counting.ranking import Stamp
from bibliometrics.study.model import Study

_ALL = "all"


def growth(papers: pd.DataFrame, study: Study, stamp: Stamp) -> pd.DataFrame:
    """The papers of each year and of the database's, each over those of the year before."""
    counted = {int(str(y)): int(n) for y, n in papers.groupby("year").size().items()}
    given = study.totals.database
    rows = []
    for year, number in sorted(counted.items()):
        before, total, total_before = counted.get(year - 1), given.get(year), given.get(year - 1)
        own = number / before - 1 if before else None
        database = total / total_before - 1 if total and total_before else None
        relative = (1 + own) / (1 + database) - 1 if own is not None and database else None
        if own is not None and database == 0:
            relative = own
        rows.append(
            {
                "year": year,
                "papers": number,
                "growth": own,
                "papers_database": total,
                "growth_database": database,
                "growth_relative": relative,
                "share_database": number / total if total else None,
                "totals_from": study.totals.totals_from if total else None,
            }
        )
    frame = pd.DataFrame(rows, columns=schema.GROWTH.column_names[:8])
    return schema.conform(stamp.on(frame, "papers_database of the year", "full"), schema.GROWTH)


def specialisation(
    by_year: pd.DataFrame, papers: pd.DataFrame, study: Study, stamp: Stamp
) -> pd.DataFrame:
    """The activity index of every institution whose totals the study gives, by year and together.

    ``by_year`` as ``schema.RANKING_BY_YEAR``. "all" are the years for which the totals of both the
    institution and the database are given; an institution without a paper has 0.
    """
    whole = {int(str(y)): int(n) for y, n in papers.groupby("year").size().items()}
    own = {
        (str(i), int(y)): int(n)
        for i, y, n in zip(by_year["institution_id"], by_year["year"], by_year["papers"],
                           strict=True)
    }  # fmt: skip
    rows: list[dict[str, object]] = []
    for institution, given in sorted(study.totals.institutions.items()):
        years = sorted(year for year in given if year in study.totals.database)
        spans = [(str(year), [year]) for year in years]
        for name, span in [(_ALL, years), *spans] if years else []:
            mine = sum(own.get((institution, year), 0) for year in span)
            total = sum(given[year] for year in span)
            topic = sum(whole.get(year, 0) for year in span)
            database = sum(study.totals.database[year] for year in span)
            rows.append(
                {
                    "institution_id": institution,
                    "year": name,
                    "papers": mine,
                    "papers_total": total,
                    "papers_reference": topic,
                    "papers_reference_total": database,
                    "activity_index": mine * database / (topic * total) if topic else None,
                    "totals_from": study.totals.totals_from,
                }
            )
    frame = pd.DataFrame(rows, columns=schema.SPECIALISATION.column_names[:8])
    says = "papers_total, papers_reference_total: as given in the study"
    return schema.conform(stamp.on(frame, says, "full"), schema.SPECIALISATION)


def findings(study: Study, ranked: pd.Series[str], papers: pd.DataFrame) -> Iterator[Finding]:
    """What the totals of the study lack, or contradict."""
    totals = study.totals
    if not totals.database:
        yield Finding(
            "no totals", 0,
            "activity index and growth against the database are not available: the study gives no"
            " [totals] of the database",
            "活跃度指数及相对数据库的增长不可得：研究文件未提供数据库总量 [totals]",
        )  # fmt: skip
        return
    unknown = sorted(set(totals.institutions) - set(ranked))
    if unknown:
        yield Finding(
            "totals without papers", len(unknown),
            f"totals are given for institutions the ranking does not list: {', '.join(unknown)}",
            f"以下机构给出了总量但不在排名中：{'、'.join(unknown)}",
            is_warning=True,
        )  # fmt: skip
    counted = {int(str(y)): int(n) for y, n in papers.groupby("year").size().items()}
    over = [year for year, total in sorted(totals.database.items()) if counted.get(year, 0) > total]
    if over:
        listed = ", ".join(map(str, over))
        yield Finding(
            "totals too small", len(over),
            f"the database's total is below the corpus's own papers in {listed}: it is of another"
            " geography or document type",
            f"{listed} 年数据库总量小于语料论文数：口径不一致",
            is_warning=True,
        )  # fmt: skip
