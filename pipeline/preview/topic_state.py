"""How a topic stands, for the preview's list: what its cells, its numbers and each of its translations wait for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pipeline.diagnostics import to_json
from pipeline.errors import Problem

# What needs work first comes first. Of a topic:
STATES = ("failing", "changed", "stale", "running", "outdated", "missing", "warned", "clean")
DIGITS = "digits"  # the rule by which numbers are held against results.json
# Of a page in one language:
PAGE_STATES = ("failing", "unread", "outdated", "marked", "missing", "partial", "unstamped", "current", "source")


@dataclass(frozen=True, slots=True)
class Running:
    """How far the cells of a topic are: in the cell called `cell`, the `number`th of `total`, since `seconds`."""

    cell: str = ""
    number: int = 0  # from 1; 0 before the first one
    total: int = 0
    seconds: float = 0.0
    again: bool = False  # in the second run, under other conditions


@dataclass(frozen=True, slots=True)
class Work:
    """What the live engine knows of a topic and the memo does not."""

    is_stale: bool = False  # its cells changed and have not run since
    running: Running | None = None
    problems: tuple[Problem, ...] = ()  # of its last run, where that failed, and of drawing its pages


@dataclass(frozen=True, slots=True)
class OldSection:
    """A section whose source moved on since it was translated."""

    title: str  # the heading in the source's words, "" for what stands before the first
    anchor: str  # the section's id in the source, "" for what stands before the first
    part: str  # "" in the article, "summary" in its summary
    since: int | None  # seconds since 1970; 0 where it is not committed yet, None where git does not tell


@dataclass(frozen=True, slots=True)
class Review:
    """What a page says of its last review."""

    state: str  # draft | reviewed | verified
    date: str  # ISO 8601, "" without one
    is_due: bool


@dataclass(frozen=True, slots=True)
class PageState:
    """A topic in one language, its summary counted with it."""

    state: str  # one of PAGE_STATES
    title: str = ""
    file: str = ""  # "" where it is missing
    sections: tuple[OldSection, ...] = ()
    marks: int = 0  # places that wait for a translator
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class TopicState:
    """One row of the list. `title` is the source's, or the slug where its head cannot be read."""

    slug: str
    title: str
    folder: str
    languages: Mapping[str, PageState]
    running: Running | None = None
    is_stale: bool = False
    level: str = ""  # how far its numbers are verified, "" where none are known
    problems: tuple[Problem, ...] = ()
    changed: tuple[tuple[str, str, str], ...] = ()  # digits: what, as accepted, now
    area: str = ""  # keys of categories.yaml, as is the next
    difficulty: str = ""

    @property
    def state(self) -> str:
        """The one of STATES that needs work first."""
        pages = {page.state for page in self.languages.values()}
        wrong = {problem.rule for problem in self.problems if problem.severity == "error"}
        if wrong - {DIGITS}:
            return "failing"
        if self.is_stale:
            return "running" if self.running else "stale"
        if wrong:  # digits that nothing can be said of are not other ones: results.json is damaged
            return "changed" if self.changed else "failing"
        if self.changed:
            return "changed"
        if pages & {"outdated", "marked"}:
            return "outdated"
        if pages & {"missing", "partial"}:
            return "missing"
        if self.problems:
            return "warned"
        return "running" if self.running else "clean"

    def to_json(self) -> dict[str, Any]:
        """The row as data, with the codes of its problems."""
        problems = [to_json(problem) for problem in self.problems]
        return {**asdict(self), "state": self.state, "problems": problems}


@dataclass(frozen=True, slots=True)
class States:
    """Every topic by its slug, and what is wrong with what all of them share, such as the glossary."""

    topics: tuple[TopicState, ...]
    problems: tuple[Problem, ...] = ()
    counts: Mapping[str, int] = field(init=False)  # state -> topics in it

    def __post_init__(self) -> None:
        found = [topic.state for topic in self.topics]
        object.__setattr__(self, "counts", {state: found.count(state) for state in STATES if state in found})

    def to_json(self) -> dict[str, Any]:
        """All of it as data."""
        return {
            "topics": [topic.to_json() for topic in self.topics],
            "problems": [to_json(problem) for problem in self.problems],
            "counts": dict(self.counts),
        }
