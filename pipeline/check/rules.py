"""Which rules there are, and which of them a build asks."""

from __future__ import annotations

from pipeline.check import Rule
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
from pipeline.check.untranslated import untranslated
from pipeline.check.unused import unused
from pipeline.check.words import words

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
    untranslated,
)
