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
    found: list[Inline] = []
    for node in nodes:
        if isinstance(node, (Text, InlineCode, InlineMath, Literal_)):
            found.append(node)
        elif isinstance(node, (Emphasis, Strong)):
            found.append(type(node)(bare(node.children), node.where))
        elif isinstance(node, TermUse):
            found.append(Text(node.text, node.where))
        elif isinstance(node, LineBreak):
            found.append(Text(" ", node.where))
        elif isinstance(node, (Citation, FootnoteReference)):
            if found and isinstance(found[-1], Text):  # the space in front of a mark goes with it
                found[-1] = Text(found[-1].text.rstrip(), found[-1].where)
        elif hasattr(node, "children"):
            found += bare(node.children)
    return tuple(found)


def without_terms(nodes: Iterable[Inline]) -> tuple[Inline, ...]:
    """For headings, where a popup would be in the way."""
    return tuple(Text(node.text, node.where) if isinstance(node, TermUse) else node for node in nodes)
