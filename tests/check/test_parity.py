"""A translation and its source side by side."""

from __future__ import annotations

import pytest

from pipeline.check.parity import parity

EN = "articles/tiny/en.md"
ES = "articles/tiny/es.md"
BOTH = {
    EN: "\nSo $x = \\text{half of } y$ in {lit}`1986` {cite}`cauchy1847`.\n\n$$\na = 1.\n$$\n\n{glue}`count:d`\n",
    ES: "\nEn {lit}`1986` {cite}`cauchy1847`, $x = \\text{mitad de } y$ con $n$.\n\n$$\na = 1\n$$\n\n{glue}`count:d`\n",
}


@pytest.fixture(autouse=True)
def _with_more_text(project) -> None:
    for file, text in BOTH.items():
        project.add(file, text)


def test_another_order_and_other_words_in_a_formula_are_no_difference(found) -> None:
    assert found(parity) == []


def test_the_words_of_a_formula_may_stand_in_another_order(project, found) -> None:
    project.add(EN, "\n$f(x) = 1 \\text{ if } x > 0$ and $\\operatorname{sign}(x)$\n")
    project.add(ES, "\n$f(x) = \\text{si } x > 0, \\text{ vale } 1$ y $\\operatorname{signo}(x)$\n")
    assert found(parity) == []
    project.change(ES, "x > 0", "x < 0")
    assert len(found(parity)) == 2


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("$x = ", "$x \\ne ", "10:1", "the section 'primera-parte' lacks the formula “x = \\text{half of } y”"),
        ("a = 1", "a = 2", "19:1", "the formula “a = 2” is not in the section 'first-part'"),
        ("{glue}`count:d`", "{glue}`count:.1f`", "23:1", "the value count:.1f is not in the section 'first-part'"),
        ("{lit}`1986`", "{lit}`1968`", "17:4", "the number 1968 is not in the section 'first-part'"),
        ("1986` {cite}`cauchy1847`", "1986`", "10:1", "the section 'primera-parte' lacks the citation 'cauchy1847'"),
        ("Un tema de {glue}`count`", "Un tema de muchas", "3:10", "the summary lacks the value count of the summary"),
        ("A curve", "Una curva $x = 1$", "6:3", ""),
    ],
)
def test_what_a_translation_says_otherwise(old, new, place, message, project, found) -> None:
    if not message:
        project.change(EN, old, "A curve $x = 1$")
        message = "the caption of 'curve' lacks the formula “x = 1”"
    else:
        project.change(ES, old, new)
    assert any(line.startswith(f"{ES}:{place}: {message}") for line in found(parity)), found(parity)


def test_a_cell_and_a_table_in_another_section(project, found) -> None:
    project.change(EN, "## First part", "## Zero\n\n| a |\n|---|\n| b |\n\n## First part")
    project.change(
        ES, "## Primera parte", "## Cero\n\n```{embed} #first\n```\n\n## Primera parte\n\n| a |\n|---|\n| b |\n"
    )
    project.change(ES, "```{embed} #first\n```\n\nVéase", "Véase")
    lines = found(parity)
    assert any("the cell 'first' is not in the section 'zero'" in line for line in lines)
    assert any("the section 'cero' lacks a table of 1 columns and 1 rows" in line for line in lines)
