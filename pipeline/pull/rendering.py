"""A page as the sources make it, each run of words with the place in the sources it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.read.article import Concept, Sources
from pipeline.read.document import Block, FigureBox, GluedTable, Inline, MathBlock, Table, walk
from pipeline.render.model import PageModel
from pipeline.render.resolve import page_model
from pipeline.render.targets import definition
from pipeline.render.wikitext import heads
from pipeline.render.wikitext.escape import LABEL, escape
from pipeline.render.wikitext.formulas import tex
from pipeline.render.wikitext.frames import Frames
from pipeline.render.wikitext.glossary import concept_pages
from pipeline.render.wikitext.page import topic_page
from pipeline.render.wikitext.writer import PageWriter
from pipeline.run.results import Results
from pipeline.titles import glossary_page
from pipeline.titles import topic_page as title_of

FIRST, CLOSE = 0xF0000, "\U00100000"  # letters of private use, which no source holds


@dataclass(frozen=True, slots=True)
class Run:
    """Words on the page: `text[start:end]`, from the place `file`, `line`, `column` of the sources.

    `order` counts the runs from one line; `value` names the glued table whose cell this is.
    """

    start: int
    end: int
    kind: str  # inline | tex | plain
    file: str = ""
    line: int = 0
    column: int = 0
    value: str = ""
    alt: str = ""  # the figure whose alternative text this is


@dataclass(frozen=True, slots=True)
class Part:
    """One block of the page, or a part of its head: `text[start:end]`; `line` is that of its source."""

    start: int
    end: int
    what: str
    line: int = 0
    file: str = ""


@dataclass(frozen=True, slots=True)
class Rendering:
    """One page: its text, its runs and its parts, both in the order of the page."""

    title: str
    language: str
    text: str
    file: str
    runs: tuple[Run, ...]
    parts: tuple[Part, ...]
    model: PageModel | None = None
    concept: Concept | None = None


@dataclass(slots=True)
class _Mark:
    kind: str
    nodes: tuple[Inline, ...] = ()
    block: Block | None = None
    value: str = ""


class _Marking(PageWriter):
    """Writes as the page's writer does, with a letter of its own around each run of words."""

    def __init__(self, words: Mapping[str, str], model: PageModel) -> None:
        super().__init__(words, model.blocks, model.footnotes)
        self.depth = 0
        self.marks: list[_Mark] = []

    def inline(self, nodes: Iterable[Inline], reserved: str = "") -> str:
        given = tuple(nodes)
        self.depth += 1
        text = super().inline(given, reserved)
        self.depth -= 1
        if self.depth or not text.strip():
            return text
        self.marks.append(_Mark("inline", given))
        return f"{chr(FIRST + len(self.marks) - 1)}{text}{CLOSE}"

    def block(self, block: Block) -> str:
        text = super().block(block)
        if isinstance(block, MathBlock) and text:
            formula = tex(block.tex)
            self.marks.append(_Mark("tex", block=block))
            return text.replace(formula, f"{chr(FIRST + len(self.marks) - 1)}{formula}{CLOSE}", 1)
        return text


@dataclass(slots=True)
class _Found:
    runs: list[Run] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def render_one(sources: Sources, results: Mapping[str, Results], commits: Mapping[str, str], title: str) -> Rendering:
    """Render the page of that title. Raises KeyError where no topic, summary or concept makes it, SourceError."""
    source = sources.languages[0]
    for slug, article in sources.articles.items():
        for page in article.pages if slug in results else ():
            for language in page.versions:
                if title_of(page.title, language, source) == title:
                    model = page_model(sources, page, language, results[slug], commits.get(slug, ""))
                    return _article_page(model, sources)
    for concept in sources.concepts.values():
        for language in concept.texts:
            if glossary_page(concept.texts[source].term, language, source) == title:
                return _concept_page(concept, language, sources, title)
    raise KeyError(title)


def _concept_page(concept: Concept, language: str, sources: Sources, title: str) -> Rendering:
    page = next(page for page in concept_pages(concept, sources, Frames(sources.root)) if page.title == title)
    nodes = definition(concept, language, sources)
    words = PageWriter(sources.messages[language]).inline(nodes)
    runs: tuple[Run, ...] = ()
    if words and page.text.count(words) == 1 and nodes:
        start, where = page.text.index(words), nodes[0].where
        runs = (Run(start, start + len(words), "inline", where.file, where.line, where.column),)
    return Rendering(title, language, page.text, concept.file, runs, (), concept=concept)


