"""Which section, and in it which block, of one language stands beside which of another: in order, gaps where none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.translate.align import Pairs, with_translation
from pipeline.translate.text import Block, File, Section

Pair = tuple[int | None, int | None]  # numbers from 0, left and right; None where that side has nothing


@dataclass(frozen=True, slots=True)
class Text:
    """A page's text taken apart, and the id that each of its sections has in the source: none where nobody knows."""

    file: File
    names: tuple[str, ...] = ()
    is_source: bool = False


def paired_sections(left: Text, right: Text) -> list[Pair]:
    """The sections of two languages side by side, in the order of the left one.

    By the source's ids where both sides know them; else in order where there are as many; else by what they keep.
    """
    ours, theirs = left.file.sections, right.file.sections
    pairs: Pairs = {}
    if len(left.names) == len(ours) and len(right.names) == len(theirs):
        places = {name: number for number, name in enumerate(right.names)}
        pairs = {number: places[name] for number, name in enumerate(left.names) if name in places}
        # a section whose heading was renamed has another id: it belongs to the one that is left over at its place
        for low, high, start, end in _between(pairs, len(ours), len(theirs)):
            if high - low == end - start:
                pairs.update(zip(range(low, high), range(start, end), strict=True))
    elif len(ours) == len(theirs):
        pairs = {number: number for number in range(len(ours))}
    else:
        one, other = (tuple(map(_as_block, sections)) for sections in (ours, theirs))
        pairs = {0: 0, **{a + 1: b + 1 for a, b in _kin(one[1:], other[1:], right.is_source).items()}}
    return merged(len(ours), len(theirs), pairs)


def paired_blocks(left: Section, right: Section, right_is_source: bool = False) -> list[Pair]:
    """The blocks of two sections side by side; in order where both have the same kinds of blocks."""
    ours, theirs = left.blocks, right.blocks
    if [_shape(block) for block in ours] == [_shape(block) for block in theirs]:
        return [(number, number) for number in range(len(ours))]
    return merged(len(ours), len(theirs), _kin(ours, theirs, right_is_source))


def merged(left: int, right: int, pairs: Pairs) -> list[Pair]:
    """All numbers below `left` and below `right`, paired ones together: what only the right has stands where it does
    there, behind the block it stands behind."""
    back = {there: here for here, there in pairs.items()}
    found: list[Pair] = []
    told = 0
    for here in range(left):
        there = pairs.get(here)
        if there is not None:
            found += [(None, number) for number in range(told, there) if number not in back]
            told = max(told, there + 1)
        found.append((here, there))
    return [*found, *((None, number) for number in range(told, right) if number not in back)]


def _kin(ours: Sequence[Block], theirs: Sequence[Block], right_is_source: bool) -> Pairs:
    """Pair blocks; the source's cells are embedded in a translation, so it matters which of the two it is."""
    if right_is_source:
        return {here: there for there, here in with_translation(theirs, ours).items()}
    return with_translation(ours, theirs)


def _between(pairs: Pairs, left: int, right: int) -> list[tuple[int, int, int, int]]:
    """The stretches without a pair between pairs that stand in the same order: from and to on either side."""
    found, low, start = [], 0, 0
    for here, there in [*sorted(pairs.items()), (left, right)]:
        if there >= start:
            found.append((low, here, start, there))
            low, start = here + 1, there + 1
    return [one for one in found if one[0] < one[1] and one[2] < one[3] and _free(one, pairs)]


def _free(stretch: tuple[int, int, int, int], pairs: Pairs) -> bool:
    low, high, start, end = stretch
    return not any(number in pairs for number in range(low, high)) and not any(
        number in pairs.values() for number in range(start, end)
    )


def _shape(block: Block) -> tuple[str, str]:
    return "embed" if block.kind == "code-cell" else block.kind, block.label


def _as_block(section: Section) -> Block:
    """A section as one long block, to be compared by what a translation keeps of it."""
    first = section.blocks[0] if section.blocks else Block("", "", 0)
    level = len(first.text) - len(first.text.lstrip("#")) if first.kind == "heading" else 0
    return Block(f"section of level {level}", "\n\n".join(block.text for block in section.blocks), first.line)
