"""Citations and footnotes: `<ref>` in the text, the lists of both at the foot of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.read.document import Citation, FootnoteReference, walk
from pipeline.render.model import ReferenceEntry
from pipeline.render.wikitext.context import Writer
from pipeline.render.wikitext.escape import PARAMETER, at_line_start

GROUP = "note"
NOT_IN_NAME = re.compile(r"[^\w.:+/-]")


def citation(node: Citation) -> str:
    """The mark of a reference that the list at the foot defines."""
    return f'<ref name="{_name(node.key)}" />'


def footnote(node: FootnoteReference, writer: Writer) -> str:
    """A note with its text where its mark stands first, afterwards the mark alone."""
    note = writer.first_use(node.label)
    name = _name(node.label)
    if note is None:
        return f'<ref group="{GROUP}" name="{name}" />'
    if any(isinstance(part, (Citation, FootnoteReference)) for part in walk(note.children)):
        # A <ref> inside a <ref> is read as text, except through the parser function.
        words = writer.inline(note.children, PARAMETER)
        return f"{{{{#tag:ref|{at_line_start(words)}|group={GROUP}|name={name}}}}}"
    return f'<ref group="{GROUP}" name="{name}">{at_line_start(writer.inline(note.children))}</ref>'


def reference_list(entries: Sequence[ReferenceEntry], writer: Writer) -> str:
    """`<references>` with every reference the page cites, in the order of first use."""
    refs = [f'<ref name="{_name(entry.key)}">{at_line_start(writer.inline(entry.text))}</ref>' for entry in entries]
    return "\n".join(["<references>", *refs, "</references>"])


def note_list() -> str:
    return f'<references group="{GROUP}" />'


def _name(key: str) -> str:
    """A name that Cite accepts: not a whole number, and without what would end the attribute."""
    name = NOT_IN_NAME.sub("_", key)
    return f"n{name}" if name.isdigit() else name
