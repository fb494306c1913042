"""Every input is known by its content, whatever its name; what is none is refused with reason."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics.attribution.place import country_code
from bibliometrics.errors import InputError
from bibliometrics.sources.reading import Opened
from bibliometrics.sources.recognise import recognise
from bibliometrics.sources.record import Quarantined, Record
from conftest import shared
from source_samples import SAMPLES, SCOPUS_RIS, WOS_FILE, work, write


def opened(path: Path) -> Opened:
    return recognise(path, country_code)


@pytest.mark.parametrize("kind", sorted(SAMPLES))
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv.gz", "a"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_by_content(tmp_path: Path, kind: str, name: str, start: str) -> None:
    text = start + SAMPLES[kind].removeprefix("\ufeff")
    path = write(tmp_path, text, name)
    found = opened(path)
    assert (found.kind, found.name, found.is_cut) == (kind, name, False)
    assert found.sha256 == hashlib.sha256(text.encode()).hexdigest()
    first, second = list(found.rows()), list(found.rows())
    assert first == second
    assert len(first) == 1


@pytest.mark.parametrize("kind", sorted(set(SAMPLES) - {"Scopus JSON", "OpenAlex works (JSON)"}))
def test_utf_16(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path, SAMPLES[kind].removeprefix("\ufeff").encode("utf-16"))
    assert opened(path).kind == kind
    (row,) = opened(path).rows()
    assert isinstance(row, Record | Quarantined)


def test_a_folder_is_a_snapshot(tmp_path: Path) -> None:
    line = json.dumps(work()).encode()
    write(tmp_path, line, "works/updated_date=2025-01-01/part_000.gz")
    found = opened(tmp_path)
    assert found.kind == "OpenAlex snapshot folder"
    assert [isinstance(row, Record) for row in found.rows()] == [True]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (b"PK\x03\x04rest", "is not a bibliographic file"),
        (b"%PDF-1.7", "is not a bibliographic file"),
        (b"<!doctype html><title>Sign in</title>", "is not a bibliographic file"),
        (b"<?xml version='1.0'?>", "is not a bibliographic file"),
        (b"\x89PNG\x00\x00\x00", "is not text"),
        (b"name,age,city\nA,1,B\n", "a table whose first columns are 'name', 'age', 'city'"),
        (b'{"a": 1}', "JSON with neither works of OpenAlex nor entries of Scopus"),
        (b"Dear colleague,\nplease find", "text that begins 'Dear colleague,'"),
    ],
)
def test_what_is_none_is_refused_with_what_was_seen(
    tmp_path: Path, content: bytes, says: str
) -> None:
    with pytest.raises(InputError) as raised:
        opened(write(tmp_path, content, "records.ris"))
    assert says in str(raised.value)
    assert str(raised.value).startswith("records.ris: ")
    assert raised.value.hint


def test_a_damaged_gzip_and_an_absent_file_are_told(tmp_path: Path) -> None:
    damaged = write(tmp_path, gzip.compress(WOS_FILE.encode())[:-12])
    for path in (damaged, tmp_path / "absent"):
        with pytest.raises(InputError, match="cannot be read"):
            opened(path)


def test_ris_inside_a_scopus_cell_is_still_a_scopus_export(tmp_path: Path) -> None:
    text = 'Title,Year,EID,Abstract\nRobots,2019,2-s2.0-1,"See\n' + SCOPUS_RIS + '"\n'
    assert opened(write(tmp_path, text)).kind == "Scopus CSV export"


@given(st.binary(max_size=300))
def test_no_bytes_bring_it_down(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = write(tmp_path_factory.mktemp("bytes"), content)
    try:
        rows = list(opened(path).rows())
    except InputError:
        return
    assert all(isinstance(row, Record | Quarantined) for row in rows)


@given(
    kind=st.sampled_from(sorted(SAMPLES)),
    place=st.floats(0, 1),
    junk=st.binary(min_size=1, max_size=4),
)
def test_bytes_changed_inside_a_file_bring_it_down_no_more(
    tmp_path_factory: pytest.TempPathFactory, kind: str, place: float, junk: bytes
) -> None:
    raw = SAMPLES[kind].encode()
    at = int(place * len(raw))
    path = write(tmp_path_factory.mktemp("junk"), raw[:at] + junk + raw[at + len(junk) :])
    try:
        rows = list(opened(path).rows())
    except InputError:
        return
    assert [row.row for row in rows] == list(range(1, len(rows) + 1))


REAL = {
    "scopus/ai_education_articles_2025_a.csv.gz": ("Scopus CSV export", 1829),
    "scopus/bibliometrix_2017_superscript.bib": ("BibTeX", 46),
    "scopus/pybibx_scopus_old.bib.gz": ("BibTeX", 263),
    "scopus/pybibx_fork_170.bib": ("BibTeX", 170),
    "scopus/renewable_ai_2024_scopus.ris": ("RIS", 264),
    "scopus/histcite_scopus.ris": ("RIS", 87),
    "scopus_api/one_standard_page_0.json": ("Scopus JSON", 25),
    "scopus_api/scopus_search_standard_2017_a.jsonl.gz": ("Scopus JSON", 750),
    "scopus_api/scopus_search_complete_page1.json": ("Scopus JSON", 25),
    "wos/ai_medical_imaging_part3.txt.gz": ("Web of Science plain text", 500),
    "wos/biblium_wos_crlf.txt.gz": ("Web of Science plain text", 500),
    "wos/bibliometrix_fixture_wos.txt": ("Web of Science plain text", 8),
    "wos/genai_authorship.txt.gz": ("Web of Science plain text", 469),
    "wos/genai_authorship.bib.gz": ("BibTeX", 469),
    "wos/genai_authorship.ris.gz": ("RIS", 469),
    "openalex/biblium_openalex_export.csv.gz": ("OpenAlex CSV export", 613),
    "other/aiml_pubmed89.txt.gz": ("PubMed (MEDLINE)", 89),
    "other/ieee_xplore_1.csv.gz": ("IEEE Xplore CSV", 100),
}


@pytest.mark.parametrize("name", sorted(REAL))
def test_real_files(name: str) -> None:
    found = opened(shared(f"data/{name}"))
    kind, rows = REAL[name]
    assert found.kind == kind
    assert not found.is_cut
    assert sum(1 for _ in found.rows()) == rows
