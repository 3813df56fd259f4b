"""The modules that hold data: what the templates know of languages, words, topics, categories and the glossary."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.read.article import Sources
from pipeline.render.numbers import direction
from pipeline.render.page import Page
from pipeline.render.plain import plain
from pipeline.render.resolve import name_of, named_topic
from pipeline.render.targets import definition
from pipeline.render.templates.files import stored
from pipeline.render.templates.lua import Data, module
from pipeline.render.templates.newest import by_their_text, newest
from pipeline.render.wikitext.writer import PageWriter
from pipeline.titles import glossary_page, topic_page

PREVIEW_ONLY = ("site-", "live-")


def data_pages(sources: Sources) -> Iterator[Page]:
    """Every module that is made from the sources, the same text for the same sources."""
    yield _page("Module:Marovi/languages", _languages(sources), "The configured languages", "")
    yield _page(
        "Module:Marovi/messages", _messages(sources), "What templates say in each language", "templates/messages"
    )
    yield _page("Module:Marovi/vocabulary", _vocabulary(sources), "Names of categories", "articles/categories.yaml")
    yield _page("Module:Marovi/topics", _topics(sources), "Topics, written and planned", "articles")
    yield _page("Module:Glossary/data", _glossary(sources), "The glossary", "articles/glossary")
    yield by_their_text(newest(sources))


def _page(title: str, data: Data, about: str, source: str) -> Page:
    text = module(data, f"{about}. Written by the bot from the sources: changes made here are lost.")
    return Page(title, "module", stored(text), "", source)


def _languages(sources: Sources) -> Data:
    return {
        "source": sources.languages[0],
        "order": list(sources.languages),
        "names": {language: sources.tongues[language] for language in sources.languages},
        "directions": {language: direction(language) for language in sources.languages},
    }


def _messages(sources: Sources) -> Data:
    return {
        language: {key: words for key, words in sources.messages[language].items() if not key.startswith(PREVIEW_ONLY)}
        for language in sources.languages
    }


def _vocabulary(sources: Sources) -> Data:
    names = {
        key: {language: name_of(sources, key, language) for language in sources.languages} for key in sources.vocabulary
    }
    keys = {name: key for key, known in reversed(names.items()) for name in reversed(known.values())}
    return {"names": names, "keys": {**dict(sorted(keys.items())), **{key: key for key in names}}}


def _topics(sources: Sources) -> Data:
    topics: dict[str, Data] = {}
    slugs: dict[str, str] = {}
    for slug in (*sources.articles, *sources.planned):
        if slug in topics:
            continue
        links = {language: named_topic(sources, slug, language) for language in sources.languages}
        topics[slug] = {
            language: {"title": link.text, **({"page": link.title} if link.title else {})}
            for language, link in links.items()
        }
        for link in links.values():
            slugs.setdefault(link.text, slug)
        if slug in sources.articles:
            article = sources.articles[slug]
            for language in article.versions:
                slugs[topic_page(article.title, language, sources.languages[0])] = slug
    return {"topics": topics, "slugs": dict(sorted(slugs.items()))}


def _glossary(sources: Sources) -> Data:
    source = sources.languages[0]
    concepts: dict[str, Data] = {}
    words: dict[str, dict[str, Data]] = {language: {} for language in sources.languages}
    for key, concept in sources.concepts.items():
        texts: dict[str, Data] = {}
        for language in sources.languages:
            text = concept.texts.get(language)
            if text is None:
                continue
            meaning = definition(concept, language, sources)
            texts[language] = {
                "term": text.term,
                "definition": PageWriter(sources.messages[language]).inline(meaning),
                "plain": plain(meaning),
                "page": glossary_page(concept.texts[source].term, language, source),
            }
            for word in (text.term, *text.aliases):
                words[language].setdefault(" ".join(word.lower().split()), key)
        concepts[key] = texts
    return {"concepts": concepts, "words": {language: dict(sorted(known.items())) for language, known in words.items()}}
