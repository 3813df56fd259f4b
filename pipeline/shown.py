"""Problems as a person reads them on a terminal: by file, with the line of the source and a mark below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from pipeline.diagnostics import labelled
from pipeline.errors import Problem
from pipeline.terminal import STYLES, harmless, width, wrapped

INDENT = "  "
ELLIPSIS = "…"


def shown_problems(problems: Sequence[Problem], root: Path | None, columns: int, colors: bool) -> Iterator[str]:
    """The lines to print for problems that are sorted by file; no line is wider than `columns`."""

    def paint(text: str, style: str) -> str:
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if colors else text

    for file, group in groupby(problems, key=lambda problem: problem.where.file):
        lines = _lines(root, file)
        yield from (paint(line, "bold") for line in wrapped(harmless(file), columns))
        for problem in group:
            style = "red" if problem.severity == "error" else "yellow"
            place = f"{INDENT}{problem.where.line}:{problem.where.column}"
            label = f" [{labelled(problem.rule)}]".replace(" ", "\u00a0") if problem.rule else ""
            text = f"{place} {problem.severity}: {harmless(problem.message)} {label[1:]}"
            for number, line in enumerate(wrapped(text, columns, INDENT * 2)):
                painted = line.replace(f"{problem.severity}:", paint(f"{problem.severity}:", style), 1)
                line = painted if number == 0 else line
                yield line.replace(label[1:], paint(label[1:].replace("\u00a0", " "), "dim")) if label else line
            excerpt = problem.excerpt.rstrip("\n").split("\n") if problem.excerpt else []
            for line in excerpt or _excerpt(lines, problem.where.line, problem.where.column, columns):
                yield paint(_cut(INDENT * 2 + harmless(line), columns), "cyan")
            if problem.remedy:
                yield from wrapped(f"{INDENT * 2}→ {harmless(problem.remedy)}", columns, INDENT * 3)
        yield ""
    if problems:
        yield from wrapped(_counts(problems), columns)


def _counts(problems: Sequence[Problem]) -> str:
    words = []
    for severity in ("error", "warning"):
        count = sum(problem.severity == severity for problem in problems)
        if count:
            words.append(f"{count} {severity}{'s' if count != 1 else ''}")
    files = len({problem.where.file for problem in problems})
    return f"{', '.join(words)} in {files} file{'s' if files != 1 else ''}; `marovi explain CODE` says more"


def _lines(root: Path | None, file: str) -> list[str]:
    if root is None or not file:
        return []
    try:
        return (root / file).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:  # a folder, or a file that is missing: the message says so
        return []


def _excerpt(lines: list[str], line: int, column: int, columns: int) -> list[str]:
    """The line of a source with a mark below the column; of a long line what stands around it."""
    if not 1 <= line <= len(lines) or not lines[line - 1].strip():
        return []
    head = f"{line} | "
    room = max(10, columns - len(head) - 2 * len(INDENT))
    text = "".join(harmless(sign) if sign != "\t" else " " for sign in lines[line - 1][: column - 1])
    before, after = text, harmless(lines[line - 1][column - 1 :].replace("\t", " "))
    if width(before) > room * 2 // 3:
        while width(ELLIPSIS + before) > room // 3:
            before = before[1:]
        before = ELLIPSIS + before
    return [
        _cut(head + before + after, columns - 2 * len(INDENT)),
        " " * (len(head) - 2) + "| " + " " * width(before) + "^",
    ]


def _cut(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    while width(text + ELLIPSIS) > columns:
        text = text[:-1]
    return text + ELLIPSIS
