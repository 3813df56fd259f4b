"""One article's nodes in one language, with values, links, terms, citations and figures put in their places."""

from __future__ import annotations

import struct
from dataclasses import replace

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
    walk,
)
from pipeline.render.numbers import localize, localize_tex
from pipeline.render.targets import definition, linked
from pipeline.run.results import Figure, Results, Value
from pipeline.titles import figure_file, glossary_page, picture_file
from pipeline.verify.printed import printed

PNG = b"\x89PNG\r\n\x1a\n"


class Resolver:
    """Resolves nodes of one language of one article against the sources and the article's results."""

    def __init__(self, sources: Sources, article: Article, language: str, results: Results) -> None:
        self.sources = sources
        self.article = article
        self.language = language
        self.results = results
        self.version = article.versions[language]
        self.cells = article.code
        self.placed = {node.name for node in walk(self.version.document) if isinstance(node, FigurePlace)}

    # --- blocks -------------------------------------------------------------------------------------

    def blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(resolved for block in blocks for resolved in self.block(block))

    def block(self, block: Block) -> tuple[Block, ...]:
        match block:
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
            case Heading() | Paragraph():
                return (replace(block, children=self.inlines(block.children)),)
            case MathBlock():
                return (replace(block, tex=self.tex(block.tex), values=_names(block.tex)),)
            case Table():
                header = tuple(self.inlines(cell) for cell in block.header)
                rows = tuple(tuple(self.inlines(cell) for cell in row) for row in block.rows)
                return (replace(block, header=header, rows=rows, caption=self.inlines(block.caption)),)
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
        with path.open("rb") as picture:
            header = picture.read(24)
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
        header = tuple(self.inlines(column.header) for column in node.columns)
        return Table(header, tuple(cells), alignment, node.where, self.inlines(node.caption))

    def footnote(self, note: Footnote) -> Footnote:
        return replace(note, children=self.inlines(note.children))

    # --- inline -------------------------------------------------------------------------------------

    def inlines(self, nodes: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return tuple(resolved for node in nodes for resolved in self.inline(node))

    def inline(self, node: Inline) -> tuple[Inline, ...]:
        match node:
            case Glue():
                value = self._value(node.name, node.where)
                return (Text(self._localized(value, node.index, node.format, node.where), node.where, node.name),)
            case Literal_():
                return (Text(node.text, node.where),)
            case InlineMath():
                return (replace(node, tex=self.tex(node.tex), values=_names(node.tex)),)
            case Term():
                return (self.term(node),)
            case Cite():
                return tuple(Citation(key, node.where) for key in node.keys)
            case TopicLink():
                return linked(node, self.inlines(node.children), self.sources, self.language)
            case Emphasis() | Strong() | ExternalLink() | SectionLink():
                return (replace(node, children=self.inlines(node.children)),)
            case _:
                return (node,)

    def tex(self, parts: Tex) -> Tex:
        return ("".join(self._tex_part(part) for part in parts),)

    def _tex_part(self, part: str | Glue | Literal_) -> str:
        if isinstance(part, Literal_):
            return part.text
        return part if isinstance(part, str) else self._tex_value(part)

    def term(self, node: Term) -> TermUse:
        source = self.sources.languages[0]
        concept = self.sources.concepts[node.key]
        language = self.language if self.language in concept.texts else source
        page = glossary_page(concept.texts[source].term, language, source)
        meaning = definition(concept, language, self.sources)
        return TermUse(node.key, node.text, concept.texts[language].term, meaning, page, node.where)

    # --- values -------------------------------------------------------------------------------------

    def _value(self, name: str, where: Where) -> Value:
        if name not in self.results.glued:
            raise _wrong(where, f"no cell glues {name!r}", "glue it, or mend its name")
        return self.results.glued[name].value

    def _printed(self, value: Value, index: tuple[int, ...], form: str, where: Where) -> str:
        try:
            return printed(value, index, form)
        except ValueError as error:
            raise _wrong(where, str(error), "") from error

    def _localized(self, value: Value, index: tuple[int, ...], form: str, where: Where) -> str:
        text = self._printed(value, index, form, where)
        return text if _holds_words(value, index) else localize(text, self.language)

    def _tex_value(self, node: Glue) -> str:
        value = self._value(node.name, node.where)
        text = self._printed(value, node.index, node.format, node.where)
        return text if _holds_words(value, node.index) else localize_tex(text, self.language)

    def _found_figure(self, node: FigurePlace) -> Figure:
        if node.name not in self.results.figures:
            raise _wrong(node.where, f"no cell draws {node.name!r}", "draw it, or mend its name")
        return self.results.figures[node.name]

    def _figure_text(self, key: str) -> FigureText | None:
        return self.version.metadata.figures.get(key) or self.article.source.metadata.figures.get(key)


def _names(parts: Tex) -> tuple[str, ...]:
    """The names of the values in a formula."""
    return tuple(dict.fromkeys(part.name for part in parts if isinstance(part, Glue)))


def _holds_words(value: Value, index: tuple[int, ...]) -> bool:
    """Whether a string is in what is printed: its digits are the author's and stay as they are."""
    for place in index:
        value = value[place]
    if isinstance(value, list):
        return any(_holds_words(item, ()) for item in value)
    return isinstance(value, str)


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _wrong(where: Where, message: str, remedy: str) -> SourceError:
    return SourceError([Problem(where, message, remedy, "value")])
