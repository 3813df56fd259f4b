"""The browsers that look on, and what each of them has been told."""

from __future__ import annotations

import json
import queue
import threading
from dataclasses import dataclass, field
from typing import Any

from pipeline.preview.blocks import Blocks

MOST_WAITING = 1000  # events; a browser that reads none of them is gone


@dataclass(eq=False, slots=True)
class Listener:
    """One page open in one browser. `digest` is of the page as that browser has it, `blocks` are its, once known."""

    path: str
    digest: str
    blocks: Blocks | None = None
    formulas: str | None = None  # the styles of its formulas, once they are known
    waiting: queue.Queue[bytes | None] = field(default_factory=lambda: queue.Queue(MOST_WAITING))
    told: dict[str, bytes] = field(default_factory=dict)

    def tell(self, event: str, data: Any) -> None:
        self._put(_event(event, data))

    def tell_once(self, event: str, data: Any) -> None:
        """Tell it only when it is otherwise than what was told last under this name."""
        written = _event(event, data)
        if self.told.get(event) != written:
            self.told[event] = written
            self._put(written)

    def hear(self, seconds: float) -> bytes | None:
        """Return the next event, b"" when none came for so long, None when there will be none.

        Who hears the next one has done with those before.
        """
        while self.waiting.unfinished_tasks > self.waiting.qsize():
            self.waiting.task_done()
        try:
            return self.waiting.get(timeout=seconds)
        except queue.Empty:
            return b""

    def let_hear(self, seconds: float) -> None:
        """Wait until all events are on their way, not longer than for so long."""
        with self.waiting.all_tasks_done:
            self.waiting.all_tasks_done.wait_for(lambda: not self.waiting.unfinished_tasks, seconds)

    def _put(self, written: bytes | None) -> None:
        try:
            self.waiting.put_nowait(written)
        except queue.Full:
            self.close()

    def close(self) -> None:
        """Say that there will be nothing more, whatever still waits."""
        while True:
            try:
                self.waiting.put_nowait(None)
                return
            except queue.Full:
                self.waiting.get_nowait()


class Listeners:
    """All of them."""

    def __init__(self) -> None:
        self._all: list[Listener] = []
        self._lock = threading.Lock()
        self._is_closed = False

    def all(self) -> tuple[Listener, ...]:
        with self._lock:
            return tuple(self._all)

    def add(self, path: str, digest: str) -> Listener:
        listener = Listener(path, digest)
        with self._lock:
            self._all.append(listener)
            if self._is_closed:
                listener.close()
        return listener

    def remove(self, listener: Listener) -> None:
        with self._lock:
            if listener in self._all:
                self._all.remove(listener)

    def close(self) -> None:
        """Say to all, and to each that still comes, that there will be nothing more."""
        with self._lock:
            self._is_closed = True
        for listener in self.all():
            listener.close()


def _event(name: str, data: Any) -> bytes:
    """A server-sent event (HTML, section 9.2); JSON on one line holds no line ends."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
