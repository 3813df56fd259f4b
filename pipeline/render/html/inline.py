"""Words, links, formulas, terms and the marks of notes as HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from pipeline.read.document import (
    Citation,
    Emphasis,
    ExternalLink,
    FootnoteReference,
    Inline,
    InlineCode,
    InlineMath,
    LineBreak,
    Literal_,
    PageLink,
    SectionLink,
    Strong,
    TermUse,
    Text,
)
from pipeline.render.html.addresses import Addresses
from pipeline.render.html.code import highlighted
from pipeline.render.html.formulas import Formulas
from pipeline.render.html.words import words
from pipeline.render.wikitext.notes import GROUP

SAFE = ("http://", "https://", "mailto:")


@dataclass(slots=True)
class Writing:
    """The page being written: where it stands, and which notes and terms it has used so far."""

    language: str
    here: str  # folder in the site
    addresses: Addresses
    formulas: Formulas
    words: Mapping[str, str]  # templates/messages in the page's language
    colored: Callable[[str, str], Markup] = highlighted  # code and its language -> the code in color
    citations: Mapping[str, int] = field(default_factory=dict)  # key -> number
    footnotes: Mapping[str, int] = field(default_factory=dict)  # label -> number
    uses: Counter[str] = field(default_factory=Counter)  # marks so far, by the id of their note
    terms: dict[str, TermUse] = field(default_factory=dict)  # by key, in order of first use


def aside(page: Writing) -> Writing:
    """For words that stand outside of a page's own text: their notes and terms are not counted."""
    return Writing(page.language, page.here, page.addresses, page.formulas, page.words, page.colored)


def inlines(nodes: Iterable[Inline], page: Writing) -> Markup:
    """Return the nodes one after another; nothing in them can become markup of its own."""
    return Markup("").join(_inline(node, page) for node in nodes)


def tex_of(parts: tuple[object, ...]) -> str:
    """The TeX of a resolved formula."""
    return "".join(str(part) for part in parts)


def _inline(node: Inline, page: Writing) -> Markup:
    match node:
        case Text():
            return printed(words(node.text), node.value) if node.value else words(node.text)
        case Literal_():
            return words(node.text)
        case Emphasis():
            return Markup("<em>%s</em>") % inlines(node.children, page)
        case Strong():
            return Markup("<strong>%s</strong>") % inlines(node.children, page)
        case InlineCode():
            return Markup("<code>%s</code>") % words(node.text)
        case InlineMath():
            return printed(page.formulas.mathml(tex_of(node.tex), node.where, block=False), *node.values)
        case ExternalLink():
            return _external(node, page)
        case SectionLink():
            return Markup('<a href="#%s">%s</a>') % (node.section, inlines(node.children, page))
        case PageLink():
            return _page_link(node, page)
        case TermUse():
            return _term(node, page)
        case Citation():
            return _mark(f"ref-{node.key}", str(page.citations[node.key]), page)
        case FootnoteReference():
            return _mark(f"note-{node.label}", note_mark(page.footnotes[node.label]), page)
        case LineBreak():
            return Markup("<br>")
        case _:
            raise TypeError(f"{type(node).__name__} at {node.where} was not resolved")


def printed(shown: Markup, *names: str) -> Markup:
    """What prints the values of these names, marked as such; without a name it is left alone."""
    return Markup('<span class="value" data-value="{}">{}</span>').format(" ".join(names), shown) if names else shown


def note_mark(number: int) -> str:
    """The mark of a footnote, which says `note` so that it differs from that of a reference."""
    return f"{GROUP} {number}"


def _external(node: ExternalLink, page: Writing) -> Markup:
    shown = inlines(node.children, page)
    if not node.url.lower().startswith(SAFE):
        return shown
    return Markup('<a class="external" rel="nofollow noopener" href="%s">%s</a>') % (node.url, shown)


def _page_link(node: PageLink, page: Writing) -> Markup:
    shown = inlines(node.children, page)
    link = page.addresses.link(node.title, page.language, page.here, node.section)
    return Markup('<a href="%s">%s</a>') % (link, shown) if link is not None else shown


def _term(node: TermUse, page: Writing) -> Markup:
    page.terms.setdefault(node.key, node)
    link = page.addresses.link(node.page, page.language, page.here)
    box = f"_term-{node.key}"
    explained = Markup('class="term" aria-controls="{0}" aria-describedby="{0}-words"').format(box)
    if link is None:
        return Markup('<span tabindex="0" {}>{}</span>').format(explained, words(node.text))
    return Markup('<a href="{}" {}>{}</a>').format(link, explained, words(node.text))


def _mark(note: str, mark: str, page: Writing) -> Markup:
    """A note's mark; each has an id of its own, which the arrow below leads back to."""
    page.uses[note] += 1
    return Markup('<sup class="reference" id="%s"><a href="#%s">[%s]</a></sup>') % (
        f"_use-{note}-{page.uses[note]}",
        f"_{note}",
        mark,
    )
