"""Run cells in one namespace, with the lines they have in their file and the value of the last expression."""

from __future__ import annotations

import ast
import io
import linecache
import sys
import tokenize
from types import CodeType, ModuleType
from typing import Any

from pipeline.run.record import CellWork


class Namespace:
    """The module the cells of one topic share; it stands in for `__main__`."""

    def __init__(self, file: str, cells: list[CellWork]) -> None:
        self._file = file
        self._module = ModuleType("__main__")
        sys.modules["__main__"] = self._module
        _show_sources(file, cells)

    def run(self, cell: CellWork) -> str:
        """Run one cell and return the text of its last expression, "" when that is None or ends in a semicolon.

        Raises whatever the cell raises, with the lines of the file in its traceback.
        """
        # the empty lines give every line, in errors and warnings too, the number it has in the file
        tree = ast.parse("\n" * (cell["line"] - 1) + cell["source"], self._file)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not _ends_in_semicolon(cell["source"]):
            last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
        self._execute(compile(tree, self._file, "exec", dont_inherit=True))
        if last is None:
            return ""
        value = self._execute(compile(last, self._file, "eval", dont_inherit=True))
        return "" if value is None else repr(value)

    def clear(self) -> None:
        """Forget all that the cells made, to have its memory back."""
        self._module.__dict__.clear()

    def _execute(self, code: CodeType) -> Any:
        return eval(code, self._module.__dict__)


def cell_of_line(cells: list[CellWork], line: int) -> CellWork | None:
    """Return the cell that a line of the file is in."""
    for cell in cells:
        if cell["line"] <= line < cell["line"] + len(cell["source"].splitlines()):
            return cell
    return None


def _show_sources(file: str, cells: list[CellWork]) -> None:
    """Give tracebacks, warnings and inspect the cells' lines at the numbers they have in the file."""
    lines: list[str] = []
    for cell in cells:
        lines += ["\n"] * (cell["line"] - 1 - len(lines))
        lines += [line + "\n" for line in cell["source"].splitlines()]
    linecache.cache[file] = (sum(map(len, lines)), None, lines, file)


def _ends_in_semicolon(source: str) -> bool:
    ignored = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER, tokenize.INDENT, tokenize.DEDENT)
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    last = next((token for token in reversed(list(tokens)) if token.type not in ignored), None)
    return last is not None and last.string == ";"
