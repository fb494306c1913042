"""What another choice would do to the ranking."""

from __future__ import annotations

from typing import Any

from bibliometrics.edition import Edition
from bibliometrics.presentation import rows
from bibliometrics.presentation.bilingual import (
    Text,
    capital,
    count,
    decimal,
    missing,
    name,
    reason,
    same,
    say,
    term,
    whole,
)
from bibliometrics.presentation.rows import Listing, Row
from bibliometrics.study.option_names import called

_COMPUTED = "computed"


def view(edition: Edition) -> dict[str, Any]:
    return {
        "summary": _summary(edition),
        "moves": _moves(edition),
        "absent": rows.status(edition, "sensitivity_summary"),
    }


def _summary(edition: Edition) -> list[Row]:
    names = rows.names(edition)
    listed = []
    for row in rows.records(rows.table(edition, "sensitivity_summary")):
        mover = names.get(str(row["largest_mover"]))
        listed.append(
            Row(
                dimension=rows.words(row["dimension"]),
                option=rows.words(row["option"]),
                called=name(*called(str(row["dimension"]), str(row["option"]))),
                group=capital(term("group", row["group"])),
                says=_said(row["says_en"], row["says_zh"]),
                computed=row["status"] == _COMPUTED,
                status=term("status", row["status"]),
                papers=count(row["papers_total"]),
                tau=decimal(row["kendall_tau_b"], 3),
                rbo=decimal(row["rbo"], 3),
                moved=count(row["moved_more_than_three"]),
                mover=mover,
                move=_signed(row["largest_move"]),
                sort=Row(
                    tau=rows.key(row["kendall_tau_b"]),
                    rbo=rows.key(row["rbo"]),
                    moved=rows.key(row["moved_more_than_three"]),
                    papers=rows.key(row["papers_total"]),
                ),
            )
        )
    return listed


def _moves(edition: Edition) -> Listing:
    table = rows.table(edition, "sensitivity_moves")
    shown = [
        Row(
            dimension=rows.words(row["dimension"]),
            option=rows.words(row["option"]),
            called=name(*called(str(row["dimension"]), str(row["option"]))),
            name=name(row["name_en"], row["name_zh"]),
            before=count(row["rank_from"]),
            after=say("no_rank") if missing(row["rank_to"]) else count(row["rank_to"]),
            moved=_signed(row["moved"]),
            papers_before=count(row["papers_from"]),
            papers_after=count(row["papers_to"]),
            why=_said(row["why_en"], row["why_zh"]),
            sort=Row(before=rows.key(row["rank_from"]), moved=rows.key(row["moved"])),
        )
        for row in rows.records(table)
    ]
    return Listing(say("moves_caption"), shown, len(table))


def _said(en: object, zh: object) -> Text:
    return same("") if missing(en) else reason(en, zh)


def _signed(value: object) -> Text:
    """A move in ranks: up, down, or none."""
    if missing(value):
        return same("–")
    moved = whole(value)
    return same(f"▲ {moved}" if moved > 0 else f"▼ {-moved}" if moved < 0 else "0")
