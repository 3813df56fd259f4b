"""Everything that can go wrong for a user, as one small tree of errors.

MaroviError                 anything a user can do something about; the command line prints it and exits 1
├── SourceError             the sources are wrong: carries every Problem that was found
├── RunError                the machinery that runs cells broke (not a cell: that is a Problem)
├── ConfigurationError      [tool.marovi] or the environment is wrong
├── WikiError               the wiki said no, or cannot be reached
└── MissingToolError        something this machine lacks (MediaWiki, Chromium, a compiler)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a source file: a path relative to the repository, line and column counted from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in the sources: where, what, what to do about it, and the rule that found it."""

    where: Where
    message: str
    remedy: str = ""
    rule: str = ""
    severity: str = field(default="error")  # "error" stops the build, "warning" does not
    excerpt: str = ""  # the few lines around, for an error inside a code cell

    def __str__(self) -> str:
        line = f"{self.where}: {self.message}"
        if self.remedy:
            line += f"; {self.remedy}"
        if self.rule:
            line += f" [{self.rule}]"
        return line


class MaroviError(Exception):
    """A mistake a user can mend: `message` says what is wrong, `remedy` what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}" if self.remedy else self.message


class SourceError(MaroviError):
    """The sources hold errors; `problems` has all of them, in order of file and line.

    `changed` has the digits that are not those of results.json, as rows of a table with its head.
    """

    def __init__(self, problems: Iterable[Problem], changed: Iterable[tuple[str, ...]] = ()) -> None:
        self.problems = tuple(sorted(set(problems)))
        self.changed = tuple(changed)
        count = len(self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} in the sources")


class RunError(MaroviError):
    """The process that runs cells could not be started or broke down."""


class ConfigurationError(MaroviError):
    """A setting in pyproject.toml or the environment is missing or wrong."""


class WikiError(MaroviError):
    """The wiki refused, answered nonsense or cannot be reached."""


class MissingToolError(MaroviError):
    """A program this machine lacks."""


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `did you mean 'x'?` for the nearest known word, or a list of the known ones, or nothing."""
    choices = sorted(set(known))
    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    if 0 < len(choices) <= 12:
        return "known: " + ", ".join(choices)
    return ""
