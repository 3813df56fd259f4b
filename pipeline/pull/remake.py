"""Patched sources, read and rendered again: does the page say what the person wrote?"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.errors import Problem, SourceError
from pipeline.pull.names import known
from pipeline.pull.outcome import SourceEdit
from pipeline.read.article import Article, Sources
from pipeline.read.context import Known, Reading
from pipeline.read.glossary import read_concept
from pipeline.read.summary import FOLDER, with_summary
from pipeline.read.version import read_version


def patched(text: str, edits: Sequence[SourceEdit]) -> str:
    """Carry out edits of one file; at one place, in their order. Raises ValueError where two touch the same words."""
    end = len(text) + 1
    numbered = sorted(enumerate(edits), key=lambda one: (one[1].start, one[1].end, one[0]), reverse=True)
    for _, edit in numbered:
        if edit.end > end:
            raise ValueError("two edits of the same words")
        text = text[: edit.start] + edit.text + text[edit.end :]
        end = edit.start
    return text


def with_files(sources: Sources, files: Mapping[str, str]) -> Sources:
    """Return the sources as they are when `files` hold these texts. Raises SourceError with what is wrong then."""
    for file, text in files.items():
        sources = _with_file(sources, file, text)
    return sources


def _with_file(sources: Sources, file: str, text: str) -> Sources:
    for concept in sources.concepts.values():
        if concept.file == file:
            return _with_concept(sources, file, text)
    for slug, article in sources.articles.items():
        for version in article.versions.values():
            if version.file == file:
                return _with_article(sources, slug, _with_version(sources, article, version.language, file, text))
        for version in article.summary.versions.values() if article.summary else ():
            if version.file == file:
                return _with_article(sources, slug, _with_summary(sources, article, version.language, file, text))
    raise KeyError(file)


def _with_article(sources: Sources, slug: str, article: Article) -> Sources:
    return replace(sources, articles={**sources.articles, slug: article})


def _with_version(sources: Sources, article: Article, language: str, file: str, text: str) -> Article:
    is_source = language == article.source.language
    reading = Reading(file, language, known(sources, language))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / Path(file).name
        path.write_text(text, encoding="utf-8")
        version = read_version(path, reading, sources.vocabulary, None if is_source else article.source)
    _stop(reading.problems)
    assert version is not None
    version = replace(version, outdated=article.versions[language].outdated)
    versions = {**article.versions, language: version}
    return replace(article, source=version if is_source else article.source, versions=versions)


def _with_summary(sources: Sources, article: Article, language: str, file: str, text: str) -> Article:
    assert article.summary is not None
    readings = {
        one: Reading(article.summary.versions[one].file, one, known(sources, one)) if one in article.summary.versions
        else Reading("", one, Known())
        for one in article.versions
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / FOLDER
        folder.mkdir()
        for one, version in article.summary.versions.items():
            held = text if one == language else (sources.root / version.file).read_text(encoding="utf-8")
            (folder / f"{one}.md").write_text(held, encoding="utf-8")
        found = with_summary(replace(article, folder=Path(name)), readings)
    _stop([problem for reading in readings.values() for problem in reading.problems])
    assert found.summary is not None
    was = article.summary.versions
    versions = {one: replace(version, outdated=was[one].outdated) for one, version in found.summary.versions.items()}
    source = versions[found.summary.source.language]
    summary = replace(found.summary, folder=article.summary.folder, source=source, versions=versions)
    return replace(article, summary=summary)


def _with_concept(sources: Sources, file: str, text: str) -> Sources:
    reading = Reading(file, "", Known(topics=frozenset(sources.articles) | frozenset(sources.planned)))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / Path(file).name
        path.write_text(text, encoding="utf-8")
        concept = read_concept(path, reading, sources.languages, frozenset(sources.concepts))
    _stop(reading.problems)
    assert concept is not None
    return replace(sources, concepts={**sources.concepts, concept.key: concept})


def _stop(problems: Sequence[Problem]) -> None:
    if any(problem.severity == "error" for problem in problems):
        raise SourceError(problems)
