"""Lists: with asterisks, number signs and colons where these can say it, with HTML's tags where they cannot."""

from __future__ import annotations

from itertools import pairwise

from pipeline.read.document import Block, DefinitionList, List, Paragraph
from pipeline.render.wikitext.context import Writer
from pipeline.render.wikitext.escape import TERM

DEEPEST = 5


def plain_list(node: List, writer: Writer) -> str:
    """`* item`, nested as `** item`; with tags where an item holds more than a line and lists below it."""
    return "\n".join(_lines(node, "", writer)) if _is_plain(node, 1) else _tagged(node, writer)


def definition_list(node: DefinitionList, writer: Writer) -> str:
    """`; term` and `: meaning`; with tags where a meaning is more than one paragraph."""
    if all(_is_line(meaning) for item in node.items for meaning in item.meanings):
        lines = []
        for item in node.items:
            lines.append("; " + writer.inline(item.term, TERM).strip(" \t"))
            lines += [f": {_line(meaning, writer)}" for meaning in item.meanings]
        return "\n".join(lines)
    parts = ["<dl>"]
    for item in node.items:
        parts.append("<dt>" + writer.inline(item.term).strip(" \t") + "</dt>")
        parts += [f"<dd>{_content(meaning, writer)}</dd>" for meaning in item.meanings]
    return "\n".join([*parts, "</dl>"])


def _is_plain(node: List, depth: int) -> bool:
    if depth > DEEPEST or (node.ordered and node.start != 1):
        return False
    return all(
        bool(item)
        and isinstance(item[0], Paragraph)
        and all(isinstance(block, List) and _is_plain(block, depth + 1) for block in item[1:])
        and _distinct(item[1:])
        for item in node.items
    )


def _distinct(blocks: tuple[Block, ...]) -> bool:
    """Two lists of one kind in a row would become one."""
    kinds = [block.ordered for block in blocks if isinstance(block, List)]
    return all(one != other for one, other in pairwise(kinds))


def _lines(node: List, prefix: str, writer: Writer) -> list[str]:
    mark = prefix + ("#" if node.ordered else "*")
    lines = []
    for item in node.items:
        lines.append(f"{mark} {_line(item[:1], writer)}")
        for block in item[1:]:
            if isinstance(block, List):
                lines += _lines(block, mark, writer)
    return lines


def _tagged(node: List, writer: Writer) -> str:
    tag = "ol" if node.ordered else "ul"
    start = f' start="{node.start}"' if node.ordered and node.start != 1 else ""
    items = [f"<li>{_content(item, writer)}</li>" for item in node.items]
    return "\n".join([f"<{tag}{start}>", *items, f"</{tag}>"])


def _content(blocks: tuple[Block, ...], writer: Writer) -> str:
    """A line stays on the line of its tag; anything else gets lines of its own."""
    return _line(blocks, writer) if _is_line(blocks) else f"\n{writer.blocks(blocks)}\n"


def _is_line(blocks: tuple[Block, ...]) -> bool:
    return len(blocks) == 1 and isinstance(blocks[0], Paragraph)


def _line(blocks: tuple[Block, ...], writer: Writer) -> str:
    first = blocks[0]
    return writer.inline(first.children).strip(" \t") if isinstance(first, Paragraph) else writer.blocks(blocks)
