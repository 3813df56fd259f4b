"""What the templates of the site put into their frames: the parts of a page as HTML, ready and escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.read.document import Block, Heading
from pipeline.render.html.addresses import Addresses
from pipeline.render.html.bare import bare
from pipeline.render.html.blocks import blocks
from pipeline.render.html.formulas import Formulas
from pipeline.render.html.inline import Writing, inlines
from pipeline.render.model import NamedLink, PageModel


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to another page of the site, or just words where `link` is None."""

    words: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote or a reference at the foot: its id, the ids of the marks that lead to it, its words."""

    id: str
    uses: tuple[str, ...]
    words: Markup


@dataclass(frozen=True, slots=True)
class Definition:
    """A term's popup."""

    id: str
    term: str
    definition: Markup
    link: str | None
    language: str


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A topic's page in pieces, in the order in which it was written: notes are counted from the top down."""

    summary: Markup
    key_points: tuple[Markup, ...]
    body: Markup
    footnotes: tuple[Note, ...]
    references: tuple[Note, ...]
    definitions: tuple[Definition, ...]
    contents: Markup
    breadcrumb: tuple[Link, ...]
    prerequisites: tuple[Link, ...]
    related_articles: tuple[Link, ...]
    related_papers: tuple[Link, ...]
    categories: tuple[Link, ...]


def topic_page(
    model: PageModel, here: str, addresses: Addresses, formulas: Formulas, words: Mapping[str, str]
) -> TopicPage:
    """Write one topic in one language for the site's folder `here`."""
    page = Writing(
        language=model.language,
        here=here,
        addresses=addresses,
        formulas=formulas,
        words=words,
        citations={entry.key: number for number, entry in enumerate(model.references, start=1)},
        footnotes={note.label: number for number, note in enumerate(model.footnotes, start=1)},
    )
    summary = inlines(model.summary, page)
    key_points = tuple(inlines(point, page) for point in model.key_points)
    body = blocks(model.blocks, page)
    footnotes = [(note.label, inlines(note.children, page)) for note in model.footnotes]
    references = [(entry.key, inlines(entry.text, page)) for entry in model.references]
    return TopicPage(
        summary=summary,
        key_points=key_points,
        body=body,
        footnotes=tuple(_note(f"note-{label}", text, page) for label, text in footnotes),
        references=tuple(_note(f"ref-{key}", text, page) for key, text in references),
        definitions=definitions(page),
        contents=contents(model.blocks, page),
        breadcrumb=links(model.breadcrumb, page),
        prerequisites=links(model.prerequisites, page),
        related_articles=links(model.related_articles, page),
        related_papers=links(model.related_papers, page),
        categories=links([NamedLink(name, f"Category:{name}") for name in model.categories], page),
    )


def links(named: Iterable[NamedLink], page: Writing) -> tuple[Link, ...]:
    """The links of a page's head and foot; a page that the site does not have is named without a link."""
    return tuple(
        Link(item.text, page.addresses.link(item.title, page.language, page.here) if item.title else None)
        for item in named
    )


def definitions(page: Writing) -> tuple[Definition, ...]:
    """The popups of the terms that the page has used so far."""
    aside = Writing(page.language, page.here, page.addresses, page.formulas, page.words)
    return tuple(
        Definition(
            id=f"_term-{use.key}",
            term=use.term,
            definition=inlines(use.definition, aside),
            link=page.addresses.link(use.page, page.language, page.here),
            language=page.language,
        )
        for use in page.terms.values()
    )


def contents(nodes: Sequence[Block], page: Writing) -> Markup:
    """The sections and what is right below them as nested lists, "" where there are fewer than two."""
    headings = [node for node in nodes if isinstance(node, Heading) and node.level <= 3]
    if len(headings) < 2:
        return Markup("")
    aside = Writing(page.language, page.here, page.addresses, page.formulas, page.words)
    parts: list[Markup] = []
    depth = 0
    for node in headings:
        level = 1 if node.level == 2 or depth == 0 else 2
        if level > depth:
            parts.append(Markup("<ol>\n") * (level - depth))
        else:
            parts.append(Markup("</li>\n") + Markup("</ol>\n</li>\n") * (depth - level))
        depth = level
        parts.append(Markup('<li><a href="#{}">{}</a>').format(node.id, inlines(bare(node.children), aside)))
    parts.append(Markup("</li>\n") + Markup("</ol>\n</li>\n") * (depth - 1) + Markup("</ol>"))
    return Markup("").join(parts)


def _note(name: str, words: Markup, page: Writing) -> Note:
    uses = tuple(f"_use-{name}-{number}" for number in range(1, page.uses[name] + 1))
    return Note(f"_{name}", uses, words)
