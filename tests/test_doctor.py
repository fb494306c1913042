"""Each check says how it is and what to do; the key is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibliometrics import doctor
from bibliometrics.harvesting import ledger
from bibliometrics.harvesting.harvest import harvest
from bibliometrics.sources.paged import Quota, RequestRefusedError
from harvest_fixture import KEY, Shelf, source_at, study_of
from scopus_emulator import ScopusEmulator, papers


def of(found: tuple[doctor.Check, ...], name: str) -> doctor.Check:
    return next(check for check in found if check.name.startswith(name))


def test_a_fresh_installation_is_told_what_comes_next(tmp_path: Path) -> None:
    found = doctor.checks({}, tmp_path / "cache", free_bytes=10**10)
    assert of(found, "SCOPUS_API_KEY").verdict == "note"
    assert "dev.elsevier.com" in of(found, "SCOPUS_API_KEY").remedy
    assert of(found, "cache").remedy == "bibliometrics plan STUDY"
    assert of(found, "pybliometrics").verdict == of(found, "disk").verdict == "good"
    assert all(check.remedy for check in found if check.verdict != "good")


def test_the_key_is_said_to_be_there_and_not_shown(tmp_path: Path) -> None:
    found = doctor.checks({"SCOPUS_API_KEY": KEY}, tmp_path, free_bytes=10**10)
    assert of(found, "SCOPUS_API_KEY").verdict == "good"
    assert KEY not in "\n".join(map(str, found))
    broken = doctor.checks({"SCOPUS_API_KEY": KEY + "\n"}, tmp_path, free_bytes=10**10)
    assert of(broken, "SCOPUS_API_KEY").verdict == "bad" and KEY not in "\n".join(map(str, broken))


def test_pages_are_checked_by_hash(tmp_path: Path) -> None:
    folder = tmp_path / "scopus" / "cingai-2020"
    harvest(study_of(), Shelf(papers(5)), folder, lambda _: None)
    assert of(doctor.checks({}, tmp_path), "cache").says == "3 pages, all as received"
    page = sorted(folder.rglob("*.gz"))[1]
    page.write_bytes(page.read_bytes()[:-3])
    sick = of(doctor.checks({}, tmp_path), "cache scopus/cingai-2020")
    assert sick.verdict == "bad" and "1 of 3 pages damaged" in sick.says and "00002" in sick.says
    harvest(study_of(), Shelf(papers(5)), folder, lambda _: None)  # the remedy, followed
    page.unlink()
    assert of(doctor.checks({}, tmp_path), "cache").verdict == "bad"


def test_a_damaged_ledger_is_told_and_its_remedy_works(tmp_path: Path) -> None:
    shelf = Shelf(papers(5))
    harvest(study_of(), shelf, tmp_path, lambda _: None)
    book = tmp_path / ledger.NAME
    book.write_bytes(book.read_bytes().replace(b'"what":"page"', b'"what":"pag!"', 1))
    sick = of(doctor.checks({}, tmp_path), "cache")
    assert (
        sick.verdict == "bad" and "line 4" in sick.says and "move ledger.jsonl away" in sick.remedy
    )
    book.rename(tmp_path / "ledger.old")
    shelf.asked.clear()
    assert harvest(study_of(), shelf, tmp_path, lambda _: None).held.is_whole
    assert shelf.asked == ["count"]


def test_little_room_is_bad(tmp_path: Path) -> None:
    assert of(doctor.checks({}, tmp_path, free_bytes=10**8), "disk").verdict == "bad"
    assert of(doctor.checks({}, tmp_path / "not" / "yet"), "disk").says.endswith("GB free")


def test_the_quota_is_asked_for_by_one_request_and_only_then(tmp_path: Path) -> None:
    with ScopusEmulator([]) as service:
        source = source_at(service.address)
        doctor.checks({}, tmp_path)
        assert service.requests == []
        found = doctor.checks({}, tmp_path, lambda: source.count("DOI(10)").quota)
        assert len(service.requests) == 1
    assert "19999 of 20000 requests left, renewed at 2027" in of(found, "Scopus").says


@pytest.mark.parametrize(
    ("quota", "verdict"), [(Quota(10, 0, 1.8e9), "bad"), (Quota(), "good"), (Quota(10, 3), "good")]
)
def test_what_the_service_says_of_its_quota(quota: Quota, verdict: str, tmp_path: Path) -> None:
    assert of(doctor.checks({}, tmp_path, lambda: quota), "Scopus").verdict == verdict


def test_a_refusal_is_a_line_with_its_remedy(tmp_path: Path) -> None:
    def refuse() -> Quota:
        raise RequestRefusedError("Scopus answered 401", hint="check the key")

    line = of(doctor.checks({}, tmp_path, refuse), "Scopus")
    assert (line.verdict, line.remedy) == ("bad", "check the key")


def test_an_old_python_and_another_address_are_told(tmp_path: Path) -> None:
    found = doctor.checks(
        {"BIBLIOMETRICS_SCOPUS_URL": "http://127.0.0.1:1"}, tmp_path, python=(3, 10)
    )
    assert of(found, "python").verdict == "bad"
    assert "unset" in of(found, "BIBLIOMETRICS_SCOPUS_URL").remedy
