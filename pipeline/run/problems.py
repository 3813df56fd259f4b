"""What went wrong in a run, as problems at their places in the sources."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import Problem, Where
from pipeline.read.article import Article
from pipeline.read.document import CodeCell
from pipeline.run.convert import differs_of
from pipeline.run.record import FaultRecord, Record

_AROUND = 2  # lines shown before and after


def problem_of(fault: FaultRecord, article: Article, again: bool) -> Problem:
    """Turn a fault into a problem with the lines around it; `again` says that only the second run had it."""
    message = fault["message"]
    if again:
        message += " (only in a second run, with another hash seed and thread count)"
    if "language" in fault:
        version = article.versions[fault["language"]]
        return Problem(Where(version.file, version.metadata.where.line), message, fault["remedy"], fault["rule"])
    line, column = fault["line"], fault["column"]
    return Problem(
        Where(article.source.file, line, column),
        message,
        fault["remedy"],
        fault["rule"],
        excerpt=excerpt(article.cells, line, column),
    )


def excerpt(cells: tuple[CodeCell, ...], line: int, column: int) -> str:
    """Return the lines of the cell around `line`, numbered as in the file, with a mark at the column."""
    for cell in cells:
        lines = cell.source.splitlines()
        if not cell.line <= line < cell.line + len(lines):
            continue
        first = max(cell.line, line - _AROUND)
        last = min(cell.line + len(lines) - 1, line + _AROUND)
        shown = []
        for number in range(first, last + 1):
            mark = ">" if number == line else " "
            shown.append(f"{mark} {number:>{len(str(last))}} | {lines[number - cell.line]}".rstrip())
            if number == line:
                shown.append(f"  {'':>{len(str(last))}} | {' ' * (column - cell.where.column)}^")
        return "\n".join(shown)
    return ""


def label_problems(article: Article, record: Record) -> Iterator[Problem]:
    """Yield a problem for each text that a translation has no label for, and for labels unused.

    Texts are what is drawn in a figure, and the reasons why something differs.
    """
    reasons = {one.reason: what for what, one in differs_of(record).items()}
    drawn = {text: name for name, figure in reversed(record["figures"].items()) for text in figure["texts"]}
    for version in article.versions.values():
        if version.language == article.source.language:
            continue
        where = Where(version.file, version.metadata.where.line)
        for text, figure in drawn.items():
            if text not in version.metadata.labels:
                yield Problem(
                    where,
                    f"the figure {figure!r} draws {text!r}, which has no label in this language",
                    f'add it to `labels:`, as "{text}": …',
                    "labels",
                )
        for reason, what in reasons.items():
            if reason not in version.metadata.labels:
                message = f"the {what} differs for a reason that has no label in this language: {reason!r}"
                yield Problem(where, message, f'add it to `labels:`, as "{reason}": …', "labels")
        for text in version.metadata.labels:
            if text not in drawn and text not in reasons:
                yield Problem(where, f"no figure draws {text!r}", "take it out of `labels:`", "labels", "warning")
