"""Read articles/: Markdown, metadata, glossary and references become one linked, frozen tree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from pipeline.config import Config
from pipeline.errors import Problem, SourceError
from pipeline.read import shared
from pipeline.read.article import Article, Concept, Sources, Version
from pipeline.read.causes import first_causes
from pipeline.read.context import Known, Reading
from pipeline.read.linking import link, mark_outdated
from pipeline.read.shared import Problems
from pipeline.read.summary import FOLDER, with_summary
from pipeline.read.version import read_version
from pipeline.tongues import names_of

Found = TypeVar("Found")


def read(config: Config) -> Sources:
    """Read everything below articles/ and templates/messages/.

    Raises SourceError with every problem found; a warning alone does not stop the reading.
    """
    sources, problems = read_all(config)
    if any(problem.severity == "error" for problem in problems):
        raise SourceError(problems)
    return sources


def read_all(config: Config) -> tuple[Sources, tuple[Problem, ...]]:
    """Read as `read` does, but return what could be read together with the problems."""
    reading = _Reading(config)
    found = [reading.article(folder) for folder in reading.topics]
    articles = {article.slug: _outdated(article) for article in found if article is not None}
    problems = {*reading.problems, *link(articles)}
    return replace(reading.sources, articles=articles), first_causes(problems)


def _outdated(article: Article) -> Article:
    summary = mark_outdated(article.summary) if article.summary else None
    return replace(mark_outdated(article), summary=summary)


class _Reading:
    """What all topics share, read first because every topic refers to it; then one topic after another."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.problems: list[Problem] = []
        self.topics = self._noting(shared.topic_folders(config))
        vocabulary, planned = self._noting(shared.categories(config)), self._noting(shared.planned(config))
        slugs = frozenset((*(path.name for path in self.topics), *planned))
        references = self._noting(shared.references(config))
        files = shared.concept_files(config)
        keys = frozenset(path.stem for path in files)
        concepts: dict[str, Concept] = {}
        for path in files:
            concept = self._noting(shared.concept(config, path, keys, slugs, vocabulary))
            if concept is not None:
                concepts[concept.key] = concept
        messages = self._noting(shared.messages(config))
        tongues = names_of(config.languages)
        self.sources = Sources(
            config.root, config.languages, {}, concepts, references, vocabulary, messages, planned, tongues
        )
        self.known = {
            language: Known(
                slugs, self._noting(shared.words(concepts, language)), frozenset(concepts), frozenset(references)
            )
            for language in config.languages
        }

    def article(self, folder: Path) -> Article | None:
        """Read one topic's folder in every language it is written in."""
        source_language = self.config.source_language
        self.problems.extend(shared.unknown_languages(self.config, folder))
        path = folder / f"{source_language}.md"
        if not path.is_file():
            self.problems.append(shared.missing_source(self.config, folder))
            return None
        source = self._version(path, source_language, None)
        if source is None:
            return None
        versions = {source_language: source}
        for language in self.config.languages[1:]:
            path = folder / f"{language}.md"
            if path.is_file():
                version = self._version(path, language, source)
                if version is not None:
                    versions[language] = version
        readings = {language: self._reading(folder / FOLDER / f"{language}.md", language) for language in versions}
        article = with_summary(Article(folder.name, folder, source, versions), readings)
        for reading in readings.values():
            self.problems.extend(reading.problems)
        return article

    def _version(self, path: Path, language: str, source: Version | None) -> Version | None:
        reading = self._reading(path, language)
        version = read_version(path, reading, self.sources.vocabulary, source)
        self.problems.extend(reading.problems)
        return version

    def _reading(self, path: Path, language: str) -> Reading:
        return Reading(path.relative_to(self.config.root).as_posix(), language, self.known[language])

    def _noting(self, found: tuple[Found, Problems]) -> Found:
        value, problems = found
        self.problems.extend(problems)
        return value
