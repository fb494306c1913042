"""Judged rows of a harvest are used again only where nothing they were made from has changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bibliometrics import ingest, judged
from bibliometrics.attribution.place import country_of
from bibliometrics.corpus.columns import TABLES, Slice
from bibliometrics.errors import InputError
from bibliometrics.harvesting.harvest import harvest
from bibliometrics.harvesting.services import cached
from bibliometrics.sources.reading import Opened, Paged
from bibliometrics.study.model import Study
from conftest import with_options
from harvest_fixture import source_at
from scopus_emulator import ScopusEmulator, papers


@pytest.fixture
def place(tmp_path: Path, flagship: Study, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(ingest, "_WORTH_KEEPING", 1)
    place = tmp_path / "scopus" / flagship.name
    with ScopusEmulator(papers(60)) as service:
        harvest(flagship, source_at(service.address), place, print)
    return place


def opened(place: Path, study: Study) -> Opened:
    held = cached(study, place.parents[1], ("scopus",))
    assert held is not None
    return held.opened


def read(place: Path, study: Study) -> list[Slice]:
    return [part for _, part in ingest.slices((opened(place, study),), study, country_of, 1)]


def folders(place: Path) -> list[str]:
    return sorted(path.name for path in (place / "judged").iterdir())


def same(one: list[Slice], other: list[Slice]) -> None:
    assert len(one) == len(other)
    for first, second in zip(one, other, strict=True):
        for name in TABLES:
            assert getattr(first, name).equals(getattr(second, name)), name
            assert getattr(first, name).schema == getattr(second, name).schema
        assert first.quarantined == second.quarantined


def test_the_second_reading_opens_no_page_and_gives_the_same(
    place: Path, flagship: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read(place, flagship)
    assert sum(part.rows for part in first) >= 60
    monkeypatch.setattr(
        "bibliometrics.harvesting.cache.page_of", lambda *_: pytest.fail("a page was read")
    )
    same(first, read(place, flagship))


def test_another_study_judges_again(place: Path, flagship: Study) -> None:
    read(place, flagship)
    before = folders(place)
    other = with_options(flagship, geography={"country_filter": "none"})
    key = judged.key_of(opened(place, flagship), _paged(place, flagship), other, country_of)
    assert [key] != before
    assert judged.load(place / "judged", key) is None


def _paged(place: Path, study: Study) -> Paged:
    paged = opened(place, study).paged
    assert paged is not None
    return paged


def test_a_page_that_was_touched_is_read_and_one_that_is_damaged_is_told(
    place: Path, flagship: Study
) -> None:
    first = read(place, flagship)
    before = folders(place)
    page = next(iter(sorted(place.rglob("00001.json.gz"))))
    os.utime(page, ns=(1, 1))
    same(first, read(place, flagship))
    assert len(before) == len(folders(place)) == 1
    assert folders(place) != before
    page.write_bytes(b"torn")
    with pytest.raises(InputError, match="missing or torn"):
        read(place, flagship)


@pytest.mark.parametrize("name", [*TABLES, "quarantined"])
def test_a_table_that_is_not_what_was_written_is_not_believed(
    name: str, place: Path, flagship: Study
) -> None:
    first = read(place, flagship)
    (folder,) = (place / "judged").iterdir()
    path = folder / f"{name}.arrow"
    path.write_bytes(path.read_bytes()[:-1])
    assert judged.load(place / "judged", folder.name) is None
    same(first, read(place, flagship))
    assert judged.load(place / "judged", folder.name) is not None


def test_other_software_judges_again(
    place: Path, flagship: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(place, flagship)
    before = folders(place)
    monkeypatch.setattr(judged, "_software", lambda: "another")
    read(place, flagship)
    assert folders(place) != before
    assert len(folders(place)) == 1


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    place: Path, flagship: Study
) -> None:
    (place / "judged").write_text("a file where the folder would be", encoding="utf-8")
    same(read(place, flagship), read(place, flagship))
