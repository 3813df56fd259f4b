"""What the sources hold once read: articles in their languages, glossary concepts, references, categories."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import Where
from pipeline.read.document import CodeCell, Document, Glue, GluedTable, Heading, Inline, Node, walk, walk_blocks

NOWHERE = Where("")


@dataclass(frozen=True, slots=True)
class FigureText:
    """The words around a computed figure in one language: a caption (inline Markdown) and alternative text."""

    caption: tuple[Inline, ...]
    alt: str
    where: Where


@dataclass(frozen=True, slots=True)
class Provenance:
    generated_by: str = ""
    model_used: str = ""
    generated_date: str = ""  # ISO 8601
    review_state: str = "draft"  # draft | reviewed | verified
    last_review_date: str = ""


@dataclass(frozen=True, slots=True)
class PaperDetails:
    authors: tuple[str, ...] = ()
    year: str = ""
    venue: str = ""
    arxiv: str = ""
    doi: str = ""
    source_url: str = ""
    pdf_url: str = ""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The head of one language's file. A translation repeats only what has words in it."""

    title: str
    summary: tuple[Inline, ...]
    key_points: tuple[tuple[Inline, ...], ...]
    kind: str = "article"  # article | paper | summary
    field: str = ""  # key of categories.yaml, as are topic_area, difficulty, categories
    subfield: str = ""
    topic_area: str = ""
    difficulty: str = ""
    prerequisites: tuple[str, ...] = ()  # slugs
    categories: tuple[str, ...] = ()
    related_articles: tuple[str, ...] = ()  # slugs
    related_papers: tuple[str, ...] = ()  # slugs
    provenance: Provenance = Provenance()
    paper: PaperDetails | None = None
    labels: Mapping[str, str] = dataclasses.field(
        default_factory=dict
    )  # text drawn in figures -> the same in this language
    figures: Mapping[str, FigureText] = dataclasses.field(default_factory=dict)  # by caption key
    translated_from: Mapping[str, str] = dataclasses.field(
        default_factory=dict
    )  # section id of the source -> its hash then
    where: Where = NOWHERE


@dataclass(frozen=True, slots=True)
class Version:
    """An article in one language."""

    language: str
    file: str  # path relative to the repository
    metadata: Metadata
    document: Document
    sections: Mapping[str, str] = dataclasses.field(
        default_factory=dict
    )  # section id ("" is the lead) -> hash of its text
    outdated: tuple[str, ...] = ()  # ids of source sections that moved on since this was translated

    @property
    def title(self) -> str:
        return self.metadata.title

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings of the text in their order, for those who do not ask where they stand."""
        return tuple(block for block in self.document.blocks if isinstance(block, Heading))

    @property
    def printing(self) -> tuple[Glue | GluedTable, ...]:
        """What prints computed values: in the summary, the key points, captions, the text and footnotes, in order."""
        return tuple(node for node in nodes(self) if isinstance(node, (Glue, GluedTable)))


@dataclass(frozen=True, slots=True)
class Article:
    """One topic: its folder, its source version and the translations of it by language."""

    slug: str
    folder: Path
    source: Version
    versions: Mapping[str, Version]  # all languages, the source included, in the configured order
    summary: Article | None = None  # the topic in one page, published beside it
    parent: str = ""  # of a summary: the title of what it sums up

    @property
    def title(self) -> str:
        """The page's title on the wiki, in the source language."""
        return f"{self.parent}/summary" if self.parent else self.source.title

    @property
    def pages(self) -> tuple[Article, ...]:
        """The article itself and its summary: what is published of the topic, from one run of its cells."""
        return (self, self.summary) if self.summary else (self,)

    @property
    def cells(self) -> tuple[CodeCell, ...]:
        """The code cells in the order they run."""
        return tuple(node for node in walk_blocks(self.source.document.blocks) if isinstance(node, CodeCell))

    @property
    def code(self) -> Mapping[str, CodeCell]:
        """The cells by label, for those who do not ask where they stand."""
        return {cell.label: cell for cell in self.cells}

    def where_of(self, label: str) -> Where:
        """Where a cell stands; for one that is gone since its results came, where the file begins."""
        return next((cell.where for cell in self.cells if cell.label == label), Where(self.source.file))

    @property
    def drawn_labels(self) -> Mapping[str, Mapping[str, str]]:
        """Language -> text drawn in figures -> the same in that language."""
        return {language: version.metadata.labels for language, version in self.versions.items()}


@dataclass(frozen=True, slots=True)
class ConceptText:
    """A glossary concept in one language."""

    term: str
    definition: tuple[Inline, ...]
    aliases: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()  # words that others use for it and this wiki does not
    status: str = "draft"  # draft | reviewed | verified


@dataclass(frozen=True, slots=True)
class Concept:
    key: str  # the file's name without .yaml
    file: str
    domain: str
    texts: Mapping[str, ConceptText]
    article: str = ""  # slug
    article_section: str = ""
    difficulty: str = ""
    related: tuple[str, ...] = ()  # keys


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of references.bib; `fields` are its plain-text fields by lower-case name."""

    key: str
    kind: str  # article | book | inproceedings | …
    fields: Mapping[str, str]
    where: Where


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything below articles/, read and linked: each reference in it leads somewhere."""

    root: Path
    languages: tuple[str, ...]  # the source language first
    articles: Mapping[str, Article]  # by slug, sorted
    concepts: Mapping[str, Concept]  # by key, sorted
    references: Mapping[str, Reference]  # by key
    vocabulary: Mapping[str, Mapping[str, str]]  # categories.yaml: key -> language -> name
    messages: Mapping[str, Mapping[str, str]]  # templates/messages: language -> key -> words
    planned: Mapping[str, Mapping[str, str]]  # planned.yaml: slug not written yet -> language -> title
    tongues: Mapping[str, str]  # language -> its name in itself

    def topic_title(self, slug: str, language: str) -> str:
        """The title of a topic, written or planned, in `language` (the source language's where that is missing).

        A topic that cannot be read, which stops a build but not a preview of the others, is called by its slug.
        """
        article = self.articles.get(slug)
        if article is None:
            titles = self.planned.get(slug, {})
            return titles.get(language) or titles.get(self.languages[0], slug)
        return article.versions.get(language, article.source).title


def nodes(version: Version) -> Iterator[Node]:
    """Yield every node of one language: prose, footnotes, summary, key points, captions."""
    metadata = version.metadata
    yield from walk(metadata.summary)
    yield from walk(metadata.key_points)
    for text in metadata.figures.values():
        yield from walk(text.caption)
    yield from walk(version.document.blocks)
    yield from walk(version.document.footnotes)
