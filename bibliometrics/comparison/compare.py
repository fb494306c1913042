"""The comparison of two editions as tables: figures, their parts by cause, and what lies behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bibliometrics import schema
from bibliometrics.comparison import evidence, ranks, sentences
from bibliometrics.comparison.causes import CAUSES, PLAYERS
from bibliometrics.comparison.credits import (
    Recounted,
    differing,
    knowledge_of,
    policy_of,
    recount,
)
from bibliometrics.comparison.history import History, history
from bibliometrics.comparison.linking import link
from bibliometrics.comparison.shapley import Values, shapley
from bibliometrics.comparison.side import Side
from bibliometrics.comparison.stability import change_interval
from bibliometrics.comparison.states import Figures, States
from bibliometrics.errors import EditionError

FIGURES = ("papers", "share")


@dataclass(frozen=True)
class Comparison:
    """``tables`` maps the names of ``schema.COMPARISON_TABLES`` to frames that conform.

    ``players`` are the causes that acted, in the order of ``CAUSES``; ``untestable`` the options of
    the query by which papers could not be told apart; ``denominators`` what shares were shares of.
    """

    before: str
    after: str
    is_simulated: bool
    players: tuple[str, ...]
    untestable: tuple[str, ...]
    papers: tuple[int, int]
    denominators: tuple[float, float]
    tables: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Stored:
    """Figures as an edition printed them, in the order of the compared institutions."""

    papers: Values
    share: Values
    rank: pd.Series[int]


def compare(before: Side, after: Side) -> Comparison:
    """Split every change between two editions of one study among its causes.

    Raises
    ------
    EditionError : simulated records on one side only, or an edition without papers.
    InvariantError : the parts do not sum to the change.
    """
    _check(before, after)
    sides = {"before": before, "after": after}
    recounted = recount(sides)
    pairs = link(before.tables["papers"], after.tables["papers"]).dropna(subset=["before", "after"])
    past = history(before, after, differing(recounted, pairs))
    players = _players(past, before, after)
    of_china = _of_china(recounted)
    studies = {name: side.study for name, side in sides.items()}
    figures = States(past.papers, recounted.credited, studies, of_china).all(players)
    stored = {
        name: _stored(side, recounted.institutions, figures[place])
        for (name, side), place in zip(sides.items(), (0, -1), strict=True)
    }
    unknown = [name for name in sides if not recounted.credited[name, name, name].is_counted]
    parts = _parts(figures, players, stored, recounted.institutions)
    stamp = {
        "edition_before": before.name,
        "edition_after": after.name,
        "source": "SIMULATED" if after.is_simulated else _source(after),
    }
    changes = _changes(recounted, figures, stored, sides)
    if any(cause.is_sampling for cause in CAUSES if cause.name in players):
        changes["share_change_low"], changes["share_change_high"] = change_interval(
            past, recounted, studies, of_china
        )
    if unknown:
        # A rule that no record of a side supports gives no share, and a share of zero is a figure.
        changes[[f"share_{name}" for name in unknown]] = np.nan
        changes[[str(name) for name in changes if str(name).startswith("share_change")]] = np.nan
        parts = parts[parts["figure"] != "share"]
    changes["says_en"], changes["says_zh"] = sentences.of_changes(changes, parts)
    software = parts.loc[(parts["cause"] == "software") & (parts["part"] != 0)]
    acted = (*players, "software") if len(software) else players
    tables = {
        "changes": changes,
        "change_parts": parts,
        "causes": evidence.causes(past, acted),
        "changed_papers": evidence.papers(past, sides),
        "changed_strings": evidence.strings(recounted),
        "changed_options": evidence.options(before.study, after.study),
    }
    return Comparison(
        before=before.name,
        after=after.name,
        is_simulated=after.is_simulated,
        players=acted,
        untestable=past.untestable,
        papers=(len(before.tables["papers"]), len(after.tables["papers"])),
        denominators=(figures[0].denominator, figures[-1].denominator),
        tables={
            table.name: schema.conform(tables[table.name].assign(**stamp), table)
            for table in schema.COMPARISON_TABLES
        },
    )


def unlike_stored(side: Side) -> tuple[str, ...]:
    """Institutions whose printed papers or share do not follow from the edition's own corpus."""
    sides = {"before": side, "after": side}
    recounted = recount(sides)
    studies = dict.fromkeys(sides, side.study)
    figures = States(
        history(side, side).papers, recounted.credited, studies, _of_china(recounted)
    ).figures(frozenset())
    stored = _stored(side, recounted.institutions, figures)
    apart = (figures.papers != stored.papers) | (figures.share != stored.share)
    found = {recounted.institutions[place] for place in np.flatnonzero(apart)}
    printed = set(side.tables["ranking"]["institution_id"])
    return tuple(sorted(found | (printed - set(recounted.institutions))))


