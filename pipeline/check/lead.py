"""The first paragraph says in bold what the page is about."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import Problem
from pipeline.read.article import Sources
from pipeline.read.blocks import plain_text
from pipeline.read.document import Paragraph, Strong, walk


def lead(sources: Sources) -> Iterator[Problem]:
    for article in (page for topic in sources.articles.values() for page in topic.pages):
        for version in article.versions.values():
            title = version.metadata.title
            first = version.document.blocks[0]
            bold = [plain_text(node.children) for node in walk(first) if isinstance(node, Strong)]
            if not isinstance(first, Paragraph) or title.casefold() not in (words.casefold() for words in bold):
                remedy = f"write **{title}** in the first sentence"
                yield Problem(first.where, "the first paragraph lacks the title in bold", remedy, "lead")
