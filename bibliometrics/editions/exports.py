"""What other programs read of an edition: tables as CSV and as a workbook, figures, the network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bibliometrics import schema, store
from bibliometrics.attribution.entities import Entity
from bibliometrics.counting.counts import Counts
from bibliometrics.edition import Edition
from bibliometrics.network import atlas, exchange

# What another process imports ahead of its work.
WORK_MODULES = (
    "bibliometrics.claims.edition_claims",
    "bibliometrics.network.edition_network",
    "igraph",
    "bibliometrics.workbook",
    "bibliometrics.presentation.figures",
    "bibliometrics.presentation.maps",
)


def write_tables(folder: Path, edition: Edition) -> None:
    """``tables/`` of ``edition`` into its ``folder``."""
    for table in schema.EDITION_TABLES:
        store.write_table(folder / "tables", edition.tables[table.name], table)


def write_workbook(folder: Path, edition: Edition) -> None:
    """``tables.xlsx`` of ``edition`` into its ``folder``."""
    # Loaded where it is used, like the next two: where another process draws, this one needs none.
    from bibliometrics.workbook import workbook  # noqa: PLC0415

    store.write_bytes(folder / "tables.xlsx", workbook(edition))


def write_figures(folder: Path, edition: Edition) -> None:
    """``figures/`` of ``edition`` into its ``folder``."""
    from bibliometrics.presentation.figures import render_figures  # noqa: PLC0415

    for name, content in render_figures(edition).items():
        store.write_bytes(folder / "figures" / name, content)


def write_map(folder: Path, edition: Edition) -> None:
    """``map.html`` of ``edition`` into its ``folder``."""
    from bibliometrics.presentation.maps import render_map  # noqa: PLC0415

    store.write_text(folder / "map.html", render_map(edition))


def write_network(
    folder: Path, edition: Edition, counts: Counts, entities: Mapping[str, Entity]
) -> None:
    """``network/`` of ``edition`` into its ``folder``."""
    ties = edition.tables[schema.COLLABORATIONS.name]
    source = edition.tables[schema.FLOW.name]["source"].iloc[0]
    whole = atlas.whole_graph(counts, entities, ties, str(source))
    for name, content in (
        ("network.graphml", exchange.graphml(whole)),
        ("network.gexf", exchange.gexf(whole)),
        ("network.net", exchange.pajek(whole)),
        ("network.vosviewer.json", exchange.vosviewer(edition)),
    ):
        store.write_text(folder / "network" / name, content)
