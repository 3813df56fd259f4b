"""The document: what an author wrote, as a tree of frozen nodes that each know their place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_type_hints

from pipeline.errors import Where

# --- inline -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words, exactly as they are to be read; once resolved, `value` is the name of the value that they print."""

    text: str
    where: Where
    value: str = ""


@dataclass(frozen=True, slots=True)
class Emphasis:
    children: tuple[Inline, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Strong:
    children: tuple[Inline, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class InlineCode:
    text: str
    where: Where


@dataclass(frozen=True, slots=True)
class Glue:
    """``{glue}`name[0]:.2f` ``: a value the code published, printed with a format of Python's."""

    name: str
    index: tuple[int, ...]  # p[0][1] gives (0, 1); empty for the whole value
    format: str  # "" prints the value as it is
    where: Where


@dataclass(frozen=True, slots=True)
class InlineMath:
    """``$…$``: TeX, with the values inside it (``\\glue{name:format}``, ``\\lit{…}``) as nodes.

    Once resolved, it is one piece of TeX, and `values` has the names of the values in it.
    """

    tex: Tex
    where: Where
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExternalLink:
    url: str
    children: tuple[Inline, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class TopicLink:
    """A link to another topic's folder, and perhaps to a heading of it (`section` is the heading's id)."""

    slug: str
    section: str
    children: tuple[Inline, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A link to a heading of this page by its id."""

    section: str
    children: tuple[Inline, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Term:
    """``{term}`learning rate` `` or ``{term}`the rate <learning-rate>` ``: `key` is the concept's file name."""

    key: str
    text: str
    where: Where


@dataclass(frozen=True, slots=True)
class Cite:
    """``{cite}`vaswani2017,bahdanau2015` ``."""

    keys: tuple[str, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Literal_:
    """``{lit}`1986` `` or ``\\lit{1986}`` in a formula: a number the author vouches for, as no code could give it."""

    text: str
    where: Where


@dataclass(frozen=True, slots=True)
class FootnoteReference:
    label: str
    where: Where


@dataclass(frozen=True, slots=True)
class LineBreak:
    where: Where


# Resolving (pipeline/render) puts these in the place of TopicLink, Term and Cite:


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to a page of the wiki by its title (`section` is the text of a heading there, or "")."""

    title: str
    section: str
    children: tuple[Inline, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term with what its popup shows, in the page's language; `page` is its glossary page's title."""

    key: str
    text: str
    term: str
    definition: tuple[Inline, ...]
    page: str
    where: Where


@dataclass(frozen=True, slots=True)
class Citation:
    """One cited reference; numbers are given by order of first use on the page."""

    key: str
    where: Where


Inline = (
    Text
    | Emphasis
    | Strong
    | InlineCode
    | InlineMath
    | ExternalLink
    | TopicLink
    | SectionLink
    | Term
    | Cite
    | Glue
    | Literal_
    | FootnoteReference
    | LineBreak
    | PageLink
    | TermUse
    | Citation
)

Tex = tuple[str | Glue | Literal_, ...]

# --- blocks -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is 2 for a section (the page's title is metadata), up to 6; `id` is unique in the document."""

    level: int
    children: tuple[Inline, ...]
    id: str
    where: Where


@dataclass(frozen=True, slots=True)
class Paragraph:
    children: tuple[Inline, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class MathBlock:
    """``$$…$$``; `values` as in InlineMath."""

    tex: Tex
    where: Where
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Code that is only shown; `language` is "" when the author gave none."""

    language: str
    text: str
    where: Where


CodeDisplay = Literal["show", "fold", "hide"]


@dataclass(frozen=True, slots=True)
class CodeCell:
    """Code that runs. Its output and figures stand below it; `code` says whether the code itself is shown."""

    label: str
    source: str
    code: CodeDisplay
    line: int  # of the first line of `source` in the file
    where: Where


@dataclass(frozen=True, slots=True)
class Embed:
    """In a translation: the cell of that label with its code, output and figures."""

    label: str
    where: Where


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """``{figure} name``: puts a computed figure here instead of below its cell."""

    name: str
    where: Where


@dataclass(frozen=True, slots=True)
class ImageFigure:
    """A picture from the topic's folder, with a caption and the text that stands for it."""

    path: str
    alt: str
    caption: tuple[Inline, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a glued table: the key in each row, the format of its values, its heading."""

    key: str
    format: str
    header: tuple[Inline, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class GluedTable:
    """``{table} name``: rows the code published, as a table."""

    name: str
    columns: tuple[Column, ...]
    caption: tuple[Inline, ...]
    where: Where


Alignment = Literal["left", "center", "right", ""]


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    alignment: tuple[Alignment, ...]
    where: Where
    caption: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class List:
    ordered: bool
    start: int
    items: tuple[tuple[Block, ...], ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Definition:
    term: tuple[Inline, ...]
    meanings: tuple[tuple[Block, ...], ...]
    where: Where


@dataclass(frozen=True, slots=True)
class DefinitionList:
    items: tuple[Definition, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Quote:
    children: tuple[Block, ...]
    where: Where


AdmonitionKind = Literal["note", "tip", "warning"]


@dataclass(frozen=True, slots=True)
class Admonition:
    kind: AdmonitionKind
    children: tuple[Block, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Rule:
    """A thematic break."""

    where: Where


# Resolving puts these in the place of CodeCell, Embed, FigurePlace and ImageFigure (GluedTable becomes Table):


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the page shows it: `output` is what it printed, `value` the text of its last expression."""

    label: str
    source: str
    code: CodeDisplay
    output: str
    value: str
    where: Where


@dataclass(frozen=True, slots=True)
class FigureBox:
    """A picture with its caption; `file` is its title on the wiki, `path` its file on disk."""

    name: str
    file: str  # "File:Softmax Function - temperature (en).png"
    path: str
    width: int  # pixels of the file; it is drawn at half of that
    height: int
    alt: str
    caption: tuple[Inline, ...]
    where: Where


Block = (
    Heading
    | Paragraph
    | MathBlock
    | CodeBlock
    | CodeCell
    | Embed
    | FigurePlace
    | ImageFigure
    | GluedTable
    | Table
    | List
    | DefinitionList
    | Quote
    | Admonition
    | Rule
    | Cell
    | FigureBox
)

Node = Inline | Block | Definition | Column


@dataclass(frozen=True, slots=True)
class Footnote:
    label: str
    children: tuple[Inline, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Document:
    """One language's prose: the blocks in order and the footnotes by label."""

    blocks: tuple[Block, ...]
    footnotes: tuple[Footnote, ...] = field(default=())


def walk(node: object) -> Iterator[Node]:
    """Yield every node at and below `node` (a node, a document or a tuple of nodes), in reading order."""
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(reversed(node))
            continue
        names = _names(node)
        if names is _NO_NODE:
            continue
        if not isinstance(node, (Document, Footnote)):
            yield node  # type: ignore[misc]
        for name in names:
            part = getattr(node, name)
            if part:  # most are empty
                pending.append(part)


def walk_blocks(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield every block at and below `blocks` as `walk` would, without looking into the lines of text."""
    pending = list(reversed(blocks))
    while pending:
        block = pending.pop()
        yield block
        if isinstance(block, List):
            inner = [one for item in block.items for one in item]
        elif isinstance(block, DefinitionList):
            inner = [one for item in block.items for meaning in item.meanings for one in meaning]
        elif isinstance(block, (Quote, Admonition)):
            inner = [*block.children]
        else:
            continue
        pending += reversed(inner)


def unplaced(node: Any) -> Any:
    """The same node (or tuple of nodes) as if it stood nowhere: two that say the same are then equal."""
    if isinstance(node, tuple):
        return tuple(unplaced(part) for part in node)
    names = _names(node)
    if names is _NO_NODE:
        return node
    kept = {name: unplaced(getattr(node, name)) for name in names}
    return replace(node, where=Where(""), **kept)


_NO_NODE = ("",)
_LEAVES = {str, int, float, bool, Where, type(None)}
_PARTS: dict[type, tuple[str, ...]] = dict.fromkeys(_LEAVES, _NO_NODE)


def _names(node: object) -> tuple[str, ...]:
    """The names of the fields of a kind of node in which there may be nodes, the last one first."""
    known = _PARTS.get(type(node))
    if known is not None:
        return known
    kinds = get_type_hints(type(node))
    found = [item.name for item in fields(node) if kinds[item.name] not in _LEAVES]  # type: ignore[arg-type]
    return _PARTS.setdefault(type(node), tuple(reversed(found)))
