"""Read articles/: Markdown, metadata, glossary and references become one linked, frozen tree."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from pipeline.config import Config
from pipeline.errors import Problem, SourceError, Where, suggest
from pipeline.read.article import Article, Concept, Reference, Sources, Version
from pipeline.read.bibliography import read_references
from pipeline.read.context import Known, Reading
from pipeline.read.glossary import read_concept, words_of
from pipeline.read.linking import link, mark_outdated
from pipeline.read.summary import FOLDER, with_summary
from pipeline.read.version import read_version
from pipeline.read.vocabulary import Words, read_messages, read_names

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
BESIDE = {"glossary", "papers", "words"}


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
    folder = config.root / "articles"
    shared = _Shared(config, folder)
    articles: dict[str, Article] = {}
    for path in shared.topics:
        article = shared.article(path)
        if article is not None:
            articles[article.slug] = article
    articles = {slug: _outdated(article) for slug, article in articles.items()}
    problems = [*shared.problems, *link(articles)]
    sources = Sources(
        config.root,
        config.languages,
        articles,
        shared.concepts,
        shared.references,
        shared.vocabulary,
        shared.messages,
        shared.planned,
    )
    return sources, tuple(sorted(set(problems)))


def _outdated(article: Article) -> Article:
    summary = mark_outdated(article.summary) if article.summary else None
    return replace(mark_outdated(article), summary=summary)


class _Shared:
    """What all topics share, read first because every topic refers to it."""

    def __init__(self, config: Config, folder: Path) -> None:
        self.config = config
        self.problems: list[Problem] = []
        self.topics = self._topic_folders(folder)
        self.vocabulary = self._names(folder / "categories.yaml")
        self.planned = self._names(folder / "planned.yaml") if (folder / "planned.yaml").is_file() else {}
        written = frozenset(path.name for path in self.topics)
        self.slugs = written | frozenset(self.planned)
        self.references = self._references(folder / "references.bib")
        self.concepts = self._concepts(folder / "glossary")
        self.messages = self._messages(config.root / "templates" / "messages")
        self.known = {language: self._known(language) for language in config.languages}

    def article(self, folder: Path) -> Article | None:
        """Read one topic's folder in every language it is written in."""
        source_language = self.config.source_language
        for path in sorted((*folder.glob("[!.]*.md"), *(folder / FOLDER).glob("[!.]*.md"))):
            if path.stem not in self.config.languages:
                remedy = suggest(path.stem, self.config.languages)
                self._problem(path, f"{path.stem!r} is not a configured language", remedy, "language")
        path = folder / f"{source_language}.md"
        if not path.is_file():
            self._problem(path, "is missing", "write it: it is the source of the topic", "unreadable")
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
        article = Article(folder.name, folder, source, versions)
        readings = {
            language: self._reading(folder / FOLDER / f"{language}.md", language, self.known[language])
            for language in versions
        }
        article = with_summary(article, readings)
        for reading in readings.values():
            self.problems.extend(reading.problems)
        return article

    def _version(self, path: Path, language: str, source: Version | None) -> Version | None:
        reading = self._reading(path, language, self.known[language])
        version = read_version(path, reading, self.vocabulary, source)
        self.problems.extend(reading.problems)
        return version

    def _topic_folders(self, folder: Path) -> list[Path]:
        papers = folder / "papers"
        candidates = [path for path in folder.iterdir() if path.is_dir() and path.name not in BESIDE]
        candidates += [path for path in papers.iterdir() if path.is_dir()] if papers.is_dir() else []
        found: list[Path] = []
        for path in sorted(candidates, key=lambda path: path.name):
            if path.name.startswith((".", "_")):
                continue
            if not SLUG.fullmatch(path.name):
                self._problem(path, "is not a slug", "use lower-case letters, digits and hyphens", "slug")
            elif any(path.name == other.name for other in found):
                self._problem(path, "the slug is taken", "give each topic a folder name of its own", "slug")
            else:
                found.append(path)
        return found

    def _names(self, path: Path) -> Words:
        reading = self._reading(path, self.config.source_language)
        names = read_names(path, reading, self.config.languages)
        self.problems.extend(reading.problems)
        return names

    def _references(self, path: Path) -> dict[str, Reference]:
        reading = self._reading(path, self.config.source_language)
        references = read_references(path, reading) if path.is_file() else {}
        self.problems.extend(reading.problems)
        return references

    def _concepts(self, folder: Path) -> dict[str, Concept]:
        paths = sorted(folder.glob("[!.]*.yaml"))
        keys = frozenset(path.stem for path in paths)
        concepts = {}
        for path in paths:
            reading = self._reading(path, "", Known(topics=self.slugs))
            concept = read_concept(path, reading, self.config.languages, keys)
            if concept is not None:
                concepts[concept.key] = concept
                if concept.domain not in self.vocabulary:
                    remedy = suggest(concept.domain, self.vocabulary)
                    self._problem(path, f"unknown category {concept.domain!r}", remedy, "category")
            self.problems.extend(reading.problems)
        return concepts

    def _messages(self, folder: Path) -> Words:
        reading = self._reading(folder, "")
        messages = read_messages(folder, self.config.root, self.config.languages, reading)
        self.problems.extend(reading.problems)
        return messages

    def _known(self, language: str) -> Known:
        reading = self._reading(self.config.root / "articles" / "glossary", language)
        words = words_of(self.concepts, language, reading)
        self.problems.extend(reading.problems)
        return Known(self.slugs, words, frozenset(self.concepts), frozenset(self.references))

    def _problem(self, path: Path, message: str, remedy: str, rule: str) -> None:
        self.problems.append(Problem(Where(self._name(path)), message, remedy, rule))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.config.root).as_posix()

    def _reading(self, path: Path, language: str, known: Known | None = None) -> Reading:
        return Reading(self._name(path), language, known or Known())
