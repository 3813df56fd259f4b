"""Numbers that somebody typed."""

from __future__ import annotations

import pytest

from pipeline.check.numbers import typed_numbers

EN = "articles/tiny/en.md"
ES = "articles/tiny/es.md"


def test_what_the_code_printed_and_an_author_vouches_for_is_no_typed_number(project, found) -> None:
    names = "float16, ResNet-50, word2vec, H2O, $L_2$, a 2D grid, `p[0] = 0.5`, [paper](https://x.org/1706.03762)"
    formulas = r"$x^2 / 10$, $w_{12}$, $\glue{count:.2f}$, $\lit{0.05}$, $\text{float16}$"
    block = "\n$$\na &= 1 \\\\[12pt]\nb &= 2\n$$\n"
    project.add(EN, f"\nIn {{lit}}`1986`: {{glue}}`count`, {names}, {formulas}.\n\n1. one\n2. two\n{block}")
    assert found(typed_numbers) == []


@pytest.mark.parametrize(
    ("typed", "number"),
    [("about 0.5 of it", "0.5"), ("90% of it", "90%"), ("10-fold", "10"), ("in 1986.", "1986"), ("1,5 veces", "1,5")],
)
def test_a_number_in_a_sentence(typed: str, number: str, project, found) -> None:
    project.add(EN, f"\nThis is {typed}\n")
    column = 9 + typed.index(number[0])
    message = (
        f"{EN}:25:{column}: the number {number} is typed into the text; print what the code computed with {{glue}}"
    )
    assert [line[: len(message)] for line in found(typed_numbers)] == [message]


def test_a_number_in_a_line_of_its_own_below_the_first(project, found) -> None:
    project.add(ES, "\nUna frase con $x$ que\nsigue *y tiene 3* veces.\n")
    assert found(typed_numbers)[0].startswith(f"{ES}:18:16: the number 3 ")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[It is small.]", "[It has 3 lines.]", "9:21: the number 3 is typed into the key point"),
        ("A topic of", "Topic 4 of", "8:16: the number 4 is typed into the summary"),
        ("A curve.", "A curve of 5.", "11:31: the number 5 is typed into the caption"),
        ("It rises.", "It rises 6 times.", "11:44: the number 6 is typed into the alternative text"),
        ("See [", "| 7 a | b |\n|---|---|\n| c | 8 d |\n\nSee [", "23:3: the number 7 is typed into the table header"),
        ("See [", "See $0.5x$ [", "23:6: the number 0.5 is typed into a formula"),
        ("See [", "See $x^{16}$ [", "23:9: the number 16 is typed into a formula"),
        ("See [", "See $1{,}5$ [", "23:6: the number 1,5 is typed into a formula"),
        ("See [", "$$\nx =\n  1000\n$$\n\nSee [", "25:3: the number 1000 is typed into a formula"),
    ],
)
def test_where_a_typed_number_is_found(old: str, new: str, message: str, project, found) -> None:
    project.change(EN, old, new)
    assert any(line.startswith(f"{EN}:{message}") for line in found(typed_numbers)), found(typed_numbers)


def test_a_number_in_a_heading(project, found) -> None:
    project.change(EN, "## First part", "## First 3 parts")
    project.change(EN, "(#first-part)", "(#first-3-parts)")
    assert found(typed_numbers)[0].startswith(f"{EN}:16:10: the number 3 is typed into the heading")


def test_a_number_in_a_glossary_definition(project, found) -> None:
    project.change("articles/glossary/learning-rate.yaml", "How far a step goes.", "About 0.1.")
    assert "the number 0.1 is typed into the definition" in found(typed_numbers)[0]
