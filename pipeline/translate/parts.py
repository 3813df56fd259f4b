"""The texts inside a block, one by one, as a translator's tool shows them: items, cells, headers, captions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.read.blocks import markdown
from pipeline.read.inline import breaks_to_space
from pipeline.translate.carry import has_words
from pipeline.translate.text import Block

BREAK = re.compile(r"(?:\\| {2,})\n[ \t>]*")
ADMONITIONS = ("note", "tip", "warning")


@dataclass(frozen=True, slots=True)
class Part:
    """One text of a block: where it stands in the block's own text, and what it says on as few lines as it can."""

    start: int
    end: int
    text: str
    prefix: str = ""  # what stands before it on its line, for further lines of it


def parts_of(block: Block) -> tuple[Part, ...]:
    """The texts of a block in their order; none for one without words."""
    text = block.text
    if not has_words(block) or block.kind == "comments":
        return ()
    if block.kind == "formula":
        return (Part(0, len(text), text),)
    if block.kind == "heading":
        match = re.fullmatch(r"(#+[ \t]+)(.*?)([ \t]+#+)?[ \t]*", text)
        return (Part(match.start(2), match.end(2), match[2]),) if match else ()
    if block.kind == "table":
        return _directive(text)
    if block.kind in ADMONITIONS:
        first, last = text.find("\n") + 1, text.rfind("\n")
        return _inline(text, first, text[first:last]) if first <= last else ()
    if block.kind == "table-typed":
        return _cells(text)
    return _inline(text, 0, text)


def with_texts(block: Block, texts: Mapping[int, str]) -> str:
    """The text of a block with other texts in it, by their number; those that say the same stay as they are written."""
    written = block.text
    for number, part in reversed(list(enumerate(parts_of(block)))):
        text = texts.get(number, part.text)
        if text != part.text:
            inner = re.sub(r"[^>\s]", " ", part.prefix)
            written = written[: part.start] + text.replace("\n", "\n" + inner) + written[part.end :]
    return written


def unwrapped(text: str) -> str:
    """A paragraph on one line; only where its author wants a line to end does one."""
    lines = ["".join(_joined(piece)) for piece in BREAK.split(text)]
    return "\\\n".join(lines)


def _joined(text: str) -> list[str]:
    pieces: list[str] = []
    for line in text.split("\n"):
        bare = line.strip()
        if pieces and bare:
            pieces.append(" " if breaks_to_space(pieces[-1], bare) else "")
        pieces.append(bare)
    return pieces


def _inline(whole: str, offset: int, inner: str) -> tuple[Part, ...]:
    """The paragraphs of any Markdown, wherever they are nested."""
    lines = inner.split("\n")
    starts = [offset]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    found = []
    for token in markdown().parse(inner):
        if token.type != "inline" or not token.map or not token.content.strip():
            continue
        content = token.content.split("\n")
        first = token.map[0]
        last = first + len(content) - 1
        column, end = lines[first].find(content[0]), lines[last].rfind(content[-1].rstrip())
        if column < 0 or end < 0:
            continue
        prefix = lines[first][:column]
        stretch = Part(starts[first] + column, starts[last] + end + len(content[-1].rstrip()), "", prefix)
        found.append(Part(stretch.start, stretch.end, unwrapped(token.content), prefix))
    return tuple(sorted(found, key=lambda part: part.start))


def _directive(text: str) -> tuple[Part, ...]:
    found: list[Part] = []
    header = re.search(r"(?m)^:headers:[ \t]*(.*)$", text)
    if header:
        found += _split(header[1], header.start(1))
    body = re.search(r"(?m)\A`{3,}.*\n(?::[a-z]+:.*\n)*((?:.|\n)*?)\n?`{3,}[ \t]*\Z", text)
    if body and body[1].strip():
        lead = len(body[1]) - len(body[1].lstrip())
        caption = body[1].strip()
        found.append(Part(body.start(1) + lead, body.start(1) + lead + len(caption), unwrapped(caption)))
    return tuple(found)


def _cells(text: str) -> tuple[Part, ...]:
    found: list[Part] = []
    offset = 0
    for number, line in enumerate(text.split("\n")):
        if number != 1:  # the line of dashes
            found += _split(line, offset)
        offset += len(line) + 1
    return tuple(found)


def _split(line: str, offset: int) -> list[Part]:
    """The cells of a row, between bars that nothing protects; empty ones hold nothing to translate."""
    found, start = [], 0
    for match in [*re.finditer(r"(?<!\\)\|", line), None]:
        end = match.start() if match else len(line)
        cell = line[start:end]
        if cell.strip():
            lead = start + len(cell) - len(cell.lstrip())
            found.append(Part(offset + lead, offset + lead + len(cell.strip()), cell.strip()))
        start = end + 1
    return found
