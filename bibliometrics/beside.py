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
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Generic, TypeVar, cast

from bibliometrics import messages
from bibliometrics.errors import EditionError
from bibliometrics.messages import Message

_CALL = "import sys; from bibliometrics.beside import serve; serve(sys.argv[1:])"
_SELDOM = (1_000_000, 20, 20)

T = TypeVar("T")
_Job = tuple[Callable[..., Any], tuple[object, ...]]


class Later(Generic[T]):
    """What a piece of work gives, once it is done."""

    def __init__(self, fetch: Callable[[], T]) -> None:
        self._fetch = fetch
        self._known: list[T] = []
        self._fault: Exception | None = None

    def result(self) -> T:
        """Wait for it; what the other process has not begun is done here. Asked again, it is told
        again.

        Raises
        ------
        EditionError : the process was ended from outside.
        Exception : whatever went wrong in the work.
        """
        if self._fault is not None:
            raise self._fault
        if not self._known:
            try:
                self._known.append(self._fetch())
            except Exception as error:
                self._fault = error
                raise
        return self._known[0]


class Beside:
    """Work given to another process where one was started, else done at once in this one.

    The other process takes one piece after the other, in the order in which they were given. Who
    does a piece changes no result, so that both have always something to do.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._threads: list[threading.Thread] = []
        self._changed = threading.Condition()
        self._waiting: dict[int, _Job] = {}
        self._sent: int | None = None
        self._answers: dict[int, Message] = {}
        self._given = 0
        self._is_over = False

    @property
    def is_started(self) -> bool:
        return self._process is not None

    def start(self, *modules: str) -> None:
        """Start the process; it imports ``modules``, which its work will need."""
        self._process = interpreter(_CALL, *modules)
        for work, *needs in (
            (self._send, self._process.stdin),
            (self._receive, self._process.stdout, self._process),
        ):
            thread = threading.Thread(target=work, args=needs, daemon=True)
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
        number = self._given
        self._given += 1
        with self._changed:
            self._waiting[number] = (function, arguments)
            self._changed.notify_all()
        return Later(lambda: cast(T, self._result(number)))

    def _send(self, pipe: IO[bytes]) -> None:
        # A process that ended early is found out by its missing answer.
        with contextlib.suppress(OSError, ValueError):
            while (job := self._next()) is not None:
                messages.write(pipe, _packed(job))
                del job

    def _next(self) -> _Job | None:
        """The next piece, when the other process has none; None when it is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or (self._waiting and self._sent is None))
            if self._is_over:
                return None
            self._sent = min(self._waiting)
            return self._waiting.pop(self._sent)

    def _receive(self, pipe: IO[bytes], process: subprocess.Popen[bytes]) -> None:
        is_over = False
        while not is_over:
            answer = None
            try:
                answer = messages.read(pipe)
            except Exception:  # no memory for it, perhaps: somebody waits, and would for ever
                process.kill()
            is_over = answer is None
            with self._changed:
                if answer is None:
                    self._is_over = True
                elif self._sent is not None:
                    self._answers[self._sent] = answer
                    self._sent = None
                self._changed.notify_all()

    def _result(self, number: int) -> object:
        with self._changed:
            own = self._waiting.pop(number, None)
            if own is None:
                self._changed.wait_for(lambda: self._is_over or number in self._answers)
                answer = self._answers.pop(number, None)
        if own is not None:
            function, arguments = own
            return function(*arguments)
        if answer is None:
            status = self._process.wait() if self._process else "unknown"
            raise EditionError(
                "a process that made a part of the edition ended before its work was done"
                f" (status {status})",
                hint="if memory was short, run with --processes 1",
            )
        error, result = cast(tuple[Exception | None, object], answer.value())
        if error is not None:
            raise error
        return result

    def close(self) -> None:
        """End the process, whether or not it has done its work."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        with self._changed:
            self._is_over = True
            self._waiting.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process = None
        self._threads.clear()


def _packed(job: _Job) -> Message:
    try:
        return messages.packed(job)
    except Exception as error:
        return messages.packed((_refuse, (f"{type(error).__name__}: {error}",)))


def _refuse(why: str) -> None:
    raise TypeError(f"work that cannot be sent to another process: {why}")


def serve(modules: Sequence[str]) -> None:
    """Do the work that comes on the standard input; answer on the standard output."""
    with answering() as answers, collected_seldom():
        for module in modules:
            importlib.import_module(module)
        with contextlib.suppress(BrokenPipeError):
            while (job := messages.read(sys.stdin.buffer)) is not None:
                messages.write(answers, _outcome(*cast(_Job, job.value())))
                del job


def interpreter(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    """A fresh Python that runs ``program`` with this package at hand, piped to this process."""
    here = str(Path(__file__).resolve().parents[1])
    known = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-P", "-c", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(known)},
    )


def answering() -> IO[bytes]:
    """The standard output of a process that answers another, for its answers alone.

    It is buffered whatever ``PYTHONUNBUFFERED`` says: an unbuffered stream may take a part of what
    is written, when a signal comes between, and pickle does not look. What a library prints goes
    to the standard error.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asked ends this one
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _outcome(function: Callable[..., object], arguments: tuple[Any, ...]) -> Message:
    """What went wrong, or None, and the result."""
    try:
        return messages.packed((None, function(*arguments)))
    except Exception as error:
        try:
            told = messages.packed((error, None))
            told.value()  # some exceptions can be written and not read
        except Exception:
            return messages.packed((RuntimeError(f"{type(error).__name__}: {error}"), None))
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
