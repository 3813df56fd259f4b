"""The wiki's markup: resolved pages as the text and files that are to stand on the wiki."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from pipeline.read.article import Sources
from pipeline.render.model import PageModel
from pipeline.render.page import File, Page
from pipeline.render.wikitext.files import once, page_files
from pipeline.render.wikitext.frames import Frames
from pipeline.render.wikitext.page import topic_page

__all__ = ["files", "pages", "topic_page"]


def pages(
    models: Sequence[PageModel], sources: Sources, pictures: Mapping[str, bytes] = MappingProxyType({})
) -> tuple[Page, ...]:
    """Topics, glossary, categories, and the pages that lead to them; `pictures` of the learning path by language.

    Raises SourceError where a page template does not work."""
    from pipeline.render.wikitext.categories import category_pages
    from pipeline.render.wikitext.glossary import concept_pages
    from pipeline.render.wikitext.hubs import hub_pages

    frames = Frames(sources.root)
    topics = [topic_page(model, sources, frames) for model in models]
    hubs = hub_pages(sources, models, pictures, frames)
    concepts = (page for concept in sources.concepts.values() for page in concept_pages(concept, sources, frames))
    return (*topics, *concepts, *category_pages(sources, frames), *hubs)


def files(
    models: Sequence[PageModel], sources: Sources, pictures: Mapping[str, bytes] = MappingProxyType({})
) -> tuple[File, ...]:
    """The pictures the pages show. Raises SourceError where two of them have one name."""
    from pipeline.render.wikitext.hubs import path_files

    frames = Frames(sources.root)
    shown = ((file, box.where) for model in models for file, box in page_files(model, sources, frames))
    return (*once(shown), *path_files(sources, pictures, frames))
