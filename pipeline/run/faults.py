"""An exception of a cell, told as the place in the article it came from, what happened and what to do about it."""

from __future__ import annotations

import errno
import linecache
import traceback
from collections.abc import Mapping

from pipeline.run.record import CellWork, FaultRecord

LONGEST_MESSAGE = 300  # characters

_REMEDIES: dict[type[BaseException], str] = {
    SystemExit: "let the cell end, or raise an error that says what is wrong",
    MemoryError: "compute in smaller parts, or raise memory_limit in [tool.marovi]",
    EOFError: "a cell cannot ask for input",
}


def fault_of(error: BaseException, cell: CellWork, cells: Mapping[str, CellWork]) -> FaultRecord:
    """Describe `error`, raised by `cell`, at the deepest line of the article that had a part in it.

    `cells` are those of the article, by the name of the file that Python takes each for.
    """
    place, line, column = _place(error, cells) or (cell, 1, 1)
    return FaultRecord(
        cell=cell["label"],
        line=place["line"] + line - 1,
        column=column + place["indent"],
        message=f"cell {cell['label']!r} {_what(error)}",
        remedy=_remedy(error),
        rule="cell",
    )


def fault_at(cell: CellWork, message: str, remedy: str, rule: str, line: int | None = None) -> FaultRecord:
    """Describe what is wrong with a cell as a whole, or at one line of the file."""
    return FaultRecord(
        cell=cell["label"],
        line=cell["line"] if line is None else line,
        column=1 + cell["indent"],
        message=f"cell {cell['label']!r} {message}",
        remedy=remedy,
        rule=rule,
    )


def _place(error: BaseException, cells: Mapping[str, CellWork]) -> tuple[CellWork, int, int] | None:
    """Return the cell, the line in it and the column, both from 1."""
    if isinstance(error, SyntaxError) and error.lineno is not None and (cell := cells.get(error.filename or "")):
        return cell, error.lineno, error.offset or 1
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in cells]
    if not frames or frames[-1].lineno is None:
        return None
    deepest, line = frames[-1], frames[-1].lineno
    # columns of a traceback are counted in bytes
    before = linecache.getline(deepest.filename, line).encode()[: deepest.colno or 0]
    return cells[deepest.filename], line, len(before.decode(errors="ignore")) + 1


def _what(error: BaseException) -> str:
    kind = type(error).__name__
    if isinstance(error, SystemExit):
        return "calls sys.exit"
    text = _text(error)
    if kind == "VerificationError":
        return f"does not hold: {text}"
    if isinstance(error, SyntaxError):
        text = error.msg
    return f"fails: {kind}: {text}" if text else f"fails: {kind}"


def _text(error: BaseException) -> str:
    """Return the first line of what the exception says, of bearable length."""
    try:
        lines = str(error).strip().splitlines()
    except Exception as broken:
        return f"(its text cannot be shown: {type(broken).__name__})"
    text = lines[0].strip() if lines else ""
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + "…"


def _remedy(error: BaseException) -> str:
    if isinstance(error, OSError) and error.errno in (errno.EPERM, errno.EACCES, errno.EROFS):
        return (
            "a cell can start no process, reach no network, read Python and its libraries only, "
            "and write only in the folder it starts in"
        )
    if isinstance(error, RuntimeError) and "can't allocate memory" in str(error):
        return _REMEDIES[MemoryError]
    return next((remedy for kind, remedy in _REMEDIES.items() if isinstance(error, kind)), "")
