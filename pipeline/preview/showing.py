"""The pages of the live preview: each as it would be built now, or as it last was before something broke."""

from __future__ import annotations

import hashlib
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from jinja2 import TemplateError

from pipeline.config import Config
from pipeline.errors import MaroviError, Problem, SourceError, Where
from pipeline.memo import pages, reading, site
from pipeline.memo.reading import ARTICLE, SUMMARY
from pipeline.memo.resident import ResidentMemo
from pipeline.memo.results import has_results
from pipeline.preview.frame import Name, dressed, waiting
from pipeline.preview.states import States, TopicState
from pipeline.read.shared import GLOSSARY
from pipeline.render.html.figures import figure_place
from pipeline.render.html.formulas import stylesheet
from pipeline.render.html.site import template_problem
from pipeline.verify.accepted import NAME as RESULTS

NOWHERE: Name = ("", "", "", "")
REMEMBERED = 200  # pages whose last good state is kept
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as a browser gets it. `problems` are those that stand in its own source."""

    path: str
    content: bytes
    digest: str
    formulas: str = ""  # the style sheet of its formulas
    problems: tuple[Problem, ...] = ()
    is_old: bool = False  # what is shown is from before something broke

    @property
    def served(self) -> bytes:
        """The page with what tells its browser which version it has."""
        return self.content.replace(b"<body", b'<body data-digest="%s"' % self.digest.encode(), 1)


class Showing:
    """What browsers are shown, for one thread at a time. `states` is how the topics stood when last looked at."""

    def __init__(self, config: Config, memo: ResidentMemo) -> None:
        self.config = config
        self.memo = memo
        self.states = States(())
        self._good: dict[str, Shown] = {}
        self._found: dict[str, tuple[str, Shown]] = {}
        self._shows: dict[str, tuple[str, str, str]] = {}  # the place of a picture -> a page that it was seen on
        self._said: set[str] = set()  # faults of ours that were printed

    def begin_anew(self, config: Config, memo: ResidentMemo) -> None:
        """Show the pages under other settings; what broke shows what was there before."""
        self.config, self.memo = config, memo
        self._found.clear()

    def page(self, path: str) -> Shown | None:
        """The page of the site at a path such as `en/softmax-function/`; None where there is none."""
        name = self.name(path)
        return self._shown(path, name) if name is not None else None

    def name(self, path: str) -> Name | None:
        """Which page of the site a path means: one that is there, or one whose source is and cannot be read."""
        name = site.names_by_path(self.memo).get(f"{path}index.html")
        if name is not None:
            return name
        language, _, rest = path.strip("/").partition("/")
        slug, _, part = rest.partition("/")
        if language not in self.config.languages or slug not in reading.topics(self.memo)[0]:
            return None
        name = ("topic", language, slug, part)
        return name if part in (ARTICLE, SUMMARY) and (self.config.root / self._file(name)).is_file() else None

    def picture(self, path: str) -> bytes | None:
        """The bytes of a figure, or of an author's picture, by its place in the site."""
        parts = tuple(pages.topic_parts(self.memo))
        seen = self._shows.get(path)  # a browser asks for what stands on the page that it has just got
        for name in (*(one for one in parts if one == seen), *parts):
            if not has_results(self.memo, name[0]):
                continue
            for mark in pages.figures(self.memo, *name):
                if figure_place(mark.title) == path:
                    return Path(mark.path).read_bytes()
        drawn = (file for file in pages.path_of_learning(self.memo) if figure_place(file.title) == path)
        return next((file.content for file in drawn), None)

    def state_of(self, slug: str) -> TopicState | None:
        return next((one for one in self.states.topics if one.slug == slug), None)

    def problems_of(self, error: Exception) -> tuple[Problem, ...]:
        """What keeps an answer from being made that no page can say, such as a mistake in the frame of all pages."""
        shared = (problem for problem in self.states.problems if problem.severity == "error")
        return tuple(sorted({*shared, *self._told_of(error, NOWHERE)}))

    def say_fault(self, error: Exception) -> str:
        """Print a fault of ours once, with all that helps to find it, and return it in a line."""
        said = f"{type(error).__name__}: {error}"
        if said not in self._said:
            self._said.add(said)
            traceback.print_exception(error, file=sys.stderr)
        return said

    def _shown(self, path: str, name: Name) -> Shown:
        problems = self._problems_in(name)
        try:
            versions = self._versions(name)  # a picture can change where the page that shows it does not
            found = self.memo.digest((site.page.name, *name)).hex() + "".join(versions.values())
            held = self._found.get(path)
            if held is None or held[0] != found:
                made = site.page(self.memo, *name)
                content = dressed(self.memo, made.content, path, name, versions)
                formulas = stylesheet([made.styles])
                digest = hashlib.sha256(content + formulas.encode()).hexdigest()[:20]
                _remember(self._found, path, (found, Shown(path, content, digest, formulas)))
            shown = replace(self._found[path][1], problems=tuple(sorted({*problems, *site.problems(self.memo, *name)})))
        except Exception as error:
            return self._broken(path, name, (*problems, *self._told_of(error, name)))
        _remember(self._good, path, shown)
        return shown

    def _broken(self, path: str, name: Name, problems: tuple[Problem, ...]) -> Shown:
        """What was there before something broke, or else a page that says what is missing."""
        problems = tuple(sorted(set(problems)))
        good = self._good.get(path)
        if good is not None:
            return replace(good, problems=problems, is_old=True)
        content = waiting(self.memo, path, name, problems)
        return Shown(path, content, hashlib.sha256(content).hexdigest()[:20], "", problems)

    def _told_of(self, error: Exception, name: Name) -> tuple[Problem, ...]:
        """What kept a page from being made, if nobody says so already."""
        kind, _, key, _ = name
        topic = self.state_of(key)
        known = (*self.states.problems, *(topic.problems if topic else ()))
        wrong = {problem.where for problem in known if problem.severity == "error"}
        if isinstance(error, SourceError):
            return tuple(problem for problem in error.problems if problem.where not in wrong)
        if isinstance(error, TemplateError):
            return (template_problem(error),)
        # A topic that cannot be read, or has no results, has its problems told when the states are looked at.
        if wrong or (kind == "topic" and not (key in self.memo.given.sources.articles and has_results(self.memo, key))):
            return ()
        where = Where(self._file(name) or "templates/site")
        if isinstance(error, MaroviError):
            return (Problem(where, error.message, error.remedy, "page"),)
        said = self.say_fault(error)
        return (Problem(where, f"this page cannot be made: {said}", "see the terminal", "page"),)

    def _versions(self, name: Name) -> Mapping[str, str]:
        """The places of the pictures on a page, each with a digest of what they are now."""
        kind, language, key, part = name
        if kind == "topic":
            found = pages.figures(self.memo, key, part, language)
            self._shows.update((figure_place(one.title), (key, part, language)) for one in found)
            return {figure_place(one.title): one.sha1[:12] for one in found}
        if kind == "path":
            return {figure_place(one.title): one.sha1[:12] for one in pages.path_of_learning(self.memo)}
        return {}

    def _file(self, name: Name) -> str:
        """The source that a page is written in, "" for one that is made of many."""
        kind, language, key, part = name
        if kind == "topic":
            return reading.file_of(self.memo, key, part, language)
        return f"{GLOSSARY}/{key}.yaml" if kind == "concept" else ""

    def _problems_in(self, name: Name) -> tuple[Problem, ...]:
        """What is wrong with what a page is made of: its source, and accepted results that cannot be read."""
        found = {problem for topic in self.states.topics for problem in topic.problems} | set(self.states.problems)
        file, results = self._file(name), ""
        if name[0] == "topic":
            results = f"{reading.folder_of(self.memo, name[2])}/{RESULTS}"
            found = {one for one in found if one.where.file != results or one.severity == "error"}
        return tuple(sorted(one for one in found if one.where.file and one.where.file in (file, results)))


def _remember(held: dict[str, Value], key: str, value: Value) -> None:
    """Keep a value among the youngest."""
    held.pop(key, None)
    held[key] = value
    while len(held) > REMEMBERED:
        del held[next(iter(held))]
