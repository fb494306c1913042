"""The `match` command's file in, file out."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bibliometrics.attribution import Matcher
from bibliometrics.attribution.batch import match_file
from bibliometrics.attribution.institutions import load_registry
from bibliometrics.errors import InputError


@pytest.fixture(scope="module")
def matcher():
    return Matcher(load_registry())


def run(tmp_path, matcher, text):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(text.encode("utf-8"))
    counts = match_file(source, out, matcher)
    with out.open(encoding="utf-8", newline="") as lines:
        return counts, list(csv.DictReader(lines))


def test_rows_order_and_other_columns_are_kept(tmp_path, matcher):
    counts, rows = run(
        tmp_path,
        matcher,
        "\ufeffnote,affiliation,country\r\n"
        '=1+1,"Tsinghua University, Beijing",China\r\n'
        ' b ,"Northeastern University",US\r\n'
        "c,Wuyi University,CN\r\n"
        "d,Nobody Ltd,CN\r\n",
    )
    assert [row["note"] for row in rows] == ["=1+1", " b ", "c", "d"]
    assert [row["institution_ids"] for row in rows] == ["tsinghua-university", "", "", ""]
    assert counts == {"matched": 1, "ambiguous": 1, "out_of_scope": 1, "unmatched": 1}
    assert all(row["rule"] and row["evidence"] for row in rows)


def test_several_institutions_are_joined_by_a_bar(tmp_path, matcher):
    _, rows = run(
        tmp_path, matcher, 'affiliation\n"Fudan University, Shanghai; Wuhan University, Wuhan"\n'
    )
    assert rows[0]["institution_ids"] == "fudan-university|wuhan-university"


def test_city_year_and_afid_are_read(tmp_path, matcher):
    _, rows = run(
        tmp_path,
        matcher,
        "affiliation,country,city,year,afid\n"
        "China University of Petroleum,China,Qingdao,2019,\n"
        "Some Lab,China,,,60025278\n",
    )
    assert [row["institution_ids"] for row in rows] == [
        "china-university-of-petroleum-east-china",
        "tsinghua-university",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("name\nx\n", "no column named affiliation"),
        ("affiliation,country\nX,Atlantis\n", "row 2, field country"),
        ("affiliation,year\nX,soon\n", "row 2, field year"),
        ("affiliation,country\nX\n", "row 2"),
        ("affiliation,affiliation\nX,Y\n", "columns stand twice"),
    ],
)
def test_bad_input_names_row_and_field(tmp_path, matcher, text, message):
    with pytest.raises(InputError) as caught:
        run(tmp_path, matcher, text)
    assert message in str(caught.value)
    assert "in.csv" in str(caught.value)


def test_empty_lines_are_counted_or_are_empty_strings(tmp_path, matcher):
    counts, rows = run(
        tmp_path, matcher, "affiliation,note\n\nTsinghua University,a\n\n\nNobody,b\n"
    )
    assert [row["note"] for row in rows] == ["a", "b"]
    assert counts["empty lines left out"] == 3
    counts, rows = run(tmp_path, matcher, "affiliation\nTsinghua University\n\nNobody\n")
    assert [row["affiliation"] for row in rows] == ["Tsinghua University", "", "Nobody"]
    assert counts == {"matched": 1, "ambiguous": 0, "out_of_scope": 0, "unmatched": 2}
    with pytest.raises(InputError, match="row 4"):
        run(tmp_path, matcher, "affiliation,note\n\nNobody,b\nNobody\n")


def test_not_utf8(tmp_path, matcher):
    source = tmp_path / "in.csv"
    source.write_bytes("affiliation\nUniversité\n".encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8"):
        match_file(source, tmp_path / "out.csv", matcher)


def test_what_lay_there_stays_where_the_new_file_cannot_be_finished(tmp_path, matcher, monkeypatch):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("affiliation\nTsinghua University\n", encoding="utf-8")
    out.write_text("of yesterday", encoding="utf-8")

    def full(self, target):
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        match_file(source, out, matcher)
    assert out.read_text(encoding="utf-8") == "of yesterday"
