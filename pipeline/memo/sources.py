"""Sources that notice what is looked at: of the shape of `pipeline.read.article`, asking the memo for each piece.

Whatever function reads them while a query runs, the query then depends on the pieces that were read and on no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

from pipeline.memo import reading
from pipeline.memo.engine import Memo, query
from pipeline.memo.reading import ARTICLE, SUMMARY
from pipeline.read.article import Article, Concept, Metadata, Reference, Sources, Version
from pipeline.read.document import Block, CodeCell, Document, Footnote, Glue, GluedTable, Heading

Value = TypeVar("Value")


def kept_sources(memo: Memo) -> Sources:
    """Everything below articles/, read when it is looked at."""
    config = memo.given.config
    articles: dict[str, Article] = {}

    def article(slug: str) -> Article:
        if not reading.is_topic(memo, slug) or not reading.languages(memo, slug, ARTICLE):
            raise KeyError(slug)
        if slug not in articles:
            articles[slug] = KeptArticle(memo, slug, ARTICLE)
        return articles[slug]

    return Sources(
        root=config.root,
        languages=config.languages,
        articles=_Asked(lambda: written(memo), article),
        concepts=_Asked(lambda: reading.concepts(memo), lambda key: _concept(memo, key)),
        references=_Asked(lambda: reading.reference_keys(memo), lambda key: _reference(memo, key)),
        vocabulary=_Whole(lambda: reading.vocabulary(memo)[0]),
        messages=_Whole(lambda: reading.messages(memo)[0]),
        planned=_Whole(lambda: reading.planned(memo)[0]),
        tongues=_Whole(lambda: reading.tongues(memo)),
    )


@query
def written(memo: Memo) -> tuple[str, ...]:
    """The slugs of the topics that can be read."""
    return tuple(slug for slug in reading.topics(memo)[0] if reading.languages(memo, slug, ARTICLE))


def whole(article: Article) -> Article:
    """The same topic as it is now, for those who look at it elsewhere or later: it asks nothing any more."""
    versions = {language: _whole(version) for language, version in article.versions.items()}
    summary = whole(article.summary) if article.summary else None
    return Article(article.slug, article.folder, versions[article.source.language], versions, summary, article.parent)


def _whole(version: Version) -> Version:
    document = Document(version.document.blocks, version.document.footnotes)
    return Version(version.language, version.file, version.metadata, document, version.sections, version.outdated)


class _Asked(Mapping[str, Value], Generic[Value]):
    """A mapping whose keys are one question and whose values are one each."""

    def __init__(self, keys: Callable[[], tuple[str, ...]], value: Callable[[str], Value]) -> None:
        self._keys, self._value = keys, value

    def __getitem__(self, key: str) -> Value:
        return self._value(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys())

    def __len__(self) -> int:
        return len(self._keys())


class _Whole(Mapping[str, Value], Generic[Value]):
    """A mapping that is one question as a whole."""

    def __init__(self, ask: Callable[[], Mapping[str, Value]]) -> None:
        self._ask = ask

    def __getitem__(self, key: str) -> Value:
        return self._ask()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ask())

    def __len__(self) -> int:
        return len(self._ask())


def _concept(memo: Memo, key: str) -> Concept:
    found = reading.concept(memo, key)[0] if key in reading.key_set(memo) else None
    if found is None:
        raise KeyError(key)
    return found


def _reference(memo: Memo, key: str) -> Reference:
    if key not in reading.reference_set(memo):
        raise KeyError(key)
    return reading.reference(memo, key)


class KeptArticle(Article):
    """A topic, or its summary, that asks for what is looked at."""

    __slots__ = ("_memo", "_part", "_topic", "_versions")
    _memo: Memo
    _topic: str
    _part: str
    _versions: dict[str, Version]

    def __init__(self, memo: Memo, topic: str, part: str) -> None:
        versions = {language: KeptVersion(memo, topic, part, language) for language in memo.given.config.languages}
        slug = f"{topic}/{part}" if part else topic
        _set(self, slug=slug, _memo=memo, _topic=topic, _part=part, _versions=versions)

    @property
    def folder(self) -> Path:
        folder: Path = self._memo.given.root / reading.folder_of(self._memo, self._topic)
        return folder / self._part if self._part else folder

    @property
    def source(self) -> Version:
        return self._versions[self._memo.given.config.source_language]

    @property
    def versions(self) -> Mapping[str, Version]:
        return {name: self._versions[name] for name in reading.languages(self._memo, self._topic, self._part)}

    @property
    def summary(self) -> Article | None:
        if self._part or not reading.languages(self._memo, self._topic, SUMMARY):
            return None
        return KeptArticle(self._memo, self._topic, SUMMARY)

    @property
    def parent(self) -> str:
        config = self._memo.given.config
        return reading.title(self._memo, self._topic, ARTICLE, config.source_language) if self._part else ""

    @property
    def cells(self) -> tuple[CodeCell, ...]:
        return () if self._part else reading.cells(self._memo, self._topic)

    @property
    def code(self) -> Mapping[str, CodeCell]:
        return {} if self._part else {cell.label: cell for cell in reading.code(self._memo, self._topic)}


class KeptVersion(Version):
    """A page in one language that asks for what is looked at."""

    __slots__ = ("_document", "_key", "_memo")
    _memo: Memo
    _key: tuple[str, str, str]
    _document: Document

    def __init__(self, memo: Memo, topic: str, part: str, language: str) -> None:
        key = (topic, part, language)
        _set(self, language=language, _memo=memo, _key=key, _document=KeptDocument(memo, key))

    @property
    def file(self) -> str:
        return reading.file_of(self._memo, *self._key)

    @property
    def metadata(self) -> Metadata:
        return reading.metadata(self._memo, *self._key)

    @property
    def title(self) -> str:
        return reading.title(self._memo, *self._key)

    @property
    def document(self) -> Document:
        return self._document

    @property
    def headings(self) -> tuple[Heading, ...]:
        return reading.headings(self._memo, *self._key)

    @property
    def printing(self) -> tuple[Glue | GluedTable, ...]:
        return reading.printing(self._memo, *self._key)

    @property
    def sections(self) -> Mapping[str, str]:
        return reading.sections(self._memo, *self._key)

    @property
    def outdated(self) -> tuple[str, ...]:
        return reading.outdated(self._memo, *self._key)


class KeptDocument(Document):
    """The prose of a page in one language, read when it is looked at."""

    __slots__ = ("_key", "_memo")
    _memo: Memo
    _key: tuple[str, str, str]

    def __init__(self, memo: Memo, key: tuple[str, str, str]) -> None:
        _set(self, _memo=memo, _key=key)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return reading.document(self._memo, *self._key).blocks

    @property
    def footnotes(self) -> tuple[Footnote, ...]:
        return reading.document(self._memo, *self._key).footnotes


def _set(one: Any, **values: Any) -> None:
    """Give a frozen thing what it is made with."""
    for name, value in values.items():
        object.__setattr__(one, name, value)
