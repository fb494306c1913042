"""Printed numbers: which counts can stand behind a rounded share, exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics.claims import printed
from bibliometrics.claims.printed import Printed, Rounding

ROUNDINGS: list[Rounding] = ["half_up", "half_even", "truncate"]


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [
        ("3.70", 1958, 1962),
        ("3.12", 1651, 1655),
        ("3.08", 1630, 1634),
        ("3.03", 1603, 1607),
        ("2.06", 1089, 1093),
    ],
)
def test_the_whole_counts_behind_the_published_shares(share: str, low: int, high: int) -> None:
    value = printed.parse(share)
    assert value is not None
    assert printed.counts(value, 52976, "half_up") == (low, high)


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [("3.70", Fraction(37, 10), 2), ("52976", Fraction(52976), 0), (" -1.5 ", Fraction(-3, 2), 1)],
)
def test_a_printed_number_keeps_its_places(text: str, value: Fraction, decimals: int) -> None:
    assert printed.parse(text) == Printed(value, decimals)
    assert str(printed.parse(text)) == text.strip()


@pytest.mark.parametrize("text", ["2019-12-31", "", "3.", "n/a", "1,000", "1e3"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert printed.parse(text) is None


@pytest.mark.parametrize(
    ("rounding", "value", "shown"),
    [
        ("half_up", "0.125", "0.13"),
        ("half_even", "0.125", "0.12"),
        ("half_even", "0.135", "0.14"),
        ("half_even", "0.1251", "0.13"),
        ("truncate", "0.129", "0.12"),
        ("half_up", "0.1249", "0.12"),
    ],
)
def test_the_three_ways_of_rounding(rounding: Rounding, value: str, shown: str) -> None:
    assert printed.rounded(Fraction(value), 2, rounding) == Fraction(shown)


@given(
    st.integers(0, 10_000),
    st.integers(1, 10_000),
    st.integers(0, 3),
    st.sampled_from(ROUNDINGS),
)
def test_counts_are_all_and_only_those_that_print_so(
    count: int, denominator: int, decimals: int, rounding: Rounding
) -> None:
    value = Printed(
        printed.rounded(printed.percent(count, denominator), decimals, rounding), decimals
    )
    low, high = printed.counts(value, denominator, rounding)
    assert low <= count <= high

    def is_so(n: int) -> bool:
        return printed.prints(printed.percent(n, denominator), value, rounding)

    assert is_so(low)
    assert is_so(high)
    assert not is_so(low - 1)
    assert not is_so(high + 1)


@given(st.integers(0, 3000), st.integers(1, 3000), st.sampled_from(ROUNDINGS))
def test_outside_is_zero_just_where_it_prints_so(
    count: int, denominator: int, rounding: Rounding
) -> None:
    value = printed.parse("3.70")
    assert value is not None
    off = printed.outside(Fraction(count), Fraction(denominator), value, rounding)
    prints = printed.prints(printed.percent(count, denominator), value, rounding)
    assert (off == 0) == prints
    assert off == 0 or off >= 1
    low, high = printed.counts(value, denominator, rounding)
    if low <= high and not prints:
        assert off == max(low - count, count - high)


@pytest.mark.parametrize(
    ("count", "rounding", "off"),
    [(1958, "half_up", 0), (1957, "half_up", 1), (1962, "half_up", 0), (1970, "half_up", 8),
     (1950, "half_up", 8), (1961, "truncate", 0), (1960, "truncate", 1), (1965, "truncate", 0)],
)  # fmt: skip
def test_papers_outside_what_prints_so(count: int, rounding: Rounding, off: int) -> None:
    value = printed.parse("3.70")
    assert value is not None
    assert printed.outside(Fraction(count), Fraction(52976), value, rounding) == off


def test_a_fractional_count_just_outside_is_a_whole_one_away() -> None:
    value = printed.parse("3.70")
    assert value is not None
    near = Fraction("1957.3")
    assert printed.outside(near, Fraction(52976), value, "half_up") == 1
    assert printed.outside(Fraction("1957.5"), Fraction(52976), value, "half_up") == 0


def test_where_no_whole_count_prints_so_the_interval_is_empty() -> None:
    value = printed.parse("25")
    assert value is not None
    low, high = printed.counts(value, 50, "half_up")
    assert high == low - 1
    assert printed.whole_counts([value], 50, "half_up") == [None]
    assert not printed.fits([value], 50, "half_up")
    assert printed.fits([value], 52, "half_up")


def test_denominators_that_fit_every_share() -> None:
    shares = [Printed(Fraction(s), 2) for s in ("37.37", "39.51", "23.12")]
    assert printed.fitting_denominators(shares, range(400, 798), "half_up") == [653]
    assert printed.whole_counts(shares, 653, "half_up") == [244, 258, 151]


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("1.005", 2, "1.01"), ("-1.005", 2, "-1.01"), ("0.004", 2, "0.00"), ("-0.004", 2, "0.00"),
        ("12", 0, "12"), ("0.5", 0, "1"), ("7", 3, "7.000"), ("-3", 0, "-3"),
    ],
)  # fmt: skip
def test_numbers_are_written_without_a_float(value: str, places: int, text: str) -> None:
    assert printed.written(Fraction(value), places) == text
