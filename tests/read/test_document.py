"""Markdown becomes nodes that know their place."""

from __future__ import annotations

from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.read.blocks import parse
from pipeline.read.context import Known, Reading
from pipeline.read.document import (
    Admonition,
    Block,
    CodeCell,
    DefinitionList,
    Emphasis,
    Glue,
    GluedTable,
    InlineMath,
    List,
    Paragraph,
    Table,
    Text,
    walk,
    walk_blocks,
)


def reading() -> Reading:
    return Reading("articles/x/en.md", "en", Known(topics=frozenset({"a"})))


def blocks(text: str, first_line: int = 1):
    found = reading()
    document = parse(text, found, first_line)
    assert found.problems == []
    return document.blocks


def place(node) -> tuple[int, int]:
    return node.where.line, node.where.column


def test_inline_nodes_know_line_and_column() -> None:
    (paragraph,) = blocks("one *two*\nand {glue}`x:.2f` $y$", first_line=10)
    found = {type(node): place(node) for node in walk(paragraph)}
    assert found[Emphasis] == (10, 5)
    assert found[Glue] == (11, 5)
    assert found[InlineMath] == (11, 19)


def test_a_cell_knows_the_line_its_code_starts_on_even_in_a_list() -> None:
    (listing,) = blocks("- x\n\n  ```{code-cell} python\n  :label: c\n  :code: fold\n  y = 1\n  ```\n")
    (cell,) = [node for node in walk(listing) if isinstance(node, CodeCell)]
    assert (cell.source, cell.line, cell.code) == ("y = 1", 6, "fold")


def test_a_literal_in_a_formula_stands_apart_and_may_hold_braces() -> None:
    (paragraph,) = blocks(r"$e^{\lit{1000}} > \lit{10{,}5} \cdot \literal$")
    (formula,) = paragraph.children
    assert [part if isinstance(part, str) else part.text for part in formula.tex] == [
        "e^{", "1000", "} > ", "10{,}5", r" \cdot \literal"
    ]  # fmt: skip


def test_glue_in_a_formula_stands_apart_from_its_tex() -> None:
    (paragraph,) = blocks(r"$a = \glue{p[0]:.3f} + b$")
    (formula,) = paragraph.children
    before, glue, after = formula.tex
    assert (before, after) == ("a = ", " + b")
    assert (glue.name, glue.index, glue.format) == ("p", (0,), ".3f")


def test_lines_of_chinese_join_without_a_space_and_latin_ones_with_one() -> None:
    (paragraph,) = blocks("第一行\n第二行，\nthen\nmore")
    assert paragraph.children[0].text == "第一行第二行，then more"


def test_html_and_wiki_markup_are_words() -> None:
    (paragraph,) = blocks("<b>x</b> {{y}} [[z]] <!-- n -->")
    assert [type(node) for node in paragraph.children] == [Text]
    assert paragraph.children[0].text == "<b>x</b> {{y}} [[z]] <!-- n -->"


def test_blocks_nest() -> None:
    text = "1. a\n   - b\n2. c\n\nterm\n: meaning\n\n```{note}\nwords {glue}`v`\n```\n"
    listing, definitions, note = blocks(text)
    assert isinstance(listing, List) and isinstance(listing.items[0][1], List)
    assert isinstance(definitions, DefinitionList)
    assert isinstance(note, Admonition) and isinstance(note.children[0], Paragraph)
    assert [place(node) for node in walk(note) if isinstance(node, Glue)] == [(9, 7)]


def test_a_walk_over_blocks_meets_those_of_a_whole_walk_in_their_order() -> None:
    text = (
        "1. a\n   - *b*\n\n   > c\n2. $d$\n\nterm\n: meaning\n: - more\n\n```{note}\n## x\n\n| y |\n|---|\n| z |\n```\n"
    )
    found = blocks(text)
    assert [*walk_blocks(found)] == [node for node in walk(found) if isinstance(node, get_args(Block))]
    assert len([*walk_blocks(found)]) == 14


def test_a_glued_table_splits_its_headers_outside_formulas() -> None:
    text = "```{table} steps\n:columns: a, b:,d\n:headers: $|x|$ | B\nCaption {glue}`n`.\n```\n"
    (table,) = blocks(text)
    assert isinstance(table, GluedTable)
    assert [(column.key, column.format) for column in table.columns] == [("a", ""), ("b", ",d")]
    assert isinstance(table.columns[0].header[0], InlineMath)
    assert any(isinstance(node, Glue) for node in table.caption)


def test_an_escaped_bar_stays_in_its_cell() -> None:
    (table,) = blocks("| a | b |\n|--:|---|\n| `p\\|q` | c |\n")
    assert isinstance(table, Table)
    assert table.rows[0][0][0].text == "p|q"
    assert table.alignment == ("right", "")


@settings(max_examples=150)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("*_`[]()<>{}$\\|#~-\n:!"), max_size=80))
def test_any_text_reads_without_an_exception(text: str) -> None:
    parse(text, reading())
