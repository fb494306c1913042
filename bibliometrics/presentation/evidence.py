"""The folder ``evidence/``: a page that lists the papers behind a number, and its data scripts.

Papers are numbered from 0 in the order newest year first, so that a year is a range of numbers and
a list needs no dates. A list is the differences of its sorted numbers. Data stands in scripts that
call ``evidence.…``: a page opened from disk may load a script beside it, but may not fetch a file.
File names carry numbers only, whatever the ids are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from bibliometrics.edition import Edition, Evidence
from bibliometrics.presentation import links, rows
from bibliometrics.presentation.bilingual import (
    Text,
    capital,
    clean,
    count,
    missing,
    name,
    say,
    term,
    territory,
)
from bibliometrics.presentation.page import Parts, asset, environment, json_block, page_title
from bibliometrics.schema import plain

CHUNK = 2000
_FILE_SIZE = 250_000
_TITLE, _STRING = 500, 400
_UNMATCHED_LISTED = 200
_WEIGHT = 1_000_000
_RULES = (
    "full", "author_fractional", "first_author", "first_author_fractional", "corresponding_author",
    "institution_fractional",
)  # fmt: skip
_PROBE = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n'
_WORDS = (
    "evidence_all", "evidence_unattributed", "evidence_attributed", "evidence_with",
    "evidence_year", "evidence_abroad", "evidence_retracted", "evidence_keyword",
    "evidence_also", "evidence_only", "evidence_subject", "evidence_unmatched",
    "evidence_community", "evidence_sum", "evidence_weight", "evidence_untied",
    "evidence_untied_show", "one_paper",
)  # fmt: skip


@dataclass(frozen=True)
class _Numbers:
    """Every paper's number, and the first and last number of each year."""

    of: dict[str, int]
    ordered: pd.DataFrame
    years: list[tuple[int | None, int, int]]


def render_evidence(edition: Edition, evidence: Evidence) -> dict[str, str]:
    """File name → text of everything in ``evidence/``; empty where there is nothing to list."""
    if not links.has_evidence(edition):
        return {}
    numbers = _number(evidence.papers)
    files = {"index.html": _page(edition), links.PROBE: _PROBE}
    for number, start in enumerate(range(0, len(numbers.ordered), CHUNK)):
        part = numbers.ordered.iloc[start : start + CHUNK]
        files[f"papers-{number:04d}.js"] = _call("papers", number, _papers(part))
    held: dict[str, tuple[int, int]] = {}
    for number, block in enumerate(_blocks(_holders(evidence, numbers))):
        files[f"institutions-{number:04d}.js"] = _call(
            "institutions", number, [block.strings, block.entries]
        )
        for entry in block.entries:
            held[entry[0]] = (number, len(entry[1]))
    files["units.js"] = _call("units", *_units(evidence, numbers))
    files["lists.js"] = _call("lists", _lists(evidence, numbers))
    files["directory.js"] = _call("directory", _directory(edition, evidence, numbers, held))
    return files


def _call(receiver: str, *values: object) -> str:
    return f"evidence.{receiver}({','.join(str(json_block(value)) for value in values)});\n"


def _number(papers: pd.DataFrame) -> _Numbers:
    ordered = papers.sort_values(
        ["year", "paper_id"], ascending=[False, True], na_position="last", kind="stable"
    ).reset_index(drop=True)
    years: list[tuple[int | None, int, int]] = []
    for place, year in enumerate(plain(ordered["year"])):
        known = None if missing(year) else int(year)
        if years and years[-1][0] == known:
            years[-1] = (known, years[-1][1], place)
        else:
            years.append((known, place, place))
    of = {paper: place for place, paper in enumerate(plain(ordered["paper_id"]))}
    return _Numbers(of, ordered, years)


def _papers(part: pd.DataFrame) -> list[list[str]]:
    columns = ("title", "source_title", "doi", "paper_id")
    cells = ([rows.words(value, _TITLE) for value in plain(part[column])] for column in columns)
    return [list(row) for row in zip(*cells, strict=True)]


def _differences(numbers: Iterable[int]) -> list[int]:
    """Sorted distinct ``numbers`` as the first and then each less the one before."""
    ordered = sorted(set(numbers))
    return [b - a for a, b in zip([0, *ordered], ordered, strict=False)]


