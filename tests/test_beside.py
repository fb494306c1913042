"""Work done in a second process is done as in this one, and what goes wrong there is told here."""

from __future__ import annotations

import contextlib
import gc
import operator
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bibliometrics import messages, store
from bibliometrics.beside import Beside, collected_seldom
from bibliometrics.editions import making as editions
from bibliometrics.errors import EditionError
from bibliometrics.inputs import open_inputs
from bibliometrics.pipeline import Plan
from bibliometrics.study.model import Study
from conftest import ROOT, WriteExport, export_row


@contextlib.contextmanager
def started() -> Iterator[Beside]:
    with contextlib.closing(Beside()) as beside:
        beside.start("bibliometrics.store")
        yield beside


def sent(beside: Beside) -> None:
    """Wait until the other process was sent all that it was given."""
    with beside._changed:
        assert beside._changed.wait_for(lambda: not beside._waiting, 60)


def test_work_is_done_in_the_other_process(tmp_path: Path) -> None:
    with started() as beside:
        written = beside.give(store.write_text, tmp_path / "a.txt", "text, 文")
        asked = beside.give(os.getpid)
        sent(beside)
        assert asked.result() != os.getpid()
        written.result()
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "text, 文"


def test_results_come_back_whatever_the_order_in_which_they_are_asked_for() -> None:
    with started() as beside:
        # More than a pipe holds, both ways: neither side waits for the other.
        given = [beside.give(operator.mul, b"x" * 300_000, number) for number in range(1, 5)]
        sent(beside)
        assert [len(later.result()) for later in given] == [300_000, 600_000, 900_000, 1_200_000]
        given = [beside.give(operator.add, number, 1) for number in range(50)]
        assert [later.result() for later in reversed(given)] == list(range(50, 0, -1))


def test_without_another_process_the_work_is_done_at_once(tmp_path: Path) -> None:
    beside = Beside()
    later = beside.give(os.getpid)
    beside.give(store.write_text, tmp_path / "a.txt", "text")
    assert (tmp_path / "a.txt").exists()
    assert later.result() == os.getpid()
    beside.close()


def test_a_fault_of_the_other_process_is_raised_here(tmp_path: Path) -> None:
    with started() as beside:
        no_edition = beside.give(store.read_manifest, tmp_path)
        is_there = beside.give(os.mkdir, str(tmp_path))
        unsendable = beside.give(threading.Lock)
        local = beside.give(len, iter(lambda: 0, 1))
        after = beside.give(operator.add, 1, 2)
        sent(beside)
        with pytest.raises(EditionError, match="no finished edition") as told:
            no_edition.result()
        assert told.value.hint == "run the study first"
        with pytest.raises(FileExistsError) as there:
            is_there.result()
        assert there.value.filename == str(tmp_path)
        with pytest.raises(TypeError, match="pickle"):
            unsendable.result()
        with pytest.raises(TypeError, match="cannot be sent"):
            local.result()
        # A fault ends its own work only.
        assert after.result() == 3


def test_what_the_other_process_has_not_begun_is_done_here() -> None:
    with started() as beside:
        busy = beside.give(time.sleep, 0.5)
        sent(beside)
        waiting = [beside.give(os.getpid) for _ in range(3)]
        assert [later.result() for later in waiting] == [os.getpid()] * 3
        assert busy.result() is None


def test_a_process_that_is_ended_from_outside_is_told() -> None:
    with started() as beside:
        ended = beside.give(os._exit, 3)
        sent(beside)
        with pytest.raises(EditionError, match=r"ended before its work was done \(status 3\)"):
            ended.result()
        # What was not sent is not lost.
        assert beside.give(os.getpid).result() == os.getpid()


def test_an_answer_that_cannot_be_taken_in_is_told_and_nobody_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def short_of_memory(_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(messages, "read", short_of_memory)
    with started() as beside, pytest.raises(EditionError, match="ended before") as told:
        later = beside.give(time.sleep, 60)
        with beside._changed:
            beside._waiting.clear()  # as if the other process had begun it
        later.result()
    assert "--processes 1" in str(told.value.hint)


@pytest.mark.parametrize("here", [True, False])
def test_a_fault_is_told_again_to_who_asks_again(tmp_path: Path, here: bool) -> None:
    with started() as beside:
        busy = beside.give(time.sleep, 0.5 if here else 0)
        fault = beside.give(store.read_manifest, tmp_path)
        if not here:
            sent(beside)
        for _ in range(2):
            with pytest.raises(EditionError, match="no finished edition"):
                fault.result()
        busy.result()


@pytest.mark.parametrize("buffering", ["", "1"])
def test_answers_are_buffered_and_alone_on_the_standard_output(buffering: str) -> None:
    """Unbuffered, a write that a signal interrupts is cut: the next answer could not be read."""
    program = (
        "import io; from bibliometrics.beside import answering\n"
        "with answering() as out:\n"
        "    print('printed')\n"
        "    out.write(b'answer' if isinstance(out, io.BufferedWriter) else b'unbuffered')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True,
        env={**os.environ, "PYTHONUNBUFFERED": buffering},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == (b"answer", b"printed\n")


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
        monkeypatch.setattr(editions, "write_figures", store.read_manifest)
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
