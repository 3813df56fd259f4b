"""Show where on a page something stands: the section, a few words around, and what was looked for marked in them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from pipeline.folded import HAN, folded, folded_with_places
from pipeline.memo.texts import PIECES, SECTIONS, PageText
from pipeline.preview.wanted import Term
from pipeline.render.plain_page import Piece, PlainSection

BEFORE = 0.25  # of a snippet stands before the first word that is marked
ELLIPSIS = "…"
_IS_HAN = re.compile(rf"[{HAN}]")


class Run(NamedTuple):
    """A part of a text, marked or not."""

    text: str
    is_marked: bool


class Size(NamedTuple):
    """How much of a text is shown: so many signs (in Chinese half of them say as much), so many lines of code."""

    signs: int = 200
    lines: int = 3


Marked = tuple[Run, ...]
FULL = Size()
Place = tuple[int, int, Term]  # from, to, and the term that stands there


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage of a page: the heading of its section ("" before the first), its anchor, and some of its words."""

    heading: Marked
    anchor: str
    words: Marked
    is_code: bool = False


def snippets(page: PageText, terms: Sequence[Term], most: int, size: Size = FULL) -> tuple[Snippet, ...]:
    """The sections that have the most of the terms, at most so many; where only the title has any, how it begins."""
    title, *texts = page.folded_text.split(SECTIONS)
    new = [term for term in terms if not term.is_in(title)]
    weighed = [(_weight(text, terms, new), text, section) for text, section in zip(texts, page.sections, strict=True)]
    best = max(weight[:2] for weight, _, _ in weighed)
    if best == (0, 0):
        beginning = next((piece for section in page.sections for piece in section.pieces), Piece(""))
        return (Snippet((), "", _cut(beginning, terms, size), beginning.is_code),)
    # sorting is stable: of sections that weigh the same the first comes first
    chosen = sorted((one for one in weighed if one[0][:2] == best), key=lambda one: one[0], reverse=True)[:most]
    return tuple(_snippet(section, text.split(PIECES)[1:], terms, size) for _, text, section in chosen)


def marked(text: str, terms: Sequence[Term]) -> Marked:
    """The text in runs, each occurrence of a term marked."""
    return _runs(text, 0, len(text), _places(text, terms))


def _weight(text: str, terms: Sequence[Term], new: Sequence[Term]) -> tuple[int, int, int, int]:
    """How many terms a folded section has that its page's title lacks, how many in all, in its heading, how often."""
    heading = text.partition(PIECES)[0]
    return (
        sum(term.is_in(text) for term in new),
        sum(term.is_in(text) for term in terms),
        sum(term.is_in(heading) for term in terms),
        sum(term.count(text) for term in terms),
    )


def _snippet(section: PlainSection, texts: Sequence[str], terms: Sequence[Term], size: Size) -> Snippet:
    def weight(one: tuple[Piece, str]) -> tuple[int, bool, int]:
        piece, text = one
        return sum(term.is_in(text) for term in terms), not piece.is_code, sum(term.count(text) for term in terms)

    best = max(zip(section.pieces, texts, strict=True), key=weight, default=(Piece(""), ""))[0]
    return Snippet(marked(section.heading, terms), section.anchor, _cut(best, terms, size), best.is_code)


def _cut(piece: Piece, terms: Sequence[Term], size: Size) -> Marked:
    """Part of a text around the place where the most different terms stand together."""
    text, places = piece.text, _places(piece.text, terms)
    width = size.signs // 2 if _IS_HAN.search(text) else size.signs
    first = _densest(places, width)
    if piece.is_code:
        return _lines(text, first, places, size.lines)
    start = max(0, min(first - int(BEFORE * width), len(text) - width))
    end = min(len(text), start + width)
    start, end = _word_start(text, start), _word_end(text, end)
    runs = _runs(text, start, end, places)
    before = (Run(ELLIPSIS, False),) if start else ()
    return (*before, *runs, *((Run(ELLIPSIS, False),) if end < len(text) else ()))


def _densest(places: Sequence[Place], width: int) -> int:
    """Where the most different terms stand within so many signs, the first place of several; 0 where none does."""
    starts = [start for start, _, _ in places]
    best, most = 0, 0
    for number, start in enumerate(starts):
        count = len({term for _, _, term in places[number : bisect_left(starts, start + width)]})
        if count > most:
            best, most = start, count
    return best


def _lines(text: str, first: int, places: Sequence[Place], most: int) -> Marked:
    """Whole lines of code from the one where `first` is to an empty one, without what all of them are indented by."""
    start = text.rfind("\n", 0, first) + 1
    lines = list(takewhile(str.strip, text[start:].split("\n")))[:most]
    indent = min((len(line) - len(line.lstrip(" ")) for line in lines), default=0)
    runs: list[Run] = []
    for line in lines:
        end = start + len(line)
        runs += (*((Run("\n", False),) if runs else ()), *_runs(text, min(start + indent, end), end, places))
        start = end + 1
    return tuple(runs)


def _places(text: str, terms: Sequence[Term]) -> list[Place]:
    """Where the terms stand in a text, from its beginning to its end."""
    bare, origin = folded_with_places(text)
    return sorted(
        (
            (origin[at], _with_accents(text, origin[at + len(term.text) - 1] + 1), term)
            for term in terms
            for at in term.places(bare)
        ),
        key=lambda place: place[:2],
    )


def _with_accents(text: str, end: int) -> int:
    """The end of a letter whose accent is a sign of its own."""
    while end < len(text) and not folded(text[end]):
        end += 1
    return end


def _runs(text: str, start: int, end: int, places: Sequence[Place]) -> Marked:
    runs: list[Run] = []
    done = start
    for low, high, _ in places:
        low, high = max(low, done), min(high, end)
        if low >= high:
            continue
        if low > done:
            runs.append(Run(text[done:low], False))
        if runs and runs[-1].is_marked and low == done:
            runs[-1] = Run(runs[-1].text + text[low:high], True)
        else:
            runs.append(Run(text[low:high], True))
        done = high
    if done < end:
        runs.append(Run(text[done:end], False))
    return tuple(runs)


def _word_start(text: str, place: int) -> int:
    """The start of the next word, unless that is far, as in Chinese."""
    gap = text.find(" ", place, place + 20)
    return place if place == 0 or gap < 0 or text[place - 1 : place] == " " else gap + 1


def _word_end(text: str, place: int) -> int:
    gap = text.rfind(" ", place - 20, place)
    return place if place == len(text) or gap < 0 or text[place : place + 1] == " " else gap
