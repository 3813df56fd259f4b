"""A file as a translator sees it: a head, and sections of blocks that are put together again to the byte."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from pipeline.read.blocks import markdown
from pipeline.read.comments import is_comment

WORDLESS = ("code-cell", "embed", "figure", "code", "rule")  # kinds of blocks in which nothing is to be translated


@dataclass(frozen=True, slots=True)
class Block:
    """One block of prose as it is written, the comments right above it, and the blank lines below it."""

    kind: str  # paragraph | heading | list | formula | code | footnote | … or a directive's name
    text: str  # its lines, without the last line end
    line: int  # of its first line in the file, from 1
    comments: tuple[str, ...] = ()
    gap: str = "\n\n"

    @property
    def label(self) -> str:
        """What a directive is about: a cell, a table, a figure."""
        match = re.match(r"`{3,}\{([^}]*)\} *#?(\S*)", self.text)
        if match and match[1] == "code-cell":
            found = re.search(r"(?m)^:label:[ \t]*(\S+)", self.text)
            return found[1] if found else ""
        return match[2] if match else ""

    def written(self) -> str:
        return "".join(f"{line}\n" for line in self.comments) + self.text + self.gap


@dataclass(frozen=True, slots=True)
class Section:
    """The blocks under a heading, itself the first of them; the section before the first heading has none."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file taken apart: its head, blank lines, its sections and what ends it give it again."""

    head: str  # between the lines ---
    start: str  # what stands above the first block: empty lines, comments
    sections: tuple[Section, ...]
    end: str = "\n"  # below the last block


def take_apart(text: str) -> File:
    """Take apart a file that reads well. ValueError for one without a head."""
    match = re.match(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE)
    if match is None:
        raise ValueError("the text has no head between --- lines")
    body = text[match.end() :]
    first_line = text[: match.end()].count("\n") + 1
    blocks = _blocks(body, first_line)
    above = blocks[0].line - len(blocks[0].comments) - first_line if blocks else body.count("\n") + 1
    start = "".join(line + "\n" for line in body.split("\n")[:above])
    sections: list[list[Block]] = [[]]
    for block in blocks:
        if block.kind == "heading":
            sections.append([])
        sections[-1].append(block)
    end = body[len(body.rstrip("\n")) :] if blocks else ""
    return File(match[1], start, tuple(Section(tuple(one)) for one in sections), end)


def put_together(file: File) -> str:
    """The text of a file; blocks that have another one below them are kept apart from it by an empty line."""
    blocks = [block for section in file.sections for block in section.blocks]
    pieces = [
        block.written() if _tight(block, below) or block.gap.count("\n") > 1 else block.written().rstrip("\n") + "\n\n"
        for block, below in itertools.pairwise(blocks)
    ]
    last = [blocks[-1].written().rstrip("\n") + file.end] if blocks else []
    return f"---\n{file.head}---\n{file.start}{''.join(pieces)}{''.join(last)}"


def _tight(block: Block, below: Block) -> bool:
    """Whether two blocks already stood on lines that follow each other, such as a heading and its text."""
    return block.gap == "\n" and not below.comments and below.line == block.line + block.text.count("\n") + 1


def _blocks(body: str, first_line: int) -> list[Block]:
    lines = body.split("\n")
    spans: list[tuple[int, int, str]] = []
    for token in markdown().parse(body):
        if token.level or token.nesting < 0 or not token.map:
            continue
        start, end = token.map
        while end > start and not lines[end - 1].strip():
            end -= 1
        spans.append((start, end, _kind(token.type, token.info)))
    covered = {line for start, end, _ in spans for line in range(start, end)}
    rest = [number for number, line in enumerate(lines) if number not in covered and line.strip()]
    comments = {number for number in rest if is_comment(lines[number])}
    notes: list[list[int]] = []
    for number in rest:
        if number not in comments:
            if notes and notes[-1][-1] == number - 1:
                notes[-1].append(number)
            else:
                notes.append([number])
    spans = sorted([*spans, *((note[0], note[-1] + 1, "footnote") for note in notes)])
    # comments below the last block are a block of their own, so that nothing is lost
    tail = sorted(number for number in comments if number >= (spans[-1][1] if spans else 0))
    if tail:
        spans.append((tail[0], tail[-1] + 1, "comments"))
    blocks = []
    for index, (start, end, kind) in enumerate(spans):
        after = spans[index + 1][0] if index + 1 < len(spans) else len(lines)
        above = start
        while kind != "comments" and above > 0 and above - 1 in comments:
            above -= 1
        if index + 1 < len(spans) and spans[index + 1][2] != "comments":
            while after > end and after - 1 in comments:
                after -= 1
        said = tuple(lines[above:start])
        gap = "\n".join(["", *lines[end:after], ""]) if index + 1 < len(spans) else "\n\n"
        text = "\n".join(lines[start:end])
        blocks.append(Block(kind, text, first_line + start, said, gap))
    return blocks


def _kind(token: str, info: str) -> str:
    if token == "fence":
        match = re.match(r"\{([^}]*)\}", info.strip())
        return match[1] if match else "code"
    return {
        "paragraph_open": "paragraph",
        "heading_open": "heading",
        "bullet_list_open": "list",
        "ordered_list_open": "list",
        "blockquote_open": "quote",
        "table_open": "table-typed",
        "dl_open": "definitions",
        "math_block": "formula",
        "code_block": "code",
        "hr": "rule",
    }.get(token, "footnote")
