"""The comparison as Markdown, and its place in the README."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.compare.timings import Timings

BEGIN = "<!-- made by python -m bench.compare --write: begin -->"
END = "<!-- made by python -m bench.compare --write: end -->"
MISSING = "–"


def table(timings: Timings, ours: str, first: str, columns: Mapping[str, str]) -> str:
    """A table of medians with the range of all runs; `columns` maps a column to its heading.

    Behind each number stands how many times as long it is as the row `ours` has it in this column.
    """
    lines = [_line([first, *columns.values()]), _line(["---", *("---:" for _ in columns)])]
    for row in timings.seconds:
        cells = [_cell(timings, row, column, ours) for column in columns]
        lines.append(_line([f"**{row}**" if row == ours else row, *cells]))
    return "\n".join(lines) + "\n"


def replaced(text: str, made: str) -> str:
    """The README's text with `made` between the two marks. Raises ValueError where they are not there once each."""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise ValueError("the marks of the table are not there, once each and in order")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{made.strip()}\n\n{END}{rest.split(END)[1]}"


def number(value: float) -> str:
    """A number in three digits or so, without an exponent: 0.213, 4.27, 68.4, 1,240."""
    digits = 3 if abs(value) < 1 else 2 if abs(value) < 10 else 1 if abs(value) < 1000 else 0
    return f"{value:,.{digits}f}"


def _cell(timings: Timings, row: str, column: str, ours: str) -> str:
    runs, reference = timings.of(row, column), timings.median(ours, column)
    middle = timings.median(row, column)
    if middle is None:
        return MISSING
    spread = f" ({number(min(runs))}–{number(max(runs))})" if len(runs) > 1 else ""
    ratio = f", {_ratio(middle / reference)}" if reference and row != ours else ""
    return f"{number(middle)}{spread}{ratio}"


def _ratio(value: float) -> str:
    return f"{value:.2g}×" if value < 10 else f"{value:,.0f}×"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
