"""Markdown to a document: the parser with its extensions, and one function a kind of block."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from pipeline.errors import Where
from pipeline.read.comments import comment_plugin
from pipeline.read.context import Reading
from pipeline.read.document import (
    Alignment,
    Block,
    CodeBlock,
    Definition,
    DefinitionList,
    Document,
    Footnote,
    FootnoteReference,
    Heading,
    ImageFigure,
    Inline,
    List,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
    walk,
)
from pipeline.read.inline import inline_nodes
from pipeline.read.roles import math_parts


def parse(text: str, reading: Reading, first_line: int = 1) -> Document:
    """Parse Markdown whose first line is line `first_line` of the file; problems go to `reading`."""
    parser = Parser(text, reading, first_line)
    blocks = parser.blocks()
    _check_footnotes(blocks, parser.footnotes, reading)
    return Document(blocks, tuple(parser.footnotes))


def parse_inline(text: str, where: Where, reading: Reading) -> tuple[Inline, ...]:
    """Parse one run of inline Markdown, such as a caption, that starts at `where` in the file."""
    tokens = markdown().parseInline(text.strip())

    def locate(offset: int) -> Where:
        return Where(where.file, where.line, where.column + offset) if "\n" not in text.strip() else where

    nodes = tuple(node for token in tokens for node in inline_nodes(token, locate, reading))
    for node in walk(nodes):
        if isinstance(node, FootnoteReference):
            reading.report(node.where, "a footnote outside the text", "put what it says into the sentence", "footnote")
    return nodes


@functools.cache
def markdown() -> MarkdownIt:
    """The parser: CommonMark without HTML, with comments, tables, footnotes, definition lists, formulas and roles."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.use(footnote_plugin, inline=False, always_match_refs=True)
    parser.use(deflist_plugin).use(myst_role_plugin).use(comment_plugin)
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=True)
    return parser.disable(["html_block", "html_inline", "reference"])


class Parser:
    """One stretch of Markdown being turned into blocks; directives parse what is inside them with another."""

    def __init__(self, text: str, reading: Reading, first_line: int) -> None:
        self.lines = text.split("\n")
        self.reading = reading
        self.first_line = first_line
        self.footnotes: list[Footnote] = []
        self.ids: dict[str, int] = {}
        self.tree = SyntaxTreeNode(markdown().parse(text))

    def blocks(self) -> tuple[Block, ...]:
        return self.children(self.tree)

    def children(self, node: SyntaxTreeNode) -> tuple[Block, ...]:
        found: list[Block] = []
        for child in node.children:
            block = BLOCKS[child.type](self, child)
            if isinstance(block, tuple):
                found.extend(block)
            elif block is not None:
                found.append(block)
        return tuple(found)

    def where(self, node: SyntaxTreeNode) -> Where:
        """The first character of a block that is not indentation."""
        line = node.map[0] if node.map else 0
        content = self.lines[line] if line < len(self.lines) else ""
        return self.reading.where(self.first_line + line, len(content) - len(content.lstrip()) + 1)

    def inline(self, node: SyntaxTreeNode) -> tuple[Inline, ...]:
        """The inline children of a block such as a paragraph or a table cell."""
        found: list[Inline] = []
        for child in node.children:
            if child.type == "inline" and child.token is not None:
                found.extend(inline_nodes(child.token, self._locator(child.token), self.reading))
        return tuple(found)

    def _locator(self, token: Token) -> Callable[[int], Where]:
        first = token.map[0] if token.map else 0

        def locate(offset: int) -> Where:
            before = token.content[:offset]
            number = before.count("\n")
            piece = token.content.split("\n")[number]
            source = self.lines[first + number] if first + number < len(self.lines) else ""
            column = max(source.find(piece.strip()), 0)
            inside = offset - (before.rfind("\n") + 1) - (len(piece) - len(piece.lstrip()))
            return self.reading.where(self.first_line + first + number, column + max(inside, 0) + 1)

        return locate


def heading_id(text: str) -> str:
    """The id a heading gets: its words in lower case, joined by hyphens."""
    words = unicodedata.normalize("NFC", text).lower()
    return re.sub(r"[\s_]+", "-", re.sub(r"[^\w\s-]", "", words).strip())


def plain_text(nodes: tuple[Inline, ...]) -> str:
    """The words of inline nodes without their markup."""
    parts: list[str] = []
    for node in walk(nodes):
        text = getattr(node, "text", None)
        if isinstance(text, str):
            parts.append(text)
        elif hasattr(node, "tex"):
            parts.extend(part for part in node.tex if isinstance(part, str))
    return " ".join("".join(parts).split())


# Roles look alike, but have a backtick behind the brace.
UNFENCED = re.compile(r"\{(?:code-cell|embed|figure|table|note|tip|warning)\}(?=\s|$)")


def _heading(parser: Parser, node: SyntaxTreeNode) -> Block:
    level = int(node.tag[1])
    where = parser.where(node)
    children = parser.inline(node)
    if level == 1:
        message = "a heading of level 1: the title stands in the head of the file"
        parser.reading.report(where, message, "use ## or deeper", "heading")
    if not children:
        parser.reading.report(where, "a heading without words", "write it, or delete the line", "heading")
    name = heading_id(plain_text(children)) or "section"
    count = parser.ids[name] = parser.ids.get(name, -1) + 1
    return Heading(level, children, f"{name}-{count}" if count else name, where)


def _paragraph(parser: Parser, node: SyntaxTreeNode) -> Block | None:
    if UNFENCED.match(node.children[0].content if node.children else ""):
        remedy = "write three backticks before it, and close it with three"
        parser.reading.report(parser.where(node), "a directive without its fence", remedy, "fence")
        return None
    image = _lone_image(node)
    if image is not None:
        return _image(parser, image, parser.where(node))
    children = parser.inline(node)
    return Paragraph(children, parser.where(node)) if children else None


