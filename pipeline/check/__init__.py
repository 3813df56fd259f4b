"""Check what reads well but would not do on a wiki: rules over the linked sources, nothing is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from pipeline.check.untranslated import judged
from pipeline.errors import Problem
from pipeline.read.article import Sources

Rule = Callable[[Sources], Iterator[Problem]]


def check(sources: Sources, rules: Iterable[Rule]) -> tuple[Problem, ...]:
    """Return every problem that the rules find, in order of file and line.

    Text that waits to be translated is not held against the rules of the language it is to be in.
    """
    return tuple(sorted(judged({problem for rule in rules for problem in rule(sources)}, sources)))


def without(sources: Sources, problems: Iterable[Problem]) -> Sources:
    """The sources without the articles that have an error: a rule about single pages can still judge the others."""
    broken = tuple(problem.where.file for problem in problems if problem.severity == "error")
    articles = {
        slug: article for slug, article in sources.articles.items() if not any(f"/{slug}/" in file for file in broken)
    }
    return replace(sources, articles=articles)
