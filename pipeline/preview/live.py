"""The live preview: the project's pages as they would be built now, and whoever looks at them told of each change.

One thread hears of saved files, others run cells, others answer browsers; the memo is shared under one lock. Nothing is
written: build/ and results.json stay as they are, and a build beside it is not in its way.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.config import Config, load
from pipeline.diagnostics import to_json
from pipeline.errors import MaroviError, Problem, Where
from pipeline.memo.engine import Memo
from pipeline.memo.resident import GIT, keys_of, resident
from pipeline.memo.texts import page_texts
from pipeline.preview import watching
from pipeline.preview.ahead import Ahead
from pipeline.preview.blocks import Blocks, changes, taken_apart
from pipeline.preview.cells import Cells
from pipeline.preview.frame import Name
from pipeline.preview.listeners import Listener, Listeners
from pipeline.preview.showing import Showing, Shown
from pipeline.preview.states import States, TopicState, states
from pipeline.run import RunSettings
from pipeline.verify.accepted import NAME as RESULTS

MEMO = "memo"
OWN = "_live/"  # where the pages of the preview's own lie
SENDING = 0.02  # seconds that an event may take on its way before other work goes on
BEGINNING = 0.05  # seconds that cells may take to begin before their page is made


class Live:
    """A project that is looked at while it is written."""

    def __init__(self, config: Config, settings: RunSettings) -> None:
        self.config = config
        self.listeners = Listeners()
        self._lock = threading.RLock()
        self._memo = resident(config, MEMO)
        self._showing = Showing(config, self._memo)
        self._say_fault = self._showing.say_fault
        self._cells = Cells(settings, self._lock, self._wanted, self.tell, self._say_fault)
        self.ahead = Ahead(self._lock, self._texts, self._say_fault)
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._wrong_settings: tuple[Problem, ...] = ()

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
            shown = self._showing.page(path)
            if shown is not None:
                self._memo.settle()
            return shown

    def name(self, path: str) -> Name | None:
        """Which page of the site a path means: one that is there, or one whose source is and cannot be read."""
        with self._lock:
            return self._showing.name(path)

    def picture(self, path: str) -> bytes | None:
        """The bytes of a figure, or of an author's picture, by its place in the site."""
        with self._lock:
            return self._showing.picture(path)

    def states(self) -> States:
        """How every topic stands."""
        with self._lock:
            return self._showing.states

    def state_of(self, slug: str) -> TopicState | None:
        with self._lock:
            return self._showing.state_of(slug)

    def problems_of(self, error: Exception) -> tuple[Problem, ...]:
        """What keeps an answer from being made that no page can say, such as a mistake in the frame of all pages."""
        with self._lock:
            return self._showing.problems_of(error)

    # --- what changes -----------------------------------------------------------------------------------

    def tell(self) -> None:
        """Tell every browser what is otherwise than it knows."""
        with self._lock:
            try:
                self._tell_pages()
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
                elif not is_sure and not self._cells.are_running:
                    # it is quiet: time to look whether a change was not told
                    is_sure = True
                    self._take_in(None)
                    self.ahead.go_on()
                    self._cells.tidy()
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
            self._cells.begin_early(self._memo, BEGINNING)
            self._tell_pages()
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
        self._showing.begin_anew(config, self._memo)
        gc.unfreeze()  # the memo before may go
        self._cells.keep_within(config)

    def _look_at_states(self) -> None:
        found = states(self._memo, self._cells.work, datetime.now(tz=UTC).date())
        self._showing.states = replace(found, problems=(*self._wrong_settings, *found.problems))

    def _tell_pages(self) -> None:
        """Tell every browser of its page: what somebody looks at comes first."""
        for listener in self.listeners.all():
            self._tell_page(listener)
        for listener in self.listeners.all():  # what follows would keep the threads that send it from working
            listener.let_hear(SENDING)

    def _tell_page(self, listener: Listener) -> Shown | None:
        """Tell a browser of its page, where that is another one than it has; return what it is."""
        try:
            shown = self.page(listener.path)
        except Exception as error:  # others are told all the same
            self._showing.problems_of(error)  # a fault of ours is printed
            return None
        if shown is None:
            return None
        is_other = shown.digest != listener.digest
        if is_other or listener.formulas is None:  # of what a browser came with its digest alone is known
            blocks = taken_apart(shown.content)
            if is_other:
                listener.tell("page", _told_of_page(listener, shown, blocks))
            listener.digest, listener.blocks, listener.formulas = shown.digest, blocks, shown.formulas
        return shown

    def _tell_one(self, listener: Listener) -> None:
        shown = self._tell_page(listener)
        name = self.name(listener.path)
        topic = self.state_of(name[2]) if name is not None and name[0] == "topic" else None
        is_gone = name is None and not listener.path.startswith(OWN)
        listener.tell_once("state", {**about(self._showing.states, topic, shown), "gone": is_gone})
        if listener.path.startswith(f"{OWN}topics"):
            listener.tell_once("topics", self._showing.states.to_json())

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


def _told_of_page(listener: Listener, shown: Shown, blocks: Blocks | None) -> dict[str, object]:
    """What a browser lacks of a page, which has these blocks."""
    told: dict[str, object] = {"digest": shown.digest}
    if shown.formulas != listener.formulas:
        told["formulas"] = shown.formulas
    changed = changes(listener.blocks, blocks) if listener.blocks and blocks else None
    return {**told, "changes": asdict(changed)} if changed else {**told, "html": shown.content.decode()}


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
