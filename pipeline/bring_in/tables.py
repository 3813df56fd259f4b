"""Tables: a heading row, rows, sides; what Markdown's tables cannot say is flattened, and said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import mwparserfromhell
from mwparserfromhell.nodes import Node, Tag
from mwparserfromhell.nodes import Text as WikiText

from pipeline.bring_in.inline import inside
from pipeline.bring_in.page import Page
from pipeline.bring_in.tidy import tidy
from pipeline.read.article import NOWHERE
from pipeline.read.document import (
    Alignment,
    Block,
    CodeBlock,
    DefinitionList,
    Heading,
    Inline,
    InlineCode,
    InlineMath,
    List,
    MathBlock,
    Paragraph,
    Table,
    Text,
)

Reader = Callable[[Iterable[Node]], list[Block]]
SIDES: dict[str, Alignment] = {"left": "left", "center": "center", "right": "right"}
WIDEST, LONGEST = 100, 2000  # columns and rows that a span may claim


@dataclass(frozen=True, slots=True)
class _Cell:
    content: tuple[Inline, ...]
    head: bool
    side: Alignment
    columns: int
    rows: int


def table(node: Tag, page: Page, read: Reader) -> list[Block]:
    """The caption as a paragraph, then the table."""
    rows: list[list[_Cell]] = [[]]
    caption: list[Block] = []
    for child in _cells(node):
        name = str(child.tag).strip().lower()
        if name == "tr":
            if rows[-1]:
                rows.append([])
            for cell in _cells(child):
                _add(cell, rows, caption, page, read)
        else:
            _add(child, rows, caption, page, read)
    stray = _stray(node)
    if stray:
        page.notes.say("left out", stray, "stands in a table and in no cell of it")
    grid = _grid([row for row in rows if row], node, page)
    if not grid:
        return caption
    header: tuple[tuple[Inline, ...], ...] = tuple(() for _ in grid[0])
    if all(cell.head for cell in grid[0]) and len(grid) > 1:
        header, grid = tuple(cell.content for cell in grid[0]), grid[1:]
    if any(cell.head for row in grid for cell in row):
        page.notes.say("changed", str(node).partition("\n")[0], "headings beside the rows stand as plain cells")
    whole = _side_of(node)
    sides = tuple(_side([row[column] for row in grid]) or whole for column in range(len(grid[0])))
    body = tuple(tuple(cell.content for cell in row) for row in grid)
    return [*caption, Table(header, body, sides, NOWHERE)]


def _cells(node: Tag) -> list[Tag]:
    found: list[Tag] = []
    for child in node.contents.nodes if node.contents is not None else ():
        if isinstance(child, Tag):
            name = str(child.tag).strip().lower()
            if name in ("tr", "td", "th", "caption"):
                found.append(child)
            elif name in ("thead", "tbody", "tfoot"):
                found += _cells(child)
    return found


def _stray(node: Tag) -> str:
    parts = []
    for child in node.contents.nodes if node.contents is not None else ():
        if not isinstance(child, Tag) or str(child.tag).strip().lower() not in (
            "tr", "td", "th", "caption", "thead", "tbody", "tfoot",
        ):  # fmt: skip
            parts.append(str(child))
    return "".join(parts).strip()


def _add(cell: Tag, rows: list[list[_Cell]], caption: list[Block], page: Page, read: Reader) -> None:
    # The parser takes the line `|+ …` for a cell.
    is_caption = str(cell.tag).strip().lower() == "caption" or str(cell).startswith("|+")
    if is_caption:
        inner = str(cell.contents or "").removeprefix("+")
        inner = re.sub(r"\A[^\[\]{}<|]*=[^\[\]{}<|]*\|(?!\|)", "", inner)
        children = tidy(inside(mwparserfromhell.parse(inner, skip_style_tags=True), page), breaks=False)
        if children:
            page.notes.say("changed", str(cell), "a table's caption stands as a paragraph above it")
            caption.append(Paragraph(children, NOWHERE))
        return
    nodes = list(cell.contents.nodes) if cell.contents is not None else []
    if nodes and isinstance(nodes[0], WikiText):
        # Behind the bar no line starts, so that a space there makes nothing preformatted.
        nodes[0] = WikiText(str(nodes[0]).lstrip(" \t"))
    blocks = read(nodes)
    parts: list[Inline] = []
    plain = len(blocks) <= 1 and all(isinstance(block, (Paragraph, MathBlock)) for block in blocks)
    for block in blocks:
        parts += [Text("; " if parts and not plain else "", NOWHERE), *_flat(block)]
    if not plain:
        page.notes.say("changed", str(cell), "a cell of several lines stands on one")
    content = tidy(parts, breaks=False)
    head = str(cell.tag).strip().lower() == "th"
    rows[-1].append(
        _Cell(content, head, _side_of(cell), _span(cell, "colspan", WIDEST), _span(cell, "rowspan", LONGEST))
    )


def _flat(block: Block) -> list[Inline]:
    """A block in one line."""
    match block:
        case Paragraph() | Heading():
            return list(block.children)
        case MathBlock():
            tex = "".join(part for part in block.tex if isinstance(part, str))
            return [InlineMath((" ".join(tex.split()),), NOWHERE)]
        case CodeBlock():
            return [InlineCode(block.text, NOWHERE)]
        case List():
            return _listed([part for item in block.items for part in item])
        case DefinitionList():
            found: list[Inline] = []
            for item in block.items:
                inner = _listed([part for meaning in item.meanings for part in meaning])
                found += [Text("; " if found else "", NOWHERE), *item.term, Text(": ", NOWHERE), *inner]
            return found
        case Table():
            cells = [cell for row in (block.header, *block.rows) for cell in row if cell]
            joined: list[Inline] = []
            for cell in cells:
                joined += [Text("; " if joined else "", NOWHERE), *cell]
            return joined
        case _:
            inner_blocks = getattr(block, "children", ())
            return _listed(list(inner_blocks))


def _listed(blocks: list[Block]) -> list[Inline]:
    found: list[Inline] = []
    for block in blocks:
        found += [Text("; " if found else "", NOWHERE), *_flat(block)]
    return found


def _grid(rows: list[list[_Cell]], node: Tag, page: Page) -> list[list[_Cell]]:
    """Rows of equal length; a cell over several columns or rows is followed by empty ones."""
    empty = _Cell((), False, "", 1, 1)
    grid: list[list[_Cell]] = []
    below: dict[int, tuple[int, bool]] = {}  # column -> rows that a cell above still takes, and whether it is a heading
    spans = False
    for row in rows:
        line: list[_Cell] = []
        waiting = list(row)
        taken, below = below, {}
        while waiting or len(line) in taken:
            column = len(line)
            if column in taken:
                left, head = taken[column]
                line.append(_Cell((), head, "", 1, 1))
                if left > 1:
                    below[column] = (left - 1, head)
                continue
            cell = waiting.pop(0)
            spans = spans or cell.columns > 1 or cell.rows > 1
            for extra in range(cell.columns):
                line.append(_Cell((), cell.head, cell.side, 1, 1) if extra else cell)
                if cell.rows > 1:
                    below[column + extra] = (cell.rows - 1, cell.head)
        grid.append(line)
    if spans:
        page.notes.say("changed", str(node), "cells over several columns or rows are followed by empty ones")
    width = max((len(row) for row in grid), default=0)
    return [[*row, *[empty] * (width - len(row))] for row in grid]


def _side(cells: list[_Cell]) -> Alignment:
    """Where most cells of a column are set, the empty ones apart."""
    counts = Counter(cell.side for cell in cells if cell.content)
    return counts.most_common(1)[0][0] if counts else ""


def _side_of(cell: Tag) -> Alignment:
    style = str(cell.get("style").value) if cell.has("style") else ""
    found = re.search(r"text-align\s*:\s*(\w+)", style)
    word = found[1] if found else str(cell.get("align").value).strip().lower() if cell.has("align") else ""
    return SIDES.get(word.lower(), "")


def _span(cell: Tag, name: str, largest: int) -> int:
    value = str(cell.get(name).value).strip() if cell.has(name) else ""
    return min(int(value), largest) if value.isdigit() and 0 < len(value) < 6 and int(value) else 1
