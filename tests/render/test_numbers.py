"""Numbers in the habits of each language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render.numbers import MINUS, direction, localize, localize_tex

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("printed", "english", "spanish"),
    [
        ("0.05", "0.05", "0,05"),
        ("-3", "−3", "−3"),
        ("97.6%", "97.6%", f"97,6{NBSP}%"),
        ("1.2e-05", f"1.2{NBSP}×{NBSP}10⁻⁵", f"1,2{NBSP}×{NBSP}10⁻⁵"),
        ("1.5e+00", "1.5", "1,5"),
        ("1,234.5", "1,234.5", "1234,5"),
        ("12,345", "12,345", "12.345"),
        ("1,234,567", "1,234,567", "1.234.567"),
        ("(0.976, 0.018, -0.007)", "(0.976, 0.018, −0.007)", "(0,976; 0,018; −0,007)"),
        ("((1, 2), (3, 4))", "((1, 2), (3, 4))", "((1; 2); (3; 4))"),
        ("-inf", "−∞", "−∞"),
        ("nan", "NaN", "NaN"),
        ("+0.5", "+0.5", "+0,5"),
        ("True", "True", "True"),
        ("0x1f", "0x1f", "0x1f"),
        ("  7", "7", "7"),
    ],
)
def test_digits_follow_the_language(printed: str, english: str, spanish: str) -> None:
    assert localize(printed, "en") == english
    assert localize(printed, "zh") == english
    assert localize(printed, "es") == spanish


@pytest.mark.parametrize(
    ("printed", "english", "spanish"),
    [
        ("0.5", "0.5", "0{,}5"),
        ("97.6%", r"97.6\%", r"97{,}6\,\%"),
        ("-1.2e-05", r"-1.2 \times 10^{-5}", r"-1{,}2 \times 10^{-5}"),
        ("12,345.6", "12{,}345.6", "12.345{,}6"),
        ("inf", r"\infty", r"\infty"),
        ("(0.5, 1.5)", "(0.5, 1.5)", "(0{,}5; 1{,}5)"),
    ],
)
def test_digits_in_formulas_are_tex(printed: str, english: str, spanish: str) -> None:
    assert localize_tex(printed, "en") == english
    assert localize_tex(printed, "es") == spanish


def test_a_language_written_right_to_left_keeps_its_minus_before_the_number() -> None:
    assert direction("ar") == "rtl"
    assert localize("-5", "ar") == "\u200e" + MINUS + "5"


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([".3f", ".4g", ".2e", ",.2f", "r"]))
def test_a_number_written_for_spanish_readers_is_the_same_number(value: float, form: str) -> None:
    printed = repr(value) if form == "r" else format(value, form)
    back = localize(printed, "es").replace(".", "").replace(",", ".").replace(MINUS, "-")
    mantissa, _, power = back.partition(f"{NBSP}×{NBSP}10")
    exponent = power.translate(str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")) or "0"
    assert float(f"{mantissa}e{exponent}") == float(printed.replace(",", ""))
