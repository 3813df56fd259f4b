"""Topics that no other topic leads to, in any one of their languages."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import Problem
from pipeline.read.article import Article, Sources
from pipeline.read.document import TopicLink, walk


def orphans(sources: Sources) -> Iterator[Problem]:
    for language in sources.languages:
        linked = {
            node.slug
            for topic in sources.articles.values()
            for page in topic.pages
            if language in page.versions
            for node in walk((page.versions[language].metadata.summary, page.versions[language].document))
            if isinstance(node, TopicLink) and node.slug != topic.slug
        }
        for slug, topic in sources.articles.items():
            if language in topic.versions and slug not in linked and len(sources.articles) > 1:
                where = topic.versions[language].metadata.where
                message = f"no other topic links to {slug!r} in {language!r}"
                begun = len(sources.languages) > 1 and not any(_translated(topic, one) for one in topic.versions)
                remedy = f"link to ../{slug}/ where another page speaks of it"
                yield Problem(where, message, remedy, "orphan", "warning" if begun else "error")


def _translated(topic: Article, language: str) -> bool:
    """Whether somebody has begun to translate the topic into a language."""
    version = topic.versions[language]
    return version is not topic.source and set(version.outdated) != set(topic.source.sections)
