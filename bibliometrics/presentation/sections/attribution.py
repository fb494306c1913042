"""How well papers were attributed: decisions, audit, error rates by rule, what is still open."""

from __future__ import annotations

from typing import Any

from bibliometrics.edition import Edition
from bibliometrics.presentation import answer, links, rows
from bibliometrics.presentation.bilingual import Text, capital, count, percent, reason, say, term
from bibliometrics.presentation.rows import Listing, Row

_UNMATCHED_SHOWN = 10
_DECISIONS = ("matched", "ambiguous", "out_of_scope", "unmatched")


def view(edition: Edition) -> dict[str, Any]:
    findings = rows.table(edition, "findings")
    has_evidence = links.has_evidence(edition)
    return {
        "attributed_share": answer.attributed_share(edition),
        "unattributed": count(edition.papers - edition.papers_attributed),
        "unattributed_href": links.to_papers(decision="unattributed") if has_evidence else None,
        "decisions": decisions(edition),
        "audit_says": answer.audit_says(edition),
        "errors": _errors(edition),
        "settled": _settled(edition),
        "unmatched": unmatched(edition),
        "findings": _notes(edition) if len(findings) else [],
    }


def decisions(edition: Edition) -> list[Row]:
    """Strings and paper mentions by decision."""
    table = rows.table(edition, "attribution")
    strings = table.groupby("decision").size()
    mentions = table.groupby("decision")["papers"].sum()
    all_strings, all_mentions = int(strings.sum()), int(mentions.sum())
    known = [d for d in _DECISIONS if d in strings.index]
    others = sorted(str(d) for d in strings.index if d not in _DECISIONS)
    return [
        Row(
            name=capital(term("decision", decision)),
            strings=count(strings[decision]),
            share_strings=percent(rows.over(strings[decision], all_strings), 1),
            mentions=count(mentions[decision]),
            share_mentions=percent(rows.over(mentions[decision], all_mentions), 1),
        )
        for decision in known + others
    ]


def _errors(edition: Edition) -> list[Row]:
    """Rates of error by rule, as the simulation of attribution errors draws them."""
    return [
        Row(
            rule=rows.words(row["rule"]),
            decision=capital(term("decision", row["decision"])),
            papers=count(row["papers"]),
            marked=count(row["marked"]),
            wrong=count(row["wrong"]),
            share=percent(row["share_wrong"], 1),
            low=percent(row["share_wrong_low"], 1),
            high=percent(row["share_wrong_high"], 1),
            basis=reason(row["basis_en"], row["basis_zh"]),
        )
        for row in rows.records(rows.table(edition, "attribution_error"), 60)
    ]


def _settled(edition: Edition) -> Listing:
    """Decisions of people kept beside the study, and what they moved."""
    table = rows.table(edition, "decisions_used")
    shown = [
        Row(
            affiliation=rows.words(row["affiliation"], 240),
            ids=rows.words(row["institution_ids"]),
            by=rows.words(row["decided_by"]),
            on=rows.words(row["decided_on"]),
            reason=rows.words(row["reason"]),
            papers=count(row["papers_moved"]),
        )
        for row in rows.records(table, 60)
    ]
    return Listing(say("settled_caption"), shown, len(table))


def unmatched(edition: Edition) -> Listing:
    """The strings without an institution that stand on most papers."""
    table = rows.table(edition, "unmatched")
    has_evidence = links.has_evidence(edition)
    shown = [
        Row(
            href=links.to_papers(unmatched=place) if has_evidence else None,
            affiliation=rows.words(row["affiliation"], 240),
            papers=count(row["papers"]),
            uncounted=count(row["papers_uncounted"]),
            decision=capital(term("decision", row["decision"])),
            evidence=rows.words(row["evidence"]),
        )
        for place, row in enumerate(rows.records(table, _UNMATCHED_SHOWN), 1)
    ]
    return Listing(say("unmatched_title"), shown, len(table))


def _notes(edition: Edition) -> list[Text]:
    findings = rows.table(edition, "findings")
    return answer.said(findings[findings["severity"] != "warning"])
