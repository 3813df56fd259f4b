"""What changed on a page, block by block: a browser has that in its place sooner than a whole page.

The blocks are the elements right below the one that holds the text. Their lines in the source are told apart from what
they say: whoever adds a line moves those of all that follow and changes none of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_TEXT = re.compile(rb'<[a-z]+[^>]* id="_text"[^>]*>')
_VOID = rb"area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_TAG = re.compile(rb"<(?:/|(?!(?:" + _VOID + rb")\b))[a-zA-Z][^>]*>")  # that opens or closes an element
_VOID_TAG = re.compile(rb"<(?:" + _VOID + rb")\b[^>]*>")
_LINE = re.compile(rb' data-line="(\d+)"')
_SLASH = ord("/")


@dataclass(frozen=True, slots=True)
class Block:
    """One block without its lines, and these."""

    text: bytes
    said: bytes
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Blocks:
    """A page taken apart: what stands around the blocks, and these."""

    before: bytes
    blocks: tuple[Block, ...]
    after: bytes


@dataclass(frozen=True, slots=True)
class Changes:
    """How `count` blocks become others.

    Each of `spliced` is a place among the blocks as they were, how many of them go there, and what comes instead. Each
    of `moved` is a place among the blocks as they are, a number of them, and by how many lines they moved.
    """

    count: int
    spliced: tuple[tuple[int, int, tuple[str, ...]], ...]
    moved: tuple[tuple[int, int, int], ...]


def taken_apart(page: bytes) -> Blocks | None:
    """Return the blocks of a page, or None where it has none or says something between them."""
    opened = _TEXT.search(page)
    if opened is None:
        return None
    blocks: list[Block] = []
    depth, start, end = 0, opened.end(), opened.end()
    for tag in _TAG.finditer(page, end):
        place = tag.start()
        is_closing = page[place + 1] == _SLASH
        if depth == 0:
            alone = _alone(page[end:place])
            if alone is None:
                return None
            blocks += alone
            if is_closing:
                return Blocks(page[: opened.end()], tuple(blocks), page[place:])
            start = place
        if is_closing:
            depth -= 1
        elif page[tag.end() - 2] != _SLASH:
            depth += 1
        if depth == 0:
            end = tag.end()
            blocks.append(_block(page[start:end]))
    return None


def _alone(between: bytes) -> list[Block] | None:
    """What stands between elements with an end: those without one, or None where there is something else."""
    found = [_block(tag) for tag in _VOID_TAG.findall(between)]
    return None if _VOID_TAG.sub(b"", between).strip() else found


def changes(before: Blocks, after: Blocks) -> Changes | None:
    """Return how one page becomes another, or None where more than their blocks differs."""
    if (before.before, before.after) != (after.before, after.after):
        return None
    spliced: list[tuple[int, int, tuple[str, ...]]] = []
    moved: list[tuple[int, int, int]] = []
    for low, high, start, stop in _otherwise(before.blocks, after.blocks, moved):
        spliced.append((low, high - low, tuple(block.text.decode() for block in after.blocks[start:stop])))
    return Changes(len(before.blocks), tuple(spliced), tuple(moved))


def _otherwise(
    before: Sequence[Block], after: Sequence[Block], moved: list[tuple[int, int, int]]
) -> list[tuple[int, int, int, int]]:
    """The stretches that say something else, and in `moved` how far the others moved."""
    found: list[tuple[int, int, int, int]] = []
    matcher = SequenceMatcher(None, [one.said for one in before], [one.said for one in after], autojunk=False)
    for kind, low, high, start, stop in matcher.get_opcodes():
        if kind != "equal":
            found.append((low, high, start, stop))
            continue
        for was, now in zip(range(low, high), range(start, stop), strict=True):
            steps = {new - old for old, new in zip(before[was].lines, after[now].lines, strict=True)}
            if len(steps) > 1:  # its parts moved apart
                found.append((was, was + 1, now, now + 1))
            elif steps and (step := steps.pop()):
                if moved and moved[-1][0] + moved[-1][1] == now and moved[-1][2] == step:
                    moved[-1] = (moved[-1][0], moved[-1][1] + 1, step)
                else:
                    moved.append((now, 1, step))
    return found


def _block(text: bytes) -> Block:
    if b" data-line=" not in text:
        return Block(text, text, ())
    parts = _LINE.split(text)
    return Block(text, b" data-line".join(parts[::2]), tuple(map(int, parts[1::2])))
