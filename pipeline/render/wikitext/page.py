"""A topic's page: its head, its text and its foot, in the order in which the wiki's readers know them."""

from __future__ import annotations

from pipeline.read.article import Sources
from pipeline.render.model import PageModel
from pipeline.render.page import Kind, Page
from pipeline.render.wikitext import heads
from pipeline.render.wikitext.escape import escape
from pipeline.render.wikitext.frames import Frames
from pipeline.render.wikitext.notes import note_list, reference_list
from pipeline.render.wikitext.writer import PageWriter


def topic_page(model: PageModel, sources: Sources, frames: Frames) -> Page:
    """Write one article in one language."""
    words = sources.messages[model.language]
    writer = PageWriter(words, model.blocks, model.footnotes)
    # In the order of the page: a footnote is written out where its mark stands first.
    summary = heads.summary(model, writer)
    body = writer.blocks(model.blocks)
    text = frames.page(
        "topic",
        wrapped=model.language != sources.languages[0],
        language=model.language,
        direction=model.direction,
        language_bar=heads.language_bar(model.languages),
        topic_nav=heads.topic_nav(model, sources),
        infobox=heads.infobox(model, sources),
        summary=summary,
        content_meta=heads.content_meta(model),
        article_meta=heads.article_meta(model, sources),
        outdated=heads.outdated(model, sources),
        body=body,
        notes=note_list() if model.footnotes else "",
        references=reference_list(model.references, writer) if model.references else "",
        words={key: escape(words[key]) for key in ("notes", "references")},
        related=heads.related_content(model),
        categories=model.categories,
    )
    kind: Kind = "summary" if model.article.source.metadata.kind == "summary" else "topic"
    return Page(model.title, kind, text, model.language, model.version.file)
