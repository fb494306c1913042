"""A second process that does one piece of work beside this one, and the collector kept quiet.

It is a fresh interpreter, which works alike on every system and needs nothing of the caller's
script. It is started ahead of its work, so that its imports cost no waiting. What it does it does
with the same functions, so the bytes are those of one process.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bibliometrics.errors import EditionError

_CALL = "import sys; from bibliometrics.beside import serve; serve(sys.argv[1])"
_SELDOM = (1_000_000, 20, 20)


class Beside:
    """Work given to another process where one was started, else done at once in this one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._sender: threading.Thread | None = None

    def start(self, module: str) -> None:
        """Start the process; it imports ``module``, whose functions it will be given."""
        here = str(Path(__file__).resolve().parents[1])
        known = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-c", _CALL, module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(known)},
        )

    def give(self, function: Callable[..., None], *arguments: object) -> None:
        """Have ``function`` called once with ``arguments``, which can be pickled."""
        if self._process is None:
            function(*arguments)
            return
        job = pickle.dumps((function, arguments), protocol=pickle.HIGHEST_PROTOCOL)
        self._sender = threading.Thread(target=self._send, args=(self._process, job), daemon=True)
        self._sender.start()

    @staticmethod
    def _send(process: subprocess.Popen[bytes], job: bytes) -> None:
        # A process that ended early is found out by its missing answer.
        with contextlib.suppress(OSError):
            if process.stdin is not None:
                with process.stdin:
                    process.stdin.write(job)

    def wait(self) -> None:
        """Return when what was given is done.

        Raises
        ------
        EditionError : the process was ended from outside.
        Exception : whatever went wrong in it.
        """
        if self._process is None or self._sender is None or self._process.stdout is None:
            return
        try:
            error = pickle.load(self._process.stdout)  # noqa: S301
        except (EOFError, OSError, pickle.UnpicklingError) as ended:
            raise EditionError(
                "a process that wrote a part of the edition ended before its work was done"
                f" (status {self._process.wait()})",
                hint="if memory was short, run with --processes 1",
            ) from ended
        if error is not None:
            raise error

    def close(self) -> None:
        """End the process, whether or not it has done its work."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        if self._sender is not None:
            self._sender.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process = self._sender = None


def serve(module: str) -> None:
    """Do the one piece of work that comes on the standard input; tell on the standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asked ends this one
    gc.disable()
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answer:
        # What a library prints must not come between the answer and its reader.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        importlib.import_module(module)
        with contextlib.suppress(EOFError, BrokenPipeError):
            function, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301
            answer.write(_outcome(function, arguments))


def _outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    """None, or what went wrong, pickled."""
    try:
        function(*arguments)
    except Exception as error:
        try:
            told = pickle.dumps(error)
            pickle.loads(told)  # noqa: S301 - some exceptions can be written and not read
        except Exception:
            return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
        return told
    return pickle.dumps(None)


@contextlib.contextmanager
def collected_seldom() -> Iterator[None]:
    """Python's collector of cycles looks seldom: tables are millions of objects and no cycles."""
    usual = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
