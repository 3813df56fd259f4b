"""Glossary concepts that nobody uses, that a translation does not mark, or whose section is not there."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.check.prose import Places
from pipeline.errors import Problem, Where, suggest
from pipeline.read.article import Article, Sources, Version
from pipeline.read.document import Heading, Term, walk


def glossary(sources: Sources) -> Iterator[Problem]:
    used: set[str] = set()
    for topic in sources.articles.values():
        for page in topic.pages:
            marked = {language: _marked(page, version) for language, version in page.versions.items()}
            used.update(*marked.values())
            yield from _unmarked(page, marked)
    for key, concept in sources.concepts.items():
        if key not in used:
            remedy = "mark its word with {term} where a page speaks of it, or delete the file"
            yield Problem(Where(concept.file), f"no page uses the concept {key!r}", remedy, "unused", "warning")
    yield from _sections(sources)


def _marked(page: Article, version: Version) -> set[str]:
    head = version.metadata
    captions = () if page.parent else tuple(figure.caption for figure in head.figures.values())
    nodes = walk((head.summary, head.key_points, captions, version.document))
    return {node.key for node in nodes if isinstance(node, Term)}


def _unmarked(page: Article, marked: dict[str, set[str]]) -> Iterator[Problem]:
    source = page.source.language
    for language, keys in marked.items():
        missing = sorted(marked[source] - keys)
        if missing:
            message = f"does not mark {', '.join(map(repr, missing))} with {{term}}, as {page.source.file} does"
            remedy = "mark the first place where the page speaks of each"
            yield Problem(page.versions[language].metadata.where, message, remedy, "term", "warning")


def _sections(sources: Sources) -> Iterator[Problem]:
    places = Places(sources.root)
    for concept in sources.concepts.values():
        article = sources.articles.get(concept.article)
        if concept.article_section and (article is not None or not concept.article):
            blocks = article.source.document.blocks if article else ()
            ids = [block.id for block in blocks if isinstance(block, Heading)]
            if concept.article_section not in ids:
                where = places.within(Where(concept.file), f"article_section: {concept.article_section}", 0)
                target = article.source.file if article else "no article"
                message = f"no heading of {target} has the id {concept.article_section!r}"
                yield Problem(where, message, suggest(concept.article_section, ids), "anchor")
