"""What pages, sections, terms, categories and references are called: on the wiki, and in the sources."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from pipeline.bring_in.model import canonical
from pipeline.read.article import Reference
from pipeline.read.context import Known


@dataclass(frozen=True, slots=True)
class Section:
    """A heading: what the wiki calls it in links, and its id in the sources."""

    anchors: tuple[str, ...]
    id: str


@dataclass(frozen=True, slots=True)
class Names:
    """All that a page may refer to."""

    languages: tuple[str, ...]  # the source language first
    topics: Mapping[str, str] = field(default_factory=dict)  # the page's title in the source language -> slug
    redirects: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[tuple[str, str], tuple[Section, ...]] = field(default_factory=dict)  # slug, language
    concepts: frozenset[str] = frozenset()
    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # language -> word in lower case -> key
    references: Mapping[str, Reference] = field(default_factory=dict)
    vocabulary: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # key -> language -> name

    def known(self, language: str) -> Known:
        return Known(
            frozenset(self.topics.values()),
            self.terms.get(language, {}),
            self.concepts,
            frozenset(self.references),
        )

    def topic(self, title: str) -> tuple[str, str] | None:
        """Slug and language of the topic whose page has this title; None where there is none."""
        title = canonical(title)
        title = self.redirects.get(title, title)
        if title in self.topics:
            return self.topics[title], self.languages[0]
        base, _, language = title.rpartition("/")
        if base in self.topics and language in self.languages:
            return self.topics[base], language
        return None

    def section(self, slug: str, languages: tuple[str, ...], anchor: str, language: str) -> str:
        """The id, in the page of `language`, of the section that is `anchor` in a page of `languages`, or ""."""
        wanted = plain_anchor(anchor)
        own = self.sections.get((slug, language), ())
        for other in (language, *languages):
            sections = self.sections.get((slug, other), ())
            for number, section in enumerate(sections):
                if wanted in section.anchors:
                    # A translation has the source's sections in their order.
                    return own[number].id if len(own) == len(sections) else section.id if not own else ""
        return ""

    def category(self, name: str, language: str) -> str:
        """The key of a category by its name in any language, that of `language` first, or ""."""
        wanted = name.strip().casefold()
        for key, names in self.vocabulary.items():
            if names.get(language, "").casefold() == wanted:
                return key
        for key, names in self.vocabulary.items():
            if wanted == key.casefold() or wanted in (other.casefold() for other in names.values()):
                return key
        return ""


def plain_anchor(anchor: str) -> str:
    """An anchor as a link may write it, in the one form that two are compared in."""
    anchor = (
        re.sub(r"\.([0-9A-F]{2})(?=\.|\b|_)", r"%\1", anchor) if re.search(r"(\.[0-9A-F]{2}){2}", anchor) else anchor
    )
    return " ".join(unquote(anchor).replace("_", " ").split()).casefold()


def slug_of(title: str) -> str:
    """`Cross-Entropy Loss` gives cross-entropy-loss; a title without Latin letters gives one made of its digest."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")
    return slug or "topic-" + hashlib.sha256(title.encode()).hexdigest()[:8]
