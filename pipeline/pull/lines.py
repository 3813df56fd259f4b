"""The lines of a page, before and after a person's edit, and which of them became which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Formulas and code on lines of their own are one line: whoever changes a part of them changes them.
LINE = re.compile(
    r'<math display="block">.*?</math>[^\n]*|<syntaxhighlight.*?</syntaxhighlight>[^\n]*|<pre.*?</pre>[^\n]*|[^\n]*',
    re.DOTALL,
)
ALIKE = 0.34  # what two lines must have in common to be one line before and after


@dataclass(frozen=True, slots=True)
class Line:
    start: int
    text: str
    number: int  # counted from 1

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines [i, j) became lines [k, m)."""

    i: int
    j: int
    k: int
    m: int


def lines_of(text: str) -> list[Line]:
    found: list[Line] = []
    place, number = 0, 1
    while place <= len(text):
        match = LINE.match(text, place)
        piece = match[0] if match else ""
        found.append(Line(place, piece, number))
        place += len(piece) + 1
        number += piece.count("\n") + 1
    return found


def hunks(before: Sequence[Line], after: Sequence[Line]) -> list[Hunk]:
    """The places where two texts differ."""
    matcher = SequenceMatcher(None, [line.text for line in before], [line.text for line in after], autojunk=False)
    return [Hunk(i, j, k, m) for operation, i, j, k, m in matcher.get_opcodes() if operation != "equal"]


def carried(edit: Hunk, moves: Sequence[Hunk]) -> Hunk | None:
    """Where the lines of `edit` stand after `moves` of the same text, None where one of them touched these lines."""
    shift = 0
    for move in moves:
        if move.j <= edit.i and not (move.i == move.j == edit.i == edit.j):
            shift += (move.m - move.k) - (move.j - move.i)
        elif move.i < edit.j or move.i == edit.i:
            return None
    return Hunk(edit.i + shift, edit.j + shift, edit.k, edit.m)


def paired(before: Sequence[Line], after: Sequence[Line], hunk: Hunk) -> list[Hunk]:
    """Split a hunk into lines that became another line, and runs of lines that came or went."""
    ours, theirs = before[hunk.i : hunk.j], after[hunk.k : hunk.m]
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    scores = [[_alike(one.text, other.text) for other in theirs] for one in ours]
    for i in range(len(ours) - 1, -1, -1):
        for k in range(len(theirs) - 1, -1, -1):
            pair = best[i + 1][k + 1] + scores[i][k] if scores[i][k] else 0.0
            best[i][k] = max(best[i + 1][k], best[i][k + 1], pair)
    found: list[Hunk] = []
    i = k = first_i = first_k = 0
    while i < len(ours) and k < len(theirs):
        if scores[i][k] and best[i][k] == best[i + 1][k + 1] + scores[i][k]:
            if first_i < i or first_k < k:
                found.append(Hunk(hunk.i + first_i, hunk.i + i, hunk.k + first_k, hunk.k + k))
            if ours[i].text != theirs[k].text:
                found.append(Hunk(hunk.i + i, hunk.i + i + 1, hunk.k + k, hunk.k + k + 1))
            i, k = i + 1, k + 1
            first_i, first_k = i, k
        elif best[i][k] == best[i + 1][k]:
            i += 1
        else:
            k += 1
    if first_i < len(ours) or first_k < len(theirs):
        found.append(Hunk(hunk.i + first_i, hunk.j, hunk.k + first_k, hunk.m))
    return found


def _alike(one: str, other: str) -> float:
    """How much two lines have in common; 0 where they are not the same line."""
    if not one or not other:
        return 0.01 if one == other else 0.0
    words, others = (re.findall(r"[^\W\u3040-\u9fff]+|\S", text) for text in (one, other))
    if not words or not others:
        return 1.0 if one == other else 0.0
    ratio = SequenceMatcher(None, words, others, autojunk=False).ratio()
    return ratio if ratio >= ALIKE else 0.0
