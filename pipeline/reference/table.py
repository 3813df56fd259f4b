"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def cell(text: object) -> str:
    """Text in a cell of a table: on one line, with bars that do not end it."""
    return " ".join(str(text).split()).replace("|", "\\|")


def table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """A table whose cells are Markdown already, but for bars and line ends."""
    lines = [head, ["---"] * len(head), *([cell(one) for one in row] for row in body)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
