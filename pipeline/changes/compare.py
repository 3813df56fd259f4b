"""Compare the sources as they stand with those of a git revision, and two builds where there are two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.changes.builds import page_changes, picture_changes
from pipeline.changes.model import Changes, Page, Picture, Version
from pipeline.changes.results import topic_changes
from pipeline.changes.revision import commit_of, extracted
from pipeline.changes.translations import translation_changes
from pipeline.changes.versions import Versioned, version_problems, versioned
from pipeline.commits import head
from pipeline.config import Config, load
from pipeline.errors import MaroviError, Problem
from pipeline.read import read_all
from pipeline.read.article import Sources
from pipeline.render.manifest import read as read_build


def changes_of(config: Config, revision: str, before: Path | None = None, after: Path | None = None) -> Changes:
    """Return what the sources change since a revision.

    `before` and `after` are folders that builds of both wrote, for pages and pictures; without `before` those are not
    compared. Raises MaroviError where git does not know the revision or `after` is no build.
    """
    commit = commit_of(config.root, revision)
    now, problems = read_all(config)
    notes = _unread(problems, "the sources as they stand")
    with extracted(config.root, commit) as folder:
        old, unread = _sources(folder)
        notes += unread
        topics = topic_changes(folder, old, config.root, now)
        translations = translation_changes(old, now)
        versions = tuple(_versions(versioned(folder), versioned(config.root)))
    pages: tuple[Page, ...] = ()
    pictures: tuple[Picture, ...] = ()
    if before is None:
        notes.append("Pages and pictures were not compared: there is no build of the base.")
    else:
        try:
            was = read_build(before)
        except MaroviError as error:
            notes.append(f"Pages and pictures were not compared: {error}.")
        else:
            built = read_build(after or config.build)
            pages = page_changes(was, built)
            pictures = picture_changes(was, built, topics)
    return Changes(commit, head(config.root), topics, pictures, translations, versions, pages, tuple(notes))


def unraised_versions(root: Path, revision: str) -> tuple[Problem, ...]:
    """Return a problem for each template or module that changed since a revision under the version it had."""
    with extracted(root, commit_of(root, revision)) as before:
        return tuple(version_problems(versioned(before), versioned(root)))


def _sources(folder: Path) -> tuple[Sources | None, list[str]]:
    """The sources of an earlier commit, None where they cannot be read, and what could not."""
    try:
        sources, problems = read_all(load(folder))
    except (MaroviError, OSError) as error:
        return None, [f"The base's sources cannot be read ({error})."]
    return sources, _unread(problems, "the base")


def _unread(problems: tuple[Problem, ...], whose: str) -> list[str]:
    errors = sum(problem.severity == "error" for problem in problems)
    counted = "a problem keeps" if errors == 1 else f"{errors} problems keep"
    return [f"In {whose} {counted} parts from being compared."] if errors else []


def _versions(before: Mapping[str, Versioned], now: Mapping[str, Versioned]) -> Iterator[Version]:
    wrong = {problem.where: problem.message for problem in version_problems(before, now)}
    for title in sorted({*before, *now}):
        old, new = before.get(title), now.get(title)
        note = wrong.get(new.where, "") if new else ""
        if (old and old.version) != (new and new.version) or note:
            yield Version(title, old.version if old else "", new.version if new else "", note)
