"""A second process that does pieces of work beside this one, and the collector kept quiet.

It is a fresh interpreter, which works alike on every system and needs nothing of the caller's
script. It is started ahead of its work, so that its imports cost no waiting. What it does it does
with the same functions, so the results are those of one process.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Generic, TypeVar, cast

from bibliometrics.errors import EditionError

_CALL = "import sys; from bibliometrics.beside import serve; serve(sys.argv[1:])"
_SELDOM = (1_000_000, 20, 20)
_LENGTH = struct.Struct(">Q")

T = TypeVar("T")
_Job = tuple[Callable[..., Any], tuple[object, ...]]


@dataclass(frozen=True)
class Later(Generic[T]):
    """What a piece of work gives, once it is done."""

    _fetch: Callable[[], T]

    def result(self) -> T:
        """Wait for it.

        Raises
        ------
        EditionError : the process was ended from outside.
        Exception : whatever went wrong in the work.
        """
        return self._fetch()


class Beside:
    """Work given to another process where one was started, else done at once in this one.

    Pieces are done one after the other, in the order in which they were given.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._threads: list[threading.Thread] = []
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._given = 0
        self._known: list[bytes] = []

    @property
    def is_started(self) -> bool:
        return self._process is not None

    def start(self, *modules: str) -> None:
        """Start the process; it imports ``modules``, which its work will need."""
        here = str(Path(__file__).resolve().parents[1])
        known = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-c", _CALL, *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(known)},
        )
        # Neither side waits for the other to take what it sends.
        for work, pipe in (
            (self._send, self._process.stdin),
            (self._receive, self._process.stdout),
        ):
            thread = threading.Thread(target=work, args=(pipe,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def give(self, function: Callable[..., T], *arguments: object) -> Later[T]:
        """Have ``function`` called once with ``arguments``; all of it can be pickled.

        It is pickled when its turn comes, so as not to be held twice meanwhile: ``arguments`` must
        not be changed any more.
        """
        if self._process is None:
            done = function(*arguments)
            return Later(lambda: done)
        self._jobs.put((function, arguments))
        number = self._given
        self._given += 1
        return Later(lambda: cast(T, self._answer(number)))

    def _send(self, pipe: IO[bytes]) -> None:
        # A process that ended early is found out by its missing answer.
        with contextlib.suppress(OSError, ValueError):
            while (job := self._jobs.get()) is not None:
                _write(pipe, _pickled(job))
                del job

    def _receive(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while (answer := _read(pipe)) is not None:
                self._answers.put(answer)
        self._answers.put(None)

    def _answer(self, number: int) -> object:
        while len(self._known) <= number:
            answer = self._answers.get()
            if answer is None:
                self._answers.put(None)
                status = self._process.wait() if self._process else "unknown"
                raise EditionError(
                    "a process that made a part of the edition ended before its work was done"
                    f" (status {status})",
                    hint="if memory was short, run with --processes 1",
                )
            self._known.append(answer)
        error, result = pickle.loads(self._known[number])  # noqa: S301
        if error is not None:
            raise error
        return result

    def close(self) -> None:
        """End the process, whether or not it has done its work."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process = None
        self._threads.clear()


def _pickled(job: _Job) -> bytes:
    try:
        return pickle.dumps(job, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return pickle.dumps((_refuse, (f"{type(error).__name__}: {error}",)))


def _refuse(why: str) -> None:
    raise TypeError(f"work that cannot be sent to another process: {why}")


def _write(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes | None:
    """The next message; None where there is none, or no whole one."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    content = pipe.read(length)
    return content if len(content) == length else None


def serve(modules: Sequence[str]) -> None:
    """Do the work that comes on the standard input; answer on the standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asked ends this one
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers, collected_seldom():
        # What a library prints must not come between the answers and their reader.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        for module in modules:
            importlib.import_module(module)
        with contextlib.suppress(BrokenPipeError):
            while (job := _read(sys.stdin.buffer)) is not None:
                _write(answers, _outcome(*pickle.loads(job)))  # noqa: S301


def _outcome(function: Callable[..., object], arguments: tuple[Any, ...]) -> bytes:
    """What went wrong, or None, and the result, pickled."""
    try:
        return pickle.dumps((None, function(*arguments)), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        try:
            told = pickle.dumps((error, None))
            pickle.loads(told)  # noqa: S301 - some exceptions can be written and not read
        except Exception:
            return pickle.dumps((RuntimeError(f"{type(error).__name__}: {error}"), None))
        return told


@contextlib.contextmanager
def collected_seldom() -> Iterator[None]:
    """Python's collector of cycles looks seldom: tables are millions of objects and no cycles."""
    usual = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
