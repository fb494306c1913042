"""Inputs read and judged, in this process or in several, in the order of their rows.

Each process reads and judges every n-th block or piece of the rows, so a block is the same whoever
reads it, and nothing depends on how many processes there are. The first of them is the one that
asks; the others are started as fresh interpreters (which works alike on every system) and send back
slices of columns, which are small.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.abc import MetaPathFinder
from typing import Any, cast

from bibliometrics import judged, messages
from bibliometrics.beside import answering, interpreter
from bibliometrics.corpus.columns import Judge, Slice, lay_down, slices_of
from bibliometrics.corpus.selection import CountryOf
from bibliometrics.errors import BibliometricsError, InputError
from bibliometrics.sources.reading import Blocks, Opened, Piece, Pieces
from bibliometrics.study.model import Study

_WORTH_IT = 24_000_000  # bytes: below, a process takes longer to start than it saves
_WORTH_KEEPING = 3_000_000  # bytes: below, reading takes no time that somebody notices
_AT_MOST = 8
_AHEAD = 4
_CALL = "from bibliometrics.ingest import serve; serve()"


@dataclass(frozen=True)
class Torn:
    """A piece that cannot be read alone: from it on the file is read as one."""


Message = tuple[int, Slice | BaseException | Torn | None, int]
"""Number of the input; a slice of it, its end (None), or what went wrong; row numbers it takes.

0 row numbers: the rows have those of their file.
"""
Job = Sequence[tuple[int, Blocks | None, Pieces | None]]
"""The inputs that are shared: number, and its blocks or pieces."""


def slices(
    inputs: Sequence[Opened], study: Study, country_of: CountryOf, processes: int | None = None
) -> Iterator[tuple[int, Slice]]:
    """Every slice of every input in order, with the number of its input.

    ``processes`` None: as many as there are processors, where the inputs are large.

    Raises
    ------
    InputError : an input is damaged, or a process that reads was ended from outside.
    """
    keys = {
        number: (file.paged.folder, judged.key_of(file, file.paged, study, country_of))
        for number, file in enumerate(inputs)
        if file.paged is not None and file.size >= _WORTH_KEEPING
    }
    kept = {number: judged.load(*place) for number, place in keys.items()}
    shared = [
        number
        for number, file in enumerate(inputs)
        if (file.blocks or file.pieces) and kept.get(number) is None
    ]
    readers = processes or _readers(sum(inputs[number].size for number in shared))
    with contextlib.ExitStack() as stack:
        stack.enter_context(_without_collector())
        judge = Judge(study, country_of)
        hired: list[Callable[[], Message]] = []
        if readers > 1 and shared:
            job = [(number, inputs[number].blocks, inputs[number].pieces) for number in shared]
            for first in range(1, readers):
                reader = _Reader((job, study, country_of, first, readers))
                hired.append(stack.enter_context(contextlib.closing(reader)).next)
            # Whoever asks reads too: a process less is to be started and sent from.
            hired.insert(0, partial(next, _messages(job, judge, 0, readers)))
        for number, file in enumerate(inputs):
            read: Iterable[Slice]
            if (known := kept.get(number)) is not None:
                read = known
            elif hired and number in shared:
                read = _in_turn(hired, shared.index(number), number, file.pieces, judge)
            elif file.pieces is not None:
                read = _alone(file.pieces, judge)
            elif file.blocks is not None:
                read = (lay_down(rows, judge) for rows in file.blocks(0, 1))
            else:
                read = slices_of(file.rows(), judge)
            if number in keys and known is None:
                read = judged.keeping(read, *keys[number])
            for part in read:
                yield number, part


def _readers(size: int) -> int:
    return 1 if size < _WORTH_IT else min(_AT_MOST, processors())


def processors() -> int:
    """How many processors this process may use."""
    known = getattr(os, "sched_getaffinity", None)
    return len(known(0)) if known else os.cpu_count() or 1


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Reading makes millions of objects and no cycles: looking for these takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _alone(pieces: Pieces, judge: Judge) -> Iterator[Slice]:
    """The slices of one input, whose pieces this process reads; from a torn one on as one."""
    before = 0
    for came, piece in enumerate(pieces.each(0, 1)):
        if piece is None:
            yield from slices_of(pieces.onward(came, before), judge)
            return
        yield lay_down(piece.rows, judge).behind(before)
        before += piece.numbers


def _in_turn(
    hired: Sequence[Callable[[], Message]],
    turn: int,
    number: int,
    pieces: Pieces | None,
    judge: Judge,
) -> Iterator[Slice]:
    """The slices of one input, whose blocks or pieces the readers have in turn."""
    ended = came = before = 0
    is_torn = False
    while ended < len(hired):
        found, part, numbers = hired[turn % len(hired)]()
        turn += 1
        if isinstance(part, BaseException):
            raise part
        if part is None:
            ended += 1
        elif is_torn:
            continue  # cut where no row ended: what is read as one has these rows
        elif isinstance(part, Torn) and pieces is not None:
            is_torn = True
            yield from slices_of(pieces.onward(came, before), judge)
        elif isinstance(part, Slice) and found == number and not ended:
            yield part.behind(before) if numbers else part
            came, before = came + 1, before + numbers
        else:
            raise AssertionError(f"a slice of input {found} came out of turn")


def _owner_first(turn: int, first: int, readers: int) -> int:
    """The first block of an input that a reader has: inputs begin with different readers."""
    return (first - turn) % readers


class _Reader:
    """A process that reads its share of the inputs, and what it has sent so far."""

    def __init__(self, job: tuple[Any, ...]) -> None:
        self._process = interpreter(_CALL)
        self._sent: queue.Queue[Message] = queue.Queue(_AHEAD)
        self._is_closed = False
        threading.Thread(target=self._receive, args=(pickle.dumps(job),), daemon=True).start()

    def next(self) -> Message:
        return self._sent.get()

    def close(self) -> None:
        self._is_closed = True
        self._process.kill()
        while self._process.poll() is None or not self._sent.empty():
            with contextlib.suppress(queue.Empty):
                self._sent.get(timeout=0.01)
        self._process.wait()

    def _receive(self, job: bytes) -> None:
        stdin, stdout = self._process.stdin, self._process.stdout
        try:
            if stdin is None or stdout is None:
                raise EOFError
            with stdin, stdout:
                stdin.write(job)
                stdin.close()
                while not self._is_closed:
                    answer = messages.read(stdout)
                    if answer is None:
                        raise EOFError
                    self._sent.put(cast(Message, answer.value()))
        except Exception:  # whatever it is, somebody waits for an answer
            self._sent.put((0, _ended(self._process.wait()), 0))


def _ended(status: int) -> BibliometricsError:
    return InputError(
        f"a process that read the inputs ended before its work was done (status {status})",
        hint="if memory was short, run with --processes 1",
    )


class _WithoutPandas(MetaPathFinder):
    """pyarrow imports pandas only to ask whether a list is a frame: most of a reader's start."""

    def find_spec(self, fullname: str, *_: object) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("not needed to read", name=fullname)


