"""Where links between topics lead: a page in the reader's language, else in the source language, else nowhere yet."""

from __future__ import annotations

from dataclasses import replace

from pipeline.read.article import Article, Concept, Sources
from pipeline.read.document import (
    Emphasis,
    ExternalLink,
    Glue,
    Inline,
    InlineMath,
    PageLink,
    Strong,
    Text,
    TopicLink,
    walk,
)
from pipeline.render.plain import plain
from pipeline.titles import topic_page


def linked(node: TopicLink, children: tuple[Inline, ...], sources: Sources, language: str) -> tuple[Inline, ...]:
    """The link with its words (the topic's title where there are none); the words alone while it is planned."""
    article = sources.articles.get(node.slug)
    words = children or (Text(sources.topic_title(node.slug, language), node.where),)
    if article is None:
        return words
    source = sources.languages[0]
    target = language if language in article.versions else source
    page = topic_page(article.title, target, source)
    return (PageLink(page, heading_words(article, target, node.section), words, node.where),)


def definition(concept: Concept, language: str, sources: Sources) -> tuple[Inline, ...]:
    """A concept's definition with its links resolved; other roles cannot stand in one."""
    return _linked_all(concept.texts[language].definition, sources, language)


def heading_words(article: Article, language: str, section: str) -> str:
    """The words of a heading by its id, in `language` or by its place in the source; "" where values are in them."""
    if not section:
        return ""
    ours, theirs = article.versions[language].headings, article.source.headings
    found = next((block for block in ours if block.id == section), None)
    if found is None:
        found = next((mine for mine, their in zip(ours, theirs, strict=False) if their.id == section), None)
    if found is None or any(isinstance(node, (Glue, InlineMath)) for node in walk(found)):
        return ""
    return plain(found.children)


def _linked_all(nodes: tuple[Inline, ...], sources: Sources, language: str) -> tuple[Inline, ...]:
    found: list[Inline] = []
    for node in nodes:
        if isinstance(node, TopicLink):
            found += linked(node, _linked_all(node.children, sources, language), sources, language)
        elif isinstance(node, (Emphasis, Strong, ExternalLink)):
            found.append(replace(node, children=_linked_all(node.children, sources, language)))
        else:
            found.append(node)
    return tuple(found)
