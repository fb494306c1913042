"""The lists of papers beside the pages: as many papers as the number printed, and safe to open."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from bibliometrics import evidence, paper_lists, papers_behind, pipeline, simulation
from bibliometrics.pipeline import Made, Plan, open_inputs
from bibliometrics.presentation import links
from bibliometrics.presentation.evidence import render_evidence
from bibliometrics.study.file import load_study
from conftest import ROOT

STUDY = ROOT / "queries" / "cingai-2020.toml"
STUDIED = load_study(STUDY)


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
            elif receiver == "units":
                self.of_paper, self.of_first = told
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
        made.corpus, made.credited, made.counts, made.edition.tables["unmatched"], STUDIED
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
        weights = sum(entry[2]) / folder.directory["weight"]
        assert weights == pytest.approx(row.papers_fractional_author, abs=1e-3)
    for row in rows(made, "partners"):
        assert len(folder.of(row.partner_id)) == row.papers
    untied = set(sums(folder.lists["untied"]))
    for row in rows(made, "collaborations"):
        assert len((folder.of(row.source_id) & folder.of(row.target_id)) - untied) == row.papers
    for row in rows(made, "nodes"):
        assert len(folder.of(row.institution_id)) == row.papers


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


def test_each_counting_rule_opens_the_papers_it_counts_with_their_weights(made, folder):
    scale = folder.directory["weight"]
    table = made.edition.tables["counts"].set_index(["counting", "institution_id"])["papers"]
    for identity in made.edition.tables["ranking"]["institution_id"]:
        _, papers, fractions, first, _, corresponding = folder.held[identity]
        counted = {
            "full": len(papers),
            "author_fractional": sum(fractions) / scale,
            "first_author": len(first),
            "first_author_fractional": sum(1 / folder.of_first[n] for n in sums(first)),
            "corresponding_author": len(corresponding),
            "institution_fractional": sum(1 / folder.of_paper[n] for n in sums(papers)),
        }
        for rule, amount in counted.items():
            printed = table.get((rule, identity), 0)
            assert amount == pytest.approx(printed, abs=1e-3), (rule, identity)


def test_what_is_told_is_what_is_counted_first_and_corresponding_authors_included(tmp_path):
    """What counts only beside the university is told as it is counted, first author included."""
    text = STUDY.read_text(encoding="utf-8")
    assert 'hospitals = "' in text
    text = re.sub(r'hospitals = "\w+"', 'hospitals = "if_paper_names_university"', text)
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    study = load_study(tmp_path / "s.toml")
    paths = simulation.write_exports(simulation.simulate(600, 7), tmp_path, generation="G2")
    found = pipeline.make_edition(Plan(study, "e1", open_inputs(paths)))
    credited = found.credited.credited
    assert credited["only_if_named"].sum() > 0
    told = evidence.mentions(found.corpus.authorships, credited)

    def pairs(frame: pd.DataFrame) -> set[tuple[str, str]]:
        return set(zip(frame["paper_id"], frame["institution_id"], strict=True))

    assert pairs(told) == pairs(found.counts.credits)
    assert pairs(told[told["is_first"]]) == pairs(found.counts.first)
    assert pairs(told[told["is_corresponding"]]) == pairs(found.counts.corresponding)


def test_a_string_that_counts_only_beside_its_university_is_told_there_alone():
    """Paper a names the university (7) and its hospital (8), paper b the hospital alone."""
    authorships = pd.DataFrame(
        {
            "paper_id": ["a", "a", "b", "b"],
            "author_position": [1, 2, 1, 2],
            "affiliation_id": [8, 7, 8, 9],
            "is_corresponding": [1, 0, 1, 0],
        }
    ).convert_dtypes()
    credited = pd.DataFrame(
        {
            "affiliation_id": [7, 8],
            "institution_id": ["u", "u"],
            "rule": ["name", "hospital"],
            "only_if_named": [0, 1],
        }
    ).convert_dtypes()
    told = evidence.mentions(authorships, credited)
    rows_ = told[["paper_id", "affiliation_id", "rule", "is_first", "is_corresponding"]]
    assert rows_.to_numpy().tolist() == [
        ["a", 7, "name", False, False],
        ["a", 8, "hospital", True, True],
    ]
    shared = evidence.units(authorships, credited, told)
    assert shared.to_numpy().tolist() == [["a", 1, 1], ["b", 2, 1]]


@pytest.fixture(scope="module")
def on_disk(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from bibliometrics.editions import making as editions

    place = tmp_path_factory.mktemp("edition")
    plan = Plan(STUDIED, "e1", ())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editions.store, "write_manifest", lambda *_: None)
        editions.write(place, plan, made)
    return place


def ids(made: Made, place: Any, link: str) -> set[str]:
    asked = paper_lists.asked_for(paper_lists.parse(link))
    found = papers_behind.papers_behind(place, asked, STUDIED, made.registry)
    assert found["paper_id"].is_unique
    return set(found["paper_id"])


def test_the_command_line_gives_the_same_list(made, folder, on_disk):
    first = made.edition.tables["ranking"]["institution_id"].iloc[0]
    asked = paper_lists.PaperList(institution=first)
    found = papers_behind.papers_behind(on_disk, asked, STUDIED, made.registry)
    listed = [folder.papers[n][3] for n in sums(folder.held[first][1])]
    assert list(found["paper_id"]) == listed
    assert found["rules"].str.len().gt(0).all()
    assert {"index.html", "directory.js", links.PROBE} <= {
        path.name for path in (on_disk / "evidence").iterdir()
    }


def test_the_terminal_gives_every_list_that_the_pages_give(made, folder, on_disk):
    """One list of every kind, by the words of its link, against the data that the page reads."""
    numbered = [paper[3] for paper in folder.papers]
    listed = folder.lists

    def papers(numbers: set[int]) -> set[str]:
        return {numbered[n] for n in numbers}

    abroad, untied = set(sums(listed["abroad"])), set(sums(listed["untied"]))
    attributed, every = set(sums(listed["attributed"])), set(range(len(numbered)))
    spans = {year: set(range(a, b + 1)) for year, a, b in folder.directory["years"]}
    tie = next(rows(made, "collaborations"))
    a, b = tie.source_id, tie.target_id
    keyword = {k: {f: set(sums(p)) for f, p in fields} for k, fields in listed["keyword"]}
    overlap = next(r for r in rows(made, "keyword_overlaps") if r.field == "any")
    one, two = (set().union(*keyword[k].values()) for k in (overlap.keyword_a, overlap.keyword_b))
    others = [set().union(*f.values()) for k, f in keyword.items() if k != overlap.keyword_a]
    country, _, there = listed["country"][0]
    row, _, unmatched = listed["unmatched"][3]
    group = next(rows(made, "communities"))
    domestic = [r for r in folder.directory["institutions"] if r[3] == "domestic"]
    beijing = set().union(*(folder.of(r[0]) for r in domestic if r[4] == "Beijing"))
    moe = set().union(*(folder.of(r[0]) for r in domestic if r[5] == "moe"))
    years = sorted(spans)
    first, corresponding = (set(sums(folder.held[a][place])) for place in (3, 5))
    expected = {
        links.to_papers(): every,
        links.to_papers(institution=a): folder.of(a),
        links.to_papers(institution=a, year=years[-1]): folder.of(a) & spans[years[-1]],
        links.to_papers(institution=a, year=f"{years[-3]}-{years[-2]}"): folder.of(a)
        & (spans[years[-3]] | spans[years[-2]]),
        links.to_papers(institution=a, abroad=1): folder.of(a) & abroad,
        links.to_papers(institution=a, other=b): (folder.of(a) & folder.of(b)) - untied,
        links.to_papers(institution=a, rule="first_author"): first,
        links.to_papers(institution=a, rule="first_author_fractional"): first,
        links.to_papers(institution=a, rule="corresponding_author"): corresponding,
        links.to_papers(institution=a, rule="author_fractional"): folder.of(a),
        links.to_papers(institution=a, rule="institution_fractional"): folder.of(a),
        links.to_papers(keyword=overlap.keyword_a): one,
        links.to_papers(keyword=overlap.keyword_a, also=overlap.keyword_b): one & two,
        links.to_papers(keyword=overlap.keyword_a, only=1): one - set().union(*others),
        links.to_papers(keyword=overlap.keyword_a, field="title"): keyword[overlap.keyword_a].get(
            "title", set()
        ),
        links.to_papers(country=country): set(sums(there)),
        links.to_papers(province="Beijing"): beijing,
        links.to_papers(authority="moe", retracted=1): moe & set(sums(listed["retracted"])),
        links.to_papers(community=group.community): set().union(
            *(folder.of(r[0]) for r in domestic if r[6] == group.community)
        ),
        links.to_papers(unmatched=row): set(sums(unmatched)),
        links.to_papers(decision="attributed"): attributed,
        links.to_papers(decision="unattributed", year=years[0]): (every - attributed)
        & spans[years[0]],
    }
    for link, numbers in expected.items():
        assert ids(made, on_disk, link) == papers(numbers), link
    assert len(one & two) == overlap.papers
    assert len(expected[links.to_papers(community=group.community)]) == group.papers


def test_weights_in_the_terminal_are_those_of_the_page(made, folder, on_disk):
    identity = made.edition.tables["ranking"]["institution_id"].iloc[0]
    table = made.edition.tables["counts"].set_index(["counting", "institution_id"])["papers"]
    for rule in paper_lists.RULES:
        asked = paper_lists.PaperList(institution=identity, rule=rule)
        found = papers_behind.papers_behind(on_disk, asked, STUDIED, made.registry)
        assert found["weight"].sum() == pytest.approx(table[rule, identity], abs=1e-9), rule


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("institution=a&keyword=b", "a list is of one thing"),
        ("with=b", "narrows a list of one institution"),
        ("institution=a&year=soon", "is no number"),
        ("elephant=1", "no list of papers has 'elephant'"),
        ("institution=a&rule=positional", "rule 'positional' is not known"),
        ("institution=a&with=b&rule=first_author", "a tie is counted in full"),
        ("other=b", "no list of papers has 'other'"),
        ("nothing", "no list of papers has 'nothing'"),
    ],
)
def test_a_list_that_cannot_be_is_refused(link, says):
    from bibliometrics.errors import InputError

    with pytest.raises(InputError, match=re.escape(says)):
        paper_lists.asked_for(paper_lists.parse(link))


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("country=XQ", "no address of this edition is in 'XQ'"),
        ("province=Beijin", "did you mean Beijing"),
        ("community=999", "there is no community 999"),
        ("keyword=robots", "did you mean"),
        ("unmatched=100000", "and no row 100000"),
        ("subject=Alchemy", "filed under 'Alchemy'"),
        ("institution=Tsinghua", "did you mean tsinghua-university"),
    ],
)
def test_a_list_that_the_edition_lacks_says_where_names_stand(made, on_disk, link, says):
    from bibliometrics.errors import EditionError

    asked = paper_lists.asked_for(paper_lists.parse(link))
    with pytest.raises(EditionError) as raised:
        papers_behind.papers_behind(on_disk, asked, STUDIED, made.registry)
    assert says in str(raised.value)


def test_file_names_and_scripts_are_safe_whatever_a_record_says(made):
    hostile = "</script><script>alert(1)</script>\u2028__proto__../../x"
    behind = evidence.gather(
        made.corpus, made.credited, made.counts, made.edition.tables["unmatched"], STUDIED
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
        subjects=behind.subjects,
        units=behind.units,
        unmatched=meddle(behind.unmatched, "affiliation"),
        untied=behind.untied,
    )
    made_files = render_evidence(made.edition, bad)
    for name, text in made_files.items():
        assert re.fullmatch(r"[a-z]+(-\d{4})?\.(js|html|svg)", name)
        if name.endswith(".js"):
            assert not set("<>&\u2028\u2029") & set(text)
    assert "../../../__proto__" in Folder(made_files).held


def test_the_same_edition_gives_the_same_files(made, files):
    behind = evidence.gather(
        made.corpus, made.credited, made.counts, made.edition.tables["unmatched"], STUDIED
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
        made.corpus, made.credited, made.counts, made.edition.tables["unmatched"], STUDIED
    )
    assert render_evidence(made.edition, behind) == {}
    from bibliometrics.presentation.report import render_report

    assert 'class="ev"' not in render_report(made.edition)


def test_beyond_the_bound_the_first_screen_says_so_with_the_command(made, monkeypatch):
    from bibliometrics.presentation.report import render_report

    assert 'id="no-lists"' not in render_report(made.edition)
    monkeypatch.setattr(links, "MOST_PAPERS", 10)
    page = render_report(made.edition)
    first = page[page.index("<h1") : page.index('<section id="flow"')]
    assert "Numbers are no links here: above 10 papers" in first
    assert "论文超过 10 篇" in first
    assert "bibliometrics papers cingai-2020 --edition e1 --institution ID" in first


def test_a_claim_about_papers_opens_them_and_another_says_why_not(made, on_disk):
    from bibliometrics.presentation.sections import claims

    shown = {row.claim: row for row in claims.view(made.edition)["claims"]}
    table = made.edition.tables["claims"].set_index("claim_id")
    opened = 0
    for claim, row in shown.items():
        computation = table["computation"][claim]
        if not row.computed:
            assert row.href is None
            assert row.no_list is None
        elif row.href is None:
            assert row.no_list or row.computed == "0", claim
        else:
            found = ids(made, on_disk, row.href)
            if computation.startswith("share ") and not pd.isna(table["count"][claim]):
                assert len(found) == table["count"][claim]
                opened += 1
    assert opened >= 5
    assert any(row.no_list for row in shown.values())
