"""Pages that people edited, once their words are in the sources: the very text that stands on the wiki."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.read.article import Sources
from pipeline.render.model import PageModel
from pipeline.render.page import Page, Rendered
from pipeline.render.wikitext.frames import Frames
from pipeline.render.wikitext.page import topic_page
from pipeline.taken_over import Record


def as_taken_over(rendered: Rendered, models: Sequence[PageModel], sources: Sources, taken_over: Record) -> Rendered:
    """Give what was rendered its record of people's revisions.

    Committing their words makes another commit, and a page names the commit of its topic. Where a page differs from
    a revision that was taken over in nothing else, it goes on naming the one that stands there, so that it is
    adopted without an edit; whatever changes it later brings the present commit. Where revisions of several wikis
    would do, it is the first wiki's by its address: the bot may build on that of the other one.
    """
    frames = Frames(sources.root)
    kept: dict[str, Page] = {}
    for model in models:
        for wiki in sorted(taken_over):
            entry = taken_over[wiki].get(model.title)
            if model.title in kept or entry is None or not entry.commit or entry.commit == model.commit:
                continue
            page = topic_page(replace(model, commit=entry.commit), sources, frames)
            if page.sha1 == entry.sha1:
                kept[page.title] = page
    pages = tuple(kept.get(page.title, page) for page in rendered.pages)
    return replace(rendered, pages=pages, taken_over=taken_over)
