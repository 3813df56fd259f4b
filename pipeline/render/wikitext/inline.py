"""Runs of inline nodes: emphasis, code and breaks, and the joints between neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
    held: Text | None = None
    for node in nodes:
        if isinstance(node, (Text, Literal_)):
            held = Text(held.text + node.text if held else node.text, node.where)
            continue
        if held:
            yield held
        held = None
        yield node
    if held:
        yield held


def _node(node: Inline, writer: Writer, reserved: str) -> str:
    match node:
        case Text():
            return escape(node.text, reserved)
        case Emphasis():
            return _marked("''", "i", node.children, writer, reserved)
        case Strong():
            return _marked("'''", "b", node.children, writer, reserved)
        case InlineCode():
            return f"<code>{escape(node.text, reserved)}</code>" if node.text else ""
        case LineBreak():
            return "<br />"
        case InlineMath():
            return inline_math(node)
        case ExternalLink():
            return external_link(node, writer, reserved)
        case PageLink():
            return page_link(node, writer, reserved)
        case SectionLink():
            return section_link(node, writer, reserved)
        case TermUse():
            return term(node, reserved)
        case Citation():
            return citation(node)
        case FootnoteReference():
            return footnote(node, writer)
        case _:
            raise AssertionError(f"{type(node).__name__} was not resolved")


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
