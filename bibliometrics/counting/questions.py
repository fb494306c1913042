"""What counting asks of an engine: the rules of ``weights`` in its SQL, each made once a process.

The engine has the tables numbered_papers (``numbering``), authorships and credited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import ibis
import ibis.expr.types as ir
import pandas as pd

from bibliometrics import schema
from bibliometrics.counting import numbering, weights
from bibliometrics.counting.weights import NONE, RULES
from bibliometrics.engine import Engine, EngineName, compiled, declared

AUTHORSHIPS = ["paper_id", "author_position", "affiliation_id", "is_corresponding"]
_TOTALS = ["counting", "year", "institution_id", "denominator", "numerator"]
CELL = ["year", "institution", "denominator"]


def keep(engine: Engine) -> None:
    """Compute once, inside the engine, what all rules read: the tables of ``weights.Mentions``."""
    numbering.keep_institutions(engine)
    for name, sql in _mentions_in(engine.name).items():
        engine.keep(name, sql)
        if name == "strings":
            engine.forget("listed")


def named(engine: Engine) -> pd.DataFrame:
    """``weights.named``, in the order of paper and institution."""
    return engine.ask(_named_in(engine.name))


def author_fractional(engine: Engine) -> pd.DataFrame:
    """The author-fractional weights, one for each ``weights.KEY``, in its order."""
    return engine.ask(_author_fractional_in(engine.name))


def total(engine: Engine, rule: str) -> pd.DataFrame:
    """Whole numerators of a rule by ``CELL``, added in the engine."""
    return engine.ask(_total_in(engine.name, rule))


def totals(engine: Engine, chosen: Sequence[str] = tuple(RULES)) -> pd.DataFrame:
    """Whole numerators by counting × year × institution_id × denominator, added in the engine."""
    return told({rule: total(engine, rule) for rule in chosen}, numbering.institutions(engine))


def forget_strings(engine: Engine) -> None:
    """Free what only rules read, when all are asked for; ``named`` stays."""
    for name in ("authors", "strings"):
        engine.forget(name)


def told(by_rule: Mapping[str, pd.DataFrame], institutions: pd.Series[str]) -> pd.DataFrame:
    """``total`` of several rules, with the ids of institutions."""
    parts = [rows.assign(counting=rule) for rule, rows in by_rule.items()]
    found = pd.concat(parts, ignore_index=True).astype({"counting": "string"})
    ids = numbering.ids_of(institutions, found["institution"], NONE)
    return found.assign(institution_id=ids)[_TOTALS]


@cache
def _mentions() -> tuple[weights.Mentions, dict[str, ir.Table]]:
    """The tables that ``keep`` leaves, as rules see them; and how each is made, in its order."""
    papers = numbering.papers()
    made: dict[str, ir.Table] = {}

    def kept(name: str, expression: ir.Table) -> ir.Table:
        made[name] = expression
        return ibis.table(expression.schema(), name=name)

    listed = kept("listed", weights.listed(papers, declared(schema.AUTHORSHIPS, AUTHORSHIPS)))
    authors = kept("authors", weights.authors(listed))
    strings = kept("strings", weights.strings(papers, listed, authors, numbering.credited()))
    named_ = kept("named", weights.named(strings))
    return weights.Mentions(papers, authors, strings, named_), made


@cache
def _mentions_in(engine: EngineName) -> dict[str, str]:
    return {name: compiled(made, engine) for name, made in _mentions()[1].items()}


@cache
def _named_in(engine: EngineName) -> str:
    return compiled(_mentions()[0].named, engine, ("paper", "institution"))


@cache
def _author_fractional_in(engine: EngineName) -> str:
    rows = weights.author_fractional(_mentions()[0])
    return compiled(weights.summed(rows), engine, weights.KEY)


@cache
def _total_in(engine: EngineName, rule: str) -> str:
    return compiled(weights.totals(RULES[rule](_mentions()[0])), engine, CELL)
