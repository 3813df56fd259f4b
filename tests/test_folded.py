"""What one may leave out when looking for something is left out of both sides alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.folded import folded, folded_with_places


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Regresión", "regresion"),
        ("Regresio\u0301n", "regresion"),
        ("AÑO Ünïcode", "ano unicode"),
        ("Straße ﬁn", "strasse fin"),
        ("Ｓｏｆｔｍａｘ", "softmax"),
        ("Softmax 函数 是", "softmax函数是"),
        ("学习\u3000率", "学习率"),
        ("a\u00a0b\tc\nd", "a b c d"),
        ("x²", "x2"),
    ],
)
def test_case_accents_width_and_spaces_around_han_are_left_out(text: str, bare: str) -> None:
    assert folded(text) == bare


@given(st.text(st.sampled_from("aÉ ñ\u0301ﬁß学，\u3000\nＺ𠀀é🙂")) | st.text())
def test_each_folded_sign_knows_where_it_comes_from(text: str) -> None:
    bare, places = folded_with_places(text)
    assert bare == folded(text)
    assert len(places) == len(bare) + 1
    assert places == sorted(places)
    assert places[-1] == len(text)
    for sign, place in zip(bare, places, strict=False):
        assert sign in folded(text[place]) or sign == " "


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert folded(folded(text)) == folded(text)
