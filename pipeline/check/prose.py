"""What a reader reads, as runs of text that know where they stand: the ground that the rules of language walk on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Where
from pipeline.read.article import Article, Concept, Sources, Version
from pipeline.read.document import (
    Admonition,
    Block,
    Cite,
    DefinitionList,
    Emphasis,
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
    Paragraph,
    Quote,
    Table,
    Term,
    Text,
)

# One sign stands for each thing in a sentence that is no word. All are from Unicode's private area.
CODE, MATH, VALUE, NOTE = "\ue001", "\ue002", "\ue003", "\ue004"
THINGS = CODE + MATH + VALUE + NOTE
# In the words of the pipeline: values, links, addresses.
INSERTED = re.compile(r"^(?:Help|Project):.*$|\$\d|\[\[[^\]|]*\||\]\]|https?://\S+")
QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"]*\"")
CONTEXT = 24  # signs before and after a place that tell it from others like it


@dataclass(frozen=True, slots=True)
class Run:
    """A heading, a paragraph, a caption … as one string, in which each formula, value, … is one of THINGS."""

    kind: str  # as a message names it: "title", "summary", "key point", "caption", "alternative text", "label", …
    language: str
    text: str
    pieces: tuple[tuple[int, str, Where], ...]  # where in `text` each piece of plain text starts, the piece, its place
    foreign: tuple[tuple[int, int], ...] = ()  # from where to where `text` stands in italics or in quotes

    def part(self, offset: int) -> tuple[str, int, Where]:
        """The piece of plain text around `offset`, how far into it that is, and where the piece stands."""
        start, text, where = self.pieces[0] if self.pieces else (0, "", Where(""))
        for place, piece, at in self.pieces:
            if place > offset:
                break
            start, text, where = place, piece, at
        return text, offset - start, where


class Places:
    """Finds the line and column of something in a run, by looking into its file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._files: dict[str, str] = {}

    def of(self, run: Run, offset: int) -> Where:
        """The place of the sign at `offset` of the run."""
        text, inside, where = run.part(offset)
        return self.within(where, text, inside)

    def within(self, where: Where, text: str, offset: int) -> Where:
        """The place of the sign at `offset` of a `text` that starts on the line of `where` or a little below."""
        whole = self._read(where.file)
        start = _line_start(whole, where.line)
        before, after = text[max(0, offset - CONTEXT) : offset], text[offset : offset + CONTEXT]
        for pattern in (f"{_loose(before)}()({_loose(after)})", f"()({_loose(after)})"):
            found = re.compile(pattern).search(whole, start)
            if found:
                at = found.start(2) + len(found[2]) - len(found[2].lstrip())
                line_begin = whole.rfind("\n", 0, at) + 1
                return Where(where.file, whole.count("\n", 0, at) + 1, at - line_begin + 1)
        return where

    def _read(self, file: str) -> str:
        if file not in self._files:
            try:
                self._files[file] = (self.root / file).read_text(encoding="utf-8")
            except OSError:  # the place that is known already has to do
                self._files[file] = ""
        return self._files[file]


def runs(sources: Sources, languages: Iterable[str] = ()) -> Iterator[Run]:
    """Every run of the articles, the glossary and the pipeline's own words, in `languages` (all when none is named)."""
    wanted = set(languages) or set(sources.languages)
    for topic in sources.articles.values():
        for page in topic.pages:
            for language, version in page.versions.items():
                if language in wanted:
                    yield from runs_of(page, version)
    for concept in sources.concepts.values():
        yield from concept_runs(concept, wanted)
    yield from _interface(sources, wanted)


def runs_of(page: Article, version: Version) -> Iterator[Run]:
    """The runs of one language of a page. What a summary takes over from its topic is not told again."""
    language, head = version.language, version.metadata
    if not page.parent:
        yield _plain("title", language, head.title, head.where)
        yield run("summary", language, head.summary)
        for point in head.key_points:
            yield run("key point", language, point)
        for figure in head.figures.values():
            yield run("caption", language, figure.caption)
            yield _plain("alternative text", language, figure.alt, figure.where)
        for drawn, words in head.labels.items():
            if words != drawn:
                yield _plain("label", language, words, head.where)
    yield from _blocks(version.document.blocks, language)
    for footnote in version.document.footnotes:
        yield run("text", language, footnote.children)


