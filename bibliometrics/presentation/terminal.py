"""The top of the ranking for a terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from bibliometrics.edition import Edition
from bibliometrics.presentation import answer
from bibliometrics.presentation.bilingual import clean, count, decimal, missing, percent, say, term


def ranking_table(edition: Edition, rows: int = 10) -> Table:
    """The first ``rows`` institutions of the leading group, names in both scripts.

    Names are shown as text: markup and control sequences in a record do not reach the terminal.
    """
    groups = answer.groups(edition)
    group = groups[0] if groups else "institutions"
    ranked = answer.ranked(edition, group) if groups else edition.tables["ranking"]
    title = say("terminal_title", title=clean(edition.title_en, 80), edition=clean(edition.name))
    caption = say(
        "terminal_basis",
        counting=term("counting", edition.counting),
        denominator=clean(edition.denominator, 80),
    ).en
    if ranked.head(rows)["rank"].isna().any():
        caption += f"\n{say('terminal_no_rank', floor=count(edition.rank_floor)).joined}"
    if edition.is_simulated:
        caption = f"{say('terminal_simulated').joined}\n{caption}"
    table = Table(title=Text(title.en), caption=Text(caption), title_justify="left")
    table.add_column("rank", justify="right", no_wrap=True)
    table.add_column(term("group", group).en, overflow="fold", max_width=52)
    shown = ranked.head(rows)
    has_native = bool(shown["name_zh"].notna().any())
    if has_native:
        table.add_column(term("group", group).zh, overflow="fold")
    table.add_column("papers", justify="right", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    table.add_column("fractional", justify="right", no_wrap=True)
    for row in shown.itertuples(index=False):
        native = Text("" if missing(row.name_zh) else clean(str(row.name_zh)))
        table.add_row(
            Text("" if missing(row.rank) else count(row.rank).en),
            Text("" if missing(row.name_en) else clean(str(row.name_en))),
            *([native] if has_native else []),
            Text(count(row.papers).en),
            Text(percent(row.share).en),
            Text(decimal(row.papers_fractional_author, 1).en),
        )
    return table
