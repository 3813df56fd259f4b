"""The live preview: the project's pages as they would be built now, and whoever looks at them told of each change.

One thread hears of saved files, others run cells, others answer browsers; the memo is shared under one lock. Nothing is
written: build/ and results.json stay as they are, and a build beside it is not in its way.
"""

from __future__ import annotations

import gc
import hashlib
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from jinja2 import TemplateError

from pipeline.config import Config, load
from pipeline.diagnostics import to_json
from pipeline.errors import MaroviError, Problem, SourceError, Where
from pipeline.memo import pages, reading, site
from pipeline.memo.engine import Memo
from pipeline.memo.reading import ARTICLE, SUMMARY
from pipeline.memo.resident import GIT, keys_of, resident
from pipeline.memo.results import has_results
from pipeline.memo.texts import page_texts
from pipeline.preview import watching
from pipeline.preview.ahead import Ahead
from pipeline.preview.cells import Cells
from pipeline.preview.frame import Name, dressed, waiting
from pipeline.preview.listeners import Listener, Listeners
from pipeline.preview.piece import changed_piece
from pipeline.preview.states import States, TopicState, states
from pipeline.read.shared import GLOSSARY
from pipeline.render.html.figures import figure_place
from pipeline.render.html.formulas import stylesheet
from pipeline.render.html.site import template_problem
from pipeline.run import RunSettings
from pipeline.verify.accepted import NAME as RESULTS

MEMO = "memo"
OWN = "_live/"  # where the pages of the preview's own lie
NOWHERE: Name = ("", "", "", "")
SENDING = 0.02  # seconds that an event may take on its way before other work goes on
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


