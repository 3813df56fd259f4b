"""A topic's page in pieces, each as HTML, for the site's template to put around each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.read.article import Sources
from pipeline.read.document import Block, Heading
from pipeline.render.bare import bare
from pipeline.render.html import heads
from pipeline.render.html.blocks import blocks
from pipeline.render.html.inline import Writing, aside, inlines
from pipeline.render.model import PageModel


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote or a reference at the foot: its id, the ids of the marks that lead to it, its words."""

    id: str
    uses: tuple[str, ...]
    words: Markup


@dataclass(frozen=True, slots=True)
class Definition:
    """A term's popup; `link` leads to its page in the glossary."""

    id: str
    term: str
    definition: Markup
    link: str | None


@dataclass(frozen=True, slots=True)
class TopicPage:
    """Everything that stands on the page, in the order in which it stands there."""

    language_bar: tuple[heads.Tongue, ...]
    breadcrumb: tuple[Markup, ...]
    infobox: heads.Box
    summary: Markup
    key_points: tuple[Markup, ...]
    short: Markup
    level: Markup
    provenance: Markup
    outdated: Markup
    body: Markup
    notes: tuple[Note, ...]
    references: tuple[Note, ...]
    related_articles: tuple[Markup, ...]
    related_papers: tuple[Markup, ...]
    categories: tuple[Markup, ...]
    definitions: tuple[Definition, ...]
    contents: Markup


def topic_page(model: PageModel, sources: Sources, page: Writing) -> TopicPage:
    """Write one topic in one language; its marks of notes are counted from the top of the page down."""
    page.citations = {entry.key: number for number, entry in enumerate(model.references, start=1)}
    page.footnotes = {note.label: number for number, note in enumerate(model.footnotes, start=1)}
    summary = inlines(model.summary, page)
    key_points = tuple(inlines(point, page) for point in model.key_points)
    body = blocks(model.blocks, page)
    notes = [(f"note-{note.label}", inlines(note.children, page)) for note in model.footnotes]
    references = [(f"ref-{entry.key}", inlines(entry.text, page)) for entry in model.references]
    return TopicPage(
        language_bar=heads.language_bar(model.languages, page),
        breadcrumb=tuple(heads.linked(item, page) for item in model.breadcrumb),
        infobox=heads.infobox(model, sources, page),
        summary=summary,
        key_points=key_points,
        short=heads.linked(model.short, page) if model.short else Markup(""),
        level=heads.level_line(model, page.words),
        provenance=heads.provenance(model, page),
        outdated=heads.outdated(model, page.words),
        body=body,
        notes=tuple(_note(name, words, page) for name, words in notes),
        references=tuple(_note(name, words, page) for name, words in references),
        related_articles=tuple(heads.linked(item, page) for item in model.related_articles),
        related_papers=tuple(heads.linked(item, page) for item in model.related_papers),
        categories=tuple(heads.category(name, page) for name in model.categories),
        definitions=definitions(page),
        contents=contents(model.blocks, page),
    )


def definitions(page: Writing) -> tuple[Definition, ...]:
    """The popups of the terms that the page has used so far."""
    return tuple(
        Definition(
            id=f"_term-{use.key}",
            term=use.term,
            definition=inlines(use.definition, aside(page)),
            link=page.addresses.link(use.page, page.language, page.here),
        )
        for use in page.terms.values()
    )


def contents(nodes: Sequence[Block], page: Writing) -> Markup:
    """The sections and what is right below them as nested lists, nothing where there are fewer than two."""
    headings = [node for node in nodes if isinstance(node, Heading) and node.level <= 3]
    if len(headings) < 2:
        return Markup("")
    parts: list[Markup] = []
    depth = 0
    for node in headings:
        level = 1 if node.level == 2 or depth == 0 else 2
        if level > depth:
            parts.append(Markup("<ol>\n") * (level - depth))
        else:
            parts.append(Markup("</li>\n") + Markup("</ol>\n</li>\n") * (depth - level))
        depth = level
        words = inlines(bare(node.children), aside(page))
        parts.append(Markup('<li><a href="#{}">{}</a>').format(node.id, words))
    parts.append(Markup("</li>\n") + Markup("</ol>\n</li>\n") * (depth - 1) + Markup("</ol>"))
    return Markup("").join(parts)


def _note(name: str, words: Markup, page: Writing) -> Note:
    uses = tuple(f"_use-{name}-{number}" for number in range(1, page.uses[name] + 1))
    return Note(f"_{name}", uses, words)
