"""What stands around a page's text: boxes of facts, where the numbers come from, links to other languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.read.article import Concept, PaperDetails, Provenance, Sources
from pipeline.render.html.addresses import relative
from pipeline.render.html.inline import Writing
from pipeline.render.html.words import filled, words
from pipeline.render.model import LanguageEntry, NamedLink, PageModel
from pipeline.render.resolve import name_of, named_topic
from pipeline.titles import capitalised, category_page, glossary_page


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language in the language bar; `link` is None where there is no page in it, or it is this one."""

    code: str
    name: str
    link: str | None
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a box: what it is about, and what is so."""

    label: str
    value: Markup


@dataclass(frozen=True, slots=True)
class Box:
    """The box at the right of a page."""

    title: Markup
    rows: tuple[Row, ...]


def language_bar(entries: Iterable[LanguageEntry], page: Writing) -> tuple[Tongue, ...]:
    """Every language of the site."""
    return tuple(
        Tongue(
            entry.code,
            entry.name,
            page.addresses.link(entry.title, entry.code, page.here) if entry.exists and not entry.current else None,
            entry.current,
        )
        for entry in entries
    )


def linked(item: NamedLink, page: Writing) -> Markup:
    """Words that lead to their page, or only the words where the site has no such page."""
    link = page.addresses.link(item.title, page.language, page.here) if item.title else None
    return words(item.text) if link is None else Markup('<a href="%s">%s</a>') % (link, words(item.text))


def category(name: str, page: Writing) -> Markup:
    """A category by its name in the page's language."""
    return linked(NamedLink(name, category_page(name)), page)


def infobox(model: PageModel, sources: Sources, page: Writing) -> Box:
    """The facts about an article, a paper, or what a summary sums up."""
    head = model.article.source.metadata
    said = page.words
    title = model.version.title
    if head.kind == "summary":
        return Box(_parent(model, sources, page), ())
    if head.kind == "paper":
        rows = [
            *_paper(head.paper or PaperDetails(), said),
            (said["topics"], [words(name_of(sources, head.topic_area, page.language))] if head.topic_area else []),
            (said["related-articles"], [linked(item, page) for item in model.related_articles]),
        ]
        return Box(words(title), _rows(rows, said))
    area = head.topic_area if head.topic_area != head.field else ""
    rows = [
        (said["field"], [category(name_of(sources, head.field, page.language), page)] if head.field else []),
        (said["topic-area"], [words(name_of(sources, area, page.language))] if area else []),
        (said["difficulty"], [words(name_of(sources, head.difficulty, page.language))] if head.difficulty else []),
        (said["prerequisites"], [linked(item, page) for item in model.prerequisites]),
        (said["related-papers"], [linked(item, page) for item in model.related_papers]),
    ]
    return Box(words(title), _rows(rows, said))


def concept_box(concept: Concept, sources: Sources, page: Writing) -> Box:
    """The facts about a glossary concept: all of them in the source language, the words' own in a translation."""
    source = sources.languages[0]
    text = concept.texts[page.language]
    said = page.words
    aliases = (said["aliases"], [words(alias) for alias in text.aliases])
    if page.language != source:
        original = concept.texts[source].term
        rows = [
            aliases,
            (
                said["original-term"],
                [linked(NamedLink(capitalised(original), glossary_page(original, source, source)), page)],
            ),
            (said["definition-status"], [words(said[f"status-{text.status}"])]),
        ]
        return Box(words(capitalised(text.term)), _rows(rows, said))
    rows = [
        aliases,
        (said["domain"], [category(name_of(sources, concept.domain, page.language), page)] if concept.domain else []),
        (said["difficulty"], [words(name_of(sources, concept.difficulty, source))] if concept.difficulty else []),
        (said["explained-in"], [_explained(concept, sources, page)] if concept.article in sources.articles else []),
        (said["related-concepts"], [_concept(sources.concepts[key], sources, page) for key in concept.related]),
        (said["concept-id"], [words(concept.key)]),
    ]
    return Box(words(capitalised(text.term)), _rows(rows, said))


