"""Which threads cells start, and what happens in them: nothing may go on, or go wrong, unseen."""

from __future__ import annotations

import sys
import threading
import time

from pipeline.run.faults import fault_at, fault_of
from pipeline.run.record import CellWork, FaultRecord

GRACE = 0.3  # seconds for a thread that is about to end


class ThreadWatch:
    """Remembers which cell each thread first appeared in; `cell` is the one that runs now."""

    def __init__(self, file: str, cell: CellWork) -> None:
        self._file = file
        self._first: dict[int, CellWork] = dict.fromkeys(sys._current_frames(), cell)
        self._own = set(self._first)
        self._errors: list[FaultRecord] = []
        self.cell = cell
        threading.excepthook = self._failed

    def look(self) -> list[FaultRecord]:
        """Attribute new threads to the running cell and return the exceptions threads ended with."""
        for thread in sys._current_frames():
            self._first.setdefault(thread, self.cell)
        return self._errors

    def left(self) -> list[FaultRecord]:
        """Return a fault for each thread that is still there after a short grace."""
        end = time.monotonic() + GRACE
        while self._running() and time.monotonic() < end:
            time.sleep(0.01)
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        return [
            fault_at(
                self._first.get(ident, self.cell),
                f"leaves a thread running: {names.get(ident, 'started through _thread')}",
                "join it, or use `with ThreadPoolExecutor() as pool:`",
                "thread",
            )
            for ident in self._running()
        ]

    def _running(self) -> list[int]:
        return [ident for ident in sys._current_frames() if ident not in self._own]

    def _failed(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            fault = fault_of(args.exc_value, self.cell, self._file)
            fault["message"] += " (in a thread)"
            self._errors.append(fault)
