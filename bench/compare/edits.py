"""The edits that an author makes: a word of prose, a number in the last cell, a number in the first."""

from __future__ import annotations

import re
from collections.abc import Callable

from bench.compare.small import FIRST, LAST

_CELL = re.compile(r"^(```+)\{code-cell\}[^\n]*\n.*?^\1[ ]*$", re.DOTALL | re.MULTILINE)
_WORDS = ("plain", "short", "quick", "clear", "small", "good", "fine", "neat", "new", "old")

Edit = Callable[[str, int], str]


def edit_prose(text: str, number: int) -> str:
    """Add two words to the end of a document, other ones for each `number` from 0 on."""
    words = " ".join(_WORDS[int(digit)] for digit in str(number))
    return f"{text.rstrip()}\n\nOne {words} word.\n"


def edit_last(text: str, number: int) -> str:
    """Change a number in the last cell."""
    return _edit_cell(text, -1, LAST, number)


def edit_first(text: str, number: int) -> str:
    """Change a number in the first cell."""
    return _edit_cell(text, 0, FIRST, number)


EDITS: dict[str, Edit] = {"prose": edit_prose, "last cell": edit_last, "first cell": edit_first}


def _edit_cell(text: str, which: int, name: str, number: int) -> str:
    """Add `number` + 1 to the number that `name` gets in the cell, or add a line where it gets none."""
    cells = list(_CELL.finditer(text))
    if not cells:
        raise ValueError("a document without cells cannot be edited in one")
    cell = cells[which]
    code, found = re.subn(
        rf"^{name} = (\d+)$", lambda old: f"{name} = {int(old[1]) + number + 1}", cell[0], count=1, flags=re.MULTILINE
    )
    if not found:
        fence = cell[1]
        code = cell[0].removesuffix(fence) + f"edited = {number}\n{fence}"
    return text[: cell.start()] + code + text[cell.end() :]
