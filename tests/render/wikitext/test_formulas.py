"""Formulas: in a line and on lines of their own, whatever TeX they hold."""

from __future__ import annotations

import pytest

from pipeline.errors import Where
from pipeline.read.document import InlineMath, MathBlock
from pipeline.render.wikitext.formulas import inline_math, math_block

HERE = Where("test")


@pytest.mark.parametrize(
    ("tex", "wikitext"),
    [
        ("x^2", "<math>x^2</math>"),
        ("  a\n  b ", "<math>a b</math>"),
        ("a < b", "<math>a < b</math>"),
        ("x </math> y", "<math>x <{}/math> y</math>"),
        ("\u0338x", "<math>{}\u0338x</math>"),
        ("", ""),
        (r"\sum_i x_i", r'<math display="inline">\sum_i x_i</math>'),
        (r"\frac12", r'<math display="inline">\frac12</math>'),
        (r"\maximal \summary", r"<math>\maximal \summary</math>"),
    ],
)
def test_a_formula_in_a_line(tex: str, wikitext: str) -> None:
    assert inline_math(InlineMath((tex,), HERE)) == wikitext


def test_a_formula_on_lines_of_its_own_keeps_its_lines() -> None:
    block = MathBlock(("\\begin{aligned}\r\na &= b \\\\\n\\end{aligned}\n",), HERE)
    assert math_block(block) == '<math display="block">\n\\begin{aligned}\na &= b \\\\\n\\end{aligned}\n</math>'
