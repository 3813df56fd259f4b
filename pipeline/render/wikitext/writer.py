"""The writer of one page: sends each node to its family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.read.document import (
    Admonition,
    Block,
    Cell,
    CodeBlock,
    DefinitionList,
    FigureBox,
    Footnote,
    Heading,
    Inline,
    List,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
)
from pipeline.render.wikitext.code import cell, code_block
from pipeline.render.wikitext.escape import at_line_start, escape
from pipeline.render.wikitext.figures import figure
from pipeline.render.wikitext.formulas import math_block
from pipeline.render.wikitext.headings import anchors, heading
from pipeline.render.wikitext.inline import inline
from pipeline.render.wikitext.lists import definition_list, plain_list
from pipeline.render.wikitext.tables import table


class PageWriter:
    """Writes resolved nodes as wikitext; remembers which footnotes it has already written out."""

    def __init__(
        self, words: Mapping[str, str], blocks: tuple[Block, ...] = (), footnotes: tuple[Footnote, ...] = ()
    ) -> None:
        self.words = words
        self.anchors: Mapping[str, str] = anchors(blocks)
        self._notes = {note.label: note for note in footnotes}

    def first_use(self, label: str) -> Footnote | None:
        return self._notes.pop(label, None)

    def inline(self, nodes: Iterable[Inline], reserved: str = "") -> str:
        return inline(nodes, self, reserved)

    def blocks(self, blocks: Iterable[Block]) -> str:
        return "\n\n".join(text for text in map(self.block, blocks) if text)

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                return heading(block, self)
            case Paragraph():
                return at_line_start(self.inline(block.children).strip(" \t"))
            case MathBlock():
                return math_block(block)
            case CodeBlock():
                return code_block(block)
            case Cell():
                return cell(block, self)
            case FigureBox():
                return figure(block, self)
            case Table():
                return table(block, self)
            case List():
                return plain_list(block, self)
            case DefinitionList():
                return definition_list(block, self)
            case Quote():
                return f"<blockquote>\n{self.blocks(block.children)}\n</blockquote>"
            case Admonition():
                return self._admonition(block)
            case Rule():
                return "----"
            case _:
                raise AssertionError(f"{type(block).__name__} was not resolved")

    def _admonition(self, node: Admonition) -> str:
        head = f"'''{escape(self.words[node.kind])}'''"
        return f'<div class="marovi-{node.kind}">\n{head}\n\n{self.blocks(node.children)}\n</div>'
