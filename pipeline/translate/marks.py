"""Marks: the comments in a translation that say what is still to be done, above what they speak of.

In prose they are lines that start with `%`, in the head such that start with `#`; neither is shown to readers.
"""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.errors import Where

PROSE, HEAD = "%", "#"
WIDTH = 112
SAID = {
    "untranslated": "this is the source's text; write it in your language, then delete this line",
    "outdated": "the source changed; bring what stands below up to date, then delete these lines",
    "removed": "the source no longer says this; delete these lines",
    "untraced": "nobody knows from which text of the source this was made; compare it, then delete this line",
    "fuzzy": "its translator was not sure; look at it, then delete this line",
}
KINDS = "|".join(SAID)
MARK = re.compile(rf"[ \t]*[%#] ({KINDS}): ")
SHOWN = re.compile(r"[ \t]*[%#] \|")
TOKEN = re.compile(r"\s+|[^\s\w]|[^\W\u2e80-\u9fff\uf900-\ufaff]+|\w")


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark that stands in a file."""

    kind: str
    where: Where


def mark(kind: str, shown: str = "", sign: str = PROSE) -> tuple[str, ...]:
    """The lines of a mark; `shown` is what it shows, such as a diff."""
    lines = [
        piece
        for line in shown.split("\n")
        for piece in textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False, drop_whitespace=True)
    ]
    return (f"{sign} {kind}: {SAID[kind]}", *(f"{sign} | {line}" for line in lines))


def is_of_mark(line: str) -> bool:
    """Whether a line is part of a mark."""
    return bool(MARK.match(line) or SHOWN.match(line))


def kinds(comments: Iterable[str]) -> tuple[str, ...]:
    """The kinds of the marks among the lines."""
    return tuple(match[1] for line in comments if (match := MARK.match(line)))


def without(comments: Iterable[str], *which: str) -> tuple[str, ...]:
    """The lines without the marks of these kinds, or without any when none is named."""
    kept, inside = [], False
    for line in comments:
        match = MARK.match(line)
        inside = (not which or match[1] in which) if match else inside and bool(SHOWN.match(line))
        if not inside:
            kept.append(line)
    return tuple(kept)


def marks(text: str, file: str) -> Iterator[Mark]:
    """The marks in a translation's text, in the order of their lines; what stands in fences is no mark."""
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        opened = re.match(r"(`{3,}|~{3,})", bare)
        if fence:
            fence = "" if bare.startswith(fence) and not bare.strip(fence[0]) else fence
        elif opened:
            fence = opened[1]
        elif match := MARK.match(line):
            yield Mark(match[1], Where(file, number, line.index(match[0].strip()[0]) + 1))


def word_diff(old: str, new: str) -> str:
    """One text that shows both: `[-words that went-]` and `{+words that came+}`."""
    return "".join(
        piece if kind == " " else f"[-{piece}-]" if kind == "-" else f"{{+{piece}+}}"
        for kind, piece in changed_words(old, new)
    )


def changed_words(old: str, new: str) -> list[tuple[str, str]]:
    """Runs of words: (" ", in both), ("-", only in `old`), ("+", only in `new`), in reading order.

    Line ends inside a paragraph count as spaces. A Chinese sign is a word.
    """
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    was, becomes = ([" " if token.isspace() else token for token in tokens] for tokens in (before, after))
    runs: list[tuple[str, str]] = []
    for _, low, high, start, end in difflib.SequenceMatcher(None, was, becomes, autojunk=False).get_opcodes():
        if was[low:high] == becomes[start:end]:
            runs.append((" ", "".join(after[start:end])))
            continue
        if low < high:
            runs.append(("-", "".join(before[low:high])))
        if start < end:
            runs.append(("+", "".join(after[start:end])))
    return _joined(runs)


def _joined(runs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Runs where a lone space between two changes belongs to them: one change of two words reads better than two."""
    found: list[list[str]] = []  # [kept, gone, come]
    for kind, piece in runs:
        if kind == " ":
            if found and piece.isspace() and piece == " " and (found[-1][1] or found[-1][2]):
                found[-1][1] += piece
                found[-1][2] += piece
            else:
                found.append([piece, "", ""])
        else:
            if not found:
                found.append(["", "", ""])
            found[-1][1 if kind == "-" else 2] += piece
    out: list[tuple[str, str]] = []
    for kept, gone, come in found:
        tail = " " if gone.endswith(" ") and come.endswith(" ") else ""
        gone, come = gone[: len(gone) - len(tail)], come[: len(come) - len(tail)]
        out += [(kind, piece) for kind, piece in ((" ", kept), ("-", gone), ("+", come), (" ", tail)) if piece]
    return out


def marked_lines(text: str, kind: str) -> frozenset[int]:
    """The lines of a file that stand under a mark of this kind, counted from 1."""
    lines = text.split("\n")
    found: set[int] = set()
    for one in marks(text, ""):
        if one.kind != kind:
            continue
        number = one.where.line  # of the line below the mark, from 0
        while number < len(lines) and lines[number].lstrip().startswith(lines[one.where.line - 1].lstrip()[0] + " "):
            number += 1
        if lines[one.where.line - 1].lstrip().startswith(HEAD):
            indent, start = one.where.column - 1, number
            while number < len(lines) and (
                number == start or len(lines[number]) - len(lines[number].lstrip()) > indent
            ):
                number += 1
                found.add(number)
            continue
        while number < len(lines) and lines[number].strip():
            number += 1
            found.add(number)
    return frozenset(found)