def _article_page(model: PageModel, sources: Sources) -> Rendering:
    page = topic_page(model, sources, Frames(sources.root))
    words = sources.messages[model.language]
    plain, marked = PageWriter(words, model.blocks, model.footnotes), _Marking(words, model)
    found = _Found()
    cursor = 0
    summary, with_marks = heads.summary(model, plain), heads.summary(model, marked)
    if summary:
        cursor = page.text.index(summary)
        _place(summary, with_marks, cursor, marked, found)
        found.parts.append(Part(cursor, cursor + len(summary), "the summary"))
        cursor += len(summary)
    tables = {node.where: node for node in walk(model.version.document) if isinstance(node, GluedTable)}
    for block in model.blocks:
        first = len(marked.marks)
        text, with_marks = plain.block(block), marked.block(block)
        if not text:
            continue
        start = page.text.find(text, cursor)
        if start < 0:
            continue
        if isinstance(block, Table) and block.where in tables:
            _name_values(marked.marks[first:], block, tables[block.where])
        _place(text, with_marks, start, marked, found)
        if isinstance(block, FigureBox):
            _place_alt(block, text, start, model, found)
        name = type(block).__name__
        found.parts.append(Part(start, start + len(text), name, block.where.line, block.where.file))
        cursor = start + len(text)
    runs = tuple(sorted(found.runs, key=lambda run: run.start))
    return Rendering(page.title, model.language, page.text, model.version.file, runs, tuple(found.parts), model=model)


def _place(text: str, marked: str, start: int, writer: _Marking, found: _Found) -> None:
    """Take the marks out again; where they changed what was written, the words are looked up in it."""
    clean: list[str] = []
    open_runs: list[tuple[int, int]] = []
    spans: list[tuple[int, int, int]] = []
    length = 0
    for sign in marked:
        code = ord(sign)
        if sign == CLOSE:
            number, begin = open_runs.pop()
            spans.append((number, begin, length))
        elif FIRST <= code < FIRST + len(writer.marks):
            open_runs.append((code - FIRST, length))
        else:
            clean.append(sign)
            length += 1
    if "".join(clean) != text:
        spans = _looked_up(text, "".join(clean), spans)
    for number, begin, end in spans:
        mark = writer.marks[number]
        where = mark.block.where if mark.block is not None else mark.nodes[0].where
        run = Run(start + begin, start + end, mark.kind, where.file, where.line, where.column, mark.value)
        found.runs.append(run)


def _looked_up(text: str, clean: str, spans: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Runs whose words stand once behind the run before."""
    found: list[tuple[int, int, int]] = []
    cursor = 0
    for number, begin, end in spans:
        words = clean[begin:end].strip(" \t")
        place = text.find(words, cursor)
        if place < 0 or len(words) < 2:
            # The first letter may have been written as a character reference.
            place = text.find(words[1:], cursor)
            reference = f"&#{ord(words[0])};"
            place -= len(reference)
            if place < cursor or text[place : place + len(reference)] != reference:
                continue
            end_place = place + len(reference) + len(words) - 1
        else:
            end_place = place + len(words)
        found.append((number, place, end_place))
        cursor = end_place
    return found


def _name_values(marks: list[_Mark], block: Table, table: GluedTable) -> None:
    """The cells of a glued table were computed; its caption and headings were written."""
    cells = [mark for mark in marks if mark.kind == "inline"]
    filled = [(row, column) for row, cells_ in enumerate(block.rows) for column, _ in enumerate(cells_)]
    written = sum(1 for content in (block.caption, *block.header) if content)
    for mark, (row, column) in zip(cells[written:], filled, strict=False):
        mark.value = f"{table.name}[{row}].{table.columns[column].key}"


def _place_alt(block: FigureBox, text: str, start: int, model: PageModel, found: _Found) -> None:
    words = escape(block.alt, LABEL).strip(" \t") if block.alt else ""
    place = text.find("|alt=" + words) if words else -1
    if place < 0:
        return
    begin = start + place + len("|alt=")
    figure = model.results.figures.get(block.name)
    if figure is None:
        run = Run(begin, begin + len(words), "plain", block.where.file, block.where.line)
    else:
        ours, theirs = model.version.metadata.figures, model.article.source.metadata.figures
        file = (ours.get(figure.caption) or theirs[figure.caption]).where.file
        run = Run(begin, begin + len(words), "plain", file, alt=figure.caption)
    found.runs.append(run)
