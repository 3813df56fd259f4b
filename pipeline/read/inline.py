"""Inline Markdown to nodes: markdown-it's tokens with their place in the file put back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from pipeline.errors import Where, suggest
from pipeline.read.context import Reading
from pipeline.read.document import (
    Emphasis,
    ExternalLink,
    FootnoteReference,
    Inline,
    InlineCode,
    InlineMath,
    LineBreak,
    SectionLink,
    Strong,
    Text,
    TopicLink,
)
from pipeline.read.roles import ROLES, math_parts, unknown_role

Locate = Callable[[int], Where]  # offset in an inline token's content -> place in the file
TOPIC = re.compile(r"\.\./([a-z0-9-]+)(?:/(?:[a-z-]+\.md)?)?(?:#(.+))?")


def inline_nodes(token: Token, locate: Locate, reading: Reading) -> tuple[Inline, ...]:
    """Turn an `inline` token into nodes; `locate` maps offsets in its content to the file."""
    return _Walk(token, locate, reading).nodes()


class _Walk:
    """One pass over the children of an inline token, with a cursor into its content.

    markdown-it gives no offsets below a block, so each token is searched for from where the last one ended.
    """

    def __init__(self, token: Token, locate: Locate, reading: Reading) -> None:
        self.content = token.content
        self.tokens: Sequence[Token] = token.children or []
        self.locate = locate
        self.reading = reading
        self.cursor = 0
        self.index = 0

    def nodes(self, until: str = "") -> tuple[Inline, ...]:
        found: list[Inline] = []
        while self.index < len(self.tokens):
            token = self.tokens[self.index]
            self.index += 1
            if token.type == until:
                break
            node = self.node(token)
            if isinstance(node, Text) and found and isinstance(found[-1], Text):
                found[-1] = Text(found[-1].text + node.text, found[-1].where)
            elif node is not None:
                found.append(node)
        return tuple(found)

    def node(self, token: Token) -> Inline | None:
        match token.type:
            case "text" | "text_special":
                return self.text(token)
            case "softbreak":
                return self.softbreak()
            case "hardbreak":
                return LineBreak(self.advance("\n"))
            case "code_inline":
                return InlineCode(token.content, self.advance(token.markup, token.content, token.markup))
            case "math_inline" | "math_inline_double":
                where = self.advance("$", token.content, "$")
                return InlineMath(math_parts(token.content, where, self.reading), where)
            case "em_open":
                where = self.advance(token.markup)
                return Emphasis(self.inside("em_close", token.markup), where)
            case "strong_open":
                where = self.advance(token.markup)
                return Strong(self.inside("strong_close", token.markup), where)
            case "link_open":
                return self.link(token)
            case "myst_role":
                name = str(token.meta["name"])
                where = self.advance("{" + name + "}", token.content, "`")
                role = ROLES.get(name)
                if role is None:
                    unknown_role(name, where, self.reading)
                    return None
                return role(token.content, where, self.reading)
            case "footnote_ref":
                label = str(token.meta.get("label", ""))
                return FootnoteReference(label, self.advance("[^" + label, "]"))
            case "image":
                where = self.advance("![", token.content, ")")
                message = "a picture stands inside a paragraph"
                self.reading.report(where, message, "give it a paragraph of its own", "image")
                return None
            case "footnote_anchor":
                return None
            case other:  # a rule of the parser that nobody taught this reader
                raise AssertionError(f"unexpected inline token {other}")

    def softbreak(self) -> Inline | None:
        """A line end in the source is a space, except where Chinese or Japanese goes on without one."""
        where = self.advance("\n")
        return Text(" ", where) if breaks_to_space(self.content[: self.cursor], self.content[self.cursor :]) else None

    def text(self, token: Token) -> Inline | None:
        if not token.content:
            return None
        where = self.advance(token.content)
        self.stray(token.content, where)
        return Text(token.content, where)

    def stray(self, text: str, where: Where) -> None:
        """Report marks that were meant as markup and would be shown: emphasis and dollar signs that do not pair up."""
        for mark, meant, remedy in (
            ("*", r"\S\*|\*\S", "put punctuation outside the emphasis, or write \\* for an asterisk"),
            ("$", r"\$", "write no space inside the dollar signs of a formula, or \\$ for a dollar sign"),
        ):
            escaped = self.content.count("\\" + mark)
            if text.count(mark) > escaped and re.search(meant, text):
                kind = "emphasis" if mark == "*" else "math"
                self.reading.report(where, f"a `{mark}` that does not pair up, so readers would see it", remedy, kind)

    def inside(self, closing: str, markup: str) -> tuple[Inline, ...]:
        children = self.nodes(closing)
        self.advance(markup)
        return children

    def link(self, token: Token) -> Inline | None:
        auto = token.info == "auto"
        where = self.advance("<" if auto else "[")
        children = self.nodes("link_close")
        self.advance(">" if auto else "](", *(() if auto else (")",)))
        href = str(token.attrs.get("href", ""))
        return link_node(href, children, where, self.reading)

    def advance(self, *pieces: str) -> Where:
        """Move past `pieces`, one after the other, and return where the first one starts."""
        start = -1
        for piece in pieces:
            at = self.content.find(piece, self.cursor)
            if at < 0:  # an entity or an escape: the text differs from what was typed
                word = piece.split()[:1]
                at = self.content.find(word[0], self.cursor) if word else -1
                end = self.cursor if at < 0 else at + len(word[0])
                at = self.cursor if at < 0 else at
            else:
                end = at + len(piece)
            start = at if start < 0 else start
            self.cursor = end
        return self.locate(max(start, 0))


def breaks_to_space(before: str, after: str) -> bool:
    """Whether a line end between two texts is a space: not where Chinese or Japanese goes on without one."""
    signs = [sign for sign in (before.rstrip()[-1:], after.lstrip()[:1]) if sign]
    wide = [unicodedata.east_asian_width(sign) in "WF" for sign in signs]
    mark = [unicodedata.category(sign)[0] == "P" for sign in signs]
    return not (all(wide) or any(w and m for w, m in zip(wide, mark, strict=True)))


def link_node(href: str, children: tuple[Inline, ...], where: Where, reading: Reading) -> Inline | None:
    """The node a link's address stands for, or None after reporting that it leads nowhere."""
    address = unquote(href)
    if not children:
        reading.report(where, "a link without words", "write what it leads to between the brackets", "link")
        return None
    if address.startswith("#"):
        return SectionLink(address[1:], children, where)
    if re.match(r"(https?://[^\s/]|mailto:.)", href) and _is_address(href):
        return ExternalLink(href, children, where)
    topic = TOPIC.fullmatch(address)
    if topic:
        if topic[1] not in reading.known.topics:
            remedy = suggest(topic[1], reading.known.topics) or "make the topic, or add it to articles/planned.yaml"
            reading.report(where, f"link to nowhere: there is no topic {topic[1]!r}", remedy, "link")
            return None
        return TopicLink(topic[1], topic[2] or "", children, where)
    remedy = "link a topic as ../its-slug/, a heading as #its-id, a page elsewhere as https://…"
    reading.report(where, f"link to nowhere: {address!r}", remedy, "link")
    return None


def _is_address(href: str) -> bool:
    try:
        urlsplit(href)
    except ValueError:
        return False
    return True
