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
    was, now = before.blocks, after.blocks
    spliced: list[tuple[int, int, tuple[str, ...]]] = []
    moved: list[tuple[int, int, int]] = []
    matcher = SequenceMatcher(None, [one.said for one in was], [one.said for one in now], autojunk=False)
    for kind, low, high, start, stop in matcher.get_opcodes():
        if kind != "equal":
            spliced.append((low, high - low, _texts(now[start:stop])))
            continue
        for old, new in zip(range(low, high), range(start, stop), strict=True):
            steps = {there - here for here, there in zip(was[old].lines, now[new].lines, strict=True)}
            if len(steps) > 1:  # its parts moved apart
                spliced.append((old, 1, _texts(now[new : new + 1])))
            elif steps and (step := steps.pop()):
                _note_move(moved, new, step)
    return Changes(len(was), tuple(spliced), tuple(moved))


def _texts(blocks: Sequence[Block]) -> tuple[str, ...]:
    return tuple(block.text.decode() for block in blocks)


def _note_move(moved: list[tuple[int, int, int]], place: int, step: int) -> None:
    """Add a block that moved to the last stretch, where it goes on there and as far."""
    start, number, before = moved[-1] if moved else (0, 0, 0)
    if (start + number, before) == (place, step):
        moved[-1] = (start, number + 1, step)
    else:
        moved.append((place, 1, step))


def _block(text: bytes) -> Block:
    if b" data-line=" not in text:
        return Block(text, text, ())
    parts = _LINE.split(text)
    return Block(text, b" data-line".join(parts[::2]), tuple(map(int, parts[1::2])))
