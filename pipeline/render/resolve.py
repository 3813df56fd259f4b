"""From an article and its results to a page model: nothing in it is left to look up, for wikitext and HTML alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.read.article import Article, Sources, Version
from pipeline.read.document import Citation, Footnote
from pipeline.render.model import LanguageEntry, NamedLink, PageModel, ReferenceEntry
from pipeline.render.numbers import direction
from pipeline.render.plain import plain
from pipeline.render.references import formatted
from pipeline.render.resolver import Mark, Resolver
from pipeline.run.results import Results
from pipeline.titles import category_page, topic_page


def page_model(sources: Sources, article: Article, language: str, results: Results, commit: str) -> PageModel:
    """Resolve one article in one language; `commit` is the last one that changed the topic, or "".

    Raises SourceError where a value is missing or does not fit its format, as `verify` would have said before.
    """
    version = article.versions[language]
    resolver = Resolver(sources, article, language, results)
    metadata, source = version.metadata, article.source.metadata
    summary = resolver.inlines(metadata.summary)
    key_points = tuple(resolver.inlines(point) for point in metadata.key_points)
    blocks = resolver.blocks(version.document.blocks)
    marks = resolver.take_marks()
    notes = {note.label: (resolver.footnote(note), resolver.take_marks()) for note in version.document.footnotes}
    footnotes, cited = _first_uses(marks, notes)
    related = () if article.parent else source.related_articles
    papers = () if article.parent else source.related_papers
    return PageModel(
        article=article,
        version=version,
        results=results,
        title=topic_page(article.title, language, sources.languages[0]),
        language=language,
        direction=direction(language),
        languages=language_entries(sources, article.title, language, article.versions),
        breadcrumb=_breadcrumb(sources, article, version),
        prerequisites=tuple(named_topic(sources, slug, language) for slug in source.prerequisites),
        related_articles=tuple(named_topic(sources, slug, language) for slug in related),
        related_papers=tuple(named_topic(sources, slug, language) for slug in papers),
        summary=summary,
        key_points=key_points,
        blocks=blocks,
        footnotes=footnotes,
        references=tuple(ReferenceEntry(key, formatted(sources.references[key], language)) for key in cited),
        categories=tuple(dict.fromkeys(name_of(sources, key, language) for key in _categories(article))),
        commit=commit,
        short=_short(sources, article, language),
        outdated=_outdated(article, version),
    )


def language_entries(sources: Sources, title: str, current: str, existing: Iterable[str]) -> tuple[LanguageEntry, ...]:
    """The LanguageBar of the page called `title` in the source language."""
    written = set(existing)
    return tuple(
        LanguageEntry(
            code=language,
            name=sources.tongues[language],
            title=topic_page(title, language, sources.languages[0]),
            exists=language in written,
            current=language == current,
        )
        for language in sources.languages
    )


def name_of(sources: Sources, key: str, language: str) -> str:
    """A category, field or difficulty in `language`, or in the source language where it has no name yet."""
    names = sources.vocabulary.get(key, {})
    return names.get(language) or names.get(sources.languages[0], key)


def named_topic(sources: Sources, slug: str, language: str) -> NamedLink:
    """A topic by its title in `language`, leading to its page in that language, else in the source language."""
    article = sources.articles.get(slug)
    if article is None:
        return NamedLink(sources.topic_title(slug, language))
    target = language if language in article.versions else sources.languages[0]
    return NamedLink(sources.topic_title(slug, language), topic_page(article.title, target, sources.languages[0]))


def _breadcrumb(sources: Sources, article: Article, version: Version) -> tuple[NamedLink, ...]:
    source = article.source.metadata
    names = [name_of(sources, key, version.language) for key in ("Articles", source.field, source.subfield) if key]
    above = tuple(NamedLink(name, category_page(name)) for name in names)
    if not article.parent:
        return (*above, NamedLink(version.title))
    parent = NamedLink(version.title, topic_page(article.parent, version.language, sources.languages[0]))
    return (*above, parent, NamedLink(sources.messages[version.language]["summary"]))


def _categories(article: Article) -> tuple[str, ...]:
    """A summary stands beside its topic, not among the topics."""
    return () if article.parent else article.source.metadata.categories


def _short(sources: Sources, article: Article, language: str) -> NamedLink | None:
    if article.summary is None:
        return None
    target = language if language in article.summary.versions else sources.languages[0]
    page = topic_page(article.summary.title, target, sources.languages[0])
    return NamedLink(sources.messages[language]["in-one-page"], page)


def _first_uses(
    marks: Iterable[Mark], notes: Mapping[str, tuple[Footnote, Iterable[Mark]]]
) -> tuple[tuple[Footnote, ...], tuple[str, ...]]:
    """Footnotes and cited keys in the order a reader meets them; a note is read where its mark stands."""
    used: dict[str, Footnote] = {}
    cited: dict[str, None] = {}

    def read(marks: Iterable[Mark]) -> None:
        for mark in marks:
            if isinstance(mark, Citation):
                cited.setdefault(mark.key)
            elif mark.label in notes and mark.label not in used:
                used[mark.label], inner = notes[mark.label]
                read(inner)

    read(marks)
    return tuple(used.values()), tuple(cited)


def _outdated(article: Article, version: Version) -> tuple[str, ...]:
    """The headings of this translation that stand where the source's changed ones stand; its title for the lead."""
    if not version.outdated:
        return ()
    ours, theirs = version.headings, article.source.headings
    found = []
    for section in version.outdated:
        place = next((number for number, block in enumerate(theirs) if block.id == section), -1)
        if section == "" or place >= len(ours):
            found.append(version.title)
        elif place >= 0:
            found.append(plain(ours[place].children))
    return tuple(dict.fromkeys(found))
