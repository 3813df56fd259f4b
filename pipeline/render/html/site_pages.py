"""What stands on the pages around the topics: lists of topics, of concepts and of what is in a category."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.read.article import Sources
from pipeline.render.bare import bare
from pipeline.render.html.addresses import relative
from pipeline.render.html.heads import linked
from pipeline.render.html.inline import Writing, aside, inlines
from pipeline.render.html.words import filled, words
from pipeline.render.model import NamedLink, PageModel
from pipeline.render.resolve import name_of, named_topic
from pipeline.render.targets import definition
from pipeline.render.wikitext.categories import ROOTS
from pipeline.titles import capitalised, category_page, glossary_page


@dataclass(frozen=True, slots=True)
class Entry:
    """A topic in a list: as the reader's language has it, or as the source has it where it is not translated."""

    title: str
    link: str
    language: str
    summary: Markup
    difficulty: str
    level: str
    topic_area: str
    tongues: tuple[tuple[str, str, str], ...]  # code, name and link of each language it is written in


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A concept in the glossary's list."""

    key: str
    term: str
    aliases: tuple[str, ...]
    link: str
    definition: Markup


@dataclass(frozen=True, slots=True)
class Category:
    """What its page lists: slugs of topics, keys of concepts; and whether it is a difficulty."""

    topics: tuple[str, ...]
    concepts: tuple[str, ...]
    is_difficulty: bool


def overview(sources: Sources, models: Sequence[PageModel], page: Writing) -> tuple[Entry, ...]:
    """The topics for readers of the page's language, by title."""
    by_slug: dict[str, dict[str, PageModel]] = {}
    for model in (model for model in models if not model.article.parent):
        by_slug.setdefault(model.article.slug, {})[model.language] = model
    entries = []
    for slug, versions in by_slug.items():
        model = versions.get(page.language) or versions[sources.languages[0]]
        head = model.article.source.metadata
        entries.append(
            Entry(
                title=model.version.title,
                link=relative(f"{model.language}/{slug}/", page.here),
                language=model.language,
                summary=inlines(bare(model.summary), aside(page)),
                difficulty=name_of(sources, head.difficulty, page.language) if head.difficulty else "",
                level=model.results.level,
                topic_area=name_of(sources, head.topic_area, page.language) if head.topic_area else "",
                tongues=tuple(
                    (code, sources.tongues[code], relative(f"{code}/{slug}/", page.here)) for code in versions
                ),
            )
        )
    return tuple(sorted(entries, key=lambda entry: (entry.title.casefold(), entry.link)))


def glossary(sources: Sources, page: Writing) -> tuple[GlossaryEntry, ...]:
    """Every concept that has words in the page's language, in the order of its terms."""
    entries = []
    for key, concept in sources.concepts.items():
        text = concept.texts.get(page.language)
        if text is not None:
            link = relative(f"{page.language}/glossary/{key}/", page.here)
            meaning = inlines(definition(concept, page.language, sources), aside(page))
            entries.append(GlossaryEntry(key, text.term, text.aliases, link, meaning))
    return tuple(sorted(entries, key=lambda entry: (entry.term.casefold(), entry.key)))


def used_in(slugs: Sequence[str], sources: Sources, page: Writing) -> tuple[Markup, ...]:
    """The topics that use a concept."""
    return tuple(linked(named_topic(sources, slug, page.language), page) for slug in slugs)


def categories(sources: Sources, language: str) -> dict[str, Category]:
    """By key, every category that a topic or a concept names, with what is in it in `language`."""
    topics: dict[str, list[str]] = {key: [] for key in ROOTS if key in sources.vocabulary}
    concepts: dict[str, list[str]] = {}
    difficulties: set[str] = set()
    for slug, article in sources.articles.items():
        head = article.source.metadata
        difficulties.add(head.difficulty)
        for key in (head.field, head.subfield, head.topic_area, *head.categories):
            if key:
                topics.setdefault(key, [])
        for key in dict.fromkeys(head.categories):
            if language in article.versions:
                topics[key].append(slug)
    for concept in sources.concepts.values():
        topics.setdefault(concept.domain, [])
        for key in dict.fromkeys(("Glossary", concept.domain)) if language in concept.texts else ():
            concepts.setdefault(key, []).append(concept.key)
    if "Articles" in topics:
        topics["Articles"] = list(sources.articles)  # those without a page in the language in the source's
    return {
        key: Category(tuple(slugs), tuple(concepts.get(key, ())), key in difficulties)
        for key, slugs in sorted(topics.items())
    }


def about_category(key: str, is_difficulty: bool, sources: Sources, page: Writing) -> tuple[Markup, Markup]:
    """What a category is about, and where it is in other languages."""
    said = page.words
    name = name_of(sources, key, page.language)
    about = Markup("")
    if is_difficulty:
        about = filled(said["labelled"], said["difficulty"], name)
    elif key not in ROOTS:
        about = filled(said["category-of"], name)
    others = Markup(words(said["separator"])).join(_elsewhere(key, name, sources, page))
    return about, filled(said["category-in-other-languages"], others) if others else Markup("")


def named_concepts(keys: Sequence[str], sources: Sources, page: Writing) -> tuple[Markup, ...]:
    """Concepts that have words in the page's language, each a link to its page."""
    source = sources.languages[0]
    found = []
    for key in keys:
        texts = sources.concepts[key].texts
        title = glossary_page(texts[source].term, page.language, source)
        found.append(linked(NamedLink(capitalised(texts[page.language].term), title), page))
    return tuple(found)


def _elsewhere(key: str, name: str, sources: Sources, page: Writing) -> Iterator[Markup]:
    for other in sources.languages:
        theirs = name_of(sources, key, other)
        if theirs != name:
            link = page.addresses.link(category_page(theirs), other, page.here)
            yield Markup('<a lang="{0}" hreflang="{0}" href="{1}">{2}</a>').format(other, link, sources.tongues[other])
