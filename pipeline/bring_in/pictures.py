"""Pictures: the file into the topic's folder, its caption and alternative text into the source."""

from __future__ import annotations

import re

from mwparserfromhell.nodes import Wikilink

from pipeline.bring_in.model import canonical
from pipeline.bring_in.names import slug_of
from pipeline.bring_in.page import Page
from pipeline.read.article import NOWHERE
from pipeline.read.document import Block, ImageFigure, Inline, Paragraph

OPTION = re.compile(
    r"\s*(thumb|thumbnail|frame|framed|frameless|border|left|right|center|centre|none|upright(=[\d.]+)?|(\d+)?x?\d+\s*px"
    r"|baseline|middle|sub|super|top|text-top|bottom|text-bottom|(alt|link|page|class|lang|thumb|upright|manualthumb)=.*"
    r"|miniaturadeimagen|miniatura|izquierda|derecha|centro|缩略图|左|右|居中)\s*",
    re.IGNORECASE | re.DOTALL,
)


def file_title(node: Wikilink) -> str:
    return "File:" + canonical(str(node.title).strip().partition(":")[2].strip())


def file_name(title: str) -> str:
    """The name of a wiki's file in a topic's folder, or "" where sources take no such file."""
    stem, dot, kind = title.partition(":")[2].rpartition(".")
    return f"{slug_of(stem)}.png" if dot and kind.lower() == "png" else ""


def picture(node: Wikilink, page: Page) -> list[Block]:
    """A picture on a line of its own; its caption as a paragraph where the file cannot be had."""
    from pipeline.bring_in.inline import inside, words
    from pipeline.bring_in.tidy import tidy

    title = file_title(node)
    caption: tuple[Inline, ...] = ()
    alt = ""
    for part in _options(str(node.text)) if node.text is not None else ():
        if re.match(r"\s*alt\s*=", part, re.IGNORECASE):
            alt = words(inside(part.partition("=")[2], page))
        elif not OPTION.fullmatch(part):
            before, page.no_notes = page.no_notes, True
            caption = tidy(inside(part, page), breaks=False)
            page.no_notes = before
    name = page.picture_names.get(title, "")
    if not name:
        why = "only PNG files can stand in a topic's folder" if not file_name(title) else "the file could not be had"
        page.notes.say("left out", str(node), f"a picture: {why}; its caption stands as a paragraph")
        return [Paragraph(caption, NOWHERE)] if caption else []
    page.used_pictures.append(title)
    if not alt:
        alt = words(caption) or title.partition(":")[2].rpartition(".")[0]
        page.notes.say("to do", str(node), "a picture without alternative text: say what it shows")
    # Brackets would end the place where Markdown has the text, and nothing else can be escaped there.
    plain = re.sub(r"[`<>\\*$_]", "", alt.replace("[", "(").replace("]", ")"))
    return [ImageFigure(name, " ".join(plain.split()) or "…", caption, NOWHERE)]


def _options(text: str) -> list[str]:
    """Split at the bars that stand in no link and no template."""
    parts, depth = [""], 0
    for token in re.findall(r"\[\[|\]\]|\{\{|\}\}|<math.*?</math>|<nowiki>.*?</nowiki>|.", text, re.DOTALL):
        depth += {"[[": 1, "{{": 1, "]]": -1, "}}": -1}.get(token, 0)
        if token == "|" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += token
    return parts
