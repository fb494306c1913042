"""The harvest as a user meets it: stop anywhere, go on, pay once, know what came."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import time
from pathlib import Path

import pytest

from bibliometrics.attribution.place import country_code
from bibliometrics.errors import InputError
from bibliometrics.harvesting import cache, ledger, loading, planning
from bibliometrics.harvesting.harvest import Progress, harvest
from bibliometrics.harvesting.profiles import fetch_profiles
from bibliometrics.sources.paged import (
    HarvestStoppedError,
    RequestRefusedError,
    ViewDeniedError,
)
from bibliometrics.sources.scopus_api import write_client_file
from bibliometrics.sources.scopus_json import page_reader
from bibliometrics.study.query import scopus_query
from harvest_fixture import KEY, Clock, Shelf, cached_eids, contents, lines_of, source_at, study_of
from harvest_kills import series
from scopus_emulator import FOREVER, Fault, ScopusEmulator, eids, paper, papers


def silent(_: str) -> None:
    return


def test_what_the_service_holds_arrives_in_order_and_is_not_asked_for_twice(tmp_path: Path) -> None:
    seen: list[Progress] = []
    with ScopusEmulator(papers(60)) as service:
        done = harvest(study_of(), source_at(service.address), tmp_path, silent, seen.append)
        assert done.requests == len(service.requests) == 4  # one count, three pages
        assert cached_eids(tmp_path) == eids(service.entries)
        assert [(p.rows, p.total, p.pages_done, p.pages_planned) for p in seen] == [
            (25, 60, 1, 3), (50, 60, 2, 3), (60, 60, 3, 3),
        ]  # fmt: skip
        again = harvest(study_of(), source_at(service.address), tmp_path, silent)
        assert again.requests == 0 and len(service.requests) == 4
    assert again.held == done.held and again.held.is_whole


def test_pages_are_kept_as_received(tmp_path: Path) -> None:
    with ScopusEmulator(papers(30)) as service:
        harvest(study_of(), source_at(service.address), tmp_path, silent)
        sent = set(service._pages.values())
    assert set(contents(tmp_path).values()) <= sent


def test_a_stopped_harvest_goes_on_at_the_next_page_with_another_quota(tmp_path: Path) -> None:
    with ScopusEmulator(papers(60), quota=3) as service:
        with pytest.raises(HarvestStoppedError) as stopped:
            harvest(study_of(), source_at(service.address), tmp_path, silent)
        assert stopped.value.exit_status == 3
        assert "renewed at 2027-01-15T08:00:00Z" in str(stopped.value)
        assert "bibliometrics harvest cingai-2020" in str(stopped.value)
        service.quota = 20_000
        done = harvest(study_of(), source_at(service.address), tmp_path, silent)
        assert done.requests == 1
        assert [page for _, page in service.pages_asked()] == [1, 2, 3]
        assert cached_eids(tmp_path) == eids(service.entries)


def test_a_cursor_that_expired_while_the_harvest_lay_begins_its_slice_anew(tmp_path: Path) -> None:
    with ScopusEmulator(papers(60), quota=3) as service:
        with pytest.raises(HarvestStoppedError):
            harvest(study_of(), source_at(service.address), tmp_path, silent)
        service.quota = 20_000
        service.expire_cursors()
        done = harvest(study_of(), source_at(service.address), tmp_path, silent)
        assert [page for _, page in service.pages_asked()] == [1, 2, 3, 1, 2, 3]
        assert cached_eids(tmp_path) == eids(service.entries)
    assert done.held.entries[0].attempt == 2


def test_kills_lose_nothing_and_repeat_one_request_each_at_most(tmp_path: Path) -> None:
    """Twenty here; ``BIBLIOMETRICS_KILLS=200``, or ``benchmarks/harvest.py --kills 200``."""
    wanted = int(os.environ.get("BIBLIOMETRICS_KILLS", "20"))
    came = series(wanted, seed=2020, folder=tmp_path)
    assert came.kills >= wanted
    assert came.different == 0
    assert came.worst <= 0 and came.repeated <= came.kills


def _straight(folder: Path, service: ScopusEmulator) -> dict[str, bytes]:
    harvest(study_of(), source_at(service.address), folder, silent)
    return contents(folder)


@pytest.fixture
def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of harvests in a few seconds: what is flushed where is not looked at here."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.mark.usefixtures("no_disk")
def test_a_ledger_cut_at_every_byte_costs_no_page(tmp_path: Path) -> None:
    shelf, study = Shelf(papers(5)), study_of(keywords=["robot"])
    harvest(study, shelf, tmp_path, silent)
    whole, path = contents(tmp_path), tmp_path / ledger.NAME
    raw = path.read_bytes()
    for place in range(len(raw)):
        path.write_bytes(raw[:place])
        shelf.asked.clear()
        done = harvest(study, shelf, tmp_path, silent)
        assert done.held.is_whole and contents(tmp_path) == whole, place
        assert set(shelf.asked) <= {"count"}, place


@pytest.mark.usefixtures("no_disk")
def test_a_last_page_cut_at_every_byte_is_noticed_and_fetched_again(tmp_path: Path) -> None:
    shelf, study = Shelf(papers(5)), study_of(keywords=["robot"])
    harvest(study, shelf, tmp_path, silent)
    whole = contents(tmp_path)
    book = (tmp_path / ledger.NAME).read_bytes().splitlines(keepends=True)
    last = sorted((tmp_path / "pages").rglob("*.gz"))[-1]
    raw = last.read_bytes()
    for kept in (len(book) - 1, len(book) - 2):  # the last page's line written, and not yet
        for place in range(len(raw)):
            last.write_bytes(raw[:place])
            (tmp_path / ledger.NAME).write_bytes(b"".join(book[:kept]))
            shelf.asked.clear()
            done = harvest(study, shelf, tmp_path, silent)
            assert done.held.is_whole and contents(tmp_path) == whole, place
            assert shelf.asked == ["4"], place


def test_a_page_of_a_whole_slice_damaged_on_disk_is_told_and_its_slice_fetched_again(
    tmp_path: Path,
) -> None:
    told: list[str] = []
    with ScopusEmulator(papers(60)) as service:
        _straight(tmp_path, service)
        page = sorted((tmp_path / "pages").rglob("*.gz"))[0]
        page.write_bytes(gzip.compress(b"{}"))
        with pytest.raises(InputError, match="not what was received"):
            cached_eids(tmp_path)
        done = harvest(study_of(), source_at(service.address), tmp_path, told.append)
        assert any("damaged on disk" in line for line in told)
        assert cached_eids(tmp_path) == eids(service.entries) and done.held.is_whole


def test_half_written_files_of_a_killed_process_are_swept(tmp_path: Path) -> None:
    with ScopusEmulator(papers(30)) as service:
        whole = _straight(tmp_path, service)
        place = sorted((tmp_path / "pages").rglob("*.gz"))[0].parent
        (place / ".00009.json.gz.partial").write_bytes(b"torn")
        harvest(study_of(), source_at(service.address), tmp_path, silent)
    assert contents(tmp_path) == whole and not list(tmp_path.rglob("*.partial"))


def test_two_harvests_into_one_folder_are_refused(tmp_path: Path) -> None:
    with (
        ScopusEmulator(papers(30)) as service,
        ledger.writing(tmp_path),
        pytest.raises(InputError, match="another harvest"),
    ):
        harvest(study_of(), source_at(service.address), tmp_path, silent)


def test_simulated_and_real_records_never_share_a_cache_folder(tmp_path: Path) -> None:
    with ScopusEmulator(papers(30)) as service:
        harvest(study_of(2019, 2019), source_at(service.address), tmp_path, silent)
    with (
        ScopusEmulator(papers(30, year=2018, simulated=True)) as service,
        pytest.raises(InputError, match="simulated and real"),
    ):
        harvest(study_of(2018, 2018), source_at(service.address), tmp_path, silent)
    assert len(cached_eids(tmp_path)) == 0 and len(contents(tmp_path)) == 2


def test_simulated_pages_make_simulated_records(tmp_path: Path) -> None:
    with ScopusEmulator(papers(3, simulated=True)) as service:
        done = harvest(study_of(), source_at(service.address), tmp_path, silent)
    rows = list(cache.cached_records(tmp_path, page_reader(country_code)))
    assert done.held.is_simulated is True
    assert all(getattr(row, "is_simulated", False) for row in rows) and len(rows) == 3


def test_a_slice_without_records_costs_its_count_alone(tmp_path: Path) -> None:
    with ScopusEmulator(papers(30)) as service:
        done = harvest(study_of(2017, 2019), source_at(service.address), tmp_path, silent)
        assert len(service.requests) == 3 + 2
    assert [entry.rows for entry in done.held.entries] == [0, 0, 30]


def test_only_stale_slices_are_fetched_again_and_old_editions_can_be_rebuilt(
    tmp_path: Path,
) -> None:
    clock = Clock()
    entries = [*papers(30, year=2018), *(paper(100 + n, year=2019) for n in range(30))]
    with ScopusEmulator(entries) as service:
        source, study = source_at(service.address), study_of(2018, 2019)
        old = harvest(study, source, tmp_path, silent, patience=clock.patience).held
        clock.at += 10 * 86_400
        service.entries = [*entries, paper(999, year=2019)]
        service._found.clear()
        service._pages.clear()
        fresh = harvest(study, source, tmp_path, silent, patience=clock.patience, max_age_days=30)
        assert fresh.requests == 0
        new = harvest(study, source, tmp_path, silent, patience=clock.patience, max_age_days=7)
        assert new.fetched == 2
        again = harvest(study, source, tmp_path, silent, patience=clock.patience, max_age_days=7)
        assert again.requests == 0
    read = page_reader(country_code)
    assert len(list(cache.cached_records(tmp_path, read, old.entries))) == 60
    names = [cache.named(tmp_path, entry.slice, entry.attempt) for entry in old.entries]
    assert [name.content for name in names if name] == [entry.content for entry in old.entries]
    assert len(list(cache.cached_records(tmp_path, read, new.held.entries))) == 61
    assert old.newest < new.held.newest


def test_a_refresh_that_was_stopped_goes_on_and_does_not_begin_again(tmp_path: Path) -> None:
    clock = Clock()
    entries = [*papers(30, year=2018), *(paper(100 + n, year=2019) for n in range(30))]
    with ScopusEmulator(entries) as service:
        source, study = source_at(service.address), study_of(2018, 2019)
        harvest(study, source, tmp_path, silent, patience=clock.patience)
        clock.at += 86_400
        before = len(service.pages_asked())
        service.quota = 5  # two counts, three of four pages
        with pytest.raises(HarvestStoppedError):
            harvest(study, source, tmp_path, silent, patience=clock.patience, max_age_days=0)
        service.quota = FOREVER
        clock.at += 3600
        harvest(study, source, tmp_path, silent, patience=clock.patience, max_age_days=0)
        assert len(service.pages_asked()) - before == 4


def test_the_slice_of_another_view_or_query_is_another_slice() -> None:
    keys = {cache.slice_key(*of) for of in [("scopus", "COMPLETE", "q"), ("scopus", "STANDARD", "q"),
            ("scopus", "COMPLETE", "r"), ("openalex", "COMPLETE", "q")]}  # fmt: skip
    assert len(keys) == 4


def test_the_cache_answers_for_the_search_that_was_asked(tmp_path: Path) -> None:
    entries = [*papers(30, year=2018), *(paper(100 + n, year=2019) for n in range(30))]
    with ScopusEmulator(entries) as service:
        source = source_at(service.address)
        harvest(study_of(2018, 2018), source, tmp_path, silent)
        harvest(study_of(2019, 2019), source, tmp_path, silent)
    first = cache.held(tmp_path, scopus_query(study_of(2018, 2018)))
    assert first is not None and [entry.label for entry in first.entries] == ["2018"]
    assert cache.held(tmp_path, "another question") is None
    assert cached_eids(tmp_path) == eids(entries[30:])  # the newest, where nothing is said


# --- the view ---------------------------------------------------------------------------------


def test_without_a_subscription_the_harvest_says_what_to_do_and_what_is_lost(
    tmp_path: Path,
) -> None:
    with ScopusEmulator(papers(30), allowed_views=("STANDARD",)) as service:
        with pytest.raises(ViewDeniedError) as denied:
            harvest(study_of(), source_at(service.address), tmp_path, silent)
        assert denied.value.exit_status == 2
        assert "fallback_view" in denied.value.hint and "no fractional counts" in denied.value.hint
        assert contents(tmp_path) == {}


def test_the_standard_view_is_used_where_the_user_said_so(tmp_path: Path) -> None:
    told: list[str] = []
    with ScopusEmulator(papers(30), allowed_views=("STANDARD",)) as service:
        source = source_at(service.address)
        other = source_at(service.address, view="STANDARD")
        done = harvest(study_of(), source, tmp_path, told.append, fallback=other)
        assert done.held.is_whole and done.held.entries[0].view == "STANDARD"
        assert any("going on in the STANDARD view" in line for line in told)
        sent = len(service.requests)
        harvest(study_of(), source, tmp_path, told.append, fallback=other)
        assert len(service.requests) == sent
    rows = list(cache.cached_records(tmp_path, page_reader(country_code)))
    assert {row.tie for row in rows} == {"paper"}  # type: ignore[union-attr]


# --- the key ----------------------------------------------------------------------------------


def _everything_written(folder: Path) -> bytes:
    found = b""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            raw = path.read_bytes()
            found += path.name.encode() + raw
            found += gzip.decompress(raw) if path.suffix == ".gz" else b""
    return found


@pytest.mark.parametrize(
    "faults",
    [
        [],
        [Fault("status", 1, 1, 401)],
        [Fault("status", 2, 1, 403)],
        [Fault("status", 2, FOREVER, 503)],
        [Fault("quota", 2)],
    ],
    ids=["none", "401", "403", "503", "quota"],
)
def test_the_key_is_in_no_file_no_message_and_no_address(
    faults: list[Fault], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told, clock, said = [], Clock(), ""
    with ScopusEmulator(papers(60), echo_key=True) as service:  # repeats it in body and headers
        service.script(*faults)
        try:
            harvest(
                study_of(), source_at(service.address), tmp_path, told.append,
                patience=clock.patience,
            )  # fmt: skip
        except (HarvestStoppedError, RequestRefusedError, ViewDeniedError) as error:
            said = f"{error!r} {error} {error.hint} {error.__cause__!r}"
        assert all(asked.key == KEY and KEY not in asked.raw for asked in service.requests)
    out = capfd.readouterr()
    assert KEY not in " ".join([*told, said, out.out, out.err])
    assert KEY.encode() not in _everything_written(tmp_path)
    assert bool(faults) == bool(said)
    if not faults:
        assert b"[key removed]" in _everything_written(tmp_path)


def test_headers_are_not_stored(tmp_path: Path) -> None:
    with ScopusEmulator(papers(30)) as service:
        harvest(study_of(), source_at(service.address), tmp_path, silent)
    book = (tmp_path / ledger.NAME).read_text(encoding="utf-8")
    assert "RateLimit" not in book and "header" not in book.lower()
    assert '"quota_remaining":1999' in book


# --- what the ledger says ---------------------------------------------------------------------


def test_the_ledger_says_what_was_asked_when_by_which_version_and_what_was_announced(
    tmp_path: Path,
) -> None:
    clock = Clock()
    with ScopusEmulator(papers(30)) as service:
        harvest(study_of(), source_at(service.address), tmp_path, silent, patience=clock.patience)
    [begun] = lines_of(tmp_path, ledger.Begun)
    [first, _] = lines_of(tmp_path, ledger.PageKept)
    [ended] = lines_of(tmp_path, ledger.Ended)
    assert isinstance(begun, ledger.Begun) and "pybliometrics 4." in begun.software
    assert "PUBYEAR = 2019" in begun.query and begun.at == "2026-09-21T14:13:20Z"
    assert isinstance(first, ledger.PageKept) and (first.total, first.rows) == (30, 25)
    assert isinstance(ended, ledger.Ended) and (ended.announced, ended.distinct) == (30, 30)


def test_the_cache_of_the_client_can_be_served_from_what_was_fetched(tmp_path: Path) -> None:
    from pybliometrics.scopus import ScopusSearch, init
    from pybliometrics.utils.constants import DEFAULT_PATHS

    with ScopusEmulator(papers(30)) as service:
        done = harvest(study_of(), source_at(service.address), tmp_path / "ours", silent)
    theirs = tmp_path / "theirs"
    found = [
        entry
        for one in done.held.entries
        for body in cache.pages(tmp_path / "ours", one)
        for entry in json.loads(body)["search-results"]["entry"]
    ]
    write_client_file(theirs / "ScopusSearch", done.held.query, "COMPLETE", found)
    paths = "".join(f"{name} = {theirs / name}\n" for name in DEFAULT_PATHS)
    config = tmp_path / "client.cfg"
    config.write_text(f"[Directories]\n{paths}[Authentication]\n[Requests]\n", encoding="utf-8")
    init(config_path=config, keys=["not-a-key"])
    results = ScopusSearch(done.held.query, view="COMPLETE").results  # no socket is open to it
    assert results is not None and len(results) == 30


# --- profiles ---------------------------------------------------------------------------------


def test_profiles_of_affiliations_are_fetched_once(tmp_path: Path) -> None:
    with ScopusEmulator([]) as service:
        source = source_at(service.address)
        found = fetch_profiles(source, tmp_path, ["60025278", "60025278", "not an id"], silent)
        assert [one.parent for one in found] == ["60000001"]
        assert fetch_profiles(source, tmp_path, ["60025278"], silent) == found
        assert len(service.requests) == 1


# --- planning ---------------------------------------------------------------------------------


def plan(
    service: ScopusEmulator, folder: Path, clock: Clock, study: object = None, **options: object
) -> planning.CountPlan:
    return planning.plan(
        study or study_of(), source_at(service.address), folder, silent,  # type: ignore[arg-type]
        patience=clock.patience, **options,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_plan_counts_and_fetches_nothing(tmp_path: Path) -> None:
    with ScopusEmulator([*papers(30, year=2018), *papers(60)]) as service:
        study = study_of(2018, 2019)
        seen = plan(service, tmp_path, Clock(), study, checked=planning.controls(study))
        assert [(part.label, part.total) for part in seen.slices] == [("2018", 30), ("2019", 60)]
        assert seen.requests == 2 + 3 and seen.total == 90
        assert seen.counts_sent == len(service.requests) == 2 + 1 + 10
        assert seen.quota.remaining == 20_000 - 13 and seen.is_affordable
        assert service.pages_asked() == [] and contents(tmp_path) == {}
        done = harvest(
            study, source_at(service.address), tmp_path, silent, patience=Clock().patience
        )
        assert done.requests == 5  # the plan's counts serve the harvest


def test_the_counts_of_a_plan_are_announced_before_they_are_sent(tmp_path: Path) -> None:
    study = study_of()
    checked = planning.controls(study, [planning.Institution("Tsinghua", ("60025278", "60003353"))])
    wanted = planning.announced(planning.scopus_search(study), checked, ledger.Known(), "scopus")
    assert [label for label, _ in wanted][:3] == [
        "2019",
        "unsliced",
        "Artificial Intelligence alone",
    ]
    with ScopusEmulator(papers(30)) as service:
        plan(service, tmp_path, Clock(), study, checked=checked)
        assert [asked.query for asked in service.requests] == [query for _, query in wanted]
    assert wanted[-1][1].endswith("AND (AF-ID(60025278) OR AF-ID(60003353))")


def test_a_slice_that_is_too_large_is_split_by_load_year_then_month(tmp_path: Path) -> None:
    loads = ["20181101", *["20190305"] * 20, *["20190706"] * 20, *["20200101"] * 5, "20240202"]
    entries = [paper(n, year=2019, loaded=day) for n, day in enumerate(loads)]
    with ScopusEmulator(entries) as service:
        seen = plan(service, tmp_path, Clock(), too_large=25)
        assert [(part.label, part.total) for part in seen.slices] == [
            ("2019 loaded before 2019", 1), ("2019 loaded 2019-03", 20),
            ("2019 loaded 2019-07", 20), ("2019 loaded 2020", 5), ("2019 loaded 2024", 1),
        ]  # fmt: skip
        done = harvest(study_of(), source_at(service.address), tmp_path, silent,
                       patience=Clock().patience, too_large=25)  # fmt: skip
        assert done.held.is_whole and sorted(cached_eids(tmp_path)) == sorted(eids(entries))


def test_records_without_a_load_date_keep_their_slice_whole(tmp_path: Path) -> None:
    entries = [paper(n, loaded="99999999" if n < 3 else "20190701") for n in range(60)]
    for entry in entries[:3]:
        entry["_loaded"] = "0"
    with ScopusEmulator(entries) as service:
        # the emulator answers "before 2019" for these; a service that has no date answers nothing
        service.script(Fault("drifting_total", None, 1, -3, "ORIG-LOAD-DATE < 20190101"))
        seen = plan(service, tmp_path, Clock(), too_large=25)
    assert [(part.label, part.total) for part in seen.slices] == [("2019", 60)]
    assert "not split" in seen.notes[0]


def test_load_parts_exclude_one_another_and_leave_no_day_out() -> None:
    part = planning.Slice("2019", "Q")
    years = loading.by_load_year(part, 2019, 2026)
    months = loading.by_load_month(planning.Slice(years[1].label, years[1].query))
    days = [dt.date(2018, 12, 1) + dt.timedelta(days=n) for n in range(3_000)]
    from scopus_emulator import _matches

    for day in days:
        entry = paper(1, loaded=f"{day:%Y%m%d}")
        assert sum(_matches(entry, one.query) for one in years) == 1
        assert sum(_matches(entry, one.query) for one in months) == (day.year == 2019)


def test_a_past_state_and_the_completeness_of_new_years_come_of_load_years(tmp_path: Path) -> None:
    loads = {2015: {2015: 6, 2016: 3, 2017: 1}, 2016: {2016: 6, 2017: 4}, 2019: {2019: 12}}
    days = [(year, load) for year, by in loads.items() for load, n in by.items() for _ in range(n)]
    entries = [paper(n, year=y, loaded=f"{load}0301") for n, (y, load) in enumerate(days)]
    with ScopusEmulator(entries) as service:
        done = harvest(
            study_of(2015, 2019), source_at(service.address), tmp_path, silent,
            patience=Clock().patience, split="by load year",
        )  # fmt: skip
    sizes = {entry.label: entry.rows for entry in done.held.entries if entry.rows}
    then = loading.loaded_by(list(sizes), 2016)
    assert then is not None and sum(sizes[label] for label in then) == 6 + 3 + 6
    assert loading.completeness(sizes, 2019) == {2019: pytest.approx(0.6)}
    assert loading.loaded_by(["2019"], 2020) is None


def test_a_count_that_is_no_count_stops_and_can_be_resumed(tmp_path: Path) -> None:
    clock = Clock()
    with ScopusEmulator(papers(3)) as service:
        service.script(Fault("html", None, FOREVER))
        with pytest.raises(HarvestStoppedError, match="counting 2019"):
            plan(service, tmp_path, clock)


def test_records_without_a_year_are_told_by_the_unsliced_total(tmp_path: Path) -> None:
    study, checked = study_of(), planning.controls(study_of())[:1]
    with ScopusEmulator(papers(30)) as service:
        service.script(Fault("drifting_total", None, 1, 4, checked[0].query))
        seen = plan(service, tmp_path, Clock(), study, checked=checked)
    assert "differ by 4 records" in seen.notes[0]
    assert planning.told_controls(tmp_path, "scopus", checked) == {"unsliced": 34}


def test_a_full_disk_stops_the_harvest_and_it_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, flush, left = Shelf(papers(5)), os.fsync, [8]

    def full(file: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(28, "No space left on device")
        flush(file)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(HarvestStoppedError, match="No space left") as stopped:
        harvest(study_of(), shelf, tmp_path, silent)
    assert stopped.value.exit_status == 3
    assert harvest(study_of(), shelf, tmp_path, silent).held.is_whole
    assert not list(tmp_path.rglob("*.partial"))


def test_as_of_is_a_condition_on_the_load_date(tmp_path: Path) -> None:
    entries = [paper(n, loaded=day) for n, day in enumerate(["20200624", "20200625"])]
    with ScopusEmulator(entries) as service:
        study = study_of(as_of=dt.date(2020, 6, 24))
        harvest(study, source_at(service.address), tmp_path, silent)
    assert cached_eids(tmp_path) == eids(entries[:1])


def test_gaps_over_two_percent_are_listed_with_their_reasons() -> None:
    found = planning.gaps(
        {"unsliced": 1000, "robot alone": 100, "Tsinghua": 50, "unseen": 5},
        {"unsliced": 985, "robot alone": 97, "Tsinghua": 40},
        {"Tsinghua": "the hospital has an id of its own"},
    )
    assert [(gap.label, round(gap.share, 3), bool(gap.reason)) for gap in found] == [
        ("robot alone", -0.03, False), ("Tsinghua", -0.2, True),
    ]  # fmt: skip
    assert "[source] reasons" in found[0].says


def test_time_is_planned_by_what_the_counts_took(tmp_path: Path) -> None:
    clock = Clock()
    with ScopusEmulator(papers(60)) as service:

        def slowly(_: object) -> None:
            clock.at += 2.0

        service.on_request = slowly
        seen = plan(service, tmp_path, clock)
    assert seen.seconds == pytest.approx(3 * 2.0)


def test_another_service_brings_its_own_question(tmp_path: Path) -> None:
    shelf = Shelf(papers(5), name="openalex", view="works")
    parts = (planning.Slice("2019", "filter=year:2019"),)
    question = planning.Search("filter=robot", parts, has_load_dates=False)
    done = harvest(study_of(), shelf, tmp_path, silent, search=question, too_large=1)
    assert done.held.query == "filter=robot" and done.held.is_whole
    assert [entry.label for entry in done.held.entries] == ["2019"]


def test_an_old_count_does_not_hide_what_came_since(tmp_path: Path) -> None:
    clock = Clock()
    with ScopusEmulator([]) as service:
        assert plan(service, tmp_path, clock).total == 0
        service.entries = papers(3)
        service._found.clear()
        service._pages.clear()
        clock.at += 2 * 86_400
        source = source_at(service.address)
        done = harvest(study_of(), source, tmp_path, silent, patience=clock.patience)
    assert [entry.rows for entry in done.held.entries] == [3]


def test_another_division_is_another_plan_and_keeps_what_is_the_same(tmp_path: Path) -> None:
    clock = Clock()
    entries = [paper(n, year=2018 + n % 2, loaded="20190301") for n in range(60)]
    with ScopusEmulator(entries) as service:
        source, study = source_at(service.address), study_of(2018, 2019)
        harvest(study, source, tmp_path, silent, patience=clock.patience)
        before = len(service.pages_asked())
        done = harvest(
            study, source, tmp_path, silent, patience=clock.patience, split="by load year"
        )
        assert len(service.pages_asked()) - before == 2 + 2
    assert sorted(cached_eids(tmp_path)) == sorted(eids(entries)) and done.held.is_whole


def test_an_incomplete_slice_is_tried_again_by_the_next_command(tmp_path: Path) -> None:
    with ScopusEmulator(papers(60)) as service:
        service.script(Fault("repeated_page", 2, 3))
        source = source_at(service.address)
        first = harvest(study_of(), source, tmp_path, silent)
        assert [entry.is_complete for entry in first.held.entries] == [False]
        assert first.held.incomplete[0].reasons
        second = harvest(study_of(), source, tmp_path, silent)
        assert second.held.is_whole and cached_eids(tmp_path) == eids(service.entries)


def test_one_paper_at_the_seam_of_two_pages_is_believed_when_it_comes_again(tmp_path: Path) -> None:
    entries = papers(59)
    entries.insert(25, dict(entries[24]))  # the service itself lists it twice
    with ScopusEmulator(entries) as service:
        done = harvest(study_of(), source_at(service.address), tmp_path, silent)
    [entry] = done.held.entries
    assert entry.is_complete and (entry.attempt, entry.rows, entry.doubled) == (2, 60, 1)


def test_no_clock_and_no_waiting_but_those_handed_in(tmp_path: Path) -> None:
    began = time.monotonic()
    clock = Clock()
    with ScopusEmulator(papers(30)) as service:
        service.script(Fault("busy_retry_after", 1, 1, 300))
        harvest(study_of(), source_at(service.address), tmp_path, silent, patience=clock.patience)
    assert clock.slept == [300] and time.monotonic() - began < 5
