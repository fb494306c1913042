"""The lists of papers beside the pages: as many papers as the number printed, and safe to open."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from bibliometrics import evidence, lookup, pipeline, simulation
from bibliometrics.pipeline import Made, Plan, open_inputs
from bibliometrics.presentation import links
from bibliometrics.presentation.evidence import render_evidence
from bibliometrics.study_file import load_study
from conftest import ROOT

STUDY = ROOT / "queries" / "cingai-2020.toml"


def sums(differences: list[int]) -> list[int]:
    last, numbers = 0, []
    for step in differences:
        last += step
        numbers.append(last)
    return numbers


class Folder:
    """The data scripts read as a browser reads them."""

    def __init__(self, files: dict[str, str]) -> None:
        self.directory: dict[str, Any] = {}
        self.lists: dict[str, Any] = {}
        self.papers: list[list[str]] = []
        self.held: dict[str, list[Any]] = {}
        self.strings: dict[str, list[list[str]]] = {}
        for name in sorted(files):
            if not name.endswith(".js"):
                continue
            receiver, values = re.fullmatch(
                r"evidence\.(\w+)\((.*)\);\n", files[name], re.DOTALL
            ).groups()
            told = json.loads(f"[{values}]")
            if receiver == "papers":
                assert told[0] * 2000 == len(self.papers)
                self.papers += told[1]
            elif receiver == "institutions":
                for entry in told[1][1]:
                    self.held[entry[0]] = entry
                    self.strings[entry[0]] = told[1][0]
            else:
                setattr(self, receiver, told[0])

    def of(self, institution: str) -> set[int]:
        return set(sums(self.held[institution][1]))

    def year(self, number: int) -> int:
        return next(y for y, first, last in self.directory["years"] if first <= number <= last)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("simulated")
    paths = simulation.write_exports(simulation.simulate(600, 7), folder, generation="G2")
    text = STUDY.read_text(encoding="utf-8").replace("rank_floor = 100", "rank_floor = 1")
    (folder / "cingai-2020.toml").write_text(text, encoding="utf-8")
    study = load_study(folder / "cingai-2020.toml")
    return pipeline.make_edition(Plan(study, "e1", open_inputs(paths)))


@pytest.fixture(scope="module")
def files(made: Made) -> dict[str, str]:
    behind = evidence.gather(
        made.corpus, made.credited, made.counts, made.edition.tables["unmatched"]
    )
    return render_evidence(made.edition, behind)


@pytest.fixture(scope="module")
def folder(files: dict[str, str]) -> Folder:
    return Folder(files)


def rows(made: Made, table: str) -> Iterator[Any]:
    return made.edition.tables[table].itertuples(index=False)


def test_every_paper_is_listed_once(made, folder):
    ids = [paper[3] for paper in folder.papers]
    assert sorted(ids) == sorted(made.corpus.papers["paper_id"])
    assert folder.directory["papers"] == len(ids) == made.edition.papers


def test_lists_are_as_long_as_the_printed_numbers(made, folder):
    abroad = set(sums(folder.lists["abroad"]))
    for row in rows(made, "ranking"):
        papers = folder.of(row.institution_id)
        assert len(papers) == row.papers
        assert len(papers & abroad) == row.papers_international
        entry = folder.held[row.institution_id]
        assert len(entry[3]) == row.papers_first_author
        assert sum(entry[2]) / 10_000 == pytest.approx(row.papers_fractional_author, abs=0.05)
    for row in rows(made, "partners"):
        assert len(folder.of(row.partner_id)) == row.papers
    for row in rows(made, "collaborations"):
        assert len(folder.of(row.source_id) & folder.of(row.target_id)) == row.papers


def test_years_units_countries_and_keywords_too(made, folder):
    abroad = set(sums(folder.lists["abroad"]))
    spans = {year: set(range(a, b + 1)) for year, a, b in folder.directory["years"]}
    for row in rows(made, "years"):
        assert len(spans[row.year]) == row.papers
        assert len(spans[row.year] & abroad) == row.papers_international
    for row in rows(made, "ranking_by_year"):
        assert len(folder.of(row.institution_id) & spans[row.year]) == row.papers
    domestic = [r for r in folder.directory["institutions"] if r[3] == "domestic"]
    for table, column, place in (("provinces", "province", 4), ("authorities", "authority", 5)):
        for row in rows(made, table):
            unit = getattr(row, column)
            members = [folder.of(r[0]) for r in domestic if r[place] == unit]
            assert len(set().union(*members)) == row.papers, unit
    countries = {code: papers for code, _, papers in folder.lists["country"]}
    for row in rows(made, "countries"):
        assert len(countries[row.country]) == row.papers
    found = {k: {f: set(sums(p)) for f, p in fields} for k, fields in folder.lists["keyword"]}
    for row in rows(made, "keywords"):
        fields = found.get(row.keyword, {})
        whole = set().union(*fields.values()) if fields else set()
        listed = whole if row.field == "any" else fields.get(row.field, set())
        assert len(listed) == row.papers
        if row.field == "any":
            others = [set().union(*f.values()) for k, f in found.items() if k != row.keyword]
            assert len(whole - set().union(*others)) == row.papers_only_by_it
    attributed = set(sums(folder.lists["attributed"]))
    assert len(attributed) == made.edition.papers_attributed


def test_unmatched_strings_lead_to_their_papers(made, folder):
    table = made.edition.tables["unmatched"]
    for row, text, papers in folder.lists["unmatched"]:
        printed = table.iloc[int(row) - 1]
        assert text == printed["affiliation"][:400]
        assert len(papers) == printed["papers"]
    assert len(folder.lists["unmatched"]) == min(200, len(table)) > 0


def test_a_paper_shows_the_string_and_the_rule_that_brought_it(made, folder):
    decided = {r.affiliation: r.rule for r in rows(made, "attribution")}
    for identity, entry in folder.held.items():
        for places in entry[4]:
            for place in places if isinstance(places, list) else [places]:
                text, rule = folder.strings[identity][place]
                assert decided[text] == rule


def test_the_command_line_gives_the_same_list(made, folder, tmp_path, monkeypatch):
    from bibliometrics import editions

    plan = Plan(load_study(STUDY), "e1", ())
    monkeypatch.setattr(editions.store, "write_manifest", lambda *_: None)
    editions.write(tmp_path, plan, made)
    first = made.edition.tables["ranking"]["institution_id"].iloc[0]
    found = lookup.papers_behind(tmp_path, first)
    listed = [folder.papers[n][3] for n in sums(folder.held[first][1])]
    assert list(found["paper_id"]) == listed
    assert found["rules"].str.len().gt(0).all()
    assert {"index.html", "directory.js", links.PROBE} <= {
        path.name for path in (tmp_path / "evidence").iterdir()
    }


def test_file_names_and_scripts_are_safe_whatever_a_record_says(made):
    hostile = "</script><script>alert(1)</script>\u2028__proto__../../x"
    behind = evidence.gather(
        made.corpus, made.credited, made.counts, made.edition.tables["unmatched"]
    )
    first = behind.holders["institution_id"].iloc[0]
    renamed = {first: "../../../__proto__"}

    def meddle(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
        return frame.assign(
            **{c: frame[c].replace(renamed) if c == "institution_id" else hostile for c in columns}
        )

    bad = evidence.Evidence(
        papers=meddle(behind.papers, "title", "source_title", "doi"),
        holders=meddle(behind.holders, "institution_id", "name_en", "province"),
        credits=meddle(behind.credits, "institution_id"),
        mentions=meddle(behind.mentions, "institution_id", "affiliation"),
        countries=behind.countries,
        keyword_hits=behind.keyword_hits.assign(keyword=hostile).drop_duplicates(),
        unmatched=meddle(behind.unmatched, "affiliation"),
    )
    made_files = render_evidence(made.edition, bad)
    for name, text in made_files.items():
        assert re.fullmatch(r"[a-z]+(-\d{4})?\.(js|html|svg)", name)
        if name.endswith(".js"):
            assert not set("<>&\u2028\u2029") & set(text)
    assert "../../../__proto__" in Folder(made_files).held


def test_the_same_edition_gives_the_same_files(made, files):
    behind = evidence.gather(
        made.corpus, made.credited, made.counts, made.edition.tables["unmatched"]
    )
    shuffled = evidence.Evidence(
        **{
            name: getattr(behind, name).sample(frac=1, random_state=5)
            for name in behind.__dataclass_fields__
        }
    )
    assert render_evidence(made.edition, shuffled) == files


def test_links_name_their_list():
    assert links.to_papers(institution="a b", other="c&d", year=2019) == (
        "evidence/index.html#institution=a+b&with=c%26d&year=2019"
    )
    assert links.to_papers() == "evidence/index.html#all"


def test_a_corpus_beyond_the_bound_has_no_lists_and_no_links(made, monkeypatch):
    monkeypatch.setattr(links, "MOST_PAPERS", 10)
    behind = evidence.gather(
        made.corpus, made.credited, made.counts, made.edition.tables["unmatched"]
    )
    assert render_evidence(made.edition, behind) == {}
    from bibliometrics.presentation.report import render_report

    assert 'class="ev"' not in render_report(made.edition)
