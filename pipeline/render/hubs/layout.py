"""Where boxes and arrows stand: a column for each step of the way, each box right of all it builds on."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

COLUMN, ROW = 230, 92  # pixels from one box to the next
WIDTH, HEIGHT = 176, 66  # pixels of a box
MARGIN = 14  # pixels around all of them
LEGEND = 36  # pixels below them


@dataclass(frozen=True, slots=True)
class Box:
    """A topic; `left` and `top` in pixels from the picture's upper left corner."""

    slug: str
    title: str
    note: str
    group: str
    left: int
    top: int

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        return self.left, self.top, self.left + WIDTH, self.top + HEIGHT


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a box to one that builds on it. `way` are points in pixels: from the first, then from each second one, it
    bends over to the next; between them, where it passes other boxes, it runs straight."""

    start: str
    end: str
    way: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture of `width` by `height` pixels."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    legend: tuple[tuple[str, int], ...]  # each group with where its entry starts, in pixels from the left


def laid_out(
    titles: Mapping[str, str],
    notes: Mapping[str, str],
    groups: Mapping[str, str],
    needs: Mapping[str, tuple[str, ...]],
    order: tuple[str, ...] = (),
) -> Layout:
    """Place every key of `titles`; `order` is that of the groups.

    `needs` names what each one builds on and goes round in no circle.
    """
    depth: dict[str, int] = {}

    def depth_of(slug: str) -> int:
        if slug not in depth:
            depth[slug] = 1 + max((depth_of(name) for name in needs[slug]), default=-1)
        return depth[slug]

    columns: list[list[str]] = []
    for slug in sorted(titles):
        while len(columns) <= depth_of(slug):
            columns.append([])
        columns[depth_of(slug)].append(slug)
    joined = tuple((name, slug) for slug in sorted(titles) for name in _direct(slug, needs))
    _untangle(columns, joined)
    rows = max((len(column) for column in columns), default=0)
    boxes = []
    for number, column in enumerate(columns):
        start = MARGIN + (rows - len(column)) * ROW // 2
        for place, slug in enumerate(column):
            left, top = MARGIN + number * COLUMN, start + place * ROW
            boxes.append(Box(slug, titles[slug], notes[slug], groups[slug], left, top))
    places = {box.slug: box for box in boxes}
    arrows = tuple(Arrow(start, end, _way(places[start], places[end], boxes)) for start, end in joined)
    used = dict.fromkeys(groups[slug] for slug in sorted(titles))
    legend, end = _legend([*(name for name in order if name in used), *(name for name in used if name not in order)])
    width = max(2 * MARGIN + max(len(columns) - 1, 0) * COLUMN + WIDTH, end)
    height = 2 * MARGIN + max(rows - 1, 0) * ROW + HEIGHT + LEGEND
    return Layout(width, height, tuple(boxes), arrows, legend)


def columns_of(text: str) -> int:
    """How wide a text is; a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _legend(names: list[str]) -> tuple[tuple[tuple[str, int], ...], int]:
    """The entries side by side, and where the last one ends."""
    left, entries = MARGIN, []
    for name in names:
        entries.append((name, left))
        left += 44 + round(6.6 * columns_of(name))
    return tuple(entries), left


def _way(start: Box, end: Box, boxes: list[Box]) -> tuple[tuple[int, int], ...]:
    """Out at the right, through the gaps of the columns between, in at the left."""
    here, there = (start.left + WIDTH, start.top + HEIGHT // 2), (end.left, end.top + HEIGHT // 2)
    way = [here]
    for left in sorted({box.left for box in boxes if start.left < box.left < end.left}):
        straight = here[1] + (there[1] - here[1]) * (left - here[0]) // (there[0] - here[0])
        tops = [box.top for box in boxes if box.left == left]
        gaps = [top - (ROW - HEIGHT) // 2 for top in (*tops, max(tops) + ROW)]
        gap = min(gaps, key=lambda y: abs(y - straight))
        way += [(left, gap), (left + WIDTH, gap)]
    return (*way, there)


def _direct(slug: str, needs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What `slug` needs and none of its other needs needs already."""

    def all_of(name: str) -> set[str]:
        return {name}.union(*(all_of(below) for below in needs[name]))

    return tuple(
        name
        for name in needs[slug]
        if not any(name in all_of(below) for other in needs[slug] if other != name for below in needs[other])
    )


def _untangle(columns: list[list[str]], pairs: tuple[tuple[str, str], ...]) -> None:
    """Put each box near the middle of those it is joined to: fewer arrows cross."""
    joined: dict[str, list[str]] = {slug: [] for column in columns for slug in column}
    for start, end in pairs:
        joined[start].append(end)
        joined[end].append(start)
    for _ in range(6):
        place = {
            slug: (number + 0.5) / len(column) for column in columns for number, slug in enumerate(column)
        }  # from 0, the top, to 1
        for column in columns:
            middle = {
                slug: sum(place[name] for name in joined[slug]) / len(joined[slug]) if joined[slug] else place[slug]
                for slug in column
            }
            column.sort(key=lambda slug: (middle[slug], slug))
