"""Check what reads well but would not do on a wiki: rules over the linked sources, nothing is run."""

from __future__ import annotations

from pipeline.check.lead import lead
from pipeline.check.translations import translations
from pipeline.check.unused import unused
from pipeline.errors import Problem
from pipeline.read.article import Sources

RULES = (lead, translations, unused)


def check(sources: Sources) -> tuple[Problem, ...]:
    """Return every problem that the rules find, in order of file and line."""
    return tuple(sorted({problem for rule in RULES for problem in rule(sources)}))
