"""Rows and who asked whom, packed into one piece of bytes that is read without looking at each row.

A project of 10,000 topics has a million rows: as Python's objects they would take seconds to read and gigabytes to
hold, and a build after an edit needs a few thousand of them.
"""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple
from zlib import crc32

from pipeline.memo.engine import Key

NONE = 2**32 - 1  # the height of a name without a row
_ARRAYS = {
    "name_ends": "Q",
    "slots": "I",
    "heights": "I",
    "starts": "Q",
    "sizes": "Q",
    "asked_ends": "Q",
    "asked": "I",
    "asker_ends": "Q",
    "askers": "I",
    "leaves": "I",
}


class Row(NamedTuple):
    """An answer: its digest, the numbers of what it asked, where it lies, and how far above the world outside it is.

    The height is more than that of everything asked, so that from low to high each comes after what it asked.
    """

    digest: bytes
    asked: Sequence[int]
    start: int
    size: int
    height: int


def name_of(key: Key) -> bytes:
    """A key as bytes, other ones for each other key."""
    text = "\0".join(key)
    if text.count("\0") >= len(key):
        text = "\0" + repr(key)  # the name of a query is never empty, so no other name begins like this
    return text.encode("utf-8", "surrogatepass")


def key_of(name: bytes) -> Key:
    """The key of a name."""
    text = name.decode("utf-8", "surrogatepass")
    if text.startswith("\0"):
        from ast import literal_eval

        key: Key = literal_eval(text[1:])
        return key
    return tuple(text.split("\0"))


def packed(names: Sequence[bytes], rows: Sequence[Row | None]) -> bytes:
    """Names with their rows as bytes; the number of each is its place."""
    count, mask = len(names), _room(len(names)) - 1
    slots, number_of_askers = array("I", bytes(4 * (mask + 1))), array("Q", bytes(8 * (count + 1)))
    for number, name in enumerate(names):
        slot = crc32(name) & mask
        while slots[slot]:
            slot = (slot + 1) & mask
        slots[slot] = number + 1
    asked, asked_ends = array("I"), array("Q")
    for row in rows:
        if row is not None:
            asked.extend(row.asked)
        asked_ends.append(len(asked))
    for one in asked:
        number_of_askers[one + 1] += 1
    starts = array("Q", accumulate(number_of_askers))
    askers, free = array("I", bytes(4 * len(asked))), array("Q", starts)
    for number, row in enumerate(rows):
        for one in row.asked if row is not None else ():
            askers[free[one]] = number
            free[one] += 1
    arrays = {
        "name_ends": array("Q", accumulate(map(len, names))),
        "slots": slots,
        "heights": array("I", (NONE if row is None else row.height for row in rows)),
        "starts": array("Q", (0 if row is None else row.start for row in rows)),
        "sizes": array("Q", (0 if row is None else row.size for row in rows)),
        "asked_ends": asked_ends,
        "asked": asked,
        "asker_ends": starts[1:],
        "askers": askers,
        "leaves": array("I", (number for number, row in enumerate(rows) if row is not None and not row.asked)),
    }
    pieces = {name: found.tobytes() for name, found in arrays.items()}
    pieces["names"] = b"".join(names)
    pieces["digests"] = b"".join(bytes(16) if row is None else row.digest for row in rows)
    head = marshal.dumps({name: len(piece) for name, piece in pieces.items()})
    return b"".join((len(head).to_bytes(4, "little"), head, *pieces.values()))


class Table:
    """What `packed` gave. Raises ValueError, EOFError or TypeError where it is something else."""

    def __init__(self, content: bytes) -> None:
        view = memoryview(content)
        place = 4 + int.from_bytes(view[:4], "little")
        pieces: dict[str, memoryview] = {}
        for name, size in marshal.loads(view[4:place]).items():
            pieces[name] = view[place : place + size]
            place += size
        self._names, self._digests = pieces["names"], pieces["digests"]
        parts = {name: array(kind, pieces[name].tobytes()) for name, kind in _ARRAYS.items()}
        self._name_ends, self._slots, self._heights = parts["name_ends"], parts["slots"], parts["heights"]
        self._starts, self._sizes = parts["starts"], parts["sizes"]
        self._asked_ends, self._asked = parts["asked_ends"], parts["asked"]
        self._asker_ends, self._askers = parts["asker_ends"], parts["askers"]
        self.leaves: Sequence[int] = parts["leaves"]  # the rows that asked nothing

    def __len__(self) -> int:
        return len(self._name_ends)

    def number(self, name: bytes) -> int | None:
        mask = len(self._slots) - 1
        slot = crc32(name) & mask
        while found := self._slots[slot]:
            if self.name(found - 1) == name:
                return int(found - 1)
            slot = (slot + 1) & mask
        return None

    def name(self, number: int) -> bytes:
        return bytes(self._names[self._name_ends[number - 1] if number else 0 : self._name_ends[number]])

    def height(self, number: int) -> int:
        """How high a row is, -1 where there is none."""
        found: int = self._heights[number]
        return -1 if found == NONE else found

    def asked(self, number: int) -> Sequence[int]:
        return self._asked[self._asked_ends[number - 1] if number else 0 : self._asked_ends[number]]

    def askers(self, number: int) -> Sequence[int]:
        return self._askers[self._asker_ends[number - 1] if number else 0 : self._asker_ends[number]]

    def digest(self, number: int) -> bytes:
        return bytes(self._digests[16 * number : 16 * number + 16])

    def row(self, number: int) -> Row | None:
        height = self.height(number)
        if height < 0:
            return None
        return Row(self.digest(number), self.asked(number), self._starts[number], self._sizes[number], height)

    def names(self) -> Iterator[bytes]:
        return map(self.name, range(len(self)))


def _room(count: int) -> int:
    """How many slots there are for so many names: a power of two, at least half of them free."""
    return 1 << max(3, (2 * count).bit_length())
