"""What links, terms and citations of one page are called: in its source, and on the wiki."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.errors import Where
from pipeline.read.article import Sources
from pipeline.read.context import Known, Reading
from pipeline.read.document import Citation, Glue, Heading, InlineMath, PageLink, SectionLink, Text, TopicLink
from pipeline.read.glossary import words_of
from pipeline.read.inline import link_node
from pipeline.render.resolver import Resolver
from pipeline.render.targets import linked
from pipeline.render.wikitext.headings import anchors
from pipeline.render.wikitext.links import link_to
from pipeline.render.wikitext.notes import citation
from pipeline.titles import topic_page

NOWHERE = Where("")
WORDS = (Text("x", NOWHERE),)


@dataclass(frozen=True, slots=True)
class Names:
    """The names that one page may use; `resolver` is None on a glossary page, which prints no values."""

    sources: Sources
    language: str
    known: Known
    resolver: Resolver | None = None
    anchors: Mapping[str, str] = field(default_factory=dict)  # heading id -> anchor, of this page
    headings: Mapping[str, str] = field(default_factory=dict)  # of the page as a person left it: words -> id
    citations: Mapping[str, str] = field(default_factory=dict)  # the wiki's name -> key
    pages: Mapping[str, str] = field(default_factory=dict)  # title on the wiki -> slug

    def value(self, node: Glue) -> str:
        """What a value is printed as in the text."""
        assert self.resolver is not None
        return "".join(part.text for part in self.resolver.inlines((node,)) if isinstance(part, Text))

    def value_in_formula(self, node: Glue) -> str:
        assert self.resolver is not None
        (formula,) = self.resolver.inlines((InlineMath((node,), node.where),))
        assert isinstance(formula, InlineMath)
        return "".join(part for part in formula.tex if isinstance(part, str))

    def target(self, href: str) -> str | None:
        """What stands in front of the bar of the link on the wiki; "" for an address, None where no link is made."""
        node = link_node(href, WORDS, NOWHERE, Reading("", self.language, self.known))
        if isinstance(node, TopicLink):
            (found, *_) = linked(node, WORDS, self.sources, self.language)
            return _target(found.title, found.section) if isinstance(found, PageLink) else None
        if isinstance(node, SectionLink):
            anchor = self.anchors.get(node.section)
            return _target("", anchor) if anchor else None
        return ""

    def why_not(self, target: str) -> str:
        """What is wrong with a link's target that has no address in a source."""
        title = target.partition("#")[0]
        source = self.sources.languages[0]
        for slug, article in self.sources.articles.items():
            titles = [topic_page(article.title, language, source) for language in article.versions]
            ours = next((page for page, name in self.pages.items() if name == slug), "")
            if title == ours or not title:
                return f"a link to a heading that is not there, {target!r}"
            if title in titles:
                return f"a link to {title!r}, while pages in {self.language!r} lead to {ours!r}"
        return f"a link to {target!r}, which no source makes"

    def href(self, target: str) -> str | None:
        """The address that a source gives for a link's target on the wiki, None where no source makes that page."""
        title, _, section = html.unescape(target).partition("#")
        title, sections = title.strip().replace("_", " "), (section, section.replace("_", " "))
        if not title:
            found = next((name for name, anchor in self.anchors.items() if anchor in sections), None)
            found = found or self.headings.get(sections[0]) or self.headings.get(sections[1])
            return f"#{found}" if found else None
        slug = self.pages.get(title[:1].upper() + title[1:])
        if slug is None:
            return None
        if not section:
            return f"../{slug}/"
        article = self.sources.articles[slug]
        version = article.versions.get(self.language, article.source)
        heads = anchors(block for block in version.document.blocks if isinstance(block, Heading))
        found = next((name for name, anchor in heads.items() if anchor in sections), None)
        return f"../{slug}/#{found}" if found else None


def names_for(sources: Sources, language: str, resolver: Resolver | None, here: Mapping[str, str]) -> Names:
    """Collect the names; `here` are the anchors of the page itself."""
    pages = {}
    for slug, article in sources.articles.items():
        target = language if language in article.versions else sources.languages[0]
        pages[topic_page(article.title, target, sources.languages[0])] = slug
    citations = {_name(key): key for key in sources.references}
    return Names(sources, language, known(sources, language), resolver, here, {}, citations, pages)


def known(sources: Sources, language: str) -> Known:
    """What a file in this language may refer to."""
    words = words_of(sources.concepts, language, Reading("", language, Known()))
    slugs = frozenset(sources.articles) | frozenset(sources.planned)
    return Known(slugs, words, frozenset(sources.concepts), frozenset(sources.references))


def _target(title: str, section: str) -> str:
    return link_to(title, "x|", section).removeprefix("[[").partition("|")[0]


def _name(key: str) -> str:
    return citation(Citation(key, NOWHERE)).split('"')[1]
