"""What the commands show a person: problems, progress, tables; in colour on a terminal unless NO_COLOR says no."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self, TextIO

from pipeline.errors import MaroviError, Problem, SourceError

STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
# What stays together on a line: a word with the spaces behind it, or one wide sign with what may not begin a line.
BREAKS = re.compile(
    r"^\s+|[\u2e80-\u9fff\uff00-\uff60][，。；：？！、）”》]*\s*|[^\s\u2e80-\u9fff\uff00-\uff60]+\s*|\s+"
)


def paint(text: str, style: str, stream: TextIO) -> str:
    """Wrap `text` in a colour when the stream is a terminal that shows colours."""
    return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if colored(stream) else text


def colored(stream: TextIO) -> bool:
    """Whether the stream is a terminal that shows colours, and nobody asked for none."""
    return not os.environ.get("NO_COLOR") and stream.isatty() and os.environ.get("TERM") != "dumb"


def show_problems(problems: Iterable[Problem], stream: TextIO | None = None, root: Path | None = None) -> None:
    """Print the problems: one line each for scripts; for a person by file, with the line of the source and a mark.

    `root` is the folder that their files are relative to; without it, no line of the source is shown.
    """
    stream = stream or sys.stderr
    ordered = sorted(set(problems))
    if stream.isatty():
        from pipeline.shown import shown_problems

        for line in shown_problems(ordered, root, columns(), colored(stream)):
            print(line, file=stream)
        return
    for problem in ordered:
        line = f"{harmless(str(problem.where))}: {problem.severity}: {harmless(problem.message)}"
        if problem.remedy:
            line += f"; {harmless(problem.remedy)}"
        if problem.rule:
            line += f" [{problem.rule}]"
        print(line, file=stream)
        if problem.excerpt:
            for excerpt in problem.excerpt.rstrip("\n").split("\n"):
                print(f"    {harmless(excerpt)}", file=stream)


def show_error(error: MaroviError, stream: TextIO | None = None, root: Path | None = None) -> None:
    stream = stream or sys.stderr
    if isinstance(error, SourceError):
        show_problems(error.problems, stream, root)
        if error.changed:
            print(f"\n{table(error.changed)}\n", file=stream)
        errors = sum(problem.severity == "error" for problem in error.problems)
        print(paint(f"{errors} error{'s' if errors != 1 else ''}, nothing written", "red", stream), file=stream)
    else:
        said = "\n".join(map(harmless, str(error).split("\n")))
        print(f"{paint('error', 'red', stream)}: {said}", file=stream)


def columns() -> int:
    """How wide the terminal is; at least 20, so that there is always room for a word."""
    return max(20, shutil.get_terminal_size().columns)


def wrapped(text: str, wide: int, indent: str = "") -> list[str]:
    """Break a line between words, and between Chinese signs, so that it fits; lines after the first are indented."""
    lines, line = [], ""
    for word in BREAKS.findall(text):
        if line.strip() and width(line) + width(word.rstrip()) > wide:
            lines.append(line.rstrip())
            line = indent
        while width(indent) + 1 < wide < width(line) + width(word.rstrip()):  # longer than a line
            end = len(word)
            while width(line) + width(word[:end]) > wide:
                end -= 1
            if not end:
                break
            lines.append(line + word[:end])
            line, word = indent, word[end:]
        line += word
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def table(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> str:
    """Lay out rows in columns; those in `right` are aligned to the right."""
    rows = [[harmless(cell) for cell in row] for row in rows]
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            " " * (widths[column] - width(cell)) + cell
            if column in right
            else cell + " " * (widths[column] - width(cell))
            for column, cell in enumerate(row)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def harmless(text: str) -> str:
    """Return a line with every sign that would steer a terminal, or turn the direction of writing, as its code.

    What is shown comes from articles, their code and wikis, whose authors this terminal does not belong to.
    """
    return "".join(
        ascii(sign)[1:-1] if unicodedata.category(sign) in ("Cc", "Cf", "Cs") and sign not in "\t\u200c\u200d" else sign
        for sign in text
    )


def width(text: str) -> int:
    """The columns a text takes on a terminal: two for each wide character."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


class Line:
    """One line at the bottom of a terminal that is written over and cleared at the end; silent elsewhere."""

    def __init__(self, quiet: bool = False, stream: TextIO | None = None) -> None:
        self.stream = stream = stream or sys.stderr
        self.shown = not quiet and stream.isatty() and os.environ.get("TERM") != "dumb"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.clear()

    def show(self, text: str) -> None:
        if self.shown:
            text, columns = harmless(text), shutil.get_terminal_size().columns - 1
            while width(text) > columns:
                text = text[:-1]
            self.stream.write(f"\r\x1b[K{text}")
            self.stream.flush()

    def clear(self) -> None:
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
