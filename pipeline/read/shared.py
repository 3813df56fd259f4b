"""What all topics share, piece by piece, each with its problems: topics there are, names, references, concepts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pipeline.config import Config
from pipeline.errors import Problem, Where, suggest
from pipeline.read.article import Concept, Reference
from pipeline.read.bibliography import read_references
from pipeline.read.context import Known, Reading
from pipeline.read.glossary import read_concept, words_of
from pipeline.read.summary import FOLDER
from pipeline.read.vocabulary import Words, read_messages, read_names

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
BESIDE = {"glossary", "papers", "words"}
ARTICLES, PAPERS, GLOSSARY = "articles", "articles/papers", "articles/glossary"
CATEGORIES, PLANNED, BIBLIOGRAPHY = "articles/categories.yaml", "articles/planned.yaml", "articles/references.bib"
MESSAGES = "templates/messages"

Problems = tuple[Problem, ...]


def topic_folders(config: Config) -> tuple[tuple[Path, ...], Problems]:
    """The folders of all topics, by slug."""
    folder, papers = config.root / ARTICLES, config.root / PAPERS
    candidates = [path for path in folder.iterdir() if path.is_dir() and path.name not in BESIDE]
    candidates += [path for path in papers.iterdir() if path.is_dir()] if papers.is_dir() else []
    found: dict[str, Path] = {}
    problems: list[Problem] = []
    for path in sorted(candidates, key=lambda path: path.name):
        where = Where(path.relative_to(config.root).as_posix())
        if path.name.startswith((".", "_")):
            continue
        if not SLUG.fullmatch(path.name):
            problems.append(Problem(where, "is not a slug", "use lower-case letters, digits and hyphens", "slug"))
        elif path.name in found:
            problems.append(Problem(where, "the slug is taken", "give each topic a folder name of its own", "slug"))
        else:
            found[path.name] = path
    return tuple(found.values()), tuple(problems)


def unknown_languages(config: Config, folder: Path) -> Problems:
    """The files in a topic's folder that are named after no configured language."""
    paths = sorted((*folder.glob("[!.]*.md"), *(folder / FOLDER).glob("[!.]*.md")))
    return tuple(
        Problem(
            Where(path.relative_to(config.root).as_posix()),
            f"{path.stem!r} is not a configured language",
            suggest(path.stem, config.languages),
            "language",
        )
        for path in paths
        if path.stem not in config.languages
    )


def missing_source(config: Config, folder: Path, kind: str = "topic") -> Problem:
    """What is to be said of a topic, or a summary, that lacks the file in the source language."""
    where = Where((folder / f"{config.source_language}.md").relative_to(config.root).as_posix())
    return Problem(where, "is missing", f"write it: it is the source of the {kind}", "unreadable")


def categories(config: Config) -> tuple[Words, Problems]:
    return _names(config, CATEGORIES)


def planned(config: Config) -> tuple[Words, Problems]:
    return _names(config, PLANNED) if (config.root / PLANNED).is_file() else ({}, ())


def references(config: Config) -> tuple[dict[str, Reference], Problems]:
    reading = Reading(BIBLIOGRAPHY, config.source_language, Known())
    path = config.root / BIBLIOGRAPHY
    found = read_references(path, reading) if path.is_file() else {}
    return found, tuple(reading.problems)


def concept_files(config: Config) -> tuple[Path, ...]:
    """The glossary's files, by key."""
    return tuple(sorted((config.root / GLOSSARY).glob("[!.]*.yaml")))


def concept(
    config: Config, path: Path, keys: frozenset[str], slugs: frozenset[str], vocabulary: Words
) -> tuple[Concept | None, Problems]:
    """One concept; `keys` are those of all concepts, `slugs` those of all topics."""
    name = path.relative_to(config.root).as_posix()
    reading = Reading(name, "", Known(topics=slugs))
    found = read_concept(path, reading, config.languages, keys)
    if found is not None and found.domain not in vocabulary:
        remedy = suggest(found.domain, vocabulary)
        reading.report(Where(name), f"unknown category {found.domain!r}", remedy, "category")
    return found, tuple(reading.problems)


def words(concepts: Mapping[str, Concept], language: str) -> tuple[dict[str, str], Problems]:
    """Term or alias in lower case -> concept key, in one language."""
    reading = Reading(GLOSSARY, language, Known())
    return words_of(concepts, language, reading), tuple(reading.problems)


def messages(config: Config) -> tuple[Words, Problems]:
    """The words that the pipeline adds: language -> key -> words."""
    reading = Reading(MESSAGES, "", Known())
    found = read_messages(config.root / MESSAGES, config.root, config.languages, reading)
    return found, tuple(reading.problems)


def _names(config: Config, name: str) -> tuple[Words, Problems]:
    reading = Reading(name, config.source_language, Known())
    found = read_names(config.root / name, reading, config.languages)
    return found, tuple(reading.problems)
