"""A glossary concept's pages as its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from pipeline.bring_in.blocks import Blocks
from pipeline.bring_in.gathering import Group
from pipeline.bring_in.heads import DIFFICULTIES, STATES, Heads
from pipeline.bring_in.inline import words
from pipeline.bring_in.markdown import Writer, write
from pipeline.bring_in.model import Left
from pipeline.bring_in.names import slug_of
from pipeline.bring_in.page import Page
from pipeline.bring_in.tidy import tidy
from pipeline.bring_in.topic import Around, categories_of
from pipeline.read.article import NOWHERE
from pipeline.read.document import Block, Cite, DefinitionList, Paragraph, Term, Text


@dataclass(frozen=True, slots=True)
class MadeConcept:
    key: str
    text: str
    left: tuple[Left, ...]


def key_of(group: Group, around: Around) -> str:
    """The key that the concept's page says, else one made of its title."""
    for page in group.pages.values():
        heads = Heads(Page(page, around.names.languages[0], around.names, "", around.new))
        given = heads.words("concept_id", "GlossaryConcept")
        if given:
            return slug_of(given)
    return slug_of(group.title.partition(":")[2])


def concept_file(group: Group, key: str, around: Around) -> MadeConcept:
    """The concept in all its languages as one file."""
    found: dict[str, Any] = {}
    left: list[Left] = []
    for language in (code for code in around.names.languages if code in group.pages):
        page = Page(group.pages[language], language, around.names, "", around.new)
        page.no_notes = page.no_terms = True
        heads = Heads(page)
        writer = Writer(language, around.names.known(language), page.changed)
        if language == around.names.languages[0]:
            found |= _concept(heads, key, around)
        found[language] = _text(heads, Blocks(page).of(page.code.nodes), writer, group)
        domain = found.get("domain", "")
        for category in categories_of(page, around):
            if category not in (domain, "Glossary"):
                page.notes.say_at(
                    1, "left out", category, "a concept is in the categories of the glossary and its domain"
                )
        heads.rest()
        left += page.notes.found
    for language in around.names.languages:
        if language not in found:
            left.append(Left(group.title, 1, "to do", "", f"the concept has no page in {language}: write it"))
    text = yaml.safe_dump(found, allow_unicode=True, sort_keys=False, width=120, default_flow_style=None)
    return MadeConcept(key, text, tuple(left))


def _concept(heads: Heads, key: str, around: Around) -> dict[str, Any]:
    page = heads.page
    domain = heads.words("domain", "GlossaryConcept")
    heads.words("concept_id", "GlossaryConcept")
    if not domain:
        domain = "Glossary"
        page.notes.say_at(1, "to do", "", "nothing says the domain: Glossary stands in")
    found: dict[str, Any] = {"domain": page.names.category(domain, page.language) or domain}
    title = heads.listed("article", "", "GlossaryConcept")
    topic = page.names.topic(title[0]) if title else None
    if topic:
        found["article"] = topic[0]
    elif title:
        page.notes.say("left out", title[0], "in article: no topic here")
    section = heads.words("article_section", "GlossaryConcept")
    if section and topic:
        name = page.names.section(topic[0], (topic[1],), section, page.language)
        ids = [one.id for one in page.names.sections.get((topic[0], page.language), ())]
        if name or section in ids:
            found["article_section"] = name or section
        else:
            page.notes.say("left out", section, "in article_section: the article has no such section")
    elif section:
        page.notes.say("left out", section, "in article_section: no topic here")
    difficulty = heads.words("difficulty", "GlossaryConcept")
    level = page.names.category(difficulty, page.language) or difficulty.capitalize()
    if level in DIFFICULTIES:
        found["difficulty"] = level
    elif difficulty:
        page.notes.say("left out", difficulty, f"in difficulty: none of {', '.join(DIFFICULTIES)}")
    related: list[str] = []
    for other in heads.listed("related", "related", "GlossaryConcept"):
        name = other.removeprefix("Glossary:")
        concept = next((one for one in (name, slug_of(name)) if one in page.names.concepts), page.known_term(name))
        if concept and concept not in (key, *related):
            related.append(concept)
        elif not concept:
            page.notes.say("left out", other, "in related: no concept here")
    return found | ({"related": related} if related else {})


def _text(heads: Heads, blocks: list[Block], writer: Writer, group: Group) -> dict[str, Any]:
    page = heads.page
    names = ("GlossaryTranslation", "GlossaryConcept")
    term = heads.words("surface_form", "GlossaryTranslation")
    shown, definition, rest = _defined(blocks)
    if not term:
        term = shown or group.title.partition(":")[2]
        lower = term[:1].lower() + term[1:]
        if term[1:] == term[1:].lower() and lower != term:
            page.notes.say("to do", term, f"taken for {lower!r} inside of a sentence: put it right if it is a name")
            term = lower
    aliases = heads.listed("aliases", "alias", *names)
    if not definition:
        definition = (Text(term, NOWHERE),)
        page.notes.say_at(1, "to do", "", "the page has no definition: the term stands in; write one")
    for block in rest:
        page.notes.say("left out", write(block), "a definition is one paragraph")
    found: dict[str, Any] = {"term": term, "definition": writer.line(definition)}
    if aliases:
        found["aliases"] = aliases
    status = heads.words("definition_status", "GlossaryTranslation")
    if status.lower() in STATES:
        found["status"] = status.lower()
    elif status:
        page.notes.say("left out", status, f"in definition_status: none of {', '.join(STATES)}")
    return found


def _defined(blocks: list[Block]) -> tuple[str, tuple[Any, ...], list[Block]]:
    """Term, definition, and the blocks that are neither: of `; term : definition`, or of a paragraph."""
    for number, block in enumerate(blocks):
        others = [*blocks[:number], *blocks[number + 1 :]]
        if isinstance(block, DefinitionList):
            item = block.items[0]
            first = item.meanings[0][0]
            if isinstance(first, Paragraph):
                more = [part for meaning in item.meanings for part in meaning if part is not first]
                more += [part for other in block.items[1:] for meaning in other.meanings for part in meaning]
                return words(item.term), _without_roles(first), [*more, *others]
        if isinstance(block, Paragraph):
            return "", _without_roles(block), others
    return "", (), blocks


def _without_roles(block: Paragraph) -> tuple[Any, ...]:
    kept = [Text(node.text, node.where) if isinstance(node, Term) else node for node in block.children]
    return tidy([node for node in kept if not isinstance(node, Cite)], breaks=False)