def serve() -> None:
    """Read what was asked on the standard input; send slices on the standard output."""
    sys.meta_path.insert(0, _WithoutPandas())
    job, study, country_of, first, readers = pickle.load(sys.stdin.buffer)  # noqa: S301
    gc.disable()
    with contextlib.suppress(BrokenPipeError), answering() as out:
        for message in _messages(job, Judge(study, country_of), first, readers):
            messages.write(out, messages.packed(message))


def _messages(job: Job, judge: Judge, first: int, readers: int) -> Iterator[Message]:
    """What one of the readers says of its share of the inputs, in order."""
    for turn, (number, blocks, pieces) in enumerate(job):
        share = _owner_first(turn, first, readers), readers
        try:
            if pieces is not None:
                for part, numbers in _of_pieces(pieces.each(*share), judge):
                    yield number, part, numbers
            elif blocks is not None:
                for rows in blocks(*share):
                    yield number, lay_down(rows, judge), 0
            yield number, None, 0
        except BibliometricsError as error:
            yield number, error, 0


def _of_pieces(pieces: Iterable[Piece | None], judge: Judge) -> Iterator[tuple[Slice | Torn, int]]:
    is_torn = False
    for piece in pieces:
        is_torn = is_torn or piece is None  # what follows was cut where perhaps no row ends
        if piece is None or is_torn:
            yield Torn(), 0
        else:
            yield lay_down(piece.rows, judge), piece.numbers
