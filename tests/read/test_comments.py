"""Comments are for those who write."""

from __future__ import annotations

from pipeline.read.blocks import parse, plain_text
from pipeline.read.context import Known, Reading
from pipeline.read.document import CodeBlock, Paragraph


def blocks(text: str) -> tuple[object, ...]:
    reading = Reading("x.md", "en", Known())
    found = parse(text, reading).blocks
    assert reading.problems == []
    return found


def test_a_comment_above_a_paragraph_is_not_read() -> None:
    (paragraph,) = blocks("% for the translator\n%\n% {glue}`nothing`\nWords.\n")
    assert isinstance(paragraph, Paragraph) and plain_text(paragraph.children) == "Words."
    assert paragraph.where.line == 4


def test_a_percent_sign_inside_a_paragraph_stays() -> None:
    (paragraph,) = blocks("Nine\n% of ten.\n")
    assert isinstance(paragraph, Paragraph) and plain_text(paragraph.children) == "Nine % of ten."


def test_a_percent_sign_in_code_stays() -> None:
    fenced, indented = blocks("```\n% matlab\n```\n\n    % indented\n")
    assert isinstance(fenced, CodeBlock) and fenced.text == "% matlab"
    assert isinstance(indented, CodeBlock) and indented.text == "% indented"
