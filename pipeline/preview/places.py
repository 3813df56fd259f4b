"""Where a value, a figure or a cell stands: on which pages, under which heading, on which line, in which digits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.literal import shortened
from pipeline.read.article import Article, Version
from pipeline.read.document import CodeCell, Embed, FigurePlace, Heading, ImageFigure, Node, walk
from pipeline.render.numbers import localize
from pipeline.render.plain import plain
from pipeline.run.results import Value
from pipeline.run.uses import Use, uses_of

LONGEST_DIGITS = 120  # signs of what a column of a table prints


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: on a page, under a heading, on a line of its source."""

    language: str
    title: str  # of the page
    section: str  # the heading's words, "" above the first
    address: str  # of the page, down to the heading
    file: str
    line: int
    shown: str = ""  # the digits, as the page prints them


@dataclass(frozen=True)
class Places:
    """The pages of a topic, looked through for what they print and show; `values` are those of its results."""

    article: Article
    values: Mapping[str, Value]

    def of_value(self, name: str) -> Iterator[Place]:
        """Every place that prints a value."""
        for page, version, use in self.uses():
            if use.name == name:
                yield self.place(page, version, use, self.digits(use, version.language))

    def of_cell(self, label: str, figure: str = "") -> Iterator[Place]:
        """Every place that shows a cell; or a figure of it, which may stand elsewhere."""
        for page, version in self.versions():
            found = [node for node in walk(version.document.blocks) if isinstance(node, CodeCell | Embed | FigurePlace)]
            placed = [node for node in found if isinstance(node, FigurePlace) and node.name == figure]
            cells = [node for node in found if not isinstance(node, FigurePlace) and node.label == label]
            for node in placed if figure and placed else cells:
                yield self.place(page, version, node)

    def of_picture(self, path: str) -> Iterator[Place]:
        """Where a picture stands that an author put beside the text."""
        for page, version in self.versions():
            for node in walk(version.document.blocks):
                if isinstance(node, ImageFigure) and node.path == path:
                    yield self.place(page, version, node)

    def printed(self, name: str, language: str) -> Iterator[tuple[str, str]]:
        """Each way in which some page prints a value, in the digits of a language."""
        told: set[str] = set()
        for _, _, use in self.uses():
            if use.name == name and use.key not in told:
                told.add(use.key)
                yield use.key, self.digits(use, language)

    def versions(self) -> Iterator[tuple[Article, Version]]:
        for page in self.article.pages:
            for version in page.versions.values():
                yield page, version

    def uses(self) -> Iterator[tuple[Article, Version, Use]]:
        for page, version in self.versions():
            for node in version.printing:
                for use in uses_of(node):
                    yield page, version, use

    def digits(self, use: Use, language: str) -> str:
        text = use.of(self.values)
        if text is None:
            return ""
        value = self.values[use.name]
        if not holds_words([row[use.column] for row in value] if use.column else value):
            text = localize(text, language)
        return shortened(text, LONGEST_DIGITS)

    def place(self, page: Article, version: Version, node: Use | Node, shown: str = "") -> Place:
        headings = [one for one in version.document.blocks if isinstance(one, Heading)]
        above = [one for one in headings if one.where.line <= node.where.line]
        folder = f"/{version.language}/{page.slug}/"
        address = f"{folder}#{above[-1].id}" if above else folder
        section = plain(above[-1].children) if above else ""
        file, line = node.where.file, node.where.line
        return Place(version.language, version.title, section, address, file, line, shown)


def holds_words(value: Value) -> bool:
    """Whether a text is in a value: its digits are the author's and stay as they are."""
    if isinstance(value, dict):
        return any(map(holds_words, value.values()))
    return any(map(holds_words, value)) if isinstance(value, list) else isinstance(value, str)
