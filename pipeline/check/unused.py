"""References that nobody cites."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import Problem
from pipeline.read.article import Sources
from pipeline.read.document import Cite, walk


def unused(sources: Sources) -> Iterator[Problem]:
    cited: set[str] = set()
    for article in (page for topic in sources.articles.values() for page in topic.pages):
        for version in article.versions.values():
            figures = tuple(figure.caption for figure in version.metadata.figures.values())
            for node in walk((version.document, version.metadata.summary, version.metadata.key_points, figures)):
                if isinstance(node, Cite):
                    cited.update(node.keys)
    for key, reference in sources.references.items():
        if key not in cited:
            yield Problem(
                reference.where, f"no page cites {key!r}", "cite it, or delete the entry", "unused", "warning"
            )