def concept_runs(concept: Concept, languages: Iterable[str]) -> Iterator[Run]:
    """The runs of a glossary entry: its words and its definition."""
    for language in languages:
        text = concept.texts.get(language)
        if text is not None:
            line = text.definition[0].where.line if text.definition else 1
            where = Where(concept.file, max(1, line - 2))  # the words stand a little above their definition
            yield _plain("term", language, text.term, where)
            for alias in text.aliases:
                yield _plain("alias", language, alias, where)
            yield run("definition", language, text.definition)


def _interface(sources: Sources, languages: Iterable[str]) -> Iterator[Run]:
    """What the pipeline adds to pages, and the names of categories and of topics that are not written yet."""
    for language in languages:
        for words in sources.messages.get(language, {}).values():
            where = Where(f"templates/messages/{language}.yaml")
            bare = INSERTED.sub(lambda found: NOTE * len(found[0]), words)
            yield Run("message", language, bare, ((0, words, where),), _quoted(bare))
        for file, names in (("categories", sources.vocabulary), ("planned", sources.planned)):
            for name in names.values():
                if language in name:
                    yield _plain("name", language, name[language], Where(f"articles/{file}.yaml"))


def run(kind: str, language: str, nodes: tuple[Inline, ...]) -> Run:
    """Make one run of inline nodes."""
    text = ""
    pieces = []
    foreign = []
    for piece, emphasized in _flat(nodes):
        start = len(text)
        if isinstance(piece, str):
            text += piece
        else:
            pieces.append((start, piece.text, piece.where))
            text += piece.text
        if emphasized:
            foreign.append((start, len(text)))
    return Run(kind, language, text, tuple(pieces), (*foreign, *_quoted(text)))


def _plain(kind: str, language: str, text: str, where: Where) -> Run:
    return Run(kind, language, text, ((0, text, where),), _quoted(text))


def _quoted(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in QUOTED.finditer(text))


def _flat(nodes: tuple[Inline, ...], emphasized: bool = False) -> Iterator[tuple[str | Text | Term, bool]]:
    for node in nodes:
        match node:
            case Text() | Term():
                yield node, emphasized
            case InlineCode():
                yield CODE, emphasized
            case InlineMath():
                yield MATH, emphasized
            case Glue() | Literal_():
                yield VALUE, emphasized
            case Cite() | FootnoteReference():
                yield NOTE, emphasized
            case LineBreak():
                yield "\n", emphasized
            case _:
                yield from _flat(getattr(node, "children", ()), emphasized or isinstance(node, Emphasis))


def _blocks(blocks: tuple[Block, ...], language: str) -> Iterator[Run]:
    for block in blocks:
        match block:
            case Heading():
                yield run("heading", language, block.children)
            case Paragraph():
                yield run("text", language, block.children)
            case GluedTable():
                for column in block.columns:
                    yield run("table header", language, column.header)
                yield run("caption", language, block.caption)
            case Table():
                for cell in block.header:
                    yield run("table header", language, cell)
                for row in block.rows:
                    for cell in row:
                        yield run("text", language, cell)
            case ImageFigure():
                yield run("caption", language, block.caption)
                yield _plain("alternative text", language, block.alt, block.where)
            case List():
                for item in block.items:
                    yield from _blocks(item, language)
            case DefinitionList():
                for definition in block.items:
                    yield run("text", language, definition.term)
                    for meaning in definition.meanings:
                        yield from _blocks(meaning, language)
            case Quote() | Admonition():
                yield from _blocks(block.children, language)
            case _:
                continue


def is_wide(sign: str) -> bool:
    """Whether a sign is a Chinese character or takes as much room as one."""
    return bool(sign) and unicodedata.east_asian_width(sign) in "WF"


def _line_start(text: str, line: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return len(text)
    return start


def _loose(text: str) -> str:
    """A pattern for `text` as a file may hold it: wrapped elsewhere, with backslashes before signs."""
    pattern = ""
    previous = ""
    for sign in re.sub(r"\s+", " ", text):
        if sign == " ":
            pattern += r"\s+"
        else:
            gap = r"\s*" if is_wide(previous) and is_wide(sign) else ""
            pattern += gap + ("" if sign.isalnum() else r"\\?") + re.escape(sign)
        previous = sign
    return pattern
