"""The pages that lead to all others: the main page and the learning path, as blocks that both renderers write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.errors import Where
from pipeline.read.article import Sources
from pipeline.read.document import Block, Definition, DefinitionList, Heading, Inline, PageLink, Paragraph, Table, Text
from pipeline.render.bare import bare
from pipeline.render.hubs.layout import Layout, laid_out
from pipeline.render.model import LanguageEntry, NamedLink, PageModel
from pipeline.render.resolve import language_entries, name_of, named_topic
from pipeline.titles import LEARNING_PATH, MAIN_PAGE, category_page, figure_file, topic_page

LEVELS = ("Introductory", "Intermediate", "Advanced")
NOWHERE = Where("")


@dataclass(frozen=True, slots=True)
class Hub:
    """One of the two pages in one language."""

    title: str  # on the wiki
    language: str
    languages: tuple[LanguageEntry, ...]
    above: tuple[Block, ...]  # what stands over the picture, or the list of the newest articles
    below: tuple[Block, ...]


def main_page(sources: Sources, models: Sequence[PageModel], language: str) -> Hub:
    """What this is, where to start, and each topic by area with what it is about."""
    said = sources.messages[language]
    counts = [str(sum(1 for _ in _topics(models, language, sources))), str(len(sources.concepts))]
    path = _link(said["learning-path"], _own(LEARNING_PATH, sources, language))
    above = (
        _paragraph(_text(said["main-welcome"])),
        _paragraph(*_filled(said["main-counts"], *(_text(count) for count in counts))),
        _heading(2, said["main-start"]),
        _paragraph(*_filled(said["main-start-text"], path)),
        _heading(2, said["main-newest"]),
    )
    below: list[Block] = [_heading(2, said["main-topics"])]
    for key, topics in _areas(sources, models, language):
        below.append(_heading(3, name_of(sources, key, language)))
        items = tuple(
            Definition((_topic(sources, one, language),), ((_paragraph(*bare(one.summary)),),), NOWHERE)
            for one in topics
        )
        below.append(DefinitionList(items, NOWHERE))
    glossary = name_of(sources, "Glossary", language)
    how = _link(said["meta-how"], said["meta-how-page"])
    more = _filled(said["main-more"], _link(glossary, category_page(glossary)), how)
    return _hub(MAIN_PAGE, sources, language, above, (*below, _paragraph(*more)))


def learning_path(sources: Sources, models: Sequence[PageModel], language: str, *, is_drawn: bool) -> Hub:
    """Every topic by area, easier ones first, with what to read before it; `is_drawn`: a picture shows it, too."""
    said = sources.messages[language]
    headings = ("topic", "difficulty", "prerequisites", "summary")
    below: list[Block] = []
    for key, topics in _areas(sources, models, language):
        name = name_of(sources, key, language)
        below.append(_heading(2, name))
        rows = tuple(_row(sources, one, language) for one in topics)
        header = tuple((_text(said[word]),) for word in headings)
        below.append(Table(header, rows, (), NOWHERE))
    about = said["learning-path-text" if is_drawn else "learning-path-tables"]
    return _hub(LEARNING_PATH, sources, language, (_paragraph(_text(about)),), tuple(below))


def path_layout(sources: Sources, language: str) -> Layout:
    """Where each topic's box stands in the picture for readers of `language`."""
    heads = {slug: a.source.metadata for slug, a in sources.articles.items() if a.source.metadata.kind == "article"}
    return laid_out(
        {slug: sources.topic_title(slug, language) for slug in heads},
        {slug: name_of(sources, head.difficulty, language) for slug, head in heads.items()},
        {slug: name_of(sources, head.topic_area, language) for slug, head in heads.items()},
        {slug: tuple(name for name in head.prerequisites if name in heads) for slug, head in heads.items()},
        tuple(name_of(sources, key, language) for key in sources.vocabulary),
    )


def path_targets(sources: Sources, language: str) -> Mapping[str, NamedLink]:
    """Where the box of each topic leads."""
    return {slug: named_topic(sources, slug, language) for slug in sources.articles}


def path_picture(language: str) -> str:
    """The title of the picture of the learning path."""
    return figure_file(LEARNING_PATH, "all topics", language)


def _hub(title: str, sources: Sources, language: str, above: tuple[Block, ...], below: tuple[Block, ...]) -> Hub:
    entries = language_entries(sources, title, language, sources.languages)
    return Hub(_own(title, sources, language), language, entries, above, below)


def _own(title: str, sources: Sources, language: str) -> str:
    return topic_page(title, language, sources.languages[0])


def _topics(models: Sequence[PageModel], language: str, sources: Sources) -> Iterator[PageModel]:
    """Each topic in the reader's language, else in the source's."""
    versions: dict[str, dict[str, PageModel]] = {}
    for model in models:
        if model.article.source.metadata.kind == "article":
            versions.setdefault(model.article.slug, {})[model.language] = model
    for of_topic in versions.values():
        shown = of_topic.get(language) or of_topic.get(sources.languages[0])
        if shown is not None:
            yield shown


def _areas(sources: Sources, models: Sequence[PageModel], language: str) -> Iterator[tuple[str, list[PageModel]]]:
    """The areas in the order of categories.yaml, each with its topics, easier ones first."""
    by_area: dict[str, list[PageModel]] = {}
    for model in _topics(models, language, sources):
        by_area.setdefault(model.article.source.metadata.topic_area, []).append(model)
    for key in sources.vocabulary:
        if key in by_area:
            yield key, sorted(by_area[key], key=_difficulty)


def _difficulty(model: PageModel) -> tuple[int, str]:
    level = model.article.source.metadata.difficulty
    return LEVELS.index(level) if level in LEVELS else len(LEVELS), model.article.title


def _row(sources: Sources, model: PageModel, language: str) -> tuple[tuple[Inline, ...], ...]:
    said = sources.messages[language]
    head = model.article.source.metadata
    before: list[Inline] = []
    for slug in head.prerequisites:
        link = named_topic(sources, slug, language)
        before += [_text(said["comma"])] if before else []
        before.append(_link(link.text, link.title) if link.title else _text(link.text))
    short = (_link(model.short.text, model.short.title),) if model.short else ()
    difficulty = (_text(name_of(sources, head.difficulty, language)),)
    return ((_topic(sources, model, language),), difficulty, tuple(before), short)


def _topic(sources: Sources, model: PageModel, language: str) -> Inline:
    link = named_topic(sources, model.article.slug, language)
    return _link(link.text, link.title)


def _filled(message: str, *pieces: Inline) -> tuple[Inline, ...]:
    """A message with `$1`, `$2` replaced by nodes."""
    nodes: list[Inline] = []
    rest = message
    for number, piece in enumerate(pieces, start=1):
        before, _, rest = rest.partition(f"${number}")
        nodes += [_text(before), piece] if before else [piece]
    return (*nodes, _text(rest)) if rest else tuple(nodes)


def _text(words: str) -> Text:
    return Text(words, NOWHERE)


def _link(words: str, title: str) -> PageLink:
    return PageLink(title, "", (_text(words),), NOWHERE)


def _paragraph(*nodes: Inline) -> Paragraph:
    return Paragraph(nodes, NOWHERE)


def _heading(level: int, words: str) -> Heading:
    return Heading(level, (_text(words),), "-".join(words.lower().split()), NOWHERE)
