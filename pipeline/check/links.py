"""Links speak the language of their page: a translation does not name a topic by its English title."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import Problem
from pipeline.read.article import Sources
from pipeline.read.blocks import plain_text
from pipeline.read.document import TopicLink, walk


def links(sources: Sources) -> Iterator[Problem]:
    for topic in sources.articles.values():
        for page in topic.pages:
            for language, version in page.versions.items():
                if version is page.source:
                    continue
                head = version.metadata
                captions = () if page.parent else tuple(figure.caption for figure in head.figures.values())
                for node in walk((head.summary, head.key_points, captions, version.document)):
                    if isinstance(node, TopicLink):
                        words = plain_text(node.children).casefold()
                        theirs = sources.topic_title(node.slug, sources.languages[0])
                        ours = sources.topic_title(node.slug, language)
                        if words == theirs.casefold() != ours.casefold():
                            message = f"the link to {node.slug!r} is not translated"
                            yield Problem(node.where, message, f"in this language the topic is {ours!r}", "link")
