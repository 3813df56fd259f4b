"""The files of figures and pictures, with the page that describes each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.errors import Problem, SourceError
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
    walk,
)
from pipeline.render.model import PageModel
from pipeline.render.page import File
from pipeline.render.wikitext.call import filled
from pipeline.render.wikitext.escape import escape
from pipeline.render.wikitext.frames import Frames
from pipeline.render.wikitext.links import link_to
from pipeline.render.wikitext.writer import PageWriter


def figure_files(models: Sequence[PageModel], sources: Sources, frames: Frames) -> Iterator[File]:
    """Every picture that a page shows, once.

    Raises SourceError where two different pictures would have the same name on the wiki.
    """
    shown: dict[str, tuple[FigureBox, bytes]] = {}
    for model in models:
        for node in walk(model.blocks):
            if not isinstance(node, FigureBox):
                continue
            content = Path(node.path).read_bytes()
            if node.file not in shown:
                shown[node.file] = (node, content)
                yield File(node.file, content, _description(node, model, sources, frames), *_origin(model))
            elif shown[node.file][1] != content:
                message = f"two pictures would be {node.file!r} on the wiki, the other one shown at"
                first = shown[node.file][0].where
                raise SourceError([Problem(node.where, f"{message} {first}", "rename one of them", "title")])


def _origin(model: PageModel) -> tuple[str, str]:
    return model.language, model.version.file


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
