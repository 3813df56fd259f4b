"""One article's nodes in one language, with values, links, terms, citations and figures put in their places."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from pipeline.errors import Problem, SourceError, Where
from pipeline.read.article import Article, FigureText, Sources
from pipeline.read.document import (
    Admonition,
    Alignment,
    Block,
    Cell,
    Citation,
    Cite,
    CodeCell,
    Definition,
    DefinitionList,
    Embed,
    Emphasis,
    ExternalLink,
    FigureBox,
    FigurePlace,
    Footnote,
    FootnoteReference,
    Glue,
    GluedTable,
    Heading,
    ImageFigure,
    Inline,
    InlineMath,
    List,
    Literal_,
    MathBlock,
    Paragraph,
    Quote,
    SectionLink,
    Strong,
    Table,
    Term,
    TermUse,
    Tex,
    Text,
    TopicLink,
    walk_blocks,
)
from pipeline.render.targets import definition, linked
from pipeline.render.values import shown_in_tex, shown_value
from pipeline.run.results import Figure, Results, Value
from pipeline.titles import figure_file, glossary_page, picture_file

Mark = Citation | FootnoteReference
PNG = b"\x89PNG\r\n\x1a\n"


class Resolver:
    """Resolves nodes of one language of one article against the sources and the article's results."""

    def __init__(self, sources: Sources, article: Article, language: str, results: Results) -> None:
        self.sources = sources
        self.article = article
        self.language = language
        self.results = results
        self.version = article.versions[language]
        blocks = walk_blocks(self.version.document.blocks)
        self.placed = {node.name for node in blocks if isinstance(node, FigurePlace)}
        self._marks: list[Mark] = []

    @cached_property
    def cells(self) -> Mapping[str, CodeCell]:
        return self.article.code

    def take_marks(self) -> tuple[Mark, ...]:
        """The marks in what was resolved since this was asked before, in the order in which they are read."""
        marks, self._marks = self._marks, []
        return tuple(marks)

    # --- blocks -------------------------------------------------------------------------------------

    def blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(resolved for block in blocks for resolved in self.block(block))

    def block(self, block: Block) -> tuple[Block, ...]:
        match block:
            case Paragraph():
                return (Paragraph(self.inlines(block.children), block.where),)
            case CodeCell():
                return self.cell(block, block.where)
            case Embed():
                return self.cell(self.cells[block.label], block.where)
            case FigurePlace():
                return (self.figure(self._found_figure(block), block.where),)
            case ImageFigure():
                return (self.picture(block),)
            case GluedTable():
                return (self.table(block),)
            case Heading():
                return (replace(block, children=self.inlines(block.children)),)
            case MathBlock():
                return (replace(block, tex=self.tex(block.tex), values=_names(block.tex)),)
            case Table():
                caption = self.inlines(block.caption)  # before the cells, as it is read
                header = tuple(self.inlines(cell) for cell in block.header)
                rows = tuple(tuple(self.inlines(cell) for cell in row) for row in block.rows)
                return (replace(block, header=header, rows=rows, caption=caption),)
            case List():
                return (replace(block, items=tuple(self.blocks(item) for item in block.items)),)
            case DefinitionList():
                return (replace(block, items=tuple(self.definition(item) for item in block.items)),)
            case Quote() | Admonition():
                return (replace(block, children=self.blocks(block.children)),)
            case _:
                return (block,)

    def definition(self, item: Definition) -> Definition:
        meanings = tuple(self.blocks(meaning) for meaning in item.meanings)
        return replace(item, term=self.inlines(item.term), meanings=meanings)

    def cell(self, cell: CodeCell, where: Where) -> tuple[Block, ...]:
        """The cell with its output, then its figures that no `{figure}` puts elsewhere."""
        output = self.results.outputs.get(cell.label)
        stdout, value = (output.stdout, output.value) if output else ("", "")
        shown = Cell(cell.label, cell.source, cell.code, stdout, value, where)
        boxes = tuple(
            self.figure(figure, where)
            for figure in self.results.figures.values()
            if figure.cell == cell.label and figure.name not in self.placed
        )
        empty = cell.code == "hide" and not (stdout + value).strip(" \t\r\n")
        return boxes if empty else (shown, *boxes)

    def figure(self, figure: Figure, where: Where) -> FigureBox:
        source = self.sources.languages[0]
        drawn = self.language if self.language in figure.images else source
        image = figure.images[drawn]
        text = self._figure_text(figure.caption)
        return FigureBox(
            name=figure.name,
            file=figure_file(self.article.parent or self.article.title, figure.name, drawn),
            path=str(image.path),
            width=image.width,
            height=image.height,
            alt=text.alt if text else "",
            caption=self.inlines(text.caption) if text else (),
            where=where,
        )

    def picture(self, node: ImageFigure) -> FigureBox:
        path = self.article.folder / node.path
        try:
            with path.open("rb") as picture:
                header = picture.read(24)
        except OSError as error:
            raise _wrong(node.where, f"{node.path!r} cannot be read: {error.strerror}", "put it back") from error
        if header[:8] != PNG or len(header) < 24:
            raise _wrong(node.where, f"{node.path!r} is not a PNG file", "save it as PNG")
        width, height = struct.unpack(">II", header[16:24])
        file = picture_file(self.article.title, node.path)
        return FigureBox(node.path, file, str(path), width, height, node.alt, self.inlines(node.caption), node.where)

    def table(self, node: GluedTable) -> Table:
        """The rows the code published, each column in its format; columns of numbers stand at the right."""
        rows = self._value(node.name, node.where)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise _wrong(node.where, f"{node.name!r} holds no rows", "glue a list of dicts")
        cells = []
        for row in rows:
            missing = [column.key for column in node.columns if column.key not in row]
            if missing:
                raise _wrong(node.where, f"a row of {node.name!r} lacks {missing[0]!r}", f"it has {', '.join(row)}")
            cells.append(
                tuple(
                    (Text(self._localized(row[column.key], (), column.format, column.where), column.where, node.name),)
                    for column in node.columns
                )
            )
        alignment: tuple[Alignment, ...] = tuple(
            "right" if rows and all(_is_number(row[column.key]) for row in rows) else "left" for column in node.columns
        )
        caption = self.inlines(node.caption)
        header = tuple(self.inlines(column.header) for column in node.columns)
        return Table(header, tuple(cells), alignment, node.where, caption)

    def footnote(self, note: Footnote) -> Footnote:
        return replace(note, children=self.inlines(note.children))

    # --- inline -------------------------------------------------------------------------------------

    def inlines(self, nodes: tuple[Inline, ...]) -> tuple[Inline, ...]:
        found: list[Inline] = []
        for node in nodes:
            way = _WAYS.get(type(node))
            if way is None:
                found.append(node)
            else:
                found += way(self, node)
        return tuple(found)

    def glue(self, node: Glue) -> tuple[Inline, ...]:
        value = self._value(node.name, node.where)
        return (Text(self._localized(value, node.index, node.format, node.where), node.where, node.name),)

    def math(self, node: InlineMath) -> tuple[Inline, ...]:
        return (InlineMath(self.tex(node.tex), node.where, _names(node.tex)),)

    def citations(self, node: Cite) -> tuple[Inline, ...]:
        marks = tuple(Citation(key, node.where) for key in node.keys)
        self._marks += marks
        return marks

    def note(self, node: FootnoteReference) -> tuple[Inline, ...]:
        self._marks.append(node)
        return (node,)

    def link(self, node: TopicLink) -> tuple[Inline, ...]:
        return linked(node, self.inlines(node.children), self.sources, self.language)

    def around(self, node: Emphasis | Strong | ExternalLink | SectionLink) -> tuple[Inline, ...]:
        return (replace(node, children=self.inlines(node.children)),)

    def tex(self, parts: Tex) -> Tex:
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts
        return ("".join([self._tex_part(part) for part in parts]),)

    def _tex_part(self, part: str | Glue | Literal_) -> str:
        if isinstance(part, Literal_):
            return part.text
        return part if isinstance(part, str) else self._tex_value(part)

    def term(self, node: Term) -> tuple[Inline, ...]:
        source = self.sources.languages[0]
        concept = self.sources.concepts[node.key]
        language = self.language if self.language in concept.texts else source
        page = glossary_page(concept.texts[source].term, language, source)
        meaning = definition(concept, language, self.sources)
        return (TermUse(node.key, node.text, concept.texts[language].term, meaning, page, node.where),)

    # --- values -------------------------------------------------------------------------------------

    def _value(self, name: str, where: Where) -> Value:
        if name not in self.results.glued:
            raise _wrong(where, f"no cell glues {name!r}", "glue it, or mend its name")
        return self.results.glued[name].value

    def _localized(self, value: Value, index: tuple[int, ...], form: str, where: Where) -> str:
        try:
            return shown_value(value, index, form, self.language)
        except ValueError as error:
            raise _wrong(where, str(error), "") from error

    def _tex_value(self, node: Glue) -> str:
        value = self._value(node.name, node.where)
        try:
            return shown_in_tex(value, node.index, node.format, self.language)
        except ValueError as error:
            raise _wrong(node.where, str(error), "") from error

    def _found_figure(self, node: FigurePlace) -> Figure:
        if node.name not in self.results.figures:
            raise _wrong(node.where, f"no cell draws {node.name!r}", "draw it, or mend its name")
        return self.results.figures[node.name]

    def _figure_text(self, key: str) -> FigureText | None:
        return self.version.metadata.figures.get(key) or self.article.source.metadata.figures.get(key)


def _names(parts: Tex) -> tuple[str, ...]:
    """The names of the values in a formula."""
    return tuple(dict.fromkeys(part.name for part in parts if isinstance(part, Glue)))


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _wrong(where: Where, message: str, remedy: str) -> SourceError:
    return SourceError([Problem(where, message, remedy, "value")])


_WAYS: Mapping[type, Callable[[Resolver, Any], tuple[Inline, ...]]] = {
    Glue: Resolver.glue,
    Literal_: lambda resolver, node: (Text(node.text, node.where),),
    InlineMath: Resolver.math,
    Term: Resolver.term,
    Cite: Resolver.citations,
    FootnoteReference: Resolver.note,
    TopicLink: Resolver.link,
    Emphasis: Resolver.around,
    Strong: Resolver.around,
    ExternalLink: Resolver.around,
    SectionLink: Resolver.around,
}
