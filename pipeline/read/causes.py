"""Leave out what only follows from another mistake: a bibliography that cannot be read makes no citation wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.errors import Problem

REFERENCES, CATEGORIES, GLOSSARY = "articles/references.bib", "articles/categories.yaml", "articles/glossary/"
# With one of these a file gives no document, or one that is not what was meant.
UNREAD = frozenset(
    (
        *("control", "duplicate-key", "empty", "encoding", "head", "key"),
        *("line-ends", "unknown-key", "unreadable", "value", "yaml"),
    )
)
TORN = UNREAD | {"code-cell", "directive", "fence", "heading", "label", "unknown-directive", "unknown-option"}
PROSE = frozenset(("emphasis", "footnote", "heading", "image", "link", "math", "table", "unknown-role"))
NAMED = re.compile(r"^the key '([^']+)' is missing")
TARGET = re.compile(r"^no heading of (articles/(?:[^/]+/)+)")


@dataclass(frozen=True, slots=True)
class _Found:
    """The errors of all files: which rules each file, and each folder, broke."""

    files: dict[str, set[str]]
    torn: dict[str, int]  # file -> the line from which code is taken for prose and prose for code
    meant: set[tuple[str, str]]  # file and what a misspelled key or option was meant to be
    places: set[tuple[object, str]]

    def of(self, file: str) -> set[str]:
        return self.files.get(file, set())

    def below(self, folder: str) -> set[str]:
        return {rule for file, rules in self.files.items() if file.startswith(folder) for rule in rules}


def first_causes(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems, in order, without those that the mending of another one will most likely end."""
    ordered = sorted(set(problems))
    found = _Found({}, {}, set(), set())
    for problem in ordered:
        if problem.severity == "error":
            unread = problem.rule != "bibliography" or "cannot be read" in problem.message
            found.files.setdefault(problem.where.file, set()).add(problem.rule if unread else "")
            if problem.rule == "fence":
                found.torn.setdefault(problem.where.file, problem.where.line)
            found.places.add((problem.where, problem.rule))
            if problem.rule in ("unknown-key", "unknown-option") and problem.remedy.startswith("did you mean '"):
                found.meant.add((problem.where.file, problem.remedy.split("'")[1]))
    return tuple(problem for problem in ordered if not _follows(problem, found))


def _follows(problem: Problem, found: _Found) -> bool:
    file, rule, message = problem.where.file, problem.rule, problem.message
    folder = file.rpartition("/")[0] + "/"
    if rule == "cite":
        return bool(found.of(REFERENCES) & (UNREAD | {"bibliography"}))
    if rule == "category":
        return bool(found.of(CATEGORIES) & UNREAD)
    if rule == "term" and message.startswith("unknown glossary"):
        return bool(found.below(GLOSSARY) & UNREAD)
    if rule == "anchor":
        target = TARGET.match(message)
        return bool(target and found.below(target[1]) & TORN)
    if rule == "parity":
        return bool(found.below(folder) & (TORN | {"embed"}))
    if rule == "embed" and message.startswith("no cell"):
        return bool(found.below(folder) & TORN)
    if rule == "math" and {(problem.where, "glue"), (problem.where, "lit")} & found.places:
        return True
    if rule == "footnote" and "has no text" in message:
        return file in found.torn
    if rule in PROSE or message == "a code block that is never closed":
        return problem.where.line > found.torn.get(file, problem.where.line)
    if rule == "key":
        missing = NAMED.match(message)
        return bool(missing and (file, missing[1]) in found.meant)
    return rule == "label" and "without a label" in message and (file, "label") in found.meant
