"""One page while it is read: what it may refer to, its notes and pictures, and what is said about it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import mwparserfromhell
from mwparserfromhell.nodes import Template, Wikilink

from pipeline.bring_in.model import WikiPage, canonical
from pipeline.bring_in.names import Names
from pipeline.bring_in.notes import Notes
from pipeline.bring_in.references import WikiReference, known_reference, references_in

HEADS = frozenset((
    "LanguageBar", "TopicNav", "Article", "ArticleInfobox", "Paper", "PaperInfobox", "Summary",
    "SummaryInfobox", "RelatedContent", "ArticleMeta", "ContentMeta", "GlossaryConcept",
    "GlossaryTranslation", "RecentArticles",
))  # fmt: skip
LISTS_OF_NOTES = frozenset(("reflist", "references", "notelist"))
LABEL = re.compile(r"[^\w.+-]+")


class Page:
    """Collects while inline and block readers walk through a page."""

    def __init__(self, page: WikiPage, language: str, names: Names, slug: str, new: Mapping[str, str]) -> None:
        self.page, self.language, self.names, self.slug = page, language, names, slug
        # The parser takes U+0000, which no wiki stores, for the end.
        self.code = mwparserfromhell.parse(page.text.replace("\0", "\ufffd"), skip_style_tags=True)
        self.notes = Notes(page.title, page.text)
        self.categories: list[str] = []
        self.pictures: list[Wikilink] = []  # that stood inside of a line
        self.cited: list[str] = []
        self.used_labels: list[str] = []  # of notes, in the order of their first use
        self.in_note = self.no_notes = self.no_terms = False
        self.picture_names: Mapping[str, str] = {}  # File:… -> its name in the topic's folder
        self.used_pictures: list[str] = []
        self._new = new  # wikitext of a reference -> key of the entry that is made of it
        self._by_name: dict[str, WikiReference] = {}
        self._notes: dict[str, WikiReference] = {}
        for found in references_in(self.code):
            if found.name:
                self._by_name.setdefault(found.name, found)

    def changed(self, text: str, why: str) -> None:
        self.notes.say("changed", text, why)

    def citation(self, found: WikiReference) -> str:
        """The key of the entry in the bibliography that this reference is, or ""."""
        whole = self._by_name.get(found.name, found) if found.name and not str(found.content).strip() else found
        key = known_reference(whole, self.names.references) or self._new.get(str(whole.content).strip(), "")
        if key and key not in self.cited:
            self.cited.append(key)
        return key

    def footnote(self, found: WikiReference) -> str | None:
        """The label of the note that this reference is; None where the page gives it no text."""
        whole = self._by_name.get(found.name, found) if found.name else found
        if not str(whole.content).strip():
            return None
        for label, other in self._notes.items():
            if other is whole or (not whole.name and other.content == whole.content and other.name == whole.name):
                return label
        label = LABEL.sub("-", whole.name).strip("-") or f"note-{len(self._notes) + 1}"
        while label in self._notes:
            label += "-b"
        self._notes[label] = whole
        return label

    def use(self, label: str) -> None:
        if label not in self.used_labels:
            self.used_labels.append(label)

    def note(self, label: str) -> WikiReference:
        return self._notes[label]

    def note_text(self, label: str) -> str:
        return self._notes[label].wikitext

    def known_term(self, word: str) -> str:
        return self.names.terms.get(self.language, {}).get(" ".join(word.lower().split()), "")

    def is_head(self, node: Template) -> bool:
        return head_name(node) in HEADS

    def is_category(self, title: str) -> bool:
        return bool(re.match(r"(category|categoría|分类)\s*:", title, re.IGNORECASE))

    def is_picture(self, title: str) -> bool:
        return bool(re.match(r"(file|image|archivo|imagen|文件|图像)\s*:", title, re.IGNORECASE))

    def target(self, title: str, wikitext: str) -> tuple[str, str] | None:
        """Slug ("" for this page) and section id that a link leads to; None, and said, where it leads nowhere here."""
        title, mark, anchor = title.partition("#")
        language = self.language
        if title.startswith("/"):
            title = self.page.title + title
        found = self.names.topic(title) if title.strip() else (self.slug, language)
        if found is None or not found[0]:
            self.notes.say("changed", wikitext, f"{title.strip()!r} is no topic here: the words stand without the link")
            return None
        slug, other = found
        if not anchor.strip():
            return (slug, "") if title.strip() else None
        section = self.names.section(slug, (other, self.names.languages[0]), anchor, language)
        if not title.strip() or (slug == self.slug and section):
            slug = ""
        if not section:
            place = f"{canonical(title)}{mark}{anchor}" if title else f"#{anchor}"
            self.notes.say("changed", wikitext, f"there is no section {place!r}: the link goes without it")
            return (slug, "") if slug else None
        return slug, section


def head_name(node: Template) -> str:
    """The name of a template as MediaWiki keeps it."""
    return canonical(str(node.name).strip().removeprefix("Template:"))
