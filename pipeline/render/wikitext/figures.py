"""Pictures with their captions."""

from __future__ import annotations

import re

from pipeline.read.document import FigureBox
from pipeline.render.wikitext.context import Writer
from pipeline.render.wikitext.escape import LABEL, escape, reference

# A caption of one short word, of a word and a number, or with an equals sign may be an option in the wiki's language.
OPTION = re.compile(r"[^\s.,;:。，；：]{1,15}|\w+ [\d.]+|[\d\sx]+px|[^\s=]*\s*=.*", re.IGNORECASE | re.DOTALL)


def figure(node: FigureBox, writer: Writer) -> str:
    """`[[File:…|thumb|center|400px|alt=…|caption]]`; files hold twice the pixels they are drawn with."""
    parts = [node.file, "thumb", "center", f"{max(node.width // 2, 1)}px"]
    if node.alt:
        parts.append("alt=" + escape(node.alt, LABEL).strip(" \t"))
    caption = writer.inline(node.caption, LABEL).strip(" \t")
    if caption:
        parts.append(_not_an_option(caption))
    return f"[[{'|'.join(parts)}]]"


def _not_an_option(caption: str) -> str:
    if OPTION.fullmatch(caption) and caption[0].isalnum():
        return reference(caption[0]) + caption[1:]
    return caption
