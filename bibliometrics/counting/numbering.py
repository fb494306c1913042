"""Papers and institutions as whole numbers inside an engine, and as ids outside it.

Joining, grouping and sorting millions of ids takes most of the time of counting, so each id is met
once: papers are numbered, authorships take the number of their paper, and answers come out in
numbers. Institutions are numbered from 0 in code-point order, as are papers that come as a frame:
the order of their numbers is the order of their ids. Papers that an engine holds already are
numbered in no order.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from bibliometrics import schema
from bibliometrics.engine import Engine, EngineName, compiled, declared

_PAPERS = ("paper_id", "year", "authors_announced", "tie")
_CREDITED = ("affiliation_id", "institution_id")


def papers() -> ir.Table:
    """The engine's table numbered_papers: part of ``schema.PAPERS``, with the number ``paper``."""
    named = declared(schema.PAPERS, _PAPERS).schema()
    return ibis.table({**named, "paper": "int64"}, name="numbered_papers")


def credited() -> ir.Table:
    """affiliation_id × institution: the engine's table credited with numbers for ids."""
    ids = declared(schema.CREDITED, _CREDITED)
    numbers = ibis.table({"institution_id": "string", "institution": "int32"}, name="institutions")
    return ids.join(numbers, "institution_id").select("affiliation_id", "institution")


def in_code_point_order() -> ir.Table:
    """Every institution_id of the table credited with its number ``institution`` from 0."""
    # Of two columns: a table declared with one would be made distinct as a whole.
    ids = declared(schema.CREDITED, _CREDITED).select("institution_id").distinct()
    number = ibis.row_number().over(order_by=ids.institution_id)
    return ids.mutate(institution=number.cast("int32"))


@cache
def _of_papers(engine: EngineName) -> str:
    return compiled(declared(schema.PAPERS, _PAPERS), engine)


@cache
def _of_institutions(engine: EngineName) -> str:
    return compiled(in_code_point_order(), engine)


def numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """The papers of a frame as ``papers`` has them, in the order of their ids."""
    found = frame[list(_PAPERS)]
    order = pc.array_sort_indices(pa.array(found["paper_id"], pa.string())).to_numpy()
    if (np.diff(order.astype("int64")) < 0).any():
        found = found.iloc[order]
    return found.reset_index(drop=True).assign(paper=np.arange(len(found)))


def keep_papers(engine: Engine) -> None:
    """Number the papers of the engine's own table papers."""
    engine.number("numbered_papers", _of_papers(engine.name), "paper")


def keep_institutions(engine: Engine) -> None:
    """Number the institutions of the engine's table credited."""
    engine.keep("institutions", _of_institutions(engine.name))


def institutions(engine: Engine) -> pd.Series[str]:
    """The id of each institution, by its number."""
    sql = "SELECT institution_id FROM institutions ORDER BY institution"
    return engine.ask(sql)["institution_id"]


def ids_of(known: pd.Series[str], numbers: npt.ArrayLike, nobody: str | None = None) -> Any:  # noqa: ANN401
    """The ids of ``numbers``, an extension array; ``nobody`` is that of -1."""
    every = known.array if nobody is None else pd.array([*known, nobody], dtype="string")
    return every.take(np.asarray(numbers, dtype="int64"))
