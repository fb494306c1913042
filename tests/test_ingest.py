"""Reading in blocks and by several processes gives the same corpus; columns give records back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics import ingest, pipeline, schema, simulation
from bibliometrics.attribution.place import country_code, country_of
from bibliometrics.corpus import keywords
from bibliometrics.corpus.assembling import Corpus, assemble
from bibliometrics.corpus.columns import Judge, Slice, lay_down
from bibliometrics.corpus.joined import join
from bibliometrics.errors import InputError, InvariantError
from bibliometrics.harvesting import cache
from bibliometrics.harvesting.harvest import harvest
from bibliometrics.harvesting.services import cached
from bibliometrics.schema.declare import conform, in_order
from bibliometrics.sources.reading import Blocks, Opened, in_blocks, named
from bibliometrics.sources.recognise import recognise
from bibliometrics.sources.record import AffiliationFacts, Quarantined, Record
from bibliometrics.sources.scopus_json import read_entries
from bibliometrics.study.model import Study
from harvest_fixture import source_at
from scopus_emulator import ScopusEmulator, paper, papers
from source_samples import work
from test_merging import record

TABLES = (
    "papers", "authorships", "affiliations", "keyword_hits", "subjects", "duplicates", "excluded",
    "quarantine",
)  # fmt: skip


def corpus_of(study: Study, inputs: tuple[Opened, ...], processes: int) -> Corpus:
    read = ingest.slices(inputs, study, country_of, processes)
    return assemble((part for _, part in read), study)


def same(one: Corpus, other: Corpus) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert (one.flow, one.findings, one.others) == (other.flow, other.findings, other.others)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Simulated exports and lines: more rows than a block holds."""
    folder = tmp_path_factory.mktemp("drawn")
    found = simulation.simulate(2_200, 4)
    simulation.write_exports(found, folder)
    simulation.write_api_lines(found, folder)
    return folder


@pytest.mark.parametrize("pattern", ["*.csv", "*.jsonl"])
def test_the_corpus_is_the_same_whoever_reads(pattern: str, drawn: Path, flagship: Study) -> None:
    inputs = pipeline.open_inputs(sorted(drawn.glob(pattern)))
    alone = corpus_of(flagship, inputs, 1)
    assert len(alone.papers) > 2_000
    assert len(alone.quarantine) > 0 or pattern != "*.csv"
    same(alone, corpus_of(flagship, inputs, 2))


def test_inputs_that_cannot_be_shared_keep_their_place_among_those_that_can(
    drawn: Path, flagship: Study
) -> None:
    lines = recognise(drawn / "entries.jsonl", country_code)
    simulated = replace(record(1), is_simulated=True)
    by_hand = Opened("a", "0" * 64, "hand-made", lambda: iter([replace(simulated)]))
    inputs = (named(lines, "first"), by_hand, lines)
    read = list(ingest.slices(inputs, flagship, country_of, 3))
    assert sorted({number for number, _ in read}) == [0, 1, 2]
    assert [number for number, _ in read] == sorted(number for number, _ in read)
    same(corpus_of(flagship, inputs, 1), corpus_of(flagship, inputs, 3))


def test_a_harvest_is_read_by_several_and_a_damaged_page_is_told_by_name(
    tmp_path: Path, flagship: Study
) -> None:
    place = tmp_path / "scopus" / flagship.name
    with ScopusEmulator(papers(60)) as service:
        harvest(flagship, source_at(service.address), place, print)
    held = cached(flagship, tmp_path, ("scopus",))
    assert held is not None
    same(corpus_of(flagship, (held.opened,), 1), corpus_of(flagship, (held.opened,), 2))
    next(iter(sorted(place.rglob("00001.json.gz")))).write_bytes(b"torn")
    with pytest.raises(InputError, match="missing or torn") as refused:
        corpus_of(flagship, (held.opened,), 2)
    assert refused.value.where.endswith("00001.json.gz")
    assert "harvest again" in refused.value.hint


def test_a_process_that_fails_is_told(flagship: Study) -> None:
    # Nothing for the process that asks, and for the other a block that is none.
    broken = in_blocks("f", "0" * 64, "broken", cast(Blocks, partial(range, 0)), size=1)
    with pytest.raises(InputError, match="ended before its work was done") as refused:
        corpus_of(flagship, (broken,), 2)
    assert "--processes 1" in refused.value.hint


