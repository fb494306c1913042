"""The first screen: what was found in one sentence, the key figures, and what is unsure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from bibliometrics.edition import Edition
from bibliometrics.presentation.bilingual import (
    Text,
    clean,
    count,
    counted,
    day,
    decimal,
    join,
    missing,
    name,
    percent,
    reason,
    same,
    say,
    term,
    whole,
)

# Countries of the source that are neither foreign nor the study's own.
REGIONS = ("HK", "MO", "TW")
_GROUPS = ("universities", "institutions", "institutes")
_RANKED_BY = {
    "full": "papers",
    "fractional": "papers_fractional_author",
    "first_affiliation": "papers_first_author",
    "corresponding_affiliation": "papers_corresponding_author",
}
_TIED_SHOWN = 4
_WITHOUT_AFFILIATION = "tie: none"
# These findings are said by ``doubts`` itself, from the flow and with their share.
_SAID_HERE = ("papers without institution", "not testable: ")


@dataclass(frozen=True)
class Figure:
    label: Text
    value: Text


def groups(edition: Edition) -> list[str]:
    """The groups that are ranked, universities first."""
    found = sorted({str(g) for g in edition.tables["ranking"]["group"].dropna()})
    known = [group for group in _GROUPS if group in found]
    return known + [group for group in found if group not in known]


def ranked(edition: Edition, group: str) -> pd.DataFrame:
    """Rows of one group by rank, then those without one by papers."""
    table = edition.tables["ranking"]
    return table[table["group"] == group].sort_values(
        ["rank", "papers", "institution_id"],
        ascending=[True, False, True],
        kind="stable",
        na_position="last",
    )


def basis_column(edition: Edition) -> str:
    """The column that the study's counting rule ranks by; full counting where there is none."""
    column = _RANKED_BY.get(edition.counting, "papers")
    return column if column in edition.tables["ranking"].columns else "papers"


def own_rule(edition: Edition) -> str:
    """The code of the study's counting rule, as the rule switch names it."""
    return edition.counting if edition.counting in _RANKED_BY else "full"


def empty_because(edition: Edition) -> Text | None:
    """Why there is no ranking, from the flow and the findings; None where there is one."""
    if not edition.papers:
        for step in edition.tables["flow"].itertuples(index=False):
            if step.papers_in and not step.papers_out:
                return say(
                    "empty_step",
                    step=term("step", step.step),
                    n=count(step.papers_in),
                    condition=reason(step.reason, step.reason_zh),
                )
        return say("empty_input")
    if len(edition.tables["ranking"]):
        return None
    bare = edition.tables["findings"]["finding"].eq(_WITHOUT_AFFILIATION).any()
    why = say("empty_bare" if bare else "empty_no_affiliation")
    return say("empty_no_institution", papers=counted(edition.papers), why=why)


def answer(edition: Edition) -> Text | None:
    """The result as one generated sentence about the leading group; None without a ranking."""
    present = groups(edition)
    if not present:
        return None
    rows = ranked(edition, present[0])
    basis = basis_column(edition)
    amounts = [row[basis] for row in rows.to_dict("records")]
    if all(missing(amount) for amount in amounts):
        return None
    first, *others = rows.to_dict("records")
    said = _sentence(first, others, basis)
    if len(rows) > 1:
        lead = say("answer_among", n=count(len(rows)), group=term("group", present[0]))
        said = Text(lead.en + said.en, lead.zh + said.zh)
    if rows["rank"].isna().all():
        floor = say("answer_no_rank", floor=count(edition.rank_floor))
        said = Text(said.en + floor.en, said.zh + floor.zh)
    return said


def _sentence(first: dict[Any, Any], others: list[dict[Any, Any]], basis: str) -> Text:
    def amount(row: dict[Any, Any]) -> Text:
        if basis == "papers" or missing(row[basis]):
            return counted(row["papers"])
        return say("many_papers", n=decimal(row[basis], 1))

    def called(row: dict[Any, Any]) -> Text:
        return name(row["name_en"], row["name_zh"])

    def tied_with(row: dict[Any, Any]) -> list[dict[Any, Any]]:
        return [r for r in (first, *others) if not missing(r[basis]) and r[basis] == row[basis]]

    lead = {"first": called(first), "n1": amount(first), "s1": percent(first["share"])}
    if not others:
        return say("answer_one", **lead)
    leaders = tied_with(first)
    if len(leaders) > 1:
        return say("answer_tied", tied=_some(leaders), n1=lead["n1"], s1=lead["s1"])
    second = others[0]
    lead |= {"second": called(second), "n2": amount(second), "s2": percent(second["share"])}
    if len(others) == 1:
        return say("answer_two", **lead)
    followers = tied_with(second)
    if len(followers) > 1:
        said = {key: lead[key] for key in ("first", "n1", "s1", "n2", "s2")}
        return say("answer_tied_behind", tied=_some(followers), **said)
    third = others[1]
    gap = (
        counted(int(second["papers"]) - int(third["papers"]))
        if basis == "papers"
        else say("many_papers", n=decimal(float(second[basis]) - float(third[basis]), 1))
    )
    return say(
        "answer_clear",
        **lead,
        third=called(third),
        n3=amount(third),
        s3=percent(third["share"]),
        gap=gap,
    )


