"""Categories, fields and difficulties of a wiki: those that categories.yaml has, and lines for those it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import mwparserfromhell

from pipeline.bring_in.gathering import Gathered, Group
from pipeline.bring_in.heads import Heads
from pipeline.bring_in.model import Left
from pipeline.bring_in.names import Names
from pipeline.bring_in.page import Page

CATEGORY = re.compile(r"\[\[\s*(?:Category|Categoría|分类)\s*:\s*([^\]|]+)", re.IGNORECASE)
Words = dict[str, dict[str, str]]


def new_categories(gathered: Gathered, names: Names, left: list[Left]) -> tuple[dict[str, str], Words]:
    """Return what the wiki's categories are called here, and the lines that categories.yaml needs.

    A translation's categories are paired with the source's: by the links of their pages, else by their order.
    """
    source = names.languages[0]
    found: dict[str, str] = {}
    lines: Words = {}
    for group in (*gathered.topics, *gathered.concepts):
        own = _categories(group, source)
        for name in (*own, *_fields(group, names)):
            key = names.category(name, source)
            found[name] = key or name
            if not key:
                lines.setdefault(name, {source: name})
        for language in (code for code in group.pages if code != source):
            theirs = _categories(group, language)
            for name in theirs:
                key = names.category(name, language) or _linked(name, gathered, found)
                if not key and len(theirs) == len(own):
                    key = found[own[theirs.index(name)]]
                    why = f"taken for {key!r} in {language}, as both stand in the same place; check categories.yaml"
                    left.append(Left(group.pages[language].title, 1, "to do", name, why))
                if not key:
                    why = "no category of the source page matches it: add its name to categories.yaml"
                    left.append(Left(group.pages[language].title, 1, "left out", name, why))
                    continue
                found[name] = key
                if key in lines:
                    lines[key].setdefault(language, name)
    for key, given in lines.items():
        for language in names.languages:
            if language not in given:
                given[language] = key
                why = f"the category has no name in {language}: its {source} one stands in, in categories.yaml"
                left.append(Left(f"Category:{key}", 1, "to do", key, why))
    return found, lines


def _categories(group: Group, language: str) -> list[str]:
    text = group.pages[language].text if language in group.pages else ""
    return list(dict.fromkeys(name.strip().replace("_", " ") for name in CATEGORY.findall(text)))


def _fields(group: Group, names: Names) -> Iterator[str]:
    """The other words of the page that have to be keys of categories.yaml."""
    page = group.pages[names.languages[0]]
    heads = Heads(Page(page, names.languages[0], names, "", {}))
    asked = (("field", "Article", "TopicNav"), ("subfield", "TopicNav"), ("domain", "GlossaryConcept"))
    area = heads.words("topic_area", "Article", "ArticleInfobox", "Paper", "PaperInfobox")
    topics = heads.listed("topics", "topic", "Article", "Paper")
    for parameter, *templates in asked:
        given = heads.words(parameter, *templates)
        if given:
            yield given
    if area or topics:
        yield area or topics[0]
    # What stands in where a page says nothing.
    yield "Glossary" if group.title.startswith("Glossary:") else "Articles"


def _linked(name: str, gathered: Gathered, found: Mapping[str, str]) -> str:
    """The category that the page of this one links to, and that is known."""
    page = gathered.categories.get(f"Category:{name}")
    if page is None:
        return ""
    for link in mwparserfromhell.parse(page.text).filter_wikilinks():
        title = str(link.title).strip()
        if title.startswith(":Category:") and title.removeprefix(":Category:") in found:
            return found[title.removeprefix(":Category:")]
    return ""
