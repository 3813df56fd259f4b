"""Whether what this process has loaded is still what lies on disk."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipeline.run.identity import identity

ELSEWHERE = ("/etc/localtime", "/etc/timezone")  # what libraries read when they are imported and is not their own
RECENT = 100_000_000  # nanoseconds by which the times of files may be behind the clock

Mark = tuple[int, int, int, int]


class ChangedError(Exception):
    """A file changed while it was loaded, so nobody knows what was."""


class Loaded:
    """The files of all modules, those that our code consists of besides, and the libraries that are installed."""

    def __init__(self, begun: int) -> None:
        """Take note of all that is loaded; `begun` is when this process began, in nanoseconds. Raises ChangedError."""
        self._identity = identity()
        self._marks = {path: _mark(path) for path in sorted(_files())}
        for path, mark in self._marks.items():
            if mark is None or mark[2] > begun - RECENT:
                raise ChangedError(f"{path} is as young as this process")
        self._marks |= {path: _mark(path) for path in ELSEWHERE}

    def holds(self) -> bool:
        """Whether a process that starts now would load the same."""
        return all(_mark(path) == mark for path, mark in self._marks.items()) and identity() == self._identity


def _files() -> set[str]:
    """The files that modules came from."""
    found = (getattr(getattr(module, "__spec__", None), "origin", None) for module in list(sys.modules.values()))
    # what is built in or frozen has no file, and changes with Python alone
    return {path for path in found if path is not None and os.sep in path} | {str(Path(sys.executable).resolve())}


def _mark(path: str) -> Mark | None:
    try:
        stat = os.stat(path)  # noqa: PTH116 — some seven hundred of them in each build
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino
