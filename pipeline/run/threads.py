"""Which threads cells start, and what happens in them: nothing may go on, or go wrong, unseen."""

from __future__ import annotations

import _thread
import threading
import time
from collections.abc import Mapping

from pipeline.run.faults import fault_at, fault_of
from pipeline.run.record import CellWork, FaultRecord

GRACE = 0.3  # seconds for a thread that is about to end


class ThreadWatch:
    """Remembers which cell each thread first appeared in; `cell` is the one that runs now."""

    def __init__(self, cells: Mapping[str, CellWork], cell: CellWork) -> None:
        self._places = cells  # by the file that Python takes each for
        self._cells: dict[threading.Thread, CellWork] = {}
        self._nameless = 0
        self._nameless_cell = cell
        self._errors: list[FaultRecord] = []
        self.cell = cell
        threading.excepthook = self._failed

    def look(self) -> list[FaultRecord]:
        """Attribute new threads to the running cell and return the exceptions threads ended with."""
        for thread in _threads():
            self._cells.setdefault(thread, self.cell)
        if _nameless() > self._nameless:
            self._nameless, self._nameless_cell = _nameless(), self.cell
        return self._errors

    def left(self) -> list[FaultRecord]:
        """Return a fault for each thread that is still there after a short grace."""
        end = time.monotonic() + GRACE
        while (_threads() or _nameless()) and time.monotonic() < end:
            time.sleep(0.01)
        found = [(self._cells.get(thread, self.cell), thread.name) for thread in _threads()]
        if _nameless():
            found.append((self._nameless_cell, "one started through _thread"))
        remedy = "join it, or use `with ThreadPoolExecutor() as pool:`"
        return [fault_at(cell, f"leaves a thread running: {name}", remedy, "thread") for cell, name in found]

    def _failed(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            fault = fault_of(args.exc_value, self.cell, self._places)
            fault["message"] += " (in a thread)"
            self._errors.append(fault)


def _threads() -> list[threading.Thread]:
    """Return the threads that were started by name of a Thread and still run."""
    others = (thread for thread in threading.enumerate() if thread is not threading.main_thread())
    return [thread for thread in others if not isinstance(thread, threading._DummyThread)]


def _nameless() -> int:
    """Return how many threads run that were started below the module threading."""
    return max(0, _thread._count() - len(_threads()))
