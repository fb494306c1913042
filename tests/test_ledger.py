"""The ledger survives a cut at any byte, a newer writer, and a second process."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics.errors import InputError
from bibliometrics.harvesting import ledger

PAGE = ledger.PageKept("2026-01-01T00:00:00Z", "k", 1, 1, 30, 25, "ab", "c1", False, 19_999)
ENDED = ledger.Ended("2026-01-01T00:00:01Z", "k", 1, "accepted", 30, 30, 30, 2, "x", "y")


def begun(number: int) -> ledger.Begun:
    return ledger.Begun(
        "2026-01-01T00:00:00Z", "k", number, 1, "scopus", "COMPLETE", "2019", "机器", "v"
    )


def write(folder: Path, *lines: ledger.Line) -> bytes:
    with ledger.writing(folder) as append:
        for line in lines:
            append(line)
    return (folder / ledger.NAME).read_bytes()


def test_lines_come_back_as_they_were_written(tmp_path: Path) -> None:
    lines = [
        ledger.Planned("t", "scopus", "COMPLETE", "q", "v", ("k",), ("2019",), ("q1",), "s"),
        ledger.CountTold("t", "scopus", "q1", "2019", "slice", 30),
        begun(1), PAGE, ENDED, ledger.ProfileKept("t", "60025278", "ab"),
    ]  # fmt: skip
    write(tmp_path, *lines)
    assert list(ledger.read(tmp_path)) == lines


def test_a_cut_at_every_byte_leaves_the_lines_before_it_and_room_to_go_on(tmp_path: Path) -> None:
    lines = [begun(1), PAGE, ENDED]
    raw = write(tmp_path, *lines)
    path = tmp_path / ledger.NAME
    for place in range(len(raw) + 1):
        path.write_bytes(raw[:place])
        whole = raw[:place].count(b"\n")
        assert list(ledger.read(tmp_path)) == lines[:whole]
        write(tmp_path, begun(2))
        assert list(ledger.read(tmp_path)) == [*lines[:whole], begun(2)]


def test_a_damaged_line_in_the_middle_is_told_with_its_number(tmp_path: Path) -> None:
    write(tmp_path, begun(1), PAGE, ENDED)
    path = tmp_path / ledger.NAME
    rows = path.read_bytes().splitlines(keepends=True)
    for bad in (b"{}\n", b"[1]\n", b"nothing\n", b'{"what":"page"}\n', b"\xff\xfe\n"):
        path.write_bytes(rows[0] + bad + rows[2])
        with pytest.raises(InputError, match="line 2 of the ledger"):
            list(ledger.read(tmp_path))


def test_a_later_version_may_say_more(tmp_path: Path) -> None:
    (tmp_path / ledger.NAME).write_text(
        ledger.as_text(ENDED).replace("}\n", ',"mood":"fine"}\n'), encoding="utf-8"
    )
    assert list(ledger.read(tmp_path)) == [ENDED]


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with (
        ledger.writing(tmp_path),
        pytest.raises(InputError, match="another harvest"),
        ledger.writing(tmp_path),
    ):
        pass
    write(tmp_path, ENDED)


def test_the_newest_whole_attempt_is_used_and_an_incomplete_one_only_without_it() -> None:
    def ended(number: int, outcome: ledger.Outcome) -> ledger.Ended:
        return ledger.Ended("t", "k", number, outcome, 3, 2, 2, 1, "", "")

    known = ledger.fold([begun(1), ended(1, "rejected"), ended(2, "incomplete")])
    assert known.accepted("k") is None
    assert (usable := known.usable("k")) is not None and usable.number == 2
    known = ledger.fold([ended(1, "accepted"), ended(2, "rejected"), ended(3, "incomplete")])
    assert (usable := known.usable("k")) is not None and usable.number == 1
    assert ledger.fold([]).usable("k") is None and ledger.fold([]).latest_plan() is None


def test_a_page_received_again_replaces_what_followed() -> None:
    def page(number: int, sha256: str) -> ledger.PageKept:
        return ledger.PageKept("t", "k", 1, number, 9, 3, sha256, "", None, None)

    known = ledger.fold([page(1, "a"), page(2, "b"), page(3, "c"), page(2, "d")])
    assert [one.sha256 for one in known.attempts["k"][0].pages] == ["a", "d"]


@given(
    st.text(st.characters(exclude_categories=[])),
    st.integers(),
    st.one_of(st.none(), st.booleans()),
)
def test_any_text_of_a_service_is_one_line(text: str, total: int, simulated: bool | None) -> None:
    line = ledger.PageKept(text, text, 1, 1, total, 0, "", text, simulated, None, text)
    written = ledger.as_text(line)
    assert written.count("\n") == 1 and written.endswith("\n")
    assert ledger._line(written.encode(), Path("x"), 1) == line
