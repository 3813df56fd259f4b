"""The wiki's markup: resolved pages as the text and files that are to stand on the wiki."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.read.article import Sources
from pipeline.render.model import PageModel
from pipeline.render.page import File, Page
from pipeline.render.wikitext.categories import category_pages
from pipeline.render.wikitext.files import figure_files
from pipeline.render.wikitext.frames import Frames
from pipeline.render.wikitext.glossary import glossary_pages
from pipeline.render.wikitext.page import topic_page


def pages(models: Sequence[PageModel], sources: Sources) -> tuple[Page, ...]:
    """Topics, glossary and categories. Raises SourceError where a page template does not work."""
    frames = Frames(sources.root)
    topics = [topic_page(model, sources, frames) for model in models]
    return (*topics, *glossary_pages(sources, frames), *category_pages(sources, frames))


def files(models: Sequence[PageModel], sources: Sources) -> tuple[File, ...]:
    """The pictures the pages show. Raises SourceError where two of them have one name."""
    return tuple(figure_files(models, sources, Frames(sources.root)))