def _of_china(recounted: Recounted) -> list[bool]:
    known = [recounted.entities[i] for i in recounted.institutions]
    return [entity.kind == "university" and entity.country == "CN" for entity in known]


def _check(before: Side, after: Side) -> None:
    if before.is_simulated != after.is_simulated:
        raise EditionError(
            "one edition is of simulated records, the other of real ones",
            where=f"{before.name}, {after.name}",
            hint="compare two editions of the same kind of records",
        )
    for side in (before, after):
        if side.tables["papers"].empty:
            raise EditionError(
                "the edition has no papers: there is nothing to compare", where=side.name
            )


def _source(side: Side) -> str:
    found = side.tables["ranking"]["source"].dropna().unique()
    return str(found[0]) if len(found) else ""


def _players(past: History, before: Side, after: Side) -> tuple[str, ...]:
    causes = set(past.papers["record_cause"]) - {""}
    if (~past.papers[["window_before", "window_after"]]).any(axis=None):
        causes.add("new_years")
    if (~past.papers[["query_before", "query_after"]]).any(axis=None):
        causes.add("query")
    if knowledge_of(before) != knowledge_of(after):
        causes.add("registry")
    if policy_of(before.study) != policy_of(after.study):
        causes.add("policy")
    return tuple(name for name in PLAYERS if name in causes)


def _stored(side: Side, institutions: tuple[str, ...], recomputed: Figures) -> Stored:
    """What the edition itself says; where its ranking does not list one, what comes out today."""
    order = list(institutions)
    ranking = side.tables["ranking"].set_index("institution_id")
    credits_ = side.tables["credits"]
    counted = credits_[credits_["scope"] == "domestic"].groupby("institution_id").size()
    papers = counted.reindex(order, fill_value=0).to_numpy(dtype=np.int64)
    printed = ranking["share"].reindex(order).to_numpy(dtype=np.float64, na_value=np.nan)
    exact = np.isclose(printed, recomputed.share, rtol=0, atol=10.0**-schema.DECIMALS)
    share = np.where(np.isnan(printed) | exact, recomputed.share, printed)
    rank = ranking["rank"].reindex(order).astype("Int64").reset_index(drop=True)
    return Stored(papers, share, rank)


def _parts(
    figures: Sequence[Figures],
    players: Sequence[str],
    stored: Mapping[str, Stored],
    institutions: tuple[str, ...],
) -> pd.DataFrame:
    pieces = []
    for figure in FIGURES:
        values = np.array([getattr(state, figure) for state in figures])
        split = shapley(values)
        first = values[0] - getattr(stored["before"], figure)
        last = getattr(stored["after"], figure) - values[-1]
        rows = [*zip(players, split.average, split.least, split.most, strict=True)]
        by_software = first + last
        if np.any(by_software != 0):
            rows.append(("software", by_software, by_software, by_software))
        for cause, part, least, most in rows:
            pieces.append(
                pd.DataFrame(
                    {
                        "institution_id": list(institutions),
                        "figure": figure,
                        "cause": cause,
                        "part": part,
                        "part_least": least,
                        "part_most": most,
                    }
                )
            )
    if not pieces:
        return pd.DataFrame(columns=schema.CHANGE_PARTS.column_names)
    return pd.concat(pieces, ignore_index=True)


def _changes(
    recounted: Recounted,
    figures: Sequence[Figures],
    stored: Mapping[str, Stored],
    sides: Mapping[str, Side],
) -> pd.DataFrame:
    institutions = list(recounted.institutions)
    known = [recounted.entities[i] for i in institutions]
    together = sides["after"].study.institutions.groups == "together"
    old, new = stored["before"], stored["after"]
    frame = pd.DataFrame(
        {
            "group": ["institutions" if together else entity.group for entity in known],
            "institution_id": institutions,
            "name_en": [entity.name_en for entity in known],
            "name_zh": [entity.name_zh or None for entity in known],
            "papers_before": old.papers,
            "papers_after": new.papers,
            "papers_change": new.papers - old.papers,
            "share_before": old.share,
            "share_after": new.share,
            "share_change": new.share - old.share,
        }
    )
    first, last = figures[0].denominator, figures[-1].denominator
    if first and last:
        # Two players, count and denominator: the average of both orders.
        of_count = (new.share * last - old.share * first) * (1 / first + 1 / last) / 2
        frame["share_change_own"] = of_count
        frame["share_change_denominator"] = frame["share_change"] - of_count
    frame["rank_before"], frame["rank_after"] = old.rank, new.rank
    frame["rank_change"] = frame["rank_after"] - frame["rank_before"]
    own, others = ranks.split(frame)
    frame["rank_change_own"], frame["rank_change_others"] = own, others
    return frame
