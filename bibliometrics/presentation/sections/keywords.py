"""The query taken apart: what each keyword brings, what it shares, which subjects it reaches."""

from __future__ import annotations

from typing import Any

from bibliometrics.edition import Edition
from bibliometrics.presentation import links, rows
from bibliometrics.presentation.bilingual import clean, count, decimal, percent, same, say
from bibliometrics.presentation.rows import Listing, Row

_FIELDS = ("title", "abstract", "author_keywords", "index_keywords", "any")
_ALL = "all"


def view(edition: Edition) -> dict[str, Any]:
    fields, found = keywords(edition)
    return {
        "keyword_fields": fields,
        "keywords": found,
        "overlaps": _overlaps(edition),
        "subjects": _subjects(edition),
        "subjects_absent": rows.status(edition, "subject_areas"),
        "delineation": _delineation(edition),
        "delineation_absent": rows.status(edition, "delineation"),
    }


def keywords(edition: Edition) -> tuple[list[str], list[Row]]:
    """Fields present, and a row for each keyword with its papers by field."""
    table = rows.table(edition, "keywords")
    fields = [field for field in _FIELDS if (table["field"] == field).any()]
    papers = {(r.keyword, r.field): r for r in table.itertuples(index=False)}
    has_evidence = links.has_evidence(edition)

    def href(keyword: object, field: str, *, only: bool = False) -> str | None:
        if not has_evidence:
            return None
        of = clean(str(keyword))
        return links.to_papers(
            keyword=of, field=None if field == "any" else field, only=1 if only else None
        )

    found = []
    for keyword in dict.fromkeys(table["keyword"].dropna()):
        cells = [papers.get((keyword, field)) for field in fields]
        whole = papers.get((keyword, "any"))
        found.append(
            Row(
                keyword=clean(str(keyword)),
                fields=[
                    (count(cell.papers if cell else None), href(keyword, field) if cell else None)
                    for cell, field in zip(cells, fields, strict=True)
                ],
                only=count(whole.papers_only_by_it if whole else None),
                only_href=href(keyword, "any", only=True),
            )
        )
    return fields, found


def _overlaps(edition: Edition) -> Listing:
    table = rows.table(edition, "keyword_overlaps")
    table = table[table["field"] == "any"] if len(table) else table
    has_evidence = links.has_evidence(edition)
    shown = [
        Row(
            a=rows.words(row["keyword_a"]),
            b=rows.words(row["keyword_b"]),
            papers=count(row["papers"]),
            href=links.to_papers(
                keyword=clean(str(row["keyword_a"])), also=clean(str(row["keyword_b"]))
            )
            if has_evidence
            else None,
            share_a=percent(row["share_of_a"], 1),
            share_b=percent(row["share_of_b"], 1),
            jaccard=decimal(row["jaccard"], 3),
        )
        for row in rows.records(table, 30)
    ]
    return Listing(say("overlaps_caption"), shown, len(table))


def _subjects(edition: Edition) -> Listing:
    table = rows.table(edition, "subject_areas")
    most = rows.largest(table)
    has_evidence = links.has_evidence(edition)
    shown = [
        Row(
            subject=rows.words(row["subject"]),
            papers=count(row["papers"]),
            href=links.to_papers(
                subject=clean(str(row["subject"])), scheme=clean(str(row["scheme"]))
            )
            if has_evidence
            else None,
            share=percent(row["share"]),
            only=count(row["papers_only_in_it"]),
            fraction=rows.fraction(row["papers"], most),
        )
        for row in rows.records(table, 40)
    ]
    return Listing(say("subjects_caption"), shown, len(table))


def _delineation(edition: Edition) -> list[Row]:
    return [
        Row(
            keyword=say("all_keywords")
            if row["keyword"] == _ALL
            else same(rows.words(row["keyword"])),
            papers=count(row["papers"]),
            marked=count(row["marked"]),
            about=count(row["about"]),
            share=percent(row["share_about"], 1),
            shown_least=percent(row["share_about_low"], 1),
        )
        for row in rows.records(rows.table(edition, "delineation"))
    ]
