"""Computed figures: each one has its words in every language, and each one the prose speaks of is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import Problem, Where, suggest
from pipeline.read.article import Article, Version, nodes
from pipeline.read.document import FigurePlace
from pipeline.run.results import Results

RULE = "figure"


def figure_problems(article: Article, results: Results) -> Iterator[Problem]:
    """Yield a problem for each figure without words, words without a figure, and place without a figure."""
    drawn = {figure.caption: figure.cell for figure in results.figures.values()}
    for version in article.versions.values():
        yield from _missing_words(version, drawn)
        for key, text in version.metadata.figures.items():
            if key not in drawn:
                yield Problem(text.where, f"no cell draws the figure {key!r}", suggest(key, drawn), RULE)
        for node in nodes(version):
            if isinstance(node, FigurePlace) and node.name not in results.figures:
                message = f"no cell draws the figure {node.name!r}"
                yield Problem(node.where, message, suggest(node.name, results.figures), RULE)


def _missing_words(version: Version, drawn: dict[str, str]) -> Iterator[Problem]:
    head = Where(version.file, version.metadata.where.line)
    for key, cell in drawn.items():
        text = version.metadata.figures.get(key)
        if text is None:
            message = f"the figure {key!r} of cell {cell!r} has neither caption nor alternative text"
            yield Problem(head, message, f"add `{key}: {{caption: …, alt: …}}` to `figures:`", RULE)
            continue
        if not text.caption:
            yield Problem(text.where, f"the figure {key!r} has no caption", "add `caption:`", RULE)
        if not text.alt.strip():
            yield Problem(text.where, f"the figure {key!r} has no alternative text", "add `alt:`", RULE)
