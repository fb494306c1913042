"""Work done in a second process is done as in this one, and what goes wrong there is told here."""

from __future__ import annotations

import contextlib
import gc
import os
from pathlib import Path

import pytest

from bibliometrics import store
from bibliometrics.beside import Beside, collected_seldom
from bibliometrics.editions import making as editions
from bibliometrics.errors import EditionError
from bibliometrics.inputs import open_inputs
from bibliometrics.pipeline import Plan
from bibliometrics.study.model import Study
from conftest import WriteExport, export_row


def test_work_is_done_in_the_other_process(tmp_path: Path) -> None:
    with contextlib.closing(Beside()) as beside:
        beside.start("bibliometrics.store")
        beside.give(store.write_text, tmp_path / "a.txt", "text, 文")
        beside.wait()
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "text, 文"


def test_without_another_process_the_work_is_done_at_once(tmp_path: Path) -> None:
    beside = Beside()
    beside.give(store.write_text, tmp_path / "a.txt", "text")
    assert (tmp_path / "a.txt").exists()
    beside.wait()
    beside.close()


def test_a_fault_of_the_other_process_is_raised_here(tmp_path: Path) -> None:
    with contextlib.closing(Beside()) as beside:
        beside.start("bibliometrics.store")
        beside.give(store.read_manifest, tmp_path)
        with pytest.raises(EditionError, match="no finished edition") as told:
            beside.wait()
    assert told.value.hint == "run the study first"
    with contextlib.closing(Beside()) as beside:
        beside.start("bibliometrics.store")
        beside.give(os.mkdir, str(tmp_path))
        with pytest.raises(FileExistsError) as there:
            beside.wait()
    assert there.value.filename == str(tmp_path)


def test_a_process_that_is_ended_from_outside_is_told() -> None:
    with contextlib.closing(Beside()) as beside:
        beside.start("bibliometrics.store")
        beside.give(os._exit, 3)
        with pytest.raises(EditionError, match=r"ended before its work was done \(status 3\)"):
            beside.wait()


def test_a_process_without_work_is_ended() -> None:
    beside = Beside()
    beside.start("bibliometrics.store")
    beside.close()
    beside.close()


@pytest.mark.parametrize("is_damaged", [False, True])
def test_an_edition_written_by_two_processes_has_the_same_bytes(
    write_export: WriteExport,
    flagship: Study,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_damaged: bool,
) -> None:
    path = write_export([export_row(number) for number in range(1, 6)])
    plan = Plan(flagship, "e", open_inputs([path]), processes=2)
    editions.run(plan, tmp_path / "one")
    monkeypatch.setattr(editions, "_WORTH_ANOTHER", 1)
    if is_damaged:
        # Where the other process cannot write, nothing is left of the edition.
        monkeypatch.setattr(editions, "write_exports", store.read_manifest)
        with pytest.raises(TypeError):
            editions.run(plan, tmp_path / "two")
        assert [*(tmp_path / "two").rglob("*")] == [tmp_path / "two" / flagship.name]
        return
    editions.run(plan, tmp_path / "two")
    one, two = (tmp_path / out / flagship.name / "e" for out in ("one", "two"))
    assert store.digests(one) == store.digests(two)
    assert (one / "manifest.json").read_bytes() == (two / "manifest.json").read_bytes()


def test_the_collector_is_set_back() -> None:
    usual = gc.get_threshold()
    with contextlib.suppress(ZeroDivisionError), collected_seldom():
        assert gc.get_threshold() != usual
        1 / 0  # noqa: B018
    assert gc.get_threshold() == usual
