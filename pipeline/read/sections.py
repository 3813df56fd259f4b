"""Sections of a source and their hashes: how a translation knows that its original moved on."""

from __future__ import annotations

import hashlib
import re

from pipeline.read.document import Document, Heading

HASH_LENGTH = 12


def section_hashes(document: Document, body: str, first_line: int, head: str) -> dict[str, str]:
    """Hash the text under each heading (the heading included); the part above the first one, together
    with the words of the head, has the id "".

    Spaces at line ends and the wrapping of paragraphs do not count: only a change that a translator should see does.
    """
    lines = body.split("\n")
    starts = [("", 0)] + [
        (block.id, block.where.line - first_line) for block in document.blocks if isinstance(block, Heading)
    ]
    ends = [start for _, start in starts[1:]] + [len(lines)]
    return {
        name: _digest(("" if name else head + "\n\n") + "\n".join(lines[start:end]))
        for (name, start), end in zip(starts, ends, strict=True)
    }


def _digest(text: str) -> str:
    paragraphs = re.split(r"\n\s*\n", text.strip())
    unwrapped = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    return hashlib.sha256(unwrapped.encode()).hexdigest()[:HASH_LENGTH]
