"""Formulas that a wiki leaves to its readers' scripts are drawn, in the size in which those would draw them."""

from __future__ import annotations

import pytest

from pipeline.preview.on_wiki import _formula, _is_one_group
from pipeline.render.html.formulas import Formulas


@pytest.mark.parametrize(
    ("tex", "is_one"),
    [("{a}", True), ("{a} + {b}", False), ("{a{b}c}", True), (r"{a\}b}", True), (r"{a\}", False), ("a", False)],
)
def test_braces_around_a_formula_are_told_from_braces_in_it(tex: str, is_one: bool) -> None:
    assert _is_one_group(tex) == is_one


def test_a_formula_is_as_large_as_the_wiki_has_it() -> None:
    formulas = Formulas()
    small = _formula(formulas, r"$ {\textstyle \sum_i x_i} $", False)
    large = _formula(formulas, r"$ \sum_i x_i $", False)
    block = _formula(formulas, r"$ {\displaystyle \sum_i x_i} $", True)
    is_large = 'displaystyle="true"'
    assert is_large not in small and is_large in large and small != large
    assert block.startswith('<div class="formula"><math display="block"') and formulas.problems == []


def test_a_formula_that_cannot_be_drawn_stays_its_tex() -> None:
    assert "nosuchcommand" in _formula(Formulas(), r"$ \nosuchcommand{<b>} $", False)
    assert "<b>" not in _formula(Formulas(), r"$ \nosuchcommand{<b>} $", False)