def test_small_inputs_are_read_in_one_process(
    tmp_path: Path, flagship: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "few.jsonl"
    path.write_text("\n".join(json.dumps(paper(n)) for n in range(3)), encoding="utf-8")
    monkeypatch.setattr(ingest, "_Reader", None)
    inputs = pipeline.open_inputs([path])
    assert sum(part.rows for _, part in ingest.slices(inputs, flagship, country_of)) == 3


# --- JSON by lines ------------------------------------------------------------------------------


def rows(path: Path) -> list[Record | Quarantined]:
    return list(recognise(path, country_code).rows())


def test_what_is_no_entry_among_lines_of_entries_costs_itself_only(tmp_path: Path) -> None:
    page = {"search-results": {"entry": [paper(7), paper(8)]}}
    lines = [json.dumps(paper(1)), "", "{torn", json.dumps(page), json.dumps(paper(2))]
    path = tmp_path / "entries.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = rows(path)
    told = [(row.file, row.row) for row in found]
    assert told == [
        ("entries.jsonl", 1), ("entries.jsonl", 2), ("entries.jsonl line 3", 1),
        ("entries.jsonl line 3", 2), ("entries.jsonl", 4),
    ]  # fmt: skip
    assert isinstance(found[1], Quarantined) and found[1].reason == "not JSON"
    assert not recognise(path, country_code).is_cut


def test_the_view_is_that_of_the_whole_file_though_it_is_read_by_lines(tmp_path: Path) -> None:
    bare = {"eid": "2-s2.0-1", "dc:title": "Robots", "prism:coverDate": "2019-01-01"}
    path = tmp_path / "entries.jsonl"
    path.write_text(f"{json.dumps(bare)}\n{json.dumps(bare)}\n", encoding="utf-8")
    assert all(row.abstract is None for row in rows(path) if isinstance(row, Record))
    path.write_text(f"{json.dumps(bare)}\n{json.dumps(paper(2))}\n", encoding="utf-8")
    assert all(row.abstract is not None for row in rows(path) if isinstance(row, Record))


def test_works_by_lines_are_shared_out_and_a_list_among_them_is_named_by_its_line(
    tmp_path: Path,
) -> None:
    lines = [json.dumps(work(1)), json.dumps([work(2), work(3)]), "", json.dumps(work(4))]
    path = tmp_path / "works.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = rows(path)
    assert all(isinstance(row, Record) for row in found)
    assert [(row.file, row.row) for row in found] == [
        ("works.jsonl", 1), ("works.jsonl line 2", 1), ("works.jsonl line 2", 2),
        ("works.jsonl", 3),
    ]  # fmt: skip
    blocks = recognise(path, country_code).blocks
    assert blocks is not None
    assert [len(list(block)) for block in blocks(0, 2)] == [4]
    assert list(blocks(1, 2)) == []


# --- columns --------------------------------------------------------------------------------------


def given_back(part: Slice) -> list[Record]:
    whole = join([part])
    return whole.taken(np.arange(len(whole)))


def test_a_record_comes_back_out_of_the_columns_without_the_texts(flagship: Study) -> None:
    facts = {"A, China": AffiliationFacts("60", "", "Beijing", "CN")}
    told = [
        replace(record(1), facts=facts, affiliations=("A, China", "B"),
                author_affiliations=(("A, China", "B"), (), ("B",)), subjects=(("ASJC", "X"),),
                author_ids=()),
        replace(record(2), author_affiliations=None, doi="", language=None, is_retracted=True),
        replace(record(3), author_affiliations=None, affiliations=None),
    ]  # fmt: skip
    part = lay_down([replace(each) for each in told], Judge(flagship, country_of))
    bare: dict[str, Any] = {
        "abstract": None, "author_keywords": None, "index_keywords": None, "author_ids": (),
    }  # fmt: skip
    assert given_back(part) == [replace(each, **bare) for each in told]


def test_no_slice_at_all_is_an_empty_corpus(flagship: Study) -> None:
    empty = assemble((), flagship)
    assert [len(getattr(empty, name)) for name in TABLES] == [0] * len(TABLES)


def test_a_key_that_comes_twice_stops_the_run_in_ordered_tables_too() -> None:
    frame = pd.DataFrame({"paper_id": ["a", "a"], "scheme": ["s", "s"], "subject": ["x", "y"]})
    pd.testing.assert_frame_equal(in_order(frame, schema.SUBJECTS), conform(frame, schema.SUBJECTS))
    with pytest.raises(InvariantError, match="not unique"):
        in_order(frame.assign(subject="x"), schema.SUBJECTS)


# --- the same answers with fewer steps ------------------------------------------------------------

PIECES = ["©", "(c)", "(C)", "copyright", "CopyRight", "copyrıght", "copyrİght", "?", " 2021", ". A",
          "word ", "İ", "—", "\n", "x" * 300]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.integers(0, 40))
def test_signs_of_a_copyright_line_are_those_the_pattern_finds(text: str, start: int) -> None:
    start = min(start, len(text))
    found = [sign.start() for sign in keywords._COPYRIGHT_SIGNS.finditer(text, start)]
    assert [*keywords._signs(text, start)] == found


@given(st.text("robt s'ei-y_\u00e9", max_size=30), st.sampled_from(["robot", "", "ro"]))
def test_a_phrase_stands_where_its_pattern_is_found(text: str, needle: str) -> None:
    pattern = re.compile(r"(?<!\w)robot(?:'s|(?:e?s)'?)?(?!\w)")
    assert keywords._stands(pattern, needle, text) == bool(pattern.search(text))


def test_a_cache_is_read_block_by_block_as_it_is_read_as_a_whole(tmp_path: Path) -> None:
    assert (
        list(cache.cached_records(tmp_path, lambda *_: read_entries([], "f", country_code))) == []
    )
