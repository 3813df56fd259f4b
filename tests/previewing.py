"""A live preview of a project for tests, in this process."""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from watchfiles import Change, DefaultFilter

from pipeline.config import load
from pipeline.memo.engine import Memo
from pipeline.memo.inputs import content, listing
from pipeline.preview import open_server
from pipeline.preview.live import Live
from pipeline.preview.routes import LiveSource
from pipeline.preview.states import states
from pipeline.preview.watching import FOLDERS
from pipeline.preview.wiki_choice import WikiChoice
from pipeline.run import RunSettings
from pipeline.run.keeper import stop_kept
from tests.project import Project
from tests.published import REPOSITORY, SAMPLE

NEWTON = "articles/newton-iteration/en.md"


def sample(root: Path) -> Path:
    """A copy of the sample with the templates of the repository."""
    shutil.copytree(SAMPLE, root)
    shutil.rmtree(root / "templates", ignore_errors=True)
    (root / "templates").unlink(missing_ok=True)
    shutil.copytree(REPOSITORY / "templates", root / "templates")
    return root


@contextmanager
def previewing(root: Path, *, keep: bool = False, reproduce: bool = True, port: int = 0) -> Iterator[tuple[str, Live]]:
    """The address of a live preview, and what it serves."""
    config = load(root)
    settings = RunSettings.of(config, executor="local", keep=keep, reproduce=reproduce)
    live = Live(config, replace(settings, cache=REPOSITORY / ".marovi" / "cache"))
    with open_server(LiveSource(live, WikiChoice(config, "", {})), port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            live.start()
            yield server.address, live
        finally:
            server.shutdown()
            thread.join()
            live.stop()
            stop_kept(config.state / "keep")


@contextmanager
def restored(live: Live) -> Iterator[Project]:
    """The project of a preview, in which files may come, change and go: at the end, as the preview knows by then, they
    are as they were."""
    root = live.config.root
    before = _files(root)
    try:
        yield Project(root)
    finally:
        for path in _files(root).keys() - before.keys():
            path.unlink()
            with suppress(OSError):  # there is more in it
                path.parent.rmdir()
        for path, held in before.items():
            if not path.is_file() or path.read_bytes() != held:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(held)
        settled(live)


def exchange(files: Project, name: str, old: str, new: str) -> None:
    """Change words as editors do that put a whole new file in the place of the old one. One that is emptied and then
    written can be seen in between, which is told for a moment: a test of what stays meanwhile would see that."""
    path = files.root / name
    text = path.read_text()
    assert old in text, f"{old!r} is not in {name}"
    beside = path.with_name(f".{path.name}~")
    beside.write_text(text.replace(old, new))
    beside.replace(path)


def _files(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".marovi" not in path.parts}


def until(wanted: Callable[[], Any], seconds: float = 120.0) -> Any:
    """What `wanted` gives once that is true."""
    end = time.monotonic() + seconds
    while not (found := wanted()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)
    return found


def settled(live: Live) -> None:
    """Wait until the preview has heard of all that was saved, nothing runs, and nothing waits to run, a second run
    neither: before that, what is shown may be from before the last change, and change once more."""

    def is_done() -> bool:
        with live.asking() as memo:
            work = live._cells.work
            if not all(one.problems for one in work.values()):  # what failed stays in there with its problems
                return False
            now = states(memo, work, datetime.now(tz=UTC).date())
            return now.topics == live.states().topics and _has_heard(memo, live.config.root)

    until(is_done, 300.0)


def _has_heard(memo: Memo, root: Path) -> bool:
    """Whether all that is watched is to the memo what it is on disk."""
    is_watched = DefaultFilter()
    for folder in FOLDERS:
        for path in (root / folder, *(root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if not is_watched(Change.modified, str(path)):
                continue
            if path.is_file() and content(memo, name) != hashlib.sha256(path.read_bytes()).hexdigest():
                return False
            if path.is_dir() and listing(memo, name) != listing.function(memo, name):
                return False
    return True
