"""What a reader sees, sign by sign, the same for a source and for the wiki's markup: letters, and marks of markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Mode = Literal["text", "tex", "code"]
# Words, numbers with their decimals, TeX's commands; Chinese and Japanese sign by sign.
WORD = re.compile(r"\\[A-Za-z]+|\d+(?:(?:[.,]|\{,\})\d+)*|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sign:
    """One letter, or one piece of markup such as the start of a link.

    `start` and `end` are its place in the source file. The signs of one `atom` are only written anew together; of a
    `value`, which the code computed, never. `inside` is where a number in {lit} may be changed by itself.
    """

    key: str
    mode: Mode = "text"
    start: int = -1
    end: int = -1
    atom: tuple[int, int] | None = None  # the whole of it in the file
    value: str = ""  # the name of the glued value
    literal: bool = False
    markdown: str | None = None  # how a source says this piece of markup; None where no source can
    reason: str = ""  # why not

    @property
    def is_letter(self) -> bool:
        return len(self.key) == 1


def keys(signs: Sequence[Sign]) -> tuple[str, ...]:
    return tuple(sign.key for sign in signs)


def shown(signs: Sequence[Sign]) -> str:
    """The letters alone, for a report."""
    return "".join(sign.key for sign in signs if sign.is_letter)


def letters(text: str, mode: Mode = "text") -> list[Sign]:
    return [Sign(letter, mode) for letter in text]


@dataclass(frozen=True, slots=True)
class Token:
    """Signs [start, end) of a sequence, which are compared as one."""

    keys: tuple[str, ...]
    start: int
    end: int


def tokens(signs: Sequence[Sign]) -> list[Token]:
    """Words, single marks, pieces of markup."""
    found: list[Token] = []
    place = 0
    while place < len(signs):
        end = place
        while end < len(signs) and signs[end].is_letter and signs[end].mode == signs[place].mode:
            end += 1
        if end == place:
            found.append(Token((signs[place].key,), place, place + 1))
            place += 1
            continue
        for match in WORD.finditer("".join(sign.key for sign in signs[place:end])):
            found.append(Token(tuple(match[0]), place + match.start(), place + match.end()))
        place = end
    return found
