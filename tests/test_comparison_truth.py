"""Three simulated years, in which everything happens that a yearly refresh meets.

Between the first and the second edition: a new year, papers indexed late, records parsed anew,
retractions, papers gone. Between the second and the third: a keyword dropped from the query, a
university renamed in the registry and another struck from it, a decision about a string, another
policy. The truth is reckoned
here plainly, from what the generator says each paper names.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from bibliometrics import simulation
from bibliometrics.attribution import HumanDecision
from bibliometrics.attribution.institutions import load_registry
from bibliometrics.comparison import Comparison, compare
from bibliometrics.editions import making as editions
from bibliometrics.editions import stored
from bibliometrics.pipeline import Plan, open_inputs
from bibliometrics.study.file import load_study
from comparison_fixture import parts
from conftest import ROOT, with_options

HARBIN = "School of Astronautics, Harbin Institute of Technology, Harbin, 150001, China"
H, LOST = "harbin-institute-of-technology", "tongji-university"
RENAMED = "xiamen-university"
STRANGER = "Bureau of Made-up Works, Harbin, China"


@dataclass(frozen=True)
class Years:
    """The comparisons of the three editions, and what each paper of the simulation names."""

    first: Comparison
    second: Comparison
    names: dict[str, list[str]]
    late: list[str]
    parsed: list[str]
    retracted: list[str]
    gone: list[str]
    new: list[str]
    robots: list[str]
    unnamed: list[str]
    stranger: list[str]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Years:
    folder = tmp_path_factory.mktemp("years")
    drawn = simulation.simulate(1_000)
    exports = simulation.write_exports(drawn, folder)
    simulation.write_truth(drawn, folder)
    truth = [row for row in _rows(folder / "truth" / "papers.csv") if row["kept"] == "1"]
    known = {row["institution_id"]: row for row in _rows(folder / "truth" / "institutions.csv")}
    names = {
        row["eid"]: [
            i for i in row["institution_ids"].split("|")
            if i in known and known[i]["scope"] == "domestic"
        ]
        for row in truth
    }  # fmt: skip
    year = {row["eid"]: int(row["year"]) for row in truth}
    rows = {}
    for export in exports:
        for row in _rows(export):
            if row["EID"] in names:
                rows.setdefault(row["EID"], row)
    # Titles are made one of a kind, so that nothing links but identifiers.
    order = sorted(rows)
    plain = [eid for eid in order if year[eid] <= 2018]
    late, gone, retracted, parsed = plain[0:40], plain[40:60], plain[60:75], plain[75:85]
    new = [eid for eid in order if year[eid] == 2019]

    def moved(eid: str) -> dict[str, str]:
        author = rows[eid]["Authors"].split("; ")[0]
        return rows[eid] | {
            "Authors": author, "Author(s) ID": rows[eid]["Author(s) ID"].split("; ")[0],
            "Author full names": rows[eid]["Author full names"].split("; ")[0],
            "Affiliations": HARBIN, "Authors with affiliations": f"{author}, {HARBIN}",
        }  # fmt: skip

    base = load_study(ROOT / "queries" / "cingai-2020.toml")
    to_2018 = with_options(base, query={"end_date": "2018-12-31"}, thresholds={"rank_floor": 1})
    to_2019 = with_options(base, thresholds={"rank_floor": 1})
    words = [word for word in base.query.keywords if word != "robot"]
    third_study = with_options(
        to_2019, query={"keywords": words}, counting={"share_denominator": "sum_over_institutions"}
    )
    first_rows = [rows[eid] for eid in order if eid not in late]
    later = [
        moved(eid) if eid in parsed
        else rows[eid] | {"Document Type": "Retracted"} if eid in retracted
        else rows[eid]
        for eid in order if eid not in gone
    ]  # fmt: skip
    stranger = later[5]["EID"]
    author = later[5]["Authors"].split("; ")[0]
    third_rows = [*later]
    second_rows = [
        row | {
            "Authors": author, "Affiliations": STRANGER,
            "Author(s) ID": row["Author(s) ID"].split("; ")[0],
            "Author full names": row["Author full names"].split("; ")[0],
            "Authors with affiliations": f"{author}, {STRANGER}",
        } if row["EID"] == stranger else row
        for row in later
    ]  # fmt: skip
    third_rows = second_rows
    registry = load_registry()
    # A university that is struck from the registry: its strings are nobody's from then on.
    struck = replace(
        registry,
        institutions={
            i: replace(
                row, name_en="Struck Off", name_zh="已删", aliases=(), aliases_conditional=(),
                former_names=(), ror_id="", scopus_afids=(), domains=(),
            ) if i == LOST
            else replace(
                row, name_en="University of the New Name", aliases=(*row.aliases, row.name_en)
            ) if i == RENAMED
            else row
            for i, row in registry.institutions.items()
        },
        units=tuple(unit for unit in registry.units if LOST not in unit.parent_ids),
    )  # fmt: skip
    decided = (HumanDecision(STRANGER, None, (H,), "Li Wei", "2026-11-24", "their own page"),)

    def make(name: str, study: object, rows_of: list[dict[str, str]], **more: object) -> Path:
        path = _write(folder / f"{name}.csv", rows_of)
        plan = Plan(study, name, open_inputs([path]), **more)  # type: ignore[arg-type]
        return editions.run(plan, folder / "out").folder

    first = make("2024", to_2018, first_rows)
    second = make("2025", to_2019, second_rows)
    third = make("2026", third_study, third_rows, decisions=decided, registry=struck)
    sides = [stored.side(stored.read(path)) for path in (first, second, third)]
    hits = sides[1].tables["keyword_hits"]
    by_paper: dict[str, set[str]] = {}
    for eid, keyword in zip(hits["paper_id"].tolist(), hits["keyword"].tolist(), strict=True):
        by_paper.setdefault(eid, set()).add(keyword)
    robots = [eid for eid, found in by_paper.items() if found == {"robot"}]
    assert robots
    return Years(
        first=compare(sides[0], sides[1]), second=compare(sides[1], sides[2]), names=names,
        late=late, parsed=parsed, retracted=retracted, gone=gone, new=new, robots=robots,
        unnamed=[eid for eid in order if LOST in names[eid]], stranger=[stranger],
    )  # fmt: skip


def _papers_of(years: Years, eids: Iterable[str], sign: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for eid in eids:
        for institution in years.names[eid]:
            found[institution] += sign
    return found


def test_every_part_of_the_first_refresh_is_the_truth(years: Years) -> None:
    told = parts(years.first)
    assert set(years.first.players) == {
        "new_years", "newly_indexed", "record_changed", "papers_gone",
    }  # fmt: skip
    away = set(years.stranger)
    expected = {
        "new_years": _papers_of(years, set(years.new) - away, 1),
        "newly_indexed": _papers_of(years, set(years.late) - away, 1),
        "papers_gone": _papers_of(years, years.gone, -1),
        "record_changed": _papers_of(years, years.retracted, -1),
    }
    for eid in [*years.parsed, *years.stranger]:
        if eid in years.late or eid in years.new:
            continue
        expected["record_changed"].subtract(years.names[eid])
        if eid in years.parsed:
            expected["record_changed"][H] += 1
    for cause, truth in expected.items():
        computed = {i: found[cause] for i, found in told.items() if cause in found}
        assert computed == {i: n for i, n in truth.items() if n}, cause


def test_every_part_of_the_second_refresh_is_the_truth(years: Years) -> None:
    told = parts(years.second)
    assert set(years.second.players) == {"query", "registry", "policy"}
    assert all("policy" not in found for found in told.values())
    changes = years.second.tables["changes"].set_index("institution_id")
    assert changes.loc[RENAMED, "name_en"] == "University of the New Name"
    assert changes.loc[RENAMED, "papers_before"] > 0
    there = set(years.names) - set(years.gone) - set(years.retracted)
    elsewhere = {*years.parsed, *years.stranger}
    robots = set(years.robots) & there
    # Papers both dropped by the query and lost by the registry are shared by halves.
    query: Counter[str] = Counter()
    registry: Counter[str] = Counter()
    for eid in there:
        own = set(years.names[eid]) if eid not in elsewhere else set()
        own |= {H} if eid in years.parsed else set()
        for institution in own:
            lost, dropped = institution == LOST, eid in robots
            query[institution] -= dropped * (2 - lost)
            registry[institution] -= lost * (2 - dropped)
        if eid in years.stranger:
            dropped = eid in robots
            query[H] -= 1 if dropped else 0
            registry[H] += 1 if dropped else 2
    for cause, doubled in (("query", query), ("registry", registry)):
        computed = {i: 2 * found[cause] for i, found in told.items() if cause in found}
        assert computed == {i: n for i, n in doubled.items() if n}, cause


def test_the_parts_of_papers_and_shares_sum_to_their_changes(years: Years) -> None:
    for found in (years.first, years.second):
        changes = found.tables["changes"].set_index("institution_id")
        for figure in ("papers", "share"):
            frame = found.tables["change_parts"].query("figure == @figure")
            summed = frame.groupby("institution_id")["part"].sum().astype(float)
            wanted = changes.loc[summed.index, f"{figure}_change"].astype(float)
            assert np.allclose(summed, wanted, rtol=0, atol=1e-9)


def test_the_analyst_sees_the_strings_the_papers_and_the_options(years: Years) -> None:
    strings = years.second.tables["changed_strings"]
    assert STRANGER in set(strings["affiliation"])
    assert strings["counted_before"].str.contains(LOST).sum() > 0
    papers = years.first.tables["changed_papers"]
    assert papers["causes"].value_counts()["papers_gone"] == len(years.gone)
    assert len(papers[papers["causes"] == "new_years"]) == len(years.new)
    options = years.second.tables["changed_options"]["option"].tolist()
    assert options == ["counting.share_denominator", "query.keywords"]