def _some(rows: list[dict[Any, Any]]) -> Text:
    names = [name(row["name_en"], row["name_zh"], 80) for row in rows[:_TIED_SHOWN]]
    rest = len(rows) - _TIED_SHOWN
    return join([*names, say("others", n=count(rest))] if rest > 0 else names)


def international_share(edition: Edition) -> float | None:
    """Papers with a foreign partner over all papers of the years table; None without papers."""
    years = edition.tables["years"]
    total = int(years["papers"].fillna(0).sum())
    return int(years["papers_international"].fillna(0).sum()) / total if total else None


def foreign_countries(edition: Edition) -> pd.DataFrame:
    """Rows of ``countries`` that are neither the study's country nor Hong Kong, Macao, Taiwan."""
    table = edition.tables["countries"]
    return table[~table["country"].isin([edition.country, *REGIONS])]


def attributed_share(edition: Edition) -> float | None:
    return edition.papers_attributed / edition.papers if edition.papers else None


def key_figures(edition: Edition) -> list[Figure]:
    """What the corpus is, in six numbers."""
    if edition.years is None:
        years = same("–")
    elif edition.years[0] == edition.years[1]:
        years = same(edition.years[0])
    else:
        years = same(f"{edition.years[0]}–{edition.years[1]}")
    return [
        Figure(say("key_papers"), count(edition.papers)),
        Figure(say("key_attributed"), percent(attributed_share(edition), 1)),
        Figure(say("key_institutions"), count(len(edition.tables["ranking"]))),
        Figure(say("key_countries"), count(len(foreign_countries(edition)))),
        Figure(say("key_international"), percent(international_share(edition), 1)),
        Figure(say("key_years"), years),
    ]


def _warnings(edition: Edition) -> list[Text]:
    findings = edition.tables["findings"]
    here = findings["finding"].fillna("").str.startswith(_SAID_HERE)
    return said(findings[findings["severity"].eq("warning") & ~here])


def said(findings: pd.DataFrame) -> list[Text]:
    """The sentences of ``findings``; in English where the Chinese one is missing."""
    return [
        name(row.says_en, row.says_zh, 2000)
        for row in findings.itertuples(index=False)
        if not missing(row.says_en)
    ]


def audit_says(edition: Edition) -> Text:
    """What an audit of the attributions shows, and its day; how to do one where there is none."""
    audit = edition.tables.get("audit")
    if audit is not None and len(audit):
        whole_ = audit[(audit["stratum"] == "all") & (audit["weighting"] == "papers")]
        found = {row["measure"]: row for row in whole_.to_dict("records")}
        precision, recall = found.get("precision"), found.get("recall")
        if precision and recall and not missing(precision["estimate"]):
            return say(
                "audit_says",
                day=day(str(precision["marked_on"])),
                strings=count(precision["strings"]),
                precision=percent(precision["estimate"], 1),
                least=percent(precision["shown_at_least"], 1),
                recall=percent(recall["estimate"], 1),
                recall_least=percent(recall["shown_at_least"], 1),
            )
    return say("doubt_no_audit", study=clean(edition.study))


def _firm(edition: Edition) -> Text | None:
    """How many of the first ten ranks stand alone; None where no rank sets were computed."""
    present = groups(edition)
    if not present:
        return None
    first = ranked(edition, present[0]).head(10)
    first = first[first["rank"].notna() & first["rank_low"].notna()]
    if not len(first):
        return None
    firm = int((first["rank_low"] == first["rank_high"]).sum())
    if not firm:
        return say("doubt_sets_none", n=count(len(first)))
    return say("doubt_sets", firm=count(firm), n=count(len(first)))


def doubts(edition: Edition) -> list[Text]:
    """What the reader should doubt: untested steps, warnings, papers given to nobody, the audit."""
    found = _warnings(edition)
    for step in edition.tables["flow"].itertuples(index=False):
        untested = whole(step.not_testable)
        if step.status == "done" and not untested:
            continue
        label = term("step", step.step)
        if untested:
            total = count(step.papers_in)
            found.append(say("doubt_step", step=label, n=count(untested), total=total))
        else:
            found.append(say("doubt_step_bare", step=label))
    without = edition.papers - edition.papers_attributed
    if edition.papers and without:
        share = percent(without / edition.papers, 1)
        found.append(say("doubt_unattributed", n=counted(without), share=share))
    unmatched = edition.tables["unmatched"]
    if len(unmatched):
        largest = counted(unmatched["papers"].max())
        found.append(say("doubt_unmatched", n=count(len(unmatched)), largest=largest))
    if len(edition.tables["ranking"]):
        firm = _firm(edition)
        if firm:
            found.append(firm)
        found.append(audit_says(edition))
        found.append(say("doubt_census"))
    return found
