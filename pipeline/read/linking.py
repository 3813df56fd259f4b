"""What only shows across files: translations that miss a piece, dead anchors, titles taken twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.errors import Problem, Where, suggest
from pipeline.read.article import Article, Version
from pipeline.read.document import (
    CodeCell,
    Embed,
    FigurePlace,
    GluedTable,
    Heading,
    ImageFigure,
    SectionLink,
    TopicLink,
    walk,
    walk_blocks,
)
from pipeline.titles import problem_of_title


def link(articles: Mapping[str, Article]) -> Iterator[Problem]:
    """Yield the problems of articles that each read well alone."""
    yield from taken_titles(articles)
    for topic in articles.values():
        yield from link_topic(topic, articles)


def link_topic(topic: Article, articles: Mapping[str, Article]) -> Iterator[Problem]:
    """Yield the problems of one topic among all of them."""
    for article in topic.pages:
        yield from _cells(article.source)
        for version in article.versions.values():
            yield from _anchors(version, articles)
            yield from _images(version, article)
            if version is not article.source:
                yield from _parallel(version, article.source)


def mark_outdated(article: Article) -> Article:
    """Note on each translation the sections whose source has moved on since it was made."""
    versions = dict(article.versions)
    for language, version in versions.items():
        stamps = version.metadata.translated_from
        if version is not article.source and stamps:
            changed = [name for name, digest in article.source.sections.items() if stamps.get(name) != digest]
            versions[language] = replace(version, outdated=tuple(changed))
    return replace(article, versions=versions)


def taken_titles(articles: Mapping[str, Article]) -> Iterator[Problem]:
    """Yield the titles that the wiki cannot have, or that two topics want."""
    taken: dict[str, Article] = {}
    for article in articles.values():
        where = article.source.metadata.where
        wrong = problem_of_title(article.title)
        if wrong:
            yield Problem(where, f"the title {article.title!r} {wrong}", "choose another title", "title")
        name = article.title[:1].upper() + article.title[1:]
        other = taken.setdefault(name, article)
        if other is not article:
            message = f"the title {article.title!r} is taken by {other.source.file}"
            yield Problem(where, message, "give each topic a title of its own", "title")


def _cells(source: Version) -> Iterator[Problem]:
    seen: dict[str, Where] = {}
    for node in walk_blocks(source.document.blocks):
        if isinstance(node, CodeCell):
            first = seen.setdefault(node.label, node.where)
            if first is not node.where:
                message = f"the label {node.label!r} is used twice, first on line {first.line}"
                yield Problem(node.where, message, "give each cell a label of its own", "label")
        elif isinstance(node, Embed) and node.label not in seen:
            cells = [cell.label for cell in walk_blocks(source.document.blocks) if isinstance(cell, CodeCell)]
            if node.label not in cells:
                yield Problem(node.where, f"no cell is labelled {node.label!r}", suggest(node.label, cells), "embed")


def _parallel(version: Version, source: Version) -> Iterator[Problem]:
    """A translation has the source's headings, cells, tables and figures, in the same order."""
    shown, theirs = list(walk_blocks(version.document.blocks)), list(walk_blocks(source.document.blocks))
    known = [node.label for node in theirs if isinstance(node, CodeCell)]
    found = []
    for node in shown:
        if isinstance(node, CodeCell):
            remedy = f"write ```{{embed}} #{node.label}"
            yield Problem(node.where, "a translation holds code", remedy, "parity")
        elif isinstance(node, Embed):
            found.append(node.label)
            if node.label not in known:
                yield Problem(node.where, f"no cell is labelled {node.label!r}", suggest(node.label, known), "embed")
    end = Where(version.file, version.metadata.where.line)
    for label in known:
        if label not in found:
            yield Problem(end, f"the cell {label!r} is missing", f"add ```{{embed}} #{label}", "parity")
    if sorted(found) == sorted(known) and found != known:
        message = f"the cells stand in another order than in the source ({', '.join(known)})"
        yield Problem(end, message, "put them in that order", "parity")
    for kind, what in ((GluedTable, "table"), (FigurePlace, "figure")):
        names = [node.name for node in theirs if isinstance(node, kind)]
        ours = [node.name for node in shown if isinstance(node, kind)]
        if names != ours:
            message = f"shows the {what}s ({', '.join(ours)}) where the source shows ({', '.join(names)})"
            yield Problem(end, message, f"use the same {{{what}}} directives in the same order", "parity")
    yield from _parallel_headings(version, source, end)


def _parallel_headings(version: Version, source: Version, end: Where) -> Iterator[Problem]:
    ours = [node for node in version.document.blocks if isinstance(node, Heading)]
    theirs = [node for node in source.document.blocks if isinstance(node, Heading)]
    for mine, original in zip(ours, theirs, strict=False):
        if mine.level != original.level:
            message = f"a heading of level {mine.level} where the source has {original.id!r} of level {original.level}"
            yield Problem(mine.where, message, "keep the source's sections in their order", "parity")
            return
    if len(ours) != len(theirs):
        message = f"{len(ours)} headings where the source has {len(theirs)}"
        if len(ours) < len(theirs):
            message += f": from {theirs[len(ours)].id!r} on they are missing"
        yield Problem(end, message, "keep the source's sections in their order", "parity")


def _anchors(version: Version, articles: Mapping[str, Article]) -> Iterator[Problem]:
    captions = tuple(figure.caption for figure in version.metadata.figures.values())
    for node in walk((version.document, version.metadata.summary, version.metadata.key_points, captions)):
        if isinstance(node, SectionLink):
            target = version
        elif isinstance(node, TopicLink) and node.section and node.slug in articles:
            article = articles[node.slug]
            target = article.versions.get(version.language, article.source)
        else:
            continue
        ids = [heading.id for heading in target.headings]
        if node.section not in ids:
            remedy = suggest(node.section, ids)
            yield Problem(node.where, f"no heading of {target.file} has the id {node.section!r}", remedy, "anchor")


def _images(version: Version, article: Article) -> Iterator[Problem]:
    for node in walk_blocks(version.document.blocks):
        if isinstance(node, ImageFigure):
            path = article.folder / node.path
            inside = path.resolve().is_relative_to(article.folder.resolve())
            if not inside or path.suffix.lower() != ".png" or not path.is_file():
                pictures = [picture.name for picture in article.folder.glob("*.png")]
                remedy = suggest(node.path, pictures) or "put a PNG file into the topic's folder"
                yield Problem(node.where, f"there is no picture {node.path!r} in the topic's folder", remedy, "image")
