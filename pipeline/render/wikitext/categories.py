"""Category pages: each in its language, below that language's own roots, linked with the other languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.read.article import Sources
from pipeline.render.numbers import direction
from pipeline.render.page import Page
from pipeline.render.resolve import name_of
from pipeline.render.wikitext.call import filled
from pipeline.render.wikitext.escape import escape
from pipeline.render.wikitext.frames import Frames
from pipeline.render.wikitext.links import link_to
from pipeline.titles import category_page

ROOTS = ("Articles", "Glossary")
SOURCE = "articles/categories.yaml"


def category_pages(sources: Sources, frames: Frames) -> Iterator[Page]:
    """Every category in use, in every language; where two languages share a name, the earlier one has the page."""
    taken: set[str] = set()
    difficulties = {article.source.metadata.difficulty for article in sources.articles.values()}
    for key in _used(sources):
        for language in sources.languages:
            title = category_page(name_of(sources, key, language))
            if title not in taken:
                taken.add(title)
                yield _page(key, language, sources, frames, is_difficulty=key in difficulties)


def _used(sources: Sources) -> tuple[str, ...]:
    keys: set[str] = set(ROOTS)
    for article in sources.articles.values():
        metadata = article.source.metadata
        keys.update((metadata.field, metadata.subfield, metadata.topic_area, *metadata.categories))
    keys.update(concept.domain for concept in sources.concepts.values())
    return tuple(key for key in dict.fromkeys((*sources.vocabulary, *ROOTS)) if key in keys)


def _page(key: str, language: str, sources: Sources, frames: Frames, *, is_difficulty: bool) -> Page:
    words = sources.messages[language]
    name = name_of(sources, key, language)
    others = [
        link_to(category_page(name_of(sources, key, other)), escape(sources.tongues[other]))
        for other in sources.languages
        if name_of(sources, key, other) != name
    ]
    elsewhere = filled(words["category-in-other-languages"], escape(words["separator"]).join(others)) if others else ""
    text = frames.page(
        "category",
        wrapped=language != sources.languages[0],
        language=language,
        direction=direction(language),
        lines=[line for line in (_about(key, name, words, is_difficulty), elsewhere) if line],
        parents=[] if key in ROOTS else [name_of(sources, "Articles", language)],
    )
    return Page(category_page(name), "category", text, language, SOURCE)


def _about(key: str, name: str, words: Mapping[str, str], is_difficulty: bool) -> str:
    if key in ROOTS:
        return ""
    if is_difficulty:
        return filled(words["labelled"], escape(words["difficulty"]), escape(name))
    return filled(words["category-of"], escape(name))
