"""References that nobody cites."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from pipeline.errors import Problem
from pipeline.read.article import Article, Reference, Sources
from pipeline.read.document import Cite, walk


def unused(sources: Sources) -> Iterator[Problem]:
    cited: set[str] = set()
    for article in sources.articles.values():
        cited |= cited_by(article)
    yield from uncited(sources.references, cited)


def cited_by(topic: Article) -> set[str]:
    """The references that a topic's pages cite, in any language."""
    cited: set[str] = set()
    for article in topic.pages:
        for version in article.versions.values():
            figures = tuple(figure.caption for figure in version.metadata.figures.values())
            for node in walk((version.document, version.metadata.summary, version.metadata.key_points, figures)):
                if isinstance(node, Cite):
                    cited.update(node.keys)
    return cited


def uncited(references: Mapping[str, Reference], cited: Container[str]) -> Iterator[Problem]:
    """A problem for each reference that is not among those cited."""
    for key, reference in references.items():
        if key not in cited:
            yield Problem(
                reference.where, f"no page cites {key!r}", "cite it, or delete the entry", "unused", "warning"
            )
