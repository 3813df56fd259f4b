"""Headings, and the anchors MediaWiki gives them."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.read.document import (
    Block,
    Citation,
    FootnoteReference,
    Heading,
    Inline,
    InlineMath,
    TermUse,
    Text,
    walk,
    walk_blocks,
)
from pipeline.render.plain import plain
from pipeline.render.wikitext.context import Writer
from pipeline.render.wikitext.escape import escape, reference


def heading(node: Heading, writer: Writer) -> str:
    """`== Words ==`; with an anchor of its own where MediaWiki would make one out of TeX or of note marks."""
    words = writer.inline(_without_terms(node.children)).strip(" \t")
    if not words:
        return ""
    if words.endswith("="):
        words = words[:-1] + reference("=")
    if words.startswith("="):
        words = reference("=") + words[1:]
    if _needs_anchor(node):
        words = f'<span id="{escape(node.id).replace(chr(34), "&quot;")}"></span>{words}'
    marks = "=" * node.level
    return f"{marks} {words} {marks}"


def anchors(blocks: Iterable[Block]) -> dict[str, str]:
    """Heading ids -> anchors, counted up as MediaWiki does for headings that say the same."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for node in walk_blocks(tuple(blocks)):
        if not isinstance(node, Heading):
            continue
        words = " ".join(plain(node.children).split())
        anchor, count = words, 1
        while anchor.lower() in taken:
            count += 1
            anchor = f"{words}_{count}"
        taken.add(anchor.lower())
        found[node.id] = node.id if _needs_anchor(node) else anchor
    return found


def _needs_anchor(node: Heading) -> bool:
    return any(isinstance(part, (InlineMath, Citation, FootnoteReference)) for part in walk(node.children))


def _without_terms(nodes: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """A popup in a heading would also stand in the table of contents."""
    return tuple(Text(node.text, node.where) if isinstance(node, TermUse) else node for node in nodes)