def _lists_by(frame: pd.DataFrame, column: str, numbers: _Numbers) -> dict[str, list[int]]:
    grouped: dict[str, list[int]] = defaultdict(list)
    for key, paper in zip(plain(frame[column]), plain(frame["paper_id"]), strict=True):
        grouped[str(key)].append(numbers.of[paper])
    return {key: _differences(grouped[key]) for key in sorted(grouped)}


@dataclass(frozen=True)
class _Block:
    """Institutions of one file; their strings, each [affiliation, rule], are shared in it."""

    strings: list[list[str]]
    entries: list[list[Any]]


class _Held(NamedTuple):
    """A paper of an institution: its number, weight, whose it is, strings with their rules."""

    number: int
    weight: int | None
    is_first: bool
    is_corresponding: bool
    strings: list[tuple[str, str]]


def _holders(evidence: Evidence, numbers: _Numbers) -> Iterator[tuple[str, list[_Held]]]:
    """Each institution with its papers, in the order of the ids."""
    strings: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    first: set[tuple[str, str]] = set()
    corresponding: set[tuple[str, str]] = set()
    told = evidence.mentions
    columns = (
        "paper_id", "institution_id", "affiliation", "rule", "is_first", "is_corresponding",
    )  # fmt: skip
    shown = cache(lambda text: rows.words(text, _STRING))
    for paper, holder, text, rule, is_first, corresponds in zip(
        *(plain(told[column]) for column in columns), strict=True
    ):
        strings[holder, paper].append((shown(text), shown(rule)))
        if is_first:
            first.add((holder, paper))
        if corresponds:
            corresponding.add((holder, paper))
    papers: dict[str, list[_Held]] = defaultdict(list)
    credited = evidence.credits
    for holder, paper, weight in zip(
        *(plain(credited[c]) for c in ("institution_id", "paper_id", "weight_author")),
        strict=True,
    ):
        share = None if missing(weight) else round(weight * _WEIGHT)
        pair = (holder, paper)
        named = strings[pair]
        papers[holder].append(
            _Held(
                numbers.of[paper], share, pair in first, pair in corresponding,
                named if len(named) == 1 else sorted(set(named)),
            )
        )  # fmt: skip
    for identity in sorted(papers):
        yield identity, sorted(papers[identity], key=lambda held: held.number)


def _blocks(holders: Iterable[tuple[str, list[_Held]]]) -> Iterator[_Block]:
    """Institutions packed into files of about the same size, in the order of their ids."""
    block, seen, size = _Block([], []), {}, 0
    for identity, papers in holders:
        references = []
        for paper in papers:
            places = []
            for pair in paper.strings:
                if pair not in seen:
                    seen[pair] = len(block.strings)
                    block.strings.append(list(pair))
                    size += len(pair[0]) + len(pair[1]) + 8
                places.append(seen[pair])
            references.append(places[0] if len(places) == 1 else places)
        block.entries.append(
            [
                identity,
                _differences(paper.number for paper in papers),
                [paper.weight for paper in papers],
                _differences(paper.number for paper in papers if paper.is_first),
                references,
                _differences(paper.number for paper in papers if paper.is_corresponding),
            ]
        )
        size += 12 * len(papers) + len(identity)
        if size > _FILE_SIZE:
            yield block
            block, seen, size = _Block([], []), {}, 0
    if block.entries:
        yield block


def _units(evidence: Evidence, numbers: _Numbers) -> tuple[list[int], list[int]]:
    """By paper number: institutions of the paper, and of its first author; 0 where nobody has."""
    told = evidence.units.set_index("paper_id").reindex(numbers.ordered["paper_id"]).fillna(0)
    of_paper, of_first = (told[c].astype(int).tolist() for c in ("of_paper", "of_first"))
    return of_paper, of_first


