"""Reading Scopus exports: what is recognised, what is kept, what goes to quarantine."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics.attribution.place import country_code
from bibliometrics.errors import InputError
from bibliometrics.sources.record import Quarantined, Record
from bibliometrics.sources.scopus_authors import author_names, by_author, split_joined
from bibliometrics.sources.scopus_csv import open_export, read_export
from conftest import HEADER, WriteExport, export_row, shared


def read(path: Path) -> tuple[list[Record], list[Quarantined]]:
    rows = list(read_export(open_export(path), country_code))
    records = [row for row in rows if isinstance(row, Record)]
    return records, [row for row in rows if isinstance(row, Quarantined)]


def test_a_current_export(write_export: WriteExport) -> None:
    records, quarantined = read(write_export([export_row(7)]))
    (record,) = records
    assert quarantined == []
    assert (record.eid, record.doi, record.year, record.row) == (
        "2-s2.0-7",
        "10.5555/test.7",
        2019,
        1,
    )
    assert record.authors_announced == 1
    assert record.author_affiliations == (
        ("School of Software, Tsinghua University, Beijing, 100084, China",),
    )
    assert (record.tie, record.database, record.source_type) == ("author", "Scopus", None)
    assert not record.is_simulated


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_bom_and_line_ends_do_not_matter(
    write_export: WriteExport, start: str, line_end: str
) -> None:
    records, _ = read(write_export([export_row()], start=start, line_end=line_end))
    assert records[0].eid == "2-s2.0-1"


def test_gzip_is_read_whatever_the_name(write_export: WriteExport) -> None:
    path = write_export([export_row()])
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert len(read(path)[0]) == 1


def test_the_eid_is_taken_from_the_link(write_export: WriteExport) -> None:
    header = [name for name in HEADER if name != "EID"]
    assert read(write_export([export_row(3)], header=header))[0][0].eid == "2-s2.0-3"


def test_headers_in_chinese(write_export: WriteExport) -> None:
    header = ["作者", "標題\t", "年份", "來源出版物名稱", "連結", "文獻類型", "EID"]
    row = {
        "作者": "Li W.", "標題\t": "機器人 Robots", "年份": "2018", "來源出版物名稱": "J",
        "連結": "http://x", "文獻類型": "Article", "EID": "2-s2.0-5",
    }  # fmt: skip
    record = read(write_export([row], header=header))[0][0]
    assert (record.title, record.document_type, record.abstract) == (
        "機器人 Robots",
        "Article",
        None,
    )


def test_a_header_with_a_name_less_than_its_rows(write_export: WriteExport) -> None:
    header = [*HEADER[:11], "Funding Text 1", *HEADER[11:]]
    path = write_export([], header=header)
    cells = [export_row()[name] for name in HEADER[:11]]
    cells += ["first text", "second, text without a name"]
    cells += [export_row()[name] for name in HEADER[11:]]
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    path.write_text(
        path.read_text(encoding="utf-8") + quoted + "\r\n", encoding="utf-8", newline=""
    )
    records, quarantined = read(path)
    assert quarantined == []
    assert (records[0].document_type, records[0].language) == ("Article", "English")


def test_entities_do_not_split_a_list(write_export: WriteExport) -> None:
    row = export_row(
        Affiliations="School of Arts &amp; Design, Nankai University, China; Universit&eacute; A, France",
        **{
            "Authors": "Li W.; Bo D.",
            "Author(s) ID": "101; 102",
            "Authors with affiliations": "Li W., School of Arts & amp; Design, Nankai University, China;"
            " Bo D., Universit&eacute; A, France",
        },
    )
    record = read(write_export([row]))[0][0]
    assert record.author_affiliations == (
        ("School of Arts & Design, Nankai University, China",),
        ("Université A, France",),
    )


def test_an_export_without_affiliations_says_so(write_export: WriteExport) -> None:
    header = [name for name in HEADER if "ffiliations" not in name]
    record = read(write_export([export_row()], header=header))[0][0]
    assert (record.affiliations, record.tie) == (None, "none")


def test_rows_that_cannot_be_used_go_to_quarantine(write_export: WriteExport) -> None:
    path = write_export([export_row(1), export_row(2, Year="n.d."), export_row(3)])
    path.write_bytes(path.read_bytes() + b'only,three,"cells"\r\n' + b"\xff\xfe," * 17 + b"x\r\n")
    records, quarantined = read(path)
    assert [record.row for record in records] == [1, 3]
    assert [row.row for row in quarantined] == [2, 4, 5]
    assert quarantined[0].reason == "year is not a year: 'n.d.'"
    assert quarantined[1].reason == "3 cells where the header names 18"
    assert quarantined[2].reason.startswith(
        "not UTF-8 in abstract, affiliations, author_full_names"
    )
    assert "\\xff\\xfe" in quarantined[2].raw


def test_a_file_cut_inside_a_cell_is_noticed(write_export: WriteExport) -> None:
    path = write_export([export_row(1), export_row(2)])
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex(b'"Li, Wei') + 5])
    export = open_export(path)
    assert export.ends_in_quote
    records, quarantined = read(path)
    assert len(records) == 1
    assert "it was cut" in quarantined[0].reason


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"name,age\r\nLi,3\r\n", "not a Scopus CSV export"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a Scopus CSV export"),
        (b'{"entry": "' + b"x" * 200_000 + b'"}', "not a Scopus CSV export"),
        (b"\x1f\x8b\x08\x00broken", "cannot be read"),
    ],
)
def test_what_is_no_export_is_refused_with_a_way_out(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        open_export(path)
    assert expected in str(caught.value)
    assert "what to do:" in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        open_export(tmp_path / "absent.csv")


def test_authors_of_older_exports_are_separated_by_commas() -> None:
    assert author_names("Sauer F., Xie J.", 2) == ["Sauer F.", "Xie J."]
    assert author_names("Sauer F.; Xie J.", 2) == ["Sauer F.", "Xie J."]
    assert author_names("[No author name available]", 0) == []


def test_one_authors_affiliations_are_cut_where_the_papers_own_list_says() -> None:
    known = ["Dept, Hainan University, Sanya, China", "School, Wuhan University, Wuhan, China"]
    assert split_joined(", ".join(known), known, country_code) == (tuple(known), "")


def test_without_a_list_they_are_cut_after_a_country() -> None:
    text = "Hainan University, Sanya, China, School, Georgia Tech, Atlanta, Georgia, United States"
    parts, how = split_joined(text, [], country_code)
    assert parts == (
        "Hainan University, Sanya, China",
        "School, Georgia Tech, Atlanta, Georgia, United States",
    )
    assert how


def test_a_semicolon_inside_an_affiliation_joins_the_author_before() -> None:
    entries = ["Li W., Institute A", "Faculty B, China", "Bo D., University C, China"]
    found, findings = by_author(entries, ["Li W.", "Bo D."], [], country_code)
    assert found == [("Institute A; Faculty B, China",), ("University C, China",)]
    assert findings == ["entry without a name joined to the author before it"]


def test_older_entries_write_the_name_with_a_comma() -> None:
    found, findings = by_author(["Li, W., Wuhan University, China"], ["Li W."], [], country_code)
    assert (found, findings) == ([("Wuhan University, China",)], [])


address = st.lists(
    st.text(alphabet="abcdefgh ", min_size=1).map(str.strip).filter(bool), min_size=2, max_size=4
).map(lambda parts: ", ".join([*parts, "China"]))


@given(st.lists(address, min_size=1, max_size=4, unique=True))
def test_joined_affiliations_come_back_as_they_were(addresses: list[str]) -> None:
    parts, _ = split_joined(", ".join(addresses), addresses, country_code)
    assert ", ".join(parts) == ", ".join(addresses)


REAL = {
    "ai_education_articles_2025_a.csv.gz": (1829, 1805),
    "ai_keyword_query_2012_noaffil.csv.gz": (600, 0),
    "bipv_search_a_2026.csv": (310, 310),
    "bipv_search_c_2026.csv": (277, 277),
    "litstudy_old_header.csv": (58, 49),
    "moroccan_universities_2021.csv.gz": (500, 500),
    "ncku_traditional_chinese_header_manuf.csv": (71, 0),
    "pybibx_fork_2024_46cols.csv": (13, 13),
    "scopus_ai_partial_2023.csv": (10, 10),
    "bibliometrix_fixture_2026.csv": (8, 8),
    "ua_ai_artificial_intelligence.csv.gz": (1337, 1337),
    "ua_ai_computer_vision.csv.gz": (371, 371),
    "ua_ai_data_mining.csv.gz": (1095, 1094),
    "ua_ai_nlp.csv.gz": (285, 285),
    "ua_ai_reinforcement_learning.csv.gz": (66, 66),
}


@pytest.mark.parametrize("name", REAL)
def test_real_exports_of_all_generations_are_read_whole(name: str) -> None:
    rows, tied = REAL[name]
    records, quarantined = read(shared(f"data/scopus/{name}"))
    assert len(records) == rows
    assert quarantined == []
    assert all(record.eid for record in records)
    assert sum(record.tie == "author" for record in records) == tied
