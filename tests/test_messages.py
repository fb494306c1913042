"""What one process says to another arrives whole, or not at all; large arrays are not copied."""

from __future__ import annotations

import io
import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics import messages


def over(value: object) -> object:
    """``value`` as it comes out of a pipe."""
    pipe = io.BytesIO()
    messages.write(pipe, messages.packed(value))
    pipe.seek(0)
    message = messages.read(pipe)
    assert message is not None
    assert pipe.read() == b""
    return message.value()


@given(st.recursive(st.none() | st.integers() | st.text() | st.binary(), st.lists))
def test_a_value_comes_as_it_was(value: object) -> None:
    assert over(value) == value


def test_tables_come_as_they_were_and_can_be_changed() -> None:
    frame = pd.DataFrame(
        {
            "name": pd.array(["Tsinghua 清华", None] * 20_000, dtype="string"),
            "papers": np.arange(40_000),
            "share": np.linspace(0, 1, 40_000),
        }
    )
    came = over(frame)
    assert isinstance(came, pd.DataFrame)
    pd.testing.assert_frame_equal(came, frame)
    came.loc[0, "papers"] = -1
    square = over(np.asfortranarray(np.arange(90_000.0).reshape(300, 300)))
    assert isinstance(square, np.ndarray)
    square += 1
    assert square[299, 299] == 90_000
    assert over(pa.table(frame[1:])) == pa.table(frame[1:])


def test_large_arrays_stay_beside_the_pickle() -> None:
    large = np.zeros(100_000)
    message = messages.packed({"large": large, "small": np.zeros(10)})
    assert len(message.head) < 1_000
    (buffer,) = message.buffers
    assert isinstance(buffer, pickle.PickleBuffer)
    large[7] = 1.0
    assert memoryview(buffer).cast("B").cast("d")[7] == 1.0  # the array itself, not a copy


@pytest.mark.parametrize("lost", [1, 7, 8, 9, 500_000])
def test_half_a_message_is_none(lost: int) -> None:
    pipe = io.BytesIO()
    messages.write(pipe, messages.packed([np.ones(100_000), "text"]))
    assert messages.read(io.BytesIO(pipe.getvalue()[:-lost])) is None
    assert messages.read(io.BytesIO(pipe.getvalue()[:lost])) is None


def test_what_cannot_be_pickled_is_said_before_a_byte_is_written() -> None:
    with pytest.raises(Exception, match="pickle"):
        messages.packed(iter(lambda: 0, 1))
