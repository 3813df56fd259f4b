"""Words without links, terms and notes: for places that are links themselves, or stand outside of their page."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.read.document import (
    Citation,
    Emphasis,
    FootnoteReference,
    Inline,
    InlineCode,
    InlineMath,
    LineBreak,
    Literal_,
    Strong,
    TermUse,
    Text,
)


def bare(nodes: Iterable[Inline]) -> tuple[Inline, ...]:
    """The same words and formulas with nothing to follow."""
    bare: list[Inline] = []
    for node in nodes:
        if isinstance(node, (Text, InlineCode, InlineMath, Literal_)):
            bare.append(node)
        elif isinstance(node, (Emphasis, Strong)):
            bare.append(type(node)(bare(node.children), node.where))
        elif isinstance(node, TermUse):
            bare.append(Text(node.text, node.where))
        elif isinstance(node, LineBreak):
            bare.append(Text(" ", node.where))
        elif not isinstance(node, (Citation, FootnoteReference)) and hasattr(node, "children"):
            bare += bare(node.children)
    return tuple(bare)
