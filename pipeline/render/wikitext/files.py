"""The files of figures and pictures, with the page that describes each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.errors import Problem, SourceError, Where
from pipeline.read.article import Sources
from pipeline.read.document import (
    Citation,
    Emphasis,
    FigureBox,
    FootnoteReference,
    Inline,
    Strong,
    TermUse,
    Text,
    walk_blocks,
)
from pipeline.render.model import PageModel
from pipeline.render.page import File
from pipeline.render.wikitext.call import filled
from pipeline.render.wikitext.escape import escape
from pipeline.render.wikitext.frames import Frames
from pipeline.render.wikitext.links import link_to
from pipeline.render.wikitext.writer import PageWriter


def page_files(model: PageModel, sources: Sources, frames: Frames) -> Iterator[tuple[File, FigureBox]]:
    """The pictures of one page, each with the place that shows it."""
    for node in walk_blocks(model.blocks):
        if isinstance(node, FigureBox):
            text = _description(node, model, sources, frames)
            yield File(node.file, Path(node.path).read_bytes(), text, model.language, model.version.file), node


def once(shown: Iterable[tuple[File, Where]]) -> Iterator[File]:
    """Each file as the first place that shows it describes it.

    Raises SourceError where two different pictures would have the same name on the wiki.
    """
    first: dict[str, tuple[File, Where]] = {}
    for file, where in shown:
        other, place = first.setdefault(file.title, (file, where))
        if other is file:
            yield file
        elif other.sha1 != file.sha1:
            message = f"two pictures would be {file.title!r} on the wiki, the other one shown at {place}"
            raise SourceError([Problem(where, message, "rename one of them", "title")])


def _description(node: FigureBox, model: PageModel, sources: Sources, frames: Frames) -> str:
    words = sources.messages[model.language]
    writer = PageWriter(words)
    page = link_to(model.title, escape(model.version.title, "[]|"))
    computed = node.name in model.results.figures
    return frames.page(
        "file",
        wrapped=model.language != sources.languages[0],
        language=model.language,
        direction=model.direction,
        caption=writer.inline(_without_notes(node.caption)),
        made=filled(words["file-computed" if computed else "file-shown"], page),
    )


def _without_notes(nodes: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """A caption away from its page: no marks of notes, whose list is there, and no popups."""
    kept: list[Inline] = []
    for node in nodes:
        if isinstance(node, TermUse):
            kept.append(Text(node.text, node.where))
        elif isinstance(node, (Emphasis, Strong)):
            kept.append(replace(node, children=_without_notes(node.children)))
        elif not isinstance(node, (Citation, FootnoteReference)):
            kept.append(node)
    return tuple(kept)
