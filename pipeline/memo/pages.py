"""Rendering for the wiki as queries: a page at a time where pages are many, all at once where they are few.

What makes the pages that change seldom is imported where it is used: a build of one page's prose does without.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import Where
from pipeline.memo import reading
from pipeline.memo.engine import Key, Memo, fleeting, query
from pipeline.memo.git import commit
from pipeline.memo.inputs import content, tree
from pipeline.memo.reading import ARTICLE, SUMMARY
from pipeline.memo.results import has_results, shown
from pipeline.memo.sources import written
from pipeline.read.article import Article
from pipeline.read.document import ImageFigure, walk_blocks
from pipeline.render import wikitext
from pipeline.render.model import PageModel
from pipeline.render.page import File, Kind, Newest, Page
from pipeline.render.resolve import page_model
from pipeline.render.stored import StoredFile
from pipeline.render.wikitext.files import once, page_files
from pipeline.run.results import Results

_NOTHING: Any = None


class PageMark(NamedTuple):
    """All of a page but its text."""

    title: str
    kind: Kind
    language: str
    source: str
    sha1: str


class FileMark(NamedTuple):
    """All of a file but its content; `path` is where that lies, relative to nothing."""

    title: str
    text: str
    language: str
    source: str
    path: str
    sha1: str
    where: Where


class KeptPage(Page):
    """A page whose text is asked for when it is looked at."""

    __slots__ = ("_sha1", "_text")
    _sha1: str
    _text: Callable[[], str]

    def __init__(self, mark: PageMark, text: Callable[[], str]) -> None:
        values = {"title": mark.title, "kind": mark.kind, "language": mark.language, "source": mark.source}
        for name, value in (*values.items(), ("_sha1", mark.sha1), ("_text", text)):
            object.__setattr__(self, name, value)

    @property
    def text(self) -> str:
        return self._text()

    @property
    def sha1(self) -> str:
        return self._sha1


def topic_parts(memo: Memo, slugs: Sequence[str] | None = None) -> Iterator[tuple[str, str, str]]:
    """Slug, part and language of every topic's pages, or of those of some slugs."""
    if slugs is None:
        yield from all_parts(memo)
        return
    for slug in slugs:
        for part in (ARTICLE, SUMMARY):
            for language in reading.languages(memo, slug, part):
                yield slug, part, language


@query
def all_parts(memo: Memo) -> tuple[tuple[str, str, str], ...]:
    """Slug, part and language of every topic's pages."""
    return tuple(topic_parts(memo, written(memo)))


def pages(memo: Memo) -> tuple[Page, ...]:
    """Every page of the wiki; their texts are read when they are looked at."""
    return tuple(
        _kept(memo, group, number, mark)
        for group, (_, found) in all_marks(memo).items()
        for number, mark in enumerate(found)
    )


def files(memo: Memo) -> Iterator[File]:
    """Every file that pages show; their bytes are read when they are looked at.

    Raises SourceError where two different pictures would have the same name on the wiki.
    """
    yield from once((StoredFile(*mark[:4], Path(mark.path), mark.sha1), mark.where) for mark in all_figures(memo))
    yield from path_of_learning(memo)


@query
def all_figures(memo: Memo) -> tuple[FileMark, ...]:
    """The pictures that topics' pages show."""
    return tuple(mark for names in topic_parts(memo) for mark in figures(memo, *names))


def _kept(memo: Memo, group: Key, number: int, mark: PageMark) -> Page:
    return KeptPage(mark, lambda: GROUPS[group[0]](memo, *group[1:])[number].text)


@query
def marks(memo: Memo, group: str, *names: str) -> tuple[PageMark, ...]:
    """The pages of a group without their texts."""
    made = GROUPS[group](memo, *names)
    return tuple(PageMark(page.title, page.kind, page.language, page.source, page.sha1) for page in made)


@query
def all_marks(memo: Memo) -> Mapping[Key, tuple[bytes, tuple[PageMark, ...]]]:
    """Group -> its pages without their texts, with the digest of these; of a group that is as it was, from before."""
    groups: list[Key] = [("templates",), ("data",), ("categories",), ("hubs",)]
    groups += [("glossary", key) for key in reading.concepts(memo)]
    groups += [("topic", *names) for names in topic_parts(memo)]
    before = memo.before((all_marks.name,)) or {}
    found = {}
    for group in groups:
        digest, held = memo.digest((marks.name, *group)), before.get(group)
        found[group] = held if held is not None and held[0] == digest else (digest, marks(memo, *group))
    return found


# --- pages of topics --------------------------------------------------------------------------------


@fleeting
def resolved(memo: Memo, slug: str, part: str, language: str) -> PageModel:
    """A topic's page with everything looked up, without what it was made from."""
    article = _article(memo, slug, part)
    _pictures(memo, slug, article, language)
    model = page_model(memo.given.sources, article, language, shown(memo, slug), commit(memo, slug))
    return replace(model, article=_NOTHING, version=_NOTHING, results=_NOTHING)


@query
def in_lists(memo: Memo, slug: str, part: str, language: str) -> PageModel:
    """What lists of topics show of a page; of its results, how far they were checked."""
    return replace(
        resolved(memo, slug, part, language),
        results=_checked(shown(memo, slug)),
        languages=(),
        breadcrumb=(),
        prerequisites=(),
        related_articles=(),
        related_papers=(),
        key_points=(),
        blocks=(),
        footnotes=(),
        references=(),
        categories=(),
        commit="",
        outdated=(),
    )


