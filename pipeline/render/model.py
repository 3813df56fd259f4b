"""The page model: everything a page shows, resolved for one language, for wikitext and HTML alike."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.read.article import Article, Version
from pipeline.read.document import Block, Footnote, Inline
from pipeline.run.results import Results


@dataclass(frozen=True, slots=True)
class LanguageEntry:
    """One language in the LanguageBar."""

    code: str
    name: str  # in itself: "Español"
    title: str  # the page's title in that language
    exists: bool
    current: bool


@dataclass(frozen=True, slots=True)
class NamedLink:
    """Words with the title of the page they lead to, "" where there is none (yet)."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """A reference as the list shows it; `text` is formatted, in the page's language."""

    key: str
    text: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class PageModel:
    """One article in one language, with nothing left to look up."""

    article: Article
    version: Version
    results: Results
    title: str  # on the wiki: "Softmax Function/es"
    language: str
    direction: str  # ltr | rtl
    languages: tuple[LanguageEntry, ...]
    breadcrumb: tuple[NamedLink, ...]  # Articles, field, subfield, page
    prerequisites: tuple[NamedLink, ...]
    related_articles: tuple[NamedLink, ...]
    related_papers: tuple[NamedLink, ...]
    summary: tuple[Inline, ...]
    key_points: tuple[tuple[Inline, ...], ...]
    blocks: tuple[Block, ...]
    footnotes: tuple[Footnote, ...]  # in order of first use
    references: tuple[ReferenceEntry, ...]  # in order of first use
    categories: tuple[str, ...]  # names in the page's language, without the namespace
    commit: str  # last commit that changed the topic, "" when it is not committed
    short: NamedLink | None = None  # the way to the topic in one page, where it has one
    outdated: tuple[str, ...] = field(default=())  # headings (of this page) whose source moved on

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why something differs between devices or runs, each reason once, in the page's language."""
        labels = self.article.versions[self.language].metadata.labels
        return tuple(dict.fromkeys(labels.get(one.reason, one.reason) for one in self.results.differs.values()))
