"""Saved files are told when they are whole, however an editor saves them."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchfiles import Change

from pipeline.preview import watching

NAME = "articles/tiny/en.md"
HALF = 0.2  # seconds: half a save, seen by whoever looks


class Watched:
    """A folder that is watched, and what is told of it: which files, and what stood in the one then."""

    def __init__(self, root: Path) -> None:
        self.root, self.file = root, root / NAME
        self.told: queue.Queue[tuple[frozenset[str], str | None]] = queue.Queue()

    def follow(self, stop: threading.Event) -> None:
        for names in watching.changes(self.root, stop):
            self.told.put((names, self.file.read_text() if self.file.exists() else None))

    def next(self) -> tuple[frozenset[str], str | None]:
        """The next change that is one."""
        while True:
            names, text = self.told.get(timeout=30)
            if names:
                return names, text

    def texts_until(self, last: str) -> list[str | None]:
        """What stood in the file each time it was told, up to a text."""
        texts: list[str | None] = []
        while last not in texts:
            names, text = self.next()
            if NAME in names:
                texts.append(text)
        return texts


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow this machine is, half a save takes less than what is waited for it."""
    monkeypatch.setattr(watching, "HALF_SAVED", 60)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    (tmp_path / NAME).parent.mkdir(parents=True)
    (tmp_path / NAME).write_text("before")
    watched, stop = Watched(tmp_path), threading.Event()
    thread = threading.Thread(target=watched.follow, args=[stop])
    thread.start()
    beat = tmp_path / "articles" / "beat"
    while watched.told.empty():  # it watches from some moment on
        beat.write_text(str(time.monotonic()))
        time.sleep(0.01)
    yield watched
    stop.set()
    thread.join()


@pytest.mark.usefixtures("patient")
def test_a_file_is_told_when_its_text_is_there(watched: Watched) -> None:
    with watched.file.open("w") as opened:  # which empties it
        time.sleep(HALF)
        opened.write("after")
    assert set(watched.texts_until("after")) == {"after"}


@pytest.mark.usefixtures("patient")
def test_a_file_that_an_editor_moves_away_first_is_not_told_as_gone(watched: Watched) -> None:
    watched.file.rename(watched.file.with_name("en.md~"))
    time.sleep(HALF)
    watched.file.write_text("after")
    assert set(watched.texts_until("after")) == {"after"}


def test_a_file_that_is_emptied_or_deleted_is_told(watched: Watched) -> None:
    watched.file.write_text("")
    assert watched.texts_until("") == [""]
    watched.file.unlink()
    names, text = watched.next()
    assert (names, text) == (frozenset({NAME}), None)


def test_nobody_waits_for_what_an_editor_made_and_took_away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(watching, "HALF_SAVED", 3600)
    probe = str(tmp_path / "4913")  # with a file of this name vim tries whether a folder can be written
    watching.await_saved({(Change.added, probe), (Change.deleted, probe)}, threading.Event())


def test_who_stops_need_not_wait(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(watching, "HALF_SAVED", 3600)
    stop = threading.Event()
    stop.set()
    watching.await_saved({(Change.deleted, str(tmp_path / "en.md"))}, stop)