def _lists(evidence: Evidence, numbers: _Numbers) -> dict[str, object]:
    scopes = evidence.credits[["paper_id", "scope"]].drop_duplicates()
    domestic = set(plain(scopes.loc[scopes["scope"] == "domestic", "paper_id"]))
    foreign = set(plain(scopes.loc[scopes["scope"] == "foreign", "paper_id"]))
    papers = evidence.papers
    marked = papers.loc[papers["is_retracted"].eq(1).fillna(value=False), "paper_id"]
    hits = evidence.keyword_hits
    open_ = evidence.unmatched[evidence.unmatched["row"] <= _UNMATCHED_LISTED]
    texts = dict(zip(plain(open_["row"]), plain(open_["affiliation"]), strict=True))

    def listed(found: Iterable[str]) -> list[int]:
        return _differences(numbers.of[paper] for paper in found)

    return {
        "attributed": listed(domestic),
        "abroad": listed(domestic & foreign),
        "untied": listed(plain(evidence.untied["paper_id"])),
        "retracted": listed(plain(marked)),
        "country": [
            [code, _pair(territory(code)), found]
            for code, found in _lists_by(evidence.countries, "country", numbers).items()
        ],
        "keyword": [
            [clean(str(keyword)), list(_lists_by(part, "field", numbers).items())]
            for keyword, part in hits.groupby("keyword", sort=True)
        ],
        "subject": [
            [clean(str(subject)), clean(str(scheme)), listed(plain(part["paper_id"]))]
            for (scheme, subject), part in evidence.subjects.groupby(["scheme", "subject"])
        ],
        "unmatched": [
            [row, rows.words(texts[int(row)], _STRING), found]
            for row, found in _lists_by(open_, "row", numbers).items()
        ],
    }


def _communities(edition: Edition) -> dict[str, int]:
    """Community by institution, of all members, those that the map does not show included."""
    return {
        member: int(row["community"])
        for row in rows.table(edition, "communities").to_dict("records")
        for member in str(row["members_ids"]).split("|")
    }


def _directory(
    edition: Edition, evidence: Evidence, numbers: _Numbers, held: dict[str, tuple[int, int]]
) -> dict[str, object]:
    """What the page needs first: who is in which file, and what things are called."""
    community = _communities(edition)
    told = []
    for row in evidence.holders.sort_values("institution_id").to_dict("records"):
        identity = str(row["institution_id"])
        if identity not in held:
            continue
        number, papers = held[identity]
        named = name(row["name_en"], row["name_zh"])
        told.append(
            [identity, named.en, named.zh, rows.code(row["scope"]), rows.code(row["province"]),
             rows.code(row["authority"]), community.get(identity), papers, number]
        )  # fmt: skip
    return {
        "papers": len(numbers.ordered),
        "chunk": CHUNK,
        "weight": _WEIGHT,
        "years": numbers.years,
        "institutions": told,
        "names": {
            family: [
                [code, _pair(term(family, code))]
                for code in sorted({rows.code(value) for value in evidence.holders[family]})
            ]
            for family in ("province", "authority")
        },
        "fields": [[code, _pair(term("field", code))] for code in
                   ("title", "abstract", "author_keywords", "index_keywords")],
        "rules": [[code, _pair(capital(term("counting", code)))] for code in _RULES],
        "words": {key: _pair(say(key, **_HOLES.get(key, {}))) for key in _WORDS}
        | {"many_papers": _pair(say("many_papers", n="%"))},
    }  # fmt: skip


_HOLES: dict[str, dict[str, object]] = {
    "evidence_year": {"year": "%"},
    "evidence_with": {"name": "%"},
    "evidence_keyword": {"keyword": "%"},
    "evidence_also": {"keyword": "%"},
    "evidence_subject": {"subject": "%"},
    "evidence_unmatched": {"string": "%"},
    "evidence_community": {"number": "%"},
    "evidence_sum": {"n": "%"},
    "evidence_weight": {"n": "%"},
    "evidence_untied": {"n": "%"},
}


def _pair(text: Text) -> list[str]:
    return [text.en, text.zh]


def _page(edition: Edition) -> str:
    title = say("evidence_title")
    return environment().get_template("evidence.html").render(
        edition=edition,
        parts=Parts(
            styles=tuple(
                asset(part) for part in ("page.css", "evidence.css", *_simulated(edition))
            ),
            scripts=(asset("language.js"), asset("evidence.js")),
            beside=True,
        ),
        page_title=page_title(edition, title),
        title=title,
        study=name(edition.title_en, edition.title_zh, 300),
        command=links.bare_command(edition),
        bounds=say(
            "evidence_bounds",
            papers=count(links.MOST_PAPERS), title=count(_TITLE), string=count(_STRING),
            unmatched=count(_UNMATCHED_LISTED),
        ),
    )  # fmt: skip


def _simulated(edition: Edition) -> tuple[str, ...]:
    return ("simulated.css",) if edition.is_simulated else ()
