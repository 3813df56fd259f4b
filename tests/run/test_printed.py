"""Values in digits: as Python's format has them, with a message that helps where that does not fit."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.run.printed import printed

PRINTED = [
    (3, (), "", "3"),
    (0.1, (), "", "0.1"),
    (1e-05, (), "", "1e-05"),
    (True, (), "", "True"),
    ("a b", (), "", "a b"),
    (0.976, (), ".1%", "97.6%"),
    (1234567, (), ",d", "1,234,567"),
    (3, (), ".2f", "3.00"),
    (1.5e-7, (), ".1e", "1.5e-07"),
    ([0.976, 0.018, 0.0066], (), ".3f", "(0.976, 0.018, 0.007)"),
    ([[1, 2], [3, 4]], (), "d", "((1, 2), (3, 4))"),
    ([[1, 2], [3, 4]], (1, 0), "", "3"),
    ([1, 2], (-1,), "", "2"),
    ([], (), ".2f", "()"),
    (math.inf, (), ".2f", "inf"),
    (-math.inf, (), "", "-inf"),
    (math.nan, (), ".1f", "nan"),
    (-1e-9, (), ".2f", "0.00"),
    (-1e-9, (), ".1%", "0.0%"),
    (-0.0, (), ".1e", "0.0e+00"),
    (-0.0, (), "", "0.0"),
    (-0.01, (), ".2f", "-0.01"),
    (0.5, (), "+.1f", "+0.5"),
]

REFUSED = [
    (0.5, (), "d", "'d' does not fit a number with decimals (0.5); formats that fit: .3f, .1%"),
    (3, (), "s", "'s' does not fit a whole number (3); formats that fit: d"),
    (65, (), "c", "'c' does not fit a whole number"),
    (3.5, (), "n", "'n' does not fit"),
    (0.5, (), "nonsense", "'nonsense' does not fit"),
    ("text", (), ".2f", "'.2f' does not fit a text ('text'); no format fits"),
    (True, (), "d", "'d' does not fit true or false"),
    (3, (0,), "", "a whole number has no index [0]"),
    ([1, 2], (2,), "", "[2] is out of range: the list has 2 entries"),
    ([[1], [2]], (0, 0, 0), "", "a whole number at [0][0] has no index [0]"),
    ([{"a": 1}], (), "", "a table cannot be printed in a line; use the directive {table}"),
    ([{"a": 1}], (0,), "", "a row of a table cannot be printed in a line"),
    ([0.5, "x"], (), ".1f", "'.1f' does not fit a text"),
]


@pytest.mark.parametrize(("value", "index", "format", "expected"), PRINTED)
def test_a_value_prints_as_python_formats_it(value: object, index: tuple[int, ...], format: str, expected: str) -> None:
    assert printed(value, index, format) == expected


@pytest.mark.parametrize(("value", "index", "format", "message"), REFUSED)
def test_what_does_not_fit_is_said_with_what_would(
    value: object, index: tuple[int, ...], format: str, message: str
) -> None:
    with pytest.raises(ValueError) as error:
        printed(value, index, format)
    assert message in str(error.value)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 8))
def test_digits_read_back_as_the_rounded_number_and_zero_has_no_sign(value: float, digits: int) -> None:
    text = printed(value, (), f".{digits}f")
    assert float(text) == float(format(value, f".{digits}f"))
    assert not (text.startswith("-") and float(text) == 0)


@given(st.recursive(st.integers(-9, 9), lambda inner: st.lists(inner, max_size=4), max_leaves=8), st.text(max_size=6))
def test_any_value_and_format_print_or_say_why_not(value: object, format: str) -> None:
    try:
        assert isinstance(printed(value, (), format), str)
    except ValueError as error:
        assert "fit" in str(error)