def level_line(model: PageModel, said: Mapping[str, str]) -> Markup:
    """How far the numbers were checked, and what that means; nothing on a page for which nothing ran."""
    if not model.results.outputs:
        return Markup("")
    level = model.results.level
    strong = Markup("<strong>%s</strong>") % said[f"level-{level}"]
    return filled(said["meta-level"], strong, words(said[f"level-{level}-means"]))


def provenance(model: PageModel, page: Writing) -> Markup:
    """Where numbers and text come from, in one line."""
    results, said = model.results, page.words
    used = results.environment.in_words if results.outputs else ""
    pieces = [
        filled(said["meta-checks"], str(len(results.checks))) if results.checks else "",
        filled(said["meta-results-date"], results.computed) if results.computed and results.outputs else "",
        filled(said["meta-commit"], Markup("<code>%s</code>") % model.commit[:10]) if model.commit else "",
        filled(said["meta-environment"], used) if used else "",
        filled(said["meta-differs"], " ".join(model.reasons)) if model.reasons else "",
        _origin(model.article.source.metadata.provenance, said),
        Markup('<a href="%s">%s</a>') % (relative(how_folder(page.language), page.here), said["meta-how"]),
    ]
    return words(said["separator"]).join(piece for piece in pieces if piece)


def outdated(model: PageModel, said: Mapping[str, str]) -> Markup:
    """Which sections of a translation are older than the source, or nothing."""
    if not model.outdated:
        return Markup("")
    return filled(said["outdated"], said["comma"].join(model.outdated))


def how_folder(language: str) -> str:
    """The page that says what the levels of verification mean."""
    return f"{language}/how-the-numbers-were-made/"


def _origin(written: Provenance, said: Mapping[str, str]) -> str:
    who = written.generated_by
    if who and written.model_used:
        who = filled(said["meta-model"], who, written.model_used)
    who = who or written.model_used
    if who and written.generated_date:
        return filled(said["meta-text"], filled(said["parenthesized"], who, written.generated_date))
    if who:
        return filled(said["meta-text"], who)
    return filled(said["meta-text-date"], written.generated_date) if written.generated_date else ""


def _parent(model: PageModel, sources: Sources, page: Writing) -> Markup:
    title = model.article.title.removesuffix("/summary")
    parent = next((article for article in sources.articles.values() if article.title == title), None)
    kind = parent.source.metadata.kind if parent else "article"
    link = linked(named_topic(sources, parent.slug, page.language) if parent else NamedLink(title), page)
    return filled(page.words[f"summary-of-{kind}"], link)


def _explained(concept: Concept, sources: Sources, page: Writing) -> Markup:
    article = named_topic(sources, concept.article, page.language)
    if not concept.article_section:
        return linked(article, page)
    link = page.addresses.link(article.title, page.language, page.here, concept.article_section)
    name = words(page.words["breadcrumb-separator"]).join((article.text, concept.article_section))
    return Markup('<a href="%s">%s</a>') % (link, name) if link is not None else name


def _concept(concept: Concept, sources: Sources, page: Writing) -> Markup:
    source = sources.languages[0]
    language = page.language if page.language in concept.texts else source
    page_title = glossary_page(concept.texts[source].term, language, source)
    return linked(NamedLink(concept.texts[language].term, page_title), page)


def _paper(paper: PaperDetails, said: Mapping[str, str]) -> list[tuple[str, list[Markup]]]:
    def out(address: str, text: str) -> list[Markup]:
        link = Markup('<a class="external" rel="nofollow noopener" href="%s">%s</a>')
        return [link % (address + text, text)] if text else []

    return [
        (said["authors"], [words(author) for author in paper.authors]),
        (said["year"], [words(paper.year)] if paper.year else []),
        (said["venue"], [words(paper.venue)] if paper.venue else []),
        (said["arxiv"], out("https://arxiv.org/abs/", paper.arxiv)),
        (said["doi"], out("https://doi.org/", paper.doi)),
    ]


def _rows(rows: Iterable[tuple[str, list[Markup]]], said: Mapping[str, str]) -> tuple[Row, ...]:
    return tuple(Row(label, words(said["comma"]).join(values)) for label, values in rows if values)
