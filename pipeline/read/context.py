"""What a parser knows while it reads one file: its names, what may be referred to, and the problems so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.errors import Problem, Where


@dataclass(frozen=True, slots=True)
class Known:
    """The names a document may refer to."""

    topics: frozenset[str] = frozenset()  # slugs, written or planned
    terms: Mapping[str, str] = field(default_factory=dict)  # term or alias in lower case -> concept key
    concepts: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()


@dataclass(slots=True)
class Reading:
    """One file being read. Problems are collected, so that one run shows them all."""

    file: str
    language: str
    known: Known
    problems: list[Problem] = field(default_factory=list)

    def where(self, line: int = 1, column: int = 1) -> Where:
        return Where(self.file, line, column)

    def report(self, where: Where, message: str, remedy: str = "", rule: str = "", severity: str = "error") -> None:
        self.problems.append(Problem(where, message, remedy, rule, severity))

    def extend(self, problems: Iterable[Problem]) -> None:
        self.problems.extend(problems)
