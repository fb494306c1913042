"""The delineation check: a seeded sample by keyword, and what the marks of it show."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from bibliometrics import delineation_form, schema
from bibliometrics.cli import main
from bibliometrics.errors import InputError
from bibliometrics.firmness import delineation
from conftest import ROOT, export_row
from numbers_fixture import STAMP


def hits(**papers: int) -> pd.DataFrame:
    """So many papers of each keyword; ``both`` are of robot and speech."""
    rows = []
    for word, number in papers.items():
        for n in range(number):
            named = ("robot", "speech") if word == "both" else (word,)
            rows += [(f"{word}{n:04}", each, "title") for each in named]
    frame = pd.DataFrame(rows, columns=["paper_id", "keyword", "field"])
    return schema.conform(frame, schema.KEYWORD_HITS)


def marked(sample, about) -> str:
    """The form with every paper for which ``about`` says something."""
    lines = ["sample_id,about,marked_by,marked_on"]
    for row in sample:
        said = about(row)
        if said:
            lines.append(f"{row.sample_id},{said},Li,2026-11-24")
    return "\n".join(lines) + "\n"


def test_a_rare_keyword_is_drawn_as_much_as_a_common_one() -> None:
    sample = delineation.draw(hits(robot=500, speech=30, both=20), 60, seed=4)
    # Papers of both belong to the rarer keyword: 30 of 500, and 30 of 50.
    by = {row.stratum: row.probability for row in sample}
    assert by == {"robot": 30 / 500, "speech": 30 / 50}
    assert len(sample) == 60
    assert sample == delineation.draw(hits(robot=500, speech=30, both=20), 60, seed=4)
    assert sample != delineation.draw(hits(robot=500, speech=30, both=20), 60, seed=5)


def test_a_stratum_smaller_than_its_part_is_taken_whole() -> None:
    sample = delineation.draw(hits(robot=500, speech=3), 100, seed=4)
    assert sum(row.stratum == "speech" for row in sample) == 3
    assert all(row.probability == 1 for row in sample if row.stratum == "speech")


def test_estimates_weigh_each_paper_by_what_it_stands_for() -> None:
    found = hits(robot=900, speech=100)
    sample = delineation.draw(found, 100, seed=1)
    # All robot papers are about the topic, no speech paper is.
    text = marked(sample, lambda row: "yes" if row.stratum == "robot" else "no")
    judged = delineation_form.read_marks(text, "form.csv", sample)
    table = delineation.table(judged, found, 1000, 1, STAMP).set_index("keyword")
    assert table.loc["all", "share_about"] == pytest.approx(0.9)
    assert table.loc["all", "papers_about"] == pytest.approx(900)
    assert table.loc["robot", "share_about"] == 1
    assert 0.92 < table.loc["robot", "share_about_low"] < 0.94  # 50 clean papers
    assert table.loc["speech", "share_about_high"] < 0.08
    # Unequal weights tell less than a hundred papers drawn alike.
    assert table.loc["all", "effective"] == pytest.approx(100 / (1 + 0.8**2))
    assert table.loc["all", ["drawn", "marked", "about"]].tolist() == [100, 100, 50]


def test_unmarked_papers_are_taken_to_be_like_the_marked_of_their_stratum() -> None:
    found = hits(robot=900, speech=100)
    sample = delineation.draw(found, 100, seed=1)
    robots = [row.sample_id for row in sample if row.stratum == "robot"][:5]
    text = marked(sample, lambda row: "no" if row.stratum == "speech" else
                  "yes" if row.sample_id in robots else "")  # fmt: skip
    judged = delineation_form.read_marks(text, "form.csv", sample)
    table = delineation.table(judged, found, 1000, 1, STAMP).set_index("keyword")
    assert table.loc["all", "share_about"] == pytest.approx(0.9)
    assert table.loc["robot", ["drawn", "marked"]].tolist() == [50, 5]


def test_a_paper_of_two_keywords_counts_for_both() -> None:
    found = hits(robot=50, both=50)
    sample = delineation.draw(found, 40, seed=2)
    text = marked(sample, lambda row: "yes" if "|" in row.keywords else "no")
    judged = delineation_form.read_marks(text, "form.csv", sample)
    table = delineation.table(judged, found, 100, 1, STAMP).set_index("keyword")
    assert table.loc["speech", "share_about"] == 1
    assert table.loc["robot", "share_about"] == pytest.approx(0.5)


def test_every_fault_of_a_form_is_named_at_once() -> None:
    sample = delineation.draw(hits(robot=20), 20, seed=2)
    text = (
        "sample_id,about,marked_by,marked_on\n1,maybe,Li,2026-11-24\n2,yes,,24.11.2026\n"
        "99,no,Li,2026-11-24\n3,yes,Li,2026-11-24\n3,yes,Li,2026-11-24\n4,,,\n"
    )
    with pytest.raises(InputError) as caught:
        delineation_form.read_marks(text, "form.csv", sample)
    message = str(caught.value)
    for part in ("row 2: about is 'maybe'", "row 3: marked_by is empty", "'24.11.2026' is no date",
                 "row 4: '99' is not of this sample", "sample 3 is marked twice"):  # fmt: skip
        assert part in message
    with pytest.raises(InputError, match="columns are missing: about"):
        delineation_form.read_marks("sample_id,marked_by,marked_on\n", "form.csv", sample)
    with pytest.raises(InputError, match="not the key"):
        delineation_form.read_key("a,b\n1,2\n", "key.csv")


def test_a_form_shows_neither_keyword_nor_a_formula() -> None:
    found = hits(robot=1)
    papers = schema.conform(
        pd.DataFrame({"paper_id": ["robot0000"], "title": ['=HYPERLINK("x")'], "year": [2019]}),
        schema.PAPERS,
    )
    sample = delineation.draw(found, 5, seed=1)
    (row,) = csv.DictReader(io.StringIO(delineation_form.form(sample, papers)))
    assert row["title"].startswith("'=")
    assert (row["year"], row["doi"], row["about"]) == ("2019", "", "")
    assert "robot" not in delineation_form.form(sample, papers)
    assert delineation_form.read_key(delineation_form.key(sample), "k") == sample


def test_drawn_marked_read_and_carried_into_the_next_edition(
    write_export, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queries").mkdir()
    text = (ROOT / "queries" / "cingai-2020.toml").read_text(encoding="utf-8")
    (tmp_path / "queries" / "small.toml").write_text(
        text.replace('name = "cingai-2020"', 'name = "small"'), encoding="utf-8"
    )
    export = write_export([export_row(n) for n in range(1, 31)])
    run = ["run", "small", "--input", str(export), "--edition"]
    assert main([*run, "one"]) == 0
    assert main(["delineate", "small", "--size", "12", "--out", "form.csv"]) == 0
    with Path("form.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 12
    for row in rows:
        row |= {"about": "yes", "marked_by": "Li", "marked_on": "2026-11-24"}
    with Path("form.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert main(["delineate", "small", "--read", "form.csv"]) == 0
    assert "12 of 12 marked are about the topic: 100.0%, shown ≥ 75.8%" in capsys.readouterr().out
    assert main([*run, "two"]) == 0
    table = pd.read_csv(tmp_path / "outputs" / "small" / "two" / "tables" / "delineation.csv")
    assert list(table["keyword"]) == ["Machine learning", "all"]
    assert table.set_index("keyword").loc["all", "marked_by"] == "Li"
    # Other marks are another edition; a new sample is not drawn over the marks.
    assert main([*run, "one"]) == 2
    assert "delineation" in capsys.readouterr().err
    assert main(["delineate", "small"]) == 2
    assert "holds marks of an earlier sample" in capsys.readouterr().err
    assert main(["verify", "small/two", "--input", str(export)]) == 0
