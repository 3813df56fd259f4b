"""Run cells in one namespace, and give the value of the last expression.

Each cell is a file of its own for Python, `articles/x/en.md#fit` with lines from 1: what a cell sees of lines, and
what is kept in the code of its functions, stays true when it moves in the article.
"""

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
        self.cells: dict[str, CellWork] = {}  # by the file that Python takes each for
        self.place(cells)

    def place(self, cells: list[CellWork]) -> None:
        """Take note of where in the article the cells stand."""
        self.cells.clear()
        self.cells.update({name_of(self._file, cell["label"]): cell for cell in cells})

    def run(self, cell: CellWork) -> str:
        """Run one cell and return the text of its last expression, "" when that is None or ends in a semicolon.

        Raises whatever the cell raises, with the lines of the cell in its traceback.
        """
        name = name_of(self._file, cell["label"])
        _show_source(name, cell["source"])
        tree = ast.parse(cell["source"], name)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not _ends_in_semicolon(cell["source"]):
            last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
        self._execute(compile(tree, name, "exec", dont_inherit=True))
        if last is None:
            return ""
        value = self._execute(compile(last, name, "eval", dont_inherit=True))
        return "" if value is None else repr(value)

    def clear(self) -> None:
        """Forget all that the cells made, to have its memory back."""
        self._module.__dict__.clear()

    def _execute(self, code: CodeType) -> Any:
        return eval(code, self._module.__dict__)


def name_of(file: str, label: str) -> str:
    """Return the name of the file that Python takes a cell for."""
    return f"{file}#{label}"


def _show_source(name: str, source: str) -> None:
    """Give tracebacks, warnings and inspect the lines of a cell."""
    lines = [line + "\n" for line in source.splitlines()]
    linecache.cache[name] = (sum(map(len, lines)), None, lines, name)


def _ends_in_semicolon(source: str) -> bool:
    ignored = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER, tokenize.INDENT, tokenize.DEDENT)
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    last = next((token for token in reversed(list(tokens)) if token.type not in ignored), None)
    return last is not None and last.string == ";"
