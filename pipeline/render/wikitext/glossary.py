"""A glossary concept's pages: one in the source language, one for each translation."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.read.article import Concept, ConceptText, Sources
from pipeline.render.numbers import direction
from pipeline.render.page import Page
from pipeline.render.resolve import language_entries, name_of, named_topic
from pipeline.render.targets import definition
from pipeline.render.wikitext.call import call
from pipeline.render.wikitext.escape import PARAMETER, escape
from pipeline.render.wikitext.frames import Frames
from pipeline.render.wikitext.heads import LIST, language_bar
from pipeline.render.wikitext.writer import PageWriter
from pipeline.titles import capitalised, glossary_page


def concept_pages(concept: Concept, sources: Sources, frames: Frames) -> Iterator[Page]:
    """A concept in every language it has a definition in."""
    for language in concept.texts:
        yield _page(concept, language, sources, frames)


def _page(concept: Concept, language: str, sources: Sources, frames: Frames) -> Page:
    source = sources.languages[0]
    home = glossary_page(concept.texts[source].term, source, source)
    writer = PageWriter(sources.messages[language])
    text = frames.page(
        "glossary",
        wrapped=language != source,
        language=language,
        direction=direction(language),
        language_bar=language_bar(language_entries(sources, home, language, concept.texts)),
        head=_concept(concept, sources) if language == source else _translation(concept, language),
        term=escape(capitalised(concept.texts[language].term)),
        definition=writer.inline(definition(concept, language, sources)),
        categories=list(dict.fromkeys(name_of(sources, key, language) for key in ("Glossary", concept.domain))),
    )
    title = glossary_page(concept.texts[source].term, language, source)
    return Page(title, "glossary", text, language, concept.file)


def _concept(concept: Concept, sources: Sources) -> str:
    source = sources.languages[0]
    parameters = {
        "concept_id": escape(concept.key, PARAMETER),
        "domain": escape(name_of(sources, concept.domain, source), PARAMETER),
        **_aliases(concept.texts[source]),
        "related": ", ".join(escape(key, LIST) for key in concept.related),
        "article": escape(named_topic(sources, concept.article, source).title, PARAMETER) if concept.article else "",
        "article_section": escape(concept.article_section, PARAMETER),
        "difficulty": escape(name_of(sources, concept.difficulty, source), PARAMETER) if concept.difficulty else "",
    }
    return call("GlossaryConcept", parameters)


def _aliases(text: ConceptText) -> dict[str, str]:
    """One a parameter: in a list, a name that is a topic's too would become a link with that topic's title."""
    return {f"alias{number}": escape(alias, PARAMETER) for number, alias in enumerate(text.aliases, start=1)}


def _translation(concept: Concept, language: str) -> str:
    text = concept.texts[language]
    parameters = {
        "surface_form": escape(text.term, PARAMETER),
        **_aliases(text),
        "definition_status": text.status,
    }
    return call("GlossaryTranslation", parameters)
