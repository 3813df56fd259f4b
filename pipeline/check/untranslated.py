"""Translations that still hold marks; and what the rules of language need not say of text under one."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from pipeline.errors import Problem
from pipeline.read.article import Sources
from pipeline.translate.marks import marked_lines, marks

REMEDY = {
    "untranslated": "write it in this language, then delete the mark",
    "outdated": "bring what stands below up to date with the change shown, then delete the mark",
    "removed": "delete it: the source no longer says this",
    "untraced": "compare it with the source, then delete the mark",
    "fuzzy": "look at it, then delete the mark",
}
# What a text in the source's language cannot fulfil.
OF_LANGUAGE = ("spelling", "accent", "american", "chinese", "quotes", "decimal", "term", "link", "typography")


def untranslated(sources: Sources) -> Iterator[Problem]:
    for file, text in _translations(sources):
        for one in marks(text, file):
            yield Problem(one.where, f"{one.kind}: a mark stands here", REMEDY[one.kind], "untranslated", "warning")


def judged(problems: Iterable[Problem], sources: Sources) -> tuple[Problem, ...]:
    """The problems without those that a text has because nobody has translated it yet."""
    found = tuple(problems)
    files = {problem.where.file for problem in found if problem.rule in OF_LANGUAGE}
    waiting = {file: marked_lines(text, "untranslated") for file, text in _translations(sources, files)}
    return tuple(
        problem
        for problem in found
        if problem.rule not in OF_LANGUAGE or problem.where.line not in waiting.get(problem.where.file, ())
    )


def _translations(sources: Sources, among: Container[str] | None = None) -> Iterator[tuple[str, str]]:
    for topic in sources.articles.values():
        for page in topic.pages:
            for version in page.versions.values():
                if version is not page.source and (among is None or version.file in among):
                    yield version.file, (sources.root / version.file).read_text(encoding="utf-8")