class Live:
    """A project that is looked at while it is written."""

    def __init__(self, config: Config, settings: RunSettings) -> None:
        self.config = config
        self.listeners = Listeners()
        self._lock = threading.RLock()
        self._memo = resident(config, MEMO)
        self._cells = Cells(settings, self._lock, self._wanted, self.tell, self._say_fault)
        self.ahead = Ahead(self._lock, self._texts, self._say_fault)
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._good: dict[str, Shown] = {}
        self._found: dict[str, tuple[str, Shown]] = {}
        self._states = States(())
        self._wrong_settings: tuple[Problem, ...] = ()
        self._told: set[str] = set()  # faults of ours that were printed

    def start(self) -> None:
        """Begin to watch and to run; pages can be asked for at once."""
        with self._lock:
            self._cells.look(self._memo)
            self._look_at_states()
        self._watcher.start()
        self._cells.start()
        self.ahead.start()

    def stop(self) -> None:
        self._stop.set()
        self.listeners.close()
        self.ahead.stop()
        self._cells.stop()
        if self._watcher.is_alive():
            self._watcher.join()
        with self._lock:
            self._memo.store.close()

    @contextmanager
    def asking(self) -> Iterator[Memo]:
        """The memo as things are now, for one thread at a time."""
        with self._lock:
            yield self._memo

    # --- what can be seen -------------------------------------------------------------------------------

    def page(self, path: str) -> Shown | None:
        """The page of the site at a path such as `en/softmax-function/`; None where there is none."""
        with self._lock:
            name = self.name(path)
            if name is None:
                return None
            shown = self._shown(path, name)
            self._memo.settle()
            return shown

    def name(self, path: str) -> Name | None:
        """Which page of the site a path means: one that is there, or one whose source is and cannot be read."""
        with self._lock:
            name = site.names_by_path(self._memo).get(f"{path}index.html")
            if name is not None:
                return name
            language, _, rest = path.strip("/").partition("/")
            slug, _, part = rest.partition("/")
            if language not in self.config.languages or slug not in reading.topics(self._memo)[0]:
                return None
            name = ("topic", language, slug, part)
            return name if part in (ARTICLE, SUMMARY) and (self.config.root / self._file(name)).is_file() else None

    def picture(self, path: str) -> bytes | None:
        """The bytes of a figure, or of an author's picture, by its place in the site."""
        with self._lock:
            for name in pages.topic_parts(self._memo):
                if not has_results(self._memo, name[0]):
                    continue
                for mark in pages.figures(self._memo, *name):
                    if figure_place(mark.title) == path:
                        return Path(mark.path).read_bytes()
            drawn = (file for file in pages.path_of_learning(self._memo) if figure_place(file.title) == path)
            return next((file.content for file in drawn), None)

    def states(self) -> States:
        """How every topic stands."""
        with self._lock:
            return self._states

    def state_of(self, slug: str) -> TopicState | None:
        return next((one for one in self.states().topics if one.slug == slug), None)

    def problems_of(self, error: Exception) -> tuple[Problem, ...]:
        """What keeps an answer from being made that no page can say, such as a mistake in the frame of all pages."""
        with self._lock:
            shared = (problem for problem in self._states.problems if problem.severity == "error")
            return tuple(sorted({*shared, *self._told_of(error, NOWHERE)}))

    def _shown(self, path: str, name: Name) -> Shown:
        problems = self._problems_in(self._file(name))
        try:
            versions = self._versions(name)  # a picture can change where the page that shows it does not
            found = self._memo.digest((site.page.name, *name)).hex() + "".join(versions.values())
            held = self._found.get(path)
            if held is None or held[0] != found:
                made = site.page(self._memo, *name)
                content = dressed(self._memo, made.content, path, name, versions)
                formulas = stylesheet([made.styles])
                digest = hashlib.sha256(content + formulas.encode()).hexdigest()[:20]
                _remember(self._found, path, (found, Shown(path, content, digest, formulas)))
            shown = replace(
                self._found[path][1], problems=tuple(sorted({*problems, *site.problems(self._memo, *name)}))
            )
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
        content = waiting(self._memo, path, name, problems)
        return Shown(path, content, hashlib.sha256(content).hexdigest()[:20], "", problems)

    def _told_of(self, error: Exception, name: Name) -> tuple[Problem, ...]:
        """What kept a page from being made, if nobody says so already."""
        kind, _, key, _ = name
        topic = self.state_of(key)
        known = (*self._states.problems, *(topic.problems if topic else ()))
        wrong = {problem.where for problem in known if problem.severity == "error"}
        if isinstance(error, SourceError):
            return tuple(problem for problem in error.problems if problem.where not in wrong)
        if isinstance(error, TemplateError):
            return (template_problem(error),)
        # A topic that cannot be read, or has no results, has its problems told when the states are looked at.
        if wrong or (
            kind == "topic" and not (key in self._memo.given.sources.articles and has_results(self._memo, key))
        ):
            return ()
        where = Where(self._file(name) or "templates/site")
        if isinstance(error, MaroviError):
            return (Problem(where, error.message, error.remedy, "page"),)
        said = self._say_fault(error)
        return (Problem(where, f"this page cannot be made: {said}", "see the terminal", "page"),)

    def _say_fault(self, error: Exception) -> str:
        """Print a fault of ours once, with all that helps to find it."""
        said = f"{type(error).__name__}: {error}"
        if said not in self._told:
            self._told.add(said)
            traceback.print_exception(error, file=sys.stderr)
        return said

    def _versions(self, name: Name) -> Mapping[str, str]:
        """The places of the pictures on a page, each with a digest of what they are now."""
        kind, language, key, part = name
        if kind == "topic":
            found = pages.figures(self._memo, key, part, language)
            return {figure_place(one.title): one.sha1[:12] for one in found}
        if kind == "path":
            return {figure_place(one.title): one.sha1[:12] for one in pages.path_of_learning(self._memo)}
        return {}

    def _file(self, name: Name) -> str:
        """The source that a page is written in, "" for one that is made of many."""
        kind, language, key, part = name
        if kind == "topic":
            return reading.file_of(self._memo, key, part, language)
        return f"{GLOSSARY}/{key}.yaml" if kind == "concept" else ""

    def _problems_in(self, file: str) -> tuple[Problem, ...]:
        found = {problem for topic in self._states.topics for problem in topic.problems} | set(self._states.problems)
        return tuple(sorted(problem for problem in found if file and problem.where.file == file))

    # --- what changes -----------------------------------------------------------------------------------

    def tell(self) -> None:
        """Tell every browser what is otherwise than it knows."""
        with self._lock:
            try:
                self._look_at_states()
                for listener in self.listeners.all():
                    self._tell_one(listener)
            except Exception as error:  # threads that run cells tell, too, and go on
                self._say_fault(error)

    def listen(self, path: str, digest: str) -> Listener:
        """Begin to tell a browser, which has the page of this digest, of changes to it."""
        with self._lock:
            listener = self.listeners.add(path, digest)
            self._cells.make_room()
            self._tell_one(listener)
            return listener

    def _watch(self) -> None:
        try:
            self._follow()
        except (OSError, RuntimeError) as error:  # such as that the system watches no more files for this user
            said = f"saved files are not followed any more: {error}; start the preview again"
            print(said, file=sys.stderr, flush=True)

    def _follow(self) -> None:
        git, is_sure = self._git(), False
        for names in watching.changes(self.config.root, self._stop):
            if self._stop.is_set():
                return
            now = self._git()
            try:
                if names or now != git:
                    git, is_sure = now, False
                    self._take_in(names)
                elif not is_sure:  # it is quiet: time to look whether a change was not told
                    is_sure = True
                    self._take_in(None)
                    self.ahead.go_on()
                    gc.collect()
                    gc.freeze()  # what is known by now need not be searched for garbage again while an edit waits
            except Exception as error:
                self._say_fault(error)

    def _take_in(self, told: Iterable[str] | None) -> None:
        """Look at what changed, or with None at everything."""
        names = frozenset(told or ())
        self.ahead.rest()
        with self._lock:
            if watching.SETTINGS in names:
                self._begin_anew()
            self._memo.again(keys_of(names) if told is not None else None)
            for listener in self.listeners.all():  # what somebody looks at comes first
                self._tell_page(listener)
            for listener in self.listeners.all():  # what follows would keep the threads that send it from working
                listener.let_hear(SENDING)
            self._memo.again({GIT})
            if any(name.split("/")[0] != "articles" or name.endswith(RESULTS) for name in names):
                self._cells.run_again()
            self._cells.look(self._memo)
            self.tell()  # nobody asks in between, and is shown a page of a topic that is in no list yet
            self._memo.settle()
        for listener in self.listeners.all() if names else ():
            if listener.path.startswith(OWN):
                listener.tell("again", None)

    def _texts(self) -> Iterator[object]:
        """The texts of all pages, so that the first search need not wait for them."""
        for text in page_texts(self._memo):
            self._memo.settle()
            yield text

    def _begin_anew(self) -> None:
        """Take the settings as they are now; wrong ones are told, and the old ones stay."""
        try:
            config = load(self.config.root)
        except MaroviError as error:
            self._wrong_settings = (Problem(Where(watching.SETTINGS), error.message, error.remedy, "settings"),)
            return
        self._wrong_settings = ()
        self.config = config
        self._memo.store.close()
        self._memo = resident(config, MEMO)
        gc.unfreeze()  # the memo before may go
        self._found.clear()
        self._cells.keep_within(config)

    def _look_at_states(self) -> None:
        found = states(self._memo, self._cells.work, datetime.now(tz=UTC).date())
        self._states = replace(found, problems=(*self._wrong_settings, *found.problems))

    def _tell_page(self, listener: Listener) -> Shown | None:
        """Tell a browser of its page, where that is another one than it has; return what it is."""
        try:
            shown = self.page(listener.path)
        except Exception as error:  # others are told all the same
            self._told_of(error, NOWHERE)
            return None
        if shown is None:
            return None
        if shown.digest != listener.digest:
            listener.tell("page", _told_of_page(listener, shown))
        listener.digest, listener.page, listener.formulas = shown.digest, shown.content, shown.formulas
        return shown

    def _tell_one(self, listener: Listener) -> None:
        shown = self._tell_page(listener)
        name = self.name(listener.path)
        topic = self.state_of(name[2]) if name is not None and name[0] == "topic" else None
        is_gone = name is None and not listener.path.startswith(OWN)
        listener.tell_once("state", {**about(self._states, topic, shown), "gone": is_gone})
        if listener.path.startswith(f"{OWN}topics"):
            listener.tell_once("topics", self._states.to_json())

    def _wanted(self) -> frozenset[str]:
        """The topics whose pages are open."""
        names = [self.name(listener.path) for listener in self.listeners.all()]
        return frozenset(name[2] for name in names if name is not None and name[0] == "topic")

    def _git(self) -> tuple[int, ...]:
        """What changes when something is committed or another commit is checked out."""
        folder = self.config.root / ".git"
        return tuple(_time_of(folder / name) for name in ("HEAD", "index", "logs/HEAD"))


def _time_of(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _told_of_page(listener: Listener, shown: Shown) -> dict[str, object]:
    """What a browser lacks of a page."""
    told: dict[str, object] = {"digest": shown.digest}
    if shown.formulas != listener.formulas:
        told["formulas"] = shown.formulas
    piece = changed_piece(listener.page, shown.content) if listener.page is not None else None
    return {**told, "piece": asdict(piece)} if piece else {**told, "html": shown.content.decode()}


def about(found: States, topic: TopicState | None, shown: Shown | None) -> dict[str, object]:
    """What the bar above a page says, and what is wrong on the page itself."""
    own = shown.problems if shown else ()
    return {
        "topic": topic.to_json() if topic else None,
        "counts": dict(found.counts),
        "elsewhere": [to_json(problem) for problem in found.problems],
        "here": [to_json(problem) for problem in own],
        "old": bool(shown and shown.is_old),
    }


def _remember(held: dict[str, Value], key: str, value: Value) -> None:
    """Keep a value among the youngest."""
    held.pop(key, None)
    held[key] = value
    while len(held) > REMEMBERED:
        del held[next(iter(held))]
