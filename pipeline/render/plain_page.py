"""A page as plain text, section by section: what a reader sees of it, for those who look for words.

It is made from the page as its author wrote it, not from the resolved one, so that a page whose cells have not run yet,
or that leads to one that cannot be read, has its text all the same; three dots stand for a value that is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.read.document import (
    Admonition,
    Block,
    Cite,
    CodeBlock,
    CodeCell,
    DefinitionList,
    Embed,
    Emphasis,
    ExternalLink,
    FigurePlace,
    FootnoteReference,
    Glue,
    GluedTable,
    Heading,
    ImageFigure,
    Inline,
    InlineCode,
    InlineMath,
    LineBreak,
    List,
    Literal_,
    MathBlock,
    Paragraph,
    Quote,
    SectionLink,
    Strong,
    Table,
    Term,
    Tex,
    Text,
    TopicLink,
)

BETWEEN = " · "
UNKNOWN = "…"
_MARK = "\0"  # where the mark of a note stands: it goes with the space before it
_MARKS, _SPACES = re.compile(rf"\s*{_MARK}"), re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, a row of a table, a cell: what is read in one go."""

    text: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class PlainSection:
    """What stands below a heading, up to the next one; before the first both `heading` and `anchor` are ""."""

    heading: str
    anchor: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a page shows that does not stand in its own source."""

    value: Callable[[Glue], str] = lambda node: UNKNOWN  # as it is printed
    rows: Callable[[GluedTable], Sequence[Sequence[str]]] = lambda table: ()
    cells: Mapping[str, CodeCell] = field(default_factory=dict)  # by label
    outputs: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by label: what a cell printed
    captions: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by label: of the figures below a cell
    figures: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by name: caption and alternative text


def plain_sections(blocks: Iterable[Block], known: Known) -> tuple[PlainSection, ...]:
    """The sections of a page in their order, the part before the first heading first."""
    heading, anchor = "", ""
    pieces: list[Piece] = []
    found: list[PlainSection] = []
    for block in blocks:
        if isinstance(block, Heading):
            found.append(PlainSection(heading, anchor, tuple(pieces)))
            heading, anchor, pieces = plain_words(block.children, known), block.id, []
        else:
            pieces += (piece for piece in _pieces(block, known) if piece.text)
    return (*found, PlainSection(heading, anchor, tuple(pieces)))


def plain_words(nodes: Iterable[Inline], known: Known) -> str:
    """The words of a line, with formulas as their author writes them, `$x^2$`; marks of notes are left out."""
    return _SPACES.sub(" ", _MARKS.sub("", "".join(_words(node, known) for node in nodes))).strip()


def _pieces(block: Block, known: Known) -> Iterator[Piece]:
    match block:
        case Heading() | Paragraph():
            yield Piece(plain_words(block.children, known))
        case MathBlock():
            yield Piece(f"${_tex(block.tex, known).strip()}$")
        case CodeBlock():
            yield Piece(block.text.strip("\n"), True)
        case CodeCell():
            yield from _cell(block, known)
        case Embed():
            if block.label in known.cells:
                yield from _cell(known.cells[block.label], known)
        case FigurePlace():
            yield from map(Piece, known.figures.get(block.name, ()))
        case ImageFigure():
            yield from (Piece(plain_words(block.caption, known)), Piece(block.alt))
        case GluedTable():
            yield Piece(plain_words(block.caption, known))
            yield Piece(BETWEEN.join(plain_words(column.header, known) for column in block.columns))
            yield from (Piece(BETWEEN.join(row)) for row in known.rows(block))
        case Table():
            yield Piece(plain_words(block.caption, known))
            for row in (block.header, *block.rows):
                yield Piece(BETWEEN.join(plain_words(cell, known) for cell in row))
        case List():
            yield from (piece for item in block.items for one in item for piece in _pieces(one, known))
        case DefinitionList():
            for entry in block.items:
                yield Piece(plain_words(entry.term, known))
                yield from (piece for item in entry.meanings for one in item for piece in _pieces(one, known))
        case Quote() | Admonition():
            yield from (piece for one in block.children for piece in _pieces(one, known))


def _cell(cell: CodeCell, known: Known) -> Iterator[Piece]:
    """Code that the page hides is not seen; what it gave is."""
    if cell.code != "hide":
        yield Piece(cell.source.strip("\n"), True)
    yield from (Piece(text.strip("\n"), True) for text in known.outputs.get(cell.label, ()))
    yield from map(Piece, known.captions.get(cell.label, ()))


def _words(node: Inline, known: Known) -> str:
    match node:
        case Text() | InlineCode() | Literal_() | Term():
            return node.text
        case InlineMath():
            return f"${_tex(node.tex, known)}$"
        case Glue():
            return known.value(node)
        case LineBreak():
            return " "
        case Emphasis() | Strong() | ExternalLink() | SectionLink() | TopicLink():
            return "".join(_words(child, known) for child in node.children)
        case Cite() | FootnoteReference():
            return _MARK
    return ""


def _tex(tex: Tex, known: Known) -> str:
    def piece(part: str | Glue | Literal_) -> str:
        return known.value(part) if isinstance(part, Glue) else part if isinstance(part, str) else part.text

    return "".join(map(piece, tex))
