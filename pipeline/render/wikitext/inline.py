"""Runs of inline nodes: emphasis, code and breaks, and the joints between neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pipeline.read.document import (
    Citation,
    Emphasis,
    ExternalLink,
    FootnoteReference,
    Inline,
    InlineCode,
    InlineMath,
    LineBreak,
    Literal_,
    PageLink,
    SectionLink,
    Strong,
    TermUse,
    Text,
)
from pipeline.render.wikitext.context import Writer
from pipeline.render.wikitext.escape import escape
from pipeline.render.wikitext.formulas import inline_math
from pipeline.render.wikitext.links import external_link, page_link, section_link
from pipeline.render.wikitext.notes import citation, footnote
from pipeline.render.wikitext.terms import term

SEPARATOR = "<nowiki />"


def inline(nodes: Iterable[Inline], writer: Writer, reserved: str = "") -> str:
    """Write a run of nodes; where two of them would melt into other markup, `<nowiki />` keeps them apart."""
    if isinstance(nodes, tuple) and len(nodes) == 1:
        return _node(nodes[0], writer, reserved)
    written = ""
    previous: Inline | None = None
    for node in merged(nodes):
        piece = _node(node, writer, reserved)
        if not piece:
            continue
        if previous is not None and _melts(written, previous, piece):
            written += SEPARATOR
        written += piece
        previous = node
    return written


def merged(nodes: Iterable[Inline]) -> Iterator[Inline]:
    """Neighbouring texts as one, so that what is dangerous only in one piece is seen."""
    held: Text | Literal_ | None = None
    for node in nodes:
        if isinstance(node, (Text, Literal_)):
            held = Text(held.text + node.text, node.where) if held else node
            continue
        if held:
            yield held
        held = None
        yield node
    if held:
        yield held


def _node(node: Inline, writer: Writer, reserved: str) -> str:
    way = WAYS.get(type(node))
    assert way is not None, f"{type(node).__name__} was not resolved"
    return way(node, writer, reserved)


def _marked(quotes: str, tag: str, children: tuple[Inline, ...], writer: Writer, reserved: str) -> str:
    """Apostrophes as an editor would write them, or tags where apostrophes would run together."""
    inner = writer.inline(children, reserved)
    if not inner:
        return ""
    if "''" in inner or inner != inner.strip(" \t"):
        return f"<{tag}>{inner}</{tag}>"
    return f"{quotes}{inner}{quotes}"


def _melts(written: str, previous: Inline, piece: str) -> bool:
    if isinstance(previous, (PageLink, SectionLink)):
        return piece[0].isalpha()  # MediaWiki draws letters behind a link into it
    if written.endswith("'") and piece.startswith("'"):
        return True
    return written.endswith("-") and piece.startswith("{{")  # -{ is the language converter's


def _text(node: Text | Literal_, writer: Writer, reserved: str) -> str:
    return escape(node.text, reserved)


def _code(node: InlineCode, writer: Writer, reserved: str) -> str:
    return f"<code>{escape(node.text, reserved)}</code>" if node.text else ""


WAYS: Mapping[type, Callable[[Any, Writer, str], str]] = {
    Text: _text,
    Literal_: _text,
    Emphasis: lambda node, writer, reserved: _marked("''", "i", node.children, writer, reserved),
    Strong: lambda node, writer, reserved: _marked("'''", "b", node.children, writer, reserved),
    InlineCode: _code,
    LineBreak: lambda node, writer, reserved: "<br />",
    InlineMath: lambda node, writer, reserved: inline_math(node),
    ExternalLink: external_link,
    PageLink: page_link,
    SectionLink: section_link,
    TermUse: lambda node, writer, reserved: term(node, reserved),
    Citation: lambda node, writer, reserved: citation(node),
    FootnoteReference: lambda node, writer, reserved: footnote(node, writer),
}
