"""Apostrophes that make bold and italics, balanced line by line as MediaWiki's parser does (doQuotes)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.read.article import NOWHERE
from pipeline.read.document import Emphasis, Inline, Strong, Text

RUN = re.compile(r"'{2,}")
ITALIC, BOLD, BOTH = 2, 3, 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of two, three or five apostrophes."""

    count: int


@dataclass(frozen=True, slots=True)
class _Styled:
    node: Inline
    bold: bool
    italic: bool


def marks_in(text: str) -> list[Text | Mark]:
    """Split a text at its runs of apostrophes; of four the first is a letter, of more than five all but five are."""
    found: list[Text | Mark] = []
    place = 0
    for match in RUN.finditer(text):
        count = len(match[0])
        kept = count if count in (ITALIC, BOLD, BOTH) else BOLD if count == BOLD + 1 else BOTH
        found += [Text(text[place : match.end() - kept], NOWHERE), Mark(kept)]
        place = match.end()
    found.append(Text(text[place:], NOWHERE))
    return [part for part in found if isinstance(part, Mark) or part.text]


def styled(parts: Sequence[Inline | Mark]) -> list[Inline]:
    """Turn the marks of one line into emphasis; what is left open ends with the line."""
    bold = italic = False
    found: list[_Styled] = []
    for part in _balanced(parts):
        if isinstance(part, Mark):
            if part.count == BOTH and bold != italic:
                bold, italic = italic, bold
            elif part.count == BOTH:
                bold, italic = not bold, not italic
            elif part.count == BOLD:
                bold = not bold
            else:
                italic = not italic
        else:
            found.append(_Styled(part, bold, italic))
    return _nested(found)


def _balanced(parts: Sequence[Inline | Mark]) -> list[Inline | Mark]:
    """Where both kinds are odd, one run of three is an apostrophe in front of italics: l'''amour''."""
    marks = [part.count for part in parts if isinstance(part, Mark)]
    bolds = sum(count in (BOLD, BOTH) for count in marks)
    italics = sum(count in (ITALIC, BOTH) for count in marks)
    if not (bolds % 2 and italics % 2):
        return list(parts)
    one_letter = word = space = -1
    for number, part in enumerate(parts):
        if isinstance(part, Mark) and part.count == BOLD:
            before = parts[number - 1] if number else None
            text = before.text if isinstance(before, Text) else ""
            if text.endswith(" ") or not text:
                space = number if space < 0 else space
            elif text[-2:-1] == " " or len(text) == 1:
                one_letter = number if one_letter < 0 else one_letter
            else:
                word = number if word < 0 else word
    chosen = next((number for number in (one_letter, word, space) if number >= 0), -1)
    if chosen < 0:
        return list(parts)
    return [*parts[:chosen], Text("'", NOWHERE), Mark(ITALIC), *parts[chosen + 1 :]]


def _nested(parts: Sequence[_Styled]) -> list[Inline]:
    found: list[Inline] = []
    place = 0
    while place < len(parts):
        bold, italic = _reach(parts, place, "bold"), _reach(parts, place, "italic")
        if not bold and not italic:
            found.append(parts[place].node)
            place += 1
        elif bold > italic:  # of both at once Markdown reads the italics as the outer ones
            inner = _nested([_Styled(one.node, False, one.italic) for one in parts[place : place + bold]])
            found.append(Strong(tuple(inner), NOWHERE))
            place += bold
        else:
            inner = _nested([_Styled(one.node, one.bold, False) for one in parts[place : place + italic]])
            found.append(Emphasis(tuple(inner), NOWHERE))
            place += italic
    return found


def _reach(parts: Sequence[_Styled], place: int, style: str) -> int:
    """How many parts from `place` on have the style."""
    count = 0
    while place + count < len(parts) and getattr(parts[place + count], style):
        count += 1
    return count
