"""Tables: one cell a line, as an editor who wants to find things again writes them."""

from __future__ import annotations

from pipeline.read.document import Inline, Table
from pipeline.render.wikitext.context import Writer
from pipeline.render.wikitext.escape import CELL


def table(node: Table, writer: Writer) -> str:
    """`{| class="wikitable"`, its caption, its heading row and its rows; columns of numbers set right."""
    lines = ['{| class="wikitable"']
    caption = _cell(node.caption, writer)
    if caption:
        lines.append(f"|+ {caption}")
    if any(node.header):
        lines.append("|-")
        lines += _row("!", node.header, node, writer, 'scope="col" ')
    for row in node.rows:
        lines.append("|-")
        lines += _row("|", row, node, writer)
    return "\n".join([*lines, "|}"])


def _row(
    mark: str, cells: tuple[tuple[Inline, ...], ...], node: Table, writer: Writer, attribute: str = ""
) -> list[str]:
    lines = []
    for number, content in enumerate(cells):
        side = node.alignment[number] if number < len(node.alignment) else ""
        attributes = attribute + (f'style="text-align: {side};" ' if side not in ("", "left") else "")
        separator = "| " if attributes else ""
        # The space behind the mark matters: `|-`, `|+` and `|}` would start a row, a caption, or end the table.
        lines.append(f"{mark} {attributes}{separator}{_cell(content, writer)}".rstrip(" "))
    return lines


def _cell(content: tuple[Inline, ...], writer: Writer) -> str:
    return writer.inline(content, CELL).strip(" \t")
