"""What changed on a page, where that is one element: a browser has it in its place sooner than a whole page."""

from __future__ import annotations

from dataclasses import dataclass

# Elements that never stand in others of their own kind and whose ends are written, so that they can be cut out as text.
LEAVES = ("p", "h2", "h3", "h4", "dt", "td", "th", "caption", "figcaption")


@dataclass(frozen=True, slots=True)
class Piece:
    """The element of the kind `tag` that has `index` others of its kind before it: as it was, and as it is now."""

    tag: str
    index: int
    was: str
    now: str


def changed_piece(before: bytes, after: bytes) -> Piece | None:
    """Return the element in which two versions of a page differ, or None where more than one is needed."""
    start = _same_signs(before, after)
    if start == len(before) == len(after):
        return None
    end = _same_signs_at_the_end(before, after, min(len(before), len(after)) - start)
    place, tag = max((_last_opened(before, tag, start), tag) for tag in LEAVES)
    if place < 0 or place + len(tag) + 1 >= start:  # which element it is must be the same
        return None
    closing = f"</{tag}>".encode()
    cut = []
    for text in (before, after):
        found = text.find(closing, place)
        stop = found + len(closing)
        if found < 0 or stop < len(text) - end or _opened(text, tag, place, stop) != 1:
            return None
        cut.append((text[place:stop], len(text) - stop))
    (was, rest), (now, new_rest) = cut
    if rest != new_rest:
        return None
    return Piece(tag, _opened(before, tag, 0, place), was.decode(), now.decode())


def _last_opened(text: bytes, tag: str, end: int) -> int:
    return max(text.rfind(f"<{tag}{sign}".encode(), 0, end) for sign in " >")


def _opened(text: bytes, tag: str, start: int, end: int) -> int:
    return sum(text.count(f"<{tag}{sign}".encode(), start, end) for sign in " >")


def _same_signs(one: bytes, other: bytes) -> int:
    """How many signs they begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _same_signs_at_the_end(one: bytes, other: bytes, most: int) -> int:
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
