"""Seconds by what was timed and in which state, with what a table says of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Timings:
    """Row -> column -> the seconds of each run, rows and columns in the order they came."""

    seconds: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, row: str, column: str, seconds: float) -> None:
        """Take one more run."""
        self.seconds.setdefault(row, {}).setdefault(column, []).append(seconds)

    def of(self, row: str, column: str) -> Sequence[float]:
        """All runs, none where it was not timed."""
        return self.seconds.get(row, {}).get(column, ())

    def median(self, row: str, column: str) -> float | None:
        """The middle of all runs, None where it was not timed."""
        found = self.of(row, column)
        return statistics.median(found) if found else None
