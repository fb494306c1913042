"""What two processes of ours say to each other over a pipe: pickles, with large buffers beside.

A table is mostly a few large buffers. They are written to the pipe as they lie in memory and read
into place (pickle's protocol 5), so that neither side holds a second copy of them.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

_NUMBER = struct.Struct(">Q")
# Smaller buffers stay in the pickle: each one beside it costs two writes.
_LARGE = 65_536


@dataclass(frozen=True)
class Message:
    """A value, pickled: ``head``, and the large buffers that are not in it."""

    head: bytes
    buffers: Sequence[pickle.PickleBuffer | bytearray]

    def value(self) -> object:
        """The value again; arrays in it can be written to where they came over a pipe."""
        value: object = pickle.loads(self.head, buffers=self.buffers)  # noqa: S301
        return value


def packed(value: object) -> Message:
    """``value`` as a message, which points into its arrays: these must not change before it is
    written.

    Raises
    ------
    Exception : whatever pickle says of what cannot be pickled.
    """
    buffers: list[pickle.PickleBuffer] = []

    def stays(buffer: pickle.PickleBuffer) -> bool:
        with buffer.raw() as raw:
            if raw.nbytes < _LARGE:
                return True
        buffers.append(buffer)
        return False

    head = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL, buffer_callback=stays)
    return Message(head, buffers)


def write(pipe: IO[bytes], message: Message) -> None:
    """Put ``message`` into ``pipe``.

    Raises
    ------
    OSError : nobody reads any more.
    """
    pipe.write(_NUMBER.pack(len(message.buffers)))
    for part in (message.head, *message.buffers):
        with _bytes_of(part) as raw:
            pipe.write(_NUMBER.pack(raw.nbytes))
            pipe.write(raw)
    pipe.flush()


def _bytes_of(part: bytes | bytearray | pickle.PickleBuffer) -> memoryview:
    return part.raw() if isinstance(part, pickle.PickleBuffer) else memoryview(part)


def read(pipe: IO[bytes]) -> Message | None:
    """The next message; None where there is none, or no whole one."""
    count = _number(pipe)
    if count is None:
        return None
    parts = []
    for _ in range(count + 1):
        length = _number(pipe)
        if length is None:
            return None
        part = bytearray(length)
        if _fill(pipe, part) < length:
            return None
        parts.append(part)
    return Message(bytes(parts[0]), parts[1:])


def _number(pipe: IO[bytes]) -> int | None:
    raw = pipe.read(_NUMBER.size)
    return _NUMBER.unpack(raw)[0] if len(raw) == _NUMBER.size else None


def _fill(pipe: IO[bytes], part: bytearray) -> int:
    """Read into ``part`` until it is full or the pipe ends; how much came."""
    done = 0
    with memoryview(part) as room:
        while done < len(part):
            came: int = pipe.readinto(room[done:])  # type: ignore[attr-defined]
            if not came:
                break
            done += came
    return done