def model(memo: Memo, slug: str, part: str, language: str) -> PageModel:
    """A topic's page, resolved."""
    return _whole(memo, slug, part, language, resolved(memo, slug, part, language))


def models_in_lists(memo: Memo, slugs: Sequence[str] | None = None) -> tuple[PageModel, ...]:
    """The pages of all topics, or of some slugs, as far as lists show them, of the topics that have results."""
    there = (names for names in topic_parts(memo, slugs) if has_results(memo, names[0]))
    return tuple(_made_from(memo, *names, in_lists(memo, *names)) for names in there)


def models_called(memo: Memo, titles: Collection[str]) -> tuple[PageModel, ...]:
    """The topics' pages with these titles."""
    if not titles:
        return ()
    found = (names for names in topic_parts(memo) if in_lists(memo, *names).title in titles)
    return tuple(model(memo, *names) for names in found)


def _whole(memo: Memo, slug: str, part: str, language: str, bare: PageModel) -> PageModel:
    return replace(_made_from(memo, slug, part, language, bare), results=shown(memo, slug))


def _made_from(memo: Memo, slug: str, part: str, language: str, bare: PageModel) -> PageModel:
    article = _article(memo, slug, part)
    return replace(bare, article=article, version=article.versions[language])


def _checked(results: Results) -> Results:
    """What tells how far results were checked, and no more."""
    checks = tuple(check for check in results.checks if check.kind == "close")[:1]
    return replace(results, key="", computed="", glued={}, figures={}, outputs={}, checks=checks, differs={})


def _article(memo: Memo, slug: str, part: str) -> Article:
    article: Article = memo.given.sources.articles[slug]
    return article.summary or article if part == SUMMARY else article


def _pictures(memo: Memo, slug: str, article: Article, language: str) -> None:
    """Depend on the pictures that an author put beside the text."""
    for node in walk_blocks(article.versions[language].document.blocks):
        if isinstance(node, ImageFigure):
            content(memo, f"{reading.folder_of(memo, slug)}/{node.path}")


@fleeting
def topic(memo: Memo, slug: str, part: str, language: str) -> tuple[Page, ...]:
    _frames(memo)
    return (wikitext.topic_page(model(memo, slug, part, language), memo.given.sources, memo.given.frames),)


@query
def figures(memo: Memo, slug: str, part: str, language: str) -> tuple[FileMark, ...]:
    """The pictures that a page shows."""
    _frames(memo)
    _pictures(memo, slug, _article(memo, slug, part), language)
    made = page_files(model(memo, slug, part, language), memo.given.sources, memo.given.frames)
    return tuple(
        FileMark(one.title, one.text, one.language, one.source, box.path, one.sha1, box.where) for one, box in made
    )


# --- the others -------------------------------------------------------------------------------------


@fleeting
def templates(memo: Memo) -> tuple[Page, ...]:
    from pipeline.render.templates import template_pages

    tree(memo, "templates/wiki")
    return template_pages(memo.given.sources)


@fleeting
def data(memo: Memo) -> tuple[Page, ...]:
    from pipeline.render.templates.data import data_pages

    return tuple(data_pages(memo.given.sources))


@query
def newest(memo: Memo) -> Newest:
    from pipeline.render.templates.newest import newest as newest_of

    return newest_of(memo.given.sources)


@fleeting
def glossary(memo: Memo, key: str) -> tuple[Page, ...]:
    from pipeline.render.wikitext.glossary import concept_pages

    _frames(memo)
    return tuple(concept_pages(memo.given.sources.concepts[key], memo.given.sources, memo.given.frames))


@fleeting
def categories(memo: Memo) -> tuple[Page, ...]:
    from pipeline.render.wikitext.categories import category_pages

    _frames(memo)
    return tuple(category_pages(memo.given.sources, memo.given.frames))


@query
def path_pictures(memo: Memo) -> tuple[tuple[str, bytes], ...]:
    """The picture of the learning path in each language."""
    from pipeline.render.hubs.drawing import drawn

    return tuple(drawn(memo.given.sources, memo.given.config.state / "pictures").items())


@query
def pictured(memo: Memo) -> tuple[str, ...]:
    """The languages that have a picture of the learning path."""
    return tuple(language for language, _ in path_pictures(memo))


@fleeting
def hubs(memo: Memo) -> tuple[Page, ...]:
    from pipeline.render.wikitext.hubs import hub_pages

    _frames(memo)
    there = dict.fromkeys(pictured(memo), b"")
    return tuple(hub_pages(memo.given.sources, models_in_lists(memo), there, memo.given.frames))


@query
def path_of_learning(memo: Memo) -> tuple[File, ...]:
    from pipeline.render.wikitext.hubs import path_files

    _frames(memo)
    return tuple(path_files(memo.given.sources, dict(path_pictures(memo)), memo.given.frames))


def _frames(memo: Memo) -> None:
    """Depend on the frames around pages."""
    tree(memo, "templates/page")


GROUPS: dict[str, Callable[..., tuple[Page, ...]]] = {
    "templates": templates,
    "data": data,
    "categories": categories,
    "hubs": hubs,
    "glossary": glossary,
    "topic": topic,
}
