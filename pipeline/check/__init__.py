"""Check what reads well but would not do on a wiki: rules over the linked sources, nothing is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from pipeline.check.accents import accents
from pipeline.check.alternative import alternative
from pipeline.check.american import american
from pipeline.check.chinese import chinese
from pipeline.check.glossary import glossary
from pipeline.check.lead import lead
from pipeline.check.links import links
from pipeline.check.numbers import typed_numbers
from pipeline.check.orphans import orphans
from pipeline.check.parity import parity
from pipeline.check.prerequisites import prerequisites
from pipeline.check.spelling import spelling
from pipeline.check.translations import translations
from pipeline.check.typography import typography
from pipeline.check.unused import unused
from pipeline.check.words import words
from pipeline.errors import Problem
from pipeline.read.article import Sources

Rule = Callable[[Sources], Iterator[Problem]]

# What a build asks: pages that break these would come out wrong.
STRUCTURE: tuple[Rule, ...] = (lead, prerequisites, translations, unused)
# Of all pages together; they say nothing of use while a page cannot be read.
RULES: tuple[Rule, ...] = (*STRUCTURE, orphans, glossary)
# Of each page by itself, or beside its source.
RULES_OF_WRITING: tuple[Rule, ...] = (
    typed_numbers,
    parity,
    spelling,
    accents,
    american,
    chinese,
    typography,
    links,
    alternative,
    words,
)


def check(sources: Sources, rules: Iterable[Rule] = STRUCTURE) -> tuple[Problem, ...]:
    """Return every problem that the rules find, in order of file and line."""
    return tuple(sorted({problem for rule in rules for problem in rule(sources)}))


def without(sources: Sources, problems: Iterable[Problem]) -> Sources:
    """The sources without the articles that have an error: a rule about single pages can still judge the others."""
    broken = tuple(problem.where.file for problem in problems if problem.severity == "error")
    articles = {
        slug: article for slug, article in sources.articles.items() if not any(f"/{slug}/" in file for file in broken)
    }
    return replace(sources, articles=articles)
