"""The main page and the learning path as wikitext, with the picture whose boxes lead to the topics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.read.article import Sources
from pipeline.render.hubs import Hub, learning_path, main_page, path_layout, path_picture, path_targets
from pipeline.render.model import PageModel
from pipeline.render.numbers import direction
from pipeline.render.page import File, Page
from pipeline.render.wikitext import heads
from pipeline.render.wikitext.call import filled
from pipeline.render.wikitext.escape import LABEL, escape
from pipeline.render.wikitext.frames import Frames
from pipeline.render.wikitext.links import link_to
from pipeline.render.wikitext.writer import PageWriter

SOURCE = "articles"
DOTS = 2  # pixels of the picture for one of the layout


def hub_pages(
    sources: Sources, models: Sequence[PageModel], pictures: Mapping[str, bytes], frames: Frames
) -> Iterator[Page]:
    """Both pages in every language; without its picture a learning path has only the tables."""
    for language in sources.languages:
        yield _page("main", main_page(sources, models, language), sources, frames)
        is_drawn = language in pictures
        parts: dict[str, object] = _picture(sources, language) if is_drawn else {"picture": ""}
        yield _page("path", learning_path(sources, models, language, is_drawn=is_drawn), sources, frames, **parts)


def path_files(sources: Sources, pictures: Mapping[str, bytes], frames: Frames) -> Iterator[File]:
    """The picture of the learning path in every language it was drawn in."""
    for language, content in pictures.items():
        hub = learning_path(sources, (), language, is_drawn=True)
        words = sources.messages[language]
        page = link_to(hub.title, escape(words["learning-path"], LABEL))
        text = frames.page(
            "file",
            wrapped=language != sources.languages[0],
            language=language,
            direction=direction(language),
            caption=escape(words["learning-path-text"]),
            made=filled(words["file-shown"], page),
        )
        yield File(path_picture(language), content, text, language, SOURCE)


def _page(kind: str, hub: Hub, sources: Sources, frames: Frames, **parts: object) -> Page:
    writer = PageWriter(sources.messages[hub.language], (*hub.above, *hub.below))
    text = frames.page(
        kind,
        wrapped=hub.language != sources.languages[0],
        language=hub.language,
        direction=direction(hub.language),
        language_bar=heads.language_bar(hub.languages),
        above=writer.blocks(hub.above),
        below=writer.blocks(hub.below),
        **parts,
    )
    return Page(hub.title, "list", text, hub.language, SOURCE)


def _picture(sources: Sources, language: str) -> dict[str, object]:
    layout = path_layout(sources, language)
    targets = path_targets(sources, language)
    boxes = []
    for box in layout.boxes:
        link = targets[box.slug]
        # In full: the extension takes the words for the tooltip, and a bare title would be one in the source language.
        words = escape(link.text, LABEL)
        boxes.append(([DOTS * corner for corner in box.corners], f"[[{link.title}|{words}]]"))
    return {
        "picture": path_picture(language),
        "width": layout.width,
        "alt": escape(sources.messages[language]["learning-path-alt"], LABEL),
        "boxes": boxes,
    }
