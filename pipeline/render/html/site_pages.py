"""The pages around the topics: the overview, the glossary, its concepts and the categories, in each language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.read.article import Sources
from pipeline.render.html.addresses import relative, slugged
from pipeline.render.html.bare import bare
from pipeline.render.html.inline import Writing, inlines
from pipeline.render.model import PageModel
from pipeline.render.resolve import language_name, name_of


@dataclass(frozen=True, slots=True)
class Entry:
    """A topic in the overview: as the reader's language has it, or as the source has it where it is not translated."""

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


def overview(
    sources: Sources, models: Sequence[PageModel], page: Writing, only: Sequence[str] | None = None
) -> tuple[Entry, ...]:
    """The topics (of the slugs `only`, or all) for readers of the page's language, by title."""
    by_slug: dict[str, dict[str, PageModel]] = {}
    for model in models:
        by_slug.setdefault(model.article.slug, {})[model.language] = model
    entries = []
    for slug, versions in by_slug.items():
        if only is not None and slug not in only:
            continue
        model = versions.get(page.language) or versions[sources.languages[0]]
        head = model.article.source.metadata
        entries.append(
            Entry(
                title=model.version.metadata.title,
                link=relative(f"{model.language}/{slug}/", page.here),
                language=model.language,
                summary=inlines(bare(model.summary), aside(page)),
                difficulty=name_of(sources, head.difficulty, page.language) if head.difficulty else "",
                level=model.results.level,
                topic_area=name_of(sources, head.topic_area, page.language) if head.topic_area else "",
                tongues=tuple((code, language_name(code), relative(f"{code}/{slug}/", page.here)) for code in versions),
            )
        )
    return tuple(sorted(entries, key=lambda entry: (entry.title.casefold(), entry.link)))


def glossary(sources: Sources, page: Writing) -> tuple[GlossaryEntry, ...]:
    """Every concept that has words in the page's language, in the order of its terms."""
    entries = []
    for key, concept in sources.concepts.items():
        text = concept.texts.get(page.language)
        if text is None:
            continue
        link = relative(f"{page.language}/glossary/{key}/", page.here)
        words = inlines(text.definition, aside(page))
        entries.append(GlossaryEntry(key, text.term, text.aliases, link, words))
    return tuple(sorted(entries, key=lambda entry: (entry.term.casefold(), entry.key)))


def categories(sources: Sources, models: Sequence[PageModel], language: str) -> Mapping[str, tuple[str, ...]]:
    """Category key -> slugs of the topics in it that are written in `language`; every key that any topic uses."""
    members: dict[str, list[str]] = {}
    for model in models:
        head = model.article.source.metadata
        for key in dict.fromkeys(key for key in ("Articles", head.field, head.subfield, *head.categories) if key):
            found = members.setdefault(key, [])
            if model.language == language and (key in head.categories or key == "Articles"):
                found.append(model.article.slug)
    return {key: tuple(slugs) for key, slugs in sorted(members.items())}


def category_folder(key: str, language: str) -> str:
    return f"{language}/category/{slugged(key)}/"


def aside(page: Writing) -> Writing:
    """For words that stand outside of a page's own text: their notes and terms are not counted."""
    return Writing(page.language, page.here, page.addresses, page.formulas, page.words)
