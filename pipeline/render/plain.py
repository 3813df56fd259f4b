"""The words of inline nodes without their markup: for anchors, alternative text and templates' plain parameters."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.read.document import (
    Citation,
    Cite,
    FootnoteReference,
    Glue,
    Inline,
    InlineCode,
    InlineMath,
    LineBreak,
    Literal_,
    Term,
    TermUse,
    Text,
)


def plain(nodes: Iterable[Inline]) -> str:
    """What a reader of resolved nodes would say aloud; formulas as their TeX, marks of notes left out."""
    return "".join(_words(node) for node in nodes)


def _words(node: Inline) -> str:
    if isinstance(node, (Text, InlineCode, Literal_, Term, TermUse)):
        return node.text
    if isinstance(node, InlineMath):
        return "".join(part for part in node.tex if isinstance(part, str))
    if isinstance(node, LineBreak):
        return " "
    if isinstance(node, (Cite, Citation, FootnoteReference, Glue)):
        return ""
    return plain(node.children)