def _lone_image(node: SyntaxTreeNode) -> SyntaxTreeNode | None:
    inline = node.children[0] if node.children else None
    if inline is not None and len(inline.children) == 1 and inline.children[0].type == "image":
        return inline.children[0]
    return None


def _image(parser: Parser, node: SyntaxTreeNode, where: Where) -> Block:
    caption = str(node.attrs.get("title", ""))
    alt = node.content
    if not alt.strip():
        remedy = "say in the brackets what it shows: ![a falling curve](curve.png)"
        parser.reading.report(where, "a picture without alternative text", remedy, "alt")
    return ImageFigure(str(node.attrs["src"]), alt, parse_inline(caption, where, parser.reading), where)


def _math(parser: Parser, node: SyntaxTreeNode) -> Block:
    where = parser.where(node)
    return MathBlock(math_parts(node.content.strip(), where, parser.reading), where)


def _fence(parser: Parser, node: SyntaxTreeNode) -> Block | tuple[Block, ...] | None:
    from pipeline.read.directives import directive  # directives parse Markdown inside them: a circle by nature

    where = parser.where(node)
    first, last = node.map or (0, 0)
    closing = parser.lines[last - 1].strip() if last - 1 < len(parser.lines) else ""
    if last - first < 2 or not re.search(re.escape(node.markup[:3]) + r"[`~]*$", closing):
        remedy = f"close it with a line {node.markup}"
        parser.reading.report(where, "a code block that is never closed", remedy, "fence")
        return None
    info = node.info.strip()
    if info.startswith("{"):
        return directive(info, node.content, parser.first_line + first + 1, where, parser.reading)
    return CodeBlock(info.split()[0] if info else "", node.content.rstrip("\n"), where)


def _indented_code(parser: Parser, node: SyntaxTreeNode) -> Block:
    return CodeBlock("", node.content.rstrip("\n"), parser.where(node))


def _list(parser: Parser, node: SyntaxTreeNode) -> Block:
    items = tuple(parser.children(item) for item in node.children)
    ordered = node.type == "ordered_list"
    return List(ordered, int(node.attrs.get("start", 1)) if ordered else 1, items, parser.where(node))


def _definitions(parser: Parser, node: SyntaxTreeNode) -> Block:
    items: list[Definition] = []
    for child in node.children:
        if child.type == "dt":
            items.append(Definition(parser.inline(child), (), parser.where(child)))
        else:
            last = items[-1]
            items[-1] = Definition(last.term, (*last.meanings, parser.children(child)), last.where)
    return DefinitionList(tuple(items), parser.where(node))


def _quote(parser: Parser, node: SyntaxTreeNode) -> Block:
    return Quote(parser.children(node), parser.where(node))


def _table(parser: Parser, node: SyntaxTreeNode) -> Block:
    rows = [row for part in node.children for row in part.children]
    alignment = tuple(_alignment(cell) for cell in rows[0].children)
    for row in rows[1:]:
        line = parser.lines[row.map[0]] if row.map else ""
        columns = len(re.findall(r"(?<!\\)\|", line.strip().strip("|"))) + 1
        if columns > len(alignment):
            message = f"a table row of {columns} cells under {len(alignment)} headings"
            parser.reading.report(parser.where(row), message, "write \\| for a bar inside a cell", "table")
    header, *body = (tuple(parser.inline(cell) for cell in row.children) for row in rows)
    return Table(header, tuple(body), alignment, parser.where(node))


def _alignment(cell: SyntaxTreeNode) -> Alignment:
    style = str(cell.attrs.get("style", ""))
    for name in ("left", "center", "right"):
        if style.endswith(name):
            return name
    return ""


def _rule(parser: Parser, node: SyntaxTreeNode) -> Block:
    return Rule(parser.where(node))


def _footnotes(parser: Parser, node: SyntaxTreeNode) -> None:
    for child in node.children:
        label = str(child.meta.get("label", ""))
        children: list[Inline] = []
        for block in child.children:
            if block.type == "paragraph":
                if children:
                    children.append(Text(" ", parser.where(block)))
                children.extend(parser.inline(block))
            elif block.type != "footnote_anchor":
                message = f"the footnote {label!r} holds more than paragraphs"
                parser.reading.report(parser.where(block), message, "put lists and code into the text", "footnote")
        if children:
            parser.footnotes.append(Footnote(label, tuple(children), children[0].where))


def _check_footnotes(blocks: tuple[Block, ...], footnotes: list[Footnote], reading: Reading) -> None:
    defined = {footnote.label for footnote in footnotes}
    used: set[str] = set()
    for node in walk(blocks):
        if isinstance(node, FootnoteReference):
            used.add(node.label)
            if node.label not in defined:
                remedy = f"add a line [^{node.label}]: with its text"
                reading.report(node.where, f"the footnote {node.label!r} has no text", remedy, "footnote")
    for footnote in footnotes:
        if footnote.label not in used:
            reading.report(
                footnote.where, f"the footnote {footnote.label!r} is never used", "refer to it or delete it", "footnote"
            )


BLOCKS: dict[str, Callable[[Parser, SyntaxTreeNode], Block | tuple[Block, ...] | None]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "math_block": _math,
    "fence": _fence,
    "code_block": _indented_code,
    "bullet_list": _list,
    "ordered_list": _list,
    "dl": _definitions,
    "blockquote": _quote,
    "table": _table,
    "hr": _rule,
    "footnote_block": _footnotes,
}
