"""What will be asked for sooner or later, made piece by piece while nothing else is to be done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

BETWEEN = 0.002  # seconds after each piece in which others come to the memo


class Ahead:
    """A thread that makes what `pieces` gives, one at a time under `lock`, as long as nobody has it rest.

    `pieces` is asked anew each time it goes on; what it gave before costs little then. `say` is told of faults.
    """

    def __init__(
        self, lock: threading.RLock, pieces: Callable[[], Iterable[object]], say: Callable[[Exception], object]
    ) -> None:
        self._lock = lock
        self._pieces = pieces
        self._say = say
        self._may = threading.Event()
        self._is_ending = False
        self._thread = threading.Thread(target=self._make, daemon=True)
        self.done = threading.Event()  # all of it has been made since it went on

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Wait until it has ended."""
        self._is_ending = True
        self._may.set()
        if self._thread.is_alive():
            self._thread.join()

    def go_on(self) -> None:
        self._may.set()

    def rest(self) -> None:
        """Make nothing more than the piece that is being made."""
        self.done.clear()
        self._may.clear()

    def _make(self) -> None:
        while self._may.wait() and not self._is_ending:
            try:
                is_through = self._through()
            except Exception as error:  # such as a text that nobody can make; an edit may mend it
                self._say(error)
                is_through = True
            if is_through:
                self._may.clear()
                self.done.set()

    def _through(self) -> bool:
        pieces = None
        while self._may.is_set() and not self._is_ending:
            with self._lock:
                if pieces is None:
                    pieces = iter(self._pieces())
                try:
                    next(pieces)
                except StopIteration:
                    return True
            time.sleep(BETWEEN)
        return False
